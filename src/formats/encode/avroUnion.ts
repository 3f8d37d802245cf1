import { t } from '../../shared/l10n.ts';
import type { AvroType } from '../avro/avroSchema.ts';
import { ExactNumber, type Plain } from '../plain.ts';
import { wholeOf } from './decimals.ts';
import { problem, shown, type Path, type UnencodableError } from './problem.ts';

/** A branch of a union, and what is to be written as it. */
export interface Chosen {
  readonly index: number;
  readonly inner: Plain;
  readonly at: Path | undefined;
}

/** Why a value does not fit a type; undefined where it does. */
export type Tries = (value: Plain, type: AvroType, path: Path | undefined) => UnencodableError | undefined;

/**
 * The branch that is meant: the one that `{"name": value}` names, as Avro's JSON encoding has it; else the only one that the value fits
 * as it is. @throws {UnencodableError} where it fits none or several.
 */
export function chooseBranch(
  value: Plain,
  union: AvroType & { kind: 'union' },
  path: Path | undefined,
  tries: Tries,
): Chosen {
  const { branches } = union;
  const tagged = taggedBranch(value, branches, path);
  const alike = branches.flatMap((branch, index) => (looksLike(value, branch) ? [index] : []));
  // An object with the one key "string" may be a record with that field as well.
  if (
    tagged !== undefined &&
    (alike.length === 0 || tries(tagged.inner, branches[tagged.index]!, tagged.at) === undefined)
  ) {
    return tagged;
  }
  const plain = (index: number): Chosen => ({ index, inner: value, at: path });
  if (alike.length === 1) {
    // Of the two reasons the one of the branch that was named tells more.
    return tagged !== undefined && tries(value, branches[alike[0]!]!, path) !== undefined ? tagged : plain(alike[0]!);
  }
  const failures = alike.map((index) => tries(value, branches[index]!, path));
  const fitting = alike.filter((_index, place) => failures[place] === undefined);
  if (fitting.length === 1) return plain(fitting[0]!);
  if (tagged !== undefined && fitting.length === 0) return tagged;
  const names = branches.map(nameOf);
  if (fitting.length > 1) {
    const several = fitting.map((index) => names[index]!);
    const example = `{${JSON.stringify(several[0])}: …}`;
    throw problem(path, t('It may be {0}: say which, as {1}.', several.join(t(' or ')), example));
  }
  const others = branches.flatMap(({ kind }, index) => (kind === 'null' ? [] : [index]));
  // Its own reason says more than that it is none of them.
  if (alike.length === 0 && others.length === 1 && value !== null) return plain(others[0]!);
  const [first] = failures;
  if (first !== undefined)
    throw problem(path, t('It is none of {0}. As {1}: {2}', names.join(', '), names[alike[0]!]!, first.message));
  throw problem(path, t('{0} is none of {1}.', shown(value), names.join(', ')));
}

/** As Avro's JSON encoding names a branch. */
export function nameOf(branch: AvroType): string {
  return 'name' in branch ? branch.name : branch.kind;
}

function taggedBranch(value: Plain, branches: readonly AvroType[], path: Path | undefined): Chosen | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof ExactNumber)
    return undefined;
  const [key, ...more] = Object.keys(value);
  if (key === undefined || more.length > 0) return undefined;
  let index = branches.findIndex((branch) => branch.kind !== 'null' && nameOf(branch) === key);
  if (index < 0) {
    // Without its namespace, where that is enough to tell.
    const short = branches.flatMap((branch, at) => (nameOf(branch).endsWith(`.${key}`) ? [at] : []));
    if (short.length !== 1) return undefined;
    index = short[0]!;
  }
  return { index, inner: value[key]!, at: { parent: path, step: key } };
}

/** Whether a value may be of a branch by what JSON it is. */
function looksLike(value: Plain, branch: AvroType): boolean {
  const isNumber = typeof value === 'number' || typeof value === 'bigint' || value instanceof ExactNumber;
  const isText = typeof value === 'string';
  switch (branch.kind) {
    case 'null':
      return value === null;
    case 'boolean':
      return typeof value === 'boolean';
    case 'int':
    case 'long':
      return wholeOf(value) !== undefined || (isText && branch.logical !== undefined);
    case 'float':
    case 'double':
      return isNumber || value === 'NaN' || value === 'Infinity' || value === '-Infinity';
    case 'string':
      return isText;
    case 'bytes':
    case 'fixed':
      return isText || (isNumber && branch.logical !== undefined);
    case 'enum':
      return isText && branch.symbols.includes(value);
    case 'array':
      return Array.isArray(value);
    case 'map':
    case 'record':
      return typeof value === 'object' && value !== null && !Array.isArray(value) && !isNumber;
    case 'union':
      return false;
  }
}
