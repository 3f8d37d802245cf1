import type { RecordBatch } from '../../../records/batch.ts';
import { HumanError, isCancelled, messageOf } from '../../../shared/errors.ts';
import type { Disposable } from '../../../shared/event.ts';
import { t } from '../../../shared/l10n.ts';
import type { Frame, Int64, Problem } from '../protocol.ts';
import { batchItem, recordItems, summaryOf } from './batchItems.ts';
import type { BatchSource } from './batchSource.ts';
import type { BatchesModel, BatchItem, Position, ToBatchesPage } from './protocol.ts';

export interface BatchesFeedOptions {
  readonly cluster: string;
  readonly topic: string;
  /** @throws {HumanError} the cluster is not connected, or cannot be reached. */
  readonly open: (partition: number) => Promise<BatchSource>;
  readonly send: (message: ToBatchesPage) => void;
  readonly onError: (error: unknown) => void;
}

/** Batches that one reading brings at least, unless the log ends before. */
const portion = 200;
/** More would make the page slow; who wants others goes to another offset. */
const most = 20_000;
/** How far back "earlier" goes. */
const backOffsets = 1_000n;
const recordsAtOnce = 200;
const never = 1e15;

/** What one batches page is told. Reads only what it is asked for, and holds nothing while the page is hidden. */
export class BatchesFeed implements Disposable {
  readonly #options: BatchesFeedOptions;
  #reading: AbortController | undefined;
  #kind: BatchesModel['reading'];
  #source: BatchSource | undefined;
  #partition = 0;
  #position: Position = { at: 'start' };
  /** What it is to show when it appears. */
  #wanted: { readonly partition: number; readonly position: Position } | undefined;
  #partitions = 0;
  #rows: BatchItem[] = [];
  #keys = new Set<Int64>();
  #log: BatchesModel['log'];
  #from = 0n;
  #next = 0n;
  #takenAt: number | undefined;
  #problem: Problem | undefined;
  #failure: string | undefined;
  /** The batch whose records are on show. */
  #opened: { readonly baseOffset: Int64; readonly batch: RecordBatch } | undefined;

  constructor(options: BatchesFeedOptions) {
    this.#options = options;
  }

  /** What the page has: the batches with these base offsets in that order, or all. */
  shown(keys?: readonly Int64[]): readonly BatchItem[] {
    if (keys === undefined) return this.#rows;
    const byKey = new Map(this.#rows.map((row) => [row.baseOffset, row]));
    return keys.map((key) => byKey.get(key)).filter((row) => row !== undefined);
  }

  get partition(): number {
    return this.#partition;
  }

  /** The page is there, and wants what it showed before, unless it was opened for something else meanwhile. */
  async start(partition: number, position: Position): Promise<void> {
    const wanted = this.#wanted ?? { partition, position };
    await this.seek(wanted.partition, wanted.position);
  }

  /** Shows something else, also where the page is only about to appear. */
  async goTo(partition: number, position: Position): Promise<void> {
    const shown = this.seek(partition, position);
    this.#wanted = { partition, position };
    await shown;
  }

  /** Shows a partition from a position on. */
  async seek(partition: number, position: Position): Promise<void> {
    this.stop();
    this.#wanted = undefined;
    this.#partition = partition;
    this.#position = position;
    this.#problem = { kind: 'loading', title: t('Reading batches'), advice: t('Partition {0}', partition) };
    this.#sendFull();
    await this.#run(undefined, async (signal) => {
      const source = await this.#options.open(partition);
      this.#source = source;
      const [partitions, from] = await Promise.all([source.partitions(signal), source.locate(position, signal)]);
      this.#partitions = partitions;
      this.#from = this.#next = from;
      const rows = await this.#readOn(source, signal);
      this.#problem = rows.length > 0 ? undefined : this.#emptiness();
      this.#rows = rows;
      return 'full';
    });
  }

  async retry(): Promise<void> {
    await (this.#rows.length > 0 ? this.more() : this.seek(this.#partition, this.#position));
  }

  /** Reads on from the last batch. */
  async more(): Promise<void> {
    const source = this.#source;
    if (source === undefined || this.#kind !== undefined || this.#isFull) return;
    await this.#run('more', async (signal) => {
      const rows = await this.#readOn(source, signal);
      this.#rows.push(...rows);
      if (this.#rows.length > 0) this.#problem = undefined;
      return { rows, where: 'after' };
    });
  }

  /** Reads what stands before the first batch. */
  async earlier(): Promise<void> {
    const source = this.#source;
    const first = this.#rows[0];
    if (source === undefined || this.#kind !== undefined || this.#isFull) return;
    await this.#run('earlier', async (signal) => {
      const before = first === undefined ? this.#from : BigInt(first.baseOffset);
      const start = BigInt(this.#log?.start ?? 0);
      let next = before - backOffsets < start ? start : before - backOffsets;
      this.#from = next;
      const rows: BatchItem[] = [];
      while (next < before) {
        const page = await source.read(next, before, signal);
        if (page.kind !== 'page') throw new HumanError(page.failure.message);
        rows.push(...this.#taken(page.rows.map(batchItem)));
        if (page.next <= next) break;
        next = page.next;
      }
      this.#rows.unshift(...rows);
      if (this.#rows.length > 0) this.#problem = undefined;
      return { rows, where: 'before' };
    });
  }

  /** What was read until now stays. */
  cancel(): void {
    this.#reading?.abort();
  }

  async records(baseOffset: Int64, from: number): Promise<void> {
    const source = this.#source;
    if (source === undefined) return;
    try {
      if (this.#opened?.baseOffset !== baseOffset) {
        const batch = await source.open(BigInt(baseOffset), new AbortController().signal);
        this.#opened = { baseOffset, batch };
      }
      const { batch } = this.#opened;
      const records = recordItems(batch, from, recordsAtOnce);
      this.#options.send({ type: 'records', baseOffset, records, count: batch.count });
    } catch (error) {
      if (isCancelled(error)) return;
      this.#options.send({ type: 'records', baseOffset, records: [], count: 0, problem: this.#told(error) });
    }
  }

  /** The page is gone or hidden. */
  stop(): void {
    this.#reading?.abort();
    this.#reading = undefined;
    this.#kind = undefined;
    this.#source = undefined;
    this.#rows = [];
    this.#keys = new Set();
    this.#log = undefined;
    this.#takenAt = undefined;
    this.#problem = undefined;
    this.#failure = undefined;
    this.#opened = undefined;
  }

  dispose(): void {
    this.stop();
  }

  get #isFull(): boolean {
    return this.#rows.length >= most;
  }

  /** Does some reading, and tells the page what came of it. */
  async #run(
    kind: BatchesModel['reading'],
    work: (
      signal: AbortSignal,
    ) => Promise<'full' | { readonly rows: readonly BatchItem[]; readonly where: 'after' | 'before' }>,
  ): Promise<void> {
    const reading = new AbortController();
    this.#reading = reading;
    this.#kind = kind;
    this.#failure = undefined;
    if (kind !== undefined) this.#sendRows([], 'after');
    let done: Awaited<ReturnType<typeof work>> | undefined;
    try {
      done = await work(reading.signal);
    } catch (error) {
      if (this.#reading !== reading) return;
      const text = isCancelled(error) ? t('Reading was cancelled.') : this.#told(error);
      if (this.#rows.length > 0) this.#failure = text;
      else {
        const title = isCancelled(error) ? t('No batches were read') : t('The batches cannot be read');
        this.#problem = { kind: 'failed', title, advice: text };
      }
    }
    // Another reading, or a hidden page, has taken its place.
    if (this.#reading !== reading) return;
    this.#reading = undefined;
    this.#kind = undefined;
    if (done === undefined || done === 'full') this.#sendFull();
    else this.#sendRows(done.rows, done.where);
  }

  #told(error: unknown): string {
    if (!(error instanceof HumanError)) this.#options.onError(error);
    return messageOf(error);
  }

  async #readOn(source: BatchSource, signal: AbortSignal): Promise<BatchItem[]> {
    const rows: BatchItem[] = [];
    for (;;) {
      const page = await source.read(this.#next, undefined, signal);
      if (page.kind !== 'page') throw new HumanError(page.failure.message);
      const { log, next } = page;
      rows.push(...this.#taken(page.rows.map(batchItem)));
      this.#log = { start: String(log.start), end: String(log.end), lastStable: String(log.lastStable) };
      this.#takenAt = Date.now();
      const isOver = next >= log.end || next <= this.#next || rows.length >= portion;
      this.#next = next;
      if (isOver) return rows;
    }
  }

  /** Those that are not there yet: a damaged batch may come again. */
  #taken(rows: readonly BatchItem[]): BatchItem[] {
    const fresh = rows.filter(({ baseOffset }) => !this.#keys.has(baseOffset));
    for (const { baseOffset } of fresh) this.#keys.add(baseOffset);
    return fresh;
  }

  #emptiness(): Problem {
    const { start = '0', end = '0' } = this.#log ?? {};
    if (start === end) {
      return {
        kind: 'empty',
        title: t('The partition holds no batches'),
        advice: t('Its log is empty, from offset {0} on. Produce a record, or look at another partition.', end),
      };
    }
    return {
      kind: 'empty',
      title: t('No batches from here on'),
      advice: t('The log goes from offset {0} to {1}. Go to its start, or to an earlier offset.', start, end),
    };
  }

  #sendFull(): void {
    this.#options.send({ type: 'full', model: this.#model(), rows: this.#rows });
  }

  #sendRows(rows: readonly BatchItem[], where: 'after' | 'before'): void {
    this.#options.send({ type: 'rows', model: this.#model(), rows, where });
  }

  #model(): BatchesModel {
    const log = this.#log;
    const first = this.#rows[0];
    const from = first === undefined ? this.#from : BigInt(first.baseOffset);
    return {
      frame: this.#frame(),
      partition: this.#partition,
      position: this.#position,
      partitions: this.#partitions,
      log,
      summary: summaryOf(this.#rows),
      atStart: log !== undefined && (from <= BigInt(log.start) || this.#from <= BigInt(log.start)),
      atEnd: log !== undefined && this.#next >= BigInt(log.end),
      isFull: this.#isFull,
      reading: this.#kind,
      failure: this.#failure,
    };
  }

  #frame(): Frame {
    const { cluster, topic } = this.#options;
    const damaged = this.#rows.filter(({ problem }) => problem !== undefined).length;
    const verdict =
      damaged === 0
        ? []
        : damaged === 1
          ? [t('1 batch is damaged: consumers stop there, or skip it.')]
          : [t('{0} batches are damaged: consumers stop there, or skip them.', damaged)];
    return {
      crumbs: [cluster, topic, t('partition {0}', this.#partition), t('batches')],
      health: 'unknown',
      verdict,
      takenAt: this.#takenAt,
      sentAt: Date.now(),
      staleAfter: never,
      polling: { kind: 'ok' },
      problem: this.#problem,
      partial: [],
    };
  }
}
