/** Where a log was written whose lines do not say their time zone: `local` is this machine's, a number is minutes east of UTC. */
export type LogZone = 'local' | 'utc' | number;

export interface LineTime {
  /** Milliseconds since 1970; of a time without a day, milliseconds since midnight. */
  readonly at: number;
  readonly isZoneAssumed: boolean;
  readonly hasDay: boolean;
}

/** What the lines of a log do not say. */
export interface LogClock {
  readonly zone: LogZone;
  /** When the log was last written, milliseconds since 1970: tells the year of lines that have none. */
  readonly written: number;
}

const clock = String.raw`(?<hour>\d\d?):(?<minute>\d\d):(?<second>\d\d)(?:[.,](?<fraction>\d{1,9}))?(?:\s?(?<half>[AP]M)\b)?`;
const own = String.raw`\s?(?<own>Z\b|UTC\b|GMT\b|[+-]\d\d:?\d\d(?!\d))?`;
const monthName = '(?<month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}';

/** Forms of a day and a time. */
const forms: readonly RegExp[] = [
  // ISO 8601, log4j's `2026-11-21 05:00:00,123`, Go's `2026/11/21 05:00:00`.
  new RegExp(String.raw`(?<![\d.])(?<year>\d{4})[-/](?<month>\d\d)[-/](?<day>\d\d)[T _]${clock}${own}`),
  // `21 Nov 2026 05:00:00,123` of log4j's DATE, `21-Nov-2026 ...` of Tomcat, `21/Nov/2026:05:00:00 +0000` of web servers.
  new RegExp(String.raw`(?<!\d)(?<day>\d\d?)[-/ ]${monthName}[-/ ](?<year>\d{4})[ :]${clock}${own}`),
  // `Nov 21, 2026 5:00:00 AM` of java.util.logging.
  new RegExp(String.raw`\b${monthName} (?<day>\d\d?), (?<year>\d{4}),? ${clock}${own}`),
  // `20261121T050000,123`: ISO 8601 without signs.
  /(?<!\d)(?<year>20\d\d)(?<month>[01]\d)(?<day>[0-3]\d)T(?<hour>\d\d)(?<minute>\d\d)(?<second>\d\d)(?:[.,](?<fraction>\d{1,9}))?(?<own>Z\b|[+-]\d\d:?\d\d(?!\d))?/,
  // `Nov 21 05:00:00` of syslog and journalctl: without a year.
  new RegExp(String.raw`^(?:<\d{1,3}>)?${monthName} {1,2}(?<day>\d\d?) ${clock}(?!\S)`),
];
const ofDay = /(?<![\d:.])(\d\d):(\d\d):(\d\d)[.,](\d{1,9})(?!\d)/;
/** Seconds or milliseconds since 1970, in brackets or not. */
const sinceEpoch = /^\s*\[?(1\d{9}(?:[.,]\d{1,9})?|1\d{12})\]?(?=[\s:|])/;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** Further into a line a time belongs to what the line tells. */
const within = 120;
const dayMs = 24 * 60 * 60 * 1000;

/** The time at the beginning of a line; undefined where there is none. */
export function lineTime(line: string, log: LogClock): LineTime | undefined {
  const start = line.slice(0, within);
  let first: RegExpExecArray | undefined;
  for (const form of forms) {
    const found = form.exec(start);
    if (found !== null && (first === undefined || found.index < first.index)) first = found;
  }
  if (first?.groups !== undefined) return timeOf(first.groups, log);
  const epoch = sinceEpoch.exec(start);
  return epoch === null ? timeOfDay(start) : ofNumber(Number(epoch[1]!.replace(',', '.')));
}

/** Milliseconds of what a structured log gives as its time: text, or seconds, milliseconds or finer since 1970. */
export function fieldTime(value: unknown, log: LogClock): LineTime | undefined {
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) return ofNumber(value);
  if (typeof value !== 'string') return undefined;
  return /^\d{9,19}(?:\.\d+)?$/.test(value) ? ofNumber(Number(value)) : lineTime(value, log);
}

function ofNumber(value: number): LineTime {
  // Seconds, milliseconds, microseconds and nanoseconds of our century do not overlap.
  const at = value < 1e11 ? value * 1e3 : value < 1e14 ? value : value < 1e17 ? value / 1e3 : value / 1e6;
  return { at: Math.round(at), isZoneAssumed: false, hasDay: true };
}

function timeOf(
  parts: Readonly<Record<string, string | undefined>>,
  { zone, written }: LogClock,
): LineTime | undefined {
  const { year, fraction, half, own: ownZone } = parts;
  const month = months.indexOf(parts['month']!) + 1 || Number(parts['month']);
  const [day, minute, second] = [Number(parts['day']), Number(parts['minute']), Number(parts['second'])];
  const hour = half === undefined ? Number(parts['hour']) : (Number(parts['hour']) % 12) + (half === 'PM' ? 12 : 0);
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 24 || minute > 59 || second > 60) return undefined;
  const at = (inYear: number): number => {
    const found = [inYear, month, day, hour, minute, second] as const;
    return instant(found, millisOf(fraction), ownZone === undefined ? zone : minutesOf(ownZone));
  };
  const isZoneAssumed = ownZone === undefined;
  if (year !== undefined) return { at: at(Number(year)), isZoneAssumed, hasDay: true };
  const thisYear = new Date(written).getUTCFullYear();
  const latest = [thisYear + 1, thisYear, thisYear - 1].find((inYear) => at(inYear) <= written + dayMs);
  return { at: at(latest ?? thisYear), isZoneAssumed, hasDay: true };
}

function timeOfDay(start: string): LineTime | undefined {
  const found = ofDay.exec(start);
  if (found === null) return undefined;
  const [, hour, minute, second, fraction] = found;
  const at = ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000 + millisOf(fraction);
  return { at, isZoneAssumed: true, hasDay: false };
}

function millisOf(fraction = ''): number {
  return Number(fraction.slice(0, 3).padEnd(3, '0'));
}

function minutesOf(zone: string): number {
  if (!/^[+-]/.test(zone)) return 0;
  const sign = zone.startsWith('-') ? -1 : 1;
  return sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2)));
}

type Parts = readonly [year: number, month: number, day: number, hour: number, minute: number, second: number];

function instant([year, month, day, hour, minute, second]: Parts, millis: number, zone: LogZone): number {
  if (zone === 'local') return new Date(year, month - 1, day, hour, minute, second, millis).getTime();
  return Date.UTC(year, month - 1, day, hour, minute, second, millis) - (zone === 'utc' ? 0 : zone * 60_000);
}
