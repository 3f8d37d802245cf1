import type { Cluster } from '../../src/kafka/cluster.ts';
import { byTopic, type ByPartition, type RoutedFact, type TopicPartition } from '../../src/kafka/facts.ts';
import { createPartitions } from '../../src/kafka/protocol/generated/createPartitions.ts';
import { createTopics } from '../../src/kafka/protocol/generated/createTopics.ts';
import { listOffsets } from '../../src/kafka/protocol/generated/listOffsets.ts';
import { metadata } from '../../src/kafka/protocol/generated/metadata.ts';
import { offsetCommit } from '../../src/kafka/protocol/generated/offsetCommit.ts';
import { offsetFetch } from '../../src/kafka/protocol/generated/offsetFetch.ts';
import { until } from './until.ts';

/** Creates a topic and waits until every broker that answers knows of it, with leaders for all its partitions. */
export async function createTopic(cluster: Cluster, name: string, partitions: number, replicas: number): Promise<void> {
  const { topics } = await cluster.send('controller', createTopics, {
    topics: [{ name, numPartitions: partitions, replicationFactor: replicas, assignments: [], configs: [] }],
  });
  if (topics[0]?.errorCode !== 0) throw new Error(`${name}: ${topics[0]?.errorMessage}`);
  await known(cluster, name, partitions);
}

/** Gives a topic so many partitions in all, and waits as for a new one. */
export async function addPartitions(cluster: Cluster, topic: string, count: number): Promise<void> {
  const { results } = await cluster.send('controller', createPartitions, {
    topics: [{ name: topic, count, assignments: null }],
    timeoutMs: 20_000,
    validateOnly: false,
  });
  if (results[0]?.errorCode !== 0) throw new Error(`${topic}: ${results[0]?.errorMessage}`);
  await known(cluster, topic, count);
}

function known(cluster: Cluster, name: string, partitions: number): Promise<void> {
  return until(`the brokers know ${name} with ${partitions} partitions`, async () => {
    const request = { topics: [{ name }], allowAutoTopicCreation: false };
    const answers = [...(await cluster.toAllBrokers(metadata, request, { minVersion: 4 })).values()];
    const knowing = answers.map((answer) => {
      if ('failure' in answer) return undefined;
      const found = answer.value.topics[0]?.partitions ?? [];
      return found.length === partitions && found.every(({ leaderId }) => leaderId >= 0);
    });
    return knowing.includes(true) && !knowing.includes(false);
  });
}

export function partitionsOf(topic: string, count: number): TopicPartition[] {
  return Array.from({ length: count }, (_, partition) => ({ topic, partition }));
}

/** Log end offsets. */
export function endOffsets(
  cluster: Cluster,
  partitions: readonly TopicPartition[],
  retryForMs?: number,
): Promise<ByPartition<RoutedFact<bigint>>> {
  return cluster.toLeaders(partitions, {
    api: listOffsets,
    retryForMs,
    request: (some) => ({
      replicaId: -1,
      topics: [...byTopic(some)].map(([name, same]) => ({
        name,
        partitions: same.map(({ partition }) => ({ partitionIndex: partition, timestamp: -1n })),
      })),
    }),
    read: ({ topics }) =>
      topics.flatMap(({ name, partitions: answered }) =>
        answered.map(
          ({ partitionIndex, errorCode, offset }) => [name, partitionIndex, { errorCode, value: offset }] as const,
        ),
      ),
  });
}

/** Commits as a consumer without a group's members does; each group's error code is its answer. */
export function commitAll(
  cluster: Cluster,
  offsets: ReadonlyMap<string, bigint>,
  topic: string,
): Promise<ReadonlyMap<string, RoutedFact<null>>> {
  return cluster.toCoordinators([...offsets.keys()], {
    api: offsetCommit,
    // Version 10 names topics by id.
    maxVersion: 9,
    batchSize: () => 1,
    request: ([group]) => ({
      groupId: group!,
      topics: [
        {
          name: topic,
          partitions: [{ partitionIndex: 0, committedOffset: offsets.get(group!)!, committedMetadata: null }],
        },
      ],
    }),
    read: ({ topics }, [group]) => [[group!, { errorCode: topics[0]!.partitions[0]!.errorCode, value: null }]],
  });
}

/** What each group committed to partition 0 of the topic; -1 where nothing. */
export function committed(
  cluster: Cluster,
  groups: readonly string[],
  topic: string,
): Promise<ReadonlyMap<string, RoutedFact<bigint>>> {
  const topics = [{ name: topic, partitionIndexes: [0] }];
  return cluster.toCoordinators(groups, {
    api: offsetFetch,
    maxVersion: 9,
    batchSize: (version) => (version < 8 ? 1 : Infinity),
    request: (some, version) =>
      version < 8 ? { groupId: some[0]!, topics } : { groups: some.map((groupId) => ({ groupId, topics })) },
    read: (response, [first], version) => {
      const answers = version < 8 ? [{ ...response, groupId: first! }] : response.groups;
      return answers.map(
        (group) =>
          [
            group.groupId,
            { errorCode: group.errorCode, value: group.topics[0]?.partitions[0]?.committedOffset ?? -1n },
          ] as const,
      );
    },
  });
}

/** Commits a group's offsets, partition -> offset, as somebody does who is no member; throws where the broker refuses. */
export async function commitOffsets(
  cluster: Cluster,
  group: string,
  topic: string,
  offsets: Readonly<Record<number, bigint>>,
  { metadata = '', leaderEpoch = -1 }: { readonly metadata?: string; readonly leaderEpoch?: number } = {},
): Promise<void> {
  const partitions = Object.entries(offsets).map(([partition, committedOffset]) => ({
    partitionIndex: Number(partition),
    committedOffset,
    committedLeaderEpoch: leaderEpoch,
    committedMetadata: metadata,
  }));
  const answers = await cluster.toCoordinators([group], {
    api: offsetCommit,
    // Version 10 names topics by id; since 6 there are leader epochs.
    minVersion: 6,
    maxVersion: 9,
    request: () => ({ groupId: group, topics: [{ name: topic, partitions }] }),
    read: ({ topics }) => {
      const refused = topics[0]?.partitions.find(({ errorCode }) => errorCode !== 0);
      return [[group, { errorCode: refused?.errorCode ?? 0, value: null }]];
    },
  });
  const answer = answers.get(group)!;
  if ('failure' in answer) throw new Error(answer.failure.message);
}
