import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeOffsetCommitValue } from '../../src/kafka/protocol/generated/offsetCommitRecord.ts';
import { Writer } from '../../src/kafka/protocol/writer.ts';
import { CommitReader } from '../../src/offsetsTopic/decode/commitReader.ts';
import {
  javaHash,
  partitionOfGroup,
  partitionOfSharePartition,
  partitionOfTransactionalId,
} from '../../src/offsetsTopic/decode/partitionOf.ts';

function keyOf(group: string, topic: string, partition: number): Buffer {
  const writer = new Writer();
  writer.int16(1);
  writer.string(false, group);
  writer.string(false, topic);
  writer.int32(partition);
  return Buffer.from(writer.finish());
}

function valueOf(version: number, metadata: string, unknownTags?: { tag: number; data: Uint8Array }[]): Buffer {
  const writer = new Writer();
  writer.int16(version);
  const commit = { offset: 2n ** 60n, leaderEpoch: 3, metadata, commitTimestamp: 9n, expireTimestamp: -1n };
  const topicId = version === 4 ? 'hZlmdMZuQNKUUCHvuc1DHA' : 'AAAAAAAAAAAAAAAAAAAAAA';
  encodeOffsetCommitValue(writer, { ...commit, topicId, ...(unknownTags && { unknownTags }) }, version);
  return Buffer.from(writer.finish());
}

describe('CommitReader', () => {
  it('gives one key object per group, topic and partition, and holds no batch by it', () => {
    const reader = new CommitReader();
    const batch = Buffer.concat([keyOf('g', 't', 0), keyOf('g', 't', 1), keyOf('g', 't', 0)]);
    const size = batch.length / 3;
    const keys = [0, 1, 2].map((index) => {
      assert.ok(reader.read(batch.subarray(index * size, (index + 1) * size), valueOf(3, '')));
      return reader.key;
    });
    batch.fill(0);
    assert.equal(keys[0], keys[2]);
    assert.deepEqual(keys[1], { group: 'g', topic: 't', partition: 1, id: 1 });
    assert.ok(reader.read(keyOf('g', 't', 0), null) && reader.isTombstone);
    assert.equal(reader.key, keys[0]);
    assert.equal(reader.keyCount, 2);
  });

  it('reads every version', () => {
    const reader = new CommitReader();
    for (const version of [0, 1, 2, 3, 4]) {
      assert.ok(reader.read(keyOf('g', 't', 0), valueOf(version, 'from é')));
      const { offset, leaderEpoch, metadata, commitTimestamp, isTombstone } = reader;
      assert.deepEqual([offset, metadata, commitTimestamp, isTombstone], [2n ** 60n, 'from é', 9n, false]);
      assert.equal(leaderEpoch, version >= 3 ? 3 : -1);
      assert.equal(reader.topicId, version === 4 ? 'hZlmdMZuQNKUUCHvuc1DHA' : undefined);
    }
  });

  it('leaves to others what is not usual, and keeps what it had', () => {
    const reader = new CommitReader();
    const key = keyOf('g', 't', 0);
    assert.ok(reader.read(key, valueOf(3, 'm')));
    const unusual: [Buffer, Buffer | null][] = [
      [key, valueOf(4, 'x'.repeat(200))],
      [key, valueOf(4, '', [{ tag: 5, data: Buffer.of(1) }])],
      [key, Buffer.concat([valueOf(3, ''), Buffer.of(0)])],
      [key, valueOf(3, '').subarray(0, -1)],
      [key, Buffer.from('0005' + '00'.repeat(30), 'hex')],
      [key, Buffer.alloc(0)],
      [Buffer.concat([key, Buffer.of(0)]), null],
      [key.subarray(0, -1), null],
      [Buffer.from('0002000167', 'hex'), null],
      [Buffer.alloc(0), null],
    ];
    for (const [unusualKey, value] of unusual) assert.equal(reader.read(unusualKey, value), false);
    assert.deepEqual([reader.metadata, reader.key.id, reader.keyCount, reader.isTombstone], ['m', 0, 1, false]);
  });
});

describe('the partition of a coordinator', () => {
  it("is by Java's hash of the name", () => {
    assert.equal(javaHash(''), 0);
    assert.equal(javaHash('hello'), 99_162_322);
    // Two letters in UTF-16.
    assert.equal(javaHash('😀'), 1_772_899);
    assert.equal(partitionOfGroup('hello', 50), 22);
    assert.equal(partitionOfTransactionalId('hello', 50), 22);
    assert.equal(partitionOfSharePartition('g', 'hZlmdMZuQNKUUCHvuc1DHA', 3, 1), 0);
  });

  it('is 0 for the one hash that has no positive counterpart', () => {
    assert.equal(javaHash('polygenelubricants'), -0x80000000);
    assert.equal(partitionOfGroup('polygenelubricants', 50), 0);
  });
});
