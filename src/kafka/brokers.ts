import { messageOf, throwIfCancelled } from '../shared/errors.ts';
import { addressText, parseBootstrap, type Address } from './bootstrap.ts';
import type { CallOptions, RequestFor } from './calls.ts';
import { Connection, type ConnectionOptions } from './connection.ts';
import { ConnectionError } from './errors.ts';
import { Lanes, type Lane } from './lanes.ts';
import { MetadataCache, metadataOf, type Broker, type ClusterMetadata } from './metadata.ts';
import { Patience } from './patience.ts';
import { Pool, type Purpose } from './pool.ts';
import type { Api } from './protocol/api.ts';
import { metadata as metadataApi, type MetadataResponse } from './protocol/generated/metadata.ts';
import { AllFailedError, delay, race } from './race.ts';
import {
  advertisedUnreachable,
  brokerLate,
  brokerUnreachable,
  isController,
  namesNoBroker,
  noneReached,
} from './reach.ts';
import { releaseOf } from './release.ts';

export interface ClusterOptions {
  /** `host:port` each, see `parseBootstrap`. */
  readonly bootstrapServers: readonly string[];
  readonly clientId?: string;
  /** For finding, opening and greeting a broker, milliseconds. Default 10,000. */
  readonly connectTimeoutMs?: number;
  /** For one request, milliseconds. Default 30,000. */
  readonly requestTimeoutMs?: number;
  readonly logger?: { debug(message: string): void };
  readonly tls?: ConnectionOptions['tls'];
  readonly authenticate?: ConnectionOptions['authenticate'];
}

export type Target = number | 'any' | 'controller';

export interface Exchanged<Response> {
  readonly response: Response;
  /** The one that the request was sent in. */
  readonly version: number;
}

/** How long a server may keep the next one waiting while any will do, milliseconds. */
const staggerMs = 300;
/** How long until a broker that is starting is asked again, milliseconds. */
const startingDelayMs = 200;
/** How many servers at most are asked for what any of them knows. */
const anyAtMost = 5;
/** First version with `allowAutoTopicCreation`: asking for a topic must never create it. */
const metadataMinVersion = 4;

/** The brokers of a cluster: which there are, and connections to them. */
export class Brokers {
  readonly cache = new MetadataCache();
  readonly #options: ClusterOptions;
  readonly #bootstrap: readonly Address[];
  readonly #pool: Pool;
  readonly #lanes: Lanes;
  readonly #patience = new Patience();
  #kafkaVersion: string | undefined;

  constructor(options: ClusterOptions) {
    this.#options = options;
    this.#bootstrap = parseBootstrap(options.bootstrapServers);
    this.#pool = new Pool(async (address, connectTimeoutMs, signal) => {
      const where = addressText(address);
      const connection = await Connection.open(
        {
          address,
          where,
          clientId: options.clientId ?? 'kafka-consumer-debugger',
          connectTimeoutMs,
          requestTimeoutMs: options.requestTimeoutMs ?? 30_000,
          tls: options.tls,
          authenticate: options.authenticate,
        },
        signal,
      ).catch((error: unknown) => {
        options.logger?.debug(`Not connected to ${where}: ${messageOf(error)}`);
        throw error;
      });
      options.logger?.debug(`Connected to ${where}`);
      connection.onClose(() => options.logger?.debug(`Connection to ${where} closed: ${connection.closedBy?.message}`));
      this.#kafkaVersion = releaseOf(connection.greeting);
      return connection;
    });
    this.#lanes = new Lanes(this.#pool);
  }

  get kafkaVersion(): string | undefined {
    return this.#kafkaVersion;
  }

  /** Asks any broker, and remembers what it says. Never creates a topic. */
  async metadata(topics: readonly string[] | 'all', signal: AbortSignal | undefined): Promise<ClusterMetadata> {
    const names = topics === 'all' ? null : topics.map((name) => ({ name }));
    const request = { topics: names, allowAutoTopicCreation: false };
    const options = { minVersion: metadataMinVersion, signal };
    return this.#learn((await this.exchange('any', metadataApi, request, options)).response, topics);
  }

  takeLane(): Lane {
    return this.#lanes.take();
  }

  close(): void {
    this.#lanes.close();
    this.#pool.close();
  }

  /**
   * Learns the brokers from the first bootstrap server to answer, and makes sure that one of them can be reached.
   *
   * @throws {HumanError} @throws {CancelledError}
   */
  async connect(signal: AbortSignal | undefined): Promise<void> {
    const deadline = performance.now() + this.#connectTimeoutMs;
    const left = (): number => Math.max(1, Math.ceil(deadline - performance.now()));
    const bootstrap = await this.#raceFor(this.#bootstrap, signal, async (address, signal) => {
      const connection = await this.#pool.get(address, 'main', { timeoutMs: left(), signal });
      if (!connection.greeting.ranges.has(metadataApi.key)) throw isController(connection.address);
      const request = { topics: [], allowAutoTopicCreation: false };
      for (;;) {
        const options = { timeoutMs: left(), minVersion: metadataMinVersion, signal };
        const { response } = await connection.send(metadataApi, request, options);
        if (this.#learn(response, []).brokers.length > 0) break;
        // A broker that is starting answers before its controller has let it in.
        if (left() <= startingDelayMs) throw namesNoBroker(connection.address);
        await delay(startingDelayMs, signal);
      }
      return connection;
    });
    // A bootstrap server that answers says nothing about the addresses that the brokers give out.
    const brokers = this.cache.brokers;
    const timeoutMs = Math.max(left(), Math.min(this.#connectTimeoutMs, 1_000));
    try {
      await race(brokers, (broker, signal) => this.#pool.get(broker, 'main', { timeoutMs, signal }), {
        staggerMs,
        signal,
      });
    } catch (error) {
      if (error instanceof AllFailedError) throw advertisedUnreachable(bootstrap.address, brokers, error.errors);
      throw error;
    }
  }

  get #connectTimeoutMs(): number {
    return this.#options.connectTimeoutMs ?? 10_000;
  }

  async #raceFor<T>(
    addresses: readonly Address[],
    signal: AbortSignal | undefined,
    attempt: (address: Address, signal: AbortSignal) => Promise<T>,
    nextAfterMs = staggerMs,
  ): Promise<T> {
    try {
      return await race(addresses, attempt, { staggerMs: nextAfterMs, signal });
    } catch (error) {
      throw error instanceof AllFailedError ? noneReached(addresses, error.errors) : error;
    }
  }

  /** @throws {ConnectionError} @throws {CancelledError} */
  async connectionTo(target: Target, options: CallOptions): Promise<Connection> {
    const { purpose = 'main', signal } = options;
    throwIfCancelled(signal);
    if (target === 'any') return this.#connectionToAny(purpose, signal);
    const find = (): Broker | undefined => {
      const id = target === 'controller' ? this.cache.newest?.controllerId : target;
      return this.cache.brokers.find((broker) => broker.id === id);
    };
    if (find() === undefined) await this.metadata([], signal);
    const broker = find();
    if (broker === undefined) {
      const name = target === 'controller' ? 'a controller' : `broker ${target}`;
      throw new ConnectionError(
        'gone',
        `The cluster names no ${name.replace(/^a /, '')}.`,
        'It may be down; try again.',
      );
    }
    // To have one is no answer.
    const open = this.#pool.peek(broker, purpose);
    if (open !== undefined) return open;
    try {
      const opening = this.#pool.get(broker, purpose, { timeoutMs: this.#connectTimeoutMs, signal });
      return await this.#patience.follow(addressText(broker), 'connect', opening, this.#giveUpOn(broker, options));
    } catch (error) {
      throw error instanceof ConnectionError ? brokerUnreachable(broker, error) : error;
    }
  }

  async #connectionToAny(purpose: Purpose, signal: AbortSignal | undefined): Promise<Connection> {
    throwIfCancelled(signal);
    const addresses = this.#addresses();
    for (const address of addresses) {
      const open = this.#pool.peek(address, purpose);
      if (open !== undefined) return open;
    }
    return this.#raceFor(addresses, signal, (address, signal) =>
      this.#pool.get(address, purpose, { timeoutMs: this.#connectTimeoutMs, signal }),
    );
  }

  /** Wherever any broker may be. */
  #addresses(): readonly Address[] {
    const all = [...this.cache.brokers, ...this.#bootstrap];
    return [...new Map(all.map((address) => [addressText(address), address])).values()];
  }

  /** Sends a request, once more where a connection that was in use broke. */
  async exchange<Request, Response>(
    target: Target,
    api: Api<Request, Response>,
    request: RequestFor<Request>,
    options: CallOptions,
  ): Promise<Exchanged<Response>> {
    if (target === 'any' && options.resend !== false) return this.#exchangeWithAny(api, request, options);
    return this.#exchangeOver(() => this.connectionTo(target, options), api, request, options);
  }

  /** Where one server does not answer, the next is asked too. */
  async #exchangeWithAny<Request, Response>(
    api: Api<Request, Response>,
    request: RequestFor<Request>,
    options: CallOptions,
  ): Promise<Exchanged<Response>> {
    const { purpose = 'main', signal } = options;
    // To connect several costs little, to ask several for all topics does not.
    await this.#connectionToAny(purpose, signal);
    const rank = (address: Address): number =>
      this.#patience.isLate(addressText(address)) ? 2 : this.#pool.peek(address, purpose) === undefined ? 1 : 0;
    const addresses = this.#addresses()
      .toSorted((a, b) => rank(a) - rank(b))
      .slice(0, anyAtMost);
    const attempt = (address: Address, signal: AbortSignal): Promise<Exchanged<Response>> => {
      const connect = (): Promise<Connection> =>
        this.#pool.get(address, purpose, { timeoutMs: this.#connectTimeoutMs, signal });
      return this.#exchangeOver(connect, api, request, { ...options, signal, leaveLate: false });
    };
    return this.#raceFor(addresses, signal, attempt, this.#patience.limit(addressText(addresses[0]!), api.name));
  }

  async #exchangeOver<Request, Response>(
    connect: () => Promise<Connection>,
    api: Api<Request, Response>,
    request: RequestFor<Request>,
    options: CallOptions,
  ): Promise<Exchanged<Response>> {
    for (let isFirst = true; ; isFirst = false) {
      const connection = await connect();
      try {
        const answer = connection.send(api, request, options);
        // A long poll takes its time.
        if (options.purpose !== undefined && options.purpose !== 'main') return await answer;
        const { address } = connection;
        const broker = this.cache.brokers.find((each) => addressText(each) === address);
        return await this.#patience.follow(address, api.name, answer, broker && this.#giveUpOn(broker, options));
      } catch (error) {
        const isLost = error instanceof ConnectionError && error.kind === 'closed' && error === connection.closedBy;
        if (!isLost || !isFirst || options.resend === false) throw error;
      }
    }
  }

  /** Undefined where it is waited for to the end: without another one that answers, nothing is gained. */
  #giveUpOn(broker: Broker, { leaveLate = false }: CallOptions): (() => Error) | undefined {
    return leaveLate && this.cache.brokers.length > 1 ? () => brokerLate(broker) : undefined;
  }

  #learn(response: MetadataResponse, topics: readonly string[] | 'all'): ClusterMetadata {
    const metadata = metadataOf(response, Date.now());
    this.cache.add(metadata, topics);
    return metadata;
  }
}
