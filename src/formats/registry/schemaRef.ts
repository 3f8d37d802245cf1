import type { Header, Part } from '../decoder.ts';
import { uuidText } from '../numbers.ts';
import { UndecodableError } from '../sink.ts';
import { readIndexes } from './parsedSchema.ts';
import type { SchemaRef } from './schemaRegistry.ts';

/** Where a record names its schema, and what is left for the schema to read. */
export interface Framed {
  readonly ref: SchemaRef;
  readonly payload: Buffer;
  readonly from: 'prefix' | 'header';
  /** Protobuf's message indexes, where a header holds them; else they begin the payload. */
  readonly indexes: readonly number[] | undefined;
}

/**
 * A schema id in a header, as Confluent's `HeaderSchemaIdSerializer` writes it since 8.0: `__key_schema_id` or `__value_schema_id`, holding a byte 1
 * and the schema's GUID (16 bytes), or a byte 0 and its id (4 bytes), then for Protobuf the message indexes. The value then is the bare payload.
 */
export function framedByHeader(bytes: Buffer, part: Part, headers: readonly Header[]): Framed | undefined {
  const header = headers.findLast(({ key }) => key === schemaHeaderName(part))?.value;
  if (header === undefined || header === null) return undefined;
  const size = header[0] === 1 ? 17 : 5;
  if (header[0]! > 1 || header.length < size) return undefined;
  const ref: SchemaRef = size === 17 ? { guid: uuidText(header.subarray(1, 17)) } : { id: header.readInt32BE(1) };
  return {
    ref,
    payload: bytes,
    from: 'header',
    indexes: header.length > size ? indexesOf(header.subarray(size)) : undefined,
  };
}

export function schemaHeaderName(part: Part): string {
  return `__${part}_schema_id`;
}

/** A byte 0, then the schema's id as four bytes (Confluent's wire format). Ids begin at 1. */
export function framedByPrefix(bytes: Buffer): Framed | undefined {
  if (bytes[0] === 0 && bytes.length >= 5) {
    const id = bytes.readInt32BE(1);
    return id <= 0 ? undefined : { ref: { id }, payload: bytes.subarray(5), from: 'prefix', indexes: undefined };
  }
  return undefined;
}

function indexesOf(bytes: Buffer): readonly number[] | undefined {
  try {
    return readIndexes(bytes).indexes;
  } catch (error) {
    if (error instanceof UndecodableError) return undefined;
    throw error;
  }
}
