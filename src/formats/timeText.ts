/** `unscaled` with a decimal point `scale` digits from its end. */
export function decimalText(unscaled: bigint, scale: number): string {
  if (scale <= 0) return String(unscaled);
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** Years that ISO 8601 writes with four digits. */
const firstMs = -62_167_219_200_000n;
const lastMs = 253_402_300_799_999n;

/** `2024-05-01T12:00:00.123456Z`, with as many digits as a second has units (3, 6 or 9); undefined outside the years 0 to 9999. */
export function isoInstant(value: bigint, unitsASecond: bigint): string | undefined {
  const seconds = floorDiv(value, unitsASecond);
  const ms = seconds * 1000n;
  if (ms < firstMs || ms > lastMs) return undefined;
  const fraction = String(value - seconds * unitsASecond).padStart(String(unitsASecond).length - 1, '0');
  return new Date(Number(ms)).toISOString().replace('.000Z', `.${fraction}Z`);
}

/** `2024-05-01` of days since 1970-01-01. */
export function isoDate(days: bigint): string | undefined {
  const ms = days * 86_400_000n;
  return ms < firstMs || ms > lastMs ? undefined : new Date(Number(ms)).toISOString().slice(0, 10);
}

/** `12:34:56.789` of units since midnight; undefined where a day has not so many. */
export function timeOfDay(value: bigint, unitsASecond: bigint): string | undefined {
  return value < 0n || value >= 86_400n * unitsASecond ? undefined : isoInstant(value, unitsASecond)?.slice(11, -1);
}

function floorDiv(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}
