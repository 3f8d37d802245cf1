import type { Cluster } from '../kafka/cluster.ts';
import { byTopic, type Failure } from '../kafka/facts.ts';
import { createPartitions } from '../kafka/protocol/generated/createPartitions.ts';
import { createTopics } from '../kafka/protocol/generated/createTopics.ts';
import { deleteRecords } from '../kafka/protocol/generated/deleteRecords.ts';
import { deleteTopics } from '../kafka/protocol/generated/deleteTopics.ts';
import { failureOfCode } from '../kafka/failures.ts';
import { HumanError, throwIfCancelled } from '../shared/errors.ts';
import { partitionCount } from '../shared/counted.ts';
import { t } from '../shared/l10n.ts';
import { fetchLogOffsets } from '../watch/collect/logOffsets.ts';
import { describeConfigs } from './configs.ts';
import { finish, type ExecuteOptions } from './execute.ts';
import type { Json } from './journal/entry.ts';
import { lookUntil } from './lookUntil.ts';
import type { Outcome, RowResult } from './results.ts';
import type { Sent } from './sendOnce.ts';
import { changeTimeoutMs, sendToBroker } from './sendToBroker.ts';
import { controllerMs, topicNow, type TopicPlan } from './topicsPlan.ts';
import { topicRefusal } from './topicsRefusals.ts';

export interface TopicExecution {
  /** Id of its entry in the journal. */
  readonly id: string | undefined;
  readonly outcome: Outcome;
  /** What to say of it where it is not done. */
  readonly message: string | undefined;
  /** Of each partition whose records were deleted, `found` its new start; else empty. */
  readonly results: readonly RowResult[];
  /** Why the results could not be written down. */
  readonly unrecorded: string | undefined;
}

type Options = Pick<ExecuteOptions, 'cluster' | 'journal' | 'signal'>;
type Answer = { readonly kind: 'accepted' | 'refused' | 'unsent' | 'unknown'; readonly failure?: Failure | undefined };

const outcomes = { refused: 'refused', unsent: 'not-sent', unknown: 'unknown' } as const;

/**
 * Makes a plan true, once: written down, sent, and looked at again. None of these changes can be undone.
 *
 * @throws {HumanError} nothing was changed, and why. @throws {CancelledError} nothing was changed.
 */
export async function executeTopicPlan(cluster: Cluster, plan: TopicPlan, options: Options): Promise<TopicExecution> {
  if (plan.problem !== undefined) throw new HumanError(plan.problem);
  const details = await detailsOf(cluster, plan, options.signal);
  throwIfCancelled(options.signal);
  const id = options.journal?.begin({
    cluster: options.cluster,
    clusterId: cluster.clusterId,
    kind: plan.kind,
    subject: plan.topic,
    groupType: undefined,
    positions: [],
    details,
  });
  if (plan.kind === 'delete-records') {
    const results = await deleteAll(cluster, plan);
    const bad = results.find(({ outcome }) => outcome !== 'done');
    const unrecorded = finish(options.journal, id, results);
    return { id, outcome: bad?.outcome ?? 'done', message: bad?.message, results, unrecorded };
  }
  const answer = await send(cluster, plan);
  const isThere = await settled(cluster, plan, answer);
  const outcome = isThere ? 'done' : answer.kind === 'accepted' ? 'unknown' : outcomes[answer.kind];
  const message = isThere
    ? undefined
    : (answer.failure?.message ?? t('The broker accepted it, and it is not to be seen yet. Look again in a moment.'));
  return { id, outcome, message, results: [], unrecorded: finish(options.journal, id, [], outcome === 'done') };
}

/** What the journal keeps: of what is deleted, so much that it can be made again by hand. */
async function detailsOf(cluster: Cluster, plan: TopicPlan, signal: AbortSignal | undefined): Promise<Json> {
  switch (plan.kind) {
    case 'create-topic': {
      const { numPartitions, replicationFactor, configs } = plan.request;
      return {
        partitions: numPartitions,
        replicationFactor,
        configs: Object.fromEntries(configs.map(({ name, value }) => [name, value])),
      };
    }
    case 'delete-topic': {
      const now = await topicNow(cluster, plan.topic, signal);
      if (now.id !== plan.id) {
        throw new HumanError(
          t('Topic {0} was made anew since the plan was made.', plan.topic),
          t('Plan again; nothing was changed.'),
        );
      }
      // Who may delete a topic may not always see its configurations.
      const configs = await describeConfigs(cluster, { kind: 'topic', name: plan.topic }, { signal }).catch(() => []);
      throwIfCancelled(signal);
      const own = configs.filter(({ source }) => source === 'topic').map(({ name, value }) => [name, value ?? null]);
      return {
        partitions: plan.partitions,
        replicationFactor: plan.replicationFactor,
        configs: Object.fromEntries(own) as Json,
      };
    }
    case 'add-partitions': {
      const { partitions } = await topicNow(cluster, plan.topic, signal);
      if (partitions.length !== plan.from) {
        throw new HumanError(
          t('Topic {0} has {1} by now.', plan.topic, partitionCount(partitions.length)),
          t('Plan again; nothing was changed.'),
        );
      }
      return { from: plan.from, to: plan.to };
    }
    case 'delete-records':
      return {
        partitions: plan.rows.map(({ partition, start, to }) => ({
          partition,
          start: String(start),
          to: String(to),
        })),
      };
  }
}

async function send(cluster: Cluster, plan: Exclude<TopicPlan, { kind: 'delete-records' }>): Promise<Answer> {
  const { topic } = plan;
  const timeoutMs = controllerMs;
  switch (plan.kind) {
    case 'create-topic': {
      const isDefault = plan.request.numPartitions < 0 || plan.request.replicationFactor < 0;
      const sent = await sendToBroker(
        cluster,
        'controller',
        createTopics,
        () => ({ topics: [plan.request], timeoutMs, validateOnly: false }),
        isDefault ? { minVersion: 4 } : {},
      );
      return read(sent, ({ topics }) => topics[0], topic);
    }
    case 'delete-topic': {
      const sent = await sendToBroker(cluster, 'controller', deleteTopics, (version) =>
        version >= 6
          ? { topics: [{ name: topic, topicId: noTopicId }], timeoutMs }
          : { topicNames: [topic], timeoutMs },
      );
      return read(sent, ({ responses }) => responses[0], topic);
    }
    case 'add-partitions': {
      const sent = await sendToBroker(cluster, 'controller', createPartitions, () => ({
        topics: [{ name: topic, count: plan.to, assignments: null }],
        timeoutMs,
        validateOnly: false,
      }));
      return read(sent, ({ results }) => results[0], topic);
    }
  }
}

/** The zero UUID: the topic is named by name. */
const noTopicId = 'AAAAAAAAAAAAAAAAAAAAAA';

function read<Response>(
  sent: Sent<Response>,
  of: (response: Response) => { readonly errorCode: number; readonly errorMessage: string | null } | undefined,
  topic: string,
): Answer {
  if (sent.kind !== 'answered') return sent;
  const answer = of(sent.value);
  const failure = topicRefusal(answer?.errorCode ?? -1, answer?.errorMessage ?? null, topic);
  if (failure === undefined) return { kind: 'accepted' };
  return { kind: failure.code === 'REQUEST_TIMED_OUT' ? 'unknown' : 'refused', failure };
}

/** Whether what was planned is to be seen. */
async function settled(cluster: Cluster, plan: TopicPlan, { kind }: Answer): Promise<boolean> {
  if (kind === 'refused' || kind === 'unsent') return false;
  return lookUntil(
    () => isThere(cluster, plan),
    (there) => there,
  );
}

async function isThere(cluster: Cluster, plan: TopicPlan): Promise<boolean> {
  try {
    const found = (await cluster.metadata({ topics: [plan.topic] })).topics.get(plan.topic);
    const partitions = found?.failure === undefined ? (found?.partitions ?? []) : undefined;
    switch (plan.kind) {
      case 'delete-topic':
        // One that a consumer brought back at once has another id.
        return found?.failure?.kind === 'missing' || (plan.id !== undefined && found?.id !== plan.id);
      case 'add-partitions':
        return partitions?.length === plan.to;
      case 'create-topic':
        return partitions !== undefined && partitions.length > 0;
      case 'delete-records':
        return false;
    }
  } catch {
    // A broker that cannot be asked now may answer the next time.
    return false;
  }
}

async function deleteAll(
  cluster: Cluster,
  { topic, rows }: TopicPlan & { kind: 'delete-records' },
): Promise<RowResult[]> {
  const toDo = rows.filter(({ start, to }) => to > start);
  const answers = await cluster.toLeaders(
    toDo.map(({ partition, to }) => ({ topic, partition, offset: to })),
    {
      api: deleteRecords,
      timeoutMs: changeTimeoutMs,
      // To delete before the same offset twice is to delete it once.
      request: (some) => ({
        topics: Array.from(byTopic(some), ([name, same]) => ({
          name,
          partitions: same.map(({ partition, offset }) => ({ partitionIndex: partition, offset })),
        })),
        timeoutMs: controllerMs,
      }),
      read: function* ({ topics }) {
        for (const { name, partitions } of topics) {
          for (const { partitionIndex, errorCode, lowWatermark } of partitions) {
            yield [name, partitionIndex, { errorCode, value: lowWatermark }];
          }
        }
      },
    },
  );
  const starts = await fetchLogOffsets(
    cluster,
    toDo.map(({ partition }) => ({ topic, partition })),
  );
  return toDo.map(({ partition, to }): RowResult => {
    const start = starts.get(topic)?.get(partition)?.start;
    const found = start !== undefined && 'value' in start ? start.value : undefined;
    const base = { topic, partition, isRead: found !== undefined, found, message: undefined, code: undefined };
    if (found !== undefined && found >= to) return { ...base, outcome: 'done' };
    const answer = answers.get(topic)?.get(partition);
    const failure =
      answer !== undefined && 'failure' in answer
        ? answer.failure
        : failureOfCode(-1, `${topic}-${partition}`, t('it still starts before that offset'));
    const isRefused = failure.code !== undefined && failure.code !== 'REQUEST_TIMED_OUT';
    const { message, code } = failure;
    return { ...base, outcome: isRefused ? 'refused' : 'unknown', message, code };
  });
}
