import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DamagedError } from '../../src/records/damaged.ts';
import { RecordStore } from '../../src/tail/recordStore.ts';
import { legacySliceOf, sliceOf, valuesSlice } from '../support/tailSlices.ts';

const roomy = { maxRecords: 1_000_000, maxBytes: 1 << 30 };

function valuesOf(store: RecordStore): (string | undefined)[] {
  const values: (string | undefined)[] = [];
  for (let seq = store.firstSeq; seq < store.endSeq; seq++) values.push(store.at(seq)!.value?.toString());
  return values;
}

describe('RecordStore', () => {
  it('keeps keys, values, headers, offsets and times as they came, of each message format', () => {
    const store = new RecordStore(roomy);
    store.append(
      sliceOf({
        baseOffset: 9_007_199_254_740_993n,
        partition: 3,
        codec: 'zstd',
        records: [
          { key: 'k', value: 'v', headers: { trace: 'abc', empty: null }, timestampDelta: 5 },
          { key: null, value: null, offsetDelta: 4 },
          { key: '', value: '' },
        ],
      }),
    );
    const [first, second, third] = [store.at(0)!, store.at(1)!, store.at(2)!];
    assert.equal(first.offset, 9_007_199_254_740_993n);
    assert.equal(first.timestamp, 1_700_000_000_005n);
    assert.equal(first.partition, 3);
    assert.equal(first.key?.toString(), 'k');
    assert.equal(first.value?.toString(), 'v');
    assert.deepEqual(
      first.headers.map(({ key, value }) => [key, value?.toString()]),
      [
        ['trace', 'abc'],
        ['empty', undefined],
      ],
    );
    assert.equal(second.offset, 9_007_199_254_740_997n);
    assert.deepEqual([second.key, second.value, second.headers], [null, null, []]);
    assert.deepEqual([third.key?.length, third.value?.length], [0, 0]);
    for (const magic of [0, 1] as const) {
      const old = new RecordStore(roomy);
      const long = 'x'.repeat(3_000);
      old.append(legacySliceOf(magic, ['a', 'b', long]));
      assert.deepEqual(valuesOf(old), ['a', 'b', long]);
      assert.equal(old.at(1)!.key, null);
      assert.equal(old.at(2)!.timestamp, magic === 0 ? -1n : 1_700_000_000_000n);
    }
  });

  it('holds exactly as many records as it may, and counts what it dropped', () => {
    const store = new RecordStore({ maxRecords: 1_000, maxBytes: 1 << 30 });
    let dropped = 0;
    store.onDrop = (to) => (dropped += to - store.firstSeq);
    for (let batch = 0; batch < 50; batch++) {
      const values = Array.from({ length: 77 }, (_, index) => `${batch * 77 + index}`);
      store.append(valuesSlice(values, { baseOffset: BigInt(batch * 77) }));
      const came = (batch + 1) * 77;
      assert.equal(store.records, Math.min(1_000, came));
      assert.equal(store.dropped, Math.max(0, came - 1_000));
      assert.equal(store.endSeq, came);
    }
    assert.equal(dropped, 2_850);
    assert.deepEqual(
      valuesOf(store),
      Array.from({ length: 1_000 }, (_, index) => `${2_850 + index}`),
    );
    assert.equal(store.at(2_849), undefined);
    assert.equal(store.at(store.endSeq), undefined);
  });

  it('drops no records for notices, and does not count them', () => {
    const store = new RecordStore({ maxRecords: 3, maxBytes: 1 << 30 });
    store.append(valuesSlice(['a', 'b']));
    store.appendNotice({ severity: 'info', at: 1, partition: undefined, message: 'Jumped.' });
    assert.equal(store.records, 2);
    store.append(valuesSlice(['c', 'd', 'e', 'f']));
    assert.equal(store.records, 3);
    assert.equal(store.dropped, 3);
    assert.deepEqual(valuesOf(store), ['d', 'e', 'f']);
  });

  it('stays within its bytes, however large the records are, and keeps the newest whole', () => {
    const store = new RecordStore({ maxRecords: 1_000_000, maxBytes: 8 << 20 });
    let came = 0;
    for (const size of [10, 200, 5_000, 700_000, 3_000_000, 20_000_000, 10, 10]) {
      for (let index = 0; index < (size > 1e6 ? 3 : 20); index++) {
        store.append(valuesSlice(['x'.repeat(size)]));
        came++;
        assert.equal(store.records + store.dropped, came);
        assert.ok(store.bytes <= 8 << 20 || store.records <= 1 + came - store.firstSeq, `${store.bytes}`);
      }
      assert.equal(store.at(store.endSeq - 1)!.value!.length, size);
    }
    assert.ok(store.bytes <= 8 << 20, `${store.bytes} bytes`);
  });

  it('keeps a damaged batch as an entry of its own, and forgets all when it is cleared', () => {
    const store = new RecordStore(roomy);
    const error = new DamagedError({ topic: 'orders', partition: 2 }, 40n, 'batch', 'its CRC is wrong');
    store.appendDamaged({ kind: 'damaged', partition: 2, error, bytes: Buffer.alloc(100_000, 7), next: 41n });
    const entry = store.at(0)!;
    assert.deepEqual([entry.kind, entry.partition, entry.offset, entry.size], ['damaged', 2, 40n, 100_000]);
    assert.equal(entry.bytes.length, 1 << 16);
    store.append(valuesSlice(['a']));
    store.clear();
    assert.deepEqual([store.records, store.bytes, store.firstSeq, store.endSeq], [0, 0, 2, 2]);
    store.append(valuesSlice(['b']));
    assert.deepEqual(valuesOf(store), ['b']);
  });

  it('says of a record whose fields do not fit in it that it is damaged', () => {
    const store = new RecordStore(roomy);
    const slice = sliceOf({ records: [{ key: 'abc', value: 'def' }] });
    // The key's length, zigzag: 3 becomes 60.
    slice.batch.data[slice.batch.data.indexOf('abc') - 1] = 120;
    store.append(slice);
    const record = store.at(0)!;
    assert.ok(record.isDamaged);
    assert.deepEqual([record.key, record.value, record.headers], [null, null, []]);
  });
});
