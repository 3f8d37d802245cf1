import { t } from '../../shared/l10n.ts';
import type { AvroType } from '../avro/avroSchema.ts';
import type { Plain } from '../plain.ts';
import { ByteWriter } from './byteWriter.ts';
import { decimalOf, digitsOf, rescaled, twosComplement } from './decimals.ts';
import { problem, shown, type Path } from './problem.ts';
import { parseDay, parseInstant, parseTimeOfDay } from './times.ts';

const unitsASecond: Readonly<Record<string, bigint>> = { millis: 1000n, micros: 1_000_000n, nanos: 1_000_000_000n };

/** A date or time as people write it, as the number that the type holds. @throws {UnencodableError} */
export function logicalNumber(text: string, logical: string, path: Path | undefined): bigint {
  const units = unitsASecond[logical.slice(logical.lastIndexOf('-') + 1)] ?? 1n;
  const isLocal = logical.startsWith('local-');
  const [value, example] =
    logical === 'date'
      ? [parseDay(text), '2024-05-01']
      : logical.startsWith('time-')
        ? [parseTimeOfDay(text, units), '12:34:56.789']
        : [parseInstant(text, units, !isLocal), `2024-05-01T12:34:56.789${isLocal ? '' : 'Z'}`];
  if (value === undefined) {
    throw problem(
      path,
      t('{0} is no {1}: a number is wanted, or a text such as "{2}".', shown(text), logical, example),
    );
  }
  return value;
}

/**
 * The bytes of a decimal, a UUID or a duration that is written as people do; undefined where it is not, and is to be taken as bytes.
 * @throws {UnencodableError}
 */
export function logicalBytes(
  value: Plain,
  type: AvroType & { kind: 'bytes' | 'fixed' | 'string' },
  path: Path | undefined,
): Buffer | undefined {
  const size = type.kind === 'fixed' ? type.size : undefined;
  switch (type.logical?.type) {
    case 'decimal':
      return decimalBytes(value, type.logical.scale, type.logical.precision, size, path);
    case 'big-decimal':
      return bigDecimalBytes(value, path);
    case 'uuid':
      if (typeof value === 'string' && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value)) {
        return Buffer.from(value.replaceAll('-', ''), 'hex');
      }
      if (type.kind === 'fixed' && typeof value === 'string' && value.length === 16) return undefined;
      throw problem(path, t('{0} is no UUID, such as "{1}".', shown(value), '123e4567-e89b-12d3-a456-426614174000'));
    case 'duration':
      return durationBytes(value);
    case undefined:
    default:
      return undefined;
  }
}

function decimalBytes(
  value: Plain,
  scale: number,
  precision: number | undefined,
  size: number | undefined,
  path: Path | undefined,
): Buffer | undefined {
  const decimal = decimalOf(value);
  if (decimal === undefined) return asBytes(value, path);
  const unscaled = rescaled(decimal, scale);
  if (unscaled === undefined) {
    throw problem(path, t('{0} has more than {1} digits behind the point.', shown(value), scale));
  }
  if (precision !== undefined && digitsOf(unscaled) > precision) {
    const whole = Math.max(0, precision - scale);
    throw problem(path, t('{0} has more than {1} digits before the point.', shown(value), whole));
  }
  const bytes = twosComplement(unscaled);
  if (size === undefined || bytes.length === size) return bytes;
  if (bytes.length > size) throw problem(path, t('{0} does not fit into {1} bytes.', shown(value), size));
  return Buffer.concat([Buffer.alloc(size - bytes.length, unscaled < 0n ? 0xff : 0), bytes]);
}

/** As Avro's Java library: the unscaled value as bytes, then the scale. */
function bigDecimalBytes(value: Plain, path: Path | undefined): Buffer | undefined {
  const decimal = decimalOf(value);
  if (decimal === undefined) return asBytes(value, path);
  const unscaled = twosComplement(decimal.unscaled);
  const writer = new ByteWriter();
  writer.zigZag(BigInt(unscaled.length));
  writer.raw(unscaled);
  writer.zigZag(BigInt(decimal.scale));
  return writer.take();
}

/** Avro's JSON encoding has a decimal's very bytes. What holds nothing but what people type is a mistyped number rather. */
function asBytes(value: Plain, path: Path | undefined): undefined {
  if (typeof value === 'string' && value !== '' && !/^[ -~]*$/.test(value)) return undefined;
  throw problem(path, t('{0} is no decimal number, such as {1}.', shown(value), '"12.34"'));
}

/** `P1M2DT3.004S`: months, days, milliseconds. */
function durationBytes(value: Plain): Buffer | undefined {
  const [all, months = '', days = '', seconds = '', fraction = ''] =
    typeof value === 'string' ? (/^P(\d+)M(\d+)DT(\d+)(?:\.(\d{1,3}))?S$/.exec(value) ?? []) : [];
  if (all === undefined) return undefined;
  const numbers = [Number(months), Number(days), Number(seconds) * 1000 + Number(fraction.padEnd(3, '0'))];
  if (numbers.some((number) => number > 0xffffffff)) return undefined;
  const bytes = Buffer.alloc(12);
  numbers.forEach((number, index) => bytes.writeUInt32LE(number, index * 4));
  return bytes;
}

/** Bytes as Avro's JSON encoding writes them, or as this program shows them. @throws {UnencodableError} */
export function latin1Bytes(
  value: string,
  type: AvroType & { kind: 'bytes' | 'fixed' },
  path: Path | undefined,
  notes: string[],
): Buffer {
  if (/^0x([\da-f]{2})*$/.test(value) && (type.kind === 'bytes' || type.size === value.length / 2 - 1)) {
    notes.push(t('{0} was taken for bytes in hexadecimal.', shown(value)));
    return Buffer.from(value.slice(2), 'hex');
  }
  if (/[^\u0000-\u00ff]/.test(value)) {
    throw problem(
      path,
      t(
        'Bytes are written as ISO-8859-1, as Avro does ("\\u00ff"), or as "0xff": {0} has other characters.',
        shown(value),
      ),
    );
  }
  return Buffer.from(value, 'latin1');
}
