import { t } from '../../shared/l10n.ts';
import { isCleanText } from '../textKind.ts';
import { maxDepth, UndecodableError, type Sink } from '../sink.ts';
import { looksLikeMessage, readFields, type WireField, type WireValue } from './wire.ts';

/**
 * Bytes of a limit per field that is read: a line asks for 8 bytes a character (see treeValue), and writes 3 characters for each value
 * at least, so that more fields than these would not be seen.
 */
const bytesPerField = 24;

/**
 * A message without its schema. Keys say field number and wire type, because the same bytes could be several things: `"1:varint"` is
 * the unsigned number, `"2:text"`, `"3:message"` and `"4:bytes"` are what bytes with a length look like. Fields that
 * occur several times are a list. @throws {UndecodableError}
 */
export function readSchemaless(bytes: Buffer, sink: Sink, limit: number, depth = 0, isCut = false): void {
  if (depth > maxDepth) throw new UndecodableError(t('The value is nested too deep.'));
  const { fields, more } = readFields(bytes, limit, { mostFields: limit / bytesPerField, isCut });
  sink.begin('object');
  for (const { number, kind, values } of grouped(fields)) {
    sink.key(`${number}:${kind}`);
    if (values.length > 1) sink.begin('array');
    for (const value of values) putKind(sink, kind, value, limit, depth);
    if (values.length > 1) sink.end();
  }
  if (more) sink.progress(limit + 1);
  sink.end();
}

const kinds = ['varint', 'fixed64', 'fixed32', 'group', 'text', 'message', 'bytes'] as const;
type Kind = (typeof kinds)[number];

interface Group {
  readonly number: number;
  readonly kind: Kind;
  readonly values: WireValue[];
}

function grouped(fields: readonly WireField[]): Iterable<Group> {
  const groups = new Map<number, Group>();
  for (const { number, value } of fields) {
    const kind = kindOf(value);
    // Not a text: there may be hundreds of thousands of fields.
    const key = number * kinds.length + kinds.indexOf(kind);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { number, kind, values: [value] });
    else group.values.push(value);
  }
  return groups.values();
}

function kindOf(value: WireValue): Kind {
  if (value.type !== 'len') return value.type;
  if (isCleanText(value.bytes)) return 'text';
  return looksLikeMessage(value.bytes) ? 'message' : 'bytes';
}

/** A value of which only the wire type is known. */
export function putUnknown(sink: Sink, value: WireValue, limit: number, depth: number): void {
  putKind(sink, kindOf(value), value, limit, depth);
}

function putKind(sink: Sink, kind: Kind, value: WireValue, limit: number, depth: number): void {
  sink.progress(0);
  switch (value.type) {
    case 'varint':
      return sink.number(String(value.value));
    case 'fixed64':
    case 'fixed32':
      return sink.string(`0x${Buffer.from(value.bytes).reverse().toString('hex')}`);
    case 'group':
      return readSchemaless(value.bytes, sink, limit, depth + 1, value.isCut);
    case 'len':
      if (kind === 'text') return sink.utf8(value.bytes);
      if (kind === 'message' && depth < maxDepth) return readSchemaless(value.bytes, sink, limit, depth + 1);
      return sink.bytes(value.bytes);
  }
}
