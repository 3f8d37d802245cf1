import { t } from '../../shared/l10n.ts';
import { isCleanText } from '../textKind.ts';
import { maxDepth, UndecodableError, type Sink } from '../sink.ts';
import { looksLikeMessage, readFields, type WireField, type WireValue } from './wire.ts';

/**
 * A message without its schema. Keys say field number and wire type, because the same bytes could be several things: `"1:varint"` is
 * the unsigned number, `"2:text"`, `"3:message"` and `"4:bytes"` are what bytes with a length look like. Fields that
 * occur several times are a list. @throws {UndecodableError}
 */
export function readSchemaless(bytes: Buffer, sink: Sink, limit: number, depth = 0): void {
  if (depth > maxDepth) throw new UndecodableError(t('The value is nested too deep.'));
  const { fields, more } = readFields(bytes, limit);
  sink.begin('object');
  for (const [key, { kind, values }] of grouped(fields)) {
    sink.key(key);
    if (values.length > 1) sink.begin('array');
    for (const value of values) putKind(sink, kind, value, limit, depth);
    if (values.length > 1) sink.end();
  }
  if (more) sink.progress(limit + 1);
  sink.end();
}

function grouped(fields: readonly WireField[]): Map<string, { kind: string; values: WireValue[] }> {
  const groups = new Map<string, { kind: string; values: WireValue[] }>();
  for (const { number, value } of fields) {
    const kind = kindOf(value);
    const key = `${number}:${kind}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { kind, values: [value] });
    else group.values.push(value);
  }
  return groups;
}

function kindOf(value: WireValue): string {
  if (value.type !== 'len') return value.type;
  if (isCleanText(value.bytes)) return 'text';
  return looksLikeMessage(value.bytes) ? 'message' : 'bytes';
}

/** A value of which only the wire type is known. */
export function putUnknown(sink: Sink, value: WireValue, limit: number, depth: number): void {
  putKind(sink, kindOf(value), value, limit, depth);
}

function putKind(sink: Sink, kind: string, value: WireValue, limit: number, depth: number): void {
  sink.progress(0);
  switch (value.type) {
    case 'varint':
      return sink.number(String(value.value));
    case 'fixed64':
    case 'fixed32':
      return sink.string(`0x${Buffer.from(value.bytes).reverse().toString('hex')}`);
    case 'group':
      return readSchemaless(value.bytes, sink, limit, depth + 1);
    case 'len':
      if (kind === 'text') return sink.utf8(value.bytes);
      if (kind === 'message' && depth < maxDepth) return readSchemaless(value.bytes, sink, limit, depth + 1);
      return sink.bytes(value.bytes);
  }
}
