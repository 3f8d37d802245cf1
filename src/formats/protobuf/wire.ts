import { t } from '../../shared/l10n.ts';
import { ByteReader } from '../byteReader.ts';
import { checkedBytes } from '../sinks.ts';
import { UndecodableError } from '../sink.ts';

/** A field as it stands on the wire (protobuf.dev/programming-guides/encoding). */
export interface WireField {
  readonly number: number;
  readonly value: WireValue;
}

export type WireValue =
  | { readonly type: 'varint'; readonly value: bigint }
  | { readonly type: 'fixed64' | 'fixed32'; readonly bytes: Buffer }
  /** A string, bytes, a message, or packed numbers: only a schema knows. */
  | { readonly type: 'len'; readonly bytes: Buffer }
  /** `isCut`: of a long one only its beginning was read; groups in it may be open at its end. */
  | { readonly type: 'group'; readonly bytes: Buffer; readonly isCut: boolean };

/**
 * The fields of a message. `limit`: of a large message only the fields that begin within so many bytes, and no more than `mostFields`,
 * to make a line of it; then `more` is true. `isCut`: the bytes are those of a group that was cut. @throws {UndecodableError}
 */
export function readFields(
  bytes: Buffer,
  limit: number,
  { mostFields = Number.POSITIVE_INFINITY, isCut = false } = {},
): { fields: WireField[]; more: boolean } {
  const reader = new ByteReader(bytes);
  const fields: WireField[] = [];
  while (reader.left > 0) {
    if (reader.at > limit || fields.length >= mostFields) return { fields, more: true };
    fields.push(readField(reader, limit, isCut));
  }
  return { fields, more: isCut };
}

function readField(reader: ByteReader, limit: number, isCut: boolean): WireField {
  const tag = reader.varint32();
  const number = tag >>> 3;
  if (number < 1 || number > 536_870_911) {
    throw new UndecodableError(
      t('At byte {0} stands field number {1}, which Protobuf does not have.', reader.at, number),
    );
  }
  switch (tag & 7) {
    case 0:
      return { number, value: { type: 'varint', value: reader.varint() } };
    case 1:
      return { number, value: { type: 'fixed64', bytes: reader.take(8) } };
    case 2: {
      const length = reader.varint();
      if (length > BigInt(reader.left)) throw reader.tooShort(length);
      return { number, value: { type: 'len', bytes: reader.take(Number(length)) } };
    }
    case 3:
      return { number, value: { type: 'group', ...group(reader, number, limit, isCut) } };
    case 5:
      return { number, value: { type: 'fixed32', bytes: reader.take(4) } };
    default:
      throw new UndecodableError(
        t('At byte {0} stands wire type {1}, which Protobuf does not have.', reader.at, tag & 7),
      );
  }
}

/**
 * The bytes of a group, up to the tag that ends it. Not recursive: groups may be nested as deep as they like. Only that tag says where
 * a group ends: behind one that goes on past `limit` nothing more is read.
 */
function group(
  reader: ByteReader,
  number: number,
  limit: number,
  isCut: boolean,
): { readonly bytes: Buffer; readonly isCut: boolean } {
  const start = reader.at;
  const open = [number];
  for (;;) {
    if (reader.at > limit || (isCut && reader.left === 0)) {
      const bytes = reader.bytes.subarray(start, reader.at);
      reader.at = reader.bytes.length;
      return { bytes, isCut: true };
    }
    const before = reader.at;
    const tag = reader.varint32();
    const wire = tag & 7;
    if (wire === 3) open.push(tag >>> 3);
    else if (wire === 4) {
      if (open.pop() !== tag >>> 3) throw new UndecodableError(t('A group ends that did not begin.'));
      if (open.length === 0) return { bytes: reader.bytes.subarray(start, before), isCut: false };
    } else {
      reader.at = before;
      readField(reader, limit, isCut);
    }
  }
}

/** Whether the bytes may be taken for a message though nobody said so: all of it is fields with usual numbers, and no groups. */
export function looksLikeMessage(bytes: Buffer): boolean {
  try {
    const { fields } = readFields(bytes, checkedBytes);
    return fields.length > 0 && fields.every(({ number, value }) => number <= 4096 && value.type !== 'group');
  } catch (error) {
    if (error instanceof UndecodableError) return false;
    throw error;
  }
}
