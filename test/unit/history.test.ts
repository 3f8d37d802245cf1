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

  it('tells for how long records have waited, however long the topic was quiet before', () => {
    const history = new LagHistory();
    for (let second = 0; second <= 600; second += 5) history.append(poll(second, 10n, 10n));
    history.append(poll(605, 10n, 11n));
    assert.equal(history.trend('billing')(orders0)?.waitingFor, 0);
    history.append(poll(610, 10n, 15n));
    const trend = history.trend('billing')(orders0);
    assert.deepEqual([trend?.waitingFor, trend?.unchangedFor, trend?.arrivedSince], [5_000, 610_000, 5n]);
    history.append(poll(615, 15n, 15n));
    assert.equal(history.trend('billing')(orders0)?.waitingFor, 0);
  });

  it('tells for how long records have waited for a first commit', () => {
    const history = new LagHistory();
    for (let second = 0; second <= 600; second += 5) history.append(poll(second, undefined, 10n));
    assert.equal(history.trend('billing')(orders0)?.waitingFor, 0);
    history.append(poll(605, undefined, 11n));
    history.append(poll(615, undefined, 11n));
    assert.equal(history.trend('billing')(orders0)?.waitingFor, 10_000);
  });

  it('learns how long records usually wait for a commit, and forgets it again', () => {
    const history = new LagHistory();
    const usual = (): number | undefined => history.trend('billing')(orders0)?.usualWait;
    for (let second = 0; second <= 120; second += 5) {
      history.append(poll(second, BigInt(Math.floor(second / 60) * 60), BigInt(second + 1)));
    }
    assert.equal(usual(), 55_000);
    for (let second = 125; second <= 150; second += 5) history.append(poll(second, BigInt(second), BigInt(second + 1)));
    assert.equal(usual(), 55_000 / 2 ** 6);
    // Nobody looked for an hour: that is not how long it waited.
    history.append(poll(3_750, 3_750n, 3_751n));
    assert.ok(usual()! < 5_000);
  });

  it('sees commits that come without members, but not those of members that have left', () => {
    const history = new LagHistory();
    const alone = (): boolean | undefined => history.trend('billing')(orders0)?.committedAlone;
    const empty = (second: number, commit: bigint): Snapshot => {
      const snapshot = poll(second, commit, 100n);
      const group = { ...snapshot.groups.get('billing')!, state: 'Empty' as const };
      return { ...snapshot, groups: new Map([['billing', group]]) };
    };
    history.append(poll(0, 10n, 100n));
    history.append(empty(5, 20n));
    assert.equal(alone(), false, 'the last commit of the last member');
    history.append(empty(10, 30n));
    assert.equal(alone(), true);
    history.append(poll(15, 40n, 100n));
    assert.equal(alone(), false);
  });

  it('sees a share group go on while one record holds back its start offset', () => {
    const history = new LagHistory();
    for (let second = 0; second <= 40; second += 5) {
      const snapshot = poll(second, 10n, 100n);
      const group = snapshot.groups.get('billing')!;
      const commit = { value: { offset: 10n, leaderEpoch: -1, metadata: '', undelivered: BigInt(80 - second) } };
      const partitions = [aPartition('orders', 0, { commit })];
      history.append({ ...snapshot, groups: new Map([['billing', { ...group, partitions }]]) });
    }
    const trend = history.trend('billing')(orders0);
    assert.deepEqual([trend?.waitingFor, trend?.unchangedFor], [0, 0]);
  });

  it('goes on when the clock is set back', () => {
    const history = new LagHistory();
    history.append(poll(7_200, 10n, 100n));
    history.append(poll(7_205, 60n, 120n));
    history.append(poll(7_210, 30n, 140n));
    // An hour back.
    for (let second = 3_615; second <= 3_690; second += 5) {
      history.append(poll(second, BigInt(second), BigInt(second + 50)));
    }
    const trend = history.trend('billing')(orders0);
    assert.deepEqual(history.rates('billing', orders0), { consume: 1, produce: 1 });
    assert.deepEqual([trend?.unchangedFor, trend?.committedAt, trend?.rewound], [0, 3_690_000, 0n]);
    const times = history.totals('billing').map(({ at }) => at);
    assert.deepEqual(times.slice(0, 4), [3_605_000, 3_610_000, 3_615_000, 3_615_000]);
    assert.equal(times.at(-1), 3_690_000);
  });

  it('forgets groups that nobody has listed for long, though a broker is never heard', () => {
    const history = new LagHistory({ polls: 50, partitionPolls: 10, rateWindowMs: 60_000 });
    history.append(poll(0, 1n, 2n));
    const failures = [{ kind: 'unreachable', message: 'Broker 2 does not answer.' }] as const;
    for (let second = 1; second <= 50; second++) {
      assert.ok(history.totals('billing').length > 0);
      history.append(aSnapshot({ takenAt: second * 1000, overrides: { failures } }));
    }
    assert.deepEqual(history.totals('billing'), []);
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
