import { exactNumber, type Plain, type PlainObject } from '../../formats/plain.ts';
import { t } from '../../shared/l10n.ts';
import { compareNumbers, isNumber, type AnyNumber } from './exactCompare.ts';
import { FilterProblem } from './problem.ts';

/** A step of a path: to a property, an element, all children, or to a property at any depth. */
export type Step =
  | { readonly to: 'name' | 'anywhere'; readonly name: string }
  | { readonly to: 'index'; readonly index: number }
  | { readonly to: 'all' };

const nameStart = /[\p{L}_$@]/u;
const name = /[\p{L}\p{N}_$@-]+/uy;

/** Reads a path such as `$.order.items[0]['a b']..id` at `at`, a `$`, and says where it ends. @throws {FilterProblem} */
export function readPath(text: string, at: number): { readonly steps: readonly Step[]; readonly end: number } {
  const steps: Step[] = [];
  let end = at + 1;
  for (;;) {
    if (text[end] === '.') {
      const isAnywhere = text[end + 1] === '.';
      const from = end + (isAnywhere ? 2 : 1);
      if (text[from] === '*' && !isAnywhere) {
        steps.push({ to: 'all' });
        end = from + 1;
        continue;
      }
      name.lastIndex = from;
      const found = name.exec(text)?.[0];
      if (found === undefined || !(nameStart.test(found[0]!) || /\d/.test(found[0]!))) {
        throw new FilterProblem(t('A name must follow the dot.'), at, from + 1);
      }
      steps.push({ to: isAnywhere ? 'anywhere' : 'name', name: found });
      end = from + found.length;
    } else if (text[end] === '[') {
      const bracket = /\[\s*(?:(\*)|(-?\d+)|'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*\]/y;
      bracket.lastIndex = end;
      const found = bracket.exec(text);
      if (found === null) {
        throw new FilterProblem(t('Brackets hold an index, a name in quotes, or *.'), end, text.length);
      }
      const [whole, all, index, single, double] = found;
      if (all !== undefined) steps.push({ to: 'all' });
      else if (index !== undefined) steps.push({ to: 'index', index: Number(index) });
      else steps.push({ to: 'name', name: (single ?? double)!.replace(/\\(.)/g, '$1') });
      end += whole.length;
    } else return { steps, end };
  }
}

/** What a path leads to; several where it has steps to all. */
export function* follow(value: Plain, steps: readonly Step[], from = 0): Generator<Plain> {
  const step = steps[from];
  if (step === undefined) {
    yield value;
    return;
  }
  if (typeof value !== 'object' || value === null || isNumber(value)) return;
  const children = Array.isArray(value) ? value : Object.values(value);
  switch (step.to) {
    case 'name':
      if (!Array.isArray(value) && Object.hasOwn(value, step.name)) yield* follow(value[step.name]!, steps, from + 1);
      return;
    case 'index': {
      const child = Array.isArray(value) ? value.at(step.index) : undefined;
      if (child !== undefined) yield* follow(child, steps, from + 1);
      return;
    }
    case 'all':
      for (const child of children) yield* follow(child, steps, from + 1);
      return;
    case 'anywhere':
      yield* anywhere(value, step.name, steps, from);
  }
}

/** Depth first, without recursion: hostile data can be deeper than the stack. */
function* anywhere(value: Plain, wanted: string, steps: readonly Step[], from: number): Generator<Plain> {
  const stack: Plain[] = [value];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (typeof next !== 'object' || next === null || isNumber(next)) continue;
    if (Array.isArray(next)) {
      for (const child of next) stack.push(child);
      continue;
    }
    const object: PlainObject = next;
    if (Object.hasOwn(object, wanted)) yield* follow(object[wanted]!, steps, from + 1);
    for (const child of Object.values(object)) stack.push(child);
  }
}

export type Operator = '==' | '!=' | '<' | '<=' | '>' | '>=';

/** What is compared with, as typed: without quotes `5` is both the number and the text. */
export interface Literal {
  readonly text: string;
  readonly isQuoted: boolean;
}

/** Whether what a path led to compares so. Texts are ordered by their characters; what cannot be compared does not match. */
export function comparison(operator: Operator, literal: Literal): (value: Plain) => boolean {
  const number = literal.isQuoted ? undefined : numberOf(literal.text);
  const word = literal.isQuoted ? undefined : ({ true: true, false: false, null: null } as const)[literal.text];
  const compare = (value: Plain): number | undefined => {
    if (isNumber(value)) return number === undefined ? undefined : compareNumbers(value, number);
    if (typeof value === 'string') return value === literal.text ? 0 : value < literal.text ? -1 : 1;
    if (word !== undefined && (typeof value === 'boolean' || value === null)) return value === word ? 0 : undefined;
    return undefined;
  };
  switch (operator) {
    case '==':
      return (value) => compare(value) === 0;
    case '!=':
      return (value) => compare(value) !== 0;
    case '<':
      return (value) => ordered(value) && compare(value)! < 0;
    case '<=':
      return (value) => ordered(value) && compare(value)! <= 0;
    case '>':
      return (value) => ordered(value) && compare(value)! > 0;
    case '>=':
      return (value) => ordered(value) && compare(value)! >= 0;
  }
  function ordered(value: Plain): boolean {
    // "abc" is not above 100: a text is ordered only against a text.
    return isNumber(value) ? number !== undefined : typeof value === 'string' && number === undefined;
  }
}

function numberOf(text: string): AnyNumber | undefined {
  return /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(text) ? exactNumber(text.replace(/^\+/, '')) : undefined;
}
