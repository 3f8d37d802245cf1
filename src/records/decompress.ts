import type { Transform } from 'node:stream';
import { createGunzip, createZstdDecompress, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { messageOf } from '../shared/errors.ts';
import { Damage, TooLarge } from './damaged.ts';
import { decompressLz4, lz4Steps } from './lz4.ts';
import { decompressSnappy, snappySteps } from './snappy.ts';
import { wait, type Steps } from '../shared/steps.ts';
import { joinParts } from './joinParts.ts';

/** By Kafka's number (org.apache.kafka.common.record.CompressionType), as its tools name them. */
export const compressions = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
export type Compression = (typeof compressions)[number];

export interface DecompressOptions {
  /** Most bytes that may come out: what unpacks to more is taken for damage, and memory is not allocated for it. */
  readonly limit: number;
  /** The bytes are a message of format 0, see `decompressLz4`. */
  readonly isFormat0?: boolean;
}

/** Bytes that come at a time of what is unpacked in another thread. */
const chunkSize = 1 << 20;

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

/** `decompress` for what takes long: in another thread or in pieces. @throws {Damage} */
export function* decompressSteps(codec: Exclude<Compression, 'none'>, bytes: Buffer, limit: number): Steps<Buffer> {
  switch (codec) {
    case 'gzip':
      return yield* joinParts(yield* wait(unzipParts(createGunzip({ chunkSize }), codec, bytes, limit)));
    case 'zstd':
      return yield* joinParts(yield* wait(unzipParts(createZstdDecompress({ chunkSize }), codec, bytes, limit)));
    case 'snappy':
      return yield* snappySteps(bytes, limit);
    case 'lz4':
      return yield* lz4Steps(bytes, limit);
  }
}

async function unzipParts(stream: Transform, codec: string, bytes: Buffer, limit: number): Promise<Buffer[]> {
  const parts: Buffer[] = [];
  let total = 0;
  try {
    stream.end(bytes);
    for await (const part of stream as AsyncIterable<Buffer>) {
      total += part.length;
      if (total > limit) throw new TooLarge(limit);
      parts.push(part);
    }
  } catch (error) {
    throw error instanceof Damage ? error : new Damage(`${codec}: ${messageOf(error)}`);
  }
  return parts;
}

/** How many times its size the last one unpacked to: batches of a topic are mostly alike. */
let usualRatio = 4;

function unzip(
  decode: (bytes: Buffer, options: { maxOutputLength: number; chunkSize: number }) => Buffer,
  codec: string,
  bytes: Buffer,
  limit: number,
): Buffer {
  // An empty input is no whole frame of either, though Node takes it for one.
  if (bytes.length === 0) throw new Damage(`there is no ${codec} data`);
  try {
    // Output comes in chunks that are then joined: one that just holds all spares that, and keeps no empty room alive.
    const chunkSize = Math.min(Math.max(Math.ceil(1.1 * usualRatio * bytes.length), 4 << 10), 4 << 20);
    const data = decode(bytes, { maxOutputLength: limit, chunkSize });
    usualRatio = data.length / bytes.length;
    return data;
  } catch (error) {
    const isTooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    throw isTooLarge ? new TooLarge(limit) : new Damage(`${codec}: ${messageOf(error)}`);
  }
}
