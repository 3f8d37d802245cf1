import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RecordBatch } from '../../src/records/batch.ts';
import { controlRecordOf } from '../../src/records/control.ts';
import { DamagedError } from '../../src/records/damaged.ts';
import { openBatch, splitBatches } from '../../src/records/openBatch.ts';
import { sealBatch, writeBatch, writeMarker, writeMessages } from '../support/recordsWriter.ts';

const where = { topic: 'fuzz', partition: 0 };
const limit = 1 << 16;
const end = 2n ** 63n - 1n;

/** xorshift32: the same damage in every run. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const records = Array.from({ length: 6 }, (_, index) => ({
  key: index % 2 ? null : `key ${index}`,
  value: index === 3 ? null : `value ${index}, and what repeats itself repeats itself `.repeat(index % 3),
  headers: index === 4 ? { trace: 'abc', none: null } : {},
  timestampDelta: index * 1000,
}));
const intact: readonly Buffer[] = [
  ...(['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const).map((codec) =>
    writeBatch({ baseOffset: 1000n, records, codec }),
  ),
  writeMarker(1000n, 7n, 'abort'),
  ...([0, 1] as const).flatMap((magic) =>
    (['none', 'gzip', 'snappy', 'lz4'] as const).map((codec) =>
      writeMessages(
        magic,
        codec,
        1000n,
        codec === 'none' ? ['only one '.repeat(9)] : ['first', 'second '.repeat(9), ''],
      ),
    ),
  ),
];

interface Contents {
  readonly records: string;
  readonly bytes: number;
}

/** All that can be asked of what opens; a damage found on the way is as good as one found at once. */
function contents(bytes: Buffer): Contents | undefined {
  const { shells, cutOff } = splitBatches(bytes, 0n, end);
  if (cutOff > 0 || shells.length !== 1) return undefined;
  try {
    const batch = openBatch(shells[0]!, where, { limit });
    return { records: recordsOf(batch), bytes: batch.data.length };
  } catch (error) {
    if (error instanceof DamagedError) {
      assert.match(error.message, /^fuzz-0, offset -?\d+: the (batch|record) is damaged: .+\.$/);
      return undefined;
    }
    throw error;
  }
}

function recordsOf(batch: RecordBatch): string {
  let text = '';
  for (let index = 0; index < batch.count; index++) {
    const headers = batch.headers(index).map(({ key, value }) => `${key}=${value?.toString('latin1')}`);
    text += `${batch.timestamp(index)} ${batch.key(index)?.toString('latin1')} ${batch.value(index)?.toString('latin1')} ${headers.join()}\n`;
    if (batch.facts.isControl) text += controlRecordOf(batch, index).type;
  }
  return text;
}

function damage(bytes: Buffer, random: (below: number) => number): Buffer {
  const damaged = Buffer.from(bytes);
  switch (random(6)) {
    case 0:
      return damaged.subarray(0, random(damaged.length));
    case 1:
      return Buffer.concat([damaged, Buffer.alloc(1 + random(20), random(256))]);
    case 2: {
      // A piece from elsewhere.
      const length = 1 + random(20);
      damaged.copy(damaged, random(damaged.length), random(damaged.length), random(damaged.length) + length);
      return damaged;
    }
    default:
      for (let left = 1 + random(3); left > 0; left--) damaged[random(damaged.length)]! ^= 1 << random(8);
      return damaged;
  }
}

describe('Damaged batches', () => {
  const expected = intact.map((bytes) => contents(bytes));

  it('are made of intact ones', () => {
    assert.ok(expected.every((each) => each !== undefined && each.records.length > 0));
  });

  it('are found out, all of 900,000', { timeout: 300_000 }, () => {
    const random = randomOf(20_260_101);
    let passed = 0;
    for (let round = 0; round < 900_000; round++) {
      const which = round % intact.length;
      const found = contents(damage(intact[which]!, random));
      if (found === undefined) continue;
      // What no checksum covers (offset, leader epoch) is no record's content.
      passed++;
      assert.equal(found.records, expected[which]!.records);
    }
    assert.ok(passed > 1_000 && passed < 300_000, `${passed} kept their records`);
  });

  it('with a checksum that is right end in an error or in records, all of 100,000', { timeout: 300_000 }, () => {
    const random = randomOf(20_260_102);
    let opened = 0;
    for (let round = 0; round < 100_000; round++) {
      const damaged = damage(intact[round % intact.length]!, random);
      if (damaged.length < 61) continue;
      damaged.writeInt32BE(damaged.length - 12, 8);
      const found = contents(sealBatch(damaged));
      if (found === undefined) continue;
      opened++;
      assert.ok(found.bytes <= Math.max(limit, damaged.length));
    }
    assert.ok(opened > 1_000, `${opened} could be opened`);
  });
});
