import { ExactNumber, type Plain } from '../formats/plain.ts';

/** Path of a field, such as `address.city` -> its type. Elements of lists are not looked into. */
export type Shape = ReadonlyMap<string, FieldType>;

export type FieldType = 'null' | 'boolean' | 'number' | 'string' | 'list' | 'object';

const deepest = 3;
const mostFields = 300;

/** undefined for what is no object. */
export function shapeOf(value: Plain): Shape | undefined {
  if (typeOf(value) !== 'object') return undefined;
  const shape = new Map<string, FieldType>();
  const add = (object: Plain, prefix: string, depth: number): void => {
    for (const [name, field] of Object.entries(object as Record<string, Plain>)) {
      if (shape.size >= mostFields) return;
      const path = `${prefix}${name}`;
      const type = typeOf(field);
      shape.set(path, type);
      if (type === 'object' && depth < deepest) add(field, `${path}.`, depth + 1);
    }
  };
  add(value, '', 1);
  return shape;
}

/** How a record's fields differ from what all of its neighbours agree on. */
export interface ShapeDifference {
  readonly missing: readonly string[];
  /** Fields that no neighbour has. */
  readonly extra: readonly string[];
  readonly types: readonly { readonly path: string; readonly type: FieldType; readonly usual: FieldType }[];
}

/** undefined where there is no difference. */
export function differenceOf(shape: Shape, neighbours: readonly Shape[]): ShapeDifference | undefined {
  if (neighbours.length === 0) return undefined;
  const missing: string[] = [];
  const types: ShapeDifference['types'][number][] = [];
  for (const [path, usual] of neighbours[0]!) {
    const inAll = neighbours.every((each) => each.has(path));
    if (!inAll) continue;
    const type = shape.get(path);
    if (type === undefined) {
      // What is in a missing object is missing with it.
      if (!missing.some((one) => path.startsWith(`${one}.`))) missing.push(path);
    } else if (type !== usual && neighbours.every((each) => each.get(path) === usual)) {
      types.push({ path, type, usual });
    }
  }
  const changed = new Set(types.map(({ path }) => path));
  const underChanged = (path: string): boolean => [...changed].some((one) => path.startsWith(`${one}.`));
  const extra = [...shape.keys()].filter((path) => !neighbours.some((each) => each.has(path)) && !underChanged(path));
  const lost = missing.filter((path) => !underChanged(path));
  if (lost.length + extra.length + types.length === 0) return undefined;
  return { missing: lost, extra, types };
}

function typeOf(value: Plain): FieldType {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  if (value instanceof ExactNumber) return 'number';
  if (typeof value === 'object') return 'object';
  if (typeof value === 'string') return 'string';
  return typeof value === 'boolean' ? 'boolean' : 'number';
}
