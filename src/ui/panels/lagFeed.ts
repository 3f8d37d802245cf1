import type { Disposable } from '../../shared/event.ts';
import {
  partitionKey,
  type LagModel,
  type LagRow,
  type PartitionKey,
  type Point,
  type LagSeries,
  type ToLagPage,
  partitionOfKey,
} from './protocol.ts';
import type { PanelServices, Watch } from './services.ts';
import { isCancelled } from '../../shared/errors.ts';
import { AgeHistory } from './ageHistory.ts';
import { waitingOf, withAge } from './ages.ts';
import { lagModel, lagRows, partitionPoints, totalPoints } from './viewModel.ts';

export interface LagFeedOptions {
  readonly cluster: string;
  readonly group: string;
  readonly services: Pick<PanelServices, 'watchOf' | 'onDidChangeClusters' | 'timeLagsOf'>;
  readonly send: (message: ToLagPage) => void;
  readonly now?: () => number;
  /** Told why the ages of records could not be read. */
  readonly onFailure?: ((error: unknown) => void) | undefined;
}

/** How far the page has a line, ms since 1970. */
interface UpTo {
  readonly points: number;
  readonly ages: number;
}

/** Rows a message: more at once would hold up the page's next frame. */
const portion = 250;

/** Lines kept whole in the history cost memory for each partition of the group, so only groups up to this size have it. */
const detailedPartitions = 500;

/**
 * What one lag page is told: all once it is ready, then what changed. Holds the poller only while the page is visible
 * and remembers only what the page has.
 */
export class LagFeed implements Disposable {
  readonly #options: LagFeedOptions;
  readonly #clusters: Disposable;
  #watch: Watch | undefined;
  #watching: Disposable[] = [];
  #detailKept = false;
  #started = false;
  #paused = false;
  #charted: readonly PartitionKey[] = [];
  #model: LagModel | undefined;
  /** The rows as the page has them, and the same as JSON to tell what changed. */
  #sent = new Map<PartitionKey, { row: LagRow; text: string }>();
  #totalsUpTo = -Infinity;
  #worstAgesUpTo = -Infinity;
  #seriesUpTo = new Map<PartitionKey, UpTo>();
  /** Kept while the page is hidden. */
  readonly #ages = new AgeHistory();
  /** Of the reading of records' ages, which ends as the page hides. */
  #reading: AbortController | undefined;

  constructor(options: LagFeedOptions) {
    this.#options = options;
    this.#clusters = options.services.onDidChangeClusters(() => {
      if (this.#started && options.services.watchOf(options.cluster) !== this.#watch) this.#attach();
    });
  }

  /** The page is there, with what it charts. */
  start(charted: readonly PartitionKey[]): void {
    this.#started = true;
    this.#paused = false;
    this.#charted = charted;
    this.#attach();
  }

  /** The page is gone or hidden. */
  stop(): void {
    this.#started = false;
    this.#detach();
    this.#forget();
    this.#model = undefined;
  }

  chart(keys: readonly PartitionKey[]): void {
    this.#charted = keys;
    for (const key of this.#seriesUpTo.keys()) if (!keys.includes(key)) this.#seriesUpTo.delete(key);
    const series = keys.filter((key) => !this.#seriesUpTo.has(key)).map((key) => this.#seriesOf(key));
    if (series.length > 0) this.#options.send({ type: 'series', series });
  }

  /** While paused the page keeps what it has; the history goes on, so that nothing is missing afterwards. */
  pause(paused: boolean): void {
    this.#paused = paused;
    if (!paused && this.#started) this.#sendUpdate();
  }

  /** Moves the page's selection to a partition. */
  select(key: PartitionKey): void {
    if (this.#started) this.#options.send({ type: 'select', key });
  }

  async retry(): Promise<void> {
    await this.#watch?.refresh();
  }

  /** What the page has: the rows of `keys` in that order, or all. */
  shown(keys?: readonly PartitionKey[]): { readonly model: LagModel | undefined; readonly rows: readonly LagRow[] } {
    const rows =
      keys === undefined
        ? [...this.#sent.values()].map(({ row }) => row)
        : keys.map((key) => this.#sent.get(key)?.row).filter((row) => row !== undefined);
    return { model: this.#model, rows };
  }

  dispose(): void {
    this.stop();
    this.#clusters.dispose();
  }

  #attach(): void {
    this.#detach();
    this.#watch = this.#options.services.watchOf(this.#options.cluster);
    if (this.#watch !== undefined) {
      this.#watching = [
        this.#watch.onDidChange(() => {
          this.#sendUpdate();
          this.#readAges();
        }),
      ];
      this.#watching.push(this.#watch.look());
    }
    this.#keepDetail();
    this.#sendFull();
    this.#readAges();
  }

  /** How old the next records are: told as soon as it is known. */
  #readAges(): void {
    const { cluster, group, services, onFailure } = this.#options;
    const snapshot = this.#watch?.snapshot;
    const timeLags = services.timeLagsOf?.(cluster);
    const found = snapshot?.groups.get(group);
    if (!this.#started || this.#paused || this.#reading !== undefined) return;
    if (timeLags === undefined || found === undefined || snapshot === undefined) return;
    const reading = new AbortController();
    this.#reading = reading;
    const ended = (): boolean => {
      const isOurs = this.#reading === reading;
      if (isOurs) this.#reading = undefined;
      return isOurs;
    };
    timeLags.update(waitingOf(found, snapshot), reading.signal).then(
      (changed) => {
        if (ended() && changed) this.#sendUpdate();
      },
      (error: unknown) => {
        ended();
        if (!isCancelled(error)) onFailure?.(error);
      },
    );
  }

  #detach(): void {
    for (const one of this.#watching) one.dispose();
    this.#watching = [];
    this.#detailKept = false;
    this.#watch = undefined;
    this.#reading?.abort();
    this.#reading = undefined;
  }

  /** As soon as the group's size is known. */
  #keepDetail(): void {
    const partitions = this.#watch?.snapshot?.groups.get(this.#options.group)?.partitions.length;
    if (this.#watch === undefined || this.#detailKept || partitions === undefined) return;
    if (partitions > detailedPartitions) return;
    this.#watching.push(this.#watch.history.keepDetail(this.#options.group));
    this.#detailKept = true;
  }

  #forget(): void {
    this.#sent = new Map();
    this.#totalsUpTo = this.#worstAgesUpTo = -Infinity;
    this.#seriesUpTo = new Map();
  }

  #sendFull(): void {
    this.#forget();
    const rows = this.#changedRows(this.#rows());
    this.#options.send({
      type: 'full',
      model: this.#nextModel(),
      rows: rows.slice(0, portion),
      more: rows.length > portion,
      totals: this.#newTotals(),
      worstAges: this.#newWorstAges(),
      series: this.#charted.map((key) => this.#seriesOf(key)),
    });
    this.#sendPortions(rows);
  }

  #sendUpdate(): void {
    this.#keepDetail();
    if (!this.#started || this.#paused) return;
    const present = this.#rows();
    const keys = new Set(present.map(partitionKey));
    const removed = [...this.#sent.keys()].filter((key) => !keys.has(key));
    for (const key of removed) this.#sent.delete(key);
    const rows = this.#changedRows(present);
    this.#options.send({
      type: 'update',
      model: this.#nextModel(),
      rows: rows.slice(0, portion),
      more: rows.length > portion,
      removed,
      totals: this.#newTotals(),
      worstAges: this.#newWorstAges(),
      series: this.#charted
        .map((key) => this.#seriesOf(key))
        .filter(({ points, ages }) => points.length + ages.length > 0),
    });
    this.#sendPortions(rows);
  }

  #sendPortions(rows: readonly LagRow[]): void {
    for (let from = portion; from < rows.length; from += portion) {
      this.#options.send({ type: 'rows', rows: rows.slice(from, from + portion), more: rows.length > from + portion });
    }
  }

  #rows(): LagRow[] {
    const snapshot = this.#watch?.snapshot;
    const group = snapshot?.groups.get(this.#options.group);
    if (snapshot === undefined || group === undefined || this.#watch === undefined) return [];
    const rows = lagRows(group, snapshot, this.#watch.history);
    const timeLags = this.#options.services.timeLagsOf?.(this.#options.cluster);
    if (timeLags === undefined) return rows;
    const aged = rows.map((row) => withAge(row, timeLags.next({ group: group.id, ...row })));
    this.#ages.add(aged, snapshot.takenAt);
    return aged;
  }

  #nextModel(): LagModel {
    const { cluster, group, now } = this.#options;
    const rows = [...this.#sent.values()].map(({ row }) => row);
    this.#model = lagModel({ cluster, group }, this.#watch, rows, (now ?? Date.now)());
    return this.#model;
  }

  #changedRows(rows: readonly LagRow[]): LagRow[] {
    return rows.filter((row) => {
      const key = partitionKey(row);
      const text = JSON.stringify(row);
      if (this.#sent.get(key)?.text === text) return false;
      this.#sent.set(key, { row, text });
      return true;
    });
  }

  #newTotals(): Point[] {
    const points = totalPoints(this.#watch?.history.totals(this.#options.group) ?? [], this.#totalsUpTo);
    this.#totalsUpTo = points.at(-1)?.at ?? this.#totalsUpTo;
    return points;
  }

  #newWorstAges(): Point[] {
    const points = this.#ages.worst(this.#worstAgesUpTo);
    this.#worstAgesUpTo = points.at(-1)?.at ?? this.#worstAgesUpTo;
    return points;
  }

  /** What the page does not have yet of a line. */
  #seriesOf(key: PartitionKey): LagSeries {
    const before = this.#seriesUpTo.get(key) ?? { points: -Infinity, ages: -Infinity };
    const samples = this.#watch?.history.partition(this.#options.group, partitionOfKey(key)) ?? [];
    const points = partitionPoints(samples, before.points);
    const ages = this.#ages.partition(key, before.ages);
    this.#seriesUpTo.set(key, {
      points: points.at(-1)?.at ?? before.points,
      ages: ages.at(-1)?.at ?? before.ages,
    });
    return { key, points, ages };
  }
}
