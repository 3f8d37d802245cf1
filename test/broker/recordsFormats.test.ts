import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import type { RecordBatch } from '../../src/records/batch.ts';
import { controlRecordOf } from '../../src/records/control.ts';
import { openBatch, splitBatches } from '../../src/records/openBatch.ts';
import { runTool } from '../../tools/kafka.ts';

/** What RecordsOracle.java prints: 64-bit numbers as strings, bytes in base64. */
interface Case {
  readonly name: string;
  readonly bytes: string;
  readonly batches: readonly object[];
  readonly records: readonly object[];
}

/** The last Kafka that writes all message formats. */
const version = '2.8.2';
const where = { topic: 'oracle', partition: 0 };

function open(bytes: Buffer): RecordBatch[] {
  const { shells, cutOff } = splitBatches(bytes, 0n, 2n ** 63n - 1n);
  assert.equal(cutOff, 0);
  return shells.map((shell) => openBatch(shell, where, { limit: 1 << 20 }));
}

function plain({ facts }: RecordBatch): object {
  const { crc: _crc, deleteHorizon, baseOffset, lastOffset, maxTimestamp, producerId, ...rest } = facts;
  assert.equal(deleteHorizon, undefined);
  return {
    ...rest,
    baseOffset: `${baseOffset}`,
    lastOffset: `${lastOffset}`,
    maxTimestamp: `${maxTimestamp}`,
    producerId: `${producerId}`,
  };
}

function plainRecords(batch: RecordBatch): object[] {
  return Array.from({ length: batch.count }, (_, index) => ({
    offset: `${batch.offset(index)}`,
    timestamp: `${batch.timestamp(index)}`,
    key: base64(batch.key(index)),
    value: base64(batch.value(index)),
    headers: batch.headers(index).map(({ key, value }) => ({ key, value: base64(value) })),
  }));
}

function base64(bytes: Buffer | null): string | null {
  return bytes === null ? null : bytes.toString('base64');
}

describe("Batches that Kafka's own classes wrote", { timeout: 240_000 }, () => {
  const cases = new Map<string, Case>();

  before(async () => {
    const program = join(import.meta.dirname, '..', 'support', 'RecordsOracle.java');
    const { stdout, stderr, code } = await runTool(program, [], { version });
    assert.equal(code, 0, stderr);
    for (const line of stdout.trim().split('\n')) {
      const each = JSON.parse(line) as Case;
      cases.set(each.name, each);
    }
  });

  const formats = [0, 1, 2].flatMap((magic) =>
    ['none', 'gzip', 'snappy', 'lz4', ...(magic === 2 ? ['zstd'] : [])].flatMap((codec) =>
      (magic === 0 ? ['CreateTime'] : ['CreateTime', 'LogAppendTime']).map(
        (time) => `magic ${magic}, ${codec}, ${time}`,
      ),
    ),
  );
  for (const name of [...formats, 'a transaction of format 2', 'offsets and times at their limits']) {
    it(`are read as Kafka reads them: ${name}`, () => {
      const { bytes, batches, records } = cases.get(name)!;
      const opened = open(Buffer.from(bytes, 'base64'));
      assert.deepEqual(opened.map(plain), batches);
      assert.deepEqual(opened.flatMap(plainRecords), records);
    });
  }

  it('are all that the oracle wrote', () => {
    assert.equal(cases.size, formats.length + 2);
  });

  it('end a transaction with a marker', () => {
    const [, abort, commit] = open(Buffer.from(cases.get('a transaction of format 2')!.bytes, 'base64'));
    assert.deepEqual(controlRecordOf(abort!, 0), { type: 'abort', typeCode: 0, coordinatorEpoch: 21 });
    assert.deepEqual(controlRecordOf(commit!, 0), { type: 'commit', typeCode: 1, coordinatorEpoch: 21 });
  });

  it('are found by offset', () => {
    const batches = open(Buffer.from(cases.get('magic 1, snappy, CreateTime')!.bytes, 'base64'));
    for (const batch of batches.concat(open(Buffer.from(cases.get('magic 2, lz4, CreateTime')!.bytes, 'base64')))) {
      for (let index = 0; index < batch.count; index++) {
        assert.equal(batch.indexOf(batch.offset(index)), index);
        assert.equal(batch.indexOf(batch.offset(index) + 1n), index + 1);
      }
      assert.equal(batch.indexOf(0n), 0);
      assert.equal(batch.indexOf(2n ** 63n - 1n), batch.count);
    }
  });
});
