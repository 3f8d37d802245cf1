import { gzipSync, zstdCompressSync } from 'node:zlib';
import type { RecordHeader } from '../records/batch.ts';
import { crc32c } from '../records/crc32c.ts';
import { RecordBytes } from './recordBytes.ts';

/** A record as it is to be written. */
export interface NewRecord {
  /** null where it has none, which is not the same as an empty one. */
  readonly key: Buffer | null;
  /** null is a tombstone. */
  readonly value: Buffer | null;
  /** In order; a key may occur more than once. */
  readonly headers: readonly RecordHeader[];
  /** CreateTime, milliseconds since 1970. */
  readonly timestamp: bigint;
}

/** Those that are written; Kafka's number of each is that of org.apache.kafka.common.record.CompressionType. */
export const writtenCompressions = { none: 0, gzip: 1, zstd: 4 } as const;
export type WrittenCompression = keyof typeof writtenCompressions;

export interface BatchOptions {
  /** At least one. */
  readonly records: readonly NewRecord[];
  readonly compression: WrittenCompression;
  /** Of an idempotent producer; left out where it is none. */
  readonly producer?: { readonly id: bigint; readonly epoch: number } | undefined;
  /** Of the first record: how many this producer wrote to the partition before. */
  readonly baseSequence?: number | undefined;
}

const headerSize = 61;

/** A batch of message format 2 (org.apache.kafka.common.record.DefaultRecordBatch), its offsets counted from 0: the broker sets them. */
export function buildBatch({ records, compression, producer, baseSequence = -1 }: BatchOptions): Buffer {
  const baseTimestamp = records[0]!.timestamp;
  const packed = compress(compression, encodeRecords(records, baseTimestamp));
  const bytes = Buffer.alloc(headerSize + packed.length);
  bytes.writeInt32BE(bytes.length - 12, 8);
  bytes.writeInt32BE(-1, 12);
  bytes.writeInt8(2, 16);
  bytes.writeInt16BE(writtenCompressions[compression], 21);
  bytes.writeInt32BE(records.length - 1, 23);
  bytes.writeBigInt64BE(baseTimestamp, 27);
  bytes.writeBigInt64BE(latest(records), 35);
  bytes.writeBigInt64BE(producer?.id ?? -1n, 43);
  bytes.writeInt16BE(producer?.epoch ?? -1, 51);
  bytes.writeInt32BE(producer === undefined ? -1 : baseSequence, 53);
  bytes.writeInt32BE(records.length, 57);
  packed.copy(bytes, headerSize);
  bytes.writeUInt32BE(crc32c(bytes, 21), 17);
  return bytes;
}

/** Bytes that a record takes in a batch, at most and before compression. */
export function sizeOf({ key, value, headers }: NewRecord): number {
  const lengths = 35;
  let size = lengths + (key?.length ?? 0) + (value?.length ?? 0);
  for (const header of headers) size += 10 + Buffer.byteLength(header.key) + (header.value?.length ?? 0);
  return size;
}

function encodeRecords(records: readonly NewRecord[], baseTimestamp: bigint): Buffer {
  const all = new RecordBytes();
  const body = new RecordBytes();
  for (const [index, { key, value, headers, timestamp }] of records.entries()) {
    body.clear();
    body.byte(0);
    body.varlong(timestamp - baseTimestamp);
    body.varint(index);
    body.field(key);
    body.field(value);
    body.varint(headers.length);
    for (const header of headers) {
      body.field(Buffer.from(header.key));
      body.field(header.value);
    }
    all.varint(body.length);
    all.raw(body.bytes);
  }
  return all.bytes;
}

function compress(compression: WrittenCompression, bytes: Buffer): Buffer {
  switch (compression) {
    case 'none':
      return bytes;
    case 'gzip':
      return gzipSync(bytes);
    case 'zstd':
      return zstdCompressSync(bytes);
  }
}

function latest(records: readonly NewRecord[]): bigint {
  return records.reduce((most, { timestamp }) => (timestamp > most ? timestamp : most), records[0]!.timestamp);
}
