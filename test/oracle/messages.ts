import {
  contains,
  type Field,
  type Message,
  type Scalar,
  type Struct,
  type Type,
} from '../../scripts/generate/schema.ts';
import { lowerFirst } from '../../scripts/generate/expressions.ts';
import type { Api } from '../../src/kafka/protocol/api.ts';
import { Reader, type UnknownTag } from '../../src/kafka/protocol/reader.ts';
import { Writer } from '../../src/kafka/protocol/writer.ts';
import type { Random } from './random.ts';

/** A message or structure as our decoders give it. */
export type Value = Record<string, unknown>;

export interface Codec {
  encode(value: Value, version: number): Uint8Array;
  /** @throws {MalformedError} also where bytes are left over. */
  decode(bytes: Uint8Array, version: number): Value;
}

function generatedModule(name: string): Promise<Record<string, unknown>> {
  return import(`../../src/kafka/protocol/generated/${lowerFirst(name)}.ts`) as Promise<Record<string, unknown>>;
}

/** The generated constant of a request with its response; a name without a file fails. */
export async function apiOf(name: string): Promise<Api<Value, Value>> {
  return (await generatedModule(name))[lowerFirst(name)] as Api<Value, Value>;
}

function moduleOf({ kind, name }: Message): string {
  if (kind === 'coordinator-key' || kind === 'coordinator-value') return name.replace(/(Key|Value)$/, 'Record');
  return name.replace(/(Request|Response)$/, '');
}

/** The generated functions of a message, found by its name. */
export async function codecOf(message: Message): Promise<Codec> {
  const module = await generatedModule(moduleOf(message));
  const write = module[`encode${message.name}`] as (writer: Writer, value: Value, version: number) => void;
  const read = module[`decode${message.name}`] as (reader: Reader, version: number) => Value;
  return {
    encode(value, version) {
      const writer = new Writer(16);
      write(writer, value, version);
      return writer.finish();
    },
    decode(bytes, version) {
      const reader = new Reader(bytes);
      const value = read(reader, version);
      reader.finish();
      return value;
    },
  };
}

/** Random contents of a message at a version: what the version does not carry has its default. */
export function randomValue(random: Random, message: Message, struct: Struct, version: number): Value {
  const flexible = contains(message.flexible, version);
  // A structure of nothing but defaults is a case of its own, in tags above all.
  const allDefault = random.chance(0.1);
  const value: Value = {};
  for (const field of struct.fields) {
    const present = contains(field.versions, version);
    value[field.name] =
      !present || allDefault || random.chance(0.1)
        ? defaultOf(field, version)
        : randomField(random, message, field, version);
  }
  if (flexible && random.chance(0.2)) value['unknownTags'] = randomTags(random, struct);
  return value;
}

function randomField(random: Random, message: Message, field: Field, version: number): unknown {
  if (contains(field.nullable, version) && random.chance(0.25)) return null;
  return randomOf(random, message, field.type, version);
}

function randomOf(random: Random, message: Message, type: Type, version: number): unknown {
  if (type.kind === 'scalar') return randomScalar(random, type.scalar);
  if (type.kind === 'struct') return randomValue(random, message, type.struct, version);
  const length = random.pick([0, 1, 1, 2, 3]);
  return Array.from({ length }, () => randomOf(random, message, type.of, version));
}

function randomInt(random: Random, bits: number, signed: boolean): number {
  const [low, high] = signed ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1];
  return random.pick([low, high, 0, 1, low + (random.uint32() % 2 ** bits), low + (random.uint32() % 2 ** bits)]);
}

const characters = [
  'a',
  'Z',
  '0',
  '-',
  '_',
  '.',
  ' ',
  '"',
  '\\',
  '\0',
  '\n',
  'é',
  'ß',
  '漢',
  '\uFEFF',
  '\uFFFD',
  '😀',
  '𝔎',
  '\u{10FFFF}',
] as const;

function randomScalar(random: Random, scalar: Scalar): unknown {
  switch (scalar) {
    case 'bool':
      return random.chance(0.5);
    case 'int8':
      return randomInt(random, 8, true);
    case 'int16':
      return randomInt(random, 16, true);
    case 'uint16':
      return randomInt(random, 16, false);
    case 'int32':
      return randomInt(random, 32, true);
    case 'uint32':
      return randomInt(random, 32, false);
    case 'int64':
      return random.pick([-(2n ** 63n), 2n ** 63n - 1n, 2n ** 53n + 1n, -1n, 0n, BigInt.asIntN(64, random.uint64())]);
    case 'float64':
      return random.pick([0, -1.5, Number.MAX_VALUE, Number.MIN_VALUE, random.uint32() / 7]);
    case 'string': {
      // Lengths around 127 have compact lengths of one byte and of two.
      const length = random.pick([0, 1, 3, 8, 20, random.chance(0.1) ? 124 + random.below(8) : 5]);
      return Array.from({ length }, () => random.pick(characters)).join('');
    }
    case 'uuid':
      return Buffer.from(random.bytes(16)).toString('base64url');
    case 'bytes':
    case 'records':
      return random.bytes(random.pick([0, 1, 7, 130]));
  }
}

function randomTags(random: Random, struct: Struct): UnknownTag[] {
  let tag = Math.max(-1, ...struct.fields.map((field) => field.tag ?? -1));
  return Array.from({ length: 1 + random.below(3) }, () => {
    tag += 1 + random.pick([0, 1, 126, 20_000]);
    return { tag, data: random.bytes(random.pick([0, 1, 5, 200])) };
  });
}

/** What Kafka's README.md of the definitions gives as default, worked out apart from the generator. */
function defaultOf(field: Field, version: number): unknown {
  if (field.default === null) return null;
  if (field.type.kind === 'array') return [];
  if (field.type.kind === 'struct') {
    return Object.fromEntries(field.type.struct.fields.map((inner) => [inner.name, defaultOf(inner, version)]));
  }
  switch (field.type.scalar) {
    case 'bool':
      return field.default === 'true';
    case 'int64':
      return BigInt(field.default ?? 0);
    case 'string':
      return field.default ?? '';
    case 'uuid':
      return 'A'.repeat(22);
    case 'bytes':
      return Buffer.alloc(0);
    case 'records':
      return null;
    case 'int8':
    case 'int16':
    case 'uint16':
    case 'int32':
    case 'uint32':
    case 'float64':
      return Number(field.default ?? 0);
  }
}

/** The JSON that Kafka's JsonConverter classes read at this version. */
export function toJson(value: Value, struct: Struct, version: number): string {
  const present = struct.fields.filter((field) => contains(field.versions, version));
  const parts = present.map(
    (field) => `${JSON.stringify(field.name)}:${jsonOf(value[field.name], field.type, version)}`,
  );
  return `{${parts.join(',')}}`;
}

function jsonOf(value: unknown, type: Type, version: number): string {
  if (value === null) return 'null';
  if (type.kind === 'struct') return toJson(value as Value, type.struct, version);
  if (type.kind === 'array') return `[${(value as unknown[]).map((item) => jsonOf(item, type.of, version)).join(',')}]`;
  if (typeof value === 'bigint') return String(value);
  return JSON.stringify(value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value);
}

/** The value that Kafka's JSON shows; unknown tags and the bytes of records are not in it. */
export function fromJson(json: string, message: Message, version: number): Value {
  // Numbers stay as they are written: as such they are exact.
  const parsed: unknown = JSON.parse(json, (_key, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' ? { number: context?.source } : value,
  );
  return structFromJson(parsed as Value, message, version);
}

function structFromJson(json: Value, struct: Struct, version: number): Value {
  const known = new Set(struct.fields.map((field) => field.name));
  const stranger = Object.keys(json).find((name) => !known.has(name));
  if (stranger !== undefined) throw new Error(`Kafka's JSON has a field ${stranger}, which ${struct.name} has not`);
  return Object.fromEntries(
    struct.fields.map((field) => [
      field.name,
      field.name in json ? valueFromJson(json[field.name], field.type, version) : defaultOf(field, version),
    ]),
  );
}

function valueFromJson(json: unknown, type: Type, version: number): unknown {
  if (json === null) return null;
  if (type.kind === 'struct') return structFromJson(json as Value, type.struct, version);
  if (type.kind === 'array') return (json as unknown[]).map((item) => valueFromJson(item, type.of, version));
  if (type.scalar === 'bytes' || type.scalar === 'records') return Buffer.from(json as string, 'base64');
  if (type.scalar === 'bool' || type.scalar === 'string' || type.scalar === 'uuid') return json;
  const { number } = json as { number: string };
  return type.scalar === 'int64' ? BigInt(number) : Number(number);
}

/** The value without what Kafka's JSON does not show. */
export function asJsonShows(value: Value, struct: Struct): Value {
  return Object.fromEntries(struct.fields.map((field) => [field.name, shown(value[field.name], field.type)]));
}

function shown(value: unknown, type: Type): unknown {
  if (value === null) return null;
  if (type.kind === 'struct') return asJsonShows(value as Value, type.struct);
  if (type.kind === 'array') return (value as unknown[]).map((item) => shown(item, type.of));
  if (type.scalar === 'records') return Buffer.alloc(0);
  return value;
}
