import { t } from '../../shared/l10n.ts';
import { parseExact } from '../jsonText.ts';
import type { Plain } from '../plain.ts';
import { UndecodableError } from '../sink.ts';

/** A type of an Avro schema, its names resolved. `logical` only where it is known and fits (else Avro says to ignore it). */
export type AvroType =
  | { readonly kind: 'null' | 'boolean' | 'float' | 'double' }
  | { readonly kind: 'int' | 'long'; readonly logical?: AvroLogical }
  | { readonly kind: 'bytes'; readonly logical?: AvroLogical }
  | { readonly kind: 'string'; readonly logical?: AvroLogical }
  | { readonly kind: 'fixed'; readonly name: string; readonly size: number; readonly logical?: AvroLogical }
  | { readonly kind: 'enum'; readonly name: string; readonly symbols: readonly string[] }
  | { readonly kind: 'array' | 'map'; readonly items: AvroType }
  | { readonly kind: 'record'; readonly name: string; readonly fields: AvroField[] }
  | { readonly kind: 'union'; readonly branches: readonly AvroType[]; readonly named: boolean };

export interface AvroField {
  readonly name: string;
  readonly type: AvroType;
  /** As the schema has it: of a union without the branch's name, bytes as ISO-8859-1. */
  readonly default?: Plain;
}

export interface AvroLogical {
  readonly type: string;
  /** Of decimals: digits behind the point. */
  readonly scale: number;
  /** Of decimals: digits in all; undefined where the schema does not say. */
  readonly precision?: number;
}

/** Names that schemas define, in full (with their namespace). */
export type AvroNames = Map<string, AvroType>;

const primitives = ['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'] as const;
type Primitive = (typeof primitives)[number];

const logicalOn: Readonly<Record<string, readonly string[]>> = {
  decimal: ['bytes', 'fixed'],
  'big-decimal': ['bytes'],
  uuid: ['string', 'fixed'],
  date: ['int'],
  'time-millis': ['int'],
  'time-micros': ['long'],
  'timestamp-millis': ['long'],
  'timestamp-micros': ['long'],
  'timestamp-nanos': ['long'],
  'local-timestamp-millis': ['long'],
  'local-timestamp-micros': ['long'],
  'local-timestamp-nanos': ['long'],
  duration: ['fixed'],
};

/**
 * Reads a schema (Avro 1.12, "Schema Declaration"). What it defines is added to `names`, where references to other schemas find it.
 * As lenient with names and defaults as a reader may be: the writer took them. @throws {UndecodableError}
 */
export function parseAvroSchema(text: string, names: AvroNames): AvroType {
  let json: unknown;
  try {
    json = parseExact(text);
  } catch (error) {
    // A schema of a primitive type is sometimes registered as its bare name.
    if (isPrimitive(text.trim())) return { kind: text.trim() as Primitive };
    throw new UndecodableError(t('The schema is no JSON.'), { cause: error });
  }
  return readType(json, '', names, 0);
}

function readType(json: unknown, namespace: string, names: AvroNames, depth: number): AvroType {
  if (depth > 200) throw new UndecodableError(t('The schema is nested too deep.'));
  if (typeof json === 'string') return named(json, namespace, names);
  if (Array.isArray(json)) {
    const branches = json.map((each: unknown) => readType(each, namespace, names, depth + 1));
    return { kind: 'union', branches, named: isAmbiguous(branches) };
  }
  if (!isRecord(json)) throw new UndecodableError(t('The schema has a type that is none: {0}.', describe(json)));
  const { type } = json;
  // {"type": {"type": "string"}} is what some generators write.
  if (typeof type !== 'string') return readType(type, namespace, names, depth + 1);
  if (isPrimitive(type)) return withLogical({ kind: type }, json);
  switch (type) {
    case 'array':
      return { kind: 'array', items: readType(json['items'], namespace, names, depth + 1) };
    case 'map':
      return { kind: 'map', items: readType(json['values'], namespace, names, depth + 1) };
    case 'fixed': {
      const name = fullName(json, namespace);
      const size = json['size'];
      if (typeof size !== 'number' || !Number.isInteger(size) || size < 0) {
        throw new UndecodableError(t('The schema has a fixed type {0} without a size.', name));
      }
      const fixed = withLogical({ kind: 'fixed', name, size }, json);
      names.set(name, fixed);
      return fixed;
    }
    case 'enum': {
      const name = fullName(json, namespace);
      const symbols: unknown[] = Array.isArray(json['symbols']) ? json['symbols'] : [];
      const read: AvroType = { kind: 'enum', name, symbols: symbols.map(String) };
      names.set(name, read);
      return read;
    }
    case 'record':
    case 'error': {
      const name = fullName(json, namespace);
      const fields: AvroField[] = [];
      const record: AvroType = { kind: 'record', name, fields };
      // Before its fields: they may be of this type.
      names.set(name, record);
      if (!Array.isArray(json['fields']))
        throw new UndecodableError(t('The schema has a record {0} without fields.', name));
      const inner = name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : '';
      for (const field of json['fields'] as unknown[]) {
        if (!isRecord(field) || typeof field['name'] !== 'string') {
          throw new UndecodableError(t('The schema has a field without a name in {0}.', name));
        }
        const fieldType = readType(field['type'], inner, names, depth + 1);
        fields.push({
          name: field['name'],
          type: fieldType,
          ...('default' in field ? { default: field['default'] as Plain } : {}),
        });
      }
      return record;
    }
    default:
      return named(type, namespace, names);
  }
}

function named(name: string, namespace: string, names: AvroNames): AvroType {
  if (isPrimitive(name)) return { kind: name };
  const found = (namespace === '' ? undefined : names.get(`${namespace}.${name}`)) ?? names.get(name);
  if (found === undefined) throw new UndecodableError(t('The schema names a type that it does not define: {0}.', name));
  return found;
}

function fullName(json: Record<string, unknown>, namespace: string): string {
  const { name } = json;
  if (typeof name !== 'string') throw new UndecodableError(t('The schema has a type without a name.'));
  if (name.includes('.')) return name;
  const own = typeof json['namespace'] === 'string' ? json['namespace'] : namespace;
  return own === '' ? name : `${own}.${name}`;
}

function withLogical<T extends AvroType>(type: T, json: Record<string, unknown>): T {
  const logical = json['logicalType'];
  if (typeof logical !== 'string' || !logicalOn[logical]?.includes(type.kind)) return type;
  if (type.kind === 'fixed') {
    if (logical === 'uuid' && type.size !== 16) return type;
    if (logical === 'duration' && type.size !== 12) return type;
  }
  const scale = json['scale'] ?? 0;
  if (typeof scale !== 'number' || !Number.isInteger(scale) || scale < 0 || scale > 10_000) return type;
  const precision = json['precision'];
  return { ...type, logical: { type: logical, scale, ...(typeof precision === 'number' ? { precision } : {}) } };
}

/** Whether the printed value alone would not tell which branch it is. */
function isAmbiguous(branches: readonly AvroType[]): boolean {
  const shapes = branches.map(({ kind }) =>
    kind === 'record' || kind === 'map'
      ? 'object'
      : ['enum', 'fixed', 'bytes', 'string'].includes(kind)
        ? 'string'
        : kind,
  );
  return (
    shapes.filter((shape) => shape === 'object').length > 1 || shapes.filter((shape) => shape === 'array').length > 1
  );
}

function isPrimitive(name: string): name is Primitive {
  return (primitives as readonly string[]).includes(name);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function describe(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 40);
}
