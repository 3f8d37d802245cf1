/** Collects bytes in the encoding of records: zigzag varints (protobuf's sint32 and sint64) and fields with their length. */
export class RecordBytes {
  #bytes = Buffer.allocUnsafe(256);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** What was written; a view that the next write may change. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** int32. */
  varint(value: number): void {
    this.#reserve(5);
    let raw = ((value << 1) ^ (value >> 31)) >>> 0;
    for (; raw > 0x7f; raw >>>= 7) this.#bytes[this.#length++] = (raw & 0x7f) | 0x80;
    this.#bytes[this.#length++] = raw;
  }

  /** int64. */
  varlong(value: bigint): void {
    this.#reserve(10);
    let raw = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
    for (; raw > 0x7fn; raw >>= 7n) this.#bytes[this.#length++] = Number(raw & 0x7fn) | 0x80;
    this.#bytes[this.#length++] = Number(raw);
  }

  raw(bytes: Buffer): void {
    this.#reserve(bytes.length);
    bytes.copy(this.#bytes, this.#length);
    this.#length += bytes.length;
  }

  /** null is the length -1. */
  field(bytes: Buffer | null): void {
    this.varint(bytes === null ? -1 : bytes.length);
    if (bytes !== null) this.raw(bytes);
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.#bytes.length));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
