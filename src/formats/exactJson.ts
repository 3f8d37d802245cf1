import { ExactNumber, type Plain } from './plain.ts';

/** Data as JSON on one line, with all digits of its numbers. What JSON has no word for (NaN) is a text. */
export function exactJson(value: Plain): string {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof ExactNumber) return value.text;
  if (typeof value === 'number' && !Number.isFinite(value)) return JSON.stringify(String(value));
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(exactJson).join(',')}]`;
  const pairs = Object.entries(value).map(([name, child]) => `${JSON.stringify(name)}:${exactJson(child)}`);
  return `{${pairs.join(',')}}`;
}
