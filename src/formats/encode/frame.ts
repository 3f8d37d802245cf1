import type { Header, Part } from '../decoder.ts';
import { schemaHeaderName } from '../registry/schemaRef.ts';
import { ByteWriter } from './byteWriter.ts';

/** Confluent's wire format: a byte 0, the schema's id, Protobuf's message indexes, the value. */
export function withPrefix(id: number, payload: Buffer, indexes: readonly number[] | undefined): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeInt32BE(id, 1);
  return Buffer.concat([prefix, indexBytes(indexes), payload]);
}

/** As Confluent's `HeaderSchemaIdSerializer` names a schema since 8.0: a byte 1, its GUID, Protobuf's message indexes. The value stays bare. */
export function schemaHeader(guid: string, part: Part, indexes: readonly number[] | undefined): Header {
  const id = Buffer.from(guid.replaceAll('-', ''), 'hex');
  return { key: schemaHeaderName(part), value: Buffer.concat([Buffer.from([1]), id, indexBytes(indexes)]) };
}

/** How many, then each, as zig-zag varints; a single 0 for the first message. None but for Protobuf. */
function indexBytes(indexes: readonly number[] | undefined): Buffer {
  if (indexes === undefined) return Buffer.alloc(0);
  if (indexes.length === 1 && indexes[0] === 0) return Buffer.alloc(1);
  const writer = new ByteWriter();
  writer.zigZag(BigInt(indexes.length));
  for (const index of indexes) writer.zigZag(BigInt(index));
  return writer.take();
}
