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

  /** int64. @throws {Damage} */
  varlong(): bigint {
    const start = this.position;
    let sum = 0;
    let factor = 1;
    // Seven bytes are 49 bits, which a number holds exactly.
    for (let size = 0; size < 7; size++, factor *= 128) {
      const byte = this.bytes[this.position++]! | 0;
      sum += (byte & 0x7f) * factor;
      if (byte < 0x80) return BigInt(sum % 2 === 0 ? sum / 2 : -(sum + 1) / 2);
    }
    this.position = start;
    this.passVarlong();
    let raw = 0n;
    for (let at = this.position - 1; at >= start; at--) raw = (raw << 7n) | BigInt(this.bytes[at]! & 0x7f);
    return (raw >> 1n) ^ -(raw & 1n);
  }

  /** Goes past an int64. @throws {Damage} */
  passVarlong(): void {
    const last = this.position + 9;
    while (this.bytes[this.position]! >= 0x80 && this.position < last) this.position++;
    if (this.position === last && this.bytes[last]! > 1) {
      throw new Damage('a variable-length integer is longer than 64 bits');
    }
    this.position++;
  }

  skipVarint(): void {
    while (this.bytes[this.position++]! >= 0x80);
  }
}
