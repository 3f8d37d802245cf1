import type { TopicPartition } from '../kafka/facts.ts';
import type { RecordBatch } from './batch.ts';
import { lastOffsetV2, openBatchV2, openBatchV2Steps } from './batchV2.ts';
import { Damage, DamagedError, TooLarge } from './damaged.ts';
import { int64 } from './int64.ts';
import { openLegacyBatch, smallestMessage } from './legacyBatch.ts';
import type { Steps } from '../shared/steps.ts';

/** Offset, length, leader epoch (or CRC), magic: what all formats begin with, as far as the magic byte. */
const prefixSize = 17;
const magicAt = 16;
const lengthAt = 8;
/** Before what the length counts. */
const overhead = 12;
const headerSizeV2 = 61;

/** A batch that lies in fetched bytes, found by its length; nothing else of it has been looked at. */
export interface Shell {
  readonly bytes: Buffer;
  /** By its header, which no checksum covers as far as the offset goes. For a compressed message of formats 0 and 1 its last offset. */
  readonly baseOffset: bigint;
  readonly lastOffset: bigint;
  /** What is wrong with it, where that shows already; half a sentence. */
  readonly problem: string | undefined;
}

export interface Split {
  readonly shells: readonly Shell[];
  /** Bytes that the batch behind the last shell has in all, which is cut off, as far as it tells; 0 where none is. */
  readonly cutOff: number;
}

/**
 * Finds the batches in what a broker sent. A batch whose length cannot be takes all the rest with it.
 *
 * @param from what was asked for: no batch ends before it.
 * @param to none reaches up to it: the high watermark.
 */
export function splitBatches(bytes: Buffer, from: bigint, to: bigint): Split {
  const shells: Shell[] = [];
  let expected = from;
  for (let start = 0; start < bytes.length;) {
    const left = bytes.length - start;
    if (left < prefixSize) return { shells, cutOff: prefixSize };
    const size = overhead + bytes.readInt32BE(start + lengthAt);
    const magic = bytes[start + magicAt]!;
    const baseOffset = int64(bytes, start);
    const smallest = magic >= 2 ? headerSizeV2 : smallestMessage(magic);
    if (size < smallest) {
      const problem = `its length is ${size - overhead} bytes, fewer than any batch has`;
      shells.push({ bytes: bytes.subarray(start), baseOffset, lastOffset: baseOffset, problem });
      return { shells, cutOff: 0 };
    }
    if (size > left) return { shells, cutOff: size };
    const own = bytes.subarray(start, start + size);
    const lastOffset = magic >= 2 ? lastOffsetV2(own) : baseOffset;
    // Only the first may start before what was asked for.
    const isOutOfOrder = lastOffset < expected || (start > 0 && baseOffset < expected) || lastOffset >= to;
    const problem =
      magic > 2
        ? `its format ${magic} is unknown`
        : isOutOfOrder
          ? `its offsets ${baseOffset} to ${lastOffset} do not lie between ${expected} and ${to}`
          : undefined;
    shells.push({ bytes: own, baseOffset, lastOffset, problem });
    if (!isOutOfOrder) expected = lastOffset + 1n;
    start += size;
  }
  return { shells, cutOff: 0 };
}

/** What is larger than the one, or unpacks to more than the other, takes so long that others are to have their turn meanwhile. */
const largeBytes = 256 << 10;
const largeUnpackedBytes = 8 << 20;

export interface OpenOptions {
  /** Most bytes that a batch may have when it is unpacked. */
  readonly limit: number;
}

/**
 * Checks a whole batch, of any format, unpacks and indexes it.
 *
 * @throws {DamagedError}
 */
export function openBatch(shell: Shell, where: TopicPartition, { limit }: OpenOptions): RecordBatch {
  const { bytes, baseOffset, problem } = shell;
  try {
    if (problem !== undefined) throw new Damage(problem);
    return bytes[magicAt] === 2 ? openBatchV2(bytes, where, limit) : openLegacyBatch(bytes, where, limit);
  } catch (error) {
    throw damagedBatch(error, where, baseOffset);
  }
}

/**
 * `openBatch`, which lets others have their turn while it opens a large batch. One of formats 0 and 1 is opened in one go.
 *
 * @throws {DamagedError}
 */
export function* openBatchSteps(shell: Shell, where: TopicPartition, options: OpenOptions): Steps<RecordBatch> {
  const { bytes, baseOffset, problem } = shell;
  if (problem !== undefined || bytes[magicAt] !== 2) return openBatch(shell, where, options);
  const { limit } = options;
  try {
    if (bytes.length <= largeBytes) return openBatchV2(bytes, where, Math.min(limit, largeUnpackedBytes));
  } catch (error) {
    if (!(error instanceof TooLarge) || limit <= largeUnpackedBytes) throw damagedBatch(error, where, baseOffset);
  }
  try {
    return yield* openBatchV2Steps(bytes, where, limit);
  } catch (error) {
    throw damagedBatch(error, where, baseOffset);
  }
}

function damagedBatch(error: unknown, where: TopicPartition, baseOffset: bigint): unknown {
  return error instanceof Damage ? new DamagedError(where, baseOffset, 'batch', error.message) : error;
}
