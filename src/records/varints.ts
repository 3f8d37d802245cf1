import { Damage } from './damaged.ts';

/**
 * Reads zigzag varints (protobuf's sint32 and sint64) and what else records are made of. Reading past the end of the bytes yields zeros:
 * whoever reads compares `position` with where it must end.
 */
export class RecordCursor {
  position = 0;
  bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /** int32. @throws {Damage} */
  varint(): number {
    const first = this.bytes[this.position]! | 0;
    if (first < 0x80) {
      this.position++;
      return (first >>> 1) ^ -(first & 1);
    }
    let raw = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.bytes[this.position++]! | 0;
      raw |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        if (shift === 28 && byte > 0x0f) break;
        return (raw >>> 1) ^ -(raw & 1);
      }
    }
    throw new Damage('a variable-length integer is longer than 32 bits');
  }

  /** int64, as two words of a little-endian BigInt64Array: no bigint is made. @throws {Damage} */
  varlong(words: Int32Array, at: number): void {
    let low = 0;
    let high = 0;
    let shift = 0;
    for (;;) {
      const byte = this.bytes[this.position++]! | 0;
      const bits = byte & 0x7f;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high = bits >>> 4;
      } else high |= bits << (shift - 32);
      if (byte < 0x80) {
        if (shift === 63 && byte > 1) break;
        const sign = -(low & 1);
        words[at] = ((low >>> 1) | (high << 31)) ^ sign;
        words[at + 1] = (high >>> 1) ^ sign;
        return;
      }
      shift += 7;
      if (shift > 63) break;
    }
    throw new Damage('a variable-length integer is longer than 64 bits');
  }

  skipVarint(): void {
    while (this.bytes[this.position++]! >= 0x80);
  }
}
