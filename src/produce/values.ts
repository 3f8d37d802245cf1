import { t } from '../shared/l10n.ts';

/**
 * How a key, a value or a header is written down by a person. The numbers, `boolean` and `uuid` are as the serializers of Kafka's Java client write
 * them: big-endian, one byte, and the 36 characters of its text.
 */
export const valueFormats = [
  'text',
  'json',
  'hex',
  'base64',
  'int16',
  'int32',
  'int64',
  'float32',
  'float64',
  'boolean',
  'uuid',
  'null',
] as const;

export type ValueFormat = (typeof valueFormats)[number];

/** The bytes, or what is wrong with the text, a sentence. */
export type Encoded = { readonly bytes: Buffer | null } | { readonly problem: string };

/** What somebody wrote as the bytes that a record holds. Text and JSON are taken as written, in UTF-8. */
export function encodeValue(format: ValueFormat, text: string): Encoded {
  switch (format) {
    case 'null':
      return { bytes: null };
    case 'text':
      return utf8(text);
    case 'json':
      return json(text);
    case 'hex':
      return hex(text);
    case 'base64':
      return base64(text);
    case 'int16':
      return integer(text, 16);
    case 'int32':
      return integer(text, 32);
    case 'int64':
      return integer(text, 64);
    case 'float32':
    case 'float64':
      return float(text, format === 'float32' ? 4 : 8);
    case 'boolean':
      return boolean(text);
    case 'uuid':
      return uuid(text);
  }
}

function utf8(text: string): Encoded {
  if (!text.isWellFormed()) return { problem: t('It holds half a character (a lone surrogate), which has no UTF-8.') };
  return { bytes: Buffer.from(text) };
}

function json(text: string): Encoded {
  if (text.trim() === '') return { problem: t('Empty is no JSON. Choose null for a tombstone.') };
  try {
    JSON.parse(text);
  } catch (error) {
    return { problem: t('No JSON: {0}', (error as SyntaxError).message) };
  }
  return utf8(text);
}

/** Bytes as two digits each; spaces, colons, line ends and a leading 0x do not matter. */
function hex(text: string): Encoded {
  const digits = text.replace(/^\s*0x/i, '').replace(/[\s:,-]+/g, '');
  const wrong = /[^\da-f]/i.exec(digits);
  if (wrong !== null) return { problem: t('{0} is no hexadecimal digit.', wrong[0]) };
  if (digits.length % 2 === 1) return { problem: t('A digit is missing: each byte has two.') };
  return { bytes: Buffer.from(digits, 'hex') };
}

/** RFC 4648, both alphabets, with or without padding. */
function base64(text: string): Encoded {
  const digits = text.replace(/\s+/g, '');
  const body = digits.replace(/={0,2}$/, '');
  const wrong = /[^\w+/-]/.exec(body);
  if (wrong !== null) return { problem: t('{0} is no base64.', wrong[0]) };
  if (body.length % 4 === 1 || (digits !== body && digits.length % 4 !== 0)) {
    return { problem: t('The base64 is cut off.') };
  }
  return { bytes: Buffer.from(body, 'base64') };
}

function integer(text: string, bits: 16 | 32 | 64): Encoded {
  const digits = text.trim();
  if (!/^[+-]?\d+$/.test(digits)) return { problem: t('A whole number is wanted.') };
  const value = BigInt(digits.replace(/^\+/, ''));
  const most = 2n ** BigInt(bits - 1) - 1n;
  if (value > most || value < -most - 1n) {
    return { problem: t('It does not fit into {0} bits: {1} to {2}.', bits, String(-most - 1n), String(most)) };
  }
  const bytes = Buffer.alloc(bits / 8);
  if (bits === 64) bytes.writeBigInt64BE(value);
  else bytes.writeIntBE(Number(value), 0, bits / 8);
  return { bytes };
}

function float(text: string, size: 4 | 8): Encoded {
  const digits = text.trim();
  const value = Number(digits);
  if (digits === '' || (Number.isNaN(value) && digits !== 'NaN')) return { problem: t('A number is wanted.') };
  const bytes = Buffer.alloc(size);
  if (size === 4) bytes.writeFloatBE(value);
  else bytes.writeDoubleBE(value);
  return { bytes };
}

function boolean(text: string): Encoded {
  const word = text.trim().toLowerCase();
  if (word !== 'true' && word !== 'false') return { problem: t('true or false is wanted.') };
  return { bytes: Buffer.from([word === 'true' ? 1 : 0]) };
}

function uuid(text: string): Encoded {
  const word = text.trim().toLowerCase();
  if (!/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(word)) {
    return { problem: t('A UUID is wanted, such as 123e4567-e89b-12d3-a456-426614174000.') };
  }
  return { bytes: Buffer.from(word) };
}
