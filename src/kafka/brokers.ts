import { messageOf, throwIfCancelled } from '../shared/errors.ts';
import { addressText, parseBootstrap, type Address } from './bootstrap.ts';
import type { CallOptions, RequestFor } from './calls.ts';
import { Connection, type ConnectionOptions } from './connection.ts';
import { ConnectionError } from './errors.ts';
import { MetadataCache, metadataOf, type Broker, type ClusterMetadata } from './metadata.ts';
import { Pool, type Purpose } from './pool.ts';
import type { Api } from './protocol/api.ts';
import { metadata as metadataApi, type MetadataResponse } from './protocol/generated/metadata.ts';
import { AllFailedError, delay, race } from './race.ts';
import { advertisedUnreachable, brokerUnreachable, isController, namesNoBroker, noneReached } from './reach.ts';
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

/** How long a server may keep the next one waiting while any will do, milliseconds. */
const staggerMs = 300;
/** How long until a broker that is starting is asked again, milliseconds. */
const startingDelayMs = 200;
/** First version with `allowAutoTopicCreation`: asking for a topic must never create it. */
const metadataMinVersion = 4;

/** The brokers of a cluster: which there are, and connections to them. */
export class Brokers {
  readonly cache = new MetadataCache();
  readonly #options: ClusterOptions;
  readonly #bootstrap: readonly Address[];
  readonly #pool: Pool;
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

  close(): void {
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
  ): Promise<T> {
    try {
      return await race(addresses, attempt, { staggerMs, signal });
    } catch (error) {
      throw error instanceof AllFailedError ? noneReached(addresses, error.errors) : error;
    }
  }

  /** @throws {ConnectionError} @throws {CancelledError} */
  async connectionTo(target: Target, { purpose = 'main', signal }: CallOptions): Promise<Connection> {
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
    try {
      return await this.#pool.get(broker, purpose, { timeoutMs: this.#connectTimeoutMs, signal });
    } catch (error) {
      throw error instanceof ConnectionError ? brokerUnreachable(broker, error) : error;
    }
  }

  async #connectionToAny(purpose: Purpose, signal: AbortSignal | undefined): Promise<Connection> {
    throwIfCancelled(signal);
    const addresses = new Map(
      [...this.cache.brokers, ...this.#bootstrap].map((address) => [addressText(address), address]),
    );
    for (const address of addresses.values()) {
      const open = this.#pool.peek(address, purpose);
      if (open !== undefined) return open;
    }
    return this.#raceFor([...addresses.values()], signal, (address, signal) =>
      this.#pool.get(address, purpose, { timeoutMs: this.#connectTimeoutMs, signal }),
    );
  }

  /** Sends a request, once more where a connection that was in use broke. `version`: the one that it was sent in. */
  async exchange<Request, Response>(
    target: Target,
    api: Api<Request, Response>,
    request: RequestFor<Request>,
    options: CallOptions,
  ): Promise<{ readonly response: Response; readonly version: number }> {
    for (let isFirst = true; ; isFirst = false) {
      const connection = await this.connectionTo(target, options);
      try {
        return await connection.send(api, request, options);
      } catch (error) {
        const isLost = error instanceof ConnectionError && error.kind === 'closed' && error === connection.closedBy;
        if (!isLost || !isFirst || options.resend === false) throw error;
      }
    }
  }

  #learn(response: MetadataResponse, topics: readonly string[] | 'all'): ClusterMetadata {
    const metadata = metadataOf(response, Date.now());
    this.cache.add(metadata, topics);
    return metadata;
  }
}
