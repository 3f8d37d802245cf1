import { explanationOf, type Explanation } from '../../../stuck/findings.ts';
import type { OwnerFacts, RecordView, StuckFacts, StuckTarget } from '../../../stuck/facts.ts';
import type { Commit, Fact } from '../../../groups/snapshot.ts';
import { isCancelled, messageOf } from '../../../shared/errors.ts';
import type { Disposable } from '../../../shared/event.ts';
import { t } from '../../../shared/l10n.ts';
import type { Problem } from '../protocol.ts';
import type { PanelServices, Watch } from '../services.ts';
import type { ToStuckPage } from './protocol.ts';
import { ownerFacts, recordsOf, stuckFigures, stuckFrame, stuckModel } from './stuckModel.ts';

/** What the last look at the group knows already. */
export interface Known {
  readonly owner: OwnerFacts | undefined;
  /** Where the commit is not to be asked for. */
  readonly commit: Fact<Commit | undefined> | undefined;
}

export interface StuckFeedOptions {
  readonly cluster: string;
  readonly target: StuckTarget;
  readonly services: Pick<PanelServices, 'watchOf' | 'onDidChangeClusters'>;
  /** Looks at the partition. */
  readonly explain: (target: StuckTarget, known: Known, signal: AbortSignal) => Promise<StuckFacts>;
  readonly send: (message: ToStuckPage) => void;
  readonly onFailure?: (error: unknown) => void;
  readonly now?: () => number;
}

/** A commit that moves is followed, but read around no more often than this, ms. */
const leastIntervalMs = 3_000;

/** What one page "What is it stuck on?" is told. Reads only while the page is visible, and again only when something moved. */
export class StuckFeed implements Disposable {
  readonly #options: StuckFeedOptions;
  readonly #clusters: Disposable;
  #watch: Watch | undefined;
  #watching: Disposable[] = [];
  #started = false;
  #paused = false;
  #reading: AbortController | undefined;
  #facts: StuckFacts | undefined;
  #explanation: Explanation | undefined;
  #failure: string | undefined;
  #readAt = -Infinity;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: StuckFeedOptions) {
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
    this.#facts = undefined;
    this.#explanation = undefined;
    this.#failure = undefined;
  }

  pause(paused: boolean): void {
    this.#paused = paused;
    if (!paused && this.#started) this.#onPoll();
  }

  /** Reads again now. */
  refresh(): void {
    if (!this.#started || this.#watch === undefined) return;
    this.#watch.refresh().catch((error: unknown) => this.#options.onFailure?.(error));
    void this.#read();
  }

  /** A record that the page has. */
  record(offset: string): RecordView | undefined {
    return this.#facts && recordsOf(this.#facts).find((one) => String(one.offset) === offset);
  }

  dispose(): void {
    this.stop();
    this.#clusters.dispose();
  }

  #attach(): void {
    this.#detach();
    this.#watch = this.#options.services.watchOf(this.#options.cluster);
    if (this.#watch !== undefined) {
      this.#watching = [this.#watch.onDidChange(() => this.#onPoll()), this.#watch.look()];
      void this.#read();
    }
    this.#send('full');
  }

  #detach(): void {
    for (const one of this.#watching) one.dispose();
    this.#watching = [];
    this.#watch = undefined;
    this.#reading?.abort();
    this.#reading = undefined;
    clearTimeout(this.#timer);
  }

  #onPoll(): void {
    if (!this.#started || this.#paused) return;
    if (this.#reading === undefined && this.#hasMoved()) this.#readSoon();
    this.#send('figures');
  }

  /** Whether what was read is no longer what the group stands at. */
  #hasMoved(): boolean {
    if (this.#facts === undefined) return true;
    const { commit, log } = this.#facts;
    const { committed, end, lastStable } = stuckFigures(this.#options.target, this.#watch, undefined, undefined);
    if (committed === undefined) return false;
    if (!('value' in commit) || String(commit.value?.offset) !== committed) return true;
    if (!('value' in log)) return true;
    const was = log.value;
    // Where the record stands, nothing is read for what arrives behind it.
    if (this.#explanation?.isFine === true) return end !== undefined && String(was.end) !== end;
    const held = 'value' in was.lastStable && was.lastStable.value <= commit.value!.offset;
    return held && lastStable !== undefined && String((was.lastStable as { value: bigint }).value) !== lastStable;
  }

  #readSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#read(), Math.max(0, this.#readAt + leastIntervalMs - performance.now()));
  }

  async #read(): Promise<void> {
    const { explain, target } = this.#options;
    this.#reading?.abort();
    const reading = new AbortController();
    this.#reading = reading;
    this.#readAt = performance.now();
    clearTimeout(this.#timer);
    try {
      const facts = await explain(target, this.#known(), reading.signal);
      if (reading.signal.aborted) return;
      this.#facts = facts;
      this.#failure = undefined;
    } catch (error) {
      if (reading.signal.aborted || isCancelled(error)) return;
      this.#options.onFailure?.(error);
      this.#failure = messageOf(error);
    }
    this.#reading = undefined;
    this.#send('full');
  }

  #known(): Known {
    const { target } = this.#options;
    const group = this.#watch?.snapshot?.groups.get(target.group);
    const own = group?.partitions.find((one) => one.topic === target.topic && one.partition === target.partition);
    // A share group has no commits; where it starts is told by its own coordinator, which the snapshot has asked.
    return { owner: ownerFacts(target, this.#watch), commit: group?.type === 'share' ? own?.commit : undefined };
  }

  #send(type: 'full' | 'figures'): void {
    const { cluster, target, now, send } = this.#options;
    if (!this.#started) return;
    const facts = this.#facts;
    const frame = stuckFrame(cluster, target, this.#watch, (now ?? Date.now)());
    if (type === 'full') {
      this.#explanation = facts && explanationOf({ ...facts, owner: ownerFacts(target, this.#watch) ?? facts.owner });
    }
    const problem = this.#watch === undefined ? frame.problem : facts === undefined ? this.#problem() : undefined;
    const partial = facts !== undefined && this.#failure !== undefined ? [this.#failure] : [];
    const figures = stuckFigures(target, this.#watch, facts, this.#explanation);
    const told = { frame: { ...frame, problem, partial }, figures, isBusy: this.#reading !== undefined };
    if (type === 'figures') send({ type, ...told });
    else send({ type, ...told, model: facts && stuckModel(facts, this.#explanation) });
  }

  /** Why there is no record yet. */
  #problem(): Problem {
    const { target } = this.#options;
    if (this.#failure !== undefined) {
      return { kind: 'failed', title: t('The partition could not be looked at'), advice: this.#failure };
    }
    return {
      kind: 'loading',
      title: t('Reading {0}-{1}', target.topic, target.partition),
      advice: t('The record at the commit and its neighbours are under way.'),
    };
  }
}
