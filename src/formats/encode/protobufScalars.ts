import { t } from '../../shared/l10n.ts';
import { ExactNumber, type Plain } from '../plain.ts';
import type { ByteWriter } from './byteWriter.ts';
import { decimalOf, rescaled } from './decimals.ts';
import { floatOf } from './floats.ts';
import { problem, shown, type Path } from './problem.ts';

const wireTypes: Readonly<Record<string, 0 | 1 | 2 | 5>> = {
  ...{ int32: 0, int64: 0, uint32: 0, uint64: 0, sint32: 0, sint64: 0, bool: 0 },
  ...{ fixed64: 1, sfixed64: 1, double: 1, string: 2, bytes: 2, fixed32: 5, sfixed32: 5, float: 5 },
};

/** Of a scalar's name; undefined for what is none. */
export function wireTypeOf(type: string): 0 | 1 | 2 | 5 | undefined {
  return Object.hasOwn(wireTypes, type) ? wireTypes[type] : undefined;
}

/** Whether a scalar's bytes are those of its default: they are left out where nobody asks whether it was set. */
export function isZero(bytes: Buffer, wire: number): boolean {
  return wire === 2 ? bytes.length === 0 : bytes.every((byte) => byte === 0);
}

/** Without tag and length. @throws {UnencodableError} */
export function putScalar(out: ByteWriter, value: Plain, type: string, path: Path, notes: string[]): void {
  switch (type) {
    case 'bool':
      if (typeof value !== 'boolean') throw problem(path, t('true or false is wanted, not {0}.', shown(value)));
      return out.byte(value ? 1 : 0);
    case 'string':
      if (typeof value !== 'string') throw problem(path, t('A text is wanted, not {0}.', shown(value)));
      if (!value.isWellFormed()) {
        throw problem(path, t('It holds half a character (a lone surrogate), which has no UTF-8.'));
      }
      return out.raw(Buffer.from(value));
    case 'bytes':
      return out.raw(bytesOf(value, path, notes));
    case 'float':
      return out.fixed(4, (into, at) => into.writeFloatLE(floatOf(unquoted(value), 32, path), at));
    case 'double':
      return out.fixed(8, (into, at) => into.writeDoubleLE(floatOf(unquoted(value), 64, path), at));
  }
  const bits = type.endsWith('64') ? 64 : 32;
  const whole = wholeOf(value, type, bits, path);
  if (type.startsWith('sint')) out.zigZag(whole);
  else if (!type.includes('fixed')) out.varint(whole);
  else if (bits === 64) out.fixed(8, (into, at) => into.writeBigUInt64LE(BigInt.asUintN(64, whole), at));
  else out.fixed(4, (into, at) => into.writeUInt32LE(Number(BigInt.asUintN(32, whole)), at));
}

function wholeOf(value: Plain, type: string, bits: 32 | 64, path: Path): bigint {
  const decimal = decimalOf(value);
  const whole = decimal && rescaled(decimal, 0);
  if (whole === undefined) throw problem(path, t('A whole number is wanted, not {0}.', shown(value)));
  const isSigned = !type.includes('uint') && !type.startsWith('fixed');
  if ((isSigned ? BigInt.asIntN(bits, whole) : BigInt.asUintN(bits, whole)) !== whole) {
    throw problem(path, t('{0} does not fit into {1}.', shown(value), type));
  }
  return whole;
}

/** A number may stand in quotes. */
function unquoted(value: Plain): Plain {
  return typeof value === 'string' && decimalOf(value) !== undefined ? new ExactNumber(value.trim()) : value;
}

/** Base64, both alphabets, with or without padding; or `0x…`, as this program shows bytes. */
function bytesOf(value: Plain, path: Path, notes: string[]): Buffer {
  if (typeof value === 'string' && /^0x([\da-f]{2})+$/.test(value)) {
    notes.push(t('{0} was taken for bytes in hexadecimal.', shown(value)));
    return Buffer.from(value.slice(2), 'hex');
  }
  if (typeof value !== 'string' || !/^[\w+/-]*={0,2}$/.test(value) || value.replace(/=+$/, '').length % 4 === 1) {
    throw problem(path, t('Bytes are wanted, as base64, not {0}.', shown(value)));
  }
  return Buffer.from(value, 'base64');
}

/** What stands before a field. */
export function putTag(out: ByteWriter, id: number, wire: number): void {
  out.varint((BigInt(id) << 3n) | BigInt(wire));
}

/** A field of text, bytes, packed numbers or a message. */
export function putLength(out: ByteWriter, id: number, bytes: Buffer): void {
  putTag(out, id, 2);
  out.varint(BigInt(bytes.length));
  out.raw(bytes);
}
