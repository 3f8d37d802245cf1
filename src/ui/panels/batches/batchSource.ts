import type { Cluster } from '../../../kafka/cluster.ts';
import { offsetsAt, specialTimestamps } from '../../../kafka/offsetsAt.ts';
import { partitionCount } from '../../../produce/placing.ts';
import { parseTimestamp } from '../../../produce/recordLines.ts';
import { BatchReader, type BatchesFailed, type BatchPage } from '../../../records/batchList.ts';
import type { RecordBatch } from '../../../records/batch.ts';
import { HumanError } from '../../../shared/errors.ts';
import { t } from '../../../shared/l10n.ts';
import type { Position } from './protocol.ts';

/** Where the batches page gets its batches. Everything rejects with a HumanError, or a CancelledError. */
export interface BatchSource {
  /** How many the topic has. */
  partitions(signal: AbortSignal): Promise<number>;
  /** The offset where a list that is to begin at `position` begins. */
  locate(position: Position, signal: AbortSignal): Promise<bigint>;
  read(from: bigint, before: bigint | undefined, signal: AbortSignal): Promise<BatchPage | BatchesFailed>;
  open(baseOffset: bigint, signal: AbortSignal): Promise<RecordBatch>;
}

/** "End" is so many offsets before it: nothing can be read backwards. */
const tailOffsets = 1_000n;

/** Batches as a cluster has them. */
export function batchSource(cluster: Cluster, topic: string, partition: number): BatchSource {
  const where = { topic, partition };
  const reader = new BatchReader(cluster, where);
  const ask = async (timestamp: bigint, signal: AbortSignal): Promise<bigint | undefined> => {
    const found = await offsetsAt(cluster, [{ ...where, timestamp }], 'read_uncommitted', { signal });
    const fact = found.get(topic)!.get(partition)!;
    if ('failure' in fact) throw new HumanError(fact.failure.message);
    return fact.value;
  };
  return {
    partitions: (signal) => partitionCount(cluster, topic, signal),
    locate: async (position, signal) => {
      const [start = 0n, end = 0n] = await Promise.all([
        ask(specialTimestamps.earliest, signal),
        ask(specialTimestamps.latest, signal),
      ]);
      const within = (offset: bigint): bigint => (offset < start ? start : offset > end ? end : offset);
      switch (position.at) {
        case 'start':
          return start;
        case 'end':
          return within(end - tailOffsets);
        case 'offset':
          return within(BigInt(position.offset));
        case 'time': {
          const time = parseTimestamp(position.time);
          if (time === undefined) {
            throw new HumanError(
              t('{0} is no time.', position.time),
              t('Use ISO 8601, such as 2026-03-01T12:00, or milliseconds since 1970.'),
            );
          }
          return (await ask(time, signal)) ?? end;
        }
      }
    },
    read: (from, before, signal) => reader.read(from, { before, signal }),
    open: async (baseOffset, signal) => {
      const batch = await reader.open(baseOffset, signal);
      if ('kind' in batch) throw new HumanError(batch.message);
      return batch;
    },
  };
}
