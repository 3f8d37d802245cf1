import type { Point } from '../../src/ui/panels/protocol.ts';

/** Distance in ms between two polls from which nobody was looking: a gap. Thrice the usual one, and not below 5 s. */
export function gapAfter(times: readonly number[]): number {
  const distances = times
    .slice(1)
    .map((at, index) => at - times[index]!)
    .sort((a, b) => a - b);
  return Math.max(5_000, 3 * (distances[Math.floor(distances.length / 2)] ?? 0));
}

/** Lines on common times, as uPlot takes them; `exact` holds the digits of each value. */
export interface Aligned {
  /** Seconds since 1970. */
  readonly times: number[];
  readonly values: (number | null)[][];
  readonly exact: (string | null)[][];
}

/** Puts lines on common times from `from` (ms) on, with a null between two times that are too far apart. */
export function align(lines: readonly (readonly Point[])[], from: number): Aligned {
  const lags = lines.map((points) => new Map(points.map(({ at, lag }) => [at, lag])));
  const all = [...new Set(lines.flatMap((points) => points.filter(({ at }) => at >= from).map(({ at }) => at)))];
  const polls = all.sort((a, b) => a - b);
  const longest = gapAfter(polls);
  const times: number[] = [];
  polls.forEach((at, index) => {
    const before = polls[index - 1];
    if (before !== undefined && at - before > longest) times.push((before + at) / 2);
    times.push(at);
  });
  const exact = lags.map((byTime) => times.map((at) => byTime.get(at) ?? null));
  return {
    times: times.map((at) => at / 1000),
    values: exact.map((line) => line.map((lag) => (lag === null ? null : Number(lag)))),
    exact,
  };
}

/** The same for what stays as it is until it changes: each line goes on with its last value, up to `until` (ms). */
export function alignSteps(lines: readonly (readonly Point[])[], from: number, until: number): Aligned {
  const changes = lines.map((points) => new Map(points.map(({ at, lag }) => [at, lag])));
  const all = [...new Set(lines.flatMap((points) => points.filter(({ at }) => at >= from).map(({ at }) => at)))];
  const moments = all.sort((a, b) => a - b);
  if (moments.length > 0 && until > moments.at(-1)!) moments.push(until);
  const exact = changes.map((byTime) => {
    let last: string | null = null;
    return moments.map((at) => (last = byTime.has(at) ? byTime.get(at)! : last));
  });
  return {
    times: moments.map((at) => at / 1000),
    values: exact.map((line) => line.map((value) => (value === null ? null : Number(value)))),
    exact,
  };
}

/** The least 1, 2 or 5 times a power of ten that is not below `value`; at least 10, so that noise near 0 stays small. */
export function niceMax(value: number): number {
  if (!(value > 10)) return 10;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}

const [second, minute, hour, day] = [1_000, 60_000, 3_600_000, 86_400_000];

/** From one line of a grid of milliseconds to the next. */
export const durationSteps: readonly number[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((count) => count * second),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * minute),
  ...[1, 2, 3, 6, 12].map((count) => count * hour),
  ...[1, 2, 5].flatMap((count) => [1, 10, 100, 1_000, 10_000].map((power) => count * power * day)),
].sort((a, b) => a - b);

/** The least of `durationSteps` that is not below so many milliseconds; at least a second. */
export function niceDuration(value: number): number {
  return durationSteps.find((step) => step >= second && step >= value) ?? value;
}

/** Appends what is newer, and drops the oldest beyond `limit`. */
export function appendPoints(points: readonly Point[], more: readonly Point[], limit: number): readonly Point[] {
  const last = points.at(-1)?.at ?? -Infinity;
  const newer = more.filter(({ at }) => at > last);
  return newer.length === 0 ? points : [...points, ...newer].slice(-limit);
}
