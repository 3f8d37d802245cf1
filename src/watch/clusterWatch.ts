import type { Snapshot } from '../groups/snapshot.ts';
import { statusOf, type Status } from '../groups/status.ts';
import { LagHistory } from '../history/lagHistory.ts';
import { isCancelled, messageOf } from '../shared/errors.ts';
import { Emitter, type Disposable, type Listener } from '../shared/event.ts';

/** How the polling of one cluster fares. */
export type WatchState =
  /** Nobody looks, or it was disconnected: nothing is asked of the cluster. */
  | { readonly kind: 'idle' }
  /** The first snapshot is under way. */
  | { readonly kind: 'connecting'; readonly since: number }
  | { readonly kind: 'ok' }
  /**
   * The last poll failed as a whole; the snapshot before it stays. `nextAt`: when it is tried again, ms since 1970;
   * undefined where that is only on demand.
   */
  | {
      readonly kind: 'failing';
      readonly message: string;
      readonly since: number;
      readonly nextAt: number | undefined;
    };

export interface ClusterWatchOptions {
  /** Collects one snapshot; must heed the signal. */
  readonly collect: (signal: AbortSignal) => Promise<Snapshot>;
  /** From the start of a poll to the start of the next, in ms; 0 for polls on demand only. Read anew at each poll. */
  readonly intervalMs: () => number;
  readonly history?: LagHistory;
  /** Told of each failed poll, with its cause. */
  readonly onFailure?: (error: unknown) => void;
}

const firstRetryMs = 1_000;
const longestRetryMs = 15_000;

/**
 * The one poller of a cluster: collects snapshots for whoever looks, stops when nobody does. Polls never overlap; a
 * failing one backs off and recovers by itself.
 */
export class ClusterWatch implements Disposable {
  /** What earlier snapshots said: totals, rates, series. */
  readonly history: LagHistory;
  readonly #options: ClusterWatchOptions;
  readonly #changed: Emitter<void>;
  #state: WatchState = { kind: 'idle' };
  #snapshot: Snapshot | undefined;
  #statuses = new Map<string, Status>();
  #looking = 0;
  #timer: NodeJS.Timeout | undefined;
  #startedAt = 0;
  #failuresInRow = 0;
  #poll: Promise<void> | undefined;
  readonly #stop = new AbortController();

  constructor(options: ClusterWatchOptions) {
    this.#options = options;
    this.history = options.history ?? new LagHistory();
    this.#changed = new Emitter<void>(options.onFailure);
  }

  get state(): WatchState {
    return this.#state;
  }

  /** The newest snapshot, also while failing (its `takenAt` tells how old it is). */
  get snapshot(): Snapshot | undefined {
    return this.#snapshot;
  }

  /** Fires after each poll, good or bad, and when polling starts or stops. */
  get onDidChange(): (listener: Listener<void>) => Disposable {
    return this.#changed.event;
  }

  /** The verdict on a group of the newest snapshot, computed once a snapshot. */
  status(group: string): Status | undefined {
    const known = this.#statuses.get(group);
    const facts = this.#snapshot?.groups.get(group);
    if (known !== undefined || facts === undefined || this.#snapshot === undefined) return known;
    const status = statusOf(facts, this.#snapshot, this.history.trend(group));
    this.#statuses.set(group, status);
    return status;
  }

  /** Keeps the poller going until disposed. */
  look(): Disposable {
    this.#looking++;
    // Somebody who comes to look at a cluster that failed shall not wait for the backed-off retry.
    if (this.#looking === 1) this.#schedule(this.#failuresInRow > 0 ? 0 : undefined);
    let disposed = false;
    return {
      dispose: () => {
        if (disposed) return;
        disposed = true;
        this.#looking--;
        if (this.#looking === 0) this.#pause();
      },
    };
  }

  /** To be called when the interval changed, so that the next poll comes at the new one. */
  reschedule(): void {
    this.#schedule();
  }

  /**
   * Polls now, whether anybody looks or not; joins a poll under way. The signal ends the wait, not the poll, which
   * others may wait for. Rejects with what made the poll fail.
   */
  async refresh(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const poll = this.#pollNow();
    if (signal === undefined) return poll;
    await new Promise<void>((resolve, reject) => {
      const onAbort = (): void => reject(signal.reason as Error);
      signal.addEventListener('abort', onAbort, { once: true });
      poll.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
    });
  }

  dispose(): void {
    this.#looking = 0;
    clearTimeout(this.#timer);
    this.#stop.abort();
    this.#changed.dispose();
  }

  #pause(): void {
    clearTimeout(this.#timer);
    if (this.#poll === undefined && this.#state.kind !== 'failing') this.#setState({ kind: 'idle' });
  }

  #schedule(delay = this.#delay()): void {
    clearTimeout(this.#timer);
    if (this.#looking === 0 || this.#poll !== undefined || this.#stop.signal.aborted) return;
    if (delay === undefined) return;
    this.#timer = setTimeout(() => {
      // The failure is in the state for all to see.
      this.#pollNow().catch(() => {});
    }, delay);
  }

  /** ms until the next poll is due; undefined where none is. */
  #delay(): number | undefined {
    const interval = this.#options.intervalMs();
    if (this.#failuresInRow > 0) {
      return Math.min(firstRetryMs * 2 ** (this.#failuresInRow - 1), longestRetryMs);
    }
    if (this.#startedAt === 0) return 0;
    if (interval <= 0) return undefined;
    // A clock that was set back must not stretch it.
    return Math.min(interval, Math.max(0, this.#startedAt + interval - Date.now()));
  }

  #pollNow(): Promise<void> {
    this.#poll ??= this.#run().finally(() => {
      this.#poll = undefined;
      this.#schedule();
    });
    return this.#poll;
  }

  async #run(): Promise<void> {
    clearTimeout(this.#timer);
    this.#startedAt = Date.now();
    if (this.#snapshot === undefined && this.#state.kind !== 'failing') {
      this.#setState({ kind: 'connecting', since: this.#startedAt });
    }
    try {
      const snapshot = await this.#options.collect(this.#stop.signal);
      if (this.#stop.signal.aborted) return;
      this.#failuresInRow = 0;
      this.history.append(snapshot);
      this.#snapshot = snapshot;
      this.#statuses = new Map();
      this.#setState({ kind: 'ok' });
    } catch (error) {
      if (this.#stop.signal.aborted || isCancelled(error)) throw error;
      this.#fail(error);
      throw error;
    }
  }

  #fail(error: unknown): void {
    this.#failuresInRow++;
    this.history.appendGap(Date.now());
    this.#options.onFailure?.(error);
    const since = this.#state.kind === 'failing' ? this.#state.since : Date.now();
    const delay = this.#looking > 0 ? this.#delay() : undefined;
    const nextAt = delay === undefined ? undefined : Date.now() + delay;
    this.#setState({ kind: 'failing', message: messageOf(error), since, nextAt });
  }

  #setState(state: WatchState): void {
    this.#state = state;
    this.#changed.fire();
  }
}
