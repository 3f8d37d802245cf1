import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RecordBatch } from '../../src/records/batch.ts';
import { crc32c } from '../../src/records/crc32c.ts';
import { DamagedError } from '../../src/records/damaged.ts';
import { openBatch, openBatchSteps, splitBatches, type Shell } from '../../src/records/openBatch.ts';
import { sealBatch, writeBatch } from '../support/recordsWriter.ts';

const where = { topic: 'orders', partition: 3 };
const limit = 64 << 20;

function shellOf(bytes: Buffer): Shell {
  const { shells } = splitBatches(bytes, 0n, 2n ** 63n - 1n);
  assert.equal(shells.length, 1);
  return shells[0]!;
}

/** Opens it in steps, and counts them. */
async function openInSteps(
  shell: Shell,
  most = limit,
): Promise<{ batch: RecordBatch; breaths: number; waits: number }> {
  const steps = openBatchSteps(shell, where, { limit: most });
  let breaths = 0;
  let waits = 0;
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return { batch: value, breaths, waits };
    if (value === undefined) breaths++;
    else waits++;
    await value;
  }
}

/** Numbers that look random and are the same each time. */
function bytesOf(length: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(length);
  let state = seed;
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    bytes[at] = state >>> 24;
  }
  return bytes;
}

/** RFC 3720's CRC-32C as it is defined, bit by bit. */
function crc32cByBits(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}

describe('The checksum of long messages', () => {
  it('is what it is by definition, of any length and wherever it lies', () => {
    const bytes = bytesOf(60_000);
    const lengths = [...Array.from({ length: 40 }, (_, index) => 1_700 + index), 24_575, 24_576, 24_577, 49_999];
    for (const [index, length] of lengths.entries()) {
      const own = bytes.subarray(index, index + length);
      assert.equal(crc32c(bytes, index, index + length), crc32cByBits(own), `${length} bytes from ${index}`);
    }
    assert.equal(crc32c(Buffer.alloc(30_000)), crc32cByBits(Buffer.alloc(30_000)));
  });

  it('tells each bit that is turned over', () => {
    const bytes = bytesOf(30_000);
    const good = crc32c(bytes);
    for (let at = 0; at < bytes.length; at += 101) {
      bytes[at]! ^= 1 << (at & 7);
      assert.notEqual(crc32c(bytes), good, `byte ${at}`);
      bytes[at]! ^= 1 << (at & 7);
    }
    assert.equal(crc32c(bytes), good);
  });
});

describe('A large batch', () => {
  const records = Array.from({ length: 110_000 }, (_, index) => ({
    key: index % 3 === 0 ? null : `${index}`,
    value: `value ${index} ${'.'.repeat(index % 50)}`,
    timestampDelta: index % 1000,
    offsetDelta: index * 2,
  }));

  for (const codec of ['none', 'gzip', 'zstd'] as const) {
    it(`opens in steps to the same as in one go: ${codec}`, async () => {
      const shell = shellOf(writeBatch({ records, codec }));
      const whole = openBatch(shell, where, { limit });
      const { batch, breaths, waits } = await openInSteps(shell);
      assert.ok(breaths > 1, `${breaths} breaths`);
      // What Node unpacks, it unpacks in another thread.
      assert.equal(waits, codec === 'none' ? 0 : 1);
      assert.deepEqual(batch.facts, whole.facts);
      assert.deepEqual(batch.starts, whole.starts);
      assert.ok(batch.data.equals(whole.data));
      for (let index = 0; index < records.length; index += 9_973) {
        const { key, value, timestampDelta, offsetDelta } = records[index]!;
        assert.equal(batch.key(index)?.toString() ?? null, key);
        assert.equal(batch.value(index)?.toString(), value);
        assert.equal(batch.offset(index), BigInt(offsetDelta));
        assert.equal(batch.timestamp(index), 1_700_000_000_000n + BigInt(timestampDelta));
      }
    });
  }

  it('that is damaged is told as in one go', async () => {
    for (const codec of ['none', 'gzip', 'zstd'] as const) {
      const bytes = writeBatch({ records, codec });
      // Cut off, with a checksum that is right: only unpacking or indexing can tell.
      const cut = Buffer.from(bytes.subarray(0, bytes.length - 5000));
      cut.writeInt32BE(cut.length - 12, 8);
      for (const broken of [sealBatch(cut), Buffer.from(bytes).fill(0, 70, 80)]) {
        const shell = shellOf(broken);
        assert.throws(() => openBatch(shell, where, { limit }), DamagedError);
        await assert.rejects(openInSteps(shell), DamagedError, codec);
      }
    }
  });

  it('that unpacks to much more than it has bytes is found out, and held to its limit', async () => {
    for (const codec of ['gzip', 'zstd'] as const) {
      const shell = shellOf(writeBatch({ records: [{ value: Buffer.alloc(20 << 20) }], codec }));
      const { batch } = await openInSteps(shell);
      assert.equal(batch.value(0)?.length, 20 << 20);
      await assert.rejects(openInSteps(shell, 10 << 20), /unpacks to more than 10485760 bytes/);
      await assert.rejects(openInSteps(shell, 1 << 20), /unpacks to more than 1048576 bytes/);
    }
  });
});

describe('Timestamps', () => {
  it('are those of the batch and of each record, as far as int64 goes', () => {
    const deltas = [0, 1, -1, 63, -64, 64, 8_191, -8_192, 2 ** 31, -(2 ** 31) - 1, 2 ** 40, -(2 ** 48), 2 ** 48 - 1];
    const records = deltas.map((timestampDelta) => ({ value: 'v', timestampDelta }));
    const batch = openBatch(shellOf(writeBatch({ records })), where, { limit });
    assert.deepEqual(
      deltas.map((_, index) => batch.timestamp(index) - 1_700_000_000_000n),
      deltas.map((delta) => BigInt(delta)),
    );
  });
});
