import { ExactNumber } from '../../formats/plain.ts';

export type AnyNumber = number | bigint | ExactNumber;

export function isNumber(value: unknown): value is AnyNumber {
  return typeof value === 'number' || typeof value === 'bigint' || value instanceof ExactNumber;
}

/** Below 0, 0 or above 0, by all their digits. */
export function compareNumbers(a: AnyNumber, b: AnyNumber): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'bigint' && typeof b === 'bigint') return a < b ? -1 : a > b ? 1 : 0;
  const [left, right] = [decimal(a), decimal(b)];
  if (left.sign !== right.sign) return left.sign - right.sign;
  if (left.sign === 0) return 0;
  if (left.point !== right.point) return left.point < right.point ? -left.sign : left.sign;
  return left.digits === right.digits ? 0 : left.digits < right.digits ? -left.sign : left.sign;
}

/** sign * 0.digits * 10^point, without zeros at either end of the digits. */
interface Decimal {
  readonly sign: -1 | 0 | 1;
  readonly digits: string;
  readonly point: number;
}

function decimal(value: AnyNumber): Decimal {
  const text = String(value);
  const [, minus, whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const all = whole + fraction;
  const leading = all.length - all.replace(/^0+/, '').length;
  const digits = all.replace(/^0+/, '').replace(/0+$/, '');
  if (digits === '') return { sign: 0, digits, point: 0 };
  return { sign: minus === '-' ? -1 : 1, digits, point: whole.length - leading + Number(exponent) };
}
