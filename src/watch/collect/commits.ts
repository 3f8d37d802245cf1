import type { Commit, GroupType } from '../../groups/snapshot.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import type { ByPartition, Fact, RoutedFact } from '../../kafka/facts.ts';
import { failureOfCode } from '../../kafka/failures.ts';
import { describeShareGroupOffsets } from '../../kafka/protocol/generated/describeShareGroupOffsets.ts';
import { offsetFetch } from '../../kafka/protocol/generated/offsetFetch.ts';
import { inPoll } from './inPoll.ts';

/** topic -> partition -> commit, only where there is one or where reading it failed. */
export type Commits = ByPartition<Fact<Commit>>;

/** Version 10 names topics by id only and leaves out those that were deleted, which is what we want to see. */
const newestWithNames = 9;
const firstForMany = 8;

/** All commits of the groups, whatever their topics: one request a coordinator (Kafka before 3.0: one a group). */
export function fetchCommits(
  cluster: Cluster,
  type: GroupType,
  groups: readonly string[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, RoutedFact<Commits>>> {
  return type === 'share' ? fetchShareStarts(cluster, groups, signal) : fetchOffsets(cluster, groups, signal);
}

function fetchOffsets(
  cluster: Cluster,
  groups: readonly string[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, RoutedFact<Commits>>> {
  return cluster.toCoordinators(groups, {
    api: offsetFetch,
    signal,
    ...inPoll,
    // Before version 2 a broker does not give all commits of a group.
    minVersion: 2,
    maxVersion: newestWithNames,
    batchSize: (version) => (version < firstForMany ? 1 : Infinity),
    request: (keys, version) =>
      version < firstForMany
        ? { groupId: keys[0]!, topics: null }
        : { groups: keys.map((groupId) => ({ groupId, topics: null })) },
    read: (response, keys, version) =>
      version < firstForMany
        ? [[keys[0]!, { errorCode: response.errorCode, value: readTopics(response.topics) }]]
        : response.groups.map(({ groupId, errorCode, topics }) => [groupId, { errorCode, value: readTopics(topics) }]),
  });
}

function readTopics(
  topics: readonly {
    readonly name: string;
    readonly partitions: readonly {
      readonly partitionIndex: number;
      readonly committedOffset: bigint;
      readonly committedLeaderEpoch: number;
      readonly metadata: string | null;
      readonly errorCode: number;
    }[];
  }[],
): Commits {
  const commits = new Map<string, Map<number, Fact<Commit>>>();
  for (const { name, partitions } of topics) {
    const found = new Map<number, Fact<Commit>>();
    for (const { partitionIndex, committedOffset, committedLeaderEpoch, metadata, errorCode } of partitions) {
      if (errorCode !== 0) {
        found.set(partitionIndex, {
          failure: failureOfCode(errorCode, `The commit of ${name}-${partitionIndex} cannot be read`),
        });
      } else if (committedOffset >= 0n) {
        found.set(partitionIndex, {
          value: { offset: committedOffset, leaderEpoch: committedLeaderEpoch, metadata: metadata ?? '' },
        });
      }
    }
    commits.set(name, found);
  }
  return commits;
}

/** Share groups have no commits but a start offset for each partition (SPSO), before which all is done with. */
function fetchShareStarts(
  cluster: Cluster,
  groups: readonly string[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, RoutedFact<Commits>>> {
  return cluster.toCoordinators(groups, {
    api: describeShareGroupOffsets,
    signal,
    ...inPoll,
    request: (keys) => ({ groups: keys.map((groupId) => ({ groupId, topics: null })) }),
    read: (response) =>
      response.groups.map(({ groupId, errorCode, errorMessage, topics }) => {
        const commits = new Map<string, Map<number, Fact<Commit>>>();
        for (const { topicName, partitions } of topics) {
          const found = new Map<number, Fact<Commit>>();
          for (const one of partitions) {
            if (one.errorCode !== 0) {
              const what = `The start offset of ${topicName}-${one.partitionIndex} cannot be read`;
              found.set(one.partitionIndex, { failure: failureOfCode(one.errorCode, what, one.errorMessage) });
            } else if (one.startOffset >= 0n) {
              found.set(one.partitionIndex, {
                value: {
                  offset: one.startOffset,
                  leaderEpoch: one.leaderEpoch,
                  metadata: '',
                  ...(one.lag >= 0n ? { undelivered: one.lag } : {}),
                },
              });
            }
          }
          commits.set(topicName, found);
        }
        return [groupId, { errorCode, errorMessage, value: commits }];
      }),
  });
}
