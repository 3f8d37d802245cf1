import { t } from '../shared/l10n.ts';
import { ByteReader } from './byteReader.ts';
import { maxDepth, putFloat, UndecodableError, type Sink } from './sink.ts';
import { decimalText, isoInstant } from './timeText.ts';

/*
 * MessagePack (https://github.com/msgpack/msgpack/blob/master/spec.md), our own reader: what libraries return are JavaScript maps, in
 * which keys that occur twice, the order of numeric keys and `__proto__` are lost; and none can stop after the first line.
 */

/** Reads one value to its end. @throws {UndecodableError} also where bytes are left over. */
export function readMessagePack(bytes: Buffer, sink: Sink): void {
  const reader = new ByteReader(bytes);
  value(reader, sink, 0);
  if (reader.left > 0) throw new UndecodableError(t('{0} bytes are left over behind the value.', reader.left));
}

function value(reader: ByteReader, sink: Sink, depth: number): void {
  if (depth > maxDepth) throw new UndecodableError(t('The value is nested too deep.'));
  sink.progress(reader.at);
  const type = reader.byte();
  if (type < 0x80) return sink.number(String(type));
  if (type < 0x90) return map(reader, sink, type & 0x0f, depth);
  if (type < 0xa0) return array(reader, sink, type & 0x0f, depth);
  if (type < 0xc0) return sink.utf8(reader.take(type & 0x1f));
  if (type >= 0xe0) return sink.number(String(type - 0x100));
  switch (type) {
    case 0xc0:
      return sink.null();
    case 0xc2:
      return sink.boolean(false);
    case 0xc3:
      return sink.boolean(true);
    case 0xc4:
    case 0xc5:
    case 0xc6:
      return sink.bytes(reader.take(length(reader, type - 0xc4)));
    case 0xc7:
    case 0xc8:
    case 0xc9:
      return extension(reader, sink, length(reader, type - 0xc7));
    case 0xca:
      return putFloat(sink, reader.take(4).readFloatBE(), 32);
    case 0xcb:
      return putFloat(sink, reader.take(8).readDoubleBE(), 64);
    case 0xcc:
    case 0xcd:
    case 0xce:
      return sink.number(String(length(reader, type - 0xcc)));
    case 0xcf:
      return sink.number(String(reader.take(8).readBigUInt64BE()));
    case 0xd0:
    case 0xd1:
    case 0xd2: {
      const size = 2 ** (type - 0xd0);
      return sink.number(String(reader.take(size).readIntBE(0, size)));
    }
    case 0xd3:
      return sink.number(String(reader.take(8).readBigInt64BE()));
    case 0xd4:
    case 0xd5:
    case 0xd6:
    case 0xd7:
    case 0xd8:
      return extension(reader, sink, 2 ** (type - 0xd4));
    case 0xd9:
    case 0xda:
    case 0xdb:
      return sink.utf8(reader.take(length(reader, type - 0xd9)));
    case 0xdc:
    case 0xdd:
      return array(reader, sink, length(reader, type - 0xdc + 1), depth);
    case 0xde:
    case 0xdf:
      return map(reader, sink, length(reader, type - 0xde + 1), depth);
    default:
      throw new UndecodableError(t('Byte {0} is no type of MessagePack.', `0x${type.toString(16)}`));
  }
}

/** A length of 1, 2 or 4 bytes: `power` is 0, 1 or 2. */
function length(reader: ByteReader, power: number): number {
  const size = 2 ** power;
  return reader.take(size).readUIntBE(0, size);
}

function array(reader: ByteReader, sink: Sink, count: number, depth: number): void {
  sink.begin('array');
  for (let index = 0; index < count; index++) value(reader, sink, depth + 1);
  sink.end();
}

function map(reader: ByteReader, sink: Sink, count: number, depth: number): void {
  sink.begin('object');
  for (let index = 0; index < count; index++) {
    sink.key(key(reader));
    value(reader, sink, depth + 1);
  }
  sink.end();
}

/** Keys may be of any type; people use strings and integers. */
function key(reader: ByteReader): string {
  const type = reader.bytes[reader.at] ?? 0;
  let text: string | undefined;
  const only = (found: string): void => void (text = found);
  const not = (): never => {
    throw new UndecodableError(t('A key is neither a text nor a number.'));
  };
  value(
    reader,
    {
      null: not,
      boolean: not,
      number: only,
      string: only,
      bytes: not,
      begin: not,
      key: not,
      end: not,
      progress: () => undefined,
      utf8: (bytes) => only(bytes.toString('utf8')),
    },
    0,
  );
  return text ?? t('key of type {0}', type);
}

function extension(reader: ByteReader, sink: Sink, size: number): void {
  const type = reader.take(1).readInt8();
  const bytes = reader.take(size);
  const instant = type === -1 ? timestamp(bytes) : undefined;
  if (instant !== undefined) return sink.string(instant);
  sink.begin('object');
  sink.key('ext');
  sink.number(String(type));
  sink.key('data');
  sink.bytes(bytes);
  sink.end();
}

/** The timestamp extension: seconds; nanoseconds and seconds in 64 bits; or nanoseconds, then 64 bits of seconds. */
function timestamp(bytes: Buffer): string | undefined {
  let seconds: bigint;
  let nanos = 0n;
  if (bytes.length === 4) seconds = BigInt(bytes.readUInt32BE());
  else if (bytes.length === 8) {
    const both = bytes.readBigUInt64BE();
    nanos = both >> 34n;
    seconds = both & 0x3_ffff_ffffn;
  } else if (bytes.length === 12) {
    nanos = BigInt(bytes.readUInt32BE());
    seconds = bytes.readBigInt64BE(4);
  } else return undefined;
  if (nanos >= 1_000_000_000n) return undefined;
  return isoInstant(seconds * 1_000_000_000n + nanos, 1_000_000_000n) ?? decimalText(seconds, 0);
}
