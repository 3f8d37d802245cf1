import type { Failure } from './facts.ts';
import { failureOfCode, kafkaError } from './failures.ts';
import type { MetadataResponse, MetadataResponseTopic } from './protocol/generated/metadata.ts';

export interface Broker {
  readonly id: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
}

export interface PartitionMetadata {
  readonly partition: number;
  /** Broker id, or -1 where no leader is elected. */
  readonly leader: number;
  /** -1 where the broker does not tell (Metadata before version 7). */
  readonly leaderEpoch: number;
  readonly replicas: readonly number[];
  readonly inSync: readonly number[];
  readonly offline: readonly number[];
}

export interface TopicMetadata {
  readonly name: string;
  /** Base64 as Kafka prints it; undefined where the broker has no topic ids (Metadata before version 10). */
  readonly id: string | undefined;
  readonly internal: boolean;
  /** By number. */
  readonly partitions: readonly PartitionMetadata[];
  readonly failure?: Failure;
}

export interface ClusterMetadata {
  readonly clusterId: string | undefined;
  readonly controllerId: number | undefined;
  /** By id. */
  readonly brokers: readonly Broker[];
  /** By name; topics that were asked for and do not exist have their failure. */
  readonly topics: ReadonlyMap<string, TopicMetadata>;
  /** Milliseconds since 1970 on this machine's clock, when the answer came. */
  readonly takenAt: number;
}

const noTopicId = 'AAAAAAAAAAAAAAAAAAAAAA';

/**
 * What a broker answered, in the product's terms.
 *
 * @throws {KafkaError} where the answer as a whole is an error.
 */
export function metadataOf(response: MetadataResponse, takenAt: number): ClusterMetadata {
  if (response.errorCode !== 0) throw kafkaError(response.errorCode, 'Metadata of the cluster');
  const brokers = response.brokers.map(({ nodeId, host, port, rack }) => ({ id: nodeId, host, port, rack }));
  const topics = response.topics.map(topicOf).sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    clusterId: response.clusterId ?? undefined,
    controllerId: response.controllerId < 0 ? undefined : response.controllerId,
    brokers: brokers.sort((a, b) => a.id - b.id),
    topics: new Map(topics.map((topic) => [topic.name, topic])),
    takenAt,
  };
}

function topicOf(topic: MetadataResponseTopic): TopicMetadata {
  const name = topic.name ?? '';
  const partitions = topic.partitions.map((partition) => ({
    partition: partition.partitionIndex,
    leader: partition.leaderId,
    leaderEpoch: partition.leaderEpoch,
    replicas: partition.replicaNodes,
    inSync: partition.isrNodes,
    offline: partition.offlineReplicas,
  }));
  return {
    name,
    id: topic.topicId === noTopicId ? undefined : topic.topicId,
    internal: topic.isInternal,
    partitions: partitions.sort((a, b) => a.partition - b.partition),
    ...(topic.errorCode === 0 ? {} : { failure: failureOfCode(topic.errorCode, `Topic ${name}`) }),
  };
}

/** Partitions are mostly listed in order, so that their index is their number. */
export function partitionOf(topic: TopicMetadata, partition: number): PartitionMetadata | undefined {
  const guess = topic.partitions[partition];
  return guess?.partition === partition ? guess : topic.partitions.find((p) => p.partition === partition);
}

/** The newest that is known of brokers and topics. */
export class MetadataCache {
  #newest: ClusterMetadata | undefined;
  #all: ClusterMetadata | undefined;
  readonly #topics = new Map<string, { readonly topic: TopicMetadata; readonly takenAt: number }>();

  /** Brokers, controller and cluster id of the newest answer; its topics are those that were asked for then. */
  get newest(): ClusterMetadata | undefined {
    return this.#newest;
  }

  get brokers(): readonly Broker[] {
    return this.#newest?.brokers ?? [];
  }

  add(metadata: ClusterMetadata, asked: readonly string[] | 'all'): void {
    // The last to come, not the one with the latest time: a clock can be set back.
    this.#newest = metadata;
    if (asked === 'all') {
      this.#all = metadata;
      this.#topics.clear();
    }
    for (const topic of metadata.topics.values()) this.#topics.set(topic.name, { topic, takenAt: metadata.takenAt });
  }

  /** What is known of these topics, if all of it was learned at or after `since` (milliseconds since 1970). */
  find(topics: readonly string[] | 'all', since: number): ClusterMetadata | undefined {
    const newest = this.#newest;
    if (newest === undefined || newest.takenAt < since) return undefined;
    if (topics === 'all') return this.#all !== undefined && this.#all.takenAt >= since ? this.#all : undefined;
    const found = new Map<string, TopicMetadata>();
    let takenAt = newest.takenAt;
    for (const name of topics) {
      const known = this.#topics.get(name);
      if (known === undefined || known.takenAt < since) return undefined;
      found.set(name, known.topic);
      takenAt = Math.min(takenAt, known.takenAt);
    }
    return { ...newest, topics: found, takenAt };
  }

  topic(name: string): TopicMetadata | undefined {
    return this.#topics.get(name)?.topic;
  }
}
