import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { needs } from '../../src/groups/plan/needs.ts';
import { planReset } from '../../src/groups/plan/planReset.ts';
import { planUndo } from '../../src/groups/plan/undo.ts';
import type { OffsetPlan, PlanFacts, Scope, Strategy } from '../../src/groups/plan/plan.ts';
import { aTopic } from '../support/snapshots.ts';
import { aCommit, factsOf } from './resetFixtures.ts';

const committed: Scope = { kind: 'committed' };
const whole: Scope = { kind: 'topics', topics: [{ topic: 't' }] };
/** 0 in the middle, 1 below the log start, 2 beyond the end, 3 without a commit, 4 committed at 0 of an empty log. */
const facts = factsOf({
  topics: [aTopic('t', 5)],
  commits: { t: [50n, 5n, 120n, undefined, 0n] },
  logs: {
    t: [
      [0n, 100n],
      [10n, 100n],
      [0n, 100n],
      [0n, 100n],
      [0n, 0n],
    ],
  },
  atTime: { t: [60n, 70n, undefined, 10n, undefined] },
  other: { t: [40n, undefined, 500n] },
});

function plan(strategy: Strategy, scope: Scope = whole, some: PlanFacts = facts): OffsetPlan {
  return planReset({ group: 'g', scope, strategy }, some);
}

function afters({ rows }: OffsetPlan): (bigint | string | undefined)[] {
  return rows.map(({ after }) => (after?.kind === 'commit' ? after.offset : after?.kind));
}

describe('planReset', () => {
  it('follows each strategy', () => {
    assert.deepEqual(afters(plan({ kind: 'earliest' })), [0n, 10n, 0n, 0n, 0n]);
    assert.deepEqual(afters(plan({ kind: 'latest' })), [100n, 100n, 100n, 100n, 0n]);
    assert.deepEqual(afters(plan({ kind: 'current' })), [50n, 5n, 120n, 100n, 0n]);
    assert.deepEqual(afters(plan({ kind: 'offset', offset: 7n })), [7n, 10n, 7n, 7n, 0n]);
    assert.deepEqual(afters(plan({ kind: 'shift-by', by: -8n })), [42n, 10n, 100n, undefined, 0n]);
    assert.deepEqual(afters(plan({ kind: 'skip', count: 1n })), [51n, 10n, 100n, undefined, 0n]);
    assert.deepEqual(afters(plan({ kind: 'datetime', at: 1n })), [60n, 70n, 100n, 10n, 0n]);
    assert.deepEqual(afters(plan({ kind: 'group', group: 'o' })), [40n, undefined, 100n, undefined, undefined]);
    assert.deepEqual(afters(plan({ kind: 'delete' })), ['delete', 'delete', 'delete', undefined, 'delete']);
  });

  it('takes what the scope names, by topic and partition, each once', () => {
    const rowsOf = (scope: Scope, strategy: Strategy = { kind: 'earliest' }): string[] =>
      plan(strategy, scope).rows.map(({ topic, partition }) => `${topic}-${partition}`);
    assert.deepEqual(rowsOf(committed), ['t-0', 't-1', 't-2', 't-4']);
    assert.deepEqual(rowsOf({ kind: 'topics', topics: [{ topic: 't', partitions: [3, 1, 3] }] }), ['t-1', 't-3']);
    const given: Scope = { kind: 'given' };
    assert.deepEqual(rowsOf(given, { kind: 'group', group: 'o' }), ['t-0', 't-2']);
    assert.deepEqual(rowsOf(given, { kind: 'record', topic: 't', partition: 3, offset: 1n }), ['t-3']);
    const rows = [
      { group: undefined, topic: 't', partition: 2, offset: 1n },
      { group: 'other', topic: 't', partition: 4, offset: 1n },
      { group: 'g', topic: 'a', partition: 0, offset: 1n },
    ];
    assert.deepEqual(rowsOf(given, { kind: 'file', rows }), ['a-0', 't-2']);
  });

  it('says what was clamped, from what to what', () => {
    const { rows, totals } = plan({ kind: 'offset', offset: 7n });
    assert.deepEqual(
      rows.map(({ clamped }) => clamped),
      [
        undefined,
        { from: 7n, to: 10n, why: 'below-start' },
        undefined,
        undefined,
        { from: 7n, to: 0n, why: 'above-end' },
      ],
    );
    assert.equal(rows[1]!.warning, '7 is below the log start: set to 10.');
    assert.equal(totals.clamped, 2);
  });

  it('counts what is skipped and what comes again, within the log, and what nobody can know', () => {
    const { rows, totals } = plan({ kind: 'offset', offset: 30n });
    assert.deepEqual(
      rows.map(({ skipped, again }) => [skipped, again]),
      [
        [0n, 20n],
        // From the log start on: what was below it is lost already.
        [20n, 0n],
        [undefined, undefined],
        [undefined, undefined],
        [0n, 0n],
      ],
    );
    assert.deepEqual(
      [totals.again, totals.skipped, totals.unknown, totals.writes, totals.unchanged],
      [20n, 20n, 2, 5, 1],
    );
  });

  it('says where no record is at or after the time', () => {
    const { rows } = plan({ kind: 'datetime', at: 1n });
    assert.equal(rows[2]!.warning, 'No record at or after that time: set to the log end, 100.');
    assert.equal(rows[0]!.warning, undefined);
  });

  it('gives each partition its own error', () => {
    const broken = factsOf({
      topics: [
        aTopic('t', 3, {
          partitions: aTopic('t', 3).partitions.map((each) => (each.partition === 1 ? { ...each, leader: -1 } : each)),
        }),
        aTopic('secret', 0, { failure: { kind: 'denied', message: 'Topic secret: not allowed.' } }),
      ],
      commits: { t: [1n, 1n, 1n], gone: [3n], secret: [4n] },
      logs: {
        t: [
          [0n, 9n],
          [0n, 9n],
        ],
      },
    });
    const errors = planReset({ group: 'g', scope: committed, strategy: { kind: 'latest' } }, broken).rows.map(
      ({ topic, partition, error }) => [`${topic}-${partition}`, error],
    );
    assert.deepEqual(errors, [
      ['gone-0', 'Topic gone does not exist.'],
      ['secret-0', 'Topic secret: not allowed.'],
      ['t-0', undefined],
      ['t-1', 'Topic t, partition 1: no leader is elected.'],
      ['t-2', 'The log offsets of t-2 are not known.'],
    ]);
    const missing: Scope = { kind: 'topics', topics: [{ topic: 't', partitions: [9] }] };
    assert.equal(plan({ kind: 'latest' }, missing).rows[0]!.error, 'Topic t has no partition 9.');
    // What is gone can still be deleted.
    assert.deepEqual(afters(plan({ kind: 'delete' }, { kind: 'topics', topics: [{ topic: 'gone' }] }, broken)), [
      'delete',
    ]);
  });

  it('writes nothing where the present commit cannot be read', () => {
    const failure = { kind: 'error', message: 'It cannot be read.' } as const;
    const unread = { ...facts, commits: { value: new Map([['t', new Map([[0, { failure }]])]]) } };
    const { rows } = plan({ kind: 'latest' }, committed, unread);
    assert.deepEqual(
      [rows[0]!.after, rows[0]!.error],
      [undefined, 'It cannot be read. Without it there would be no way back.'],
    );
    assert.equal(plan({ kind: 'latest' }, whole, { ...facts, commits: { failure } }).refusal, 'It cannot be read.');
  });

  it('refuses as a whole what has no sense', () => {
    const streams = plan({ kind: 'latest' }, whole, { ...facts, type: 'streams' });
    assert.match(streams.refusal!, /Kafka Streams group/);
    assert.ok(streams.rows.length > 0);
    // What would be there is not to be read beside the sentence that it cannot be.
    assert.ok(
      streams.rows.every(({ after, again, skipped }) => [after, again, skipped].every((it) => it === undefined)),
    );
    assert.deepEqual([streams.totals.writes, streams.totals.again], [0, 0n]);
    assert.equal(plan({ kind: 'file', rows: [] }, { kind: 'given' }).refusal, 'The file has no offsets of group g.');
    assert.match(plan({ kind: 'latest' }, committed, factsOf({})).refusal!, /no committed offsets/);
    assert.equal(plan({ kind: 'latest' }).refusal, undefined);
  });

  it('names what has to be asked first', () => {
    const of = (strategy: Strategy): unknown => needs({ group: 'g', scope: whole, strategy });
    const none = { topics: ['t'], logOffsets: true, timestamp: undefined, otherGroup: undefined };
    assert.deepEqual(of({ kind: 'latest' }), none);
    assert.deepEqual(of({ kind: 'delete' }), { ...none, logOffsets: false });
    assert.deepEqual(of({ kind: 'duration', milliseconds: 5n, now: 12n }), { ...none, timestamp: 7n });
    assert.deepEqual(of({ kind: 'group', group: 'o' }), { ...none, otherGroup: 'o' });
  });
});

describe('planReset to commits as they were', () => {
  const positions = new Map([
    [
      't',
      new Map([
        [0, aCommit(3n, { leaderEpoch: 4, metadata: 'note' })],
        [1, aCommit(2n)],
        [2, undefined],
      ]),
    ],
  ]);

  it('to the letter, outside the log too, and none where there was none', () => {
    const { rows } = plan({ kind: 'positions', positions, exact: true }, { kind: 'given' });
    assert.deepEqual(
      rows.map(({ after }) => after),
      [
        { kind: 'commit', offset: 3n, leaderEpoch: 4, metadata: 'note' },
        { kind: 'commit', offset: 2n, leaderEpoch: -1, metadata: '' },
        { kind: 'delete' },
      ],
    );
    assert.match(rows[1]!.warning!, /log starts at 10 by now.*auto\.offset\.reset/);
  });

  it('brought into the log where that is wanted, and an error where none is known', () => {
    const { rows } = plan({ kind: 'positions', positions, exact: false });
    assert.deepEqual(afters({ rows } as OffsetPlan), [3n, 10n, undefined, undefined, undefined]);
    assert.deepEqual([rows[2]!.error, rows[3]!.error], ['It had no commit then.', 'Nothing is known of where it was.']);
  });
});

describe('planUndo', () => {
  const past = [
    { topic: 't', partition: 0, before: aCommit(9n), after: aCommit(50n) },
    { topic: 't', partition: 3, before: undefined, after: aCommit(7n) },
    { topic: 't', partition: 4, before: aCommit(0n), after: undefined },
  ];

  it('goes back, and warns where the group has moved since', () => {
    const back = planUndo('g', past, facts);
    assert.deepEqual(afters(back), [9n, 'delete', 0n]);
    assert.equal(back.rows[0]!.warning, undefined);
    assert.match(back.rows[1]!.warning!, /^It has moved since: it was left at 7 and is at no commit now\./);
    assert.match(back.rows[2]!.warning!, /left at no commit and is at 0 now/);
  });
});
