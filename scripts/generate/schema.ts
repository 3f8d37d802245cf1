/**
 * Kafka's message definitions (`common/message/*.json` in its jars), parsed. Their language is described in the README.md
 * beside them.
 */

/** From `low` to `high`, both included; empty where low > high. */
export interface Versions {
  readonly low: number;
  readonly high: number;
}

export const noVersions: Versions = { low: Infinity, high: -Infinity };

const scalars = [
  'bool',
  'int8',
  'int16',
  'uint16',
  'int32',
  'uint32',
  'int64',
  'float64',
  'string',
  'uuid',
  'bytes',
  'records',
] as const;
export type Scalar = (typeof scalars)[number];

export type Type =
  | { readonly kind: 'scalar'; readonly scalar: Scalar }
  | { readonly kind: 'struct'; readonly struct: Struct }
  | { readonly kind: 'array'; readonly of: Type };

export interface Field {
  /** As Kafka's Java and JSON name it: first letter small. */
  readonly name: string;
  readonly type: Type;
  /** Only versions of the message that has it. */
  readonly versions: Versions;
  readonly nullable: Versions;
  /** Where set, the field is a tagged one in all its versions. */
  readonly tag: number | undefined;
  /** Explicit default as written, `null` for null. */
  readonly default: string | null | undefined;
  readonly ignorable: boolean;
  /** Versions where strings, bytes and arrays are compact. */
  readonly flexible: Versions;
}

export interface Struct {
  readonly name: string;
  readonly versions: Versions;
  readonly fields: readonly Field[];
}

export interface Message extends Struct {
  readonly kind: 'request' | 'response' | 'data' | 'header' | 'coordinator-key' | 'coordinator-value';
  /** The type of a coordinator's record; -1 where it is neither that nor request or response. */
  readonly apiKey: number;
  readonly latestVersionUnstable: boolean;
  readonly flexible: Versions;
  /** The structures it is made of, each once, without itself. */
  readonly structs: readonly Struct[];
}

interface RawStruct {
  name: string;
  versions?: string;
  fields?: RawField[];
}

interface RawField extends RawStruct {
  type: string;
  nullableVersions?: string;
  taggedVersions?: string;
  flexibleVersions?: string;
  tag?: number;
  default?: string | number | boolean | null;
  ignorable?: boolean;
}

interface RawMessage extends RawStruct {
  type: Message['kind'];
  apiKey?: number;
  validVersions: string;
  flexibleVersions: string;
  latestVersionUnstable?: boolean;
  commonStructs?: RawStruct[];
}

export function parseMessage(json: string): Message {
  const raw = JSON.parse(json.replace(/^\s*\/\/.*$/gm, '')) as RawMessage;
  const versions = parseVersions(raw.validVersions);
  const flexible = intersect(parseVersions(raw.flexibleVersions), versions);
  const structs: Struct[] = [];
  const common = new Map((raw.commonStructs ?? []).map((struct) => [struct.name, struct]));
  const made = new Map<string, Struct>();

  function parseFields(fields: readonly RawField[], within: Versions): Field[] {
    return fields.map((field) => {
      const own = intersect(parseVersions(field.versions ?? field.taggedVersions ?? 'none'), within);
      const tagged = parseVersions(field.taggedVersions ?? 'none');
      if (field.tag !== undefined && tagged.low > own.low) {
        throw new Error(`${raw.name}.${field.name} is tagged in some of its versions only`);
      }
      return {
        name: field.name.charAt(0).toLowerCase() + field.name.slice(1),
        type: parseType(field.type, field, own),
        versions: own,
        nullable: intersect(parseVersions(field.nullableVersions ?? 'none'), own),
        tag: field.tag,
        default: parseDefault(field.default),
        ignorable: field.ignorable ?? false,
        flexible: field.flexibleVersions === undefined ? flexible : parseVersions(field.flexibleVersions),
      };
    });
  }

  function parseType(type: string, field: RawField, within: Versions): Type {
    if (type.startsWith('[]')) return { kind: 'array', of: parseType(type.slice(2), field, within) };
    const scalar = scalars.find((name) => name === type);
    if (scalar !== undefined) return { kind: 'scalar', scalar };
    const shared = common.get(type);
    if (shared === undefined && field.fields === undefined) throw new Error(`${raw.name} has no struct ${type}`);
    let struct = made.get(type);
    if (struct === undefined) {
      const own = shared === undefined ? within : intersect(parseVersions(shared.versions ?? '0+'), versions);
      struct = { name: type, versions: own, fields: parseFields(shared?.fields ?? field.fields ?? [], own) };
      made.set(type, struct);
      structs.push(struct);
    } else if (shared === undefined) throw new Error(`${raw.name} defines ${type} twice`);
    return { kind: 'struct', struct };
  }

  return {
    name: raw.name,
    kind: raw.type,
    apiKey: raw.apiKey ?? -1,
    versions,
    flexible,
    latestVersionUnstable: raw.latestVersionUnstable ?? false,
    fields: parseFields(raw.fields ?? [], versions),
    structs,
  };
}

/** The text null is null; JSON's null, oddly, is the same to Kafka's generator as no default at all. */
function parseDefault(value: RawField['default']): string | null | undefined {
  if (value === undefined || value === null) return undefined;
  return value === 'null' ? null : String(value);
}

/** `none`, `4`, `2-5` or `3+`. */
export function parseVersions(text: string): Versions {
  if (text === 'none') return noVersions;
  const match = /^(\d+)(?:(\+)|-(\d+))?$/.exec(text);
  if (!match) throw new Error(`${text} is no range of versions`);
  const low = Number(match[1]);
  return { low, high: match[2] ? Infinity : Number(match[3] ?? low) };
}

export function intersect(a: Versions, b: Versions): Versions {
  return { low: Math.max(a.low, b.low), high: Math.min(a.high, b.high) };
}

export function contains(versions: Versions, version: number): boolean {
  return version >= versions.low && version <= versions.high;
}

export function covers(outer: Versions, inner: Versions): boolean {
  return inner.low > inner.high || (outer.low <= inner.low && outer.high >= inner.high);
}

/** The fewest bytes an element of this type has in any version of its structure. */
export function minSize(type: Type, flexible: Versions, versions: Versions): number {
  let least = Infinity;
  for (let version = versions.low; version <= versions.high; version++) {
    least = Math.min(least, minSizeAt(type, contains(flexible, version), version));
  }
  return least;
}

const fixedSizes: Partial<Record<Scalar, number>> = {
  bool: 1,
  int8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  int64: 8,
  float64: 8,
  uuid: 16,
};

function minSizeAt(type: Type, flexible: boolean, version: number): number {
  if (type.kind === 'array') return flexible ? 1 : 4;
  if (type.kind === 'scalar') return fixedSizes[type.scalar] ?? (flexible ? 1 : type.scalar === 'string' ? 2 : 4);
  let size = flexible ? 1 : 0;
  for (const field of type.struct.fields) {
    if (field.tag !== undefined || !contains(field.versions, version)) continue;
    size +=
      contains(field.nullable, version) && field.type.kind === 'struct' ? 1 : minSizeAt(field.type, flexible, version);
  }
  return size;
}
