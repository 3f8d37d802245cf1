import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { statusOf } from '../../src/groups/status.ts';
import type { Group, LogOffsets } from '../../src/groups/snapshot.ts';
import { timeToCatchUp, type PartitionTrend, type Trend } from '../../src/groups/trend.ts';
import { aGroup, aMember, aPartition, aSnapshot, aTopic, committed, offsetsOf } from '../support/snapshots.ts';

const steady: PartitionTrend = {
  watchedFor: 60_000,
  consume: 10,
  produce: 10,
  committedAt: 1,
  unchangedFor: 4_000,
  waitingFor: 4_000,
  usualWait: 5_000,
  committedAlone: false,
  arrivedSince: 40n,
  rewound: 0n,
};

/** The verdict on a group with one owned partition. */
function judge(options: {
  commit?: bigint;
  offsets?: LogOffsets;
  trend?: Partial<PartitionTrend>;
  group?: Partial<Group>;
}): ReturnType<typeof statusOf> {
  const commit = options.commit === undefined ? { value: undefined } : committed(options.commit);
  const group = aGroup('billing', {
    members: [aMember('m1', { assignment: { value: [{ topic: 'orders', partition: 0 }] } })],
    partitions: [aPartition('orders', 0, { commit, owner: 'm1' })],
    ...options.group,
  });
  const snapshot = aSnapshot({
    groups: [group],
    topics: [aTopic('orders', 1)],
    offsets: { orders: [options.offsets ?? offsetsOf(0n, 100n)] },
  });
  const trend: Trend = () => (options.trend === undefined ? undefined : { ...steady, ...options.trend });
  return statusOf(group, snapshot, options.trend === undefined ? undefined : trend);
}

describe('statusOf', () => {
  it('leaves a consumer alone that keeps up', () => {
    const status = judge({ commit: 60n, trend: {} });
    assert.deepEqual(status, { health: 'healthy', attention: false, evidence: [], reason: undefined });
  });

  it('takes a large lag for behind until rates are known', () => {
    const status = judge({ commit: 0n, offsets: offsetsOf(0n, 12_401n) });
    assert.equal(status.health, 'behind');
    assert.equal(status.evidence[0], 'Lag 12,401, most on orders-0 (12,401): watching, to tell whether it shrinks.');
  });

  it('says that a lag does not shrink, or when it will be gone', () => {
    const offsets = offsetsOf(0n, 90_000n);
    assert.match(judge({ commit: 0n, offsets, trend: { consume: 5, produce: 9 } }).evidence[0]!, /does not shrink\.$/);
    assert.match(
      judge({ commit: 0n, offsets, trend: { consume: 200, produce: 100 } }).evidence[0]!,
      /caught up in 15 min at this rate\.$/,
    );
    assert.equal(judge({ commit: 0n, offsets, trend: { consume: 9_000, produce: 9 } }).health, 'healthy');
  });

  it('sees a consumer that is stuck while it heartbeats', () => {
    const status = judge({
      commit: 60n,
      trend: { consume: 0, waitingFor: 360_000, arrivedSince: 2_310n, committedAt: undefined },
    });
    assert.equal(status.health, 'behind');
    assert.equal(
      status.evidence[0],
      'No commit on orders-0 for 6 min while 2,310 records arrived, 40 wait: the consumer is stuck there, or gone.',
    );
  });

  it('does not take a quiet topic for a stuck consumer', () => {
    assert.equal(judge({ commit: 100n, trend: { consume: 0, produce: 0, unchangedFor: 900_000 } }).health, 'healthy');
    // The first record for a long time has only just come.
    const stirred = { consume: 0, produce: 0, unchangedFor: 900_000, waitingFor: 3_000, arrivedSince: 1n };
    assert.equal(judge({ commit: 99n, trend: stirred }).health, 'healthy');
    assert.equal(judge({ commit: 60n, offsets: offsetsOf(0n, 100n, 60n), trend: stirred }).health, 'healthy');
    assert.equal(judge({ trend: { ...stirred, committedAt: undefined } }).health, 'healthy');
  });

  it('does not take a consumer that commits each minute for a stuck one', () => {
    const trend = { usualWait: 55_000, waitingFor: 58_000 };
    assert.equal(judge({ commit: 60n, trend }).health, 'healthy');
    assert.match(
      judge({ commit: 60n, trend: { ...trend, waitingFor: 115_000 } }).evidence[0]!,
      /No commit on orders-0/,
    );
    const wasStuck = { usualWait: 7_200_000, waitingFor: 600_000 };
    assert.match(judge({ commit: 60n, trend: wasStuck }).evidence[0]!, /No commit on orders-0 for 10 min/);
  });

  it('does not take what a fast consumer reads between two commits for a lag', () => {
    const fast = { consume: 20_000, produce: 20_010 };
    assert.equal(judge({ commit: 0n, offsets: offsetsOf(0n, 100_000n), trend: fast }).health, 'healthy');
    assert.equal(judge({ commit: 0n, offsets: offsetsOf(0n, 1_000_000n), trend: fast }).health, 'behind');
    const eachMinute = { ...fast, usualWait: 55_000 };
    assert.equal(judge({ commit: 0n, offsets: offsetsOf(0n, 1_200_000n), trend: eachMinute }).health, 'healthy');
  });

  it('does not take a topic that was given up for a stuck consumer', () => {
    const wants = (topics: string[], pattern?: string): Partial<Group> => ({
      members: [
        aMember('m1', {
          subscription: { value: { topics, ...(pattern === undefined ? {} : { pattern }) } },
          assignment: { value: [] },
        }),
      ],
      partitions: [aPartition('orders', 0, { commit: committed(60n) })],
    });
    const trend = { waitingFor: 600_000 };
    const given = judge({ trend, group: wants(['payments']) });
    assert.deepEqual([given.health, given.attention, given.reason], ['healthy', false, 'not subscribed']);
    assert.equal(given.evidence[0], 'Committed once, but no member subscribes to it any more: orders-0.');
    // Wanted, but nobody has it.
    assert.equal(judge({ trend, group: wants(['orders']) }).reason, 'stuck');
    assert.equal(judge({ trend, group: wants(['payments'], 'ord.*') }).reason, 'stuck');
  });

  it('counts no member idle whose assignment cannot be read', () => {
    const owns = aMember('m1', { assignment: { value: [{ topic: 'orders', partition: 0 }] } });
    const unread = aMember('m2', { assignment: { failure: { kind: 'error', message: 'It cannot be read.' } } });
    assert.deepEqual(judge({ commit: 60n, group: { members: [owns, unread] }, trend: {} }).evidence, []);
  });

  it('sees a partition with an owner that never commits', () => {
    const status = judge({
      trend: { consume: undefined, committedAt: undefined, arrivedSince: 7n, waitingFor: 60_000 },
    });
    assert.equal(status.health, 'behind');
    assert.equal(status.evidence[0], '7 records arrived on orders-0, which has an owner but never a commit.');
  });

  it('tells an open transaction from a slow consumer', () => {
    const status = judge({
      commit: 60n,
      offsets: offsetsOf(0n, 100n, 60n),
      trend: { consume: 0, waitingFor: 600_000 },
    });
    assert.deepEqual(status.evidence, [
      'An open transaction holds back 40 records on orders-0: the commit stands at the LSO.',
    ]);
    assert.equal(status.attention, true);
  });

  it('does not mind transactions that are open for a moment', () => {
    const offsets = offsetsOf(0n, 100n, 60n);
    assert.equal(judge({ commit: 60n, offsets, trend: { waitingFor: 4_000 } }).health, 'healthy');
    assert.equal(judge({ commit: 60n, offsets }).health, 'healthy');
  });

  it('reports rewinds and positions that cannot be read', () => {
    assert.deepEqual(judge({ commit: 60n, trend: { rewound: 1_200n } }).evidence, [
      'The commit of orders-0 went back by 1,200: records are processed again.',
    ]);
    assert.deepEqual(judge({ commit: 3n, offsets: offsetsOf(10n, 11n), trend: {} }).evidence, [
      '7 records lost to retention: the commit is below the log start on orders-0.',
    ]);
    assert.match(judge({ commit: 300n, trend: {} }).evidence[0]!, /beyond the end on orders-0/);
  });

  it('minds an empty group only where records keep coming', () => {
    const group = { state: 'Empty' as const, members: [] };
    const still = judge({ commit: 60n, group, trend: { arrivedSince: 0n, committedAt: undefined } });
    assert.deepEqual([still.health, still.attention], ['empty', false]);
    const left = judge({ commit: 60n, group, trend: { arrivedSince: 12n, committedAt: undefined } });
    assert.deepEqual([left.health, left.attention], ['empty', true]);
    assert.equal(
      left.evidence[0],
      'No members, and 40 records not consumed: 12 more arrived while watched, and nobody reads them.',
    );
  });

  it('recognises a consumer that never joins', () => {
    const status = judge({ commit: 60n, group: { state: 'Empty', members: [] }, trend: { committedAlone: true } });
    assert.match(status.evidence[0]!, /its commits move/);
    // Its last member has only just left.
    const left = judge({ commit: 60n, group: { state: 'Empty', members: [] }, trend: { arrivedSince: 0n } });
    assert.doesNotMatch(left.evidence[0]!, /its commits move/);
  });

  it('calls rebalances what they are, in both protocols', () => {
    for (const state of ['PreparingRebalance', 'CompletingRebalance', 'Assigning', 'Reconciling'] as const) {
      assert.equal(judge({ commit: 60n, group: { state }, trend: {} }).health, 'rebalancing');
    }
  });

  it('notes idle members and skew without alarm', () => {
    const own = (count: number): { value: { topic: string; partition: number }[] } => ({
      value: Array.from({ length: count }, (_, partition) => ({ topic: 'orders', partition })),
    });
    const members = [8, 1, 0].map((count, index) => aMember(`m${index}`, { assignment: own(count) }));
    const status = judge({ commit: 60n, group: { members }, trend: {} });
    assert.equal(status.attention, false);
    assert.deepEqual(status.evidence, ['1 of 3 members own no partition.', 'One member owns 8 of 9 partitions.']);
  });

  it('shows what could not be learned', () => {
    const failure = { kind: 'denied', message: 'Not allowed to read the commits of billing.' } as const;
    const status = judge({ commit: 60n, group: { failures: [failure] }, trend: {} });
    assert.deepEqual([status.attention, status.evidence], [true, [failure.message]]);
  });
});

describe('timeToCatchUp', () => {
  it('is 0, a time, never, or unknown', () => {
    assert.equal(timeToCatchUp(0n, { consume: undefined, produce: undefined }), 0);
    assert.equal(timeToCatchUp(100n, { consume: 15, produce: 5 }), 10);
    assert.equal(timeToCatchUp(100n, { consume: 5, produce: 5 }), Infinity);
    assert.equal(timeToCatchUp(100n, { consume: undefined, produce: 5 }), undefined);
  });
});
