import type { Cluster } from '../../src/kafka/cluster.ts';
import type { TopicPartition } from '../../src/kafka/facts.ts';
import { createTopics } from '../../src/kafka/protocol/generated/createTopics.ts';
import { produce } from '../../src/kafka/protocol/generated/produce.ts';
import { byTopic } from '../../src/kafka/facts.ts';
import { until } from './until.ts';
import { writeBatch } from './recordsWriter.ts';

/** The first record of each partition; one follows every minute. */
export const firstTimestamp = 1_700_000_000_000n;

/** Fills a cluster with `topics` topics of `partitions` partitions, in each the same records a minute apart. */
export async function makeWideTopics(
  cluster: Cluster,
  options: { readonly prefix: string; readonly topics: number; readonly partitions: number; readonly records: number },
): Promise<readonly TopicPartition[]> {
  const { prefix, topics, partitions, records } = options;
  const names = Array.from({ length: topics }, (_, index) => `${prefix}-${index}`);
  for (const name of names) {
    const { topics: created } = await cluster.send('controller', createTopics, {
      topics: [{ name, numPartitions: partitions, replicationFactor: 1, assignments: [], configs: [] }],
    });
    if (created[0]?.errorCode !== 0) throw new Error(`${name}: ${created[0]?.errorMessage}`);
  }
  await until(
    'all partitions have leaders',
    async () => {
      const known = (await cluster.metadata({ topics: names })).topics;
      return names.every((name) => {
        const topic = known.get(name);
        return topic?.partitions.length === partitions && topic.partitions.every(({ leader }) => leader >= 0);
      });
    },
    // On a machine that is busy with others.
    300_000,
  );
  const all = names.flatMap((topic) => Array.from({ length: partitions }, (_, partition) => ({ topic, partition })));
  const batch = writeBatch({
    baseTimestamp: firstTimestamp,
    records: Array.from({ length: records }, (_, index) => ({ value: `${index}`, timestampDelta: index * 60_000 })),
  });
  const answers = await cluster.toLeaders(all, {
    api: produce,
    // Version 13 names topics by id.
    maxVersion: 12,
    batchSize: () => 500,
    retryForMs: 60_000,
    request: (some) => ({
      acks: -1,
      timeoutMs: 20_000,
      topicData: Array.from(byTopic(some), ([name, same]) => ({
        name,
        partitionData: same.map(({ partition }) => ({ index: partition, records: batch })),
      })),
    }),
    read: ({ responses }) =>
      responses.flatMap(({ name, partitionResponses }) =>
        partitionResponses.map(({ index, errorCode }) => [name, index, { errorCode, value: undefined }] as const),
      ),
  });
  for (const { topic, partition } of all) {
    const answer = answers.get(topic)?.get(partition);
    if (answer === undefined || 'failure' in answer)
      throw new Error(`${topic}-${partition}: ${answer?.failure.message}`);
  }
  return all;
}
