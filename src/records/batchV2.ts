import type { TopicPartition } from '../kafka/facts.ts';
import { firstIndex, type BatchFacts, type RecordBatch, type RecordHeader } from './batch.ts';
import { crc32c } from './crc32c.ts';
import { Damage, DamagedError } from './damaged.ts';
import { compressions, decompress, type Compression } from './decompress.ts';
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
const noHeaders: readonly RecordHeader[] = [];

/** Last offset of a batch, by its header, which may be damaged. */
export function lastOffsetV2(bytes: Buffer): bigint {
  return bytes.readBigInt64BE(0) + BigInt(bytes.readInt32BE(at.lastOffsetDelta));
}

/**
 * Checks, unpacks and indexes a batch of format 2. `bytes` are all of it.
 *
 * @throws {Damage}
 */
export function openBatchV2(bytes: Buffer, where: TopicPartition, limit: number): RecordBatch {
  if (bytes.length < batchHeaderSize) throw new Damage(`${bytes.length} bytes are no batch`);
  const crc = bytes.readUInt32BE(at.crc);
  const computed = crc32c(bytes, at.attributes);
  if (crc !== computed) throw new Damage(`its CRC-32C is ${hex(computed)} where its header says ${hex(crc)}`);
  const facts = factsOf(bytes, crc);
  const lastOffsetDelta = bytes.readInt32BE(at.lastOffsetDelta);
  const count = bytes.readInt32BE(at.count);
  if (lastOffsetDelta < 0) throw new Damage(`its last offset is ${-lastOffsetDelta} before its first`);
  const packed = bytes.subarray(batchHeaderSize);
  const isPacked = facts.compression !== 'none';
  // Compaction leaves an empty batch without even the frame of its compression.
  const data = !isPacked || count === 0 ? packed : decompress(facts.compression, packed, { limit });
  if (count < 0 || count * smallestRecord > data.length) {
    throw new Damage(`${count} records cannot be in ${data.length} bytes`);
  }
  return new BatchV2(where, bytes, facts, data, count, lastOffsetDelta);
}

function factsOf(bytes: Buffer, crc: number): BatchFacts {
  const attributes = bytes.readInt16BE(at.attributes);
  const compression: Compression | undefined = compressions[attributes & 7];
  if (compression === undefined) throw new Damage(`its compression ${attributes & 7} is unknown`);
  const baseOffset = bytes.readBigInt64BE(0);
  const lastOffsetDelta = bytes.readInt32BE(at.lastOffsetDelta);
  const baseSequence = bytes.readInt32BE(at.baseSequence);
  return {
    magic: 2,
    baseOffset,
    lastOffset: baseOffset + BigInt(lastOffsetDelta),
    size: bytes.length,
    compression,
    timestampType: attributes & 0x08 ? 'LogAppendTime' : 'CreateTime',
    maxTimestamp: bytes.readBigInt64BE(at.maxTimestamp),
    crc,
    leaderEpoch: bytes.readInt32BE(at.leaderEpoch),
    producerId: bytes.readBigInt64BE(at.producerId),
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
  readonly #offsetDeltas: Int32Array;
  readonly #timestampDeltas: BigInt64Array;
  readonly #baseTimestamp: bigint;

  constructor(
    { topic, partition }: TopicPartition,
    bytes: Buffer,
    facts: BatchFacts,
    data: Buffer,
    count: number,
    lastOffsetDelta: number,
  ) {
    this.topic = topic;
    this.partition = partition;
    this.bytes = bytes;
    this.facts = facts;
    this.data = data;
    this.count = count;
    this.starts = new Uint32Array(count + 1);
    this.#offsetDeltas = new Int32Array(count);
    this.#timestampDeltas = new BigInt64Array(count);
    this.#baseTimestamp = bytes.readBigInt64BE(at.baseTimestamp);
    this.#index(lastOffsetDelta);
  }

  #index(lastOffsetDelta: number): void {
    const { data, count, starts } = this;
    const offsets = this.#offsetDeltas;
    const words = new Int32Array(this.#timestampDeltas.buffer);
    const cursor = new RecordCursor(data);
    let previous = -1;
    for (let index = 0; index < count; index++) {
      starts[index] = cursor.position;
      const length = cursor.varint();
      const end = cursor.position + length;
      if (length < smallestRecord - 1 || end > data.length) {
        throw new Damage(`record ${index} of ${count} says that it has ${length} bytes`);
      }
      cursor.position++;
      cursor.varlong(words, 2 * index);
      const delta = cursor.varint();
      if (cursor.position > end || delta <= previous || delta > lastOffsetDelta) {
        throw new Damage(`record ${index} of ${count} has the offset delta ${delta}, after ${previous}`);
      }
      offsets[index] = previous = delta;
      cursor.position = end;
    }
    starts[count] = cursor.position;
    if (cursor.position !== data.length) {
      throw new Damage(`${data.length - cursor.position} bytes are left over behind its ${count} records`);
    }
  }

  offset(index: number): bigint {
    return this.facts.baseOffset + BigInt(this.#offsetDeltas[index]!);
  }

  timestamp(index: number): bigint {
    if (this.facts.timestampType === 'LogAppendTime') return this.facts.maxTimestamp;
    return BigInt.asIntN(64, this.#baseTimestamp + this.#timestampDeltas[index]!);
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
    return firstIndex(this.count, (index) => this.#offsetDeltas[index]! >= wanted);
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
