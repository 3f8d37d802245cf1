import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LineKeys } from '../../webview/shared/lineKeys.ts';

const places = (from: number, count: number): number[] => Array.from({ length: count }, (_, nth) => from + nth);

describe('the keys of lines', () => {
  it('stay with the lines that stay, and are new for those that come', () => {
    const keys = new LineKeys();
    const before = keys.take(places(0, 10));
    assert.equal(new Set(before).size, 10);
    const down = keys.take(places(3, 10));
    assert.deepEqual(down.slice(0, 7), before.slice(3));
    assert.equal(new Set([...before, ...down]).size, 13);
    const up = keys.take(places(1, 10));
    assert.deepEqual(up.slice(2), down.slice(0, 8));
    assert.equal(new Set(up).size, 10);
  });

  it('are those that are there when all is another after a jump, however many there are', () => {
    const keys = new LineKeys();
    const before = keys.take(places(0, 10));
    assert.deepEqual(keys.take(places(500, 10)), before);
    const more = keys.take(places(900, 12));
    assert.deepEqual(more.slice(0, 10), before);
    assert.equal(new Set(more).size, 12);
    assert.deepEqual(keys.take(places(100, 4)), before.slice(0, 4));
    assert.deepEqual(keys.take([]), []);
  });

  it('are never given twice, also where a line far away is drawn too', () => {
    const keys = new LineKeys();
    // The same places in every run.
    let seed = 1;
    for (let round = 0; round < 1_000; round++) {
      seed = (seed * 48_271) % 2_147_483_647;
      const from = seed % 60;
      const given = keys.take([...places(from, 5 + (round % 20)), 1_000 + (round % 3)]);
      assert.equal(new Set(given).size, given.length, `round ${round}`);
    }
  });
});
