import { isCancelled } from '../shared/errors.ts';
import { Brokers, type ClusterOptions, type Target } from './brokers.ts';
import type { CallOptions, CoordinatorCall, FanOutOptions, LeaderCall, RequestFor } from './calls.ts';
import { Coordinators, type KeyType } from './coordinators.ts';
import type { ByPartition, Fact, RoutedFact, TopicPartition } from './facts.ts';
import { failureOf } from './failures.ts';
import { fanOut, type Answer } from './fanOut.ts';
import { locateLeaders } from './leaders.ts';
import type { Lane } from './lanes.ts';
import type { Broker, ClusterMetadata } from './metadata.ts';
import type { Api } from './protocol/api.ts';
import { findCoordinator } from './protocol/generated/findCoordinator.ts';
import type { ApiVersionRanges, Versioned } from './versions.ts';

export type { Answer, CallOptions, ClusterOptions, CoordinatorCall, FanOutOptions, LeaderCall, RequestFor };

const defaultRetryForMs = 10_000;

/**
 * A Kafka cluster: finds the broker that can answer, speaks the version that it knows, and keeps each broker's failure to
 * itself. Connections are made when first needed and again when they broke, so that the same `Cluster` serves on after a
 * broker, or all of them, went away and came back.
 */
export class Cluster {
  readonly #brokers: Brokers;
  readonly #coordinators = new Coordinators();

  /**
   * Tries all bootstrap servers, staggered, and learns the cluster's brokers from the first to answer.
   *
   * @throws {HumanError} within `connectTimeoutMs`, naming the cause and the next step.
   * @throws {CancelledError}
   */
  static async connect(options: ClusterOptions, signal?: AbortSignal): Promise<Cluster> {
    const brokers = new Brokers(options);
    try {
      await brokers.connect(signal);
      return new Cluster(brokers);
    } catch (error) {
      brokers.close();
      throw error;
    }
  }

  private constructor(brokers: Brokers) {
    this.#brokers = brokers;
  }

  /** As the newest metadata says. */
  get clusterId(): string | undefined {
    return this.#brokers.cache.newest?.clusterId;
  }

  /** As the newest metadata says. With KRaft it is any broker, which forwards to the controller. */
  get controllerId(): number | undefined {
    return this.#brokers.cache.newest?.controllerId;
  }

  /** `metadata.version`'s release, such as 4.3; else the newest release that has the APIs that a broker offers. */
  get kafkaVersion(): string | undefined {
    return this.#brokers.kafkaVersion;
  }

  /** Those alive as the newest metadata says, by id. */
  brokers(): readonly Broker[] {
    return this.#brokers.cache.brokers;
  }

  /**
   * Brokers, and topics where asked for, internal ones included. Never creates a topic.
   *
   * @param options.topics default none.
   * @param options.maxAgeMs cached metadata no older than this will do; default 0.
   */
  async metadata(
    options: {
      readonly topics?: readonly string[] | 'all' | undefined;
      readonly maxAgeMs?: number | undefined;
      readonly signal?: AbortSignal | undefined;
    } = {},
  ): Promise<ClusterMetadata> {
    const { topics = [], maxAgeMs = 0, signal } = options;
    const cached = maxAgeMs > 0 ? this.#brokers.cache.find(topics, Date.now() - maxAgeMs) : undefined;
    return cached ?? this.#brokers.metadata(topics, signal);
  }

  /** What that broker offers, API key -> versions. */
  async apiVersions(broker: Target, signal?: AbortSignal): Promise<ApiVersionRanges> {
    return (await this.#brokers.connectionTo(broker, { signal })).greeting.ranges;
  }

  /** The version in which a request would be sent, undefined where the broker has none in common. */
  async versionOf(broker: Target, api: Versioned, options: CallOptions = {}): Promise<number | undefined> {
    return (await this.#brokers.connectionTo(broker, options)).versionOf(api, options);
  }

  /**
   * @throws {UnsupportedApiError} the broker has no version in common.
   * @throws {ConnectionError} @throws {RequestTimeoutError} @throws {MalformedError} @throws {CancelledError}
   */
  async send<Request, Response>(
    broker: Target,
    api: Api<Request, Response>,
    request: RequestFor<Request>,
    options: CallOptions = {},
  ): Promise<Response> {
    return (await this.#brokers.exchange(broker, api, request, options)).response;
  }

  /** Connections of one's own, for long polls that must not wait for each other: its `purpose` goes with each request. To be released. */
  takeLane(): Lane {
    return this.#brokers.takeLane();
  }

  /**
   * Each broker's response or failure, by broker id.
   *
   * @throws {CancelledError} and nothing else.
   */
  async toAllBrokers<Request, Response>(
    api: Api<Request, Response>,
    request: RequestFor<Request>,
    options: CallOptions = {},
  ): Promise<ReadonlyMap<number, Fact<Response>>> {
    const facts = await Promise.all(
      this.brokers().map(async ({ id }): Promise<readonly [number, Fact<Response>]> => {
        try {
          return [id, { value: await this.send(id, api, request, options) }];
        } catch (error) {
          if (isCancelled(error)) throw error;
          return [id, { failure: failureOf(error) }];
        }
      }),
    );
    return new Map(facts);
  }

  /**
   * key -> broker id of its coordinator. Asking for a group's creates the topic __consumer_offsets where there is none yet.
   *
   * @throws {CancelledError} and nothing else.
   */
  findCoordinators(
    keys: readonly string[],
    keyType: KeyType = 'group',
    options: FanOutOptions = {},
  ): Promise<ReadonlyMap<string, Fact<number>>> {
    return this.#findCoordinators(keys, keyType, false, options);
  }

  /** Spares looking for coordinators that are known already: a group is listed by its coordinator. */
  noteCoordinators(groups: readonly (readonly [group: string, node: number])[]): void {
    this.#coordinators.note(groups, 'group');
  }

  /**
   * Asks each coordinator for its share of the keys. Each key has its result or its failure.
   *
   * @throws {CancelledError} and nothing else.
   */
  toCoordinators<Request, Response, Result>(
    keys: readonly string[],
    call: CoordinatorCall<Request, Response, Result>,
  ): Promise<ReadonlyMap<string, RoutedFact<Result>>> {
    const { api, keyType = 'group', batchSize } = call;
    return fanOut<string, Result>([...new Set(keys)], {
      locate: (some, fresh) => this.#findCoordinators(some, keyType, fresh, call),
      batchSize: (node) => this.#batchSize(node, api, batchSize, call),
      ask: async (node, some) => {
        const { response, version } = await this.#brokers.exchange(
          node,
          api,
          (version) => call.request(some, version),
          call,
        );
        return new Map(call.read(response, some, version));
      },
      nameOf: (key) => `${keyType === 'group' ? 'Group' : 'Transactional id'} ${key}`,
      retryForMs: call.retryForMs ?? defaultRetryForMs,
      signal: call.signal,
    });
  }

  /**
   * Asks each leader for its share of the partitions. Each partition has its result or its failure.
   *
   * @throws {CancelledError} and nothing else.
   */
  async toLeaders<P extends TopicPartition, Request, Response, Result>(
    partitions: readonly P[],
    call: LeaderCall<P, Request, Response, Result>,
  ): Promise<ByPartition<RoutedFact<Result>>> {
    const { api, batchSize } = call;
    const results = await fanOut<P, Result>(partitions, {
      locate: (some, fresh) =>
        locateLeaders(some, fresh, this.#brokers.cache, (topics) => this.metadata({ topics, signal: call.signal })),
      batchSize: (node) => this.#batchSize(node, api, batchSize, call),
      ask: async (node, some) => {
        const { response, version } = await this.#brokers.exchange(
          node,
          api,
          (version) => call.request(some, version),
          call,
        );
        const answers = nested<Answer<Result>>(call.read(response, some, version));
        const found = new Map<P, Answer<Result>>();
        for (const item of some) {
          const answer = answers.get(item.topic)?.get(item.partition);
          if (answer !== undefined) found.set(item, answer);
        }
        return found;
      },
      nameOf: ({ topic, partition }) => `Topic ${topic}, partition ${partition}`,
      retryForMs: call.retryForMs ?? defaultRetryForMs,
      signal: call.signal,
    });
    const byPartition = new Map<string, Map<number, RoutedFact<Result>>>();
    for (const [{ topic, partition }, fact] of results) put(byPartition, topic, partition, fact);
    return byPartition;
  }

  /** Ends all connections; whatever is under way fails, and nothing is sent afterwards. */
  close(): void {
    this.#brokers.close();
  }

  #findCoordinators(
    keys: readonly string[],
    keyType: KeyType,
    fresh: boolean,
    { retryForMs = defaultRetryForMs, signal, timeoutMs }: FanOutOptions,
  ): Promise<Map<string, Fact<number>>> {
    return this.#coordinators.find(
      keys,
      keyType,
      (request) => this.#brokers.exchange('any', findCoordinator, request, { signal, timeoutMs }),
      { fresh, retryForMs, signal },
    );
  }

  async #batchSize(
    node: number,
    api: Versioned,
    batchSize: ((version: number) => number) | undefined,
    options: CallOptions,
  ): Promise<number> {
    if (batchSize === undefined) return Infinity;
    const version = await this.versionOf(node, api, options);
    return version === undefined ? Infinity : batchSize(version);
  }
}

function nested<T>(
  entries: Iterable<readonly [topic: string, partition: number, value: T]>,
): Map<string, Map<number, T>> {
  const topics = new Map<string, Map<number, T>>();
  for (const [topic, partition, value] of entries) put(topics, topic, partition, value);
  return topics;
}

function put<T>(topics: Map<string, Map<number, T>>, topic: string, partition: number, value: T): void {
  const partitions = topics.get(topic);
  if (partitions === undefined) topics.set(topic, new Map([[partition, value]]));
  else partitions.set(partition, value);
}
