import type { RecordBatch } from './batch.ts';
import { DamagedError } from './damaged.ts';

/** By org.apache.kafka.common.record.ControlRecordType; the latter five are of KRaft's own log. */
const types = [
  'abort',
  'commit',
  'leader-change',
  'snapshot-header',
  'snapshot-footer',
  'kraft-version',
  'kraft-voters',
] as const;

export interface ControlRecord {
  readonly type: (typeof types)[number] | 'unknown';
  /** As the record has it: newer Kafkas may know more types than this list. */
  readonly typeCode: number;
  /** commit and abort: of the transaction coordinator that wrote it. */
  readonly coordinatorEpoch: number | undefined;
}

/**
 * What the record of a control batch says. Newer versions only add to its key and value, so that what is behind the known is passed over.
 * With transactions of version 2 (KIP-890) a marker's producer epoch is above that of the records that it ends.
 *
 * @throws {DamagedError}
 */
export function controlRecordOf(batch: RecordBatch, index: number): ControlRecord {
  const key = batch.key(index);
  if (key === null || key.length < 4) {
    throw new DamagedError(
      batch,
      batch.offset(index),
      'record',
      `a control record's key has ${key?.length ?? 0} bytes`,
    );
  }
  const typeCode = key.readInt16BE(2);
  const type = types[typeCode] ?? 'unknown';
  if (type !== 'abort' && type !== 'commit') return { type, typeCode, coordinatorEpoch: undefined };
  const value = batch.value(index);
  if (value === null || value.length < 6) {
    throw new DamagedError(batch, batch.offset(index), 'record', `a marker's value has ${value?.length ?? 0} bytes`);
  }
  return { type, typeCode, coordinatorEpoch: value.readInt32BE(2) };
}
