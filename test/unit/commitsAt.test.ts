import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { planReset } from '../../src/groups/plan/planReset.ts';
import { CommitLog } from '../../src/offsetsTopic/commits.ts';
import { CommitsAt } from '../../src/offsetsTopic/commitsAt.ts';
import { TopicNames } from '../../src/offsetsTopic/decode/topicNames.ts';
import { commitOf, deletedCommit, offsetsSlice, type CoordinatorBytes } from '../support/offsetsSlices.ts';
import { aTopic } from '../support/snapshots.ts';
import { aCommit, factsOf } from './resetFixtures.ts';

/** What a log of these records, each at its time, says of a moment. */
function then(
  at: number,
  records: readonly (readonly [at: number, record: CoordinatorBytes])[],
  isWhole = true,
): ReturnType<CommitsAt['end']> {
  const commits = new CommitsAt(at);
  const log = new CommitLog({
    group: 'billing',
    names: new TopicNames(),
    retention: () => undefined,
    maxCommits: 1,
    onCommit: (commit) => commits.take(commit),
  });
  for (const [index, [time, record]] of records.entries()) {
    log.take(offsetsSlice([record], { baseOffset: BigInt(index), at: time }));
  }
  return commits.end(isWhole, (time) => `second ${time / 1_000}`);
}

const commit = (partition: number, offset: bigint, at: number): readonly [number, CoordinatorBytes] => [
  at,
  commitOf('billing', 'orders', partition, offset, at),
];

describe('the commits as of a time', () => {
  it('are the last ones at or before it, of this group alone', () => {
    const records = [
      commit(0, 10n, 1_000),
      commit(1, 7n, 1_500),
      [1_800, commitOf('shipping', 'orders', 0, 99n, 1_800)] as const,
      commit(0, 20n, 2_000),
      commit(0, 5n, 3_000),
    ];
    const offsets = (at: number): unknown => [...then(at, records).offsets.get('orders')!];
    assert.deepEqual(offsets(1_999), [
      [0, 10n],
      [1, 7n],
    ]);
    assert.deepEqual(offsets(2_000), [
      [0, 20n],
      [1, 7n],
    ]);
    assert.deepEqual(offsets(9_000), [
      [0, 5n],
      [1, 7n],
    ]);
  });

  it('say of a partition without one whether it had none, or whether nobody can know', () => {
    const records = [
      commit(0, 10n, 1_000),
      [2_000, deletedCommit('billing', 'orders', 0)] as const,
      commit(0, 11n, 5_000),
      commit(1, 7n, 4_000),
    ];
    const whole = then(3_000, records);
    assert.deepEqual(
      [...whole.offsets.get('orders')!],
      [
        [0, undefined],
        [1, undefined],
      ],
    );
    assert.deepEqual(
      [...whole.why.get('orders')!.values()],
      ['It had no commit then: that was deleted second 2.', 'It had no commit then: the first one is of second 4.'],
    );
    const compacted = then(3_000, records, false);
    assert.deepEqual([...compacted.offsets.get('orders')!.keys()], [0]);
    assert.match(
      compacted.why.get('orders')!.get(1)!,
      /not known: the oldest commit that compaction has left is of second 4/,
    );
  });

  it('make a plan in which what is not known stays as it is, and says why', () => {
    const strategy = {
      kind: 'positions',
      positions: new Map([
        [
          'orders',
          new Map([
            [0, aCommit(4n)],
            [1, undefined],
          ]),
        ],
      ]),
      exact: false,
      why: new Map([
        [
          'orders',
          new Map([
            [1, 'It was deleted.'],
            [2, 'Compaction.'],
          ]),
        ],
      ]),
    } as const;
    const facts = factsOf({
      topics: [aTopic('orders', 3)],
      commits: { orders: [9n, 9n, 9n] },
      logs: {
        orders: [
          [6n, 20n],
          [0n, 20n],
          [0n, 20n],
        ],
      },
    });
    const { rows } = planReset({ group: 'billing', scope: { kind: 'given' }, strategy }, facts);
    assert.deepEqual(
      rows.map(({ after, error }) => error ?? (after?.kind === 'commit' ? after.offset : after)),
      [6n, 'It was deleted.', 'Compaction.'],
    );
    assert.equal(rows[0]!.clamped?.why, 'below-start');
  });
});
