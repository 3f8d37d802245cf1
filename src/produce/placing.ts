import type { Cluster } from '../kafka/cluster.ts';
import { HumanError } from '../shared/errors.ts';
import type { NewRecord } from './batchBuilder.ts';
import { partitionOfKey } from './murmur2.ts';
import type { PlacedRecord } from './producer.ts';

/**
 * How many partitions a topic has. Never creates it.
 *
 * @throws {HumanError} there is no such topic, or it may not be seen. @throws {CancelledError}
 */
export async function partitionCount(cluster: Cluster, topic: string, signal?: AbortSignal): Promise<number> {
  const found = (await cluster.metadata({ topics: [topic], signal })).topics.get(topic);
  if (found?.failure !== undefined && found.failure.kind !== 'missing') throw new HumanError(found.failure.message);
  if (found === undefined || found.failure !== undefined || found.partitions.length === 0) {
    throw new HumanError(
      `Topic ${topic} does not exist, or this client is not allowed to see it.`,
      'Nothing creates it from here.',
    );
  }
  return found.partitions.length;
}

/** A record whose partition is chosen, or left to its key. */
export interface UnplacedRecord extends NewRecord {
  readonly partition: number | undefined;
}

/**
 * Puts each record where it goes: the partition that was chosen, else that of its key as Kafka's Java client computes it (murmur2); those without
 * a key go together to `keyless`, as that client sends them in one batch.
 *
 * @throws {HumanError} the topic has no such partition.
 */
export function place(
  records: readonly UnplacedRecord[],
  topic: string,
  partitions: number,
  keyless: number,
): PlacedRecord[] {
  return records.map((record) => {
    const partition = record.partition ?? (record.key === null ? keyless : partitionOfKey(record.key, partitions));
    if (partition < 0 || partition >= partitions) {
      throw new HumanError(`Topic ${topic} has no partition ${partition}.`, `It has ${partitions}, from 0 on.`);
    }
    return { ...record, partition };
  });
}
