/**
 * Memory for large frames. New memory is filled with zeroes by the operating system when it is first written to, which for a topic of
 * hundreds of megabytes takes as long as decoding it; a reader that is through with a frame can give its memory back for the next one.
 */

/** What is shorter is not worth it: Node has its own pool for that. */
const worthKeeping = 256 << 10;
/** Frames of one reader differ in length; each serves the others, when it is cut so. */
const roundedTo = 1 << 20;
const mostKept = 64 << 20;
/** How long memory that nobody takes is kept, milliseconds. */
const keepMs = 5_000;

export class FrameMemory {
  readonly #mostKept: number;
  readonly #keepMs: number;
  /** Only what came from here is taken back. */
  readonly #given = new WeakSet<ArrayBuffer>();
  #free: ArrayBuffer[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(most = mostKept, keepForMs = keepMs) {
    this.#mostKept = most;
    this.#keepMs = keepForMs;
  }

  /** Bytes that lie here unused. */
  get size(): number {
    return this.#free.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  /** A buffer of this length, whose bytes are whatever they were before. */
  take(length: number): Buffer<ArrayBuffer> {
    if (length < worthKeeping) return Buffer.allocUnsafe(length);
    const found = this.#free.findIndex(({ byteLength }) => byteLength >= length);
    if (found >= 0) return Buffer.from(this.#free.splice(found, 1)[0]!, 0, length);
    // Not from its pool, whose memory has other owners too.
    const { buffer } = Buffer.allocUnsafeSlow(Math.ceil(length / roundedTo) * roundedTo);
    this.#given.add(buffer);
    return Buffer.from(buffer, 0, length);
  }

  /** Nobody reads these bytes any more, nor any other view of the same memory. Each at most once. */
  giveBack({ buffer }: Uint8Array): void {
    if (!(buffer instanceof ArrayBuffer) || !this.#given.has(buffer) || this.#free.includes(buffer)) return;
    if (this.size + buffer.byteLength > this.#mostKept) return;
    this.#free.push(buffer);
    this.#free.sort((a, b) => a.byteLength - b.byteLength);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.#free = []), this.#keepMs);
    this.#timer.unref();
  }
}

/** Of all connections. */
export const frameMemory = new FrameMemory();
