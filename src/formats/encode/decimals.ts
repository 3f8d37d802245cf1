import { ExactNumber, type Plain } from '../plain.ts';

/** `unscaled` with a decimal point `scale` digits from its end. */
export interface Decimal {
  readonly unscaled: bigint;
  readonly scale: number;
}

const pattern = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,5}))?$/;
/** No more digits than this: making a bigint of millions would take minutes. */
const mostDigits = 10_000;

/** The number that is written, every digit; undefined where it is no decimal number, or has more than ten thousand digits. */
export function decimalOf(value: Plain): Decimal | undefined {
  if (typeof value === 'bigint') return { unscaled: value, scale: 0 };
  const text =
    typeof value === 'number' || value instanceof ExactNumber
      ? String(value)
      : typeof value === 'string'
        ? value.trim()
        : '';
  const [all, sign, whole = '', fraction = '', exponent = '0'] = pattern.exec(text) ?? [];
  if (all === undefined || whole + fraction === '' || whole.length + fraction.length > mostDigits) return undefined;
  const digits = BigInt(whole + fraction);
  const scale = fraction.length - Number(exponent);
  if (Math.abs(scale) > mostDigits) return undefined;
  const unscaled = sign === '-' ? -digits : digits;
  return scale < 0 ? { unscaled: unscaled * 10n ** BigInt(-scale), scale: 0 } : { unscaled, scale };
}

/** With as many digits behind the point; undefined where it has more, and they are not zeros. */
export function rescaled({ unscaled, scale }: Decimal, to: number): bigint | undefined {
  if (scale <= to) return unscaled * 10n ** BigInt(to - scale);
  const by = 10n ** BigInt(scale - to);
  return unscaled % by === 0n ? unscaled / by : undefined;
}

/** The whole number that JSON's number means (1.0 and 1e3 are whole); undefined for what is none. */
export function wholeOf(value: Plain): bigint | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : undefined;
  if (typeof value === 'bigint') return value;
  if (!(value instanceof ExactNumber)) return undefined;
  const decimal = decimalOf(value);
  return decimal && rescaled(decimal, 0);
}

/** How many decimal digits a number has, its sign aside. */
export function digitsOf(value: bigint): number {
  return String(value < 0n ? -value : value).length;
}

/** The fewest bytes that hold a number in two's complement, most significant first, as Java's BigInteger.toByteArray. */
export function twosComplement(value: bigint): Buffer {
  let bytes = 1;
  // The number of hexadecimal digits is a lower bound; one byte more holds the sign.
  bytes = Math.max(bytes, Math.ceil((value < 0n ? ~value : value).toString(16).length / 2));
  if (BigInt.asIntN(bytes * 8, value) !== value) bytes++;
  return Buffer.from(
    BigInt.asUintN(bytes * 8, value)
      .toString(16)
      .padStart(bytes * 2, '0'),
    'hex',
  );
}
