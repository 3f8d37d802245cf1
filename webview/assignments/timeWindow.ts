/** A stretch of time, ms since 1970. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

/** Nothing is told finer than a millisecond, and a few dozen of them fill the page. */
const shortest = 50;

/** Zoomed around `at`, which stays where it is; `factor` above 1 shows less. Never beyond the bounds. */
export function zoomed({ from, to }: TimeWindow, factor: number, at: number, bounds: TimeWindow): TimeWindow {
  const length = Math.max(shortest, (to - from) / factor);
  const share = to > from ? (at - from) / (to - from) : 0.5;
  return within({ from: at - length * share, to: at + length * (1 - share) }, bounds);
}

export function panned({ from, to }: TimeWindow, by: number, bounds: TimeWindow): TimeWindow {
  return within({ from: from + by, to: to + by }, bounds);
}

/** Moved, and shortened where it must be, so that it lies in the bounds. */
export function within({ from, to }: TimeWindow, bounds: TimeWindow): TimeWindow {
  const length = Math.min(Math.max(shortest, to - from), Math.max(shortest, bounds.to - bounds.from));
  if (from < bounds.from) return { from: bounds.from, to: bounds.from + length };
  if (from + length > bounds.to) return { from: bounds.to - length, to: bounds.to };
  return { from, to: from + length };
}

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const steps = [
  10,
  20,
  50,
  100,
  200,
  500,
  ...[1, 2, 5, 10, 15, 30].map((one) => one * second),
  ...[1, 2, 5, 10, 15, 30].map((one) => one * minute),
  ...[1, 2, 3, 6, 12].map((one) => one * hour),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].map((one) => one * day),
];

export interface Tick {
  readonly at: number;
  readonly label: string;
}

/** Marks of the axis at round local times, about `apart` px from each other. */
export function ticksOf({ from, to }: TimeWindow, width: number, apart = 90): Tick[] {
  const least = ((to - from) * apart) / Math.max(1, width);
  const step = steps.find((one) => one >= least) ?? steps.at(-1)!;
  // Round times of the place where the page is read, not of Greenwich.
  const offset = new Date(from).getTimezoneOffset() * minute;
  const ticks: Tick[] = [];
  for (let at = Math.ceil((from - offset) / step) * step + offset; at <= to && ticks.length < 100; at += step) {
    ticks.push({ at, label: tickLabel(at, step) });
  }
  return ticks;
}

function tickLabel(at: number, step: number): string {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  const dayLabel = `${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  if (step >= day) return dayLabel;
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`;
  if (step >= minute) return time === '00:00' ? dayLabel : time;
  const seconds = `${time}:${two(date.getSeconds())}`;
  return step >= second ? seconds : `${seconds}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** What a key makes of the window: zoom around `at`, all there is, up to now, a fifth back or on; undefined where it means something else. */
export function windowByKey(
  { key, shiftKey }: { readonly key: string; readonly shiftKey: boolean },
  window: TimeWindow,
  bounds: TimeWindow,
  at: number | undefined,
): TimeWindow | undefined {
  const length = window.to - window.from;
  const around = at ?? window.from + length / 2;
  if (key === '+' || key === '=') return zoomed(window, 1.5, around, bounds);
  if (key === '-') return zoomed(window, 1 / 1.5, around, bounds);
  if (key === '0') return bounds;
  if (key === 'n') return within({ from: bounds.to - length, to: bounds.to }, bounds);
  if (shiftKey && key === 'ArrowLeft') return panned(window, -length / 5, bounds);
  if (shiftKey && key === 'ArrowRight') return panned(window, length / 5, bounds);
  return undefined;
}

/** The window itself where `at` is in it, else one of its length with `at` in the middle. */
export function showing(window: TimeWindow, at: number, bounds: TimeWindow): TimeWindow {
  const { from, to } = window;
  if (at >= from && at <= to) return window;
  const half = (to - from) / 2;
  return within({ from: at - half, to: at + half }, bounds);
}
