import { UndecodableError } from '../sink.ts';
import { readFields, type WireField } from './wire.ts';

/** FieldDescriptorProto.Type, by number; 10 is a group, 11 a message, 14 an enum: those are named. */
const scalars: readonly string[] = [
  ...['', 'double', 'float', 'int64', 'uint64', 'int32', 'fixed64', 'fixed32', 'bool', 'string', ''],
  ...['', 'bytes', 'uint32', '', 'sfixed32', 'sfixed64', 'sint32', 'sint64'],
];
const typeOfGroup = 10;
const labels = ['', 'optional', 'required', 'repeated'];
/** google.protobuf.FeatureSet, as far as it changes bytes. */
const presences = ['', 'EXPLICIT', 'IMPLICIT', 'LEGACY_REQUIRED'];
const repeatedEncodings = ['', 'PACKED', 'EXPANDED'];
const messageEncodings = ['', 'LENGTH_PREFIXED', 'DELIMITED'];

/**
 * The `.proto` text of a schema that is a FileDescriptorProto (google/protobuf/descriptor.proto) in base64, as Confluent's clients for Python, .NET
 * and JavaScript register theirs: Confluent's registry makes text of it, others give it back as it is. What changes no byte is left out. Undefined
 * where the schema is none.
 */
export function descriptorText(schema: string): string | undefined {
  const base64 = schema.trim();
  // A file begins with its name, field 1.
  if (!/^C[A-Za-z0-9+/]+={0,2}$/.test(base64)) return undefined;
  try {
    return fileText(new Descriptor(Buffer.from(base64, 'base64')));
  } catch (error) {
    if (error instanceof UndecodableError) return undefined;
    throw error;
  }
}

/** A message of descriptor.proto, whose fields are asked for by number. */
class Descriptor {
  readonly #fields: readonly WireField[];

  constructor(bytes: Buffer) {
    this.#fields = readFields(bytes, Number.POSITIVE_INFINITY).fields;
  }

  all(number: number): Descriptor[] {
    return this.#bytes(number).map((bytes) => new Descriptor(bytes));
  }

  one(number: number): Descriptor | undefined {
    return this.all(number).at(-1);
  }

  text(number: number): string {
    return this.#bytes(number).at(-1)?.toString('utf8') ?? '';
  }

  /** An int32 or an enum; undefined where it is not there. */
  number(number: number): number | undefined {
    const value = this.#fields.findLast((field) => field.number === number)?.value;
    return value?.type === 'varint' ? Number(BigInt.asIntN(32, value.value)) : undefined;
  }

  #bytes(number: number): Buffer[] {
    return this.#fields.flatMap((field) =>
      field.number === number && field.value.type === 'len' ? [field.value.bytes] : [],
    );
  }
}

function fileText(file: Descriptor): string {
  const syntax = file.text(12) || 'proto2';
  const inPackage = file.text(2);
  const lines = [
    syntax === 'editions' ? 'edition = "2023";' : `syntax = "${syntax}";`,
    ...(inPackage === '' ? [] : [`package ${inPackage};`]),
    ...features(file.one(8)?.one(50)).map((feature) => `option ${feature};`),
    ...file.all(5).flatMap(enumText),
    ...file.all(4).flatMap((message) => messageText(message, syntax)),
  ];
  return `${lines.join('\n')}\n`;
}

function messageText(message: Descriptor, syntax: string): string[] {
  const oneofs = message.all(8).map((oneof) => oneof.text(1));
  const fields = message.all(2).map((field) => {
    // What `optional` makes in proto3 is a oneof of its own.
    const place = field.number(17) === 1 ? undefined : field.number(9);
    return { oneof: place === undefined ? undefined : oneofs[place], text: fieldText(field, place, syntax) };
  });
  const inOneofs = [...new Set(fields.flatMap(({ oneof }) => oneof ?? []))].flatMap((name) => [
    `oneof ${name} {`,
    ...fields.flatMap(({ oneof, text }) => (oneof === name ? [text] : [])),
    '}',
  ]);
  return [
    `message ${message.text(1)} {`,
    ...(message.one(7)?.number(7) === 1 ? ['option map_entry = true;'] : []),
    ...message.all(4).flatMap(enumText),
    ...message.all(3).flatMap((inner) => messageText(inner, syntax)),
    ...fields.flatMap(({ oneof, text }) => (oneof === undefined ? [text] : [])),
    ...inOneofs,
    '}',
  ];
}

function fieldText(field: Descriptor, oneof: number | undefined, syntax: string): string {
  const type = field.number(5) ?? 0;
  const label = labels[field.number(4) ?? 0] ?? '';
  const isBare = oneof !== undefined || (label === 'optional' && syntax !== 'proto2' && field.number(17) !== 1);
  const options = field.one(8);
  const packed = options?.number(2);
  const jsonName = field.text(10);
  const inBrackets = [
    ...(packed === undefined ? [] : [`packed = ${packed === 1}`]),
    ...(jsonName === '' ? [] : [`json_name = ${JSON.stringify(jsonName)}`]),
    ...features(options?.one(21)),
    ...(type === typeOfGroup ? ['features.message_encoding = DELIMITED'] : []),
  ];
  return [
    ...(isBare || label === '' ? [] : [label]),
    field.text(6) || (scalars[type] ?? ''),
    `${field.text(1)} = ${field.number(3) ?? 0}${inBrackets.length === 0 ? '' : ` [${inBrackets.join(', ')}]`};`,
  ].join(' ');
}

function enumText(declared: Descriptor): string[] {
  const values = declared.all(2).map((value) => `${value.text(1)} = ${value.number(2) ?? 0};`);
  return [`enum ${declared.text(1)} {`, ...values, '}'];
}

function features(set: Descriptor | undefined): string[] {
  const feature = (name: string, value: string | undefined): string[] =>
    value === undefined || value === '' ? [] : [`features.${name} = ${value}`];
  return [
    ...feature('field_presence', presences[set?.number(1) ?? 0]),
    ...feature('repeated_field_encoding', repeatedEncodings[set?.number(3) ?? 0]),
    ...feature('message_encoding', messageEncodings[set?.number(5) ?? 0]),
  ];
}
