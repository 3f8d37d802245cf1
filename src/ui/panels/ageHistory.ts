import { PollSeries } from '../../history/pollSeries.ts';
import { partitionKey, type LagRow, type PartitionKey, type Point } from './protocol.ts';

/** An hour at a poll each 5 s. */
const mostPolls = 720;
/** Partitions of a group up to which each has a line of its own: 6 KB each. */
const mostPartitions = 500;

/**
 * How old the next records of a group were, poll by poll, as far as somebody looked: they are read for pages only. What was not looked at is a
 * gap. Bounded.
 */
export class AgeHistory {
  readonly #worst = new PollSeries(mostPolls);
  readonly #partitions = new Map<PartitionKey, PollSeries>();
  /** ms since 1970; that of poll n is at n - #dropped. */
  #times: number[] = [];
  #dropped = 0;

  /** The rows of a poll; once for each. `takenAt`: ms since 1970. */
  add(rows: readonly LagRow[], takenAt: number): void {
    if (takenAt <= (this.#times.at(-1) ?? -Infinity)) return;
    const ages = rows.map((row) => ageOf(row, takenAt));
    const known = ages.filter((age) => age !== undefined);
    // Before the first ones have been read nothing is known of what waits; they come in a moment.
    const waiting = rows.filter(({ state, lag }) => state === 'ok' && lag !== undefined && BigInt(lag) > 0n);
    if (known.length === 0 || (waiting.length > 0 && waiting.every(({ next }) => next === undefined))) return;
    const poll = this.#dropped + this.#times.push(takenAt) - 1;
    if (this.#times.length > 2 * mostPolls) {
      this.#dropped += mostPolls;
      this.#times = this.#times.slice(mostPolls);
    }
    this.#worst.set(poll, BigInt(known.reduce((worst, age) => Math.max(worst, age), 0)));
    if (rows.length > mostPartitions) return;
    rows.forEach((row, nth) => {
      const key = partitionKey(row);
      let series = this.#partitions.get(key);
      if (series === undefined) this.#partitions.set(key, (series = new PollSeries(mostPolls)));
      const age = ages[nth];
      series.set(poll, age === undefined ? undefined : BigInt(age));
    });
    if (this.#partitions.size > rows.length) this.#forgetOld(poll);
  }

  /** The oldest of all partitions, ms; what came after `after` (ms since 1970), oldest first. */
  worst(after = -Infinity): Point[] {
    return this.#points(this.#worst, after);
  }

  partition(key: PartitionKey, after = -Infinity): Point[] {
    const series = this.#partitions.get(key);
    return series === undefined ? [] : this.#points(series, after);
  }

  #points(series: PollSeries, after: number): Point[] {
    const points: Point[] = [];
    for (let poll = Math.max(series.first, this.#dropped, 0); poll <= series.last; poll++) {
      const at = this.#times[poll - this.#dropped]!;
      if (at > after) points.push({ at, lag: series.get(poll)?.toString() ?? null });
    }
    return points;
  }

  /** Partitions that the group has not had for as long as anything is kept. */
  #forgetOld(poll: number): void {
    for (const [key, { last }] of this.#partitions) if (last <= poll - mostPolls) this.#partitions.delete(key);
  }
}

/** ms; 0 where nothing waits, undefined where it is not known. */
function ageOf({ state, lag, next }: LagRow, at: number): number | undefined {
  if (state !== 'ok' || lag === undefined) return undefined;
  if (BigInt(lag) <= 0n || next?.kind === 'nothing') return 0;
  return next?.kind === 'written' ? Math.max(0, Math.round(at - next.at)) : undefined;
}
