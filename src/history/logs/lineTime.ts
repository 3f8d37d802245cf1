/** Where a log was written whose lines do not say their time zone: `local` is this machine's, a number is minutes east of UTC. */
export type LogZone = 'local' | 'utc' | number;

export interface LineTime {
  /** Milliseconds since 1970; of a time without a day, milliseconds since midnight. */
  readonly at: number;
  readonly isZoneAssumed: boolean;
  readonly hasDay: boolean;
}

/** ISO 8601, log4j's `2026-11-21 05:00:00,123`, and Logback's time alone. */
const full =
  /(?<![\d.])(\d{4})[-/](\d\d)[-/](\d\d)[T _](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?\s?(Z\b|UTC\b|GMT\b|[+-]\d\d:?\d\d(?!\d))?/;
const ofDay = /(?<![\d:.])(\d\d):(\d\d):(\d\d)[.,](\d{1,9})(?!\d)/;
/** Further into a line a time belongs to what the line tells. */
const within = 120;

/** The time at the beginning of a line; undefined where there is none. */
export function lineTime(line: string, zone: LogZone): LineTime | undefined {
  const start = line.slice(0, within);
  const found = full.exec(start);
  if (found === null) return timeOfDay(start);
  const [, year, month, day, hour, minute, second, fraction = '', own] = found;
  const parts = [year, month, day, hour, minute, second].map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (parts[1] < 1 || parts[1] > 12 || parts[2] < 1 || parts[2] > 31 || parts[3] > 24 || parts[4] > 59 || parts[5] > 60)
    return undefined;
  const millis = Number(fraction.slice(0, 3).padEnd(3, '0'));
  const at = instant(parts, millis, own === undefined ? zone : minutesOf(own));
  return { at, isZoneAssumed: own === undefined, hasDay: true };
}

/** Milliseconds of what a structured log gives as its time: ISO text, or seconds, milliseconds or finer since 1970. */
export function fieldTime(value: unknown, zone: LogZone): LineTime | undefined {
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) return ofNumber(value);
  if (typeof value !== 'string') return undefined;
  return /^\d{9,19}(?:\.\d+)?$/.test(value) ? ofNumber(Number(value)) : lineTime(value, zone);
}

function ofNumber(value: number): LineTime {
  // Seconds, milliseconds, microseconds and nanoseconds of our century do not overlap.
  const at = value < 1e11 ? value * 1e3 : value < 1e14 ? value : value < 1e17 ? value / 1e3 : value / 1e6;
  return { at: Math.round(at), isZoneAssumed: false, hasDay: true };
}

function timeOfDay(start: string): LineTime | undefined {
  const found = ofDay.exec(start);
  if (found === null) return undefined;
  const [, hour, minute, second, fraction = ''] = found;
  const millis = Number(fraction.slice(0, 3).padEnd(3, '0'));
  const at = ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000 + millis;
  return { at, isZoneAssumed: true, hasDay: false };
}

function minutesOf(zone: string): number {
  if (!/^[+-]/.test(zone)) return 0;
  const sign = zone.startsWith('-') ? -1 : 1;
  return sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2)));
}

function instant(parts: [number, number, number, number, number, number], millis: number, zone: LogZone): number {
  const [year, month, day, hour, minute, second] = parts;
  if (zone === 'local') return new Date(year, month - 1, day, hour, minute, second, millis).getTime();
  return Date.UTC(year, month - 1, day, hour, minute, second, millis) - (zone === 'utc' ? 0 : zone * 60_000);
}
