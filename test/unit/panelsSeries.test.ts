import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Point } from '../../src/ui/panels/protocol.ts';
import { align, appendPoints, gapAfter, niceMax } from '../../webview/shared/series.ts';

const line = (...points: readonly (readonly [number, string | null])[]): Point[] =>
  points.map(([at, lag]) => ({ at, lag }));

describe('lines over time', () => {
  it('are put on common times, with a gap where one has no point', () => {
    const { times, values } = align([line([1000, '1'], [2000, '2']), line([2000, '5'])], -Infinity);
    assert.deepEqual(times, [1, 2]);
    assert.deepEqual(values, [
      [1, 2],
      [null, 5],
    ]);
  });

  it('break where nobody was looking', () => {
    const { times, exact } = align([line([0, '1'], [5_000, '2'], [10_000, '3'], [60_000, '4'])], -Infinity);
    assert.deepEqual(times, [0, 5, 10, 35, 60]);
    assert.deepEqual(exact, [['1', '2', '3', null, '4']]);
  });

  it('keep every digit of what is read out', () => {
    assert.deepEqual(align([line([0, '9007199254740993'])], -Infinity).exact, [['9007199254740993']]);
  });

  it('start where the range does', () => {
    assert.deepEqual(align([line([1000, '1'], [2000, '2'])], 1500).times, [2]);
  });

  it('take points once, and drop the oldest beyond the limit', () => {
    const points = line([1, '1'], [2, '2']);
    assert.equal(appendPoints(points, line([2, '9']), 10), points);
    assert.deepEqual(appendPoints(points, line([2, '9'], [3, '3']), 2), line([2, '2'], [3, '3']));
  });
});

describe('axes', () => {
  it('end at 1, 2 or 5 times a power of ten', () => {
    assert.deepEqual([0, 9, 11, 20, 21, 501, 33_903_720].map(niceMax), [10, 10, 20, 20, 50, 1000, 50_000_000]);
  });

  it('call three times the usual distance a gap, and nothing below 5 s', () => {
    assert.equal(gapAfter([0, 100, 200]), 5_000);
    assert.equal(gapAfter([0, 10_000, 20_000, 90_000]), 30_000);
  });
});
