import { crc32 } from 'node:zlib';
import type { BatchFacts, RecordBatch, TimestampType } from './batch.ts';
import { controlRecordOf, type ControlRecord } from './control.ts';
import { crc32c } from './crc32c.ts';
import { DamagedError } from './damaged.ts';
import { compressions, type Compression } from './decompress.ts';
import type { Shell } from './openBatch.ts';
import type { Outcome } from './transactions.ts';

/**
 * What a list of batches shows of one, as Kafka's DumpLogSegments does, damaged ones included. What a batch does not have, or a damaged one
 * cannot tell, is undefined. 64-bit fields are exact.
 */
export interface BatchRow {
  readonly baseOffset: bigint;
  readonly lastOffset: bigint;
  /** Records in it: 0 where compaction left but the batch. */
  readonly count: number | undefined;
  /** Bytes as stored, header included. */
  readonly size: number;
  /** Bytes of its records as stored and unpacked; equal where they are not compressed. */
  readonly packedSize: number | undefined;
  readonly unpackedSize: number | undefined;
  readonly magic: number | undefined;
  readonly compression: Compression | undefined;
  readonly timestampType: TimestampType | undefined;
  /** Milliseconds since 1970; -1 where there is none. */
  readonly maxTimestamp: bigint | undefined;
  readonly leaderEpoch: number | undefined;
  readonly producerId: bigint | undefined;
  readonly producerEpoch: number | undefined;
  readonly baseSequence: number | undefined;
  readonly lastSequence: number | undefined;
  readonly isTransactional: boolean;
  readonly isControl: boolean;
  /** Of a control batch. */
  readonly control: ControlRecord | undefined;
  /** Of a transactional batch of records. */
  readonly outcome: Outcome | undefined;
  readonly deleteHorizon: bigint | undefined;
  /** As its header says, and as its bytes give: CRC-32C of format 2, CRC-32 of those before. */
  readonly crc: number | undefined;
  readonly computedCrc: number | undefined;
  /** Why it is damaged, half a sentence. */
  readonly problem: string | undefined;
}

const headerSizeV2 = 61;
const magicAt = 16;

/** A batch that could be opened. */
export function rowOf(batch: RecordBatch, outcome: Outcome | undefined): BatchRow {
  const { facts, count, data } = batch;
  const isNew = facts.magic === 2;
  return {
    ...ofFacts(facts),
    count,
    packedSize: isNew ? facts.size - headerSizeV2 : facts.size,
    unpackedSize: data.length,
    control: facts.isControl && count > 0 ? controlOf(batch) : undefined,
    outcome,
    // Its checksum was compared as it was opened.
    computedCrc: facts.crc,
    problem: undefined,
  };
}

/** One that could not: what its header says, as far as it can be told. */
export function damagedRow({ bytes, baseOffset, lastOffset }: Shell, problem: string): BatchRow {
  const magic = bytes.length > magicAt ? bytes[magicAt]! : undefined;
  const unknown: BatchRow = {
    baseOffset,
    lastOffset,
    count: undefined,
    size: bytes.length,
    packedSize: undefined,
    unpackedSize: undefined,
    magic,
    compression: undefined,
    timestampType: undefined,
    maxTimestamp: undefined,
    leaderEpoch: undefined,
    producerId: undefined,
    producerEpoch: undefined,
    baseSequence: undefined,
    lastSequence: undefined,
    isTransactional: false,
    isControl: false,
    control: undefined,
    outcome: undefined,
    deleteHorizon: undefined,
    crc: undefined,
    computedCrc: undefined,
    problem,
  };
  if (magic === 2 && bytes.length >= headerSizeV2) return { ...unknown, ...ofHeader(bytes) };
  if (magic !== undefined && magic < 2 && bytes.length > 18) {
    return { ...unknown, crc: bytes.readUInt32BE(12), computedCrc: crc32(bytes.subarray(magicAt)) };
  }
  return unknown;
}

/** Times as large as unpacked; undefined where it is not compressed, or not known. */
export function ratioOf({ compression, packedSize, unpackedSize }: BatchRow): number | undefined {
  if (compression === undefined || compression === 'none' || !packedSize || unpackedSize === undefined)
    return undefined;
  return unpackedSize / packedSize;
}

/** Whether the checksum fits; undefined where there is none to compare. */
export function isCrcValid({ crc, computedCrc }: BatchRow): boolean | undefined {
  return crc === undefined || computedCrc === undefined ? undefined : crc === computedCrc;
}

function ofFacts(facts: BatchFacts) {
  const has = facts.magic === 2;
  return {
    baseOffset: facts.baseOffset,
    lastOffset: facts.lastOffset,
    size: facts.size,
    magic: facts.magic as number,
    compression: facts.compression,
    timestampType: facts.timestampType,
    maxTimestamp: facts.maxTimestamp,
    leaderEpoch: has ? facts.leaderEpoch : undefined,
    producerId: has ? facts.producerId : undefined,
    producerEpoch: has ? facts.producerEpoch : undefined,
    baseSequence: has ? facts.baseSequence : undefined,
    lastSequence: has ? facts.lastSequence : undefined,
    isTransactional: facts.isTransactional,
    isControl: facts.isControl,
    deleteHorizon: facts.deleteHorizon,
    crc: facts.crc,
  };
}

/** The fields of a header of format 2 (org.apache.kafka.common.record.DefaultRecordBatch), none of them to be trusted. */
function ofHeader(bytes: Buffer): Partial<BatchRow> {
  const attributes = bytes.readInt16BE(21);
  const baseSequence = bytes.readInt32BE(53);
  return {
    count: bytes.readInt32BE(57),
    packedSize: bytes.length - headerSizeV2,
    compression: compressions[attributes & 7],
    timestampType: attributes & 0x08 ? 'LogAppendTime' : 'CreateTime',
    maxTimestamp: bytes.readBigInt64BE(35),
    leaderEpoch: bytes.readInt32BE(12),
    producerId: bytes.readBigInt64BE(43),
    producerEpoch: bytes.readInt16BE(51),
    baseSequence,
    lastSequence: baseSequence < 0 ? -1 : (baseSequence + bytes.readInt32BE(23)) % 2 ** 31,
    isTransactional: (attributes & 0x10) !== 0,
    isControl: (attributes & 0x20) !== 0,
    deleteHorizon: attributes & 0x40 ? bytes.readBigInt64BE(27) : undefined,
    crc: bytes.readUInt32BE(17),
    computedCrc: crc32c(bytes, 21),
  };
}

function controlOf(batch: RecordBatch): ControlRecord | undefined {
  try {
    return controlRecordOf(batch, 0);
  } catch (error) {
    if (error instanceof DamagedError) return undefined;
    throw error;
  }
}
