import type { Cluster } from '../../src/kafka/cluster.ts';
import { commitOffsets } from './clusterCalls.ts';
import { until } from './until.ts';

/** Commits, be it the first commit of all: the coordinators' topic is made then, which can take longer than a commit is tried again. */
export function firstCommit(
  cluster: Cluster,
  group: string,
  topic: string,
  offsets: Readonly<Record<number, bigint>>,
): Promise<void> {
  return until(
    `${group} has committed`,
    () =>
      commitOffsets(cluster, group, topic, offsets).then(
        () => true,
        () => false,
      ),
    90_000,
  );
}
