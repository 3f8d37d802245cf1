const units: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

const ago =
  /^-?\s*(\d+(?:\.\d+)?)\s*(ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?)(?:\s+ago)?$/i;
const clock = /^(?:(today|yesterday)\s*)?(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,3})\d*)?)?$/i;
const date =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,3})\d*)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/i;

/**
 * Milliseconds since 1970 of what people type: `10 minutes ago`, `2h`, `now`, `yesterday 14:00`, `12:30` (today), `2026-03-01 12:00`, an ISO time with
 * its zone, milliseconds since 1970, or seconds where there are at most ten digits. Without a zone it is local. undefined: none of these.
 */
export function parseTime(text: string, now: number): number | undefined {
  const trimmed = text.trim();
  if (/^\d{9,10}$/.test(trimmed)) return Number(trimmed) * 1000;
  if (/^\d{11,16}$/.test(trimmed)) return safe(Number(trimmed));
  if (/^now$/i.test(trimmed)) return now;
  const relative = ago.exec(trimmed);
  if (relative !== null) {
    const word = relative[2]!.toLowerCase();
    const unit = units[word] ?? units[word.startsWith('mil') ? 'ms' : word[0]!]!;
    return Math.max(0, Math.round(now - Number(relative[1]) * unit));
  }
  const day = /^(today|yesterday)$/i.exec(trimmed);
  if (day !== null) return midnight(now, day[1]!.toLowerCase() === 'yesterday').getTime();
  const hours = clock.exec(trimmed);
  if (hours !== null) {
    const at = midnight(now, hours[1]?.toLowerCase() === 'yesterday');
    return withClock(at, hours[2], hours[3], hours[4], hours[5]);
  }
  const whole = date.exec(trimmed);
  if (whole === null) return undefined;
  const [, year, month, dayOfMonth, hour = '0', minute = '0', second, fraction, zone] = whole;
  if (zone !== undefined) {
    const iso = `${year}-${month}-${dayOfMonth}T${hour.padStart(2, '0')}:${minute}:${second ?? '00'}.${(fraction ?? '0').padEnd(3, '0')}`;
    const at = Date.parse(`${iso}${zone.toUpperCase().replace(/^([+-]\d{2})(\d{2})$/, '$1:$2')}`);
    return Number.isNaN(at) ? undefined : at;
  }
  const at = new Date(Number(year), Number(month) - 1, Number(dayOfMonth));
  if (at.getMonth() !== Number(month) - 1 || at.getDate() !== Number(dayOfMonth)) return undefined;
  return withClock(at, hour, minute, second, fraction);
}

function midnight(now: number, isDayBefore: boolean): Date {
  const at = new Date(now);
  at.setHours(0, 0, 0, 0);
  if (isDayBefore) at.setDate(at.getDate() - 1);
  return at;
}

function withClock(day: Date, hour = '0', minute = '0', second = '0', fraction = '0'): number | undefined {
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const at = new Date(day);
  at.setHours(Number(hour), Number(minute), Number(second), Number(fraction.padEnd(3, '0')));
  return at.getTime();
}

function safe(value: number): number | undefined {
  return Number.isSafeInteger(value) ? value : undefined;
}
