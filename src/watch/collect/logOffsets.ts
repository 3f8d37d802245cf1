import type { LogOffsets, TopicPartition } from '../../groups/snapshot.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { byTopic, type ByPartition, type Fact, type RoutedFact } from '../../kafka/facts.ts';
import { listOffsets } from '../../kafka/protocol/generated/listOffsets.ts';
import { retryForMs } from './retry.ts';

/** Timestamps with a meaning of their own (org.apache.kafka.common.requests.ListOffsetsRequest). */
const earliest = -2n;
const latest = -1n;

const readUncommitted = 0;
const readCommitted = 1;

/** Log start, log end and last stable offset of the partitions: three requests a leader, all in flight at once. */
export async function fetchLogOffsets(
  cluster: Cluster,
  partitions: readonly TopicPartition[],
  signal?: AbortSignal,
): Promise<ByPartition<LogOffsets>> {
  const [starts, ends, stables] = await Promise.all([
    fetchOffsets(cluster, partitions, earliest, readUncommitted, signal),
    fetchOffsets(cluster, partitions, latest, readUncommitted, signal),
    fetchOffsets(cluster, partitions, latest, readCommitted, signal),
  ]);
  const all = new Map<string, Map<number, LogOffsets>>();
  for (const { topic, partition } of partitions) {
    let found = all.get(topic);
    if (found === undefined) all.set(topic, (found = new Map<number, LogOffsets>()));
    found.set(partition, {
      start: at(starts, topic, partition),
      end: at(ends, topic, partition),
      lastStable: at(stables, topic, partition),
    });
  }
  return all;
}

function fetchOffsets(
  cluster: Cluster,
  partitions: readonly TopicPartition[],
  timestamp: bigint,
  isolationLevel: number,
  signal: AbortSignal | undefined,
): Promise<ByPartition<RoutedFact<bigint>>> {
  return cluster.toLeaders(partitions, {
    api: listOffsets,
    signal,
    // The LSO can be asked for since version 2 (Kafka 0.11).
    minVersion: 2,
    retryForMs,
    request: (some) => ({
      replicaId: -1,
      isolationLevel,
      topics: Array.from(byTopic(some), ([name, list]) => ({
        name,
        partitions: list.map(({ partition }) => ({ partitionIndex: partition, currentLeaderEpoch: -1, timestamp })),
      })),
    }),
    read: function* (response) {
      for (const { name, partitions: answered } of response.topics) {
        for (const { partitionIndex, errorCode, offset } of answered) {
          yield [name, partitionIndex, { errorCode, value: offset }];
        }
      }
    },
  });
}

function at(found: ByPartition<RoutedFact<bigint>>, topic: string, partition: number): Fact<bigint> {
  const fact = found.get(topic)?.get(partition);
  if (fact === undefined) return { failure: { kind: 'error', message: `${topic}-${partition} was not answered.` } };
  return 'value' in fact ? { value: fact.value } : { failure: fact.failure };
}
