import type tls from 'node:tls';
import { throwIfCancelled, type HumanError } from '../shared/errors.ts';
import { addressText, type Address } from './bootstrap.ts';
import { ConnectionError, RequestTimeoutError, tlsExpected, UnsupportedApiError } from './errors.ts';
import { decodeAnswer, encodeFrame } from './message.ts';
import { negotiate, type Greeting } from './negotiate.ts';
import { speaksTls } from './probeTls.ts';
import type { Api } from './protocol/api.ts';
import { MalformedError } from './protocol/malformed.ts';
import { orCancelled } from './race.ts';
import { silentError, Transport } from './transport.ts';
import { pickVersion, type Versioned } from './versions.ts';

export interface ConnectionOptions {
  readonly address: Address;
  /** How it is called in messages: "localhost:9092", "broker 2 at host:9092". */
  readonly where: string;
  readonly clientId: string;
  /** For opening, greeting and login together, milliseconds. */
  readonly connectTimeoutMs: number;
  /** Default for a request, and how long a connection that owes answers may be silent; milliseconds. */
  readonly requestTimeoutMs: number;
  readonly maxFrameBytes?: number | undefined;
  /** Undefined: plain text. */
  readonly tls?: tls.ConnectionOptions | undefined;
  /** Logs in (SASL) over the new connection, before anybody else may use it. */
  readonly authenticate?: ((connection: Connection, signal: AbortSignal | undefined) => Promise<void>) | undefined;
}

export interface SendOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
  readonly minVersion?: number | undefined;
  readonly maxVersion?: number | undefined;
}

/** The request, or how to make it for the version that the broker gets. */
export type RequestFor<Request> = Request | ((version: number) => Request);

/** Of the time to connect, what the first answer may take. */
const greetingShare = 0.75;
/** How long a server that does not answer plain text is asked whether it speaks TLS, milliseconds. */
const probeTimeoutMs = 3_000;

/** A connection to one broker that knows which versions the broker speaks. */
export class Connection {
  readonly options: ConnectionOptions;
  /** What the broker said of itself. */
  readonly greeting: Greeting;
  readonly #transport: Transport;
  #answered = false;

  /**
   * Connects, agrees on versions, logs in.
   *
   * @throws {ConnectionError} within `connectTimeoutMs`, naming the cause.
   * @throws {CancelledError}
   */
  static async open(options: ConnectionOptions, signal?: AbortSignal): Promise<Connection> {
    const { where, connectTimeoutMs } = options;
    const deadline = performance.now() + connectTimeoutMs;
    const left = (): number => Math.max(1, Math.round(deadline - performance.now()));
    const transport = await Transport.open({ ...options, silenceMs: options.requestTimeoutMs }, signal);
    let greeting: Greeting;
    try {
      // Leaves time to find out why there is no answer.
      const timeoutMs = Math.ceil(left() * greetingShare);
      greeting = await negotiate(transport, options.clientId, { timeoutMs, signal });
    } catch (error) {
      transport.close();
      if (error instanceof MalformedError) {
        throw new ConnectionError(
          'not-kafka',
          `${where} is no Kafka broker: its answer cannot be read.`,
          'Check the port; brokers mostly listen on 9092.',
          { cause: error },
        );
      }
      const isSilent = error instanceof RequestTimeoutError;
      const hasHungUp = error instanceof ConnectionError && error.kind === 'closed';
      if (!isSilent && !hasHungUp) throw error;
      // With no byte to go by, a handshake tells whether it wanted TLS.
      if (options.tls === undefined && (await speaksTls(options.address, Math.min(left(), probeTimeoutMs), signal))) {
        throw tlsExpected(where, { cause: error });
      }
      throwIfCancelled(signal);
      throw isSilent ? silentError(where, connectTimeoutMs) : hungUp(where, error);
    }
    const connection = new Connection(options, greeting, transport);
    try {
      await connection.#login(left(), signal);
      return connection;
    } catch (error) {
      transport.close();
      throw error;
    }
  }

  private constructor(options: ConnectionOptions, greeting: Greeting, transport: Transport) {
    this.options = options;
    this.greeting = greeting;
    this.#transport = transport;
  }

  get address(): string {
    return addressText(this.options.address);
  }

  /** Why the connection is of no use any more; undefined while it is. */
  get closedBy(): Error | undefined {
    return this.#transport.closedBy;
  }

  /** Whether it owes no answer. */
  get isIdle(): boolean {
    return this.#transport.isIdle;
  }

  onClose(listener: () => void): void {
    this.#transport.onClose(listener);
  }

  /** The version in which `api` would be sent, undefined where the broker has none in common. */
  versionOf(api: Versioned, limits?: SendOptions): number | undefined {
    return pickVersion(api, this.greeting.ranges, limits);
  }

  /**
   * Sends a request in the highest version that both sides know.
   *
   * @throws {UnsupportedApiError} there is no such version.
   * @throws {RequestTimeoutError} this request only; the connection and other requests live on.
   * @throws {ConnectionError} the connection is lost. @throws {MalformedError} @throws {CancelledError}
   */
  async send<Request, Response>(
    api: Api<Request, Response>,
    request: RequestFor<Request>,
    options: SendOptions = {},
  ): Promise<{ readonly response: Response; readonly version: number }> {
    const { where, clientId, requestTimeoutMs, authenticate } = this.options;
    const version = this.versionOf(api, options);
    if (version === undefined) throw this.#unsupported(api, options);
    const body = typeof request === 'function' ? (request as (version: number) => Request)(version) : request;
    const exchange = this.#transport.exchange((id) => encodeFrame(api, version, body, clientId, id), {
      name: api.name,
      timeoutMs: options.timeoutMs ?? requestTimeoutMs,
      signal: options.signal,
    });
    let payload: Uint8Array;
    try {
      payload = await exchange;
    } catch (error) {
      // A SASL listener lets ApiVersions through and hangs up at the first request without a login.
      const isRejected = error instanceof ConnectionError && error.kind === 'closed' && error === this.closedBy;
      if (isRejected && !this.#answered && authenticate === undefined) throw saslExpected(where, error);
      throw error;
    }
    this.#answered = true;
    return { response: decodeAnswer(api, version, payload), version };
  }

  close(): void {
    this.#transport.close();
  }

  /** The hook may wait for others than the broker, such as whoever gives out tokens: they get no more time than it. */
  async #login(timeoutMs: number, signal: AbortSignal | undefined): Promise<void> {
    const { authenticate, where } = this.options;
    if (authenticate === undefined) return;
    const timeout = AbortSignal.timeout(timeoutMs);
    const both = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
    try {
      await orCancelled(authenticate(this, both), both);
    } catch (error) {
      if (!timeout.aborted || signal?.aborted === true) throw error;
      throw new ConnectionError(
        'silent',
        `The login at ${where} was not done in time.`,
        'Whoever checks or gives out the credentials may hang; try again.',
        { cause: error },
      );
    }
  }

  #unsupported(api: Versioned & { readonly name: string }, limits: SendOptions): HumanError {
    const { where } = this.options;
    const offered = this.greeting.ranges.get(api.key);
    const min = Math.max(api.minVersion, limits.minVersion ?? 0);
    if (offered === undefined) {
      return new UnsupportedApiError(
        `${where} does not offer ${api.name}.`,
        'Its Kafka is older than that, or has it turned off.',
      );
    }
    const isOld = offered.max < min;
    return new UnsupportedApiError(
      `${where} offers ${api.name} in versions ${offered.min} to ${offered.max}; this needs ${isOld ? `${min} or newer` : `at most ${limits.maxVersion ?? api.maxVersion}`}.`,
      isOld ? 'Its Kafka is too old; 2.8 or newer is supported.' : 'Its Kafka is newer than this extension: update it.',
    );
  }
}

function hungUp(where: string, cause: Error): ConnectionError {
  return new ConnectionError(
    'not-kafka',
    `${where} accepted the connection and closed it at once.`,
    'It may be no Kafka broker, or one that is starting, is older than 0.10, or refuses this machine: check the port and the broker’s log.',
    { cause },
  );
}

function saslExpected(where: string, cause: Error): ConnectionError {
  return new ConnectionError(
    'sasl-expected',
    `${where} answered the greeting and then closed the connection; most likely it wants a login (SASL).`,
    'Use the port of a listener without SASL; if there is none, this cluster cannot be connected yet.',
    { cause },
  );
}
