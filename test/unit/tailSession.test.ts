import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OpenTransactions } from '../../src/tail/openTransactions.ts';
import { Rate } from '../../src/tail/rate.ts';
import { TimeHistogram } from '../../src/tail/timeHistogram.ts';
import type { Transaction } from '../../src/records/transactions.ts';

const openOf = (producerId: bigint): Transaction => ({ producerId, outcome: 'open', markerOffset: undefined });

describe('OpenTransactions', () => {
  it('tells those that an earlier reader left open how they ended, and no others', () => {
    const open = new OpenTransactions();
    const [mine, other, elsewhere, jumped] = [openOf(1n), openOf(2n), openOf(1n), openOf(1n)];
    open.add(0, mine);
    open.add(0, other);
    open.add(1, elsewhere);
    open.add(2, jumped);
    open.forget(2);
    const ended: Transaction = { producerId: 1n, outcome: 'aborted', markerOffset: 7n };
    open.end(0, ended);
    open.end(2, ended);
    assert.deepEqual(mine, ended);
    assert.deepEqual(
      [other, elsewhere, jumped].map(({ outcome }) => outcome),
      ['open', 'open', 'open'],
    );
    const later = openOf(1n);
    open.add(0, later);
    open.end(0, { producerId: 1n, outcome: 'committed', markerOffset: 9n });
    assert.deepEqual([mine.outcome, later.outcome], ['aborted', 'committed']);
  });
});

describe('Rate', () => {
  it('says what came a second, and falls to nothing', () => {
    const rate = new Rate();
    for (let at = 10_000; at < 14_000; at += 100) rate.add(50, 1_000, at);
    assert.ok(Math.abs(rate.get(14_000).records - 500) < 60, `${rate.get(14_000).records}`);
    assert.ok(Math.abs(rate.get(14_000).bytes - 10_000) < 1_200);
    assert.equal(rate.get(25_000).records, 0);
  });
});

describe('TimeHistogram', () => {
  it('counts each record once, however wide its buckets grow, and forgets what is taken away', () => {
    const histogram = new TimeHistogram();
    const times = Array.from({ length: 500 }, (_, index) => 1_700_000_000_000 + index * index * 977);
    for (const time of times) histogram.add(time);
    histogram.add(-1);
    const { from, step, counts, without } = histogram.buckets();
    assert.ok(counts.length <= 240 && counts.length > 20, `${counts.length}`);
    assert.equal(without, 1);
    const expected = new Array<number>(counts.length).fill(0);
    for (const time of times) expected[Math.floor((time - from) / step)]!++;
    assert.deepEqual(counts, expected);
    for (const time of times.slice(0, 400)) histogram.remove(time);
    const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
    assert.equal(sum(histogram.buckets().counts), 100);
    assert.ok(histogram.buckets().from >= times[400]! - step);
    for (const time of times.slice(400)) histogram.remove(time);
    assert.deepEqual(histogram.buckets().counts, []);
  });

  it('stays small with times that cannot be', () => {
    const histogram = new TimeHistogram();
    for (const time of [0, 1_700_000_000_000, 9.2e18]) histogram.add(time);
    assert.ok(histogram.buckets().counts.length <= 240);
  });
});
