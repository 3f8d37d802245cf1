import type { Sink } from '../sink.ts';
import { decimalText, isoInstant } from '../timeText.ts';
import type { ProtoMessage } from './protoFile.ts';
import { readFields } from './wire.ts';

/** Timestamps and durations as people read them, as Protobuf's own JSON writes them; false where it is none of these. */
export function putWellKnown(bytes: Buffer, type: ProtoMessage, sink: Sink, limit: number): boolean {
  const name = type.fullName;
  if (name !== 'google.protobuf.Timestamp' && name !== 'google.protobuf.Duration') return false;
  const { fields } = readFields(bytes, limit);
  const number = (id: number): bigint => {
    const value = fields.findLast((field) => field.number === id)?.value;
    return value?.type === 'varint' ? BigInt.asIntN(64, value.value) : 0n;
  };
  if (fields.some((field) => field.number > 2 || field.value.type !== 'varint')) return false;
  const nanos = number(1) * 1_000_000_000n + number(2);
  const text = name.endsWith('Timestamp') ? isoInstant(nanos, 1_000_000_000n) : `${decimalText(nanos, 9)}s`;
  if (text === undefined) return false;
  sink.string(text);
  return true;
}
