import { t } from '../../shared/l10n.ts';
import { ByteReader } from '../byteReader.ts';
import { maxDepth, putFloat, UndecodableError, type Sink } from '../sink.ts';
import { putUnknown } from './schemaless.ts';
import type { ProtoField, ProtoMessage } from './protoFile.ts';
import type { ProtobufSchema } from './protobufSchema.ts';
import { putWellKnown } from './wellKnown.ts';
import { readFields, type WireValue } from './wire.ts';

/**
 * Reads a message by its schema. Fields come in the order in which they first stand in the bytes; a field that the schema does not have
 * is shown as `#number` with what its wire type tells, one whose type is not known with its name. Fields that are not in the bytes (proto3's zeros) are not shown.
 * @throws {UndecodableError}
 */
export function readProtobuf(
  bytes: Buffer,
  type: ProtoMessage,
  schema: ProtobufSchema,
  sink: Sink,
  limit: number,
  depth = 0,
  isCut = false,
): void {
  if (depth > maxDepth) throw new UndecodableError(t('The value is nested too deep.'));
  if (putWellKnown(bytes, type, sink, limit)) return;
  const { fields, more } = readFields(bytes, limit, { isCut });
  const values = new Map<number, WireValue[]>();
  for (const { number, value } of fields) {
    const before = values.get(number);
    if (before === undefined) values.set(number, [value]);
    else before.push(value);
  }
  sink.begin('object');
  for (const [number, all] of values) {
    const field = type.fields.get(number);
    if (field === undefined || !isKnown(field, schema)) {
      sink.key(field?.name ?? `#${number}`);
      putAll(sink, all, (value) => putUnknown(sink, value, limit, depth));
    } else {
      sink.key(field.name);
      putField(schema, sink, field, all, limit, depth);
    }
  }
  if (more) sink.progress(limit + 1);
  sink.end();
}

const scalars = new Set([
  ...['double', 'float', 'int32', 'int64', 'uint32', 'uint64', 'sint32', 'sint64'],
  ...['fixed32', 'fixed64', 'sfixed32', 'sfixed64', 'bool', 'string', 'bytes'],
]);

/** False where its type is in a file that nobody gave. */
function isKnown(field: ProtoField, schema: ProtobufSchema): boolean {
  return scalars.has(field.type) || schema.typeOf(field) !== undefined;
}

function putAll(sink: Sink, values: readonly WireValue[], put: (value: WireValue) => void): void {
  if (values.length > 1) sink.begin('array');
  values.forEach(put);
  if (values.length > 1) sink.end();
}

function putField(
  schema: ProtobufSchema,
  sink: Sink,
  field: ProtoField,
  values: readonly WireValue[],
  limit: number,
  depth: number,
): void {
  if (field.keyType !== undefined) {
    sink.begin('object');
    for (const value of values) putEntry(schema, sink, field, value, limit, depth);
    sink.end();
  } else if (field.repeated) {
    sink.begin('array');
    for (const value of values) putRepeated(schema, sink, field, value, limit, depth);
    sink.end();
  } else {
    // Of a field that occurs twice the last one counts; parts of a message would be merged, which no encoder relies on.
    putValue(schema, sink, field, values.at(-1)!, limit, depth);
  }
}

/** Map entries are messages of a key (1) and a value (2). */
function putEntry(
  schema: ProtobufSchema,
  sink: Sink,
  field: ProtoField,
  value: WireValue,
  limit: number,
  depth: number,
): void {
  if (value.type !== 'len') throw mismatch(field, value);
  const { fields } = readFields(value.bytes, Number.POSITIVE_INFINITY);
  const key = fields.findLast(({ number }) => number === 1)?.value;
  const item = fields.findLast(({ number }) => number === 2)?.value;
  sink.key(key === undefined ? (field.keyType === 'string' ? '' : '0') : keyText(schema, field, key));
  if (item !== undefined) putValue(schema, sink, field, item, limit, depth);
  else if (schema.typeOf(field)?.kind === 'message') {
    sink.begin('object');
    sink.end();
  } else sink.null();
}

function keyText(schema: ProtobufSchema, field: ProtoField, key: WireValue): string {
  if (key.type === 'len') return key.bytes.toString('utf8');
  let text = '';
  const only = (found: string): void => void (text = found);
  const scalar: Partial<Sink> = { number: only, boolean: (value) => only(String(value)) };
  putScalar(schema, scalar as Sink, field, field.keyType ?? '', key);
  return text;
}

const packable = ['fixed64', 'sfixed64', 'double', 'fixed32', 'sfixed32', 'float'];

function putRepeated(
  schema: ProtobufSchema,
  sink: Sink,
  field: ProtoField,
  value: WireValue,
  limit: number,
  depth: number,
): void {
  const isLen = field.type === 'string' || field.type === 'bytes' || schema.typeOf(field)?.kind === 'message';
  if (isLen || value.type !== 'len') return putValue(schema, sink, field, value, limit, depth);
  const reader = new ByteReader(value.bytes);
  const fixed = packable.indexOf(field.type);
  while (reader.left > 0) {
    sink.progress(reader.at);
    if (fixed < 0) putScalar(schema, sink, field, field.type, { type: 'varint', value: reader.varint() });
    else if (fixed < 3) putScalar(schema, sink, field, field.type, { type: 'fixed64', bytes: reader.take(8) });
    else putScalar(schema, sink, field, field.type, { type: 'fixed32', bytes: reader.take(4) });
  }
}

function putValue(
  schema: ProtobufSchema,
  sink: Sink,
  field: ProtoField,
  value: WireValue,
  limit: number,
  depth: number,
): void {
  sink.progress(0);
  const type = schema.typeOf(field);
  if (type?.kind === 'message') {
    if (value.type !== 'len' && value.type !== 'group') throw mismatch(field, value);
    return readProtobuf(value.bytes, type, schema, sink, limit, depth + 1, value.type === 'group' && value.isCut);
  }
  putScalar(schema, sink, field, field.type, value);
}

function putScalar(schema: ProtobufSchema, sink: Sink, field: ProtoField, type: string, value: WireValue): void {
  if (value.type === 'varint') {
    const raw = value.value;
    switch (type) {
      case 'int32':
        return sink.number(String(BigInt.asIntN(32, raw)));
      case 'int64':
        return sink.number(String(BigInt.asIntN(64, raw)));
      case 'uint32':
        return sink.number(String(BigInt.asUintN(32, raw)));
      case 'uint64':
        return sink.number(String(raw));
      case 'sint32':
      case 'sint64':
        return sink.number(String((raw >> 1n) ^ -(raw & 1n)));
      case 'bool':
        return sink.boolean(raw !== 0n);
    }
    const enumeration = schema.typeOf(field);
    if (enumeration?.kind !== 'enum') throw mismatch(field, value);
    const number = Number(BigInt.asIntN(32, raw));
    const name = enumeration.names.get(number);
    return name === undefined ? sink.number(String(number)) : sink.string(name);
  }
  if (value.type === 'fixed32') {
    if (type === 'float') return putFloat(sink, value.bytes.readFloatLE(), 32);
    if (type === 'fixed32') return sink.number(String(value.bytes.readUInt32LE()));
    if (type === 'sfixed32') return sink.number(String(value.bytes.readInt32LE()));
  }
  if (value.type === 'fixed64') {
    if (type === 'double') return putFloat(sink, value.bytes.readDoubleLE(), 64);
    if (type === 'fixed64') return sink.number(String(value.bytes.readBigUInt64LE()));
    if (type === 'sfixed64') return sink.number(String(value.bytes.readBigInt64LE()));
  }
  if (value.type === 'len') {
    if (type === 'string') return sink.utf8(value.bytes);
    if (type === 'bytes') return sink.bytes(value.bytes);
  }
  throw mismatch(field, value);
}

function mismatch(field: ProtoField, value: WireValue): UndecodableError {
  return new UndecodableError(
    t('Field {0} ({1}) is {2} in the schema, and its bytes are {3}.', field.name, field.id, field.type, value.type),
  );
}
