import type { TopicPartition } from '../kafka/facts.ts';
import { firstIndex, type BatchFacts, type RecordBatch, type RecordHeader } from './batch.ts';
import { crc32c } from './crc32c.ts';
import { Damage, DamagedError } from './damaged.ts';
import { compressions, decompress, decompressSteps, type Compression } from './decompress.ts';
import { int64 } from './int64.ts';
import { allocateStarts } from './starts.ts';
import { complete, type Steps } from '../shared/steps.ts';
import { RecordCursor } from './varints.ts';

/** Of the header, see org.apache.kafka.common.record.DefaultRecordBatch. */
export const batchHeaderSize = 61;
const at = {
  leaderEpoch: 12,
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  baseTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  baseSequence: 53,
  count: 57,
};
/** Length, attributes, timestamp, offset, key, value, headers: one byte each. */
const smallestRecord = 7;
/** How many records are indexed before there is time for a breath. */
const indexAtATime = 100_000;
const noHeaders: readonly RecordHeader[] = [];

/** Last offset of a batch, by its header, which may be damaged. */
export function lastOffsetV2(bytes: Buffer): bigint {
  return int64(bytes, 0) + BigInt(bytes.readInt32BE(at.lastOffsetDelta));
}

/**
 * Checks, unpacks and indexes a batch of format 2. `bytes` are all of it.
 *
 * @throws {Damage}
 */
export function openBatchV2(bytes: Buffer, where: TopicPartition, limit: number): RecordBatch {
  const { facts, packed, count, codec } = checked(bytes);
  const data = codec === undefined ? packed : decompress(codec, packed, { limit });
  const batch = new BatchV2(where, bytes, facts, data, count);
  complete(batch.index());
  return batch;
}

/** `openBatchV2` for what is large: in pieces. @throws {Damage} */
export function* openBatchV2Steps(bytes: Buffer, where: TopicPartition, limit: number): Steps<RecordBatch> {
  const { facts, packed, count, codec } = checked(bytes);
  const data = codec === undefined ? packed : yield* decompressSteps(codec, packed, limit);
  const batch = new BatchV2(where, bytes, facts, data, count);
  yield* batch.index();
  return batch;
}

interface Checked {
  readonly facts: BatchFacts;
  readonly packed: Buffer;
  readonly count: number;
  readonly codec: Exclude<Compression, 'none'> | undefined;
}

function checked(bytes: Buffer): Checked {
  if (bytes.length < batchHeaderSize) throw new Damage(`${bytes.length} bytes are no batch`);
  const crc = bytes.readUInt32BE(at.crc);
  const computed = crc32c(bytes, at.attributes);
  if (crc !== computed) throw new Damage(`its CRC-32C is ${hex(computed)} where its header says ${hex(crc)}`);
  const facts = factsOf(bytes, crc);
  const lastOffsetDelta = bytes.readInt32BE(at.lastOffsetDelta);
  if (lastOffsetDelta < 0) throw new Damage(`its last offset is ${-lastOffsetDelta} before its first`);
  const count = bytes.readInt32BE(at.count);
  // Compaction leaves an empty batch without even the frame of its compression.
  const codec = facts.compression === 'none' || count === 0 ? undefined : facts.compression;
  return { facts, packed: bytes.subarray(batchHeaderSize), count, codec };
}

function factsOf(bytes: Buffer, crc: number): BatchFacts {
  const attributes = bytes.readInt16BE(at.attributes);
  const compression: Compression | undefined = compressions[attributes & 7];
  if (compression === undefined) throw new Damage(`its compression ${attributes & 7} is unknown`);
  const baseOffset = int64(bytes, 0);
  const lastOffsetDelta = bytes.readInt32BE(at.lastOffsetDelta);
  const baseSequence = bytes.readInt32BE(at.baseSequence);
  return {
    magic: 2,
    baseOffset,
    lastOffset: baseOffset + BigInt(lastOffsetDelta),
    size: bytes.length,
    compression,
    timestampType: attributes & 0x08 ? 'LogAppendTime' : 'CreateTime',
    maxTimestamp: int64(bytes, at.maxTimestamp),
    crc,
    leaderEpoch: bytes.readInt32BE(at.leaderEpoch),
    producerId: int64(bytes, at.producerId),
    producerEpoch: bytes.readInt16BE(at.producerEpoch),
    baseSequence,
    // Sequence numbers go round after 2^31-1.
    lastSequence: baseSequence < 0 ? -1 : (baseSequence + lastOffsetDelta) % 2 ** 31,
    isTransactional: (attributes & 0x10) !== 0,
    isControl: (attributes & 0x20) !== 0,
    deleteHorizon: attributes & 0x40 ? bytes.readBigInt64BE(at.baseTimestamp) : undefined,
  };
}

class BatchV2 implements RecordBatch {
  readonly topic: string;
  readonly partition: number;
  readonly facts: BatchFacts;
  readonly bytes: Buffer;
  readonly data: Buffer;
  readonly count: number;
  readonly starts: Uint32Array;
  /** Undefined where each is its record's index: whatever compaction has not thinned out. */
  #offsetDeltas: Int32Array | undefined;

  constructor({ topic, partition }: TopicPartition, bytes: Buffer, facts: BatchFacts, data: Buffer, count: number) {
    if (count < 0 || count * smallestRecord > data.length) {
      throw new Damage(`${count} records cannot be in ${data.length} bytes`);
    }
    this.topic = topic;
    this.partition = partition;
    this.bytes = bytes;
    this.facts = facts;
    this.data = data;
    this.count = count;
    this.starts = allocateStarts(count + 1);
  }

  /** Finds and checks the records; to be done before anything else. @throws {Damage} */
  *index(): Steps<void> {
    const cursor = new RecordCursor(this.data);
    for (let from = 0; from < this.count; from += indexAtATime) {
      this.#indexSome(cursor, from, Math.min(from + indexAtATime, this.count));
      yield;
    }
    this.starts[this.count] = cursor.position;
    const left = this.data.length - cursor.position;
    if (left !== 0) throw new Damage(`${left} bytes are left over behind its ${this.count} records`);
  }

  #indexSome(cursor: RecordCursor, from: number, to: number): void {
    const { data, count, starts } = this;
    const lastOffsetDelta = this.bytes.readInt32BE(at.lastOffsetDelta);
    let offsets = this.#offsetDeltas;
    let previous = from === 0 ? -1 : this.#offsetDelta(from - 1);
    for (let index = from; index < to; index++) {
      starts[index] = cursor.position;
      const length = cursor.varint();
      const end = cursor.position + length;
      if (length < smallestRecord - 1 || end > data.length) {
        throw new Damage(`record ${index} of ${count} says that it has ${length} bytes`);
      }
      cursor.position++;
      cursor.passVarlong();
      const delta = cursor.varint();
      if (cursor.position > end || delta <= previous || delta > lastOffsetDelta) {
        throw new Damage(`record ${index} of ${count} has the offset delta ${delta}, after ${previous}`);
      }
      if (offsets === undefined && delta !== index) offsets = Int32Array.from({ length: count }, (_, each) => each);
      if (offsets !== undefined) offsets[index] = delta;
      previous = delta;
      cursor.position = end;
    }
    this.#offsetDeltas = offsets;
  }

  #offsetDelta(index: number): number {
    return this.#offsetDeltas === undefined ? index : this.#offsetDeltas[index]!;
  }

  offset(index: number): bigint {
    return this.facts.baseOffset + BigInt(this.#offsetDelta(index));
  }

  timestamp(index: number): bigint {
    if (this.facts.timestampType === 'LogAppendTime') return this.facts.maxTimestamp;
    const cursor = new RecordCursor(this.data);
    cursor.position = this.starts[index]!;
    cursor.skipVarint();
    cursor.position++;
    return BigInt.asIntN(64, int64(this.bytes, at.baseTimestamp) + cursor.varlong());
  }

  size(index: number): number {
    return this.starts[index + 1]! - this.starts[index]!;
  }

  key(index: number): Buffer | null {
    return this.#guarded(index, () => this.#field(this.#atKey(index), index));
  }

  value(index: number): Buffer | null {
    return this.#guarded(index, () => {
      const cursor = this.#atKey(index);
      this.#pass(cursor, index);
      return this.#field(cursor, index);
    });
  }

  headers(index: number): readonly RecordHeader[] {
    return this.#guarded(index, () => {
      const cursor = this.#atKey(index);
      const end = this.starts[index + 1]!;
      this.#pass(cursor, index);
      this.#pass(cursor, index);
      const count = cursor.varint();
      // A key's length and a value's: two bytes at least.
      if (count < 0 || 2 * count > end - cursor.position) throw new Damage(`it says that it has ${count} headers`);
      const headers: RecordHeader[] = count === 0 ? (noHeaders as RecordHeader[]) : [];
      for (let header = 0; header < count; header++) {
        const key = this.#field(cursor, index);
        if (key === null) throw new Damage(`header ${header} has no key`);
        headers.push({ key: key.toString('utf8'), value: this.#field(cursor, index) });
      }
      if (cursor.position !== end) throw new Damage('its headers do not end where it ends');
      return headers;
    });
  }

  indexOf(offset: bigint): number {
    const delta = offset - this.facts.baseOffset;
    if (delta <= 0n) return 0;
    if (offset > this.facts.lastOffset) return this.count;
    const wanted = Number(delta);
    return firstIndex(this.count, (index) => this.#offsetDelta(index) >= wanted);
  }

  /** A cursor behind what the index has read, at the length of the key. */
  #atKey(index: number): RecordCursor {
    const cursor = new RecordCursor(this.data);
    cursor.position = this.starts[index]!;
    cursor.skipVarint();
    cursor.position++;
    cursor.skipVarint();
    cursor.skipVarint();
    return cursor;
  }

  #field(cursor: RecordCursor, index: number): Buffer | null {
    const length = this.#pass(cursor, index);
    return length < 0 ? null : this.data.subarray(cursor.position - length, cursor.position);
  }

  /** Goes past a field; its length, -1 for null. */
  #pass(cursor: RecordCursor, index: number): number {
    const length = cursor.varint();
    if (length > 0) cursor.position += length;
    if (length < -1 || cursor.position > this.starts[index + 1]!) {
      throw new Damage(`a field of ${length} bytes goes past its end`);
    }
    return length;
  }

  #guarded<T>(index: number, read: () => T): T {
    try {
      return read();
    } catch (error) {
      throw error instanceof Damage ? new DamagedError(this, this.offset(index), 'record', error.message) : error;
    }
  }
}

function hex(crc: number): string {
  return `0x${crc.toString(16).padStart(8, '0')}`;
}
