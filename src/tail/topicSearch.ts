import type { Cluster } from '../kafka/cluster.ts';
import type { RecordBatch } from '../records/batch.ts';
import type { Slice } from '../records/events.ts';
import type { Place } from '../records/logBounds.ts';
import type { ReadIsolation } from '../records/partitionReader.ts';
import { startOffsets, stopOffsets, type Start, type Stop } from '../records/positions.ts';
import { readTopic } from '../records/reader.ts';
import type { Transaction } from '../records/transactions.ts';
import { isCancelled, messageOf } from '../shared/errors.ts';
import { t } from '../shared/l10n.ts';
import { Turn } from '../shared/turn.ts';
import type { Filter } from './filter/parseFilter.ts';
import type { FilterContext, Test } from './filter/predicate.ts';
import type { Entries, Source } from './kept.ts';
import { KeptRecord } from './keptRecord.ts';
import { noticeOf } from './noticeOf.ts';
import { encodeRecord } from './recordBytes.ts';
import { RecordStore, type StoreLimits } from './recordStore.ts';
import { TimeHistogram } from './timeHistogram.ts';

export interface SearchOptions {
  readonly cluster: Cluster;
  readonly topic: string;
  readonly partitions: readonly number[];
  readonly isolation: ReadIsolation;
  readonly from: Start;
  readonly to: Stop;
  readonly filter: Filter;
  readonly context: FilterContext;
  /** Whether the bytes of a batch can tell that a text is not in it. */
  readonly trustsBytes: boolean;
  /** With as many found as these allow, it ends. */
  readonly limits: StoreLimits;
  /** What was read, before it is looked at. */
  readonly onSlice?: ((slice: Slice) => void) | undefined;
  readonly onChange: () => void;
}

/** Reads a topic, or a range of it, for what a filter leaves: only that is kept. Without a group, as a tail. */
export class TopicSearch {
  readonly store: RecordStore;
  readonly histogram = new TimeHistogram();
  readonly options: SearchOptions;
  state: 'running' | 'done' | 'cancelled' | 'failed' = 'running';
  message: string | undefined;
  records = 0;
  bytes = 0;
  readonly #startedAt = performance.now();
  #endedAt: number | undefined;
  readonly #ending = new AbortController();
  /** By partition; what is left is the difference. */
  readonly #ranges = new Map<number, { readonly from: bigint; readonly to: bigint; at: bigint }>();
  readonly #record = new KeptRecord();

  constructor(options: SearchOptions) {
    this.options = options;
    this.store = new RecordStore(options.limits);
  }

  /** Milliseconds. */
  get elapsed(): number {
    return (this.#endedAt ?? performance.now()) - this.#startedAt;
  }

  /** 0 to 1, by offsets; undefined as long as the range is not known or where it has no end. */
  get done(): number | undefined {
    if (this.state === 'done' && this.message === undefined) return 1;
    let [read, all] = [0n, 0n];
    for (const { from, to, at } of this.#ranges.values()) {
      all += to - from;
      read += (at < to ? at : to) - from;
    }
    if (this.#ranges.size === 0 || all <= 0n) return undefined;
    return Math.min(1, Number((read * 10_000n) / all) / 10_000);
  }

  /** Seconds left. */
  get eta(): number | undefined {
    const { done } = this;
    if (this.state !== 'running' || done === undefined || done <= 0 || this.elapsed < 500) return undefined;
    return (this.elapsed / 1000) * (1 / done - 1);
  }

  cancel(): void {
    if (this.state === 'running') this.#end('cancelled');
  }

  /** Resolves when it has ended, however it did. */
  async run(): Promise<void> {
    try {
      await this.#read();
      if (this.state === 'running') this.#end('done');
    } catch (error) {
      if (this.state !== 'running' || isCancelled(error)) return;
      this.message = messageOf(error);
      this.#end('failed');
    }
  }

  #end(as: 'done' | 'cancelled' | 'failed'): void {
    this.state = as;
    this.#endedAt = performance.now();
    this.#ending.abort();
    this.options.onChange();
  }

  async #read(): Promise<void> {
    const { cluster, topic, partitions, isolation, to, filter, context } = this.options;
    const { signal } = this.#ending;
    const test = filter.test(context);
    const start = await this.#range();
    // Whoever looks at the slices too may keep something of them.
    const isBorrowed = this.options.onSlice === undefined;
    const options = { topic, partitions, start, stop: to, isolation, signal, isBorrowed };
    const turn = new Turn();
    for await (const event of readTopic(cluster, options)) {
      if (event.kind === 'damaged') this.store.appendDamaged(event);
      else if (event.kind === 'records') {
        const range = this.#ranges.get(event.partition);
        for (const slice of event.slices) {
          this.options.onSlice?.(slice);
          await this.#look(slice, test);
          if (this.state !== 'running') return;
          if (turn.isOver) {
            this.options.onChange();
            await turn.giveWay();
          }
        }
        if (range !== undefined && event.next > range.at) range.at = event.next;
      } else {
        const notice = noticeOf(event, topic, Date.now());
        if (notice !== undefined) this.store.appendNotice(notice);
        if (event.kind === 'finished' && event.cause === 'stop') {
          const range = this.#ranges.get(event.partition);
          if (range !== undefined) range.at = range.to;
        }
      }
      this.options.onChange();
    }
  }

  /** Finds out how much there is to read; a range that cannot be found out is left to the reader, without progress. */
  async #range(): Promise<Start> {
    const { cluster, topic, partitions, isolation, from, to } = this.options;
    const place: Place = {
      cluster,
      topic,
      partitions,
      isolation: isolation === 'read_committed' ? isolation : 'read_uncommitted',
      signal: this.#ending.signal,
    };
    const [starts, stops] = await Promise.all([startOffsets(place, from), stopOffsets(place, to)]);
    const offsets = new Map<number, bigint>();
    for (const [partition, first] of starts) {
      const last = stops.get(partition);
      if ('failure' in first) return from;
      offsets.set(partition, first.value);
      if (last === undefined || 'failure' in last || last.value === undefined) continue;
      const end = last.value > first.value ? last.value : first.value;
      this.#ranges.set(partition, { from: first.value, to: end, at: first.value });
    }
    return { at: 'offsets', offsets, otherwise: 'beginning' };
  }

  /** Whether the bytes hold what people see: one producer wrote the batch, so that its first and last record stand for all. */
  #isText(entries: Entries, from: number, to: number): boolean {
    const { trustsBytes, context } = this.options;
    if (trustsBytes || from === to) return trustsBytes;
    return [from, to - 1].every((index) => {
      const record = this.#record.place(entries, index);
      return (['key', 'value'] as const).every((part) => context.shownText(record, part) === undefined);
    });
  }

  async #look(slice: Slice, test: Test): Promise<void> {
    const { batch, from, to, transaction } = slice;
    this.records += to - from;
    this.bytes += batch.starts[to]! - batch.starts[from]!;
    const { filter } = this.options;
    const entries = entriesOf(batch, transaction);
    // Most batches hold nothing of what is looked for, which their bytes can tell faster than their records.
    const bytes = entries.bytes.subarray(entries.starts[from], entries.starts[to]);
    const isHopeless = (): boolean => !filter.needles.every((needle) => needle.mayBeIn(bytes));
    if (filter.needles.length > 0 && this.#isText(entries, from, to) && isHopeless()) return;
    for (let index = from; index < to; index++) {
      let verdict = test(this.#record.place(entries, index));
      if (verdict instanceof Promise) verdict = await verdict;
      if (this.state !== 'running') return;
      if (!verdict) continue;
      if (this.store.isFullFor(1, batch.size(index))) {
        this.message = t('As many were found as are kept. Look for less, or in a smaller range, to see the rest.');
        this.#end('done');
        return;
      }
      this.histogram.add(Number(batch.timestamp(index)));
      this.store.append({ batch, from: index, to: index + 1, transaction });
    }
  }
}

/** A batch as if it were kept, so that a filter can look at it before it is copied. */
function entriesOf(batch: RecordBatch, transaction: Transaction | undefined): Entries {
  const { partition, facts } = batch;
  const source: Source = { kind: 'record', partition, facts, transaction };
  if (facts.magic === 2) {
    return {
      firstSeq: 0,
      bytes: batch.data,
      starts: batch.starts,
      offset: (index) => batch.offset(index),
      timestamp: (index) => batch.timestamp(index),
      source: () => source,
    };
  }
  return legacyEntries(batch, source);
}

/** The older formats have another encoding. */
function legacyEntries(batch: RecordBatch, source: Source): Entries {
  const records = Array.from({ length: batch.count }, (_, index) => encodeRecord(batch, index));
  const starts = new Uint32Array(batch.count + 1);
  for (const [index, bytes] of records.entries()) starts[index + 1] = starts[index]! + bytes.length;
  return {
    firstSeq: 0,
    bytes: Buffer.concat(records),
    starts,
    offset: (index) => batch.offset(index),
    timestamp: (index) => batch.timestamp(index),
    source: () => source,
  };
}
