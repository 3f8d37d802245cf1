import type { Member } from '../groups/snapshot.ts';
import type { Cluster } from '../kafka/cluster.ts';
import type { Failure } from '../kafka/facts.ts';
import { failureOfCode } from '../kafka/failures.ts';
import { leaveGroup } from '../kafka/protocol/generated/leaveGroup.ts';
import { HumanError } from '../shared/errors.ts';
import { t } from '../shared/l10n.ts';
import { finish, type ExecuteOptions } from './execute.ts';
import { groupNow } from './groupNow.ts';
import type { Outcome } from './results.ts';
import { sendOnce } from './sendOnce.ts';

export interface MemberResult {
  readonly memberId: string;
  readonly instanceId: string | undefined;
  readonly outcome: Outcome;
  readonly message: string | undefined;
  readonly code: string | undefined;
}

/** With the id of its entry in the journal, and why the results could not be written down. */
export interface MemberRemoval {
  readonly id: string | undefined;
  readonly results: readonly MemberResult[];
  readonly unrecorded: string | undefined;
}

const outcomes = { refused: 'refused', unsent: 'not-sent', unknown: 'unknown' } as const;

/** LeaveGroup takes many members, and static ones, since version 3 (KIP-345); a reason since version 5 (KIP-800). */
const firstForMany = 3;
const firstWithReason = 5;

/**
 * Makes the coordinator drop members, as if they had left: static ones by `group.instance.id`, others by member id. A member that
 * still runs notices at its next heartbeat, and joins again as a new one. The reason stands in the broker's log.
 *
 * @throws {HumanError} nothing was changed: the group has no such protocol, or cannot be asked.
 * @throws {CancelledError}
 */
export async function removeMembers(
  cluster: Cluster,
  group: string,
  members: readonly Pick<Member, 'id' | 'instanceId'>[],
  reason: string,
  options: Pick<ExecuteOptions, 'cluster' | 'journal' | 'signal'>,
): Promise<MemberRemoval> {
  const before = await groupNow(cluster, group, options.signal);
  if ('failure' in before) throw new HumanError(before.failure.message, t('Nothing was changed.'));
  const { type } = before.value;
  if (type === 'share' || type === 'streams') {
    throw new HumanError(
      t('Kafka has no way to remove a member of a {0} group.', type),
      t('Stop the application; the broker drops it when its session ends.'),
    );
  }
  const id = options.journal?.begin({
    cluster: options.cluster,
    clusterId: cluster.clusterId,
    kind: 'remove-members',
    subject: group,
    groupType: type,
    positions: [],
    details: { reason, members: members.map(({ id, instanceId }) => ({ id, instanceId: instanceId ?? null })) },
  });
  const sent = await sendOnce(cluster, group, {
    api: leaveGroup,
    minVersion: firstForMany,
    request: (version) => ({
      groupId: group,
      members: members.map(({ id, instanceId }) => ({
        // A static member is named by its instance: its member id is another one after each start.
        memberId: instanceId === undefined ? id : '',
        groupInstanceId: instanceId ?? null,
        ...(version >= firstWithReason ? { reason } : {}),
      })),
    }),
    read: ({ errorCode, members: answers }) => ({ errorCode, value: answers }),
  });
  const after = await groupNow(cluster, group);
  // A KIP-848 member comes back with the same id, and a newer epoch.
  const wasThere = new Map(before.value.members.map((member) => [member.id, member.epoch]));
  const isGone = ({ id }: Pick<Member, 'id'>): boolean =>
    'value' in after && !after.value.members.some((left) => left.id === id && left.epoch === wasThere.get(id));
  const results = members.map((member): MemberResult => {
    const { id: memberId, instanceId } = member;
    const result = (outcome: Outcome, failure?: Failure): MemberResult => ({
      memberId,
      instanceId,
      outcome,
      message: failure?.message,
      code: failure?.code,
    });
    if (isGone(member)) return result('done');
    if (sent.kind !== 'answered') return result(outcomes[sent.kind], sent.failure);
    const name = t('Member {0}', instanceId ?? memberId);
    const answer = sent.value.find((each) =>
      instanceId === undefined ? each.memberId === memberId : each.groupInstanceId === instanceId,
    );
    if (answer !== undefined && answer.errorCode !== 0) return result('refused', failureOfCode(answer.errorCode, name));
    const message = t('{0}: the broker does not say that it has left, and it is still there.', name);
    return result('unknown', { kind: 'error', message });
  });
  const isDone = results.every(({ outcome }) => outcome === 'done');
  return { id, results, unrecorded: finish(options.journal, id, [], isDone) };
}
