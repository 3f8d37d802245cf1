import type { Commit } from '../groups/snapshot.ts';
import type { Cluster } from '../kafka/cluster.ts';
import type { Failure } from '../kafka/facts.ts';
import { inTurns } from '../kafka/fanOut.ts';
import { deleteGroups as deleteGroupsApi } from '../kafka/protocol/generated/deleteGroups.ts';
import { isCancelled, messageOf, throwIfCancelled } from '../shared/errors.ts';
import { t } from '../shared/l10n.ts';
import { readCommits } from './gather.ts';
import { groupNow, isEmpty } from './groupNow.ts';
import { finish, type ExecuteOptions } from './execute.ts';
import type { PriorPosition } from './journal/entry.ts';
import { membersText } from './preconditions.ts';
import type { Outcome, RowResult } from './results.ts';
import { sendOnce } from './sendOnce.ts';

export interface GroupResult {
  readonly group: string;
  readonly outcome: Outcome;
  readonly message: string | undefined;
  readonly code: string | undefined;
  /** Id of its entry in the journal; undefined where nothing was tried. */
  readonly id: string | undefined;
}

/** Groups worked on at once. */
const width = 8;

/**
 * Deletes groups with all their offsets, each by itself: written down, deleted, and looked for again. Undone by writing the offsets
 * again, which makes the group anew.
 *
 * @throws {CancelledError} before the first; groups that were not reached then are `not-sent`.
 */
export async function deleteGroups(
  cluster: Cluster,
  groups: readonly string[],
  options: Pick<ExecuteOptions, 'cluster' | 'journal' | 'signal'>,
): Promise<readonly GroupResult[]> {
  throwIfCancelled(options.signal);
  const results = new Map<string, GroupResult>();
  await inTurns(new Set(groups), width, async (group) => {
    try {
      results.set(group, await deleteGroup(cluster, group, options));
    } catch (error) {
      const message = isCancelled(error) ? t('It was cancelled before.') : messageOf(error);
      results.set(group, { group, outcome: 'not-sent', message, code: undefined, id: undefined });
    }
  });
  return groups.map((group) => results.get(group)!);
}

async function deleteGroup(
  cluster: Cluster,
  group: string,
  { cluster: name, journal, signal }: Pick<ExecuteOptions, 'cluster' | 'journal' | 'signal'>,
): Promise<GroupResult> {
  const untried = (outcome: Outcome, failure: Partial<Failure> & { message: string }): GroupResult => ({
    group,
    outcome,
    message: failure.message,
    code: failure.code,
    id: undefined,
  });
  const now = await groupNow(cluster, group, signal);
  if ('failure' in now) return untried('not-sent', now.failure);
  const { type, state, members } = now.value;
  if (type === undefined) return untried('refused', { message: t('Group {0} does not exist.', group) });
  if (!isEmpty(now.value)) {
    const who =
      members.length === 0 ? t('Group {0} is {1}.', group, state) : t('It has members: {0}.', membersText(members));
    return untried('refused', { message: t('{0} Stop them first.', who) });
  }
  const commits = await readCommits(cluster, type, group, signal);
  if ('failure' in commits) return untried('not-sent', commits.failure);
  const positions = [...commits.value].flatMap(([topic, partitions]) =>
    [...partitions].map(([partition, fact]): PriorPosition => {
      if ('failure' in fact) throw new Error(fact.failure.message);
      return { topic, partition, before: fact.value, after: { kind: 'delete' } };
    }),
  );
  throwIfCancelled(signal);
  const id = journal?.begin({
    cluster: name,
    clusterId: cluster.clusterId,
    kind: 'delete-group',
    subject: group,
    groupType: type,
    positions,
  });
  const sent = await sendOnce(cluster, group, {
    api: deleteGroupsApi,
    request: () => ({ groupsNames: [group] }),
    read: ({ results }) => ({ errorCode: results[0]?.errorCode ?? -1, value: undefined }),
  });
  const left = await groupNow(cluster, group);
  const isGone = 'value' in left && left.value.type === undefined;
  const failure = sent.kind === 'answered' ? undefined : sent.failure;
  const outcome = outcomeOf(sent.kind, isGone, 'value' in left);
  const message = isGone
    ? undefined
    : (failure?.message ?? t('The broker accepted it, and the group is there again or still: somebody uses it.'));
  finish(
    journal,
    id,
    positions.map((at) => resultOf(at, outcome, message, failure?.code, at.before)),
    // A group can be without offsets.
    outcome === 'done',
  );
  return { group, outcome, message, code: failure?.code, id };
}

function outcomeOf(kind: 'answered' | 'refused' | 'unsent' | 'unknown', isGone: boolean, isRead: boolean): Outcome {
  if (isGone) return 'done';
  if (kind === 'answered') return isRead ? 'overtaken' : 'unknown';
  return ({ refused: 'refused', unsent: 'not-sent', unknown: 'unknown' } as const)[kind];
}

function resultOf(
  { topic, partition }: PriorPosition,
  outcome: Outcome,
  message: string | undefined,
  code: string | undefined,
  before: Commit | undefined,
): RowResult {
  const found = outcome === 'done' ? undefined : before?.offset;
  return { topic, partition, outcome, message, code, isRead: outcome === 'done' || outcome === 'refused', found };
}
