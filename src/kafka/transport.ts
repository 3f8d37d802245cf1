import net from 'node:net';
import tls from 'node:tls';
import { CancelledError, throwIfCancelled } from '../shared/errors.ts';
import type { Address } from './bootstrap.ts';
import { ConnectionError, connectError, noTls, RequestTimeoutError } from './errors.ts';
import { FrameReader } from './frames.ts';
import { afterWaiting } from './waiting.ts';

export interface TransportOptions {
  readonly address: Address;
  /** How the address is called in messages, such as "broker 2 at host:9092". */
  readonly where: string;
  /** Undefined: plain text. `servername` defaults to the host. */
  readonly tls?: tls.ConnectionOptions | undefined;
  readonly connectTimeoutMs: number;
  /** A connection that owes answers and stays silent for so long is taken for dead. */
  readonly silenceMs: number;
  /** A longer frame is taken for garbage, and nothing is allocated for it. Bytes, default 256 MiB. */
  readonly maxFrameBytes?: number | undefined;
}

export interface ExchangeOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** What is asked, for messages. */
  readonly name: string;
}

interface Pending {
  readonly resolve: (payload: Uint8Array) => void;
  readonly reject: (error: Error) => void;
  readonly timeoutMs: number;
}

/** Above what brokers send to a request with sane limits (fetch.max.bytes 55 MB), below what four letters read as a length. */
const defaultMaxFrameBytes = 256 * 1024 * 1024;
/** What one read from the socket may bring: with Node's own 64 KiB, large answers take half as long again. */
const readBytes = 256 << 10;

/** A socket and a way to get what it brings, from the first byte on. A chunk's bytes are good until the listener returns. */
interface OpenSocket {
  readonly socket: net.Socket;
  readonly listen: (listener: (chunk: Buffer) => void) => void;
}

/**
 * One socket that carries Kafka's frames. Many requests may be under way. One that is cancelled or timed out leaves the
 * others alone: its answer is dropped when it comes.
 */
export class Transport {
  readonly #socket: net.Socket;
  readonly #where: string;
  readonly #silenceMs: number;
  readonly #frames: FrameReader;
  /** By correlation id; undefined where nobody waits any more. */
  readonly #unanswered = new Map<number, Pending | undefined>();
  readonly #onClose = new Set<() => void>();
  #correlationId = 0;
  #stopLifeTimer: (() => void) | undefined;
  #lifeAt = 0;
  #closedBy: Error | undefined;

  /**
   * Opens a socket, and TLS on it where asked for.
   *
   * @throws {ConnectionError} within `connectTimeoutMs`.
   * @throws {CancelledError}
   */
  static async open(options: TransportOptions, signal?: AbortSignal): Promise<Transport> {
    throwIfCancelled(signal);
    return new Transport(await openSocket(options, signal), options);
  }

  private constructor(
    { socket, listen }: OpenSocket,
    { where, silenceMs, maxFrameBytes = defaultMaxFrameBytes }: TransportOptions,
  ) {
    this.#socket = socket;
    this.#where = where;
    this.#silenceMs = silenceMs;
    this.#frames = new FrameReader(maxFrameBytes, where);
    socket.on('error', (error) => this.close(this.#broken(error)));
    socket.on('close', () => this.close(this.#broken()));
    socket.on('end', () => this.close(this.#broken()));
    listen((chunk) => this.#receive(chunk));
    if (socket.destroyed) this.close(this.#broken());
  }

  /** Why the connection is of no use any more. */
  get closedBy(): Error | undefined {
    return this.#closedBy;
  }

  /** Whether it owes no answer, not even one that nobody waits for any more. */
  get isIdle(): boolean {
    return this.#unanswered.size === 0;
  }

  /** Calls back once, when the connection closes for whatever reason. */
  onClose(listener: () => void): void {
    if (this.#closedBy !== undefined) listener();
    else this.#onClose.add(listener);
  }

  /**
   * Sends a request and waits for its answer.
   *
   * @param frame makes the request, length and header included, for the correlation id that it is given.
   * @returns the answer after its correlation id. It may be a view of a larger buffer.
   * @throws {RequestTimeoutError} the connection lives on.
   * @throws {ConnectionError} the connection is closed.
   * @throws {CancelledError}
   */
  exchange(frame: (correlationId: number) => Uint8Array, options: ExchangeOptions): Promise<Uint8Array> {
    const { timeoutMs, signal, name } = options;
    return new Promise((resolve, reject) => {
      throwIfCancelled(signal);
      if (this.#closedBy !== undefined) throw this.#closedBy;

      const id = this.#correlationId;
      this.#correlationId = (id + 1) & 0x7fffffff;
      const bytes = frame(id);

      const abandon = (error: Error): void => {
        if (this.#unanswered.get(id) !== pending) return;
        this.#unanswered.set(id, undefined);
        pending.reject(error);
      };
      const stopWaiting = afterWaiting(timeoutMs, () => {
        abandon(
          new RequestTimeoutError(
            `${this.#where} did not answer ${name} within ${seconds(timeoutMs)}.`,
            'It may be overloaded or cut off; try again.',
          ),
        );
      });
      const onAbort = (): void => abandon(new CancelledError({ cause: signal?.reason }));
      const settled = (): void => {
        stopWaiting();
        signal?.removeEventListener('abort', onAbort);
      };
      const pending: Pending = {
        timeoutMs,
        resolve: (payload) => (settled(), resolve(payload)),
        reject: (error) => (settled(), reject(error)),
      };
      signal?.addEventListener('abort', onAbort, { once: true });

      if (this.#unanswered.size === 0) this.#lifeAt = performance.now();
      this.#unanswered.set(id, pending);
      this.#watchLife();
      this.#socket.write(bytes);
    });
  }

  /** Ends the connection; whatever is under way fails with `error`. */
  close(error: Error = new ConnectionError('closed', `The connection to ${this.#where} was closed.`)): void {
    if (this.#closedBy !== undefined) return;
    this.#closedBy = error;
    this.#stopLifeTimer?.();
    this.#socket.destroy();
    const waiting = [...this.#unanswered.values()];
    this.#unanswered.clear();
    for (const pending of waiting) pending?.reject(error);
    for (const listener of this.#onClose) listener();
    this.#onClose.clear();
  }

  #receive(chunk: Buffer): void {
    if (this.#closedBy !== undefined) return;
    this.#lifeAt = performance.now();
    try {
      this.#frames.push(chunk, (frame) => this.#answer(frame));
    } catch (error) {
      this.close(error as Error);
    }
  }

  #answer(frame: Buffer): void {
    const id = frame.readInt32BE(0);
    if (!this.#unanswered.has(id)) {
      throw new ConnectionError(
        'malformed',
        `${this.#where} answered a question that was not asked.`,
        'It may be no Kafka broker, or something in between mixes up connections.',
      );
    }
    const pending = this.#unanswered.get(id);
    this.#unanswered.delete(id);
    if (this.#unanswered.size === 0) this.#stopWatchingLife();
    pending?.resolve(frame.subarray(4));
  }

  /** One timer for all requests, set anew only when it fires. */
  #watchLife(): void {
    this.#stopLifeTimer ??= afterWaiting(this.#silenceMs, () => this.#checkLife());
  }

  #stopWatchingLife(): void {
    this.#stopLifeTimer?.();
    this.#stopLifeTimer = undefined;
  }

  #checkLife(): void {
    // A request that may take longer, such as a long poll, gets its time.
    const patience = Math.max(this.#silenceMs, ...[...this.#unanswered.values()].map((p) => p?.timeoutMs ?? 0));
    const left = this.#lifeAt + patience - performance.now();
    if (left > 1) {
      // By then, the request that was given more time may be answered.
      this.#stopLifeTimer = afterWaiting(Math.min(left, this.#silenceMs), () => this.#checkLife());
      return;
    }
    this.close(
      new ConnectionError(
        'silent',
        `${this.#where} has been silent for ${seconds(patience)}.`,
        'It may be overloaded or cut off; a new connection is made with the next request.',
      ),
    );
  }

  #broken(cause?: Error): ConnectionError {
    const code = (cause as NodeJS.ErrnoException | undefined)?.code;
    return new ConnectionError(
      'closed',
      `${this.#where} closed the connection${code === undefined || code === 'ECONNRESET' ? '' : ` (${code})`}.`,
      undefined,
      cause === undefined ? undefined : { cause },
    );
  }
}

function openSocket(options: TransportOptions, signal: AbortSignal | undefined): Promise<OpenSocket> {
  const { address, where, connectTimeoutMs } = options;
  return new Promise((resolve, reject) => {
    // Some servers speak first.
    const early: Buffer[] = [];
    let onChunk = (chunk: Buffer): void => void early.push(Buffer.from(chunk));
    const listen = (listener: (chunk: Buffer) => void): void => {
      onChunk = listener;
      for (const chunk of early.splice(0)) listener(chunk);
    };
    const buffer = Buffer.allocUnsafeSlow(readBytes);
    const onread = {
      buffer,
      callback: (size: number): boolean => {
        onChunk(buffer.subarray(0, size));
        return true;
      },
    };
    const target = {
      onread,
      host: address.host,
      port: address.port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: 30_000,
      // Node's 250 ms give up the first of two addresses on a slow VPN.
      autoSelectFamilyAttemptTimeout: 2_000,
    };
    const socket =
      options.tls === undefined
        ? net.connect(target)
        : tls.connect({
            ...(net.isIP(address.host) === 0 ? { servername: address.host } : {}),
            ...options.tls,
            ...target,
          });
    let accepted = false;
    const fail = (error: Error): void => {
      settled();
      // Whatever the socket says afterwards is of no interest, but unheard errors would end the process.
      socket.on('error', () => {});
      socket.destroy();
      reject(error);
    };
    const onError = (error: Error): void => {
      const isReset = (error as NodeJS.ErrnoException).code === 'ECONNRESET';
      fail(
        options.tls !== undefined && accepted && isReset ? noTls(where, { cause: error }) : connectError(error, where),
      );
    };
    const onEnd = (): void => onError(Object.assign(new Error('closed during the handshake'), { code: 'ECONNRESET' }));
    const onAbort = (): void => fail(new CancelledError({ cause: signal?.reason }));
    const stopWaiting = afterWaiting(connectTimeoutMs, () => {
      fail(accepted ? silentError(where, connectTimeoutMs) : timeoutError(where, connectTimeoutMs));
    });
    const onReady = (): void => {
      settled();
      // Until the transport listens, a moment later.
      socket.on('error', () => {});
      resolve({ socket, listen });
    };
    const readyEvent = options.tls === undefined ? 'connect' : 'secureConnect';
    const settled = (): void => {
      stopWaiting();
      signal?.removeEventListener('abort', onAbort);
      socket.off('error', onError).off('end', onEnd).off('close', onEnd).off(readyEvent, onReady);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    socket.once('connect', () => (accepted = true));
    socket.once('error', onError).once('end', onEnd).once('close', onEnd).once(readyEvent, onReady);
  });
}

function timeoutError(where: string, timeoutMs: number): ConnectionError {
  return new ConnectionError(
    'timeout',
    `${where} did not accept a connection within ${seconds(timeoutMs)}.`,
    'A firewall may be in between, or the host is down: check the address, the VPN, and that the port is open.',
  );
}

/** It accepted the connection, and that was all. */
export function silentError(where: string, timeoutMs: number): ConnectionError {
  return new ConnectionError(
    'silent',
    `${where} accepted the connection but did not answer within ${seconds(timeoutMs)}.`,
    'It may be no Kafka broker, or one that hangs: check the port and the broker.',
  );
}

function seconds(milliseconds: number): string {
  return milliseconds < 1000 ? `${milliseconds} ms` : `${Math.round(milliseconds / 100) / 10} s`;
}
