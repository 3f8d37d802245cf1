import { bare, type Plain } from '../plain.ts';
import type { ProtoField, ProtoMessage } from '../protobuf/protoFile.ts';
import type { ProtobufSchema } from '../protobuf/protobufSchema.ts';

const deepest = 8;
const mostValues = 2000;

const wellKnown: Readonly<Record<string, Plain>> = {
  'google.protobuf.Timestamp': '2024-05-01T12:00:00Z',
  'google.protobuf.Duration': '0s',
  'google.protobuf.FieldMask': '',
  'google.protobuf.Any': {},
  'google.protobuf.Struct': {},
  'google.protobuf.Value': null,
  'google.protobuf.ListValue': [],
  'google.protobuf.BoolValue': false,
  'google.protobuf.StringValue': '',
  'google.protobuf.BytesValue': '',
  'google.protobuf.Int64Value': '0',
  'google.protobuf.UInt64Value': '0',
  'google.protobuf.Int32Value': 0,
  'google.protobuf.UInt32Value': 0,
  'google.protobuf.FloatValue': 0,
  'google.protobuf.DoubleValue': 0,
};

/** A message to begin from: all fields, one item of each list, of each oneof the first. */
export function protobufExample(type: ProtoMessage, schema: ProtobufSchema): Plain {
  return new Example(schema).message(type, []);
}

class Example {
  readonly #schema: ProtobufSchema;
  #values = 0;

  constructor(schema: ProtobufSchema) {
    this.#schema = schema;
  }

  message(type: ProtoMessage, within: readonly ProtoMessage[]): Plain {
    if (Object.hasOwn(wellKnown, type.fullName)) return wellKnown[type.fullName]!;
    const made = bare();
    const oneofs = new Set<string>();
    for (const field of type.fields.values()) {
      if (field.oneof !== undefined && oneofs.has(field.oneof)) continue;
      const value = this.#value(field, [...within, type]);
      if (value === undefined) continue;
      if (field.oneof !== undefined) oneofs.add(field.oneof);
      made[field.name] =
        field.keyType !== undefined ? { [keyOf(field.keyType)]: value } : field.repeated ? [value] : value;
    }
    return made;
  }

  /** Undefined where it would go on for ever, or nobody knows the type. */
  #value(field: ProtoField, within: readonly ProtoMessage[]): Plain | undefined {
    if (++this.#values > mostValues) return undefined;
    switch (field.type) {
      case 'bool':
        return false;
      case 'string':
      case 'bytes':
        return '';
      case 'int64':
      case 'uint64':
      case 'sint64':
      case 'fixed64':
      case 'sfixed64':
        return '0';
      case 'double':
      case 'float':
      case 'int32':
      case 'uint32':
      case 'sint32':
      case 'fixed32':
      case 'sfixed32':
        return 0;
    }
    const type = this.#schema.typeOf(field);
    if (type === undefined) return undefined;
    if (type.kind === 'enum') return type.numbers.keys().next().value ?? 0;
    return within.length > deepest || within.includes(type) ? undefined : this.message(type, within);
  }
}

function keyOf(type: string): string {
  if (type === 'string') return 'key';
  return type === 'bool' ? 'true' : '0';
}
