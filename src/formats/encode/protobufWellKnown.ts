import { t } from '../../shared/l10n.ts';
import { ExactNumber, type Plain, type PlainObject } from '../plain.ts';
import type { ProtoMessage } from '../protobuf/protoFile.ts';
import type { ByteWriter } from './byteWriter.ts';
import { problem, shown, type Path } from './problem.ts';
import { putLength } from './protobufScalars.ts';
import type { ProtobufWriter } from './protobufWriter.ts';
import { parseInstant } from './times.ts';

const wrappers = /^google\.protobuf\.(Double|Float|U?Int(64|32)|Bool|String|Bytes)Value$/;
const nanosASecond = 1_000_000_000n;

/**
 * What Protobuf's JSON writes in a form of its own, as the message that it stands for; everything else as it is. @throws {UnencodableError}
 */
export function asMessage(value: Plain, { fullName }: ProtoMessage, path: Path | undefined): Plain {
  if (!fullName.startsWith('google.protobuf.')) return value;
  if (fullName === 'google.protobuf.Struct') return isObject(value) ? { fields: value } : value;
  if (fullName === 'google.protobuf.Value') return asValue(value);
  if (fullName === 'google.protobuf.ListValue') return Array.isArray(value) ? { values: value } : value;
  // As the message itself is shown.
  if (isObject(value)) return value;
  if (wrappers.test(fullName)) return { value };
  switch (fullName) {
    case 'google.protobuf.Timestamp':
      return timestamp(value, path);
    case 'google.protobuf.Duration':
      return duration(value, path);
    case 'google.protobuf.FieldMask':
      return typeof value === 'string' ? { paths: value === '' ? [] : value.split(',').map(snakeCase) } : value;
    default:
      return value;
  }
}

function asValue(value: Plain): Plain {
  if (value === null) return { null_value: 0 };
  if (typeof value === 'boolean') return { bool_value: value };
  if (typeof value === 'string') return { string_value: value };
  if (Array.isArray(value)) return { list_value: value };
  return isObject(value) ? { struct_value: value } : { number_value: value };
}

function timestamp(value: Plain, path: Path | undefined): Plain {
  const nanos = typeof value === 'string' ? parseInstant(value, nanosASecond, true) : undefined;
  if (nanos === undefined) {
    throw problem(path, t('{0} is no time, such as "{1}".', shown(value), '2024-05-01T12:34:56.789Z'));
  }
  const rest = ((nanos % nanosASecond) + nanosASecond) % nanosASecond;
  return { seconds: (nanos - rest) / nanosASecond, nanos: Number(rest) };
}

function duration(value: Plain, path: Path | undefined): Plain {
  const [all, sign, seconds = '', fraction = ''] =
    typeof value === 'string' ? (/^(-?)(\d{1,12})(?:\.(\d{1,9}))?s$/.exec(value) ?? []) : [];
  if (all === undefined || BigInt(seconds) > 315_576_000_000n) {
    throw problem(path, t('{0} is no duration, such as "{1}".', shown(value), '1.5s'));
  }
  const by = sign === '-' ? -1 : 1;
  return { seconds: BigInt(seconds) * BigInt(by), nanos: Number(fraction.padEnd(9, '0')) * by };
}

function snakeCase(path: string): string {
  return path.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** `{"@type": "type.googleapis.com/shop.Order", ...}`: a message with its name. @throws {UnencodableError} */
export function anyOf(
  writer: ProtobufWriter,
  object: PlainObject,
  out: ByteWriter,
  path: Path | undefined,
  depth: number,
): void {
  if (Object.keys(object).length === 0) return;
  const { '@type': url, ...rest } = object;
  const name = typeof url === 'string' ? url.slice(url.lastIndexOf('/') + 1) : '';
  const type = writer.schema.named(name);
  if (typeof url !== 'string' || type === undefined) {
    const at = { parent: path, step: '@type' };
    throw problem(
      at,
      t('The name of a message of the schema is wanted, such as "{0}".', 'type.googleapis.com/shop.Order'),
    );
  }
  const hasForm = name.startsWith('google.protobuf.') && name !== 'google.protobuf.Empty';
  const inner = hasForm ? (rest['value'] ?? null) : rest;
  const bytes = writer.message(inner, type, hasForm ? { parent: path, step: 'value' } : path, depth + 1);
  putLength(out, 1, Buffer.from(url));
  if (bytes.length > 0) putLength(out, 2, bytes);
}

function isObject(value: Plain): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);
}
