import type { GroupState, GroupType } from '../../groups/snapshot.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { failureOfCode } from '../../kafka/failures.ts';
import type { Failure } from '../../kafka/facts.ts';
import { listGroups } from '../../kafka/protocol/generated/listGroups.ts';
import { inPoll } from './inPoll.ts';

export interface ListedGroup {
  readonly id: string;
  readonly type: GroupType;
  readonly protocolType: string;
  readonly state: GroupState;
  /** The broker that listed it, which is its coordinator. */
  readonly coordinator: number;
}

const types: Record<string, GroupType> = {
  classic: 'classic',
  consumer: 'consumer',
  share: 'share',
  streams: 'streams',
};

/** All groups of all brokers, one request each. `answered`: ids of the brokers that did; the others are failures. */
export async function listAllGroups(
  cluster: Cluster,
  signal: AbortSignal | undefined,
): Promise<{ groups: readonly ListedGroup[]; failures: readonly Failure[]; answered: ReadonlySet<number> }> {
  const answers = await cluster.toAllBrokers(listGroups, { statesFilter: [], typesFilter: [] }, { signal, ...inPoll });
  const groups = new Map<string, ListedGroup>();
  const failures: Failure[] = [];
  const answered = new Set<number>();
  for (const [broker, answer] of answers) {
    if ('failure' in answer) {
      failures.push(answer.failure);
      continue;
    }
    if (answer.value.errorCode !== 0) {
      failures.push(failureOfCode(answer.value.errorCode, `Broker ${broker} does not list its groups`));
      continue;
    }
    answered.add(broker);
    for (const { groupId, protocolType, groupState, groupType } of answer.value.groups) {
      groups.set(groupId, {
        id: groupId,
        // Brokers before ListGroups 5 (Kafka 3.8) know only classic groups.
        type: types[groupType.toLowerCase()] ?? 'classic',
        protocolType,
        state: groupState === '' ? 'Unknown' : (groupState as GroupState),
        coordinator: broker,
      });
    }
  }
  return { groups: [...groups.values()], failures, answered };
}
