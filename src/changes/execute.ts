import type { CommitFacts, OffsetPlan, PlanRow, Target } from '../groups/plan/plan.ts';
import type { Commit, GroupType } from '../groups/snapshot.ts';
import type { Cluster } from '../kafka/cluster.ts';
import type { Fact, TopicPartition } from '../kafka/facts.ts';
import { delay } from '../kafka/race.ts';
import { HumanError, messageOf, throwIfCancelled } from '../shared/errors.ts';
import { t } from '../shared/l10n.ts';
import { readCommits } from './gather.ts';
import type { GroupNow } from './groupNow.ts';
import type { ChangeKind, Journal, PriorPosition } from './journal/entry.ts';
import { lookUntil } from './lookUntil.ts';
import { groupToWrite } from './preconditions.ts';
import type { RowResult } from './results.ts';
import { verify } from './verify.ts';
import { sendWrites, type Reply, type Write } from './writes.ts';

export interface ExecuteOptions {
  readonly kind: ChangeKind;
  /** As the user calls the cluster. */
  readonly cluster: string;
  /** undefined only where the person was told that without one there is no way back. */
  readonly journal: Journal | undefined;
  /** Id of the change that this one takes back. */
  readonly undoes?: string;
  readonly name?: string;
  /** Waits until the members have left, rather than to refuse. */
  readonly waitUntilEmpty?: boolean;
  /** Who is connected while it waits. */
  readonly onWaiting?: (group: GroupNow) => void;
  /** Writes partitions also where they have moved since the plan was made. */
  readonly evenIfMoved?: boolean;
  /** Stops waiting, and trying again. What was sent is still read back and written down. */
  readonly signal?: AbortSignal;
}

export interface Execution {
  /** Id of its entry in the journal. */
  readonly id: string | undefined;
  /** One for each row of the plan that has no error, in its order. */
  readonly results: readonly RowResult[];
  /** Why the results could not be written down; the prior state is in the journal all the same. */
  readonly unrecorded: string | undefined;
}

/** A row that can be written. Maps are by row, and not by a name made of topic and partition: there may be many thousands. */
type PlannedRow = PlanRow & { readonly after: Target };

/** How often something changed between sending and reading back is tried again. */
const attempts = 4;
const betweenMs = 300;

/** How long a coordinator that has just taken over may go without what was committed last, its replicas not having followed; milliseconds. */
const followedWithinMs = 3_000;

/**
 * Makes a plan true: looks at the group once more, writes the prior state of all its partitions down, sends, and reads back. It never
 * joins the group. Whatever happens after the first request is a result of a partition, not an exception.
 *
 * @throws {GroupInUseError} the group has members. @throws {HumanError} nothing was changed, and why.
 * @throws {CancelledError} nothing was changed.
 */
export async function executePlan(cluster: Cluster, plan: OffsetPlan, options: ExecuteOptions): Promise<Execution> {
  const { signal, journal } = options;
  if (plan.refusal !== undefined) throw new HumanError(plan.refusal);
  const rows = plan.rows.filter((row): row is PlannedRow => row.after !== undefined);
  if (rows.length === 0) throw new HumanError(t('The plan changes nothing: no partition can be written.'));
  const onlyDeletes = rows.every(({ after }) => after.kind === 'delete');
  const { type } = await groupToWrite(cluster, plan, {
    ...options,
    // Members keep a group's offsets only of what they are subscribed to: the broker tells for each partition.
    allowMembers: onlyDeletes && plan.type !== 'share',
  });

  const before = await positionsNow(cluster, type, plan.group, rows, signal);
  throwIfCancelled(signal);
  const toWrite = rows.filter((row) => options.evenIfMoved === true || isWhereItWas(row, before.get(row)));
  const positions = rows.map((row): PriorPosition => {
    const { topic, partition, after } = row;
    return { topic, partition, before: before.get(row), after };
  });
  const id = journal?.begin({
    cluster: options.cluster,
    clusterId: cluster.clusterId,
    kind: options.kind,
    subject: plan.group,
    groupType: type,
    positions,
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(options.undoes === undefined ? {} : { undoes: options.undoes }),
  });
  const written = await writeAll(cluster, plan.group, type, toWrite, before, signal);
  const results = rows.map((row) => written.get(row) ?? movedResult(row, before.get(row)));
  return { id, results, unrecorded: finish(journal, id, results) };
}

/** What has been done is told even where the disk is full by now. */
export function finish(
  journal: Journal | undefined,
  id: string | undefined,
  results: readonly RowResult[],
  isDone = results.every(({ outcome }) => outcome === 'done'),
): string | undefined {
  if (journal === undefined || id === undefined) return undefined;
  try {
    journal.finish(id, isDone ? 'done' : 'failed', results);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

/**
 * What the group has committed at the rows' partitions.
 *
 * @throws {HumanError} without it there would be no way back, so nothing is changed.
 */
async function positionsNow(
  cluster: Cluster,
  type: GroupType | undefined,
  group: string,
  rows: readonly PlannedRow[],
  signal: AbortSignal | undefined,
): Promise<Map<PlannedRow, Commit | undefined>> {
  return lookUntil(
    async () => {
      const commits = await readCommits(cluster, type, group, signal);
      if ('failure' in commits) throw unreadable(commits.failure.message);
      return new Map(rows.map((row) => [row, valueOf(commits.value, row)]));
    },
    (now) => rows.every((row) => isWhereItWas(row, now.get(row))),
    { withinMs: followedWithinMs, signal },
  );
}

function valueOf(commits: CommitFacts, { topic, partition }: TopicPartition): Commit | undefined {
  const fact: Fact<Commit> | undefined = commits.get(topic)?.get(partition);
  if (fact !== undefined && 'failure' in fact) throw unreadable(fact.failure.message);
  return fact?.value;
}

function unreadable(why: string): HumanError {
  return new HumanError(why, t('Without the present commits there is no way back: nothing was changed.'));
}

function isWhereItWas({ before }: PlanRow, now: Commit | undefined): boolean {
  return 'value' in before && before.value?.offset === now?.offset;
}

function movedResult({ topic, partition }: PlanRow, now: Commit | undefined): RowResult {
  const message =
    now === undefined
      ? t('Its commit is gone since the plan was made: not written.')
      : t('It has moved to {0} since the plan was made: not written.', String(now.offset));
  return { topic, partition, outcome: 'moved', message, code: undefined, isRead: true, found: now?.offset };
}

/** Sends, reads back, and sends again only what certainly was not done while the group is still empty. */
async function writeAll(
  cluster: Cluster,
  group: string,
  type: GroupType | undefined,
  rows: readonly Write[],
  before: ReadonlyMap<Write, Commit | undefined>,
  signal: AbortSignal | undefined,
): Promise<Map<Write, RowResult>> {
  const results = new Map<Write, RowResult>();
  // To delete what is not there is done already.
  const isDoneAlready = (row: Write): boolean => row.after.kind === 'delete' && before.get(row) === undefined;
  for (const row of rows.filter(isDoneAlready)) results.set(row, { ...resultOf(row, 'done'), isRead: true });
  let pending = rows.filter((row) => !isDoneAlready(row));
  for (let attempt = 1; pending.length > 0; attempt++) {
    const replies = await sendWrites(cluster, group, type, pending).catch((error: unknown): Map<Write, Reply> => {
      // Something unforeseen must not leave the change without its results.
      const failure = { kind: 'error', message: messageOf(error) } as const;
      return new Map(pending.map((row) => [row, { kind: 'unknown', failure }]));
    });
    const isLast = attempt === attempts || signal?.aborted === true;
    const { settled, again } = await verify(cluster, group, type, replies, before, isLast);
    for (const [row, result] of settled) results.set(row, result);
    pending = again;
    if (pending.length > 0) await delay(betweenMs, undefined);
  }
  return results;
}

function resultOf({ topic, partition }: TopicPartition, outcome: RowResult['outcome']): RowResult {
  return { topic, partition, outcome, message: undefined, code: undefined, isRead: false, found: undefined };
}
