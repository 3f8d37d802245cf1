const dayPattern = /^(\d{4})-(\d\d)-(\d\d)$/;
const timePattern = /^(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?$/;
const zonePattern = /(?:[zZ]|([+-])(\d\d):?(\d\d))$/;

/** Days since 1970-01-01 of `2024-05-01`; undefined where no calendar has it. */
export function parseDay(text: string): bigint | undefined {
  if (!dayPattern.test(text)) return undefined;
  const at = new Date(`${text}T00:00:00Z`);
  // Of February 30 JavaScript makes March 1.
  if (Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== text) return undefined;
  return BigInt(at.getTime()) / 86_400_000n;
}

/** Units since midnight of `12:34`, `12:34:56` or `12:34:56.789`; undefined where it is none, or finer than a unit. */
export function parseTimeOfDay(text: string, unitsASecond: bigint): bigint | undefined {
  const [all, hours, minutes, seconds = '0', fraction = ''] = timePattern.exec(text) ?? [];
  if (all === undefined || Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  const nanos = BigInt(fraction.padEnd(9, '0'));
  const nanosAUnit = 1_000_000_000n / unitsASecond;
  if (nanos % nanosAUnit !== 0n) return undefined;
  return BigInt(Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * unitsASecond + nanos / nanosAUnit;
}

/**
 * Units since 1970 of `2024-05-01T12:00:00.123Z`, with a zone where `zoned` and without one where not; undefined where it is none, or
 * finer than a unit.
 */
export function parseInstant(text: string, unitsASecond: bigint, zoned: boolean): bigint | undefined {
  const [zone = '', sign, hours = '0', minutes = '0'] = zonePattern.exec(text.slice(11)) ?? [];
  if ((zone !== '') !== zoned || !/^[Tt ]$/.test(text[10] ?? '')) return undefined;
  if (Number(hours) > 18 || Number(minutes) > 59) return undefined;
  const day = parseDay(text.slice(0, 10));
  const time = parseTimeOfDay(text.slice(11, text.length - zone.length), unitsASecond);
  if (day === undefined || time === undefined) return undefined;
  const offset = BigInt(Number(hours) * 3600 + Number(minutes) * 60) * (sign === '-' ? -1n : 1n);
  return (day * 86_400n - offset) * unitsASecond + time;
}
