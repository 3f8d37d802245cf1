import { t } from '../../shared/l10n.ts';
import type { AvroType } from '../avro/avroSchema.ts';
import { ExactNumber, type Plain, type PlainObject } from '../plain.ts';
import { maxDepth } from '../sink.ts';
import { latin1Bytes, logicalBytes, logicalNumber } from './avroLogicalValues.ts';
import { chooseBranch } from './avroUnion.ts';
import { ByteWriter } from './byteWriter.ts';
import { wholeOf } from './decimals.ts';
import { floatOf } from './floats.ts';
import { listed, problem, shown, UnencodableError, type Path } from './problem.ts';

/** Steps of one walk: a schema whose defaults multiply, or whose unions have to be tried out in each other, takes more. */
const mostSteps = 2_000_000;

export interface WrittenAvro {
  readonly bytes: Buffer;
  /** What was read into the value, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * Data as Avro's binary encoding, from Avro's JSON encoding (1.12): unions as `{"branch": value}`, bytes as ISO-8859-1. Taken too, where
 * only one thing can be meant: values of unions as they are, dates, times and decimals as people write them, left-out fields that have
 * a default. @throws {UnencodableError}
 */
export function writeAvro(value: Plain, type: AvroType): WrittenAvro {
  const writer = new AvroWriter();
  writer.value(value, type, undefined, 0);
  return { bytes: writer.out.take(), notes: writer.notes };
}

export class AvroWriter {
  readonly out = new ByteWriter();
  readonly notes: string[] = [];
  #steps = 0;
  /** In the default of a field, where unions are written without their branch's name. */
  #inDefault = 0;

  value(value: Plain, type: AvroType, path: Path | undefined, depth: number): void {
    if (depth > maxDepth) throw problem(path, t('The value is nested too deep.'));
    if (++this.#steps > mostSteps) throw new UnencodableError(t('The schema makes too much of this value.'));
    const { out } = this;
    switch (type.kind) {
      case 'null':
        if (value !== null) throw problem(path, t('null is wanted, not {0}.', shown(value)));
        break;
      case 'boolean':
        if (typeof value !== 'boolean') throw problem(path, t('true or false is wanted, not {0}.', shown(value)));
        out.byte(value ? 1 : 0);
        break;
      case 'int':
      case 'long':
        out.zigZag(this.#whole(value, type, path));
        break;
      case 'float':
        out.fixed(4, (into, at) => into.writeFloatLE(floatOf(value, 32, path), at));
        break;
      case 'double':
        out.fixed(8, (into, at) => into.writeDoubleLE(floatOf(value, 64, path), at));
        break;
      case 'string':
        if (typeof value !== 'string') throw problem(path, t('A text is wanted, not {0}.', shown(value)));
        if (type.logical !== undefined) logicalBytes(value, type, path);
        this.#text(value, path);
        break;
      case 'bytes': {
        const bytes = this.#bytes(value, type, path);
        out.zigZag(BigInt(bytes.length));
        out.raw(bytes);
        break;
      }
      case 'fixed': {
        const bytes = this.#bytes(value, type, path);
        if (bytes.length !== type.size) {
          throw problem(path, t('{0} has {1} bytes, not {2}.', type.name, type.size, bytes.length));
        }
        out.raw(bytes);
        break;
      }
      case 'enum': {
        const index = typeof value === 'string' ? type.symbols.indexOf(value) : -1;
        if (index < 0) {
          throw problem(path, t('{0} is no symbol of {1}: {2}.', shown(value), type.name, listed(type.symbols)));
        }
        out.zigZag(BigInt(index));
        break;
      }
      case 'array':
        if (!Array.isArray(value)) throw problem(path, t('An array is wanted, not {0}.', shown(value)));
        if (value.length > 0) out.zigZag(BigInt(value.length));
        value.forEach((item, step) => this.value(item, type.items, { parent: path, step }, depth + 1));
        out.byte(0);
        break;
      case 'map': {
        const entries = Object.entries(objectOf(value, path));
        if (entries.length > 0) out.zigZag(BigInt(entries.length));
        for (const [step, item] of entries) {
          const at = { parent: path, step };
          this.#text(step, at);
          this.value(item, type.items, at, depth + 1);
        }
        out.byte(0);
        break;
      }
      case 'record':
        this.#record(objectOf(value, path), type, path, depth);
        break;
      case 'union': {
        const { index, inner, at } =
          this.#inDefault > 0
            ? this.#defaultBranch(value, type, path, depth)
            : chooseBranch(value, type, path, this.#tries(depth));
        out.zigZag(BigInt(index));
        this.value(inner, type.branches[index]!, at, depth + 1);
        break;
      }
    }
  }

  /** Tells without leaving anything behind why a value does not fit; undefined where it does. */
  #tries(depth: number): (value: Plain, type: AvroType, path: Path | undefined) => UnencodableError | undefined {
    return (value, type, path) => {
      const { length } = this.out;
      const notes = this.notes.length;
      try {
        this.value(value, type, path, depth + 1);
        return undefined;
      } catch (error) {
        if (!(error instanceof UnencodableError) || this.#steps > mostSteps) throw error;
        return error;
      } finally {
        this.out.cutTo(length);
        this.notes.length = notes;
      }
    };
  }

  #record(value: PlainObject, type: AvroType & { kind: 'record' }, path: Path | undefined, depth: number): void {
    for (const step of Object.keys(value)) {
      if (type.fields.some(({ name }) => name === step)) continue;
      const names = listed(type.fields.map(({ name }) => name));
      throw problem({ parent: path, step }, t('{0} has no such field; it has: {1}.', type.name, names));
    }
    for (const field of type.fields) {
      const at = { parent: path, step: field.name };
      if (Object.hasOwn(value, field.name)) {
        this.value(value[field.name]!, field.type, at, depth + 1);
        continue;
      }
      if (field.default === undefined) throw problem(at, t('It is missing, and the schema has no default for it.'));
      this.#inDefault++;
      try {
        this.value(field.default, field.type, at, depth + 1);
      } finally {
        this.#inDefault--;
      }
    }
  }

  /** The first that fits: the first of all in schemas of before Avro 1.12. */
  #defaultBranch(
    value: Plain,
    { branches }: AvroType & { kind: 'union' },
    path: Path | undefined,
    depth: number,
  ): { index: number; inner: Plain; at: Path | undefined } {
    const tries = this.#tries(depth);
    const index = branches.findIndex((branch) => tries(value, branch, path) === undefined);
    if (index < 0) throw problem(path, t("The schema's default {0} is none of the union.", shown(value)));
    return { index, inner: value, at: path };
  }

  #whole(value: Plain, type: AvroType & { kind: 'int' | 'long' }, path: Path | undefined): bigint {
    const bits = type.kind === 'int' ? 32 : 64;
    const whole =
      type.logical !== undefined && typeof value === 'string'
        ? logicalNumber(value, type.logical.type, path)
        : wholeOf(value);
    if (whole === undefined) throw problem(path, t('A whole number is wanted, not {0}.', shown(value)));
    if (BigInt.asIntN(bits, whole) !== whole) {
      throw problem(path, t('{0} does not fit into {1} bits.', shown(value), bits));
    }
    return whole;
  }

  #text(value: string, path: Path | undefined): void {
    if (!value.isWellFormed())
      throw problem(path, t('It holds half a character (a lone surrogate), which has no UTF-8.'));
    const bytes = Buffer.from(value);
    this.out.zigZag(BigInt(bytes.length));
    this.out.raw(bytes);
  }

  #bytes(value: Plain, type: AvroType & { kind: 'bytes' | 'fixed' }, path: Path | undefined): Buffer {
    const logical = type.logical && logicalBytes(value, type, path);
    if (logical !== undefined) return logical;
    if (typeof value !== 'string') throw problem(path, t('Bytes are wanted, as a text, not {0}.', shown(value)));
    return latin1Bytes(value, type, path, this.notes);
  }
}

function objectOf(value: Plain, path: Path | undefined): PlainObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof ExactNumber) {
    throw problem(path, t('An object is wanted, not {0}.', shown(value)));
  }
  return value;
}
