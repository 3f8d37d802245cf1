import { crc32, gzipSync, zstdCompressSync } from 'node:zlib';
import { crc32c } from '../../src/records/crc32c.ts';
import { compressions, type Compression } from '../../src/records/decompress.ts';
import { xxHash32 } from '../../src/records/xxhash32.ts';

/** Writes record batches of all formats, for tests that need to say what is in each byte. */

export interface WrittenRecord {
  readonly key?: string | Buffer | null;
  readonly value?: string | Buffer | null;
  readonly headers?: Readonly<Record<string, string | Buffer | null>>;
  /** Milliseconds after the batch's base timestamp. */
  readonly timestampDelta?: number;
  /** Default: one more than the record before. */
  readonly offsetDelta?: number;
}

export interface WrittenBatch {
  readonly baseOffset?: bigint;
  readonly records: readonly WrittenRecord[];
  readonly codec?: Compression;
  readonly lastOffsetDelta?: number;
  readonly producerId?: bigint;
  readonly isTransactional?: boolean;
  readonly isControl?: boolean;
  readonly isLogAppendTime?: boolean;
  /** Milliseconds since 1970. */
  readonly baseTimestamp?: bigint;
}

const defaultTimestamp = 1_700_000_000_000n;

export function writeBatch(batch: WrittenBatch): Buffer {
  const { records, codec = 'none', baseOffset = 0n, producerId = -1n, baseTimestamp = defaultTimestamp } = batch;
  let delta = -1;
  const bodies = records.map((record) => {
    delta = record.offsetDelta ?? delta + 1;
    const headers = Object.entries(record.headers ?? {});
    const body = Buffer.concat([
      Buffer.from([0]),
      varint(record.timestampDelta ?? 0),
      varint(delta),
      field(record.key ?? null),
      field(record.value ?? null),
      varint(headers.length),
      ...headers.flatMap(([key, value]) => [field(key), field(value)]),
    ]);
    return Buffer.concat([varint(body.length), body]);
  });
  const packed = compress(codec, Buffer.concat(bodies));
  const header = Buffer.alloc(61);
  header.writeBigInt64BE(baseOffset, 0);
  header.writeInt32BE(49 + packed.length, 8);
  header.writeInt8(2, 16);
  const flags = [batch.isLogAppendTime && 8, batch.isTransactional && 16, batch.isControl && 32];
  header.writeInt16BE(
    flags.reduce<number>((sum, flag) => sum | (flag || 0), compressions.indexOf(codec)),
    21,
  );
  header.writeInt32BE(batch.lastOffsetDelta ?? Math.max(delta, 0), 23);
  header.writeBigInt64BE(baseTimestamp, 27);
  header.writeBigInt64BE(baseTimestamp + BigInt(Math.max(0, ...records.map((each) => each.timestampDelta ?? 0))), 35);
  header.writeBigInt64BE(producerId, 43);
  header.writeInt16BE(producerId < 0n ? -1 : 0, 51);
  header.writeInt32BE(producerId < 0n ? -1 : 0, 53);
  header.writeInt32BE(records.length, 57);
  return sealBatch(Buffer.concat([header, packed]));
}

/** The end of a transaction. */
export function writeMarker(baseOffset: bigint, producerId: bigint, type: 'abort' | 'commit'): Buffer {
  const key = Buffer.from([0, 0, 0, type === 'commit' ? 1 : 0]);
  const value = Buffer.from([0, 0, 0, 0, 0, 7]);
  const records = [{ key: key.toString('latin1'), value }];
  return writeBatch({ baseOffset, records, producerId, isTransactional: true, isControl: true });
}

/** Sets the checksum to what the bytes are. */
export function sealBatch(bytes: Buffer): Buffer {
  if (bytes[16]! >= 2) bytes.writeUInt32BE(crc32c(bytes, 21), 17);
  else bytes.writeUInt32BE(crc32(bytes.subarray(16)), 12);
  return bytes;
}

/** A message of format 0 or 1; with several values a compressed wrapper of as many. */
export function writeMessages(magic: 0 | 1, codec: Compression, baseOffset: bigint, values: readonly string[]): Buffer {
  const inner = values.map((value, index) => {
    const offset = codec !== 'none' && magic === 1 ? BigInt(index) : baseOffset + BigInt(index);
    return writeMessage(magic, offset, 0, Buffer.from(value));
  });
  if (codec === 'none') return Buffer.concat(inner);
  const last = baseOffset + BigInt(values.length - 1);
  return writeMessage(magic, last, compressions.indexOf(codec), compress(codec, Buffer.concat(inner)));
}

function writeMessage(magic: 0 | 1, offset: bigint, attributes: number, value: Buffer): Buffer {
  const head = Buffer.alloc(magic === 0 ? 26 : 34);
  head.writeBigInt64BE(offset, 0);
  head.writeInt32BE(head.length + value.length - 12, 8);
  head.writeInt8(magic, 16);
  head.writeInt8(attributes, 17);
  if (magic === 1) head.writeBigInt64BE(defaultTimestamp, 18);
  head.writeInt32BE(-1, head.length - 8);
  head.writeInt32BE(value.length, head.length - 4);
  return sealBatch(Buffer.concat([head, value]));
}

function varint(value: number): Buffer {
  let raw = BigInt.asUintN(64, value < 0 ? -2n * BigInt(value) - 1n : 2n * BigInt(value));
  const bytes: number[] = [];
  for (; raw > 0x7fn; raw >>= 7n) bytes.push(Number(raw & 0x7fn) | 0x80);
  return Buffer.from([...bytes, Number(raw)]);
}

function field(value: string | Buffer | null): Buffer {
  if (value === null) return varint(-1);
  const bytes = Buffer.from(value as string);
  return Buffer.concat([varint(bytes.length), bytes]);
}

function compress(codec: Compression, bytes: Buffer): Buffer {
  switch (codec) {
    case 'none':
      return bytes;
    case 'gzip':
      return gzipSync(bytes);
    case 'zstd':
      return zstdCompressSync(bytes);
    case 'snappy':
      return snappy(bytes);
    case 'lz4':
      return lz4Frame(bytes);
  }
}

interface Match {
  readonly literals: Buffer;
  readonly distance: number;
  readonly length: number;
}

/** Literals and what repeats them, found the simple way; the last one has length 0. */
function matches(bytes: Buffer, minLength: number, maxLength: number): Match[] {
  const found: Match[] = [];
  const seen = new Map<number, number>();
  let literalsAt = 0;
  // LZ4 wants its last literals to be five bytes at least, and no match in the last twelve.
  for (let at = 0; at + 12 < bytes.length; at++) {
    const word = bytes.readUInt32LE(at);
    const from = seen.get(word);
    seen.set(word, at);
    if (from === undefined || at - from > 0xffff) continue;
    let length = 4;
    while (length < maxLength && at + length < bytes.length - 5 && bytes[from + length] === bytes[at + length])
      length++;
    if (length < minLength) continue;
    found.push({ literals: bytes.subarray(literalsAt, at), distance: at - from, length });
    at += length - 1;
    literalsAt = at + 1;
  }
  return [...found, { literals: bytes.subarray(literalsAt), distance: 0, length: 0 }];
}

/** A raw Snappy block. */
export function snappy(bytes: Buffer): Buffer {
  const parts: Buffer[] = [unsigned(bytes.length)];
  for (const { literals, distance, length } of matches(bytes, 4, 64)) {
    for (let at = 0; at < literals.length; at += 60) {
      const some = literals.subarray(at, at + 60);
      parts.push(Buffer.from([(some.length - 1) << 2]), some);
    }
    if (length === 0) continue;
    if (length <= 11 && distance < 2048) {
      parts.push(Buffer.from([1 | ((length - 4) << 2) | ((distance >>> 8) << 5), distance & 0xff]));
    } else parts.push(Buffer.from([2 | ((length - 1) << 2), distance & 0xff, distance >>> 8]));
  }
  return Buffer.concat(parts);
}

function unsigned(value: number): Buffer {
  const bytes: number[] = [];
  for (; value > 0x7f; value >>>= 7) bytes.push((value & 0x7f) | 0x80);
  return Buffer.from([...bytes, value]);
}

/** An LZ4 frame of one block, with the checksums of its header and its content. */
export function lz4Frame(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  const more = (length: number): number[] => {
    const rest: number[] = [];
    for (let left = length - 15; left >= 0; left -= 255) rest.push(Math.min(left, 255));
    if (rest.at(-1) === 255) rest.push(0);
    return rest;
  };
  for (const { literals, distance, length } of matches(bytes, 4, 0xffff)) {
    const extra = length === 0 ? 0 : length - 4;
    parts.push(Buffer.from([(Math.min(literals.length, 15) << 4) | Math.min(extra, 15), ...more(literals.length)]));
    parts.push(literals);
    if (length > 0) parts.push(Buffer.from([distance & 0xff, distance >>> 8, ...more(extra)]));
  }
  const block = Buffer.concat(parts);
  const header = Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x64, 0x70, 0, 0, 0, 0, 0]);
  header[6] = (xxHash32(header, 4, 6) >>> 8) & 0xff;
  header.writeUInt32LE(block.length, 7);
  const end = Buffer.alloc(8);
  end.writeUInt32LE(xxHash32(bytes), 4);
  return Buffer.concat([header, block, end]);
}
