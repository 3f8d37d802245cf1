import type { Fact, Failure, TopicPartition } from './facts.ts';
import { failureOf } from './failures.ts';
import { partitionOf, type ClusterMetadata, type MetadataCache } from './metadata.ts';
import { isCancelled } from '../shared/errors.ts';

/**
 * Broker id of each partition's leader, from the cache where it knows one.
 *
 * @param fresh what the cache says has proved wrong.
 * @throws {CancelledError} and nothing else.
 */
export async function locateLeaders<P extends TopicPartition>(
  partitions: readonly P[],
  fresh: boolean,
  cache: MetadataCache,
  ask: (topics: readonly string[]) => Promise<ClusterMetadata>,
): Promise<Map<P, Fact<number>>> {
  const unknown = fresh ? partitions : partitions.filter((each) => 'failure' in leaderOf(each, cache));
  if (unknown.length > 0) {
    try {
      await ask([...new Set(unknown.map(({ topic }) => topic))]);
    } catch (error) {
      if (isCancelled(error)) throw error;
      const failure = failureOf(error);
      const failed = new Set(unknown);
      return new Map(partitions.map((each) => [each, failed.has(each) ? { failure } : leaderOf(each, cache)]));
    }
  }
  return new Map(partitions.map((each) => [each, leaderOf(each, cache)]));
}

function leaderOf({ topic, partition }: TopicPartition, cache: MetadataCache): Fact<number> {
  const known = cache.topic(topic);
  if (known === undefined) return { failure: missing(`Topic ${topic} does not exist.`) };
  if (known.failure !== undefined) return { failure: known.failure };
  const leader = partitionOf(known, partition)?.leader;
  if (leader === undefined) return { failure: missing(`Topic ${topic} has no partition ${partition}.`) };
  if (leader < 0) {
    return { failure: { kind: 'no-leader', message: `Topic ${topic}, partition ${partition}: no leader is elected.` } };
  }
  return { value: leader };
}

function missing(message: string): Failure {
  return { kind: 'missing', message };
}
