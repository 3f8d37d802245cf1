import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatCount, formatDuration, formatShort, shorten } from '../../src/shared/format.ts';

describe('figures for people', () => {
  it('counts exactly', () => {
    assert.equal(formatCount(2n ** 63n - 1n), '9,223,372,036,854,775,807');
  });

  it('shortens above 9,999 and never claims more than there is', () => {
    const cases: [bigint, string][] = [
      [0n, '0'],
      [9_999n, '9,999'],
      [10_000n, '10.0k'],
      [12_499n, '12.4k'],
      [123_456n, '123k'],
      [999_999n, '999k'],
      [3_190_000n, '3.1M'],
      [5_000_000_000n, '5.0G'],
      [12_345_000_000_000n, '12,345G'],
      [-12_499n, '-12.4k'],
    ];
    for (const [value, text] of cases) assert.equal(formatShort(value), text);
  });

  it('tells durations in two units, rounded to the smaller', () => {
    const cases: [number, string][] = [
      [240, '240 ms'],
      [1_000, '1 s'],
      [59_499, '59 s'],
      [59_999, '1 min'],
      [250_000, '4 min 10 s'],
      [3_599_900, '1 h'],
      [3_600_000, '1 h'],
      [3_660_000, '1 h 1 min'],
      [90_000_000, '1 d 1 h'],
      [Infinity, 'never'],
    ];
    for (const [value, text] of cases) assert.equal(formatDuration(value), text);
  });

  it('cuts long names in the middle, not through a character', () => {
    assert.equal(shorten('abcdefghij', 5), 'ab…ij');
    assert.equal(shorten('abc', 5), 'abc');
    assert.equal(shorten('😀😀😀😀😀😀', 3), '😀…😀');
  });
});
