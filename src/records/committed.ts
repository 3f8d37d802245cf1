import type { Fact } from '../kafka/facts.ts';
import { failureOfCode } from '../kafka/failures.ts';
import { offsetFetch } from '../kafka/protocol/generated/offsetFetch.ts';
import type { Place } from './logBounds.ts';

/** Version 10 names topics by id. */
const newestWithNames = 9;
const firstForMany = 8;

/** What the group committed, by partition; those without a commit are left out. @throws {CancelledError} and nothing else. */
export async function fetchCommitted(
  { cluster, topic, partitions, signal }: Place,
  group: string,
): Promise<Fact<ReadonlyMap<number, bigint>>> {
  const topics = [{ name: topic, partitionIndexes: partitions }];
  const found = await cluster.toCoordinators([group], {
    api: offsetFetch,
    signal,
    minVersion: 2,
    maxVersion: newestWithNames,
    request: (_, version) =>
      version < firstForMany ? { groupId: group, topics } : { groups: [{ groupId: group, topics }] },
    read: (response, _, version) => {
      const answer = version < firstForMany ? response : response.groups[0]!;
      const own = answer.topics.find(({ name }) => name === topic)?.partitions ?? [];
      // One that cannot be told is not one without a commit.
      const errorCode = answer.errorCode || (own.find((each) => each.errorCode !== 0)?.errorCode ?? 0);
      const offsets = own.filter(({ committedOffset }) => committedOffset >= 0n);
      const value = new Map(offsets.map((each) => [each.partitionIndex, each.committedOffset]));
      return [[group, { errorCode, value }]];
    },
  });
  return found.get(group) ?? { failure: failureOfCode(-1, `Group ${group}`) };
}
