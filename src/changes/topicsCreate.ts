import type { Snapshot } from '../groups/snapshot.ts';
import type { Cluster } from '../kafka/cluster.ts';
import { failureOf } from '../kafka/failures.ts';
import { createPartitions } from '../kafka/protocol/generated/createPartitions.ts';
import { createTopics, type CreatableTopic } from '../kafka/protocol/generated/createTopics.ts';
import { isCancelled } from '../shared/errors.ts';
import { partitionCount, replicaCount } from '../shared/counted.ts';
import { t } from '../shared/l10n.ts';
import { visibleText } from '../shared/visibleText.ts';
import { readersOfTopic, readersText } from './topicsEffects.ts';
import { controllerMs, type TopicPlan } from './topicsPlan.ts';
import { topicRefusal } from './topicsRefusals.ts';

export interface NewTopic {
  readonly name: string;
  /** undefined: as the brokers' num.partitions and default.replication.factor say (KIP-464). */
  readonly partitions: number | undefined;
  readonly replicationFactor: number | undefined;
  readonly configs: Readonly<Record<string, string>>;
}

/** Kafka checks the topic without making it (`validateOnly`). @throws {CancelledError} */
export async function planCreateTopic(
  cluster: Cluster,
  topic: NewTopic,
  snapshot: Snapshot | undefined,
  signal?: AbortSignal,
): Promise<TopicPlan & { kind: 'create-topic' }> {
  const request: CreatableTopic = {
    name: topic.name,
    numPartitions: topic.partitions ?? -1,
    replicationFactor: topic.replicationFactor ?? -1,
    assignments: [],
    configs: Object.entries(topic.configs).map(([name, value]) => ({ name, value })),
  };
  const base = { kind: 'create-topic', topic: topic.name, request } as const;
  const waiting = snapshot === undefined ? [] : readersOfTopic(snapshot, topic.name);
  const old =
    waiting.length === 0
      ? []
      : [
          t(
            'Groups have commits or members of an earlier topic of this name: {0}. Old commits would count for the new one.',
            readersText(waiting),
          ),
        ];
  try {
    if (!(await checksOnly(cluster, signal))) return await uncheckedCreate(cluster, base, old, signal);
    // The defaults of the brokers are taken since version 4.
    const minVersion = topic.partitions === undefined || topic.replicationFactor === undefined ? 4 : undefined;
    const { topics } = await cluster.send(
      'controller',
      createTopics,
      { topics: [request], timeoutMs: controllerMs, validateOnly: true },
      { signal, minVersion },
    );
    const [answer] = topics;
    const failure = topicRefusal(answer?.errorCode ?? -1, answer?.errorMessage ?? null, topic.name);
    if (failure !== undefined) return { ...base, sentences: [], problem: failure.message };
    // Answers tell what the topic would get since version 5.
    const partitions = (answer?.numPartitions ?? -1) > 0 ? answer!.numPartitions : topic.partitions;
    const replicas = (answer?.replicationFactor ?? -1) > 0 ? answer!.replicationFactor : topic.replicationFactor;
    const made = t(
      'Makes topic {0} with {1}, {2} each.',
      visibleText(topic.name),
      partitions === undefined ? t('the default number of partitions') : partitionCount(partitions),
      replicas === undefined ? t('the default number of replicas') : replicaCount(replicas),
    );
    const sentences = [
      made,
      ...(replicas === 1 ? [t('With one replica, a broker that is down stops the consumers of its partitions.')] : []),
      ...old,
    ];
    return { ...base, sentences, problem: undefined };
  } catch (error) {
    if (isCancelled(error)) throw error;
    return { ...base, sentences: [], problem: failureOf(error).message };
  }
}

/**
 * Whether `validateOnly` is heeded. The KRaft preview of Kafka 2.8 makes the topic all the same; it is known by having no
 * CreatePartitions yet.
 */
async function checksOnly(cluster: Cluster, signal: AbortSignal | undefined): Promise<boolean> {
  return (await cluster.versionOf('controller', createPartitions, { signal })) !== undefined;
}

async function uncheckedCreate(
  cluster: Cluster,
  base: { readonly kind: 'create-topic'; readonly topic: string; readonly request: CreatableTopic },
  old: readonly string[],
  signal: AbortSignal | undefined,
): Promise<TopicPlan & { kind: 'create-topic' }> {
  const { topic } = base;
  const failure = (await cluster.metadata({ topics: [topic], signal })).topics.get(topic)?.failure;
  if (failure === undefined) return { ...base, sentences: [], problem: t('Topic {0} exists already.', topic) };
  if (failure.kind !== 'missing') return { ...base, sentences: [], problem: failure.message };
  const made = t('Makes topic {0}. This Kafka cannot check it without making it.', visibleText(topic));
  return { ...base, sentences: [made, ...old], problem: undefined };
}
