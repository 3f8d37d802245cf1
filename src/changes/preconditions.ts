import type { OffsetPlan } from '../groups/plan/plan.ts';
import type { Member } from '../groups/snapshot.ts';
import type { Cluster } from '../kafka/cluster.ts';
import { delay } from '../kafka/race.ts';
import { HumanError } from '../shared/errors.ts';
import { t } from '../shared/l10n.ts';
import { visibleText } from '../shared/visibleText.ts';
import { groupNow, isEmpty, type GroupNow } from './groupNow.ts';

/** The group has members, and only they may move its offsets. */
export class GroupInUseError extends HumanError {
  readonly members: readonly Member[];

  constructor(group: string, { members, state }: GroupNow) {
    super(
      members.length === 0
        ? t('Group {0} is {1}: its offsets cannot be written now.', group, state)
        : t('Group {0} has members: {1}.', group, membersText(members)),
      t('Stop them, or let this wait until they have left. Nothing was changed.'),
    );
    this.members = members;
  }
}

const shownMembers = 5;
const pollMs = 1_000;

/**
 * The group as it is now, if its offsets can be written.
 *
 * @throws {GroupInUseError} @throws {HumanError} @throws {CancelledError}
 */
export async function groupToWrite(
  cluster: Cluster,
  { group, type }: Pick<OffsetPlan, 'group' | 'type'>,
  options: {
    readonly allowMembers: boolean;
    readonly waitUntilEmpty?: boolean;
    readonly onWaiting?: (group: GroupNow) => void;
    readonly signal?: AbortSignal;
  },
): Promise<GroupNow> {
  for (;;) {
    const fact = await groupNow(cluster, group, options.signal);
    if ('failure' in fact) {
      throw new HumanError(fact.failure.message, t('Whether it has members is not known: nothing was changed.'));
    }
    const now = fact.value;
    if (now.type === 'streams' || (now.type === 'share') !== (type === 'share')) {
      throw new HumanError(
        t('Group {0} is not of the type any more that the plan was made for.', group),
        t('Plan again; nothing was changed.'),
      );
    }
    if (isEmpty(now) || options.allowMembers) return now;
    if (options.waitUntilEmpty !== true) throw new GroupInUseError(group, now);
    options.onWaiting?.(now);
    await delay(pollMs, options.signal);
  }
}

/** `orders-1 at /10.0.0.7, orders-2 at /10.0.0.8 and 3 more` */
export function membersText(members: readonly Member[]): string {
  const named = members
    .slice(0, shownMembers)
    .map(({ clientId, host }) => t('{0} at {1}', visibleText(clientId), visibleText(host)));
  const rest = members.length - named.length;
  return rest === 0 ? named.join(', ') : t('{0} and {1} more', named.join(', '), rest);
}
