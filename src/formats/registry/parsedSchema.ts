import { t } from '../../shared/l10n.ts';
import { readAvro } from '../avro/avroReader.ts';
import { isBare, withoutLength } from '../avro/bareBytes.ts';
import { putLogicalBytes } from '../avro/avroLogical.ts';
import { parseAvroSchema, type AvroNames, type AvroType } from '../avro/avroSchema.ts';
import { ByteReader } from '../byteReader.ts';
import { ProtobufSchema } from '../protobuf/protobufSchema.ts';
import { readProtobuf } from '../protobuf/protobufReader.ts';
import { UndecodableError, type Sink } from '../sink.ts';

/** A schema as the registry gives it. */
export interface SchemaText {
  readonly schema: string;
  /** AVRO, JSON, PROTOBUF; a registry may have others. */
  readonly schemaType: string;
  readonly references: readonly { readonly name: string; readonly subject: string; readonly version: number }[];
  /** The rule by which serializers encrypt the whole payload (Confluent's ENCRYPT_PAYLOAD). */
  readonly encryptedBy?: string | undefined;
}

/** With the name under which others refer to it. */
export type Reference = SchemaText & { readonly name: string };

/** How a value written with a schema is read. */
export type ParsedSchema = Pick<SchemaText, 'encryptedBy'> & ByType;

type ByType =
  | { readonly type: 'json'; readonly text: string; readonly references: readonly Reference[] }
  | (Readable & { readonly type: 'avro'; readonly avro: AvroType })
  | (Readable & { readonly type: 'protobuf'; readonly protobuf: ProtobufSchema });

interface Readable {
  /**
   * Reads the bytes behind the schema id. `indexes`: Protobuf's message indexes where they do not stand there. `limit`: of large
   * values only so many bytes. @throws {UndecodableError}
   */
  read(bytes: Buffer, indexes: readonly number[] | undefined, sink: Sink, limit: number): void;
  /** What the bytes are, such as the name of the record or message. @throws {UndecodableError} */
  name(bytes: Buffer, indexes: readonly number[] | undefined): string | undefined;
}

/** `references`: all, those that others need first. @throws {UndecodableError} */
export async function parseSchema(text: SchemaText, references: readonly Reference[]): Promise<ParsedSchema> {
  return { ...byType(text, references), encryptedBy: text.encryptedBy };
}

function byType(text: SchemaText, references: readonly Reference[]): ByType {
  switch (text.schemaType) {
    case 'JSON':
      return { type: 'json', text: text.schema, references };
    case 'AVRO': {
      const names: AvroNames = new Map();
      for (const reference of references) parseAvroSchema(reference.schema, names);
      const type = parseAvroSchema(text.schema, names);
      return {
        type: 'avro',
        avro: type,
        read: (bytes, _indexes, sink) => readConfluentAvro(bytes, type, sink),
        name: () => ('name' in type ? type.name : undefined),
      };
    }
    case 'PROTOBUF': {
      const files = references.map(({ name, schema }) => ({ name, text: schema }));
      const schema = new ProtobufSchema({ name: '', text: text.schema }, files);
      const split = (bytes: Buffer, indexes: readonly number[] | undefined) =>
        indexes === undefined ? readIndexes(bytes) : { indexes, rest: bytes };
      return {
        type: 'protobuf',
        protobuf: schema,
        read(bytes, indexes, sink, limit) {
          const found = split(bytes, indexes);
          readProtobuf(found.rest, schema.messageAt(found.indexes), schema, sink, limit);
        },
        name: (bytes, indexes) => schema.messageAt(split(bytes, indexes).indexes).fullName,
      };
    }
    default:
      throw new UndecodableError(t('It is of type {0}, which is not known here.', text.schemaType));
  }
}

function readConfluentAvro(bytes: Buffer, type: AvroType, sink: Sink): void {
  if (isBare(type)) sink.bytes(bytes);
  // Some clients write decimals bare, too, others do not: the length is taken off where it is one.
  else if (type.kind === 'bytes' && type.logical !== undefined)
    putLogicalBytes(sink, type.logical, withoutLength(bytes));
  else readAvro(bytes, type, sink);
}

/**
 * Confluent's message indexes: how many, then each, all as zig-zag varints; a single 0 stands for the first message. @throws {UndecodableError}
 */
export function readIndexes(bytes: Buffer): { indexes: number[]; rest: Buffer } {
  const reader = new ByteReader(bytes);
  const count = Number(reader.zigZag());
  if (count < 0 || count > 100) throw new UndecodableError(t('It has {0} message indexes.', count));
  const indexes = Array.from({ length: count }, () => Number(reader.zigZag()));
  return { indexes: count === 0 ? [0] : indexes, rest: bytes.subarray(reader.at) };
}
