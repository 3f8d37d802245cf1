/** What a table does with its rows, without any document: so it can be tested, and is the same for every page. */

/** Sorts; undefined comes last in both directions. Kinds are not mixed within a column. */
export type SortKey = string | number | bigint | undefined;

export interface Column<Row> {
  readonly id: string;
  readonly title: string;
  /** On the header's hover. */
  readonly hint?: string;
  /** px, until somebody drags it. */
  readonly width: number;
  /** For figures: right-aligned. */
  readonly end?: boolean;
  /** Takes what room is left. */
  readonly grow?: boolean;
  /** Not shown until somebody asks for it. */
  readonly hidden?: boolean;
  /** The exact value, for copies; never shortened. */
  text(row: Row): string;
  /** What the cell shows; `text` where it is left out. */
  cell?(row: Row): unknown;
  hover?(row: Row): string | undefined;
  /** Left out where the table cannot be sorted by the column. */
  key?(row: Row): SortKey;
}

export interface Sort {
  readonly column: string;
  readonly descending: boolean;
}

export interface Grouping<Row> {
  /** Names the group of a row. */
  idOf(row: Row): string;
  /** What the group's line shows. */
  label(id: string, rows: readonly Row[]): unknown;
}

/** A line of the table. */
export type Line<Row> =
  | { readonly kind: 'group'; readonly id: string; readonly rows: readonly Row[] }
  | { readonly kind: 'row'; readonly id: string; readonly row: Row };

/** The rows whose text has every word of the filter, in any case. */
export function filterRows<Row>(rows: readonly Row[], filter: string, textOf: (row: Row) => string): readonly Row[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows;
  return rows.filter((row) => {
    const text = textOf(row).toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** A sorted copy; rows that are equal in the column stay in the order of `rows`. */
export function sortRows<Row>(rows: readonly Row[], column: Column<Row> | undefined, descending: boolean): Row[] {
  if (column?.key === undefined) return [...rows];
  const keyed = rows.map((row) => ({ row, key: column.key?.(row) }));
  const direction = descending ? -1 : 1;
  keyed.sort(({ key: a }, { key: b }) => {
    if (a === b) return 0;
    if (a === undefined) return 1;
    if (b === undefined) return -1;
    return a < b ? -direction : direction;
  });
  return keyed.map(({ row }) => row);
}

/** The lines to show of sorted rows: groups stand in the order of their first row. */
export function linesOf<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  grouping: Grouping<Row> | undefined,
  collapsed: ReadonlySet<string>,
): Line<Row>[] {
  const line = (row: Row): Line<Row> => ({ kind: 'row', id: keyOf(row), row });
  if (grouping === undefined) return rows.map(line);
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const id = grouping.idOf(row);
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [row]);
    else group.push(row);
  }
  return [...groups].flatMap(([id, members]): Line<Row>[] => [
    { kind: 'group', id, rows: members },
    ...(collapsed.has(id) ? [] : members.map(line)),
  ]);
}

/** Tab-separated with a header line, as spreadsheets and terminals take it. */
export function copyText<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const clean = (text: string): string => text.replace(/[\t\r\n]+/g, ' ');
  return [
    columns.map(({ title }) => title).join('\t'),
    ...rows.map((row) => columns.map((column) => clean(column.text(row))).join('\t')),
  ].join('\n');
}

export interface SelectionState {
  readonly selected: ReadonlySet<string>;
  /** Where the keyboard is: id of a row, or of a group's line. */
  readonly cursor: string | undefined;
  /** Where a range began. */
  readonly anchor: string | undefined;
}

export const nothingSelected: SelectionState = { selected: new Set(), cursor: undefined, anchor: undefined };

/**
 * Selection after moving to line `to`: alone, `extend`ed from the anchor (Shift), or with that one line `toggle`d (Ctrl).
 * Lines of groups can be the cursor but are not selected.
 */
export function select<Row>(
  state: SelectionState,
  lines: readonly Line<Row>[],
  to: number,
  how: 'only' | 'extend' | 'toggle',
): SelectionState {
  const line = lines[to];
  if (line === undefined) return state;
  const cursor = lineId(line);
  if (how === 'extend') {
    const anchor = state.anchor ?? cursor;
    const from = Math.max(
      0,
      lines.findIndex((one) => lineId(one) === anchor),
    );
    const range = lines.slice(Math.min(from, to), Math.max(from, to) + 1);
    return { selected: new Set(range.filter(({ kind }) => kind === 'row').map(({ id }) => id)), cursor, anchor };
  }
  if (line.kind === 'group') return { selected: how === 'only' ? new Set() : state.selected, cursor, anchor: cursor };
  if (how === 'only') return { selected: new Set([line.id]), cursor, anchor: cursor };
  const selected = new Set(state.selected);
  if (!selected.delete(line.id)) selected.add(line.id);
  return { selected, cursor, anchor: cursor };
}

/** Groups and rows may have the same id. */
export function lineId<Row>(line: Line<Row>): string {
  return line.kind === 'group' ? `group ${line.id}` : line.id;
}
