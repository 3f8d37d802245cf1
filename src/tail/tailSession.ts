import type { Cluster } from '../kafka/cluster.ts';
import type { ReadEvent, RecordsEvent, Slice } from '../records/events.ts';
import { bounds, type Place } from '../records/logBounds.ts';
import type { ReadIsolation } from '../records/partitionReader.ts';
import { startOffsets, type Start, type Stop } from '../records/positions.ts';
import { readTopic } from '../records/reader.ts';
import { HumanError, isCancelled, messageOf } from '../shared/errors.ts';
import { t } from '../shared/l10n.ts';
import type { Notice } from './kept.ts';
import { noticeOf } from './noticeOf.ts';
import { OpenTransactions } from './openTransactions.ts';
import { move, newProgress, startAnew, type PartitionProgress } from './progress.ts';
import { Rate } from './rate.ts';
import { RecordStore, type StoreLimits } from './recordStore.ts';
import { TimeHistogram } from './timeHistogram.ts';

/** `resting`: stopped because nobody looks, to go on by itself. */
export type Reading = 'starting' | 'running' | 'resting' | 'stopped' | 'finished' | 'failed';

export interface WhatToRead {
  /** undefined: all. */
  readonly partitions: readonly number[] | undefined;
  readonly stop: Stop;
  readonly isolation: ReadIsolation;
}

export interface SessionOptions extends WhatToRead {
  /** Asked at each start: after an edit of its settings a cluster is another one. @throws {HumanError} */
  readonly cluster: () => Promise<Cluster>;
  readonly topic: string;
  readonly start: Start;
  readonly limits: StoreLimits;
  /** What was read, before it is kept. Without it a fifth less time is needed, see `ReadOptions.isBorrowed`. */
  readonly onSlice?: ((slice: Slice) => void) | undefined;
  /** Something of it is another than before; called often. */
  readonly onChange: () => void;
}

/** So many notices are listed; all of them are in the store. */
const listedNotices = 50;

/**
 * A topic being read into a store, without a group: it joins nothing, commits nothing and creates nothing. It can be stopped and go on where it was, and
 * jump, all of it or one partition. What happens on the way is said by notices, and reading goes on.
 */
export class TailSession {
  readonly topic: string;
  readonly store: RecordStore;
  readonly histogram = new TimeHistogram();
  readonly progress = new Map<number, PartitionProgress>();
  /** Newest first. */
  readonly notices: Notice[] = [];
  readonly rate = new Rate();
  readonly #options: SessionOptions;
  #what: WhatToRead;
  #start: Start;
  #reading: Reading = 'stopped';
  #failure: string | undefined;
  #ending = new AbortController();
  #allPartitions: readonly number[] = [];
  #topicId: string | undefined;
  readonly #open = new OpenTransactions();
  /** What is before is in the histogram. */
  #countedTo = 0;
  /** While set, a store that is full makes reading wait instead of dropping. */
  #isHeld = false;
  #release: (() => void) | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.topic = options.topic;
    this.#what = options;
    this.#start = options.start;
    this.store = new RecordStore(options.limits);
    this.store.onDrop = (to) => {
      this.store.eachTime(this.store.firstSeq, Math.min(to, this.#countedTo), (time, seq) => {
        if (!this.#isNotice(seq, time)) this.histogram.remove(time);
      });
    };
  }

  get reading(): Reading {
    return this.#reading;
  }

  /** Why it failed, or why there is nothing more to read. */
  get failure(): string | undefined {
    return this.#failure;
  }

  get what(): WhatToRead {
    return this.#what;
  }

  /** Where reading began, or jumped to last as a whole. */
  get start(): Start {
    return this.#start;
  }

  /** Of the topic; empty as long as it is not known. */
  get allPartitions(): readonly number[] {
    return this.#allPartitions;
  }

  /** Reading waits as the store is full and nothing of it must go. */
  get isWaiting(): boolean {
    return this.#release !== undefined;
  }

  /** Goes on where it was, or begins. */
  resume(): void {
    if (this.#reading === 'starting' || this.#reading === 'running') return;
    this.#run(this.#start, undefined);
  }

  stop(as: 'stopped' | 'resting' = 'stopped'): void {
    const isOn = this.#reading === 'starting' || this.#reading === 'running';
    if (!isOn && this.#reading !== 'resting') return;
    this.#abort();
    this.#reading = as;
    this.#options.onChange();
  }

  /** While held, nothing that is kept is dropped: where the store is full, reading waits. */
  hold(held: boolean): void {
    this.#isHeld = held;
    if (!held) this.#release?.();
  }

  /** Counts anew where times lie closer together by now than the histogram's steps show. */
  refineHistogram(): void {
    if (!this.histogram.isCoarse) return;
    const { firstSeq } = this.store;
    this.histogram.clear();
    this.store.eachTime(firstSeq, this.#countedTo, (time, seq) => {
      if (!this.#isNotice(seq, time)) this.histogram.add(time);
    });
  }

  clear(): void {
    this.store.clear();
    this.histogram.clear();
    this.#release?.();
    this.#options.onChange();
  }

  dispose(): void {
    this.#abort();
    this.#reading = 'stopped';
  }

  /** Reads other partitions, another isolation level or up to another end; from where it is, and new partitions from where all began. */
  read(what: Partial<WhatToRead>): void {
    this.#what = { ...this.#what, ...what };
    const wanted = this.#what.partitions;
    for (const partition of [...this.progress.keys()]) {
      if (wanted !== undefined && !wanted.includes(partition)) this.progress.delete(partition);
    }
    this.#abort();
    this.#run(this.#start, undefined);
  }

  /**
   * Jumps. It is first found out where to; until then, and if that fails, it goes on as it was.
   *
   * @param words where to, for the notice.
   * @param stop where all partitions end from now on; as before where left out.
   * @throws {HumanError} @throws {CancelledError}
   */
  async seek(to: Start, partitions: readonly number[] | undefined, words: string, stop?: Stop): Promise<void> {
    const cluster = await this.#options.cluster();
    await this.#learnTopic(cluster, undefined);
    const chosen = partitions ?? this.#partitions();
    const found = await startOffsets(this.#place(cluster, chosen, undefined), to);
    const offsets = new Map<number, bigint>();
    for (const [partition, fact] of found) {
      if ('failure' in fact) throw new HumanError(fact.failure.message);
      offsets.set(partition, fact.value);
    }
    this.#abort();
    for (const [partition, offset] of offsets) {
      const progress = this.#of(partition);
      progress.position = offset;
      progress.state = 'reading';
      this.#open.forget(partition);
    }
    if (partitions === undefined) this.#start = to;
    if (stop !== undefined) this.#what = { ...this.#what, stop };
    for (const partition of partitions ?? [undefined]) {
      this.#tell({ severity: 'info', at: Date.now(), partition, message: t('Jumped to {0}.', words) });
    }
    this.#run(this.#start, undefined);
  }

  #partitions(): readonly number[] {
    return this.#what.partitions ?? this.#allPartitions;
  }

  #place(cluster: Cluster, partitions: readonly number[], signal: AbortSignal | undefined): Place {
    const isolation = this.#what.isolation === 'read_committed' ? 'read_committed' : 'read_uncommitted';
    return { cluster, topic: this.topic, partitions, isolation, signal };
  }

  #of(partition: number): PartitionProgress {
    let progress = this.progress.get(partition);
    if (progress === undefined) this.progress.set(partition, (progress = newProgress()));
    return progress;
  }

  #abort(): void {
    this.#ending.abort();
    this.#release?.();
    this.rate.reset();
  }

  #run(start: Start, failure: string | undefined): void {
    this.#ending = new AbortController();
    const { signal } = this.#ending;
    this.#reading = 'starting';
    this.#failure = failure;
    this.#options.onChange();
    this.#read(start, signal).catch((error: unknown) => {
      if (signal.aborted || isCancelled(error)) return;
      this.#reading = 'failed';
      this.#failure = messageOf(error);
      this.#options.onChange();
    });
  }

  /** What became of the topic while it was not read is told, and read from its beginning. */
  async #learnTopic(cluster: Cluster, signal: AbortSignal | undefined): Promise<void> {
    const { topics } = await cluster.metadata({ topics: [this.topic], signal });
    const topic = topics.get(this.topic);
    if (topic === undefined || topic.failure?.kind === 'missing') {
      throw new HumanError(t('Topic {0} does not exist.', this.topic), t('Check its name; nothing was created.'));
    }
    if (topic.failure !== undefined) throw new HumanError(topic.failure.message);
    const before = new Set(this.#allPartitions);
    this.#allPartitions = topic.partitions.map(({ partition }) => partition);
    const isOther = this.#topicId !== undefined && topic.id !== undefined && topic.id !== this.#topicId;
    this.#topicId ??= topic.id;
    if (isOther) {
      this.progress.clear();
      for (const partition of this.#partitions()) this.#of(partition);
      this.#take({ kind: 'topic-recreated', topicId: topic.id });
    } else if (before.size > 0 && this.#what.partitions === undefined) {
      for (const partition of this.#allPartitions) {
        if (!before.has(partition)) this.#take({ kind: 'partition-added', partition });
      }
    }
  }

  async #read(start: Start, signal: AbortSignal): Promise<void> {
    const cluster = await this.#options.cluster();
    await this.#learnTopic(cluster, signal);
    const { isolation, stop } = this.#what;
    const partitions = this.#partitions();
    for (const partition of partitions) this.#of(partition).why = undefined;
    const from = await this.#whereFrom(cluster, start, signal);
    this.#learnBounds(cluster, signal);
    if (signal.aborted) return;
    this.#reading = 'running';
    this.#options.onChange();
    // The store copies; whoever looks at the slices too may keep something of them.
    const isBorrowed = this.#options.onSlice === undefined;
    const options = { topic: this.topic, partitions: this.#what.partitions, start: from, stop, isolation, signal };
    for await (const event of readTopic(cluster, { ...options, isBorrowed })) {
      if (event.kind === 'records' && this.#isHeld) await this.#untilRoomFor(event, signal);
      if (signal.aborted) return;
      this.#take(event);
      this.#options.onChange();
    }
    const causes = [...this.progress.values()];
    const isLost = causes.length > 0 && causes.every(({ state }) => state === 'denied' || state === 'deleted');
    this.#reading = isLost ? 'failed' : 'finished';
    if (isLost) this.#failure = causes.find(({ why }) => why !== undefined)?.why;
    this.#options.onChange();
  }

  /** Where each partition stood; those that did not stand anywhere yet begin at `start`. */
  async #whereFrom(cluster: Cluster, start: Start, signal: AbortSignal): Promise<Start> {
    const partitions = this.#partitions();
    const fresh = partitions.filter((partition) => this.#of(partition).position === undefined);
    const found = fresh.length === 0 ? [] : await startOffsets(this.#place(cluster, fresh, signal), start);
    for (const [partition, fact] of found) {
      // What cannot be found out now is tried again by the reader, which can only be told one start for all.
      if ('failure' in fact && fresh.length === partitions.length) return start;
      if ('value' in fact) this.#of(partition).position = fact.value;
    }
    const offsets = new Map<number, bigint>();
    for (const partition of partitions) {
      const progress = this.#of(partition);
      if (progress.position !== undefined) offsets.set(partition, progress.position);
      progress.state = 'reading';
    }
    return { at: 'offsets', offsets, otherwise: start.at === 'beginning' ? 'beginning' : 'end' };
  }

  /** The ends of logs of which no record comes are not told by reading. */
  #learnBounds(cluster: Cluster, signal: AbortSignal): void {
    const place = this.#place(cluster, this.#partitions(), signal);
    const all: Place = { ...place, isolation: 'read_uncommitted' };
    Promise.all([bounds(all, 'beginning'), bounds(all, 'end')]).then(
      ([starts, ends]) => {
        for (const [partition, progress] of this.progress) {
          const [first, last] = [starts.get(partition), ends.get(partition)];
          // Reading may have told by now, and newer.
          if (first !== undefined && 'value' in first) progress.start ??= first.value;
          if (last !== undefined && 'value' in last) progress.end ??= last.value;
        }
        this.#options.onChange();
      },
      () => undefined,
    );
  }

  async #untilRoomFor({ slices }: RecordsEvent, signal: AbortSignal): Promise<void> {
    let records = 0;
    let bytes = 0;
    for (const { batch, from, to } of slices) {
      records += to - from;
      bytes += batch.starts[to]! - batch.starts[from]!;
    }
    while (this.#isHeld && !signal.aborted && this.store.records > 0 && this.store.isFullFor(records, bytes)) {
      await new Promise<void>((resolve) => {
        this.#release = resolve;
        this.#options.onChange();
      });
      this.#release = undefined;
    }
  }

  #take(event: ReadEvent): void {
    if (event.kind === 'records') {
      this.#takeRecords(event);
      return;
    }
    if (event.kind === 'damaged') this.#histogramOf(() => this.store.appendDamaged(event));
    const notice = noticeOf(event, this.topic, Date.now());
    // What cannot be read now is said for as long as that lasts, and not when it is over.
    if (event.kind === 'unavailable' && notice !== undefined) this.store.appendNotice(notice);
    else if (notice !== undefined) this.#tell(notice);
    if (event.kind === 'topic-recreated') {
      this.#topicId = event.topicId;
      for (const progress of this.progress.values()) startAnew(progress);
      return;
    }
    if (event.kind === 'partition-added' && !this.#allPartitions.includes(event.partition)) {
      this.#allPartitions = [...this.#allPartitions, event.partition];
    }
    move(this.#of(event.partition), event, notice?.message);
  }

  #takeRecords(event: RecordsEvent): void {
    const { partition, slices, ended } = event;
    move(this.#of(partition), event, undefined);
    let records = 0;
    let bytes = 0;
    for (const slice of slices) {
      const { batch, from, to, transaction } = slice;
      if (transaction !== undefined) this.#open.add(partition, transaction);
      this.#options.onSlice?.(slice);
      this.#histogramOf(() => this.store.append(slice));
      records += to - from;
      bytes += batch.starts[to]! - batch.starts[from]!;
    }
    for (const transaction of ended) this.#open.end(partition, transaction);
    this.rate.add(records, bytes, performance.now());
  }

  /** Of what is appended, as much as was not dropped again at once. */
  #histogramOf(append: () => void): void {
    const from = this.store.endSeq;
    append();
    this.#countedTo = this.store.endSeq;
    this.store.eachTime(from, this.#countedTo, (time) => this.histogram.add(time));
  }

  #isNotice(seq: number, time: number): boolean {
    return time < 0 && this.store.at(seq)?.kind === 'notice';
  }

  #tell(notice: Notice): void {
    this.store.appendNotice(notice);
    this.notices.unshift(notice);
    this.notices.length = Math.min(this.notices.length, listedNotices);
  }
}
