import type { Slice } from '../../src/records/events.ts';
import { openBatchV2 } from '../../src/records/batchV2.ts';
import { openLegacyBatch } from '../../src/records/legacyBatch.ts';
import type { Transaction } from '../../src/records/transactions.ts';
import { writeBatch, writeMessages, type WrittenBatch } from './recordsWriter.ts';

const limit = 1 << 28;

/** A batch as reading gives it. */
export function sliceOf(batch: WrittenBatch & { partition?: number; transaction?: Transaction }): Slice {
  const opened = openBatchV2(writeBatch(batch), { topic: 'orders', partition: batch.partition ?? 0 }, limit);
  return { batch: opened, from: 0, to: opened.count, transaction: batch.transaction };
}

/** One of message format 0 or 1. */
export function legacySliceOf(magic: 0 | 1, values: readonly string[]): Slice {
  const bytes = writeMessages(magic, 'gzip', 0n, values);
  const opened = openLegacyBatch(bytes, { topic: 'orders', partition: 0 }, limit);
  return { batch: opened, from: 0, to: opened.count, transaction: undefined };
}

/** Values of consecutive offsets, a millisecond between them. */
export function valuesSlice(
  values: readonly string[],
  options: Partial<WrittenBatch> & { partition?: number } = {},
): Slice {
  return sliceOf({ ...options, records: values.map((value, index) => ({ value, timestampDelta: index })) });
}
