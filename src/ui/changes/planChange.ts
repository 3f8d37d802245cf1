import { configRecordOf } from '../../changes/configsUndo.ts';
import { planFor } from '../../changes/gather.ts';
import type { Journal, JournalEntry } from '../../changes/journal/entry.ts';
import { pastOf, restoreFor, undoFor } from '../../changes/undo.ts';
import { refused, totalsOf, type OffsetPlan, type PlanRequest, type PlanRow } from '../../groups/plan/plan.ts';
import type { Snapshot } from '../../groups/snapshot.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { HumanError } from '../../shared/errors.ts';
import { formatCount } from '../../shared/format.ts';
import { t } from '../../shared/l10n.ts';
import { visibleText } from '../../shared/visibleText.ts';
import { timeWords } from '../../shared/times.ts';
import type { ChangeRequest, CommitsOf } from '../panels/change/protocol.ts';
import { planConfigUndo } from './configUndo.ts';
import { planGroupDeletion } from './groupDeletion.ts';
import { planMemberRemoval } from './memberRemoval.ts';
import { offsetsChange, type GroupPlan } from './offsetPlans.ts';
import { commitCount, partitionCount } from '../../shared/counted.ts';
import type { PlannedChange } from './planned.ts';
import { planTopicChange } from './topicPlans.ts';

export interface PlanChangeOptions {
  readonly journal: () => Promise<Journal>;
  /** `host:port`, separated by commas, as Kafka's tools take them. */
  readonly bootstrap: string;
  /** What the groups do now; undefined where they cannot be asked. */
  readonly snapshot: () => Promise<Snapshot | undefined>;
  readonly signal?: AbortSignal;
}

/**
 * What a change would do as the cluster stands now. Nothing is written.
 *
 * @throws {HumanError} there is nothing to plan, or the cluster or the journal cannot be asked. @throws {CancelledError}
 */
export async function planChange(
  kafka: Cluster,
  request: ChangeRequest,
  { journal, bootstrap, snapshot, signal }: PlanChangeOptions,
): Promise<PlannedChange> {
  const { cluster } = request;
  switch (request.kind) {
    case 'copy':
      return planCopy(kafka, request, bootstrap, signal);
    case 'delete-offsets':
      return planOffsetDeletion(kafka, request, bootstrap, signal);
    case 'delete-groups':
      return planGroupDeletion(kafka, request.groups, { name: cluster, bootstrap }, signal);
    case 'remove-members':
      return planMemberRemoval(kafka, request.members, { name: cluster, reason: request.reason }, signal);
    case 'undo':
      return planUndo(kafka, entriesOf(await journal(), request.entries), { cluster, bootstrap }, signal);
    case 'restore': {
      const [entry] = entriesOf(await journal(), [request.entry]);
      return planRestore(kafka, entry!, { ...request, bootstrap }, signal);
    }
    case 'delete-topics':
    case 'add-partitions':
    case 'delete-records':
      return planTopicChange(kafka, request, { bootstrap, snapshot, signal });
  }
}

async function planCopy(
  kafka: Cluster,
  { cluster, from, to }: ChangeRequest & { readonly kind: 'copy' },
  bootstrap: string,
  signal: AbortSignal | undefined,
): Promise<PlannedChange> {
  const wanted: PlanRequest = { group: to, scope: { kind: 'given' }, strategy: { kind: 'group', group: from } };
  const { plan, group } = await planFor(kafka, wanted, signal);
  const replaced = plan.rows.filter(
    ({ before, after }) => after !== undefined && 'value' in before && before.value !== undefined,
  ).length;
  return offsetsChange([{ plan, group, kind: 'copy' }], {
    cluster,
    bootstrap,
    words: {
      question: t('Copy the offsets of {0} to {1} on {2}?', from, to, cluster),
      action: t('Copy'),
      subject: to,
      lead: [
        plan.type === undefined
          ? t('Makes group {0} with the offsets of {1}.', visibleText(to), visibleText(from))
          : t('Gives group {0} the offsets of {1}.', visibleText(to), visibleText(from)),
        ...(replaced > 0 ? [t('It has commits of its own: those of {0} are replaced.', partitionCount(replaced))] : []),
      ],
    },
  });
}

async function planOffsetDeletion(
  kafka: Cluster,
  { cluster, groups }: ChangeRequest & { readonly kind: 'delete-offsets' },
  bootstrap: string,
  signal: AbortSignal | undefined,
): Promise<PlannedChange> {
  const plans: GroupPlan[] = [];
  for (const each of groups) {
    const { plan, group } = await planFor(kafka, deletionOf(each), signal);
    plans.push({ plan: await withoutGone(kafka, withoutEmpty(plan, each), signal), group, kind: 'delete-offsets' });
  }
  const [first] = groups;
  const commits = plans.reduce((sum, { plan }) => sum + plan.totals.deletes, 0);
  return offsetsChange(plans, {
    cluster,
    bootstrap,
    words: {
      question:
        groups.length === 1
          ? t('Delete {0} of {1} on {2}?', commitCount(commits), first!.group, cluster)
          : t('Delete {0} commits of {1} groups on {2}?', formatCount(commits), formatCount(groups.length), cluster),
      action: t('Delete'),
      subject: groups.length === 1 ? first!.group : cluster,
      lead: [],
    },
  });
}

function deletionOf({ group, topics }: CommitsOf): PlanRequest {
  const strategy = { kind: 'delete' } as const;
  if (topics === undefined) return { group, strategy, scope: { kind: 'committed' } };
  const chosen = topics.map(({ topic, partitions }) => (partitions === undefined ? { topic } : { topic, partitions }));
  return { group, strategy, scope: { kind: 'topics', topics: chosen } };
}

/** Of a topic that was named as a whole, partitions without a commit are no matter. */
function withoutEmpty(plan: OffsetPlan, { topics }: CommitsOf): OffsetPlan {
  const whole = new Set((topics ?? []).flatMap(({ topic, partitions }) => (partitions === undefined ? [topic] : [])));
  const rows = plan.rows.filter(
    ({ topic, before }) => !whole.has(topic) || 'failure' in before || before.value !== undefined,
  );
  const refusal = rows.length === 0 ? t('Group {0} has no commits there.', plan.group) : undefined;
  return { ...plan, rows, totals: totalsOf(rows), refusal: plan.refusal ?? refusal };
}

/** OffsetDelete knows only topics that exist (UNKNOWN_TOPIC_OR_PARTITION), so that nothing is tried of those that are gone. */
async function withoutGone(kafka: Cluster, plan: OffsetPlan, signal: AbortSignal | undefined): Promise<OffsetPlan> {
  const names = [...new Set(plan.rows.map(({ topic }) => topic))];
  if (names.length === 0) return plan;
  const { topics } = await kafka.metadata({ topics: names, signal });
  const gone = new Set(names.filter((name) => topics.get(name)?.failure?.kind === 'missing'));
  if (gone.size === 0) return plan;
  const rows = plan.rows.map((row): PlanRow => {
    if (!gone.has(row.topic) || row.after === undefined) return row;
    const error = t(
      'Topic {0} is gone, and Kafka deletes commits only of topics that exist. This one goes with the group, or by itself once offsets.retention.minutes is over.',
      row.topic,
    );
    return { ...row, after: undefined, warning: undefined, error };
  });
  return { ...plan, rows, totals: totalsOf(rows) };
}

async function planUndo(
  kafka: Cluster,
  entries: readonly JournalEntry[],
  { cluster, bootstrap }: { readonly cluster: string; readonly bootstrap: string },
  signal: AbortSignal | undefined,
): Promise<PlannedChange> {
  const [first] = entries;
  if (entries.length === 1 && configRecordOf(first!) !== undefined) {
    return planConfigUndo(kafka, first!, cluster, signal);
  }
  const plans: GroupPlan[] = [];
  let moved = 0;
  for (const entry of entries) {
    const { plan, group } = await undoFor(kafka, entry, signal);
    const left = new Map(pastOf(entry).map((past) => [`${past.partition} ${past.topic}`, past.after?.offset]));
    moved += plan.rows.filter(
      ({ topic, partition, before }) => 'value' in before && before.value?.offset !== left.get(`${partition} ${topic}`),
    ).length;
    plans.push({ plan: orLostShareGroup(entry, plan), group, kind: 'undo', undoes: entry.id });
  }
  return offsetsChange(plans, {
    cluster,
    bootstrap,
    words: {
      question:
        entries.length === 1
          ? t('Undo the change of {0} on {1}?', first!.subject, cluster)
          : t('Undo {0} changes on {1}?', formatCount(entries.length), cluster),
      action: t('Undo'),
      subject: entries.length === 1 ? first!.subject : cluster,
      lead: [
        t('Back to what was there before {0}.', timeWords(first!.when)),
        ...(moved > 0
          ? [t('{0} moved since: what was committed there meanwhile is taken back, too.', partitionCount(moved))]
          : []),
      ],
    },
  });
}

/** Commits would make a consumer group of that name. */
function orLostShareGroup({ groupType, subject }: JournalEntry, plan: OffsetPlan): OffsetPlan {
  if (groupType !== 'share' || plan.type === 'share') return plan;
  const why = t(
    'Group {0} was a share group and is gone. Only its consumers make it again: start one, stop it, and undo then.',
    subject,
  );
  return refused(plan, why);
}

async function planRestore(
  kafka: Cluster,
  entry: JournalEntry,
  { cluster, group, bootstrap }: { readonly cluster: string; readonly group: string; readonly bootstrap: string },
  signal: AbortSignal | undefined,
): Promise<PlannedChange> {
  const { plan, group: now } = await restoreFor(kafka, entry, group, signal);
  const name = entry.name ?? entry.subject;
  return offsetsChange([{ plan: orLostShareGroup(entry, plan), group: now, kind: 'restore', name }], {
    cluster,
    bootstrap,
    words: {
      question: t('Restore the offsets of {0} on {1}?', group, cluster),
      action: t('Restore'),
      subject: group,
      lead: [
        t('Back to the snapshot "{0}" of {1}.', visibleText(name), timeWords(entry.when)),
        ...(group === entry.subject ? [] : [t('They were those of group {0}.', visibleText(entry.subject))]),
        ...(entry.clusterId === kafka.clusterId || entry.clusterId === undefined
          ? []
          : [t('They are of another cluster, {0}: its offsets mean other records here.', visibleText(entry.cluster))]),
      ],
    },
  });
}

function entriesOf(journal: Journal, ids: readonly string[]): JournalEntry[] {
  return ids.map((id) => {
    const entry = journal.get(id);
    if (entry === undefined) throw new HumanError(t('The change is not in the journal any more.'));
    return entry;
  });
}
