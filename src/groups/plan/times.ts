import { HumanError } from '../../shared/errors.ts';
import { t } from '../../shared/l10n.ts';

/** How a time without a zone is meant: Kafka's tool takes UTC. */
export type Zone = 'utc' | 'local';

const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
const isoDuration =
  /^([-+]?)P(?:([-+]?\d+)D)?(?:T(?:([-+]?\d+)H)?(?:([-+]?\d+)M)?(?:([-+]?\d+)(?:[.,](\d{0,9}))?S)?)?$/i;
const part =
  /(\d+(?:\.\d+)?)\s*(milliseconds?|msecs?|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|w)(?![a-z])/gi;
const timeOfDay = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?$/;
const dateTime =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ]+(\d{2})(?::?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?)?)?\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?|\[?[A-Za-z_]+(?:\/[A-Za-z_+\-0-9]+)+\]?)?$/i;

/**
 * ISO 8601 as java.time.Duration reads it (`PnDTnHnMnS`), or `2h`, `1d 12h`, `90 minutes`. Milliseconds.
 *
 * @throws {HumanError}
 */
export function parseDuration(text: string): bigint {
  const trimmed = text.trim();
  const iso = isoDuration.exec(trimmed);
  if (iso !== null && !/[PT]$/i.test(trimmed)) {
    const [, sign, days, hours, minutes, seconds, fraction] = iso;
    const milliseconds = fraction === undefined ? 0n : BigInt(fraction.padEnd(3, '0').slice(0, 3) || '0');
    const total =
      BigInt(days ?? 0) * 86_400_000n +
      BigInt(hours ?? 0) * 3_600_000n +
      BigInt(minutes ?? 0) * 60_000n +
      BigInt(seconds ?? 0) * 1_000n +
      (seconds?.startsWith('-') ? -milliseconds : milliseconds);
    return sign === '-' ? -total : total;
  }
  const parts = [...trimmed.matchAll(part)];
  const rest = trimmed.replace(part, '').replace(/\band\b|[,\s]/g, '');
  if (parts.length === 0 || rest !== '') {
    throw new HumanError(t('"{0}" is no duration.', text), t('Write for example 2h, 1d 12h, 90 min or PT2H30M.'));
  }
  return BigInt(Math.round(parts.reduce((sum, [, count, unit]) => sum + Number(count) * unitMs[shortUnit(unit!)]!, 0)));
}

/** As Kafka's tool wants it: `PT2H30M`. */
export function formatIsoDuration(milliseconds: bigint): string {
  if (milliseconds < 0n) return `-${formatIsoDuration(-milliseconds)}`;
  const days = milliseconds / 86_400_000n;
  const hours = (milliseconds / 3_600_000n) % 24n;
  const minutes = (milliseconds / 60_000n) % 60n;
  const rest = milliseconds % 60_000n;
  const fraction = rest % 1_000n === 0n ? '' : `.${String(rest % 1_000n).padStart(3, '0')}`;
  const time =
    (hours > 0n ? `${hours}H` : '') +
    (minutes > 0n ? `${minutes}M` : '') +
    (rest > 0n || milliseconds === 0n ? `${rest / 1_000n}${fraction}S` : '');
  return `P${days > 0n ? `${days}D` : ''}${time === '' ? '' : `T${time}`}`;
}

/**
 * A time as people write it, milliseconds since 1970: ISO 8601 with or without time, seconds, fraction and zone (`Z`, `+02:00`,
 * `Europe/Berlin`), `2 hours ago`, `now`, `today 09:00`, `yesterday`, `14:30`, or milliseconds since 1970.
 *
 * @param options.zone of a time that names none.
 * @throws {HumanError}
 */
export function parseTime(text: string, { now, zone }: { readonly now: number; readonly zone: Zone }): bigint {
  const trimmed = text.trim();
  if (/^\d{11,16}$/.test(trimmed) && BigInt(trimmed) <= latestTime) return BigInt(trimmed);
  if (/^now$/i.test(trimmed)) return BigInt(now);
  const ago = /^(.+?)\s+ago$/i.exec(trimmed);
  if (ago !== null) return BigInt(now) - parseDuration(ago[1]!.replace(/^an?\s+/i, '1 '));
  const day = /^(today|yesterday)?\s*(\S+)?$/i.exec(trimmed);
  if (day !== null && (day[1] !== undefined || timeOfDay.test(trimmed))) {
    const clock = timeOfDay.exec(day[2] ?? '00:00');
    const today = new Date(day[1]?.toLowerCase() === 'yesterday' ? now - 86_400_000 : now);
    const at = clock === null ? undefined : onDay(today, clock, zone);
    if (at !== undefined) return at;
  }
  const found = dateTime.exec(trimmed);
  const at = found === null ? undefined : absolute(found, zone);
  if (at !== undefined) return at;
  throw new HumanError(
    t('"{0}" is no date and time.', text),
    t('Write for example 2026-01-31T14:30, 2026-01-31 14:30:05.250+02:00 or 2 hours ago.'),
  );
}

/** The last moment with a year of four digits: more than that is no time of a record that anybody means. */
export const latestTime = BigInt(Date.UTC(9999, 11, 31, 23, 59, 59, 999));

/** As Kafka's tool wants it, in UTC. `milliseconds`: up to `latestTime`. */
export function formatKafkaTime(milliseconds: bigint): string {
  return new Date(Number(milliseconds)).toISOString();
}

function shortUnit(unit: string): string {
  const lower = unit.toLowerCase();
  return /^(ms|msec|milli)/.test(lower) ? 'ms' : lower[0]!;
}

function onDay(day: Date, [, hour, minute, second, fraction]: RegExpExecArray, zone: Zone): bigint | undefined {
  const date = zone === 'utc' ? [day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate()] : undefined;
  const [year, month, dayOfMonth] = date ?? [day.getFullYear(), day.getMonth(), day.getDate()];
  return instant([year!, month! + 1, dayOfMonth!, Number(hour), Number(minute), Number(second ?? 0)], fraction, zone);
}

function absolute(found: RegExpExecArray, zone: Zone): bigint | undefined {
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction, zoneText] = found;
  const fields = [year, month, day, hour, minute, second].map(Number);
  if (zoneText === undefined) return instant(fields, fraction, zone);
  const offset = /^([+-])(\d{2}):?(\d{2})?$/.exec(zoneText);
  if (offset !== null) {
    const [, sign, hours, minutes = '0'] = offset;
    if (Number(hours) > 18 || Number(minutes) > 59) return undefined;
    const shift = BigInt((Number(hours) * 60 + Number(minutes)) * 60_000);
    const utc = instant(fields, fraction, 'utc');
    return utc === undefined ? undefined : sign === '+' ? utc - shift : utc + shift;
  }
  return instant(fields, fraction, /^(Z|UTC|GMT)$/i.test(zoneText) ? 'utc' : zoneText.replace(/[[\]]/g, ''));
}

/** undefined for what no calendar has, such as February 30, and for zones that do not exist. */
function instant(fields: readonly number[], fraction: string | undefined, zone: string): bigint | undefined {
  const [year, month, day, hour, minute, second] = fields as [number, number, number, number, number, number];
  const wall = Date.UTC(year, month - 1, day, hour, minute, second);
  const check = new Date(wall);
  const isReal =
    check.getUTCMonth() === month - 1 &&
    check.getUTCDate() === day &&
    check.getUTCHours() === hour &&
    check.getUTCMinutes() === minute &&
    check.getUTCSeconds() === second;
  if (!isReal) return undefined;
  let at: number | undefined;
  if (zone === 'utc') at = wall;
  else if (zone === 'local') at = new Date(year, month - 1, day, hour, minute, second).getTime();
  else at = inZone(wall, zone);
  return at === undefined ? undefined : BigInt(at) + BigInt((fraction ?? '0').padEnd(3, '0').slice(0, 3));
}

/** The instant at which a zone's clocks show `wall`; in a gap or a fold one of the two. */
function inZone(wall: number, zone: string): number | undefined {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', ...allFields });
  } catch {
    return undefined;
  }
  const shown = (at: number): number => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const of = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type)!;
    return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
  };
  // The offset at the first guess may be that of the other side of a change.
  let at = wall - (shown(wall) - wall);
  at -= shown(at) - wall;
  return at;
}

const allFields = {
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
} as const;
