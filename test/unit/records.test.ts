import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import type { RecordBatch } from '../../src/records/batch.ts';
import { controlRecordOf } from '../../src/records/control.ts';
import { crc32c } from '../../src/records/crc32c.ts';
import { Damage, DamagedError } from '../../src/records/damaged.ts';
import { decompress } from '../../src/records/decompress.ts';
import { openBatch, splitBatches } from '../../src/records/openBatch.ts';
import { valuesWith } from '../../src/records/search.ts';
import { TransactionTracker } from '../../src/records/transactions.ts';
import { xxHash32 } from '../../src/records/xxhash32.ts';
import { lz4Frame, sealBatch, snappy, writeBatch, writeMarker, writeMessages } from '../support/recordsWriter.ts';

const where = { topic: 'orders', partition: 3 };
const all = 2n ** 63n - 1n;

function open(bytes: Buffer, limit = 1 << 20): RecordBatch {
  const { shells } = splitBatches(bytes, 0n, all);
  assert.equal(shells.length, 1);
  return openBatch(shells[0]!, where, { limit });
}

function damaged(bytes: Buffer, limit?: number): string {
  try {
    open(bytes, limit);
  } catch (error) {
    assert.ok(error instanceof DamagedError);
    return error.message;
  }
  return 'nothing is wrong';
}

describe('Checksums', () => {
  it('are those of the specifications', () => {
    assert.equal(crc32c(Buffer.from('123456789')), 0xe3069283);
    assert.equal(crc32c(Buffer.alloc(32)), 0x8a9136aa);
    // Wherever it lies in memory.
    for (let before = 0; before < 9; before++) {
      const bytes = Buffer.concat([Buffer.alloc(before, '-'), Buffer.from('123456789-')]);
      assert.equal(crc32c(bytes, before, before + 9), 0xe3069283);
      assert.equal(crc32c(bytes, before, before), 0);
    }
    assert.equal(xxHash32(Buffer.alloc(0)), 0x02cc5d05);
    assert.equal(xxHash32(Buffer.from('Nobody inspects the spammish repetition')), 0xe2293b2f);
  });
});

describe('decompress', () => {
  const text = Buffer.from('what repeats itself repeats itself, '.repeat(3000));
  const packed = {
    gzip: gzipSync(text),
    snappy: snappy(text),
    lz4: lz4Frame(text.subarray(0, 60_000)),
    zstd: zstdCompressSync(text),
  } as const;

  it('gives back what was compressed', () => {
    for (const codec of ['gzip', 'snappy', 'zstd'] as const) {
      assert.ok(decompress(codec, packed[codec], { limit: text.length }).equals(text), codec);
    }
    assert.ok(decompress('lz4', packed.lz4, { limit: 60_000 }).equals(text.subarray(0, 60_000)));
  });

  it('unpacks no more than it may', () => {
    for (const [codec, bytes] of Object.entries(packed)) {
      const limited = (): unknown => decompress(codec as 'gzip', bytes, { limit: 50_000 });
      assert.throws(limited, (error) => error instanceof Damage && /more than 50000 bytes/.test(error.message), codec);
    }
    // A length that is only said.
    const bomb = Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f, 0]);
    assert.throws(() => decompress('snappy', bomb, { limit: 2 ** 33 }), /cannot unpack/);
  });

  it('takes what is cut off for damage', () => {
    for (const [codec, bytes] of Object.entries(packed)) {
      for (const length of [0, 1, 5, bytes.length >> 1, bytes.length - 1]) {
        const cut = (): unknown => decompress(codec as 'gzip', bytes.subarray(0, length), { limit: 1 << 20 });
        assert.throws(cut, Damage, `${codec}, ${length} bytes`);
      }
    }
  });

  it('copies nothing from before the beginning', () => {
    // A literal of one byte, then four bytes from two back.
    const block = Buffer.from([5, 0, 0x61, 2 | (3 << 2), 2, 0]);
    assert.throws(() => decompress('snappy', block, { limit: 100 }), /copy is out of bounds/);
    block[4] = 1;
    assert.equal(decompress('snappy', block, { limit: 100 }).toString(), 'aaaaa');
  });

  it('refers back over LZ4 blocks only where the frame says so', () => {
    const frame = (flags: number): Buffer => {
      const header = Buffer.from([0x04, 0x22, 0x4d, 0x18, flags, 0x40]);
      const checksum = Buffer.from([(xxHash32(header, 4) >>> 8) & 0xff]);
      const literals = Buffer.concat([Buffer.from([9, 0, 0, 0, 0x80]), Buffer.from('abcdefgh')]);
      const copy = Buffer.from([3, 0, 0, 0, 0x00, 8, 0]);
      return Buffer.concat([header, checksum, literals, copy, Buffer.alloc(4)]);
    };
    assert.equal(decompress('lz4', frame(0x40), { limit: 100 }).toString(), 'abcdefghabcd');
    assert.throws(() => decompress('lz4', frame(0x60), { limit: 100 }), /copy is out of bounds/);
    const twice = Buffer.concat([frame(0x40), frame(0x40)]);
    assert.equal(decompress('lz4', twice, { limit: 100 }).toString(), 'abcdefghabcdabcdefghabcd');
  });

  it('reads LZ4 headers of format 0 with the checksum that Kafka wrote there', () => {
    const broken = Buffer.from(packed.lz4);
    broken[6] = (xxHash32(broken, 0, 6) >>> 8) & 0xff;
    assert.throws(() => decompress('lz4', broken, { limit: 1 << 20 }), /checksum of an LZ4 header/);
    assert.equal(decompress('lz4', broken, { limit: 1 << 20, isFormat0: true }).length, 60_000);
  });
});

describe('openBatch', () => {
  const records = [{ key: 'a', value: 'first' }, { value: null, headers: { h: 'v', n: null } }, { value: '' }];

  it('tells null from empty, and decodes when asked', () => {
    const batch = open(writeBatch({ baseOffset: 10n, records }));
    assert.deepEqual(
      [0, 1, 2].map((index) => [batch.offset(index), batch.key(index)?.toString(), batch.value(index)?.toString()]),
      [
        [10n, 'a', 'first'],
        [11n, undefined, undefined],
        [12n, undefined, ''],
      ],
    );
    assert.deepEqual(batch.headers(1), [
      { key: 'h', value: Buffer.from('v') },
      { key: 'n', value: null },
    ]);
    assert.deepEqual(batch.headers(0), []);
  });

  it('has the time of the append where the broker set it', () => {
    const timed = [{ timestampDelta: 5 }, { timestampDelta: 70 }];
    const times = (isLogAppendTime: boolean): bigint[] => {
      const batch = open(writeBatch({ records: timed, isLogAppendTime }));
      return [batch.timestamp(0), batch.timestamp(1)];
    };
    assert.deepEqual(times(false), [1_700_000_000_005n, 1_700_000_000_070n]);
    assert.deepEqual(times(true), [1_700_000_000_070n, 1_700_000_000_070n]);
  });

  it('keeps the offsets of a batch that compaction emptied', () => {
    for (const codec of ['none', 'zstd', 'lz4'] as const) {
      const bytes = writeBatch({ baseOffset: 10n, records: [], lastOffsetDelta: 4 });
      bytes[22] = ['none', 'gzip', 'snappy', 'lz4', 'zstd'].indexOf(codec);
      const batch = open(sealBatch(bytes));
      assert.deepEqual([batch.count, batch.facts.lastOffset, batch.facts.compression], [0, 14n, codec]);
    }
  });

  it('says what is wrong', () => {
    const intact = writeBatch({ baseOffset: 1234n, records });
    const changed = (at: number, byte: number, isSealed = true): Buffer => {
      const bytes = Buffer.from(intact);
      bytes[at] = byte;
      return isSealed ? sealBatch(bytes) : bytes;
    };
    assert.match(damaged(changed(70, 1, false)), /^orders-3, offset 1234: the batch is damaged: its CRC-32C is 0x/);
    assert.match(damaged(changed(16, 3, false)), /its format 3 is unknown/);
    assert.match(damaged(changed(22, 7)), /its compression 7 is unknown/);
    assert.match(damaged(changed(60, 4)), /record 3 of 4/);
    assert.match(damaged(changed(60, 2)), /left over behind its 2 records/);
    assert.match(damaged(changed(57, 0x7f)), /records cannot be in/);
    assert.match(damaged(changed(61, 0x7e)), /record 0 of 3 says that it has 63 bytes/);
    assert.match(damaged(changed(64, 8)), /offset delta 4/);
    const backwards = writeBatch({ records: [{ offsetDelta: 1 }, { offsetDelta: 1 }], lastOffsetDelta: 1 });
    assert.match(damaged(backwards), /record 1 of 2 has the offset delta 1, after 1/);
    assert.match(damaged(writeBatch({ records: [{ value: 'x'.repeat(5000) }], codec: 'lz4' }), 4000), /more than 4000/);
    const message = writeMessages(1, 'none', 7n, ['value']);
    message[30] = 9;
    assert.match(damaged(message), /offset 7: the batch is damaged: the CRC-32 of the message is/);
  });

  it('finds damage within a record when the record is read', () => {
    const bytes = writeBatch({ baseOffset: 5n, records: [{ key: 'key', value: 'value' }] });
    // The length of the key.
    bytes[65] = 60;
    const batch = open(sealBatch(bytes));
    for (const read of [() => batch.key(0), () => batch.value(0), () => batch.headers(0)]) {
      assert.throws(read, /orders-3, offset 5: the record is damaged: a field of 30 bytes goes past its end/);
    }
  });
});

describe('splitBatches', () => {
  const at = (baseOffset: bigint, count = 2): Buffer =>
    writeBatch({ baseOffset, records: Array.from({ length: count }, () => ({ value: 'v' })) });

  it('leaves off a batch that is cut off, and says how long it is', () => {
    const bytes = Buffer.concat([at(0n), at(2n)]);
    const size = bytes.length / 2;
    for (let length = 0; length < bytes.length; length++) {
      const { shells, cutOff } = splitBatches(bytes.subarray(0, length), 0n, 4n);
      assert.equal(shells.length, Math.floor(length / size));
      assert.equal(cutOff, length % size === 0 ? 0 : length % size < 17 ? 17 : size);
    }
  });

  it('goes on behind a batch whose offsets are not true', () => {
    const wrong = at(2n);
    wrong.writeBigInt64BE(700n, 0);
    const { shells } = splitBatches(Buffer.concat([at(0n), wrong, at(4n)]), 0n, 6n);
    assert.deepEqual(
      shells.map(({ problem }) => problem),
      [undefined, 'its offsets 700 to 701 do not lie between 2 and 6', undefined],
    );
  });

  it('takes all the rest where a length cannot be', () => {
    const wrong = at(2n);
    wrong.writeInt32BE(3, 8);
    const { shells, cutOff } = splitBatches(Buffer.concat([at(0n), wrong, at(4n)]), 0n, 6n);
    assert.deepEqual([shells.length, cutOff], [2, 0]);
    assert.match(shells[1]!.problem!, /length is 3 bytes/);
  });

  it('takes a first batch that begins before what was asked for', () => {
    assert.equal(splitBatches(at(0n, 5), 3n, 5n).shells[0]!.problem, undefined);
    assert.match(splitBatches(at(0n, 3), 3n, 5n).shells[0]!.problem!, /do not lie/);
  });
});

describe('TransactionTracker', () => {
  const data = (baseOffset: bigint, producerId: bigint): RecordBatch =>
    open(writeBatch({ baseOffset, records: [{ value: 'v' }], producerId, isTransactional: true }));
  const marker = (baseOffset: bigint, producerId: bigint, type: 'abort' | 'commit'): RecordBatch =>
    open(writeMarker(baseOffset, producerId, type));

  it('knows at once what a read_committed answer tells', () => {
    const tracker = new TransactionTracker();
    tracker.beginAnswer([
      { producerId: 2n, firstOffset: 6n },
      { producerId: 1n, firstOffset: 0n },
    ]);
    const outcome = (batch: RecordBatch): string | undefined => tracker.of(batch).transaction?.outcome;
    assert.equal(outcome(data(0n, 1n)), 'aborted');
    assert.equal(outcome(data(1n, 2n)), 'committed');
    assert.equal(tracker.of(marker(2n, 1n, 'abort')).ended?.markerOffset, 2n);
    assert.equal(outcome(data(3n, 1n)), 'committed');
    assert.equal(outcome(marker(4n, 2n, 'commit')), 'committed');
    assert.equal(outcome(data(6n, 2n)), 'aborted');
    assert.equal(outcome(open(writeBatch({ baseOffset: 7n, records: [{ value: 'v' }] }))), undefined);
  });

  it('decides what was open when its marker comes, in another answer too', () => {
    const tracker = new TransactionTracker();
    tracker.beginAnswer(undefined);
    const first = tracker.of(data(0n, 1n)).transaction!;
    const other = tracker.of(data(1n, 2n)).transaction!;
    assert.deepEqual([first.outcome, other.outcome], ['open', 'open']);
    tracker.beginAnswer(undefined);
    const { ended } = tracker.of(marker(2n, 1n, 'abort'));
    assert.equal(ended, first);
    assert.deepEqual([first.outcome, first.markerOffset, other.outcome], ['aborted', 2n, 'open']);
    assert.equal(tracker.of(data(3n, 1n)).transaction!.outcome, 'open');
  });

  it('does not claim what a damaged batch may have changed', () => {
    const tracker = new TransactionTracker();
    tracker.beginAnswer([{ producerId: 1n, firstOffset: 0n }]);
    tracker.damaged();
    assert.equal(tracker.of(data(5n, 1n)).transaction?.outcome, 'unknown');
    assert.equal(tracker.of(data(6n, 2n)).transaction?.outcome, 'committed');
  });

  it('reads markers that newer Kafkas wrote', () => {
    const key = Buffer.from([0, 9, 0, 1, 42]).toString('latin1');
    const value = Buffer.from([0, 9, 0, 0, 0, 7, 1, 2, 3]);
    const batch = open(writeBatch({ records: [{ key, value }], isControl: true, isTransactional: true }));
    assert.deepEqual(controlRecordOf(batch, 0), { type: 'commit', typeCode: 1, coordinatorEpoch: 7 });
    const unknown = open(writeBatch({ records: [{ key: '\0\0\0\u0063', value: '' }], isControl: true }));
    assert.equal(controlRecordOf(unknown, 0).type, 'unknown');
    const short = open(writeBatch({ baseOffset: 8n, records: [{ key: '\0', value }], isControl: true }));
    assert.throws(
      () => controlRecordOf(short, 0),
      /offset 8: the record is damaged: a control record's key has 1 bytes/,
    );
  });
});

describe('valuesWith', () => {
  it('finds values only, each once, within what is asked for', () => {
    const values = ['needle', 'hay', 'needle and needle', 'nee', 'dle', null, 'last needle'];
    const records = values.map((value, index) => ({
      key: index === 1 ? 'needle' : null,
      value,
      headers: { needle: 'needle' },
    }));
    const batch = open(writeBatch({ records }));
    assert.deepEqual(valuesWith(batch, Buffer.from('needle')), [0, 2, 6]);
    assert.deepEqual(valuesWith(batch, Buffer.from('needle'), 1, 6), [2]);
    assert.deepEqual(valuesWith(batch, Buffer.from('absent')), []);
    assert.deepEqual(valuesWith(batch, Buffer.from('hay')), [1]);
  });
});
