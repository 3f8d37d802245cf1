import type { RecordBatch } from '../../../records/batch.ts';
import { isCrcValid, ratioOf, type BatchRow } from '../../../records/batchListRow.ts';
import { DamagedError } from '../../../records/damaged.ts';
import { visibleText } from '../../../shared/visibleText.ts';
import type { BatchItem, BatchSummary, RecordItem } from './protocol.ts';

/** A row as the page gets it. */
export function batchItem(row: BatchRow): BatchItem {
  const known = row.magic === 2;
  return {
    baseOffset: String(row.baseOffset),
    lastOffset: String(row.lastOffset),
    count: row.count,
    size: row.size,
    unpackedSize: row.unpackedSize,
    ratio: ratioOf(row),
    compression: row.compression,
    magic: row.magic,
    timestampType: row.timestampType,
    maxTimestamp: timeOf(row.maxTimestamp),
    leaderEpoch: known && row.leaderEpoch !== -1 ? row.leaderEpoch : undefined,
    producerId: row.producerId === undefined || row.producerId < 0n ? undefined : String(row.producerId),
    producerEpoch: natural(row.producerEpoch),
    baseSequence: natural(row.baseSequence),
    lastSequence: natural(row.lastSequence),
    transactional: row.isTransactional,
    outcome: row.outcome,
    control: row.isControl ? (row.control?.type ?? 'marker') : undefined,
    coordinatorEpoch: row.control?.coordinatorEpoch,
    deleteHorizon: timeOf(row.deleteHorizon),
    crc: hex(row.crc),
    computedCrc: hex(row.computedCrc),
    crcValid: isCrcValid(row),
    problem: row.problem,
  };
}

/** What the rows come to. Nothing of a damaged batch counts but that it is there, and its bytes. */
export function summaryOf(rows: readonly BatchItem[]): BatchSummary {
  const good = rows.filter(({ problem }) => problem === undefined);
  const data = good.filter(({ control }) => control === undefined);
  const records = data.reduce((sum, { count = 0 }) => sum + count, 0);
  const packed = good.filter(({ ratio }) => ratio !== undefined);
  const unpackedBytes = packed.reduce((sum, { unpackedSize = 0 }) => sum + unpackedSize, 0);
  const packedBytes = packed.reduce((sum, { unpackedSize = 0, ratio = 1 }) => sum + unpackedSize / ratio, 0);
  const compressions = new Map<string, number>();
  for (const { compression = '' } of data) compressions.set(compression, (compressions.get(compression) ?? 0) + 1);
  const producers = new Set(good.map(({ producerId }) => producerId).filter((id) => id !== undefined));
  return {
    batches: rows.length,
    records,
    size: rows.reduce((sum, { size }) => sum + size, 0),
    recordsPerBatch: data.length === 0 ? undefined : records / data.length,
    ratio: packedBytes === 0 ? undefined : unpackedBytes / packedBytes,
    compressions: Array.from(compressions, ([name, batches]) => ({ name, batches })).sort(
      (a, b) => b.batches - a.batches,
    ),
    producers: producers.size,
    transactional: data.filter(({ transactional }) => transactional).length,
    markers: good.length - data.length,
    empty: data.filter(({ count }) => count === 0).length,
    damaged: rows.length - good.length,
  };
}

const longestPreview = 200;

/** Some records of a batch; of one that is damaged, what is wrong stands in place of its value. */
export function recordItems(batch: RecordBatch, from: number, count: number): RecordItem[] {
  const to = Math.min(batch.count, from + count);
  return Array.from({ length: Math.max(0, to - from) }, (_, at) => {
    const index = from + at;
    const own = {
      offset: String(batch.offset(index)),
      timestamp: String(batch.timestamp(index)),
      size: batch.size(index),
    };
    try {
      const [key, value] = [batch.key(index), batch.value(index)];
      return { ...own, key: previewOf(key), value: previewOf(value), headers: batch.headers(index).length };
    } catch (error) {
      if (!(error instanceof DamagedError)) throw error;
      return { ...own, key: null, value: error.message, headers: 0 };
    }
  });
}

/** One line: the text where the bytes are UTF-8 without controls, else hexadecimal. Looks at the first bytes only. */
export function previewOf(bytes: Buffer | null): string | null {
  if (bytes === null) return null;
  const some = bytes.subarray(0, 4 * longestPreview);
  const isCut = some.length < bytes.length;
  try {
    // What is cut off in the middle of a character is not wrong for that.
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(some, { stream: isCut });
    if (!/[\u0000-\u0008\u000e-\u001f\u007f]/.test(text)) {
      const line = visibleText(text.replace(/\s+/g, ' '));
      return line.length > longestPreview || isCut ? `${line.slice(0, longestPreview)}…` : line;
    }
  } catch {
    // Not UTF-8.
  }
  const shown = bytes.subarray(0, longestPreview / 2);
  return `0x${shown.toString('hex')}${shown.length < bytes.length ? '…' : ''}`;
}

function timeOf(time: bigint | undefined): string | undefined {
  return time === undefined || time < 0n ? undefined : String(time);
}

function natural(value: number | undefined): number | undefined {
  return value === undefined || value < 0 ? undefined : value;
}

function hex(crc: number | undefined): string | undefined {
  return crc === undefined ? undefined : `0x${crc.toString(16).padStart(8, '0')}`;
}
