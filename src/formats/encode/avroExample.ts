import type { AvroType } from '../avro/avroSchema.ts';
import { bare, type Plain, type PlainObject } from '../plain.ts';
import { nameOf } from './avroUnion.ts';

/** Records in records deeper than this are left at what can be empty. */
const deepest = 8;
const mostValues = 2000;

const ofLogical: Readonly<Record<string, Plain>> = {
  decimal: 0,
  'big-decimal': 0,
  uuid: '123e4567-e89b-12d3-a456-426614174000',
  duration: 'P0M0DT0S',
  date: '2024-05-01',
  'time-millis': '12:00:00',
  'time-micros': '12:00:00',
  'timestamp-millis': '2024-05-01T12:00:00Z',
  'timestamp-micros': '2024-05-01T12:00:00Z',
  'timestamp-nanos': '2024-05-01T12:00:00Z',
  'local-timestamp-millis': '2024-05-01T12:00:00',
  'local-timestamp-micros': '2024-05-01T12:00:00',
  'local-timestamp-nanos': '2024-05-01T12:00:00',
};

/** A value of a type to begin from, with one item of each list and a value for what may be null. */
export function avroExample(type: AvroType): Plain {
  return new Example().of(type, 0, []);
}

class Example {
  #values = 0;

  /** `within`: the records that it is part of. */
  of(type: AvroType, depth: number, within: readonly string[]): Plain {
    this.#values++;
    if ('logical' in type && type.logical !== undefined) return ofLogical[type.logical.type] ?? 0;
    switch (type.kind) {
      case 'null':
        return null;
      case 'boolean':
        return false;
      case 'int':
      case 'long':
      case 'float':
      case 'double':
        return 0;
      case 'bytes':
      case 'string':
        return '';
      case 'fixed':
        return '\u0000'.repeat(type.size);
      case 'enum':
        return type.symbols[0] ?? '';
      case 'array':
        return this.#isEnough(type.items, depth, within) ? [] : [this.of(type.items, depth + 1, within)];
      case 'map':
        return this.#isEnough(type.items, depth, within) ? {} : { key: this.of(type.items, depth + 1, within) };
      case 'record': {
        const made = bare();
        for (const { name, type: inner, default: value } of type.fields) {
          // A default of null says less than a value of the other branch.
          const keeps = value !== undefined && value !== null && (typeof value !== 'object' || isEmpty(value));
          // Of a union a default stands without the name that a value needs.
          made[name] = keeps && inner.kind !== 'union' ? value : this.of(inner, depth + 1, [...within, type.name]);
        }
        return made;
      }
      case 'union': {
        const others = type.branches.filter(({ kind }) => kind !== 'null');
        const chosen = others.find((branch) => !this.#isEnough(branch, depth, within));
        if (chosen === undefined) {
          return others.length < type.branches.length || others[0] === undefined
            ? null
            : this.of(others[0], depth + 1, within);
        }
        const value = this.of(chosen, depth + 1, within);
        return others.length === 1 ? value : { [nameOf(chosen)]: value };
      }
    }
  }

  /** Whether a type would go on for ever, or is more than somebody reads. */
  #isEnough(type: AvroType, depth: number, within: readonly string[]): boolean {
    return depth > deepest || this.#values > mostValues || (type.kind === 'record' && within.includes(type.name));
  }
}

function isEmpty(value: Plain): boolean {
  return Array.isArray(value) ? value.length === 0 : Object.keys(value as PlainObject).length === 0;
}
