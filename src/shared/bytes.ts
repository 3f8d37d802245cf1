import { formatCount } from './format.ts';

const units = ['KiB', 'MiB', 'GiB'] as const;

/** `912 B`, `1.4 MiB`: one decimal, rounded down, so that it never claims more than there is. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${formatCount(bytes)} B`;
  let value = bytes / 1024;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${formatCount(Math.floor(value * 10) / 10)} ${units[unit]!}`;
}
