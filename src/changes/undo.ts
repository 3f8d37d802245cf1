import { planUndo, positionsOf, undoRequest, type PastPosition } from '../groups/plan/undo.ts';
import type { OffsetPlan } from '../groups/plan/plan.ts';
import type { Cluster } from '../kafka/cluster.ts';
import type { Fact } from '../kafka/facts.ts';
import { HumanError } from '../shared/errors.ts';
import { t } from '../shared/l10n.ts';
import { gather, planFor, readCommits } from './gather.ts';
import { groupNow, type GroupNow } from './groupNow.ts';
import type { Journal, JournalEntry } from './journal/entry.ts';
import type { Outcome } from './results.ts';

/** Outcomes after which the partition is certainly where it was. */
const untouched: ReadonlySet<Outcome> = new Set(['refused', 'moved', 'not-sent']);

/** What there is to take back: what the change reached, or may have reached. */
export function pastOf({ positions, results }: Pick<JournalEntry, 'positions' | 'results'>): PastPosition[] {
  const outcomes = new Map(results.map((result) => [`${result.partition} ${result.topic}`, result.outcome]));
  return positions.flatMap(({ topic, partition, before, after }): PastPosition[] => {
    const outcome = outcomes.get(`${partition} ${topic}`);
    if (after === undefined || (outcome !== undefined && untouched.has(outcome))) return [];
    return [{ topic, partition, before, after: after.kind === 'delete' ? undefined : after }];
  });
}

/**
 * The way back from a change as the cluster stands now; a dry run. Execute it with kind `undo` and `undoes`.
 *
 * @throws {HumanError} there is nothing to take back. @throws {CancelledError}
 */
export async function undoFor(
  cluster: Cluster,
  entry: JournalEntry,
  signal?: AbortSignal,
): Promise<{ readonly plan: OffsetPlan; readonly group: Fact<GroupNow> }> {
  if (entry.state === 'executing') {
    throw new HumanError(t('The change is still being made.'), t('Wait until it has ended.'));
  }
  checkCluster(cluster, entry);
  const past = pastOf(entry);
  if (past.length === 0) {
    throw new HumanError(t('The change has moved no offsets: there is nothing to take back.'));
  }
  const { facts, group } = await gather(cluster, undoRequest(entry.subject, past), signal);
  // A group that is gone comes back as what it was only where that takes no members: share groups do not.
  return { plan: planUndo(entry.subject, past, facts), group };
}

/** Back to a snapshot, exactly; a dry run. Execute it with kind `restore`. */
export async function restoreFor(
  cluster: Cluster,
  entry: JournalEntry,
  group = entry.subject,
  signal?: AbortSignal,
): Promise<{ readonly plan: OffsetPlan; readonly group: Fact<GroupNow> }> {
  const strategy = { kind: 'positions', positions: positionsOf(entry.positions), exact: true } as const;
  return planFor(cluster, { group, scope: { kind: 'given' }, strategy }, signal);
}

/**
 * Keeps a group's offsets as they are now, under a name. Returns the id of the entry.
 *
 * @throws {HumanError} they cannot be read or written down. @throws {CancelledError}
 */
export async function snapshotOffsets(
  cluster: Cluster,
  group: string,
  options: {
    readonly cluster: string;
    readonly name: string;
    readonly journal: Journal;
    readonly signal?: AbortSignal;
  },
): Promise<string> {
  const now = await groupNow(cluster, group, options.signal);
  if ('failure' in now) throw new HumanError(now.failure.message);
  const commits = await readCommits(cluster, now.value.type, group, options.signal);
  if ('failure' in commits) throw new HumanError(commits.failure.message);
  const positions = [...commits.value].flatMap(([topic, partitions]) =>
    [...partitions].map(([partition, fact]) => {
      if ('failure' in fact) throw new HumanError(fact.failure.message);
      return { topic, partition, before: fact.value, after: undefined };
    }),
  );
  if (positions.length === 0) throw new HumanError(t('Group {0} has no committed offsets.', group));
  return options.journal.begin({
    cluster: options.cluster,
    clusterId: cluster.clusterId,
    kind: 'snapshot',
    subject: group,
    groupType: now.value.type,
    positions,
    name: options.name,
  });
}

/** Which of its partitions an interrupted change has reached, as the broker says now. */
export type Reached = 'reached' | 'as-before' | 'elsewhere' | 'unknown';

export async function examine(
  cluster: Cluster,
  entry: JournalEntry,
  signal?: AbortSignal,
): Promise<ReadonlyMap<JournalEntry['positions'][number], Reached>> {
  checkCluster(cluster, entry);
  const commits = await readCommits(cluster, entry.groupType, entry.subject, signal);
  return new Map(
    entry.positions.map((position) => {
      const { topic, partition, before, after } = position;
      if ('failure' in commits || after === undefined) return [position, 'unknown'];
      const fact = commits.value.get(topic)?.get(partition);
      if (fact !== undefined && 'failure' in fact) return [position, 'unknown'];
      const planned = after.kind === 'delete' ? undefined : after.offset;
      if (fact?.value.offset === planned) return [position, 'reached'];
      return [position, fact?.value.offset === before?.offset ? 'as-before' : 'elsewhere'];
    }),
  );
}

/** The same name in the settings can be another cluster by now. @throws {HumanError} */
export function checkCluster(cluster: Cluster, entry: Pick<JournalEntry, 'cluster' | 'clusterId'>): void {
  if (entry.clusterId === undefined || cluster.clusterId === undefined || entry.clusterId === cluster.clusterId) return;
  throw new HumanError(
    t('The change was made on another cluster ({0}, id {1}).', entry.cluster, entry.clusterId),
    t('Connect to that one.'),
  );
}
