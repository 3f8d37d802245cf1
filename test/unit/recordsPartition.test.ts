import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PartitionData } from '../../src/kafka/protocol/generated/fetch.ts';
import type { ReadEvent } from '../../src/records/events.ts';
import { PartitionReader, type ReadIsolation } from '../../src/records/partitionReader.ts';
import { recordsOf } from '../support/recordsCalls.ts';
import { writeBatch, writeMarker } from '../support/recordsWriter.ts';

function answer(records: Buffer, end: bigint, more: Partial<PartitionData> = {}): PartitionData {
  return {
    partitionIndex: 0,
    errorCode: 0,
    highWatermark: end,
    lastStableOffset: end,
    logStartOffset: 0n,
    divergingEpoch: { epoch: -1, endOffset: -1n },
    currentLeader: { leaderId: -1, leaderEpoch: -1 },
    snapshotId: { endOffset: -1n, epoch: -1 },
    abortedTransactions: null,
    preferredReadReplica: -1,
    records,
    ...more,
  };
}

function readerAt(position: bigint, isolation: ReadIsolation = 'read_uncommitted'): PartitionReader {
  const reader = new PartitionReader('orders', 0, { isolation, stopTime: undefined, limit: 1 << 20 });
  reader.position = position;
  return reader;
}

function events(reader: PartitionReader, data: PartitionData, isCommittedOnly = false): ReadEvent[] {
  const isEmpty = data.records === null || data.records.length === 0;
  return [...reader.decode(reader.take(data, isCommittedOnly, isEmpty))].filter(
    (event): event is ReadEvent => event !== undefined && !(event instanceof Promise),
  );
}

const two = (baseOffset: bigint): Buffer => writeBatch({ baseOffset, records: [{ value: 'a' }, { value: 'b' }] });

function spoilt(bytes: Buffer, change: (bytes: Buffer) => void): Buffer {
  change(bytes);
  return bytes;
}

describe('PartitionReader', () => {
  it('begins and stops within a batch', () => {
    const reader = readerAt(1n);
    reader.stop = 3n;
    const found = events(reader, answer(Buffer.concat([two(0n), two(2n), two(4n)]), 6n));
    assert.deepEqual(
      recordsOf(found).map(({ offset }) => offset),
      [1n, 2n],
    );
    assert.deepEqual([reader.isAtStop, (found.at(-1) as { next: bigint }).next], [true, 3n]);
  });

  it('does not take an answer without a batch for the end of a gap before it came twice', () => {
    const reader = readerAt(4n);
    const nothing = answer(Buffer.alloc(0), 9n);
    assert.deepEqual(events(reader, nothing), []);
    assert.equal(reader.position, 4n);
    assert.deepEqual(
      events(reader, nothing).map((event) => event.kind === 'records' && event.next),
      [9n],
    );
    assert.equal(reader.position, 9n);
    assert.deepEqual(events(reader, nothing), []);
  });

  it('asks for more where a batch is larger than what it asked for, and believes no length for ever', () => {
    const reader = readerAt(0n);
    const cut = spoilt(two(0n), (bytes) => bytes.writeInt32BE(30_000_000, 8));
    assert.deepEqual(events(reader, answer(cut, 10n)), []);
    assert.deepEqual([reader.position, reader.fetchBytes], [0n, 30_000_012]);
    const [event] = events(reader, answer(cut, 10n));
    assert.ok(event?.kind === 'damaged' && /says that it has 30000012 bytes/.test(event.error.message));
    assert.equal(reader.position, 1n);
    const impossible = spoilt(two(0n), (bytes) => bytes.writeInt32BE(0x7fffffff - 12, 8));
    assert.equal(events(readerAt(0n), answer(impossible, 10n))[0]!.kind, 'damaged');
  });

  it('gets past a batch whose offsets are not true in ever longer leaps, and tells it once', () => {
    const reader = readerAt(0n);
    const wrong = spoilt(two(0n), (bytes) => bytes.writeInt32BE(-5, 23));
    const positions: (bigint | undefined)[] = [];
    const kinds: string[] = [];
    for (let round = 0; round < 5; round++) {
      kinds.push(...events(reader, answer(wrong, 1000n)).map(({ kind }) => kind));
      positions.push(reader.position);
    }
    assert.deepEqual(positions, [1n, 3n, 7n, 15n, 31n]);
    assert.deepEqual(
      kinds.filter((kind) => kind === 'damaged'),
      ['damaged'],
    );
    kinds.push(...events(reader, answer(two(31n), 1000n)).map(({ kind }) => kind));
    assert.deepEqual([kinds.at(-1), reader.position], ['records', 33n]);
  });

  it('trusts the last offset of a batch whose checksum is wrong', () => {
    const reader = readerAt(0n);
    const wrong = spoilt(two(0n), (bytes) => (bytes[70]! ^= 1));
    const found = events(reader, answer(Buffer.concat([wrong, two(2n)]), 4n));
    assert.deepEqual(
      found.map((event) => [event.kind, 'next' in event && event.next]),
      [
        ['damaged', 2n],
        ['records', 4n],
      ],
    );
    assert.equal(reader.position, 4n);
  });

  it('leaves out what was aborted for read_committed, and counts it', () => {
    const data = (baseOffset: bigint, producerId: bigint): Buffer =>
      writeBatch({ baseOffset, records: [{ value: `of ${producerId}` }], producerId, isTransactional: true });
    const log = Buffer.concat([
      data(0n, 1n),
      data(1n, 2n),
      writeMarker(2n, 1n, 'abort'),
      writeMarker(3n, 2n, 'commit'),
    ]);
    const aborted = { abortedTransactions: [{ producerId: 1n, firstOffset: 0n }] };
    const [event] = events(readerAt(0n, 'read_committed'), answer(log, 4n, aborted), true);
    assert.ok(event?.kind === 'records');
    assert.deepEqual([event.abortedRecords, recordsOf([event]).map(({ value }) => value)], [1, ['of 2']]);
    assert.deepEqual(
      event.ended.map(({ producerId, outcome }) => [producerId, outcome]),
      [
        [1n, 'aborted'],
        [2n, 'committed'],
      ],
    );
  });

  it('asks for what is committed up to the last stable offset, and for all beyond', () => {
    const reader = readerAt(0n, 'both');
    assert.equal(reader.asksCommitted, true);
    events(reader, answer(two(0n), 6n, { lastStableOffset: 2n }), true);
    assert.deepEqual([reader.position, reader.asksCommitted], [2n, false]);
    events(reader, answer(two(2n), 6n, { lastStableOffset: 6n }));
    assert.deepEqual([reader.position, reader.asksCommitted], [4n, true]);
  });
});
