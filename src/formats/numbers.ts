import type { FormatId } from './decoder.ts';
import { floatText } from './sink.ts';
import type { Plain } from './plain.ts';

type NumberFormat = Extract<FormatId, `int${number}` | `float${number}` | 'boolean'>;

/** Bytes of what Kafka's own Java serializers write (big endian). */
export const sizes: Readonly<Record<NumberFormat, number>> = {
  int8: 1,
  int16: 2,
  int32: 4,
  int64: 8,
  float32: 4,
  float64: 8,
  boolean: 1,
};

/** The number, or undefined where the bytes are not of its size (for booleans: neither 0 nor 1). */
export function readNumber(bytes: Buffer, format: NumberFormat): { text: string; plain: Plain } | undefined {
  if (bytes.length !== sizes[format]) return undefined;
  switch (format) {
    case 'int8':
      return whole(bytes.readInt8());
    case 'int16':
      return whole(bytes.readInt16BE());
    case 'int32':
      return whole(bytes.readInt32BE());
    case 'int64': {
      const value = bytes.readBigInt64BE();
      const number = Number(value);
      return { text: String(value), plain: Number.isSafeInteger(number) ? number : value };
    }
    case 'float32':
      return float(bytes.readFloatBE(), 32);
    case 'float64':
      return float(bytes.readDoubleBE(), 64);
    case 'boolean':
      return bytes[0]! > 1 ? undefined : { text: String(bytes[0] === 1), plain: bytes[0] === 1 };
  }
}

function whole(value: number): { text: string; plain: Plain } {
  return { text: String(value), plain: value };
}

function float(value: number, bits: 32 | 64): { text: string; plain: Plain } {
  const text = floatText(value, bits);
  // As data, a float is the number people wrote, not the nearest double with its 17 digits.
  return { text, plain: Number.isFinite(value) ? Number(text) : text };
}

/** 16 bytes as RFC 9562 writes them. */
export function uuidText(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

const uuidPattern = /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/;

/** The UUID of 16 bytes, or of the 36 characters that Kafka's UUIDSerializer writes. */
export function readUuid(bytes: Buffer): string | undefined {
  if (bytes.length === 16) return uuidText(bytes);
  if (bytes.length !== 36) return undefined;
  const text = bytes.toString('latin1');
  return uuidPattern.test(text) ? text : undefined;
}
