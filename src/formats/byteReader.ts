import { t } from '../shared/l10n.ts';
import { UndecodableError } from './sink.ts';

/** Reads bytes from front to back; never past their end. @throws {UndecodableError} where there are too few. */
export class ByteReader {
  readonly bytes: Buffer;
  at: number;

  constructor(bytes: Buffer, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  byte(): number {
    if (this.at >= this.bytes.length) throw this.tooShort(1);
    return this.bytes[this.at++]!;
  }

  /** A view, no copy. */
  take(length: number): Buffer {
    if (length > this.left) throw this.tooShort(length);
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  /** A base-128 varint of up to 64 bits, unsigned. */
  varint(): bigint {
    let low = 0;
    // The first 4 bytes hold 28 bits: plain numbers do for them.
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.byte();
      low |= (byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt(low);
    }
    let value = BigInt(low);
    for (let shift = 28n; shift < 70n; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) {
        if (value >> 64n !== 0n) break;
        return value;
      }
    }
    throw new UndecodableError(t('A number has more than 64 bits (at byte {0}).', this.at));
  }

  /** A varint of up to 32 bits: tags, which are many. */
  varint32(): number {
    let value = 0;
    for (let shift = 1; shift <= 0x10000000; shift *= 0x80) {
      const byte = this.byte();
      value += (byte & 0x7f) * shift;
      if (byte < 0x80) {
        if (value > 0xffffffff) break;
        return value;
      }
    }
    throw new UndecodableError(t('A number has more than 32 bits (at byte {0}).', this.at));
  }

  /** A varint whose lowest bit is the sign, as Avro and Kafka write signed numbers. */
  zigZag(): bigint {
    const value = this.varint();
    return (value >> 1n) ^ -(value & 1n);
  }

  tooShort(wanted: number | bigint): UndecodableError {
    return new UndecodableError(
      t('It ends too early: {0} bytes are to follow at byte {1}, and {2} do.', String(wanted), this.at, this.left),
    );
  }
}
