import {
  partitionKey,
  type LagModel,
  type LagRow,
  type LagSeries,
  type MemberInfo,
  type PartitionKey,
  type Point,
  type ToLagPage,
} from '../../src/ui/panels/protocol.ts';
import { appendPoints } from '../shared/series.ts';

/** Points kept of a line while the page is visible: two hours at a poll a second. */
const mostPoints = 7_200;
const none = { points: [], ages: [] };

/** What the host has told since the page became visible. */
export class LagData {
  model: LagModel | undefined;
  /** By the page's clock, ms since 1970. */
  receivedAt = 0;
  readonly rows = new Map<PartitionKey, LagRow>();
  /** The same, as of when all of a poll's portions were there; the same array until then. */
  rowList: readonly LagRow[] = [];
  /** The same map as long as nothing changes: another one groups the table anew. */
  members: ReadonlyMap<string, MemberInfo> = new Map();
  totals: readonly Point[] = [];
  worstAges: readonly Point[] = [];
  readonly #series = new Map<PartitionKey, Omit<LagSeries, 'key'>>();
  #rowsChanged = false;
  #portionsDue = false;

  /** By the host's clock, ms since 1970. */
  get now(): number {
    return (this.model?.frame.sentAt ?? Date.now()) + Date.now() - this.receivedAt;
  }

  ownerOf(row: LagRow): MemberInfo | undefined {
    return row.owner === undefined ? undefined : this.members.get(row.owner);
  }

  seriesOf(key: PartitionKey): Omit<LagSeries, 'key'> {
    return this.#series.get(key) ?? none;
  }

  keepSeriesOf(keys: readonly PartitionKey[]): void {
    for (const key of this.#series.keys()) if (!keys.includes(key)) this.#series.delete(key);
  }

  take(message: Exclude<ToLagPage, { type: 'select' }>): void {
    switch (message.type) {
      case 'full':
        this.rows.clear();
        this.#series.clear();
        this.totals = message.totals;
        this.worstAges = message.worstAges;
        this.#takeModel(message.model);
        break;
      case 'update':
        this.totals = appendPoints(this.totals, message.totals, mostPoints);
        this.worstAges = appendPoints(this.worstAges, message.worstAges, mostPoints);
        for (const key of message.removed) this.rows.delete(key);
        this.#rowsChanged ||= message.removed.length > 0;
        this.#takeModel(message.model);
        break;
      case 'rows':
      case 'series':
        break;
    }
    if (message.type !== 'series') this.#takeRows(message.rows, message.more);
    if (message.type !== 'rows') this.#takeSeries(message.series);
  }

  /** Before the page is drawn. */
  settle(): void {
    if (this.#portionsDue || !(this.#rowsChanged || this.rows.size !== this.rowList.length)) return;
    this.rowList = [...this.rows.values()];
    this.#rowsChanged = false;
  }

  #takeModel(model: LagModel): void {
    this.model = model;
    this.receivedAt = Date.now();
    if (JSON.stringify(model.members) !== JSON.stringify([...this.members.values()])) {
      this.members = new Map(model.members.map((member) => [member.id, member]));
    }
  }

  /** Laid out once all portions are there; rows on the screen show what is new at once. */
  #takeRows(rows: readonly LagRow[], more: boolean): void {
    for (const row of rows) this.rows.set(partitionKey(row), row);
    this.#rowsChanged ||= rows.length > 0;
    this.#portionsDue = more;
  }

  #takeSeries(series: readonly LagSeries[]): void {
    for (const { key, points, ages } of series) {
      const before = this.seriesOf(key);
      this.#series.set(key, {
        points: appendPoints(before.points, points, mostPoints),
        ages: appendPoints(before.ages, ages, mostPoints),
      });
    }
  }
}
