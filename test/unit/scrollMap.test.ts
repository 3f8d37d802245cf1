import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lineHeight, ScrollMap } from '../../webview/shared/scrollMap.ts';

function mapOf(count: number, viewport = 440): ScrollMap {
  const map = new ScrollMap();
  map.count = count;
  map.viewport = viewport;
  return map;
}

describe('where lines lie', () => {
  it('is what the browser says, as long as they are no taller than an element may be', () => {
    const map = mapOf(1000);
    assert.equal(map.height, 1000 * lineHeight);
    map.scrolled(3 * lineHeight);
    assert.deepEqual(map.range, { first: 3, last: 23 });
    assert.equal(map.yOf(7), 7 * lineHeight);
    map.scrolled(map.height - 440);
    assert.ok(map.atEnd);
    assert.equal(map.range.last, 999);
  });

  it('keeps a million lines in an element that every browser can lay out, at four device pixels a pixel too', () => {
    const map = mapOf(1_000_000);
    assert.ok(map.height * 4 < 2 ** 31 / 64);
    map.moveTo(map.mostTop);
    assert.equal(map.scrollTop, map.height - 440);
    assert.equal(map.range.last, 999_999);
    // The last line ends where the view does.
    assert.equal(map.yOf(999_999) + lineHeight, map.scrollTop + 440);
  });

  it('moves by what the wheel moves, wherever that is', () => {
    const map = mapOf(1_000_000);
    map.moveTo(500_000 * lineHeight);
    const { first } = map.range;
    for (let turn = 1; turn <= 50; turn++) {
      map.scrolled(map.scrollTop + lineHeight * 5);
      assert.equal(map.range.first, first + turn * 5);
      if (turn % 7 === 0) map.settle();
    }
  });

  it('goes where the scrollbar is dragged, in proportion', () => {
    const map = mapOf(1_000_000);
    map.scrolled((map.height - 440) / 4);
    assert.equal(map.range.first, Math.floor(map.mostTop / 4 / lineHeight));
  });

  it('reaches the first and the last line by small moves alone', () => {
    for (const direction of [1, -1]) {
      const map = mapOf(400_000);
      const most = map.height - map.viewport;
      map.moveTo(direction > 0 ? map.mostTop - 5_000 : 5_000);
      for (let turn = 0; turn < 200; turn++) {
        map.scrolled(Math.min(most, Math.max(0, map.scrollTop + direction * 66)));
        map.settle();
      }
      assert.equal(map.top, direction > 0 ? map.mostTop : 0);
    }
  });

  it('brings a line into view by the shortest way, or into the middle', () => {
    const map = mapOf(1000);
    map.moveTo(100 * lineHeight);
    assert.equal(map.topFor(110, 'auto'), map.top);
    assert.equal(map.topFor(90, 'auto'), 90 * lineHeight);
    assert.equal(map.topFor(120, 'auto'), 101 * lineHeight);
    assert.equal(map.topFor(500, 'center'), 500 * lineHeight - 209);
  });
});
