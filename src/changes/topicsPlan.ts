import type { Snapshot } from '../groups/snapshot.ts';
import type { Cluster } from '../kafka/cluster.ts';
import { failureOf, kafkaError } from '../kafka/failures.ts';
import { createPartitions } from '../kafka/protocol/generated/createPartitions.ts';
import type { CreatableTopic } from '../kafka/protocol/generated/createTopics.ts';
import { HumanError, isCancelled, throwIfCancelled } from '../shared/errors.ts';
import { partitionCount, recordCount } from '../shared/counted.ts';
import { formatCount } from '../shared/format.ts';
import { t } from '../shared/l10n.ts';
import { visibleText } from '../shared/visibleText.ts';
import { fetchLogOffsets } from '../watch/collect/logOffsets.ts';
import { describeConfigs } from './configs.ts';
import { itemsOf } from './configsList.ts';
import { readersOfTopic, readersText, unreadLosses } from './topicsEffects.ts';
import { topicRefusal } from './topicsRefusals.ts';

/** How long a controller may take, milliseconds. */
export const controllerMs = 25_000;

interface PlanBase {
  readonly topic: string;
  /** What will happen, and what it does to groups: a sentence each. */
  readonly sentences: readonly string[];
  /** Why it cannot be done. */
  readonly problem: string | undefined;
}

export type TopicPlan =
  | (PlanBase & { readonly kind: 'create-topic'; readonly request: CreatableTopic })
  | (PlanBase & {
      readonly kind: 'delete-topic';
      readonly partitions: number;
      readonly replicationFactor: number;
      /** Base64; a topic that was made anew meanwhile has another. */
      readonly id: string | undefined;
    })
  | (PlanBase & { readonly kind: 'add-partitions'; readonly from: number; readonly to: number })
  | (PlanBase & { readonly kind: 'delete-records'; readonly rows: readonly DeleteRecordsRow[] });

export interface DeleteRecordsRow {
  readonly partition: number;
  readonly start: bigint;
  readonly end: bigint;
  /** The partition starts here afterwards. */
  readonly to: bigint;
}

/** @throws {HumanError} there is no such topic, or it may not be seen. @throws {CancelledError} */
export async function planDeleteTopic(
  cluster: Cluster,
  topic: string,
  snapshot: Snapshot | undefined,
  signal?: AbortSignal,
): Promise<TopicPlan & { kind: 'delete-topic' }> {
  const { partitions, id, internal } = await topicNow(cluster, topic, signal);
  const readers = snapshot === undefined ? undefined : readersOfTopic(snapshot, topic);
  const live = readers?.filter(({ members }) => members > 0) ?? [];
  const sentences = [
    t(
      'Deletes topic {0} with all records of {1}. This cannot be undone.',
      visibleText(topic),
      partitionCount(partitions.length),
    ),
    ...groupSentences(readers, (some) => t('Commits of groups there are deleted with it: {0}.', readersText(some))),
    ...(live.length === 0
      ? []
      : [
          t(
            'Running members get errors (UNKNOWN_TOPIC_OR_PARTITION), and where brokers make topics by themselves may bring it back empty: {0}.',
            readersText(live),
          ),
        ]),
  ];
  const problem = internal
    ? t('{0} is one of Kafka’s own topics: groups or transactions would lose all they know.', topic)
    : undefined;
  const replicationFactor = partitions[0]?.replicas.length ?? 0;
  return { kind: 'delete-topic', topic, partitions: partitions.length, replicationFactor, id, sentences, problem };
}

/** Kafka checks it without doing it (`validateOnly`). @throws {HumanError} @throws {CancelledError} */
export async function planAddPartitions(
  cluster: Cluster,
  topic: string,
  to: number,
  snapshot: Snapshot | undefined,
  signal?: AbortSignal,
): Promise<TopicPlan & { kind: 'add-partitions' }> {
  const { partitions } = await topicNow(cluster, topic, signal);
  const from = partitions.length;
  const base = { kind: 'add-partitions', topic, from, to } as const;
  if (to <= from) {
    const problem = t('{0} has {1}; Kafka can add some, and take none away.', visibleText(topic), partitionCount(from));
    return { ...base, sentences: [], problem };
  }
  try {
    const { results } = await cluster.send(
      'controller',
      createPartitions,
      { topics: [{ name: topic, count: to, assignments: null }], timeoutMs: controllerMs, validateOnly: true },
      { signal },
    );
    const failure = topicRefusal(results[0]?.errorCode ?? -1, results[0]?.errorMessage ?? null, topic);
    if (failure !== undefined) return { ...base, sentences: [], problem: failure.message };
  } catch (error) {
    if (isCancelled(error)) throw error;
    return { ...base, sentences: [], problem: failureOf(error).message };
  }
  const readers = snapshot === undefined ? undefined : readersOfTopic(snapshot, topic);
  const sentences = [
    t(
      'Adds {0} to {1}, which then has {2}. Kafka cannot take partitions away again.',
      partitionCount(to - from),
      visibleText(topic),
      formatCount(to),
    ),
    t(
      'Keys move: from then on most keys are written to another partition than before, and the order of a key’s records across the change is lost.',
    ),
    t('Records that are there stay where they are; compaction does not see that a key is in two partitions.'),
    ...groupSentences(readers, (some) =>
      t('These groups rebalance to take the new partitions: {0}.', readersText(some)),
    ),
    t(
      'A consumer with auto.offset.reset=latest may miss the first records of a new partition, since it has no commit there.',
    ),
  ];
  return { ...base, sentences, problem: undefined };
}

/**
 * @param before partition -> offset before which records go; `end`: all. Partitions left out keep theirs.
 * @throws {HumanError} there is no such topic, or its offsets cannot be read. @throws {CancelledError}
 */
export async function planDeleteRecords(
  cluster: Cluster,
  topic: string,
  before: ReadonlyMap<number, bigint | 'end'>,
  snapshot: Snapshot | undefined,
  signal?: AbortSignal,
): Promise<TopicPlan & { kind: 'delete-records' }> {
  const { partitions, internal } = await topicNow(cluster, topic, signal);
  const asked = partitions
    .filter(({ partition }) => before.has(partition))
    .map(({ partition }) => ({ topic, partition }));
  const found = (await fetchLogOffsets(cluster, asked, signal)).get(topic);
  const rows = asked.map(({ partition }): DeleteRecordsRow => {
    const bounds = found?.get(partition);
    const facts = [bounds?.start, bounds?.end];
    const failed = facts.find((fact) => fact === undefined || 'failure' in fact);
    if (failed !== undefined || bounds === undefined || !('value' in bounds.start) || !('value' in bounds.end)) {
      const why = failed !== undefined && 'failure' in failed ? failed.failure.message : `${topic}-${partition}`;
      throw new HumanError(why, t('Without its offsets it cannot be said what would be lost.'));
    }
    const [start, end] = [bounds.start.value, bounds.end.value];
    const wanted = before.get(partition)!;
    const to = wanted === 'end' || wanted > end ? end : wanted < start ? start : wanted;
    return { partition, start, end, to };
  });
  const gone = rows.reduce((sum, { start, to }) => sum + (to - start), 0n);
  const offsets = new Map(rows.map(({ partition, start, to }) => [partition, { start, to }]));
  const losses = snapshot === undefined ? undefined : unreadLosses(snapshot, topic, offsets);
  const base = { kind: 'delete-records', topic, rows } as const;
  if (gone === 0n) return { ...base, sentences: [], problem: t('There is nothing before these offsets.') };
  const [first] = rows;
  const where =
    rows.length === 1 && first !== undefined
      ? t('partition {0}, before offset {1}', first.partition, formatCount(first.to))
      : partitionCount(rows.length);
  const sentences = [
    t('Deletes up to {0} of {1}: {2}. This cannot be undone.', recordCount(gone), visibleText(topic), where),
    ...(losses === undefined
      ? [t('Which groups have not read them is not known.')]
      : losses.length === 0
        ? [t('No group that has committed there loses unread records.')]
        : losses
            .slice(0, 5)
            .map(({ group, records }) =>
              t(
                'Group {0} has not read {1} of them: it loses them, and goes on at the new start.',
                visibleText(group),
                formatCount(records),
              ),
            )),
    ...(losses !== undefined && losses.length > 5 ? [t('{0} more groups lose records.', losses.length - 5)] : []),
    t('A consumer without a commit there, or with one before the new start, begins by its auto.offset.reset.'),
  ];
  const problem = internal
    ? t('{0} is one of Kafka’s own topics: groups or transactions would lose all they know.', topic)
    : await onlyCompacted(cluster, topic, signal);
  return { ...base, sentences, problem };
}

/** Kafka deletes records only where the topic's policy deletes any (DeleteRecordsRequest answers POLICY_VIOLATION). @throws {CancelledError} */
async function onlyCompacted(
  cluster: Cluster,
  topic: string,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const name = 'cleanup.policy';
  // Who may delete records may not always see configurations: then the broker says it later.
  const configs = await describeConfigs(cluster, { kind: 'topic', name: topic }, { signal, names: [name] }).catch(
    () => [],
  );
  throwIfCancelled(signal);
  const policy = configs.find((config) => config.name === name)?.value;
  if (policy === undefined || itemsOf(policy).includes('delete')) return undefined;
  return t(
    'Kafka deletes no records of {0}, since its {1} is "{2}". Add delete to it first.',
    visibleText(topic),
    name,
    policy,
  );
}

function groupSentences(
  readers: ReturnType<typeof readersOfTopic> | undefined,
  say: (some: ReturnType<typeof readersOfTopic>) => string,
): string[] {
  if (readers === undefined) return [t('Which groups read it is not known.')];
  return readers.length === 0 ? [t('No group reads it.')] : [say(readers)];
}

/** @throws {KafkaError} */
export async function topicNow(
  cluster: Cluster,
  topic: string,
  signal?: AbortSignal,
): Promise<NonNullable<ReturnType<Awaited<ReturnType<Cluster['metadata']>>['topics']['get']>>> {
  const found = (await cluster.metadata({ topics: [topic], signal })).topics.get(topic);
  if (found === undefined) throw kafkaError(-1, t('Topic {0}', topic));
  if (found.failure !== undefined) throw new HumanError(found.failure.message);
  return found;
}
