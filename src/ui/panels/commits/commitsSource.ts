import type { Cluster } from '../../../kafka/cluster.ts';
import type { Fact } from '../../../kafka/facts.ts';
import { failureOfCode } from '../../../kafka/failures.ts';
import { followCommits, offsetsRetention, partitionOf } from '../../../offsetsTopic/commitsReader.ts';
import { TopicNames } from '../../../offsetsTopic/decode/topicNames.ts';
import type { CommitsSource } from './commitsFeed.ts';

/** Asks a cluster for what a group's commits need to be understood. @throws {CancelledError} */
export async function commitsSource(cluster: Cluster, group: string, signal: AbortSignal): Promise<CommitsSource> {
  const [metadata, retention] = await Promise.all([
    cluster.metadata({ topics: 'all', maxAgeMs: 60_000, signal }),
    retentionOf(cluster, group, signal),
  ]);
  const { topics } = metadata;
  const names = new TopicNames(
    new Map([...topics.values()].flatMap(({ id, name }) => (id === undefined ? [] : [[id, name] as const]))),
  );
  return {
    names,
    retention,
    follow: (options) => followCommits(cluster, options),
  };
}

/** Of the group's coordinator, which deletes what expired: the leader of the group's partition. */
async function retentionOf(cluster: Cluster, group: string, signal: AbortSignal): Promise<Fact<number>> {
  const partition = await partitionOf(cluster, group, signal);
  if ('failure' in partition) return partition;
  const topic = '__consumer_offsets';
  const { topics } = await cluster.metadata({ topics: [topic], maxAgeMs: 60_000, signal });
  const leader = topics.get(topic)?.partitions.find((one) => one.partition === partition.value)?.leader ?? -1;
  if (leader < 0) return { failure: failureOfCode(5, `Topic ${topic}, partition ${partition.value}`) };
  return offsetsRetention(cluster, leader, signal);
}
