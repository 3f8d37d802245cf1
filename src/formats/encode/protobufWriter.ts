import { t } from '../../shared/l10n.ts';
import type { ProtoField, ProtoMessage } from '../protobuf/protoFile.ts';
import type { ProtobufSchema } from '../protobuf/protobufSchema.ts';
import { ExactNumber, type Plain, type PlainObject } from '../plain.ts';
import { maxDepth } from '../sink.ts';
import { ByteWriter } from './byteWriter.ts';
import { listed, problem, shown, UnencodableError, type Path } from './problem.ts';
import { isZero, putLength, putScalar, putTag, wireTypeOf } from './protobufScalars.ts';
import { anyOf, asMessage } from './protobufWellKnown.ts';

/** Values of one message, all in all. */
const mostSteps = 2_000_000;

/**
 * Data as a Protobuf message, from Protobuf's JSON mapping (protobuf.dev/programming-guides/json): 64-bit numbers as text or number, bytes as
 * base64, names as in the file or in lowerCamelCase, and the forms of Timestamp, Duration, Struct, Any and wrappers. Fields are written in
 * the order of their numbers, as Protobuf's own libraries do. @throws {UnencodableError}
 */
export function writeProtobuf(
  value: Plain,
  type: ProtoMessage,
  schema: ProtobufSchema,
): { readonly bytes: Buffer; readonly notes: readonly string[] } {
  const writer = new ProtobufWriter(schema);
  return { bytes: writer.message(value, type, undefined, 0), notes: writer.notes };
}

export class ProtobufWriter {
  readonly notes: string[] = [];
  readonly schema: ProtobufSchema;
  #steps = 0;

  constructor(schema: ProtobufSchema) {
    this.schema = schema;
  }

  message(given: Plain, type: ProtoMessage, path: Path | undefined, depth: number): Buffer {
    if (depth > maxDepth) throw problem(path, t('The value is nested too deep.'));
    const out = new ByteWriter();
    if (type.fullName === 'google.protobuf.Any') anyOf(this, objectOf(given, type, path), out, path, depth);
    else {
      const fields = this.#fieldsOf(objectOf(asMessage(given, type, path), type, path), type, path);
      for (const { field, value, at } of fields) this.#field(out, value, field, type, at, depth);
    }
    return out.take();
  }

  /** What stands in an object, in the order of the fields' numbers. */
  #fieldsOf(
    object: PlainObject,
    type: ProtoMessage,
    path: Path | undefined,
  ): readonly { readonly field: ProtoField; readonly value: Plain; readonly at: Path }[] {
    const byName = new Map<string, ProtoField>();
    for (const field of type.fields.values()) byName.set(jsonName(field), field);
    for (const field of type.fields.values()) byName.set(field.name, field);
    const found = new Map<ProtoField, { value: Plain; at: Path }>();
    const oneofs = new Map<string, string>();
    for (const [step, value] of Object.entries(object)) {
      const at = { parent: path, step };
      const field = byName.get(step);
      if (field === undefined) {
        const names = listed([...type.fields.values()].map(({ name }) => name));
        throw problem(at, t('{0} has no such field; it has: {1}.', type.fullName, names));
      }
      if (found.has(field)) throw problem(at, t('It stands there twice, by two names.'));
      // As if it were not there; but the null of a Value is a value.
      if (value === null && !isValue(this.schema, field)) continue;
      found.set(field, { value, at });
      if (field.oneof === undefined) continue;
      const other = oneofs.get(field.oneof);
      if (other !== undefined) throw problem(at, t('Only one of {0} may be set, and {1} is.', field.oneof, other));
      oneofs.set(field.oneof, step);
    }
    for (const field of type.fields.values()) {
      if (field.required && !found.has(field)) {
        throw problem({ parent: path, step: field.name }, t('It is missing, and the schema requires it.'));
      }
    }
    return [...found].map(([field, { value, at }]) => ({ field, value, at })).sort((a, b) => a.field.id - b.field.id);
  }

  #field(out: ByteWriter, value: Plain, field: ProtoField, owner: ProtoMessage, path: Path, depth: number): void {
    if (field.keyType !== undefined) {
      for (const [step, item] of Object.entries(objectOf(value, undefined, path))) {
        this.#entry(out, step, item, field, owner, { parent: path, step }, depth);
      }
    } else if (!field.repeated) {
      this.#value(out, value, field, owner, path, depth, isImplicit(field, owner));
    } else if (!Array.isArray(value)) {
      throw problem(path, t('An array is wanted, not {0}.', shown(value)));
    } else if (this.#isPacked(field, owner)) {
      const packed = new ByteWriter();
      value.forEach((item, step) => this.#scalar(packed, item, field, { parent: path, step }));
      if (packed.length > 0) putLength(out, field.id, packed.take());
    } else {
      value.forEach((item, step) => this.#value(out, item, field, owner, { parent: path, step }, depth, false));
    }
  }

  /** Of a map: a message of a key (1) and a value (2), which are always written. */
  #entry(
    out: ByteWriter,
    key: string,
    item: Plain,
    field: ProtoField,
    owner: ProtoMessage,
    path: Path,
    depth: number,
  ): void {
    const entry = new ByteWriter();
    const keyType = field.keyType ?? 'string';
    const keyField: ProtoField = { ...field, id: 1, type: keyType, keyType: undefined };
    const keyValue = keyType === 'bool' && (key === 'true' || key === 'false') ? key === 'true' : key;
    this.#value(entry, keyValue, keyField, owner, path, depth, false);
    this.#value(entry, item, { ...field, id: 2, keyType: undefined }, owner, path, depth, false);
    putLength(out, field.id, entry.take());
  }

  #value(
    out: ByteWriter,
    value: Plain,
    field: ProtoField,
    owner: ProtoMessage,
    path: Path,
    depth: number,
    isZeroLeftOut: boolean,
  ): void {
    const type = wireTypeOf(field.type) === undefined ? this.schema.typeOf(field) : undefined;
    if (type?.kind === 'message') {
      const bytes = this.message(value, type, path, depth + 1);
      if (!isDelimited(field, owner)) return putLength(out, field.id, bytes);
      putTag(out, field.id, 3);
      out.raw(bytes);
      return putTag(out, field.id, 4);
    }
    const payload = new ByteWriter();
    this.#scalar(payload, value, field, path);
    const bytes = payload.take();
    const wire = wireTypeOf(field.type) ?? 0;
    if (isZeroLeftOut && isZero(bytes, wire)) return;
    if (wire === 2) return putLength(out, field.id, bytes);
    putTag(out, field.id, wire);
    out.raw(bytes);
  }

  /** Without its tag, and without the length that stands before text and bytes. */
  #scalar(out: ByteWriter, value: Plain, field: ProtoField, path: Path): void {
    if (++this.#steps > mostSteps) throw new UnencodableError(t('It holds too many values.'));
    if (wireTypeOf(field.type) !== undefined) return putScalar(out, value, field.type, path, this.notes);
    const type = this.schema.typeOf(field);
    if (type?.kind !== 'enum') {
      throw problem(path, t('Its type {0} is in none of the files that the registry gave.', field.type));
    }
    const number = typeof value === 'string' ? type.numbers.get(value) : value;
    if (typeof number !== 'number' || !Number.isInteger(number) || (number | 0) !== number) {
      const names = listed([...type.numbers.keys()]);
      throw problem(path, t('{0} is no value of {1}: {2}.', shown(value), field.type, names));
    }
    out.varint(BigInt(number));
  }

  #isPacked(field: ProtoField, { file }: ProtoMessage): boolean {
    const isNumber = wireTypeOf(field.type) !== 2 && this.schema.typeOf(field)?.kind !== 'message';
    const own = field.options.get('packed');
    const encoding = field.options.get('features.repeated_field_encoding');
    if (own !== undefined) return isNumber && own === 'true';
    return isNumber && (encoding === undefined ? file.packed : encoding === 'PACKED');
  }
}

/** Its own `json_name`, else lowerCamelCase. */
function jsonName({ name, options }: ProtoField): string {
  const own = options.get('json_name');
  if (own !== undefined) return own.slice(1, -1);
  return name.replace(/_+(.?)/g, (_all, next: string) => next.toUpperCase());
}

function isImplicit(field: ProtoField, { file }: ProtoMessage): boolean {
  const own = field.options.get('features.field_presence');
  return own === undefined ? file.implicit && !field.explicit : own === 'IMPLICIT';
}

function isDelimited(field: ProtoField, { file }: ProtoMessage): boolean {
  if (field.isGroup) return true;
  const own = field.options.get('features.message_encoding');
  return own === undefined ? file.delimited : own === 'DELIMITED';
}

function isValue(schema: ProtobufSchema, field: ProtoField): boolean {
  const type = schema.typeOf(field);
  return type?.kind === 'message' && type.fullName === 'google.protobuf.Value';
}

function objectOf(value: Plain, type: ProtoMessage | undefined, path: Path | undefined): PlainObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof ExactNumber) {
    throw problem(
      path,
      type === undefined
        ? t('An object is wanted, not {0}.', shown(value))
        : t('An object is wanted ({0}), not {1}.', type.fullName, shown(value)),
    );
  }
  return value;
}
