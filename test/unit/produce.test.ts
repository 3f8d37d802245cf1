import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openBatch, splitBatches } from '../../src/records/openBatch.ts';
import { buildBatch, sizeOf, writtenCompressions, type NewRecord } from '../../src/produce/batchBuilder.ts';
import { murmur2, partitionOfKey } from '../../src/produce/murmur2.ts';
import { place } from '../../src/produce/placing.ts';
import { parseTimestamp, readRecordLines } from '../../src/produce/recordLines.ts';
import { RecordBytes } from '../../src/produce/recordBytes.ts';
import { encodeValue, type ValueFormat } from '../../src/produce/values.ts';
import { HumanError } from '../../src/shared/errors.ts';

const records: NewRecord[] = [
  { key: Buffer.from('k'), value: Buffer.from('v'), headers: [], timestamp: 1_700_000_000_000n },
  { key: null, value: null, headers: [{ key: '', value: null }], timestamp: 0n },
  {
    key: Buffer.alloc(0),
    value: Buffer.alloc(0),
    headers: [
      { key: 'é', value: Buffer.from([0xff, 0]) },
      { key: 'é', value: Buffer.alloc(0) },
    ],
    timestamp: 2n ** 62n,
  },
  { key: Buffer.alloc(70_000, 7), value: Buffer.alloc(200_000, 'ab'), headers: [], timestamp: 1_700_000_000_001n },
];

describe('A batch that is built', () => {
  for (const compression of Object.keys(writtenCompressions) as (keyof typeof writtenCompressions)[]) {
    it(`is read back as it was, compression ${compression}`, () => {
      const producer = { id: 2n ** 40n, epoch: 3 };
      const bytes = buildBatch({ records, compression, producer, baseSequence: 2 ** 31 - 2 });
      const { shells, cutOff } = splitBatches(bytes, 0n, 100n);
      assert.equal(cutOff, 0);
      assert.equal(shells.length, 1);
      const batch = openBatch(shells[0]!, { topic: 't', partition: 0 }, { limit: 1 << 20 });
      assert.equal(batch.facts.compression, compression);
      assert.equal(batch.facts.producerId, producer.id);
      assert.equal(batch.facts.producerEpoch, 3);
      assert.deepEqual([batch.facts.baseSequence, batch.facts.lastSequence], [2 ** 31 - 2, 1]);
      assert.equal(batch.facts.maxTimestamp, 2n ** 62n);
      assert.equal(batch.count, records.length);
      for (const [index, record] of records.entries()) {
        assert.equal(batch.offset(index), BigInt(index));
        assert.equal(batch.timestamp(index), record.timestamp);
        assert.deepEqual(batch.key(index), record.key);
        assert.deepEqual(batch.value(index), record.value);
        assert.deepEqual(batch.headers(index), record.headers);
        assert.ok(batch.size(index) <= sizeOf(record), `record ${index} takes no more than was reckoned with`);
      }
    });
  }

  it('writes integers at their limits', () => {
    const bytes = new RecordBytes();
    for (const value of [0, -1, 1, 63, 64, 2 ** 31 - 1, -(2 ** 31)]) bytes.varint(value);
    assert.equal(bytes.bytes.toString('hex'), '0001027e8001feffffff0fffffffff0f');
    bytes.clear();
    for (const value of [2n ** 63n - 1n, -(2n ** 63n)]) bytes.varlong(value);
    assert.equal(bytes.bytes.toString('hex'), 'feffffffffffffffff01ffffffffffffffffff01');
  });
});

describe('The partition of a record', () => {
  it("is that of Kafka's own murmur2 (vectors of its UtilsTest)", () => {
    const vectors: Record<string, number> = {
      '21': -973932308,
      foobar: -790332482,
      'a-little-bit-long-string': -985981536,
      'a-little-bit-longer-string': -1486304829,
      lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8: -58897971,
      abc: 479470107,
    };
    for (const [key, hash] of Object.entries(vectors)) assert.equal(murmur2(Buffer.from(key)), hash, key);
  });

  it('is the chosen one, else that of its key, else the one for those without', () => {
    const record = { key: Buffer.from('foobar'), value: null, headers: [], timestamp: 0n };
    const placed = place(
      [
        { ...record, partition: 2 },
        { ...record, partition: undefined },
        { ...record, key: null, partition: undefined },
      ],
      't',
      7,
      5,
    );
    assert.deepEqual(
      placed.map(({ partition }) => partition),
      [2, partitionOfKey(record.key, 7), 5],
    );
    assert.throws(() => place([{ ...record, partition: 7 }], 't', 7, 0), HumanError);
  });
});

describe('What is written down', () => {
  const good: [ValueFormat, string, string][] = [
    ['text', 'é\n', 'c3a90a'],
    ['text', '', ''],
    ['json', '{"a": 12345678901234567890}', Buffer.from('{"a": 12345678901234567890}').toString('hex')],
    ['hex', ' 0x00 ff:A0\n', '00ffa0'],
    ['hex', '', ''],
    ['base64', 'AP+g', '00ffa0'],
    ['base64', 'AP-g', '00ffa0'],
    ['base64', 'AA==', '00'],
    ['base64', 'AA', '00'],
    ['int32', '-1', 'ffffffff'],
    ['int64', '+9223372036854775807', '7fffffffffffffff'],
  ];
  for (const [format, text, hex] of good) {
    it(`as ${format}: ${JSON.stringify(text)}`, () => {
      const encoded = encodeValue(format, text);
      assert.ok('bytes' in encoded);
      assert.equal(encoded.bytes!.toString('hex'), hex);
    });
  }

  const wrong: [ValueFormat, string][] = [
    ['text', '\ud800'],
    ['json', ''],
    ['json', '{"a":}'],
    ['hex', '0'],
    ['hex', '0g'],
    ['base64', 'A'],
    ['base64', 'AA='],
    ['base64', '%'],
    ['int16', '32768'],
    ['int64', '9223372036854775808'],
    ['int32', '1.5'],
    ['int32', ''],
    ['float64', 'x'],
    ['float32', ''],
    ['boolean', '1'],
    ['uuid', '123'],
  ];
  for (const [format, text] of wrong) {
    it(`is said to be no ${format}: ${JSON.stringify(text)}`, () => assert.ok('problem' in encodeValue(format, text)));
  }

  it('is nothing where it is null, which is not empty', () =>
    assert.deepEqual(encodeValue('null', 'x'), { bytes: null }));
});

describe('JSON lines', () => {
  it('give records, bytes and numbers exact', () => {
    const lines = [
      '{"key": "k", "value": {"id": 12345678901234567890, "x": 1.10}, "headers": {"h": "1", "n": null}, "partition": 3, "timestamp": 1700000000000}',
      '',
      '{"value": {"base64": "AP8="}, "headers": [{"key": "a", "value": "1"}, {"key": "a"}], "timestamp": "2026-03-01T00:00:00Z", "offset": 7}',
      '{"key": null, "value": null}',
    ];
    const { records: read, problems } = readRecordLines(`\ufeff${lines.join('\r\n')}\n`);
    assert.deepEqual(problems, []);
    assert.deepEqual(read, [
      {
        key: Buffer.from('k'),
        value: Buffer.from('{"id":12345678901234567890,"x":1.10}'),
        headers: [
          { key: 'h', value: Buffer.from('1') },
          { key: 'n', value: null },
        ],
        partition: 3,
        timestamp: 1_700_000_000_000n,
      },
      {
        key: null,
        value: Buffer.from([0, 0xff]),
        headers: [
          { key: 'a', value: Buffer.from('1') },
          { key: 'a', value: null },
        ],
        partition: undefined,
        timestamp: BigInt(Date.parse('2026-03-01T00:00:00Z')),
      },
      { key: null, value: null, headers: [], partition: undefined, timestamp: undefined },
    ]);
  });

  it('of an export give back its bytes, and no markers', () => {
    const line = '{"key":"AP8=","keyEncoding":"base64","value":"AP8="}';
    const { records: read, problems } = readRecordLines(`${line}\n{"value":"AAA=","control":"commit marker"}`);
    assert.deepEqual([read[0]!.key, read[0]!.value], [Buffer.from([0, 255]), Buffer.from('AP8=')]);
    assert.equal(read.length, 1);
    assert.match(problems[0]!, /Line 2: a marker/);
  });

  it('that are none are named with what is wrong', () => {
    const { records: read, problems } = readRecordLines(
      '{"value": "a"}\n{"value":\n[1]\n{"partition": -1}\n{"headers": 3}',
    );
    assert.equal(read.length, 1);
    assert.deepEqual(
      problems.map((problem) => problem.slice(0, 7)),
      ['Line 2:', 'Line 3:', 'Line 4:', 'Line 5:'],
    );
  });

  it('have times in milliseconds or ISO', () => {
    assert.equal(parseTimestamp('0'), 0n);
    assert.equal(parseTimestamp('1970-01-01T00:00:01Z'), 1000n);
    for (const text of ['', 'now', '-5', '1.5', '2026'])
      assert.equal(parseTimestamp(text) === undefined, text !== '2026', text);
  });
});
