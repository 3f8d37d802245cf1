import type { Cluster } from '../../src/kafka/cluster.ts';
import { createTopics } from '../../src/kafka/protocol/generated/createTopics.ts';
import { deleteRecords } from '../../src/kafka/protocol/generated/deleteRecords.ts';
import { deleteTopics } from '../../src/kafka/protocol/generated/deleteTopics.ts';
import { produce } from '../../src/kafka/protocol/generated/produce.ts';
import type { ReadEvent, RecordsEvent } from '../../src/records/events.ts';
import { readTopic, type ReadOptions } from '../../src/records/reader.ts';
import { until } from './until.ts';

/** Creates a topic and waits until all its partitions have leaders. */
export async function createTopicWith(
  cluster: Cluster,
  name: string,
  partitions: number,
  configs: Readonly<Record<string, string>> = {},
  replicas = 1,
): Promise<void> {
  const { topics } = await cluster.send('controller', createTopics, {
    topics: [
      {
        name,
        numPartitions: partitions,
        replicationFactor: replicas,
        assignments: [],
        configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
      },
    ],
  });
  if (topics[0]?.errorCode !== 0) throw new Error(`${name}: ${topics[0]?.errorMessage}`);
  await until(`${name} has leaders`, async () => {
    const topic = (await cluster.metadata({ topics: [name] })).topics.get(name);
    return topic?.partitions.length === partitions && topic.partitions.every(({ leader }) => leader >= 0);
  });
}

/** Deletes a topic; its brokers may know it for a moment yet. */
export async function deleteTopic(cluster: Cluster, name: string): Promise<void> {
  const { responses } = await cluster.send(
    'controller',
    deleteTopics,
    { topicNames: [name], timeoutMs: 20_000 },
    { maxVersion: 5 },
  );
  if (responses[0]?.errorCode !== 0) throw new Error(`${name}: ${responses[0]?.errorCode}`);
}

/** Deletes a partition's records below an offset. */
export async function moveLogStart(cluster: Cluster, topic: string, partition: number, offset: bigint): Promise<void> {
  const answers = await cluster.toLeaders([{ topic, partition }], {
    api: deleteRecords,
    request: () => ({
      topics: [{ name: topic, partitions: [{ partitionIndex: partition, offset }] }],
      timeoutMs: 20_000,
    }),
    read: ({ topics }) =>
      topics[0]!.partitions.map(
        ({ partitionIndex, errorCode, lowWatermark }) =>
          [topic, partitionIndex, { errorCode, value: lowWatermark }] as const,
      ),
  });
  const answer = answers.get(topic)!.get(partition)!;
  if ('failure' in answer) throw new Error(answer.failure.message);
}

/** Appends a batch as it is, and says at which offset. */
export async function produceBatch(cluster: Cluster, topic: string, partition: number, batch: Buffer): Promise<bigint> {
  const answers = await cluster.toLeaders([{ topic, partition }], {
    api: produce,
    // Version 13 names topics by id.
    maxVersion: 12,
    request: () => ({
      acks: -1,
      timeoutMs: 20_000,
      topicData: [{ name: topic, partitionData: [{ index: partition, records: batch }] }],
    }),
    read: ({ responses }) =>
      responses[0]!.partitionResponses.map(
        ({ index, errorCode, errorMessage, baseOffset }) =>
          [topic, index, { errorCode, errorMessage, value: baseOffset }] as const,
      ),
  });
  const answer = answers.get(topic)!.get(partition)!;
  if ('failure' in answer) throw new Error(answer.failure.message);
  return answer.value;
}

/** All events of a reading that stops by itself. */
export async function readAll(cluster: Cluster, options: ReadOptions): Promise<ReadEvent[]> {
  const events: ReadEvent[] = [];
  for await (const event of readTopic(cluster, options)) events.push(event);
  return events;
}

export interface ReadRecord {
  readonly partition: number;
  readonly offset: bigint;
  readonly value: string | undefined;
  /** Of its transaction, as it is known in the end; undefined where it has none. */
  readonly outcome: string | undefined;
}

/** The records of some events, those of control batches left out. */
export function recordsOf(events: readonly ReadEvent[]): ReadRecord[] {
  return events
    .filter((event): event is RecordsEvent => event.kind === 'records')
    .flatMap(({ slices }) =>
      slices
        .filter(({ batch }) => !batch.facts.isControl)
        .flatMap(({ batch, from, to, transaction }) =>
          Array.from({ length: to - from }, (_, index) => ({
            partition: batch.partition,
            offset: batch.offset(from + index),
            value: batch.value(from + index)?.toString(),
            outcome: transaction?.outcome,
          })),
        ),
    );
}
