import { Kafka, logLevel } from 'kafkajs';
import type { Cluster } from '../../src/kafka/cluster.ts';
import { offsetCommit } from '../../src/kafka/protocol/generated/offsetCommit.ts';

/**
 * Fills a cluster with groups that have commits and no members: `groups` of them, each with commits on all
 * `partitionsPerGroup` partitions of one of `topics` topics, at lags that differ.
 */
export async function makeManyGroups(
  cluster: Cluster,
  bootstrap: string,
  options: {
    readonly prefix: string;
    readonly groups: number;
    readonly topics: number;
    readonly partitionsPerGroup: number;
  },
): Promise<void> {
  const { prefix, groups, topics, partitionsPerGroup } = options;
  const kafka = new Kafka({ brokers: bootstrap.split(','), logLevel: logLevel.NOTHING });
  const names = Array.from({ length: topics }, (_, index) => `${prefix}-topic-${index}`);
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({
    waitForLeaders: true,
    topics: names.map((topic) => ({ topic, numPartitions: partitionsPerGroup })),
  });
  await admin.disconnect();
  const producer = kafka.producer();
  await producer.connect();
  const messages = Array.from({ length: partitionsPerGroup * 20 }, (_, index) => ({
    partition: index % partitionsPerGroup,
    value: `record ${index}`,
  }));
  await producer.sendBatch({ topicMessages: names.map((topic) => ({ topic, messages })) });
  await producer.disconnect();

  const ids = Array.from({ length: groups }, (_, index) => `${prefix}-group-${index}`);
  const answers = await cluster.toCoordinators(ids, {
    api: offsetCommit,
    maxVersion: 9,
    batchSize: () => 1,
    request: ([groupId]) => ({
      groupId: groupId!,
      topics: [
        {
          name: names[ids.indexOf(groupId!) % topics]!,
          partitions: Array.from({ length: partitionsPerGroup }, (_, partitionIndex) => ({
            partitionIndex,
            committedOffset: BigInt((ids.indexOf(groupId!) + partitionIndex) % 20),
            committedMetadata: '',
          })),
        },
      ],
    }),
    read: (response, [groupId]) => [
      [groupId!, { errorCode: response.topics[0]?.partitions[0]?.errorCode ?? -1, value: undefined }],
    ],
  });
  for (const [group, answer] of answers) {
    if ('failure' in answer) throw new Error(`${group}: ${answer.failure.message}`);
  }
}
