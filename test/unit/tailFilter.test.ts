import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createDecoder } from '../../src/formats/createDecoder.ts';
import { DecodedPresenter } from '../../src/tail/decodedPresenter.ts';
import { parseFilter } from '../../src/tail/filter/parseFilter.ts';
import { javaPartition, librdkafkaPartition, murmur2 } from '../../src/tail/filter/partitioners.ts';
import type { FilterContext } from '../../src/tail/filter/predicate.ts';
import { FilterProblem } from '../../src/tail/filter/problem.ts';
import { parseTime } from '../../src/tail/filter/times.ts';
import { RecordStore } from '../../src/tail/recordStore.ts';
import { sliceOf } from '../support/tailSlices.ts';

const presenter = new DecodedPresenter({ topic: 'orders', decoder: createDecoder(undefined), format: () => 'auto' });
const context: FilterContext = {
  partitions: () => 6,
  now: 0,
  plain: (record) => presenter.plain(record),
  shownText: (record, part) => presenter.shownText(record, part),
};

const store = new RecordStore({ maxRecords: 1_000, maxBytes: 1 << 30 });
store.append(
  sliceOf({
    baseOffset: 100n,
    partition: 1,
    records: [
      {
        key: 'Order-7',
        value:
          '{"order": {"total": 9007199254740993, "items": [{"sku": "A1"}, {"sku": "B-2"}]}, "state": "Paid", "n": "5"}',
        headers: { trace: 'abc', 'content type': 'json' },
      },
      { key: 'order-8', value: '{"order": {"total": 12.5}, "state": null, "n": 5, "ok": true}', timestampDelta: 1_000 },
      { key: null, value: 'GET /api/orders Zürich', timestampDelta: 2_000 },
      { key: 'gone', value: null, timestampDelta: 3_000 },
    ],
  }),
);
store.append(
  sliceOf({
    baseOffset: 5n,
    partition: 4,
    isTransactional: true,
    producerId: 9n,
    transaction: { producerId: 9n, outcome: 'aborted', markerOffset: 8n },
    records: [
      { key: 'a', value: 'x'.repeat(20_000) },
      { key: 'b', value: Buffer.from([0, 0, 0, 0, 0, 0, 4, 210]) },
    ],
  }),
);
store.appendNotice({ severity: 'info', at: 1, partition: 1, message: 'The leader moved.' });

async function found(text: string): Promise<number[]> {
  const test = parseFilter(text).test(context);
  const seqs: number[] = [];
  for (let seq = 0; seq < store.endSeq; seq++) if (await test(store.at(seq)!)) seqs.push(seq);
  return seqs;
}

const cases: readonly (readonly [string, readonly number[]])[] = [
  ['', [0, 1, 2, 3, 4, 5, 6]],
  ['order', [0, 1, 2]],
  ['ORDER -paid', [1, 2]],
  ['order state', [0, 1]],
  ['"api/orders z"', [2]],
  ['zÜRICH', [2]],
  ['/api/', [2]],
  ['/API\\/o/i', [2]],
  ['/api/orders', [2]],
  ['abc', [0]],
  ['trace', [0]],
  ['leader', [6]],
  ['1234', [5]],
  ['key:order', [0, 1]],
  ['key=order-8', [1]],
  ['key:"order-"', [0, 1]],
  ['key:/^order/', [1]],
  ['-key:order partition:1', [2, 3, 6]],
  ['value:paid', [0]],
  ['header:trace', [0]],
  ['header:trace=abc', [0]],
  ['header:trace=abd', []],
  ['header:"content type"=json', [0]],
  ['$.order.total > 100', [0]],
  ['$.order.total == 9007199254740993', [0]],
  ['$.order.total == 9007199254740992', []],
  ['$.order.total > 9007199254740992', [0]],
  ['$.order.total<=12.5', [1]],
  ['$.order.items[0].sku = A1', [0]],
  ['$.order.items[-1].sku == "B-2"', [0]],
  ['$.order.items[*].sku =~ /^b/i', [0]],
  ["$['order']..sku", [0]],
  ['$.state', [0, 1]],
  ['$.state == null', [1]],
  ['$.state != null', [0]],
  ['$.state > 100', []],
  ['$.state >= "P"', [0]],
  ['$.n == 5', [0, 1]],
  ['$.n == "5"', [0]],
  ['$.ok == true', [1]],
  ['partition:4', [4, 5]],
  ['partition:0-2,4', [0, 1, 2, 3, 4, 5, 6]],
  ['offset:101..102', [1, 2]],
  ['offset>=102 offset<200', [2, 3]],
  ['offset>102', [3]],
  ['size>10kb', [4]],
  ['time:1700000001000..1700000002000', [1, 2]],
  ['time>1700000002000', [3]],
  ['tx:aborted', [4, 5]],
  ['tx:none', [0, 1, 2, 3]],
  ['is:tombstone', [3]],
  ['is:nokey', [2]],
  ['is:notice', [6]],
  ['keypartition:Order-7', javaPartition(Buffer.from('Order-7'), 6) === 1 ? [0, 1, 2, 3, 6] : []],
];

describe('parseFilter', () => {
  for (const [text, expected] of cases) {
    it(`finds by ${text === '' ? 'nothing' : text}`, async () => assert.deepEqual(await found(text), expected));
  }

  it('says what is wrong, and where', () => {
    const wrong: readonly (readonly [string, RegExp, string])[] = [
      ['abc /(/ def', /regular expression/, '/(/'],
      ['$.', /name must follow/, '$.'],
      ['$.a >', /value to compare/, '$.a >'],
      ['$.a =~ b', /wants a regular/, '$.a =~ '],
      ['$.a[x]', /Brackets/, '[x]'],
      ['offset:abc', /number/, 'offset:abc'],
      ['tx:maybe', /one of/, 'tx:maybe'],
      ['time:soon', /a time/, 'time:soon'],
      ['partition:1;2', /Partitions/, 'partition:1;2'],
      ['key:', /missing/, 'key:'],
    ];
    for (const [text, message, where] of wrong) {
      assert.throws(
        () => parseFilter(text),
        (error) => {
          assert.ok(error instanceof FilterProblem, text);
          assert.match(error.message, message);
          assert.equal(text.slice(error.from, error.to), where);
          return true;
        },
      );
    }
  });

  it('looks through a value of 50 MB without holding up the event loop', async () => {
    const large = new RecordStore({ maxRecords: 10, maxBytes: 1 << 30 });
    const value = Buffer.alloc(50 << 20, 'y');
    value.write('Needle', value.length - 6);
    large.append(sliceOf({ records: [{ value }] }));
    let turns = 0;
    let isOver = false;
    const turn = (): void => {
      turns++;
      if (!isOver) setImmediate(turn);
    };
    setImmediate(turn);
    assert.equal(await parseFilter('needle').test(context)(large.at(0)!), true);
    isOver = true;
    assert.ok(turns > 100, `${turns} turns`);
  });

  it('is not brought down by values that are deeper than the stack', async () => {
    const deep = new RecordStore({ maxRecords: 10, maxBytes: 1 << 30 });
    const value = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`;
    deep.append(sliceOf({ records: [{ value }] }));
    assert.equal(await parseFilter('$..b == 1').test(context)(deep.at(0)!), false);
  });
});

describe('partitioners', () => {
  it('agree with Kafka', () => {
    // org.apache.kafka.common.utils.UtilsTest.testMurmur2
    const known: Readonly<Record<string, number>> = {
      '21': -973932308,
      foobar: -790332482,
      'a-little-bit-long-string': -985981536,
      'a-little-bit-longer-string': -1486304829,
      lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8: -58897971,
      abc: 479470107,
    };
    for (const [text, hash] of Object.entries(known)) assert.equal(murmur2(Buffer.from(text)), hash, text);
    assert.equal(javaPartition(Buffer.from('21'), 7), (-973932308 & 0x7fffffff) % 7);
    // The check value of CRC-32.
    assert.equal(librdkafkaPartition(Buffer.from('123456789'), 1_000), 0xcbf43926 % 1_000);
  });
});

describe('parseTime', () => {
  const now = new Date(2026, 2, 10, 15, 30).getTime();
  const cases: readonly (readonly [string, number | undefined])[] = [
    ['now', now],
    ['10 minutes ago', now - 600_000],
    ['10m', now - 600_000],
    ['-2h', now - 7_200_000],
    ['1.5 hours ago', now - 5_400_000],
    ['3 days ago', now - 3 * 86_400_000],
    ['12:05', new Date(2026, 2, 10, 12, 5).getTime()],
    ['yesterday 14:00', new Date(2026, 2, 9, 14).getTime()],
    ['today', new Date(2026, 2, 10).getTime()],
    ['2026-03-01', new Date(2026, 2, 1).getTime()],
    ['2026-03-01 12:00', new Date(2026, 2, 1, 12).getTime()],
    ['2026-03-01T12:00:05.25Z', Date.UTC(2026, 2, 1, 12, 0, 5, 250)],
    ['2026-03-01T12:00+01:00', Date.UTC(2026, 2, 1, 11)],
    ['1700000000000', 1_700_000_000_000],
    ['1700000000', 1_700_000_000_000],
    ['soon', undefined],
    ['25:00', undefined],
    ['2026-02-31', undefined],
    ['', undefined],
  ];
  for (const [text, expected] of cases) it(`reads ${text}`, () => assert.equal(parseTime(text, now), expected));
});
