import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LagHistory } from '../../src/history/lagHistory.ts';
import { PollSeries } from '../../src/history/pollSeries.ts';
import type { Snapshot } from '../../src/groups/snapshot.ts';
import { aGroup, aPartition, aSnapshot, aTopic, committed, offsetsOf } from '../support/snapshots.ts';

const orders0 = { topic: 'orders', partition: 0 };

function poll(seconds: number, commit: bigint | undefined, end: bigint): Snapshot {
  return aSnapshot({
    takenAt: seconds * 1000,
    topics: [aTopic('orders', 1)],
    offsets: { orders: [offsetsOf(0n, end)] },
    groups: [
      aGroup('billing', {
        partitions: [
          aPartition('orders', 0, { commit: commit === undefined ? { value: undefined } : committed(commit) }),
        ],
      }),
    ],
  });
}

describe('PollSeries', () => {
  it('agrees with a plain list under any sequence of sets, gaps and limits', () => {
    let seed = 7;
    const random = (below: number): number => (seed = (seed * 1103515245 + 12345) % 2 ** 31) % below;
    for (let run = 0; run < 200; run++) {
      let limit = 1 + random(20);
      const series = new PollSeries(limit);
      let kept = new Map<number, bigint | undefined>();
      let at = random(50);
      for (let step = 0; step < 60; step++) {
        if (random(10) === 0) {
          limit = 1 + random(40);
          series.setLimit(limit);
        } else {
          at += 1 + (random(4) === 0 ? random(30) : 0);
          const value = random(5) === 0 ? undefined : BigInt(random(1000));
          series.set(at, value);
          kept.set(at, value);
        }
        kept = new Map([...kept].filter(([poll]) => poll > at - limit));
        if (kept.size === 0) continue;
        for (let poll = at - 80; poll <= at + 3; poll++) {
          if (poll >= 0) assert.equal(series.get(poll), kept.get(poll), `run ${run} step ${step} poll ${poll}`);
        }
      }
    }
  });
});

describe('LagHistory', () => {
  it('tells rates over the window from forward steps', () => {
    const history = new LagHistory();
    for (let second = 0; second <= 60; second += 5) {
      history.append(poll(second, BigInt(second * 10), BigInt(second * 30)));
    }
    assert.deepEqual(history.rates('billing', orders0), { consume: 10, produce: 30 });
    assert.deepEqual(history.groupRates('billing'), { consume: 10, produce: 30 });
  });

  it('knows no rate after one poll', () => {
    const history = new LagHistory();
    history.append(poll(0, 5n, 9n));
    assert.deepEqual(history.rates('billing', orders0), { consume: undefined, produce: undefined });
    assert.equal(history.committedAt('billing', orders0), undefined);
  });

  it('sees rewinds, and does not take them for negative consumption', () => {
    const history = new LagHistory();
    history.append(poll(0, 100n, 200n));
    history.append(poll(5, 120n, 200n));
    history.append(poll(10, 50n, 200n));
    history.append(poll(15, 70n, 200n));
    const trend = history.trend('billing')(orders0);
    assert.equal(trend?.rewound, 70n);
    assert.equal(trend?.consume, 40 / 15);
  });

  it('forgets a rewind when it is out of the window', () => {
    const history = new LagHistory();
    history.append(poll(0, 100n, 200n));
    history.append(poll(5, 50n, 200n));
    for (let second = 10; second <= 65; second += 5) history.append(poll(second, BigInt(50 + second), 200n));
    assert.equal(history.trend('billing')(orders0)?.rewound, 50n);
    history.append(poll(70, 120n, 200n));
    assert.equal(history.trend('billing')(orders0)?.rewound, 0n);
    assert.equal(history.trend('billing')(orders0)?.consume, 1);
  });

  it('does not take a truncated topic for negative production', () => {
    const history = new LagHistory();
    history.append(poll(0, 0n, 200n));
    history.append(poll(5, 0n, 20n));
    history.append(poll(10, 0n, 40n));
    assert.equal(history.rates('billing', orders0).produce, 2);
  });

  it('forgets partitions that the group has nothing to do with any more', () => {
    const history = new LagHistory({ polls: 50, partitionPolls: 10, rateWindowMs: 60_000 });
    history.append(poll(0, 1n, 2n));
    for (let second = 1; second < 30; second++) {
      history.append(aSnapshot({ takenAt: second * 1000, groups: [aGroup('billing')] }));
    }
    assert.deepEqual(history.partition('billing', orders0), []);
  });

  it('tells since when a commit stands still and what arrived meanwhile', () => {
    const history = new LagHistory();
    history.append(poll(0, 10n, 10n));
    history.append(poll(5, 20n, 25n));
    history.append(poll(10, 20n, 40n));
    history.append(poll(15, 20n, 65n));
    const trend = history.trend('billing')(orders0);
    assert.deepEqual([trend?.committedAt, trend?.unchangedFor, trend?.arrivedSince], [5_000, 10_000, 40n]);
    assert.equal(history.committedAt('billing', orders0), 5_000);
  });

  it('keeps failed polls as gaps', () => {
    const history = new LagHistory();
    history.append(poll(0, 10n, 30n));
    history.appendGap(5_000);
    history.append(poll(10, 20n, 35n));
    assert.deepEqual(history.totals('billing'), [
      { at: 0, lag: 20n },
      { at: 5_000, lag: undefined },
      { at: 10_000, lag: 15n },
    ]);
    assert.deepEqual(history.partition('billing', orders0)[1], {
      at: 5_000,
      committed: undefined,
      end: undefined,
      lag: undefined,
    });
  });

  it('is bounded, and keeps more of a group whose detail is wanted', () => {
    const history = new LagHistory({ polls: 50, partitionPolls: 10, rateWindowMs: 60_000 });
    for (let second = 0; second < 100; second++) history.append(poll(second, BigInt(second), 1000n));
    assert.equal(history.totals('billing').length, 50);
    assert.equal(history.totals('billing')[0]?.at, 50_000);
    assert.equal(history.partition('billing', orders0).length, 10);
    const detail = history.keepDetail('billing');
    for (let second = 100; second < 200; second++) history.append(poll(second, BigInt(second), 1000n));
    assert.equal(history.partition('billing', orders0).length, 50);
    assert.equal(history.partition('billing', orders0)[0]?.committed, 150n);
    detail.dispose();
    assert.equal(history.partition('billing', orders0).length, 10);
  });

  it('forgets groups that are gone, but not those that could not be asked', () => {
    const history = new LagHistory();
    history.append(poll(0, 1n, 2n));
    const failures = [{ kind: 'unreachable', message: 'Broker 2 does not answer.' }] as const;
    history.append(aSnapshot({ takenAt: 5_000, overrides: { failures } }));
    assert.equal(history.totals('billing').length, 2);
    history.append(aSnapshot({ takenAt: 10_000 }));
    assert.equal(history.totals('billing').length, 0);
  });
});
