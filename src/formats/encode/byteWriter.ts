/** Collects bytes in the encodings of Avro and Protobuf. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafe(256);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** A copy of what was written. */
  take(): Buffer {
    return Buffer.from(this.#bytes.subarray(0, this.#length));
  }

  /** Forgets what was written behind the first `length` bytes. */
  cutTo(length: number): void {
    this.#length = length;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** A base-128 varint; `value` as its low 64 bits, unsigned. */
  varint(value: bigint): void {
    this.#reserve(10);
    let raw = BigInt.asUintN(64, value);
    for (; raw > 0x7fn; raw >>= 7n) this.#bytes[this.#length++] = Number(raw & 0x7fn) | 0x80;
    this.#bytes[this.#length++] = Number(raw);
  }

  /** A varint whose lowest bit is the sign; `value` fits into 64 bits. */
  zigZag(value: bigint): void {
    this.varint((value << 1n) ^ (value >> 63n));
  }

  /** `write` gives `size` bytes their value at a place of the buffer. */
  fixed(size: number, write: (into: Buffer, at: number) => void): void {
    this.#reserve(size);
    write(this.#bytes, this.#length);
    this.#length += size;
  }

  raw(bytes: Buffer): void {
    this.#reserve(bytes.length);
    bytes.copy(this.#bytes, this.#length);
    this.#length += bytes.length;
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.#bytes.length));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
