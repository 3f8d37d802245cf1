import { ConnectionError } from './errors.ts';
import { frameMemory } from './frameMemory.ts';
import { sniff } from './sniff.ts';

/** Memory that is set aside for a frame on the word of its length alone; what is longer gets more as it comes. */
const believedBytes = 16 << 20;

/** Cuts a stream of bytes into Kafka's frames: a big-endian int32 length, then as many bytes. */
export class FrameReader {
  readonly #maxBytes: number;
  readonly #where: string;
  readonly #head = Buffer.alloc(4);
  #headSize = 0;
  /** Of the frame under way; -1 while its length is not known. */
  #length = -1;
  #body = Buffer.alloc(0);
  #bodySize = 0;

  constructor(maxBytes: number, where: string) {
    this.#maxBytes = maxBytes;
    this.#where = where;
  }

  /**
   * Takes what came and hands on each frame that is whole, without its length. The frame is a copy: `chunk` may be used again.
   *
   * @throws {ConnectionError} where a length cannot be that of a Kafka frame, before anything is waited for or allocated.
   */
  push(chunk: Buffer, onFrame: (frame: Buffer) => void): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#length < 0) {
        const taken = chunk.copy(this.#head, this.#headSize, at);
        at += taken;
        this.#headSize += taken;
        if (this.#headSize < 4) return;
        this.#begin(chunk.subarray(at));
      }
      const end = Math.min(at + this.#length - this.#bodySize, chunk.length);
      this.#reserve(this.#bodySize + end - at);
      this.#bodySize += chunk.copy(this.#body, this.#bodySize, at, end);
      at = end;
      if (this.#bodySize === this.#length) this.#end(onFrame);
    }
  }

  #begin(behind: Buffer): void {
    const length = this.#head.readInt32BE(0);
    // Every answer has a correlation id.
    if (length < 4 || length > this.#maxBytes) throw this.#implausible(length, behind);
    this.#length = length;
    this.#headSize = 0;
    this.#body = frameMemory.take(Math.min(length, believedBytes));
  }

  #reserve(size: number): void {
    if (size <= this.#body.length) return;
    const larger = frameMemory.take(Math.min(this.#length, Math.max(size, 2 * this.#body.length)));
    this.#body.copy(larger, 0, 0, this.#bodySize);
    frameMemory.giveBack(this.#body);
    this.#body = larger;
  }

  #end(onFrame: (frame: Buffer) => void): void {
    const frame = this.#body;
    this.#length = -1;
    this.#bodySize = 0;
    // The reader keeps nothing of what it has handed on.
    this.#body = this.#head.subarray(0, 0);
    onFrame(frame);
  }

  #implausible(length: number, behind: Buffer): ConnectionError {
    return (
      sniff(Buffer.concat([this.#head, behind]), this.#where) ??
      new ConnectionError(
        'malformed',
        `${this.#where} sent a frame of ${length} bytes, which is no Kafka answer.`,
        'Check that it is a Kafka broker, and that nothing in between changes the bytes.',
      )
    );
  }
}
