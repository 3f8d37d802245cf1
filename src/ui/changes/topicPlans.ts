import { topicsCommand } from '../../changes/topicsCommand.ts';
import { readersOfTopic, unreadLosses, type TopicReader } from '../../changes/topicsEffects.ts';
import { executeTopicPlan } from '../../changes/topicsExecute.ts';
import { planAddPartitions, planDeleteRecords, planDeleteTopic, type TopicPlan } from '../../changes/topicsPlan.ts';
import type { Snapshot } from '../../groups/snapshot.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { HumanError, isCancelled, messageOf, throwIfCancelled } from '../../shared/errors.ts';
import { formatCount } from '../../shared/format.ts';
import { t } from '../../shared/l10n.ts';
import { visibleText } from '../../shared/visibleText.ts';
import type { ChangeItem, TopicChangeRequest } from '../panels/change/protocol.ts';
import { partitionCount } from '../../shared/counted.ts';
import { itemKey, type Executed, type ExecuteContext, type ItemResult, type PlannedChange } from './planned.ts';

export interface TopicPlansOptions {
  readonly bootstrap: string;
  /** What the groups do now; undefined where they cannot be asked. */
  readonly snapshot: () => Promise<Snapshot | undefined>;
  readonly signal?: AbortSignal | undefined;
}

/** A topic of the change: its plan, or why there is none, with the rows that its outcome is shown in. */
interface Part {
  readonly topic: string;
  readonly plan: TopicPlan | undefined;
  readonly problem: string | undefined;
  readonly items: readonly ChangeItem[];
}

/** Deleting, widening and emptying topics as changes: the rows say whom they touch. @throws {HumanError} @throws {CancelledError} */
export async function planTopicChange(
  kafka: Cluster,
  request: TopicChangeRequest,
  { bootstrap, snapshot: read, signal }: TopicPlansOptions,
): Promise<PlannedChange> {
  const { cluster } = request;
  const snapshot = await read();
  switch (request.kind) {
    case 'delete-topics': {
      const parts: Part[] = [];
      for (const topic of request.topics) parts.push(await deletionOf(kafka, topic, snapshot, signal));
      const [only] = request.topics;
      return changeOf(parts, cluster, bootstrap, {
        of: 'topics',
        action: t('Delete'),
        subject: request.topics.length === 1 ? only! : cluster,
        question:
          request.topics.length === 1
            ? t('Delete topic {0} of {1}?', visibleText(only!), cluster)
            : t('Delete {0} topics of {1}?', formatCount(request.topics.length), cluster),
      });
    }
    case 'add-partitions': {
      const { topic, to } = request;
      const plan = await planAddPartitions(kafka, topic, to, snapshot, signal);
      return changeOf([partOf(plan, readerItems(topic, snapshot))], cluster, bootstrap, {
        of: 'topics',
        action: t('Add partitions'),
        subject: topic,
        question: t('Add partitions to {0} on {1}?', visibleText(topic), cluster),
      });
    }
    case 'delete-records': {
      const { topic } = request;
      const before = new Map<number, bigint | 'end'>(
        request.before.map(({ partition, offset }) => [partition, offset === undefined ? 'end' : BigInt(offset)]),
      );
      const plan = await planDeleteRecords(kafka, topic, before, snapshot, signal);
      return changeOf([partOf(plan, recordItems(plan, snapshot))], cluster, bootstrap, {
        of: 'records',
        action: t('Delete records'),
        subject: topic,
        question: t('Delete records of {0} on {1}?', visibleText(topic), cluster),
      });
    }
  }
}

async function deletionOf(
  kafka: Cluster,
  topic: string,
  snapshot: Snapshot | undefined,
  signal: AbortSignal | undefined,
): Promise<Part> {
  const items = readerItems(topic, snapshot);
  try {
    return partOf(await planDeleteTopic(kafka, topic, snapshot, signal), items);
  } catch (error) {
    if (!(error instanceof HumanError)) throw error;
    // Of several, one that is gone keeps none of the others.
    return withProblem({ topic, plan: undefined, problem: error.message, items });
  }
}

function partOf(plan: TopicPlan, items: readonly ChangeItem[]): Part {
  const part = { topic: plan.topic, plan, problem: plan.problem, items };
  return plan.problem === undefined ? part : withProblem(part);
}

function withProblem(part: Part): Part {
  return { ...part, items: part.items.map((item) => ({ ...item, error: part.problem })) };
}

/** A row for each group that reads the topic; one without a group where nobody does. */
function readerItems(topic: string, snapshot: Snapshot | undefined): ChangeItem[] {
  const readers = snapshot === undefined ? [] : readersOfTopic(snapshot, topic);
  if (readers.length > 0) return readers.map((reader) => readerItem(topic, reader));
  const warning = snapshot === undefined ? t('Which groups read it is not known.') : undefined;
  return [{ key: itemKey(topic), group: '', topic, warning }];
}

function readerItem(topic: string, { group, state, members, commits, lag }: TopicReader): ChangeItem {
  return {
    key: itemKey(topic, group),
    group,
    topic,
    reader: { state, members, commits, lag: lag === undefined ? undefined : String(lag) },
  };
}

/** A row for each partition: its log start before and after, and who has not read what goes. */
function recordItems(plan: TopicPlan & { kind: 'delete-records' }, snapshot: Snapshot | undefined): ChangeItem[] {
  const { topic } = plan;
  return plan.rows.map(({ partition, start, to }) => {
    const losses =
      snapshot === undefined ? [] : unreadLosses(snapshot, topic, new Map([[partition, { start, to }]])).slice(0, 5);
    const told = losses.map(({ group, records }) =>
      t('{0} has not read {1} of them.', visibleText(group), formatCount(records)),
    );
    return {
      key: itemKey(topic, partition),
      group: '',
      topic,
      partition,
      before: String(start),
      after: String(to),
      skipped: String(to - start),
      warning: told.join(' ') || undefined,
      ...(to === start ? { error: t('There is nothing before this offset.') } : {}),
    };
  });
}

function changeOf(
  parts: readonly Part[],
  cluster: string,
  bootstrap: string,
  words: Pick<PlannedChange, 'of' | 'action' | 'subject' | 'question'>,
): PlannedChange {
  const plans = parts.flatMap(({ plan, problem }) => (plan === undefined || problem !== undefined ? [] : [plan]));
  const [first] = parts;
  return {
    ...words,
    isMany: parts.length > 1,
    sentences: parts.length === 1 ? (plans[0]?.sentences ?? []) : manySentences(parts, plans),
    refusal:
      plans.length > 0
        ? undefined
        : parts.length === 1
          ? first!.problem
          : t('None of it can be done: the rows say why.'),
    members: undefined,
    command: plans.length === 0 ? undefined : plans.map((plan) => topicsCommand(bootstrap, plan)).join('\n'),
    items: parts.flatMap(({ items }) => items),
    execute: (context) => execute(parts, cluster, context),
  };
}

function manySentences(parts: readonly Part[], plans: readonly TopicPlan[]): string[] {
  const partitions = plans.reduce((sum, plan) => sum + (plan.kind === 'delete-topic' ? plan.partitions : 0), 0);
  const usable = new Set(plans.map(({ topic }) => topic));
  const readers = parts.flatMap(({ topic, items }) => (usable.has(topic) ? items : []));
  const groups = new Set(readers.flatMap(({ group, reader }) => (reader === undefined ? [] : [group])));
  const live = readers.some(({ reader }) => (reader?.members ?? 0) > 0);
  return [
    t(
      'Deletes {0} topics with all records of {1}. This cannot be undone.',
      formatCount(plans.length),
      partitionCount(partitions),
    ),
    ...(groups.size === 0
      ? []
      : [t('Commits there are deleted with them, of groups: {0}. The rows say whose.', formatCount(groups.size))]),
    ...(live ? [t('Running members get errors (UNKNOWN_TOPIC_OR_PARTITION).')] : []),
    ...(plans.length < parts.length
      ? [t('Of {0} topics nothing can be deleted: the rows say why.', formatCount(parts.length - plans.length))]
      : []),
  ];
}

/** One topic after the other: what is refused of one does not keep the next from its own. */
async function execute(
  parts: readonly Part[],
  cluster: string,
  { cluster: kafka, journal, signal, onProgress }: ExecuteContext,
): Promise<Executed> {
  throwIfCancelled(signal);
  const results = new Map<string, ItemResult>();
  const entries: string[] = [];
  let [unrecorded, done]: [string | undefined, number] = [undefined, 0];
  const told: string[] = [];
  const toDo = parts.filter(({ plan, problem }) => plan !== undefined && problem === undefined);
  for (const [index, { topic, plan, items }] of toDo.entries()) {
    if (toDo.length > 1) onProgress(t('Topic {0} of {1}', formatCount(index + 1), formatCount(toDo.length)));
    try {
      throwIfCancelled(signal);
      const execution = await executeTopicPlan(kafka, plan!, { cluster, journal, signal });
      if (execution.id !== undefined) entries.push(execution.id);
      unrecorded ??= execution.unrecorded;
      const byPartition = new Map(execution.results.map((result) => [result.partition, result]));
      for (const { key, partition, error } of items) {
        if (error !== undefined) continue;
        const { outcome, message, found } = byPartition.get(partition ?? -1) ?? { ...execution, found: undefined };
        results.set(key, { outcome, message, found: found === undefined ? undefined : String(found) });
      }
      if (execution.outcome === 'done') done++;
      else told.push(t('{0}: {1}', visibleText(topic), execution.message ?? execution.outcome));
    } catch (error) {
      if (toDo.length === 1) throw error;
      const message = isCancelled(error) ? t('It was cancelled before.') : messageOf(error);
      for (const { key } of items) results.set(key, { outcome: 'not-sent', message });
      told.push(t('{0}: {1}', visibleText(topic), message));
    }
  }
  const good = told.length === 0;
  const said = {
    good,
    text: good
      ? toDo.length === 1
        ? t('Done, and looked at again.')
        : t('Done, and looked at again: {0} topics.', formatCount(done))
      : t('Of {0} topics, {1} done. {2}', formatCount(toDo.length), formatCount(done), told.join(' ')),
  };
  return { results, entries, canUndo: false, unrecorded, said };
}
