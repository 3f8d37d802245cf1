import { bare, type Plain, type PlainObject } from '../plain.ts';

const deepest = 8;
const mostValues = 2000;

/** A value to begin from: what the schema itself gives as an example or default, else all properties, one item of each list. */
export function jsonSchemaExample(schema: unknown): Plain {
  return new Example(schema).of(schema, 0);
}

class Example {
  readonly #root: unknown;
  #values = 0;

  constructor(root: unknown) {
    this.#root = root;
  }

  of(given: unknown, depth: number): Plain {
    if (!isObject(given) || depth > deepest || ++this.#values > mostValues) return null;
    const own = [first(given['examples']), given['example'], given['default'], given['const'], first(given['enum'])];
    const told = own.find((value) => value !== undefined);
    if (told !== undefined) return told as Plain;
    const { $ref } = given;
    if (typeof $ref === 'string') return this.of(this.#referred($ref), depth + 1);
    const parts = Array.isArray(given['allOf']) ? (given['allOf'] as unknown[]) : [];
    const choice = first(given['oneOf']) ?? first(given['anyOf']);
    if (parts.length > 0 || choice !== undefined) {
      const { allOf: _allOf, oneOf: _oneOf, anyOf: _anyOf, ...rest } = given;
      const all = [
        ...parts,
        ...(choice === undefined ? [] : [choice]),
        ...(isObject(rest['properties']) ? [rest] : []),
      ];
      const values = all.map((part) => this.of(part, depth + 1));
      return values.every(isObject) ? (Object.assign(bare(), ...values) as PlainObject) : (values[0] ?? null);
    }
    return this.#typed(given, depth);
  }

  #typed(schema: Record<string, unknown>, depth: number): Plain {
    const types = [schema['type']].flat();
    const type = types.find((each) => each !== 'null') ?? (isObject(schema['properties']) ? 'object' : undefined);
    switch (type) {
      case 'object': {
        const made = bare();
        for (const [name, inner] of Object.entries(isObject(schema['properties']) ? schema['properties'] : {})) {
          made[name] = this.of(inner, depth + 1);
        }
        return made;
      }
      case 'array':
        return isObject(schema['items']) && depth < deepest ? [this.of(schema['items'], depth + 1)] : [];
      case 'string':
        return texts[String(schema['format'])] ?? '';
      case 'number':
      case 'integer':
        return typeof schema['minimum'] === 'number' ? schema['minimum'] : 0;
      case 'boolean':
        return false;
      case undefined:
      default:
        return null;
    }
  }

  /** Of references into the schema itself. */
  #referred(reference: string): unknown {
    if (!reference.startsWith('#')) return undefined;
    let at: unknown = this.#root;
    for (const word of reference.slice(1).split('/').slice(1)) {
      const name = word.replaceAll('~1', '/').replaceAll('~0', '~');
      if (!isObject(at) || !Object.hasOwn(at, name)) return undefined;
      at = at[name];
    }
    return at;
  }
}

const texts: Readonly<Record<string, string>> = {
  date: '2024-05-01',
  'date-time': '2024-05-01T12:00:00Z',
  time: '12:00:00Z',
  uuid: '123e4567-e89b-12d3-a456-426614174000',
  email: 'someone@example.com',
  uri: 'https://example.com',
};

function first(value: unknown): unknown {
  return Array.isArray(value) ? (value as unknown[])[0] : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
