import type { Cluster } from '../kafka/cluster.ts';
import type { TopicPartition } from '../kafka/facts.ts';
import { readTopic } from '../records/reader.ts';
import { HumanError } from '../shared/errors.ts';
import type { NewRecord } from './batchBuilder.ts';

/**
 * A record as it is in the log, to be written again: key, value and headers in their very bytes (header keys are UTF-8 by definition), and its
 * timestamp.
 *
 * @throws {HumanError} there is none at that offset. @throws {CancelledError}
 */
export async function readForReplay(
  cluster: Cluster,
  { topic, partition }: TopicPartition,
  offset: bigint,
  signal?: AbortSignal,
): Promise<NewRecord> {
  const options = {
    topic,
    partitions: [partition],
    start: { at: 'offset', offset },
    stop: { at: 'offset', offset: offset + 1n },
    isolation: 'read_uncommitted',
    signal,
  } as const;
  const where = `${topic}-${partition}, offset ${offset}`;
  for await (const event of readTopic(cluster, options)) {
    if (event.kind === 'damaged') throw event.error;
    if (event.kind === 'unavailable') throw new HumanError(event.failure.message);
    if (event.kind === 'finished' && event.failure !== undefined) throw new HumanError(event.failure.message);
    if (event.kind === 'out-of-range') {
      throw new HumanError(
        `${where}: no record is there.`,
        `The log goes from ${event.start} to ${event.end}: retention may have taken it.`,
      );
    }
    if (event.kind !== 'records') continue;
    for (const { batch, from, to } of event.slices) {
      if (from === to || batch.offset(from) !== offset) continue;
      if (batch.facts.isControl) {
        throw new HumanError(`${where}: that is a marker of Kafka's own, not a record.`, 'It cannot be replayed.');
      }
      const own = (bytes: Buffer | null): Buffer | null => (bytes === null ? null : Buffer.from(bytes));
      return {
        key: own(batch.key(from)),
        value: own(batch.value(from)),
        headers: batch.headers(from).map(({ key, value }) => ({ key, value: own(value) })),
        timestamp: batch.timestamp(from),
      };
    }
  }
  throw new HumanError(`${where}: no record is there.`, 'Compaction may have taken it.');
}
