import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { csvCell, exportRows } from '../../src/ui/panels/exportRows.ts';
import type { LagRow } from '../../src/ui/panels/protocol.ts';

const row: LagRow = {
  topic: 'orders',
  partition: 2,
  state: 'ok',
  start: '0',
  committed: '9007199254740993',
  end: '9223372036854775807',
  lag: '9214364837600034814',
  catchUp: 'never',
};
const table = { cluster: 'local', group: 'billing', takenAt: 1_700_000_000_000, members: [], rows: [row] };

describe('an exported table', () => {
  it('has every digit of a 64-bit offset in JSON and in CSV', () => {
    const json = exportRows(table, 'json');
    assert.match(json, /"committedOffset": 9007199254740993,/);
    assert.match(json, /"endOffset": 9223372036854775807,/);
    assert.match(exportRows(table, 'csv'), /,9007199254740993,9223372036854775807,/);
  });

  it('is JSON, with null for what is not known', () => {
    const parsed = JSON.parse(exportRows(table, 'json')) as { partitions: Record<string, unknown>[]; takenAt: string };
    assert.equal(parsed.takenAt, '2023-11-14T22:13:20.000Z');
    assert.equal(parsed.partitions[0]?.['stableLag'], null);
    assert.equal(parsed.partitions[0]?.['neverCatchesUp'], true);
    assert.deepEqual(JSON.parse(exportRows({ ...table, rows: [] }, 'json')), {
      cluster: 'local',
      group: 'billing',
      takenAt: '2023-11-14T22:13:20.000Z',
      partitions: [],
    });
  });

  it('has as many cells in each line of CSV, ended as RFC 4180 wants', () => {
    const lines = exportRows(table, 'csv').split('\r\n');
    assert.equal(lines.length, 3);
    assert.equal(lines[0]?.split(',').length, lines[1]?.split(',').length);
    assert.equal(lines[2], '');
  });
});

describe('a cell of CSV', () => {
  for (const [value, expected] of [
    ['=HYPERLINK("http://x")', '"\'=HYPERLINK(""http://x"")"'],
    ['+1+1', "'+1+1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['-2+3', "'-2+3"],
    ['\tx', "'\tx"],
    ['a,b', '"a,b"'],
    ['line\nbreak', '"line\nbreak"'],
    ['-12', '-12'],
    [undefined, ''],
  ] as const) {
    it(`of ${JSON.stringify(value)} is ${JSON.stringify(expected)}`, () => assert.equal(csvCell(value), expected));
  }
});
