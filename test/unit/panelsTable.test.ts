import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  copyText,
  filterRows,
  linesOf,
  nothingSelected,
  select,
  sortRows,
  type Column,
} from '../../webview/shared/tableModel.ts';

interface Row {
  readonly name: string;
  readonly lag: bigint | undefined;
}
const rows: readonly Row[] = [
  { name: 'b', lag: 9_007_199_254_740_993n },
  { name: 'a', lag: undefined },
  { name: 'c', lag: 9_007_199_254_740_992n },
];
const name: Column<Row> = { id: 'name', title: 'Name', width: 1, text: (row) => row.name, key: (row) => row.name };
const lag: Column<Row> = { id: 'lag', title: 'Lag', width: 1, text: (row) => String(row.lag), key: (row) => row.lag };
const names = (of: readonly Row[]): string => of.map((row) => row.name).join('');

describe('rows of a table', () => {
  it('sort by exact integers, unknown ones last in both directions', () => {
    assert.equal(names(sortRows(rows, lag, false)), 'cba');
    assert.equal(names(sortRows(rows, lag, true)), 'bca');
  });

  it('pass the filter when they have all of its words, in any case', () => {
    const text = (row: Row): string => `Topic-${row.name} Owner`;
    assert.equal(names(filterRows(rows, 'OWNER topic-b', text)), 'b');
    assert.equal(names(filterRows(rows, '  ', text)), 'bac');
    assert.equal(names(filterRows(rows, 'topic-b nobody', text)), '');
  });

  it('stand under their groups, in the order of the first of each; collapsed ones hide theirs', () => {
    const grouping = { idOf: (row: Row) => (row.name === 'a' ? 'x' : 'y'), label: () => '' };
    const ids = (collapsed: string[]): string[] =>
      linesOf(rows, (row) => row.name, grouping, new Set(collapsed)).map(({ kind, id }) => `${kind} ${id}`);
    assert.deepEqual(ids([]), ['group y', 'row b', 'row c', 'group x', 'row a']);
    assert.deepEqual(ids(['y']), ['group y', 'group x', 'row a']);
  });

  it('are copied with a header, and cannot break out of their cell', () => {
    assert.equal(copyText([{ name: 'x\ty\nz', lag: 1n }], [name, lag]), 'Name\tLag\nx y z\t1');
  });
});

describe('selection', () => {
  const lines = linesOf(rows, (row) => row.name, undefined, new Set<string>());

  it('moves alone, extends from where it began, and toggles', () => {
    let state = select(nothingSelected, lines, 1, 'only');
    assert.deepEqual([...state.selected], ['a']);
    state = select(state, lines, 2, 'extend');
    assert.deepEqual([...state.selected], ['a', 'c']);
    state = select(state, lines, 0, 'extend');
    assert.deepEqual([...state.selected], ['b', 'a']);
    state = select(state, lines, 2, 'toggle');
    assert.deepEqual([...state.selected], ['b', 'a', 'c']);
    assert.equal(state.cursor, 'c');
    assert.equal(select(state, lines, 99, 'only'), state);
  });

  it('passes over the lines of groups', () => {
    const grouped = linesOf(rows, (row) => row.name, { idOf: () => 'all', label: () => '' }, new Set<string>());
    const state = select(select(nothingSelected, grouped, 0, 'only'), grouped, 2, 'extend');
    assert.deepEqual([...state.selected], ['b', 'a']);
  });
});
