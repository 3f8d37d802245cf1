import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CommitLog, type CommitsOptions } from '../../src/offsetsTopic/commits.ts';
import { lacksOf } from '../../src/offsetsTopic/commitsLacks.ts';
import { expiryOf } from '../../src/offsetsTopic/commitsExpiry.ts';
import { commitFindings, type FindingFacts } from '../../src/offsetsTopic/commitsFindings.ts';
import { TopicNames } from '../../src/offsetsTopic/decode/topicNames.ts';
import type { Transaction } from '../../src/records/transactions.ts';
import {
  classicGroup,
  commitOf,
  consumerAssignment,
  consumerGroupEpoch,
  consumerMember,
  deletedClassicGroup,
  deletedCommit,
  deletedConsumerMember,
  offsetsSlice,
  type CoordinatorBytes,
} from '../support/offsetsSlices.ts';

const minute = 60_000;
const hour = 60 * minute;
const topicId = 'hZlmdMZuQNKUUCHvuc1DHA';
const members = [
  { id: 'c-1-a', assigned: { orders: [0, 1] } },
  { id: 'c-2-b', assigned: { orders: [2] } },
];

/** A log that takes records one by one, each a second after the one before. */
class Script {
  readonly log: CommitLog;
  at = 0;
  position = 0n;

  constructor(options: Partial<CommitsOptions> = {}) {
    this.log = new CommitLog({
      group: 'billing',
      names: new TopicNames(new Map([[topicId, 'orders']])),
      retention: () => 24 * hour,
      ...options,
    });
  }

  take(...records: CoordinatorBytes[]): this {
    this.log.take(offsetsSlice(records, { baseOffset: this.position, at: this.at }));
    this.position += BigInt(records.length);
    return this;
  }

  group(generation: number, of = members): this {
    return this.take(classicGroup('billing', generation, of, this.at));
  }

  /** Of orders-0, a second after what was before. */
  commits(...offsets: number[]): this {
    for (const offset of offsets) {
      this.at += 1_000;
      this.take(commitOf('billing', 'orders', 0, BigInt(offset), this.at));
    }
    return this;
  }

  get kinds(): string[] {
    return this.log.entries.map(({ kind, step }) => `${kind} ${step ?? ''}`.trim());
  }

  get last(): NonNullable<ReturnType<CommitLog['entries']['at']>> {
    return this.log.entries.at(-1)!;
  }

  findings(change: Partial<FindingFacts> = {}): ReturnType<typeof commitFindings> {
    return commitFindings({
      entries: this.log.entries,
      partitions: this.log.partitions(),
      group: this.log.owners.state,
      emptySince: this.log.owners.emptySince,
      waiting: () => 0n,
      expiresAt: () => undefined,
      now: this.at,
      time: (at) => `${at / 1_000} s`,
      ...change,
    });
  }
}

describe('CommitLog', () => {
  it("tells each commit against the one before, and only the group's own", () => {
    const script = new Script().group(7).commits(100, 150, 150);
    script.take(commitOf('billing2', 'orders', 0, 1n, script.at), commitOf('other', 'orders', 0, 1n, script.at));
    assert.deepEqual(script.kinds, ['first', 'forward 50', 'same 0']);
    const { owner, generation, group, interval, position } = script.last;
    assert.deepEqual([owner?.name, owner?.host, generation, group], ['c-1', '10.0.0.7', 7, 'members']);
    assert.deepEqual([interval, position], [1_000, 3n]);
    const [own] = script.log.partitions();
    assert.deepEqual([own?.count, own?.same, own?.repeated, own?.movedAt], [3, 1, 1, 2_000]);
  });

  it('takes a step back by the owner for a rewind of its own', () => {
    const script = new Script().group(7).commits(18_204, 17_000);
    assert.deepEqual(script.kinds, ['first', 'rewind -1204']);
    const { reason } = script.last;
    assert.deepEqual([reason?.cause, reason?.certainty, reason?.by?.memberId], ['sought', 'inference', 'c-1-a']);
    assert.match(
      reason!.because,
      /^c-1 owned the partition before and after, in generation 7: it sought there \(seek\)/,
    );
    assert.equal(script.log.partitions()[0]!.again, 1_204n);
    const [finding] = script.findings();
    assert.equal(
      finding?.text,
      'orders-0 was committed back from 18,204 to 17,000 at 2 s: 1,204 records are processed twice.',
    );
    assert.equal(finding.level, 'warning');
  });

  it("takes a step back after a change of hands for the new owner's", () => {
    const script = new Script().group(7).commits(100);
    script.group(8, [{ id: 'c-3-c', assigned: { orders: [0] } }]).commits(60);
    assert.equal(script.last.reason?.cause, 'new-owner');
    assert.match(script.last.reason.because, /^c-3 had taken the partition over from c-1/);
  });

  it('takes what is committed while the group has no members for a reset', () => {
    const script = new Script().group(7).commits(100).group(8, []).commits(40);
    assert.deepEqual(script.kinds, ['first', 'rewind -60']);
    assert.deepEqual([script.last.reason?.cause, script.last.reason?.certainty], ['reset', 'fact']);
    script.commits(5_000);
    assert.deepEqual(script.kinds, ['first', 'rewind -60', 'jump 4960']);
    const [own] = script.log.partitions();
    assert.deepEqual([own?.jumps, own?.skipped, own?.rewinds, own?.again], [1, 4_960n, 1, 60n]);
    const texts = script.findings().map(({ text, level }) => `${level}: ${text}`);
    assert.deepEqual(texts, [
      'info: orders-0 was committed back from 100 to 40 at 2 s: 60 records are processed twice.',
      'info: orders-0 was committed ahead from 40 to 5,000 at 3 s: 4,960 records are skipped.',
    ]);
  });

  it('does not take a consumer without a subscription for a series of resets', () => {
    const script = new Script().group(8, []).commits(10, 20, 30, 40, 50, 60);
    assert.deepEqual(script.kinds, ['first', 'forward 10', 'forward 10', 'forward 10', 'forward 10', 'forward 10']);
    const [own] = script.log.partitions();
    assert.deepEqual([own?.jumps, own?.skipped], [0, 0n]);
    assert.deepEqual(script.findings(), []);
  });

  it('finds what was skipped or repeated after a commit was deleted', () => {
    const script = new Script().group(7).commits(100).group(8, []);
    script.at += 30 * hour;
    script.take(deletedCommit('billing', 'orders', 0));
    assert.deepEqual([script.last.kind, script.last.deletion?.cause], ['deleted', 'expired']);
    script.group(9).commits(900);
    assert.deepEqual([script.last.kind, script.last.step, script.last.reason?.cause], ['jump', 800n, 'deleted']);
    assert.match(script.last.reason!.because, /retention had been over/);
    const [own] = script.log.partitions();
    assert.deepEqual([own?.deleted, own?.skipped, own?.usualInterval], [1, 800n, undefined]);
  });

  it("knows a group that was deleted, and what the topic's deletion took", () => {
    const script = new Script().group(7).commits(100).group(8, []);
    script.take(deletedCommit('billing', 'orders', 0), deletedClassicGroup('billing'));
    assert.deepEqual([script.last.deletion?.cause, script.last.deletion?.certainty], ['group-deleted', 'fact']);
    assert.equal(script.log.topicsToAsk.size, 0);
    const others = new Script().group(7).commits(100);
    others.take(deletedCommit('billing', 'orders', 0), deletedCommit('other', 'orders', 0));
    assert.equal(others.last.deletion?.cause, 'topic-deleted');
    for (const [exists, cause] of [
      [false, 'topic-deleted'],
      [true, 'offsets-deleted'],
      [undefined, 'unknown'],
    ] as const) {
      const asked = new Script()
        .group(7)
        .commits(100)
        .take(deletedCommit('billing', 'orders', 0));
      assert.deepEqual([asked.last.deletion?.cause, ...asked.log.topicsToAsk], ['unknown', 'orders']);
      asked.log.judge((topic) => (topic === 'orders' ? exists : undefined));
      assert.deepEqual([asked.last.deletion?.cause, asked.log.topicsToAsk.size], [cause, 0]);
      assert.equal(asked.log.takeRevised().length, exists === undefined ? 0 : 1);
    }
  });

  it('follows the owners of a KIP-848 group by their topic ids', () => {
    const script = new Script();
    script.take(
      consumerMember('billing', 'abc-1', ['orders']),
      consumerGroupEpoch('billing', 3),
      consumerAssignment('billing', 'abc-1', 3, { [topicId]: [0, 1] }),
    );
    script.commits(100);
    assert.deepEqual([script.last.owner?.name, script.last.generation], ['abc', 3]);
    script.take(consumerAssignment('billing', 'abc-1', 4, { [topicId]: [1] }, { [topicId]: [0] })).commits(110);
    assert.equal(script.last.owner?.memberId, 'abc-1');
    script.take(consumerAssignment('billing', 'abc-1', 5, { [topicId]: [1] })).commits(120);
    assert.deepEqual([script.last.owner, script.last.notOwned], [undefined, true]);
    assert.match(script.findings()[0]!.text, /^orders-0 was committed once while no member owned it/);
    script.take(deletedConsumerMember('billing', 'abc-1')).commits(20);
    assert.deepEqual([script.last.group, script.last.reason?.cause], ['empty', 'reset']);
  });

  it('counts what a transaction committed when it commits, and not where it aborts', () => {
    const script = new Script().group(7);
    const open: { -readonly [K in keyof Transaction]: Transaction[K] } = {
      producerId: 5n,
      outcome: 'open',
      markerOffset: undefined,
    };
    const aborted: Transaction = { producerId: 6n, outcome: 'aborted', markerOffset: 9n };
    const one = (offset: bigint): CoordinatorBytes => commitOf('billing', 'orders', 0, offset, 1_000);
    script.log.take(offsetsSlice([one(10n)], { transaction: open, baseOffset: 1n }));
    script.log.take(offsetsSlice([one(77n)], { transaction: aborted, baseOffset: 2n }));
    assert.deepEqual([script.log.count, script.log.pending], [0, 1]);
    open.outcome = 'committed';
    script.log.ended([open]);
    assert.deepEqual([script.log.count, script.log.pending], [1, 0]);
    assert.deepEqual([script.last.offset, script.last.inTransaction], [10n, true]);
  });

  it('goes on where reading stopped, and takes nothing twice but what a transaction had not ended', () => {
    const open = { producerId: 5n, outcome: 'open', markerOffset: undefined } as const;
    const one = (offset: bigint): CoordinatorBytes => commitOf('billing', 'orders', 0, offset, 1_000);
    const { log } = new Script();
    assert.equal(log.resume(), undefined);
    const plain = [one(10n), one(11n)];
    const first = offsetsSlice(plain, { baseOffset: 0n });
    log.take(first);
    assert.equal(log.resume(), 2n);
    log.take(offsetsSlice([one(20n)], { transaction: open, baseOffset: 2n }));
    log.take(offsetsSlice([one(12n), classicGroup('billing', 1, members, 1_000)], { baseOffset: 3n }));
    assert.deepEqual([log.count, log.pending], [3, 1]);
    // Read again from there: that it was committed shows by now.
    assert.equal(log.resume(), 2n);
    assert.equal(log.pending, 0);
    log.take(first);
    log.take(offsetsSlice([one(20n)], { transaction: { ...open, outcome: 'committed' }, baseOffset: 2n }));
    log.take(offsetsSlice([one(12n), classicGroup('billing', 1, members, 1_000)], { baseOffset: 3n }));
    log.take(offsetsSlice([one(30n)], { baseOffset: 5n }));
    assert.deepEqual(
      log.entries.map(({ offset }) => offset),
      [10n, 11n, 12n, 20n, 30n],
    );
    assert.equal(log.compactedUntil, undefined);
    assert.equal(log.resume(), 6n);
  });

  it('doubts a step that cannot have been read, and believes one that can', () => {
    const script = new Script().group(7);
    script.commits(...Array.from({ length: 30 }, (_, index) => index * 10));
    script.commits(5_000);
    assert.deepEqual([script.last.kind, script.last.reason?.certainty], ['jump', 'inference']);
    assert.match(script.last.reason!.because, /^It is 471 times the largest of the 29 steps before it/);
    const busy = new Script().group(7).commits(...Array.from({ length: 30 }, (_, index) => index * 1_000), 40_000);
    assert.equal(busy.last.kind, 'forward');
    busy.commits(60_000_000);
    assert.equal(busy.last.kind, 'jump');
    // After a pause it may have read for longer than it committed.
    const paused = new Script().group(7).commits(...Array.from({ length: 30 }, (_, index) => index * 10));
    paused.at += minute;
    paused.commits(5_000);
    assert.equal(paused.last.kind, 'forward');
  });

  it('says what compaction left, and bounds what it keeps', () => {
    const script = new Script({ maxCommits: 10 }).group(7).commits(1);
    assert.equal(script.log.compactedUntil, undefined);
    script.position += 5n;
    script.commits(...Array.from({ length: 30 }, (_, index) => index + 2));
    assert.equal(script.log.compactedUntil, 2_000);
    assert.ok(script.log.entries.length <= 11);
    assert.equal(script.log.count, 31);
    assert.equal(script.log.partitions()[0]!.count, 31);
    const lacks = lacksOf(script.log, script.log.entries.length, (at) => `${at}`);
    assert.match(lacks[0]!, /before 2000, only some/);
    assert.match(lacks[1]!, /keeps the last/);
  });

  it('passes over what it cannot read', () => {
    const script = new Script().group(7);
    script.take({ key: commitOf('billing', 'orders', 0, 1n, 1).key, value: Buffer.from([0, 99, 1]) }).commits(5);
    assert.deepEqual([script.log.unread, script.kinds], [1, ['first']]);
  });
});

describe('commitFindings', () => {
  it('makes one of a member that goes back again and again', () => {
    const script = new Script().group(7);
    for (let round = 0; round < 4; round++) {
      script.commits(1_000 + round * 100, 700 + round * 100);
      script.at += 14_000;
    }
    const [finding] = script.findings();
    assert.equal(
      finding?.text,
      'orders-0 went back 4 times from 2 s to 50 s: 1,200 records in all are processed twice.',
    );
    assert.match(finding.evidence.join(' '), /About every 16 s, by up to 300 records each\./);
    assert.match(finding.evidence.join(' '), /Which member committed is not in the topic/);
    assert.match(finding.advice!, /seek\(\)/);
    assert.equal(finding.commits.length, 4);
  });

  it('makes one of a reset of many partitions', () => {
    const script = new Script().group(7);
    const all = (offset: bigint): CoordinatorBytes[] =>
      [0, 1, 2].map((partition) => commitOf('billing', 'orders', partition, offset, script.at));
    script.take(...all(100n));
    script.at = minute;
    script.group(8, []).take(...all(0n));
    const findings = script.findings();
    assert.equal(findings.length, 1);
    assert.equal(
      findings[0]!.text,
      '3 partitions of orders were committed back at 60 s: 300 records in all are processed twice.',
    );
  });

  it('sees that commits do not get on, or stopped, while records wait', () => {
    const script = new Script().group(7).commits(5, ...Array.from({ length: 90 }, () => 5_000));
    assert.deepEqual(script.findings(), []);
    const [still] = script.findings({ waiting: () => 2_310n });
    assert.match(still!.text, /^orders-0 is committed at 5,000 again and again, 89 times in 1 min 29 s, while 2,310/);
    const [silent] = script.findings({ waiting: () => 2_310n, now: script.at + 10 * minute });
    assert.match(silent!.text, /^No commit of orders-0 for 10 min, since 91 s, while 2,310 records wait\.$/);
  });

  it('tells the longest pause against what is usual', () => {
    const script = new Script().group(7).commits(1, 2, 3, 4, 5);
    script.at += 12 * minute;
    script.commits(6, 7, 8, 9);
    const [gap] = script.findings();
    assert.equal(gap?.text, 'No commit of orders-0 for 12 min 1 s, from 5 s to 726 s.');
    assert.equal(gap.level, 'info');
  });

  it('warns of commits that are about to expire', () => {
    const script = new Script().group(7).commits(1).group(8, []);
    const [finding] = script.findings({ expiresAt: () => 25 * hour, now: 24 * hour });
    assert.equal(finding?.text, 'A commit expires in 1 h, at 90000 s.');
    assert.equal(finding.level, 'warning');
  });
});

describe('expiryOf', () => {
  const facts = {
    committedAt: 10 * hour,
    expireTimestamp: undefined,
    group: 'empty' as const,
    retainedFrom: 20 * hour,
    subscribed: undefined,
    topic: 'orders',
    retention: 24 * hour,
  };

  it('counts from when a classic group became empty, else from the commit', () => {
    assert.equal(expiryOf(facts).at, 44 * hour);
    assert.equal(expiryOf({ ...facts, retainedFrom: undefined }).at, 34 * hour);
    assert.equal(expiryOf({ ...facts, group: 'unknown' }).at, 34 * hour);
    assert.equal(expiryOf({ ...facts, expireTimestamp: 3 }).at, 3);
    assert.equal(expiryOf({ ...facts, retention: undefined }).at, undefined);
  });

  it('never comes while members subscribe to the topic', () => {
    const lively = { ...facts, group: 'members' as const };
    assert.equal(expiryOf({ ...lively, subscribed: new Set(['orders']) }).at, undefined);
    assert.equal(expiryOf(lively).at, undefined);
    assert.equal(expiryOf({ ...lively, subscribed: new Set(['others']) }).at, 34 * hour);
  });
});
