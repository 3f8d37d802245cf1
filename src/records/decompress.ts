import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { messageOf } from '../shared/errors.ts';
import { Damage } from './damaged.ts';
import { decompressLz4 } from './lz4.ts';
import { decompressSnappy } from './snappy.ts';

/** By Kafka's number (org.apache.kafka.common.record.CompressionType), as its tools name them. */
export const compressions = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
export type Compression = (typeof compressions)[number];

export interface DecompressOptions {
  /** Most bytes that may come out: what unpacks to more is taken for damage, and memory is not allocated for it. */
  readonly limit: number;
  /** The bytes are a message of format 0, see `decompressLz4`. */
  readonly isFormat0?: boolean;
}

/** @throws {Damage} whatever the bytes are, it ends in this or in the whole of what was compressed. */
export function decompress(
  codec: Exclude<Compression, 'none'>,
  bytes: Buffer,
  { limit, isFormat0 = false }: DecompressOptions,
): Buffer {
  switch (codec) {
    case 'gzip':
      return unzip(gunzipSync, codec, bytes, limit);
    case 'zstd':
      return unzip(zstdDecompressSync, codec, bytes, limit);
    case 'snappy':
      return decompressSnappy(bytes, limit);
    case 'lz4':
      return decompressLz4(bytes, limit, isFormat0);
  }
}

function unzip(
  decode: (bytes: Buffer, options: { maxOutputLength: number; chunkSize: number }) => Buffer,
  codec: string,
  bytes: Buffer,
  limit: number,
): Buffer {
  // An empty input is no whole frame of either, though Node takes it for one.
  if (bytes.length === 0) throw new Damage(`there is no ${codec} data`);
  try {
    // Output comes in chunks that are then joined: one that holds all spares that.
    const chunkSize = Math.min(Math.max(8 * bytes.length, 16 << 10), 4 << 20);
    return decode(bytes, { maxOutputLength: limit, chunkSize });
  } catch (error) {
    const isTooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    throw new Damage(isTooLarge ? `it unpacks to more than ${limit} bytes` : `${codec}: ${messageOf(error)}`);
  }
}
