import { ConnectionError } from './errors.ts';
import { sniff } from './sniff.ts';

/** Cuts a stream of bytes into Kafka's frames: a big-endian int32 length, then as many bytes. */
export class FrameReader {
  readonly #maxBytes: number;
  readonly #where: string;
  #chunks: Buffer[] = [];
  #buffered = 0;

  constructor(maxBytes: number, where: string) {
    this.#maxBytes = maxBytes;
    this.#where = where;
  }

  /**
   * Takes what came and hands on each frame that is whole, without its length.
   *
   * @throws {ConnectionError} where a length cannot be that of a Kafka frame, before anything is waited for or allocated.
   */
  push(chunk: Buffer, onFrame: (frame: Buffer) => void): void {
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    while (this.#buffered >= 4) {
      if (this.#chunks[0]!.length < 4) this.#merge();
      const length = this.#chunks[0]!.readInt32BE(0);
      // Every answer has a correlation id.
      if (length < 4 || length > this.#maxBytes) throw this.#implausible(length);
      const end = 4 + length;
      if (this.#buffered < end) return;
      if (this.#chunks[0]!.length < end) this.#merge();
      const first = this.#chunks[0]!;
      if (first.length === end) this.#chunks.shift();
      else this.#chunks[0] = first.subarray(end);
      this.#buffered -= end;
      onFrame(first.subarray(4, end));
    }
  }

  #merge(): void {
    this.#chunks = [Buffer.concat(this.#chunks, this.#buffered)];
  }

  #implausible(length: number): ConnectionError {
    this.#merge();
    return (
      sniff(this.#chunks[0]!, this.#where) ??
      new ConnectionError(
        'malformed',
        `${this.#where} sent a frame of ${length} bytes, which is no Kafka answer.`,
        'Check that it is a Kafka broker, and that nothing in between changes the bytes.',
      )
    );
  }
}
