/**
 * A number that neither a JavaScript number nor a bigint holds exactly, such as 0.1000000000000000055 or 1e400: its decimal
 * digits, as JSON writes them.
 */
export class ExactNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

/** JSON-like data. Integers beyond 2^53 are bigints; of keys that occur twice the last one counts, as for `JSON.parse`. */
export type Plain = null | boolean | number | bigint | string | ExactNumber | Plain[] | PlainObject;

/** Only its own properties count: a key called `__proto__` or `toString` is a key like any other. */
export interface PlainObject {
  [key: string]: Plain;
}

/** An object to put keys into, whatever they are called. */
export function bare(): PlainObject {
  return Object.create(null) as PlainObject;
}

const integer = /^-?\d+$/;

/** The number that JSON's digits mean, exactly. */
export function exactNumber(text: string): number | bigint | ExactNumber {
  if (integer.test(text)) {
    const value = Number(text);
    return Number.isSafeInteger(value) ? value : BigInt(text);
  }
  // Any decimal of 15 digits comes back unchanged from a double.
  const digits = text
    .replace(/[eE].*$/, '')
    .replace(/[-.]/g, '')
    .replace(/^0+/, '');
  const value = Number(text);
  if (digits.length > 15 && significant(String(value)) !== significant(text)) return new ExactNumber(text);
  return Number.isFinite(value) && (value !== 0 || /^0*$/.test(digits)) ? value : new ExactNumber(text);
}

/** Its digits without leading and trailing zeros, and the power of ten that they stand at. */
function significant(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const all = `${whole}${fraction}`;
  const digits = all.replace(/^0+/, '').replace(/0+$/, '');
  const trailing = all.length - all.replace(/0+$/, '').length;
  return `${sign}${digits}e${Number(exponent) - fraction.length + trailing}`;
}
