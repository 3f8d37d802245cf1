/** `12,408`: exact, for tables, tooltips, sentences and copies. */
export function formatCount(value: bigint | number): string {
  return value.toLocaleString('en-US');
}

/** `9,999`, `12.4k`, `3.1M`: at most four digits, for the tree. Rounded down, so that it never claims more than there is. */
export function formatShort(value: bigint | number): string {
  const exact = typeof value === 'bigint' ? value : BigInt(Math.trunc(value));
  const size = exact < 0n ? -exact : exact;
  if (size < 10_000n) return formatCount(exact);
  const [unit, letter] =
    size < 1_000_000n ? [1_000n, 'k'] : size < 1_000_000_000n ? [1_000_000n, 'M'] : [1_000_000_000n, 'G'];
  const tenths = (size * 10n) / unit;
  const text = tenths < 1_000n ? `${tenths / 10n}.${tenths % 10n}` : formatCount(tenths / 10n);
  return `${exact < 0n ? '-' : ''}${text}${letter}`;
}

const units: readonly (readonly [string, number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
];

/** `4 min 10 s`: two units at most; below a second `240 ms`. */
export function formatDuration(milliseconds: number): string {
  if (!Number.isFinite(milliseconds)) return 'never';
  if (milliseconds < 0) return `-${formatDuration(-milliseconds)}`;
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  // Rounded to what the smaller of the two units can show, so that no `60 s` appears.
  const index = units.findIndex(([, size]) => milliseconds >= size);
  const smaller = units[Math.min(index + 1, units.length - 1)]!;
  const rounded = Math.round(milliseconds / smaller[1]) * smaller[1];
  const first = units.findIndex(([, size]) => rounded >= size);
  const [unit, size] = units[first]!;
  const whole = Math.floor(rounded / size);
  const next = units[first + 1];
  const rest = next === undefined ? 0 : Math.floor((rounded - whole * size) / next[1]);
  return rest > 0 ? `${formatCount(whole)} ${unit} ${rest} ${next![0]}` : `${formatCount(whole)} ${unit}`;
}

/** Cuts a long name in the middle, where names of one family differ least. */
export function shorten(text: string, limit: number): string {
  const points = Array.from(text);
  if (points.length <= limit) return text;
  const head = Math.ceil((limit - 1) / 2);
  return `${points.slice(0, head).join('')}…${points.slice(points.length - (limit - 1 - head)).join('')}`;
}
