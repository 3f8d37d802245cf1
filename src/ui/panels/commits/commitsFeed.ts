import type { Fact } from '../../../kafka/facts.ts';
import type { LoggedCommit } from '../../../offsetsTopic/commit.ts';
import { CommitLog } from '../../../offsetsTopic/commits.ts';
import type { FollowOptions, ReadingProgress } from '../../../offsetsTopic/commitsReader.ts';
import type { TopicNames } from '../../../offsetsTopic/decode/topicNames.ts';
import { isCancelled, messageOf } from '../../../shared/errors.ts';
import type { Disposable } from '../../../shared/event.ts';
import type { PanelServices, Watch } from '../services.ts';
import { commitRow, commitsModel } from './commitsModel.ts';
import type { CommitRow, CommitsModel, ToCommitsPage } from './protocol.ts';

/** What a page reads: the group's partition of `__consumer_offsets`, and what explains it. */
export interface CommitsSource {
  readonly names: TopicNames;
  /** `offsets.retention.minutes` of the coordinator, ms. */
  readonly retention: Fact<number>;
  /** Ends when there is nothing more to be had. @throws {CancelledError} */
  readonly follow: (options: FollowOptions) => Promise<Fact<never>>;
}

export interface CommitsFeedOptions {
  readonly cluster: string;
  readonly group: string;
  readonly services: Pick<PanelServices, 'watchOf' | 'onDidChangeClusters'>;
  readonly open: (signal: AbortSignal) => Promise<CommitsSource>;
  readonly send: (message: ToCommitsPage) => void;
  readonly onFailure?: (error: unknown) => void;
  readonly now?: () => number;
}

/** Rows of one message: a page lays out so many within a frame. */
const portion = 2_000;
const leastIntervalMs = 300;
/** What was read is kept for so long after the page was hidden: whoever looks again soon need not wait until all is read again. */
const keptMs = 5 * 60_000;

/** What one commit log page is told. Reads while the page is visible; what it has read it keeps for some minutes while it is not. */
export class CommitsFeed implements Disposable {
  readonly #options: CommitsFeedOptions;
  readonly #clusters: Disposable;
  #watch: Watch | undefined;
  #watching: Disposable[] = [];
  #started = false;
  #paused = false;
  #reading: AbortController | undefined;
  #log: CommitLog | undefined;
  /** Of which cluster's connection `#log` is. */
  #logOf: Watch | undefined;
  #forgetting: NodeJS.Timeout | undefined;
  #retention: number | undefined;
  #progress: ReadingProgress | undefined;
  /** The end of the partition as reading began. */
  #goal: bigint | undefined;
  #isCaughtUp = false;
  #failure: string | undefined;
  #trouble: string | undefined;
  /** Id of the first row that the page does not have. */
  #sent = 0;
  #timer: NodeJS.Timeout | undefined;
  #sentAt = -Infinity;

  constructor(options: CommitsFeedOptions) {
    this.#options = options;
    this.#clusters = options.services.onDidChangeClusters(() => {
      if (this.#started && options.services.watchOf(options.cluster) !== this.#watch) this.#attach();
    });
  }

  /** The page is there. */
  start(): void {
    this.#started = true;
    this.#paused = false;
    this.#attach();
  }

  /** The page is gone or hidden. */
  stop(): void {
    this.#started = false;
    this.#detach();
    clearTimeout(this.#forgetting);
    this.#forgetting = setTimeout(() => this.#forget(), keptMs);
    this.#forgetting.unref();
  }

  pause(paused: boolean): void {
    this.#paused = paused;
    if (!paused) this.#sendSoon();
  }

  /** Reads all again. */
  retry(): void {
    if (!this.#started) return;
    this.#watch?.refresh().catch((error: unknown) => this.#options.onFailure?.(error));
    this.#forget();
    this.#attach();
  }

  get model(): CommitsModel {
    const { cluster, group, now } = this.#options;
    return commitsModel({
      cluster,
      group,
      watch: this.#watch,
      log: this.#log,
      progress: this.#progress,
      isCaughtUp: this.#isCaughtUp,
      retention: this.#retention,
      failure: this.#failure,
      trouble: this.#trouble === undefined ? [] : [this.#trouble],
      now: (now ?? Date.now)(),
    });
  }

  /** Rows as they are now: those named, in that order, or all. */
  rows(ids?: readonly number[]): CommitRow[] {
    const entries = this.#log?.entries ?? [];
    if (ids === undefined) return entries.map(commitRow);
    const first = entries[0]?.id ?? 0;
    return ids.flatMap((id) => {
      const entry = entries[id - first];
      return entry === undefined ? [] : [commitRow(entry)];
    });
  }

  dispose(): void {
    this.stop();
    this.#forget();
    this.#clusters.dispose();
  }

  #attach(): void {
    this.#detach();
    clearTimeout(this.#forgetting);
    this.#watch = this.#options.services.watchOf(this.#options.cluster);
    // Another connection may be to another cluster.
    if (this.#watch !== this.#logOf) this.#forget();
    if (this.#watch !== undefined) {
      this.#watching = [this.#watch.onDidChange(() => this.#sendSoon()), this.#watch.look()];
      void this.#read();
    }
    this.#sendFull();
  }

  #detach(): void {
    for (const one of this.#watching) one.dispose();
    this.#watching = [];
    this.#watch = undefined;
    this.#reading?.abort();
    this.#reading = undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#failure = undefined;
    this.#trouble = undefined;
    this.#sent = 0;
  }

  #forget(): void {
    clearTimeout(this.#forgetting);
    this.#log = undefined;
    this.#logOf = undefined;
    this.#progress = undefined;
    this.#goal = undefined;
    this.#isCaughtUp = false;
  }

  async #read(): Promise<void> {
    const { group, open, onFailure } = this.#options;
    const reading = new AbortController();
    this.#reading = reading;
    const { signal } = reading;
    try {
      const { names, retention, follow } = await open(signal);
      if (signal.aborted) return;
      this.#retention = 'value' in retention ? retention.value : undefined;
      const log = this.#log ?? new CommitLog({ group, names, retention: () => this.#retention });
      this.#log = log;
      this.#logOf = this.#watch;
      const ended = await follow({
        group,
        log,
        signal,
        onProgress: (progress) => {
          if (!signal.aborted) this.#onProgress(progress);
        },
        onTrouble: (message) => {
          if (signal.aborted) return;
          this.#trouble = message;
          this.#sendSoon();
        },
      });
      if (signal.aborted) return;
      this.#failure = 'failure' in ended ? ended.failure.message : undefined;
    } catch (error) {
      if (signal.aborted || isCancelled(error)) return;
      onFailure?.(error);
      this.#failure = messageOf(error);
    }
    this.#sendNow();
  }

  #onProgress(progress: ReadingProgress): void {
    this.#progress = progress;
    this.#goal ??= progress.end;
    const wasCaughtUp = this.#isCaughtUp;
    this.#isCaughtUp ||= progress.next >= this.#goal;
    if (this.#isCaughtUp && !wasCaughtUp) this.#sendNow();
    else if (!this.#isCaughtUp || (this.#log?.count ?? 0) > this.#sent) this.#sendSoon();
  }

  #sendSoon(): void {
    if (!this.#started || this.#paused || this.#timer !== undefined) return;
    const wait = Math.max(0, this.#sentAt + leastIntervalMs - performance.now());
    this.#timer = setTimeout(() => this.#sendNow(), wait);
  }

  #sendFull(): void {
    if (!this.#started) return;
    this.#options.send({ type: 'full', model: this.model, rows: [], more: false });
    // What it has of before.
    if (this.#log !== undefined) this.#sendNow();
  }

  #sendNow(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#started || this.#paused) return;
    this.#sentAt = performance.now();
    const entries = this.#log?.entries ?? [];
    const from = entries[0]?.id ?? 0;
    const revised: readonly LoggedCommit[] = this.#log?.takeRevised() ?? [];
    const fresh = [
      ...revised.filter(({ id }) => id >= from && id < this.#sent),
      ...entries.slice(Math.max(0, this.#sent - from)),
    ];
    this.#sent = this.#log?.count ?? 0;
    const { send } = this.#options;
    const more = (at: number): boolean => at + portion < fresh.length;
    const rows = (at: number): CommitRow[] => fresh.slice(at, at + portion).map(commitRow);
    send({ type: 'update', model: this.model, rows: rows(0), more: more(0), from });
    for (let at = portion; at < fresh.length; at += portion) send({ type: 'rows', rows: rows(at), more: more(at) });
  }
}
