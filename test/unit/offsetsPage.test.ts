import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TopicNames } from '../../src/offsetsTopic/decode/topicNames.ts';
import { partitionWords } from '../../src/offsetsTopic/partitionWords.ts';
import { OffsetsPresenter } from '../../src/offsetsTopic/presenter.ts';
import { Timeline } from '../../src/offsetsTopic/timeline.ts';
import { parseFilter } from '../../src/tail/filter/parseFilter.ts';
import { RecordStore } from '../../src/tail/recordStore.ts';
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

const topicId = 'hZlmdMZuQNKUUCHvuc1DHA';
const hour = 3_600_000;

interface Shown {
  readonly presenter: OffsetsPresenter;
  readonly store: RecordStore;
}

/** What a tail would have kept of these batches. */
function tailed(...batches: readonly (readonly CoordinatorBytes[])[]): Shown {
  const presenter = new OffsetsPresenter({
    topic: '__consumer_offsets',
    names: new TopicNames(new Map([[topicId, 'orders']])),
    topicExists: () => true,
    retention: () => 24 * hour,
  });
  const store = new RecordStore({ maxRecords: 1_000, maxBytes: 8 << 20 });
  let baseOffset = 0n;
  for (const records of batches) {
    const slice = offsetsSlice(records, { baseOffset, at: 10_000 });
    presenter.take(slice);
    store.append(slice);
    baseOffset += BigInt(records.length);
  }
  return { presenter, store };
}

function rows({ presenter, store }: Shown): string[] {
  return Array.from({ length: store.endSeq }, (_, seq) => {
    const { key, value, more } = presenter.cells(store.at(seq)!);
    return [...(more ?? []), key.text, value.text].join(' | ');
  });
}

describe('OffsetsPresenter', () => {
  it('says what was committed, and how much further than before', () => {
    const shown = tailed(
      [commitOf('orders-svc', 'orders', 3, 17_692n, 5_000)],
      [commitOf('orders-svc', 'orders', 3, 18_204n, 10_000), commitOf('orders-svc', 'orders', 1, 7n, 10_000)],
      [commitOf('orders-svc', 'orders', 3, 18_000n, 12_000, { metadata: 'host-7' })],
      [commitOf('orders-svc', 'orders', 3, 18_000n, 13_000)],
    );
    assert.deepEqual(rows(shown), [
      'OffsetCommit | orders-svc | orders-3 | orders-svc committed orders-3 at 17,692',
      'OffsetCommit | orders-svc | orders-3 | orders-svc committed orders-3 at 18,204, +512 since 5 s before',
      'OffsetCommit | orders-svc | orders-1 | orders-svc committed orders-1 at 7',
      'OffsetCommit | orders-svc | orders-3 | orders-svc committed orders-3 at 18,000, -204 since 2 s before: back, metadata "host-7"',
      'OffsetCommit | orders-svc | orders-3 | orders-svc committed orders-3 at 18,000, as 1 s before',
    ]);
    // In whatever order rows are looked at.
    assert.match(shown.presenter.cells(shown.store.at(1)!).value.text, /\+512/);
  });

  it('says what a generation changed', () => {
    const shown = tailed(
      [
        classicGroup(
          'billing',
          6,
          [
            { id: 'c-1-a', assigned: { orders: [0, 1, 2] } },
            { id: 'c-2-b', assigned: { orders: [3] } },
          ],
          1,
          'cooperative-sticky',
        ),
      ],
      [
        classicGroup(
          'billing',
          7,
          [
            { id: 'c-1-a', assigned: { orders: [0] } },
            { id: 'c-2-b', assigned: { orders: [3] } },
            { id: 'c-3-c', assigned: { orders: [1, 2] } },
          ],
          2,
          'cooperative-sticky',
        ),
      ],
      [classicGroup('billing', 8, [], 3)],
    );
    assert.deepEqual(
      rows(shown).map((row) => row.split(' | ').at(-1)),
      [
        'generation 6: 2 members, leader c-1, cooperative-sticky, 4 partitions assigned',
        'generation 7: 3 members, leader c-1, cooperative-sticky, 2 partitions moved',
        'generation 8: no members',
      ],
    );
  });

  it('says what a KIP-848 member owns and gives up', () => {
    const shown = tailed([
      consumerMember('billing', 'c-1', ['orders']),
      consumerGroupEpoch('billing', 12),
      consumerAssignment('billing', 'c-1', 12, { [topicId]: [0, 1, 2] }, { [topicId]: [3] }),
      deletedConsumerMember('billing', 'c-1'),
    ]);
    assert.deepEqual(rows(shown), [
      'ConsumerGroupMemberMetadata | billing | c-1 | c-1 on 10.0.0.8 subscribes to orders',
      'ConsumerGroupMetadata | billing |  | the group is at epoch 12',
      'ConsumerGroupCurrentMemberAssignment | billing | c-1 | member c-1 is at epoch 12, owns orders-0..2, revokes orders-3',
      'ConsumerGroupMemberMetadata | billing | c-1 | member c-1 left, or was removed',
    ]);
  });

  it('says of a tombstone what it deleted, and why as far as can be told', () => {
    const shown = tailed(
      [commitOf('billing', 'orders', 3, 5n, 1_000)],
      [deletedCommit('billing', 'orders', 3)],
      [commitOf('billing', 'orders', 4, 5n, 1_000)],
      [deletedCommit('billing', 'orders', 4), deletedClassicGroup('billing')],
    );
    const texts = rows(shown).map((row) => row.split(' | ').at(-1));
    assert.equal(texts[1], 'commit of orders-3 deleted (most likely: by hand)');
    assert.equal(texts[3], 'commit of orders-4 deleted (its group was deleted)');
    const [section] = shown.presenter.sections(shown.store.at(1)!);
    assert.match(section!.facts.find(({ label }) => label === 'Why')!.value, /before it could have expired/);
  });

  it("gives the record as Kafka's formatter prints it, laid out", () => {
    const shown = tailed([commitOf('billing', 'orders', 3, 9_007_199_254_740_993n, 1_000)]);
    const record = shown.store.at(0)!;
    const { text, formatLabel } = shown.presenter.document(record, 'value');
    assert.match(text, /"offset": 9007199254740993,/);
    assert.match(text, /^\{\n {2}"key": \{\n {4}"type": 1,/);
    assert.equal(formatLabel, 'OffsetCommit v3');
    assert.deepEqual(JSON.parse(shown.presenter.document(record, 'key').text), {
      type: 1,
      data: { group: 'billing', topic: 'orders', partition: 3 },
    });
    const facts = shown.presenter.sections(record)[0]!.facts.map(({ label, value }) => `${label}: ${value}`);
    assert.ok(facts.includes('Printed by: org.apache.kafka.tools.consumer.OffsetsMessageFormatter'));
  });

  it('is filtered by group, type, topic, member, fields and text', () => {
    const shown = tailed([
      commitOf('billing', 'orders', 3, 500n, 1_000),
      commitOf('say "hi"', 'payments', 0, 7n, 1_000),
      consumerAssignment('billing', 'c-1', 12, { [topicId]: [0, 1, 2] }),
      deletedCommit('billing', 'payments', 3),
    ]);
    const { presenter, store } = shown;
    const context = {
      partitions: () => 50,
      now: 0,
      plain: presenter.plain.bind(presenter),
      shownText: presenter.shownText.bind(presenter),
    };
    const found = (filter: string): number[] => {
      const test = parseFilter(filter).test(context);
      return [0, 1, 2, 3].filter((seq) => test(store.at(seq)!) === true);
    };
    assert.deepEqual(found('$.group == "billing"'), [0, 2, 3]);
    assert.deepEqual(found(`$.group == ${JSON.stringify('say "hi"')}`), [1]);
    assert.deepEqual(found('$.type == "OffsetCommit"'), [0, 1, 3]);
    assert.deepEqual(found('$.topic == "orders"'), [0]);
    assert.deepEqual(found('$.member == "c-1"'), [2]);
    assert.deepEqual(found('$.value.data.offset > 7'), [0]);
    assert.deepEqual(found('"owns orders-0..2"'), [2]);
    assert.deepEqual(found('committed'), [0, 1]);
  });

  it('shows what is damaged or unknown as that', () => {
    const { key } = commitOf('billing', 'orders', 3, 5n, 1_000);
    const shown = tailed([
      { key, value: Buffer.from([0, 3, 1]) },
      { key: Buffer.from([0, 99, 0, 1, 0x67]), value: Buffer.from([0, 0]) },
      { key: Buffer.from([7]), value: null },
    ]);
    const texts = rows(shown);
    assert.match(texts[0]!, /^OffsetCommit \| billing \|  \| Its value cannot be read: /);
    assert.match(texts[1]!, /^type 99 \| g \|  \| A type of record/);
    assert.match(texts[2]!, /^no type \|/);
    for (const seq of [0, 1, 2]) {
      JSON.parse(shown.presenter.document(shown.store.at(seq)!, 'value').text);
      JSON.parse(shown.presenter.document(shown.store.at(seq)!, 'key').text);
      assert.notEqual(shown.presenter.plain(shown.store.at(seq)!), undefined);
    }
    assert.equal(shown.presenter.cells(shown.store.at(0)!).value.kind, 'failed');
  });
});

describe('Timeline', () => {
  it('gives what was before, is bounded, and begins anew after a jump back', () => {
    const timeline = new Timeline<string>(4);
    for (const at of [1n, 3n, 5n]) timeline.add(at, `at ${at}`);
    assert.deepEqual([timeline.before(1n), timeline.before(3n), timeline.before(100n)], [undefined, 'at 1', 'at 5']);
    assert.equal(timeline.add(3n, 'again'), 0);
    assert.equal(timeline.before(4n), 'at 3');
    for (const at of [7n, 9n]) timeline.add(at, `at ${at}`);
    assert.deepEqual([timeline.before(4n), timeline.before(10n)], [undefined, 'at 9']);
    timeline.add(2n, 'back');
    assert.deepEqual([timeline.before(9n), timeline.before(2n)], ['back', undefined]);
  });
});

it('partitions are told by ranges', () => {
  const of = (topic: string, ...partitions: number[]) => partitions.map((partition) => ({ topic, partition }));
  assert.equal(partitionWords([]), 'nothing');
  assert.equal(partitionWords([...of('orders', 2, 0, 1, 5), ...of('payments', 3)]), 'orders-0..2, 5, payments-3');
  const many = of('orders', ...Array.from({ length: 100 }, (_, index) => index * 2));
  assert.match(partitionWords(many), /^orders-0, 2, .* and more, 100 partitions in all$/);
});
