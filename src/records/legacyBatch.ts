import { crc32 } from 'node:zlib';
import type { TopicPartition } from '../kafka/facts.ts';
import { firstIndex, type BatchFacts, type RecordBatch, type RecordHeader } from './batch.ts';
import { Damage } from './damaged.ts';
import { compressions, decompress, type Compression } from './decompress.ts';

/** Of a message, see org.apache.kafka.common.record.LegacyRecord; offset and length come before it. */
const overhead = 12;
const at = { crc: 12, magic: 16, attributes: 17, timestamp: 18 };

/** Bytes of the smallest message, offset and length included: its key and its value are null. */
export function smallestMessage(magic: number): number {
  return overhead + (magic === 0 ? 14 : 22);
}

interface Message {
  readonly offset: bigint;
  readonly start: number;
  readonly end: number;
  readonly timestamp: bigint;
  readonly isLogAppendTime: boolean;
  readonly compression: Compression;
}

/**
 * Checks and indexes a message of format 0 or 1; a compressed one is unpacked to the messages that it wraps. `bytes` are all of it.
 *
 * @throws {Damage}
 */
export function openLegacyBatch(bytes: Buffer, where: TopicPartition, limit: number): RecordBatch {
  const outer = readMessage(bytes, 0, 'the message');
  const magic = bytes[at.magic] as 0 | 1;
  let data = bytes;
  let messages = [outer];
  if (outer.compression !== 'none') {
    const packed = fieldOf(bytes, outer, 'value');
    if (packed === null) throw new Damage('it is compressed and has no value');
    data = decompress(outer.compression, packed, { limit, isFormat0: magic === 0 });
    messages = unwrap(data, magic, outer);
  }
  const facts: BatchFacts = {
    magic,
    baseOffset: messages[0]!.offset,
    lastOffset: outer.offset,
    size: bytes.length,
    compression: outer.compression,
    timestampType: magic === 0 ? 'none' : outer.isLogAppendTime ? 'LogAppendTime' : 'CreateTime',
    maxTimestamp: outer.timestamp,
    crc: bytes.readUInt32BE(at.crc),
    leaderEpoch: -1,
    producerId: -1n,
    producerEpoch: -1,
    baseSequence: -1,
    lastSequence: -1,
    isTransactional: false,
    isControl: false,
    deleteHorizon: undefined,
  };
  return new LegacyBatch(where, bytes, facts, data, messages);
}

function readMessage(data: Buffer, start: number, name: string): Message {
  const left = data.length - start;
  if (left < smallestMessage(0)) throw new Damage(`${name} is cut off`);
  const end = start + overhead + data.readInt32BE(start + 8);
  const magic = data[start + at.magic]!;
  if (magic > 1) throw new Damage(`${name} has the unknown format ${magic}`);
  if (end - start < smallestMessage(magic) || end > data.length) {
    throw new Damage(`${name} says that it has ${end - start} bytes, ${left} are left`);
  }
  const crc = data.readUInt32BE(start + at.crc);
  const computed = crc32(data.subarray(start + at.magic, end));
  if (crc !== computed) throw new Damage(`the CRC-32 of ${name} is ${computed} where it says ${crc}`);
  const attributes = data[start + at.attributes]!;
  const compression = compressions[attributes & 7];
  // Kafka took zstd in with format 2.
  if (compression === undefined || compression === 'zstd') {
    throw new Damage(`${name} has the unknown compression ${attributes & 7}`);
  }
  const message: Message = {
    offset: data.readBigInt64BE(start),
    start,
    end,
    timestamp: magic === 0 ? -1n : data.readBigInt64BE(start + at.timestamp),
    isLogAppendTime: magic === 1 && (attributes & 0x08) !== 0,
    compression,
  };
  // Looks at both lengths, so that they hold ever after.
  fieldOf(data, message, 'value');
  return message;
}

/** Offsets within a wrapper of format 1 count from 0, and the wrapper has that of its last message (KIP-31). */
function unwrap(data: Buffer, magic: number, outer: Message): Message[] {
  const messages: Message[] = [];
  for (let start = 0; start < data.length;) {
    const name = `message ${messages.length} in the wrapper`;
    const message = readMessage(data, start, name);
    if (data[start + at.magic] !== magic) throw new Damage(`${name} has another format than the wrapper`);
    if (message.compression !== 'none') throw new Damage(`${name} is compressed again`);
    const previous = messages.at(-1);
    if (previous !== undefined && message.offset <= previous.offset) {
      throw new Damage(`${name} has the offset ${message.offset}, after ${previous.offset}`);
    }
    messages.push(message);
    start = message.end;
  }
  const last = messages.at(-1);
  if (last === undefined) throw new Damage('it wraps no message');
  const base = magic === 1 ? outer.offset - last.offset : 0n;
  if (base < 0n || messages[0]!.offset < 0n || base + last.offset > outer.offset) {
    throw new Damage(`the last message in it has the offset ${last.offset}, the wrapper ${outer.offset}`);
  }
  return messages.map((message) => ({
    ...message,
    offset: base + message.offset,
    timestamp: outer.isLogAppendTime ? outer.timestamp : message.timestamp,
  }));
}

/** @throws {Damage} also where the message does not end with its value. */
function fieldOf(data: Buffer, { start, end }: Message, which: 'key' | 'value'): Buffer | null {
  const from = start + (data[start + at.magic] === 0 ? at.timestamp : at.timestamp + 8);
  const keyLength = data.readInt32BE(from);
  const keyEnd = from + 4 + Math.max(keyLength, 0);
  if (keyLength < -1 || keyEnd + 4 > end) throw new Damage(`a key of ${keyLength} bytes goes past its end`);
  if (which === 'key') return keyLength < 0 ? null : data.subarray(from + 4, keyEnd);
  const length = data.readInt32BE(keyEnd);
  if (length < -1 || keyEnd + 4 + Math.max(length, 0) !== end) {
    throw new Damage(`a value of ${length} bytes does not end where it ends`);
  }
  return length < 0 ? null : data.subarray(keyEnd + 4, end);
}

class LegacyBatch implements RecordBatch {
  readonly topic: string;
  readonly partition: number;
  readonly facts: BatchFacts;
  readonly bytes: Buffer;
  readonly data: Buffer;
  readonly starts: Uint32Array;
  readonly #messages: readonly Message[];

  constructor(
    { topic, partition }: TopicPartition,
    bytes: Buffer,
    facts: BatchFacts,
    data: Buffer,
    messages: readonly Message[],
  ) {
    this.topic = topic;
    this.partition = partition;
    this.bytes = bytes;
    this.facts = facts;
    this.data = data;
    this.#messages = messages;
    this.starts = Uint32Array.from([...messages.map(({ start }) => start), data.length]);
  }

  get count(): number {
    return this.#messages.length;
  }

  offset(index: number): bigint {
    return this.#messages[index]!.offset;
  }

  timestamp(index: number): bigint {
    return this.#messages[index]!.timestamp;
  }

  size(index: number): number {
    return this.starts[index + 1]! - this.starts[index]!;
  }

  key(index: number): Buffer | null {
    return this.#field(index, 'key');
  }

  value(index: number): Buffer | null {
    return this.#field(index, 'value');
  }

  headers(): readonly RecordHeader[] {
    return [];
  }

  indexOf(offset: bigint): number {
    return firstIndex(this.count, (index) => this.offset(index) >= offset);
  }

  #field(index: number, which: 'key' | 'value'): Buffer | null {
    return fieldOf(this.data, this.#messages[index]!, which);
  }
}
