import type { GroupState, GroupType, Member } from '../groups/snapshot.ts';
import type { Cluster } from '../kafka/cluster.ts';
import type { Fact, Failure } from '../kafka/facts.ts';
import { describe } from '../watch/collect/describeGroups.ts';

/** A group at this moment, as its coordinator says. */
export interface GroupNow {
  /** undefined: there is no such group. */
  readonly type: GroupType | undefined;
  readonly state: GroupState;
  readonly members: readonly Member[];
}

const groupTypes: readonly GroupType[] = ['consumer', 'classic', 'share', 'streams'];

/**
 * Asks the coordinator what the group is and who is in it, as each of the four types: only one of them answers.
 *
 * @throws {CancelledError} and nothing else.
 */
export async function groupNow(cluster: Cluster, group: string, signal?: AbortSignal): Promise<Fact<GroupNow>> {
  const answers = await Promise.all(
    groupTypes.map(async (type) => ({ type, answer: (await describe[type](cluster, [group], signal)).get(group) })),
  );
  let failure: Failure | undefined;
  for (const { type, answer } of answers) {
    if (answer === undefined) continue;
    if ('value' in answer) {
      const { state, members } = answer.value;
      // Before DescribeGroups 6 (Kafka 4.0) a group that does not exist, or that is of another type, is a dead classic one.
      if (type !== 'classic' || state !== 'Dead') return { value: { type, state, members } };
    } else if (answer.failure.code !== 'GROUP_ID_NOT_FOUND' && answer.failure.kind !== 'unsupported') {
      failure ??= answer.failure;
    }
  }
  return failure === undefined ? { value: { type: undefined, state: 'Dead', members: [] } } : { failure };
}

/** Whether offsets can be written by one who is no member. */
export function isEmpty({ type, state }: GroupNow): boolean {
  return type === undefined || state === 'Empty' || state === 'Dead';
}
