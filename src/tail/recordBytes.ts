import { Damage } from '../records/damaged.ts';
import type { RecordBatch, RecordHeader } from '../records/batch.ts';
import type { RecordCursor } from '../records/varints.ts';

/** Where a record's fields are in the bytes that hold it. A length of -1 is null. */
export interface Fields {
  keyAt: number;
  keyLength: number;
  valueAt: number;
  valueLength: number;
  /** Of the number of headers. */
  headersAt: number;
}

/**
 * Finds the fields of a record as message format 2 encodes it (org.apache.kafka.common.record.DefaultRecord).
 *
 * @throws {Damage} a field goes past the record's end.
 */
export function findFields(cursor: RecordCursor, start: number, end: number, into: Fields): void {
  cursor.position = start;
  cursor.skipVarint();
  cursor.position++;
  cursor.skipVarint();
  cursor.skipVarint();
  into.keyLength = cursor.varint();
  into.keyAt = cursor.position;
  if (into.keyLength > 0) cursor.position += into.keyLength;
  into.valueLength = cursor.position > end ? -2 : cursor.varint();
  into.valueAt = cursor.position;
  if (into.valueLength > 0) cursor.position += into.valueLength;
  into.headersAt = cursor.position;
  if (into.keyLength < -1 || into.valueLength < -1 || cursor.position > end) {
    throw new Damage('a field goes past its end');
  }
}

/** @throws {Damage} */
export function readHeaders(cursor: RecordCursor, at: number, end: number): RecordHeader[] {
  cursor.position = at;
  const count = cursor.varint();
  if (count < 0 || 2 * count > end - cursor.position) throw new Damage(`it says that it has ${count} headers`);
  return Array.from({ length: count }, () => {
    const key = field(cursor, end);
    if (key === null) throw new Damage('a header has no key');
    return { key: key.toString('utf8'), value: field(cursor, end) };
  });
}

function field(cursor: RecordCursor, end: number): Buffer | null {
  const length = cursor.varint();
  const from = cursor.position;
  if (length > 0) cursor.position += length;
  if (length < -1 || cursor.position > end) throw new Damage(`a field of ${length} bytes goes past its end`);
  return length < 0 ? null : cursor.bytes.subarray(from, cursor.position);
}

/** A record of the older message formats, which have no headers, as format 2 encodes it; its deltas are of no use and 0. */
export function encodeRecord(batch: RecordBatch, index: number): Buffer {
  const parts: Buffer[] = [Buffer.from([0, 0, 0])];
  for (const bytes of [batch.key(index), batch.value(index)]) {
    parts.push(varint(bytes?.length ?? -1));
    if (bytes !== null) parts.push(bytes);
  }
  parts.push(varint(0));
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([varint(length), ...parts]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let raw = ((value << 1) ^ (value >> 31)) >>> 0;
  for (; raw > 0x7f; raw >>>= 7) bytes.push((raw & 0x7f) | 0x80);
  bytes.push(raw);
  return Buffer.from(bytes);
}
