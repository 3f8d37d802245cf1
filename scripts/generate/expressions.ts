import { covers, type Field, type Message, type Scalar, type Struct, type Type, type Versions } from './schema.ts';

/** What the parts of one message's code have in common. */
export interface Names {
  readonly message: Message;
  /** TypeScript name of a structure, which differs from Kafka's where request and response use the same one. */
  readonly typeName: (struct: string) => string;
}

const zeroUuid = "'AAAAAAAAAAAAAAAAAAAAAA'";

const types: Record<Scalar, string> = {
  bool: 'boolean',
  int8: 'number',
  int16: 'number',
  uint16: 'number',
  int32: 'number',
  uint32: 'number',
  int64: 'bigint',
  float64: 'number',
  string: 'string',
  uuid: 'string',
  bytes: 'Uint8Array',
  records: 'Uint8Array',
};

export function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

export function isNullable(field: Field): boolean {
  return field.nullable.low <= field.nullable.high;
}

function typeOf(type: Type, names: Names): string {
  if (type.kind === 'scalar') return types[type.scalar];
  if (type.kind === 'struct') return names.typeName(type.struct.name);
  return `readonly ${typeOf(type.of, names)}[]`;
}

export function fieldType(field: Field, names: Names): string {
  return typeOf(field.type, names) + (isNullable(field) ? ' | null' : '');
}

/** In requests, what has a default or is not in every version may be left out. What was received is complete. */
export function isOptional(field: Field, within: Versions, names: Names): boolean {
  if (names.message.kind !== 'request') return false;
  return field.default !== undefined || field.ignorable || field.tag !== undefined || !covers(field.versions, within);
}

/** Whether version `v`, known to be within `within`, is one of `versions`: an expression, `true` or `false`. */
export function condition(versions: Versions, within: Versions): string {
  if (versions.low > versions.high || versions.low > within.high || versions.high < within.low) return 'false';
  const parts: string[] = [];
  if (versions.low === versions.high && !covers(versions, within)) return `v === ${versions.low}`;
  if (versions.low > within.low) parts.push(`v >= ${versions.low}`);
  if (versions.high < within.high) parts.push(`v <= ${versions.high}`);
  return parts.length === 0 ? 'true' : parts.join(' && ');
}

/** Whether a field's encodings are compact: `f` is the variable that the functions declare where versions differ. */
export function flexibility(field: Field, within: Versions, names: Names): string {
  if (field.flexible !== names.message.flexible) return String(covers(field.flexible, within));
  return structFlexibility(within, names);
}

export function structFlexibility(within: Versions, names: Names): string {
  const always = condition(names.message.flexible, within);
  return always === 'true' || always === 'false' ? always : 'f';
}

/** As Kafka's README.md gives them: explicit, else empty, zero, false; null for records. */
export function defaultValue(field: Field): string {
  if (field.default === null || isRecords(field.type)) return 'null';
  if (field.type.kind === 'array') return '[]';
  if (field.type.kind === 'struct') return structDefault(field.type.struct);
  switch (field.type.scalar) {
    case 'bool':
      return field.default ?? 'false';
    case 'int64':
      return `${BigInt(field.default ?? 0)}n`;
    case 'string':
      return `'${(field.default ?? '').replaceAll(/['\\]/g, '\\$&')}'`;
    case 'uuid':
      return zeroUuid;
    case 'bytes':
    case 'records':
      return 'new Uint8Array(0)';
    case 'int8':
    case 'int16':
    case 'uint16':
    case 'int32':
    case 'uint32':
    case 'float64':
      return String(Number(field.default ?? 0));
  }
}

function structDefault(struct: Struct): string {
  return `{ ${struct.fields.map((field) => `${field.name}: ${defaultValue(field)}`).join(', ')} }`;
}

function isRecords(type: Type): boolean {
  return type.kind === 'scalar' && type.scalar === 'records';
}

/** An expression that tells whether field `m.x` holds something other than its default. */
export function differsFromDefault(field: Field, optional: boolean, names: Names): string {
  const value = `m.${field.name}`;
  const given = optional ? `${value} !== undefined && ` : '';
  const standard = defaultValue(field);
  if (standard === 'null') return `${given}${value} !== null`;
  const { type } = field;
  if (type.kind === 'struct') {
    const filled = `!isDefault${names.typeName(type.struct.name)}(${value})`;
    return given + (isNullable(field) ? `(${value} === null || ${filled})` : filled);
  }
  if (type.kind === 'array' || type.scalar === 'bytes') {
    const filled = `${value}.length > 0`;
    return given + (isNullable(field) ? `(${value} === null || ${filled})` : filled);
  }
  return type.scalar === 'bool'
    ? given + (standard === 'true' ? `!${value}` : value)
    : `${given}${value} !== ${standard}`;
}

/** The function that reads or writes one element of an array. */
export function elementFunction(verb: 'read' | 'write', of: Type, flexible: string, names: Names): string {
  if (of.kind === 'struct') return verb + names.typeName(of.struct.name);
  if (of.kind === 'array') throw new Error(`${names.message.name} has an array of arrays`);
  switch (of.scalar) {
    case 'string':
      if (flexible === 'f') return `f ? ${verb}CompactString : ${verb}String`;
      return verb + (flexible === 'true' ? 'CompactString' : 'String');
    case 'int16':
    case 'int32':
    case 'int64':
      return `${verb}${of.scalar.charAt(0).toUpperCase()}${of.scalar.slice(1)}`;
    case 'bool':
    case 'int8':
    case 'uint16':
    case 'uint32':
    case 'float64':
    case 'uuid':
    case 'bytes':
    case 'records':
      throw new Error(`${names.message.name} has an array of ${of.scalar}, for which there is no element function`);
  }
}

/** The last arguments of a nullable read or write: none where null may stand in all the field's versions. */
export function nullableArgument(field: Field, within: Versions): string {
  const allowed = condition(field.nullable, within);
  return allowed === 'true' ? '' : `, ${allowed}`;
}

/** The reader's and writer's function for a nullable structure: in a tag its mark is an unsigned varint, not an int8. */
export function nullableStruct(field: Field): string {
  return field.tag === undefined ? 'nullableStruct' : 'nullableTaggedStruct';
}

/** `const f = ...` where the function's text needs it. */
export function declareFlexible(text: string, within: Versions, names: Names): string {
  return /\bf\b/.test(text) ? `  const f = ${condition(names.message.flexible, within)};\n` : '';
}
