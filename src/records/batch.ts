import type { TopicPartition } from '../kafka/facts.ts';
import type { Compression } from './decompress.ts';

export type TimestampType = 'CreateTime' | 'LogAppendTime' | 'none';

/**
 * What a batch says of itself, as Kafka's DumpLogSegments names it. In message formats 0 and 1 every message, or compressed
 * wrapper, is a batch of its own without a producer.
 */
export interface BatchFacts {
  /** Message format: 2 since Kafka 0.11, 1 since 0.10, 0 before. */
  readonly magic: 0 | 1 | 2;
  /** Compaction leaves both as they are when it takes the first or the last record. */
  readonly baseOffset: bigint;
  readonly lastOffset: bigint;
  /** Bytes as sent and stored, header included. */
  readonly size: number;
  readonly compression: Compression;
  readonly timestampType: TimestampType;
  /** Milliseconds since 1970; -1 where there is none. */
  readonly maxTimestamp: bigint;
  /** CRC-32C of format 2, CRC-32 of those before; it was checked. */
  readonly crc: number;
  /** -1 where unknown. */
  readonly leaderEpoch: number;
  /** -1 where the producer is neither idempotent nor transactional; so are its epoch and its sequence numbers. */
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly lastSequence: number;
  readonly isTransactional: boolean;
  /** Its records are markers of Kafka's own, see `controlRecordOf`. */
  readonly isControl: boolean;
  /** When compaction may remove its tombstones or markers, milliseconds since 1970 (KIP-534). */
  readonly deleteHorizon: bigint | undefined;
}

export interface RecordHeader {
  readonly key: string;
  readonly value: Buffer | null;
}

/**
 * A batch whose records are indexed and not yet decoded: `key`, `value` and `headers` decode at every call. Indexes go from 0 to
 * `count - 1`. Buffers are views on what the broker sent, or on what was unpacked of it: copy what is to outlive the batch.
 */
export interface RecordBatch extends TopicPartition {
  readonly facts: BatchFacts;
  /** As it was sent, header included. */
  readonly bytes: Buffer;
  /** The records, unpacked; what `starts` points into. */
  readonly data: Buffer;
  /** How many records; 0 where compaction took all and left the batch for its offsets and its producer. */
  readonly count: number;
  /** Where each record starts in `data`, and at `count` where the last one ends. */
  readonly starts: Uint32Array;
  offset(index: number): bigint;
  /** Milliseconds since 1970, -1 where there is none: by the batch's `timestampType`. */
  timestamp(index: number): bigint;
  /** Bytes of the record unpacked: key, value, headers and what encodes them. */
  size(index: number): number;
  /** @throws {DamagedError} */
  key(index: number): Buffer | null;
  /** null is a tombstone. @throws {DamagedError} */
  value(index: number): Buffer | null;
  /** @throws {DamagedError} */
  headers(index: number): readonly RecordHeader[];
  /** Of the first record at or behind `offset`; `count` where there is none. */
  indexOf(offset: bigint): number;
}

/** The first of `count` things that holds; `count` where none does. They must be ordered: once it holds, it holds for the rest. */
export function firstIndex(count: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The record that holds position `at` of a batch's `data`. */
export function recordAt(batch: RecordBatch, at: number): number {
  return firstIndex(batch.count, (index) => batch.starts[index + 1]! > at);
}
