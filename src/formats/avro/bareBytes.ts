import { ByteReader } from '../byteReader.ts';
import { UndecodableError } from '../sink.ts';
import type { AvroType } from './avroSchema.ts';

/**
 * Whether values of a schema are written without the length that Avro puts before bytes: where the whole schema is bytes, Confluent's
 * serializers write those as they are (AbstractKafkaAvroSerializer).
 */
export function isBare(type: AvroType): boolean {
  return type.kind === 'bytes' && type.logical === undefined;
}

/** The bytes behind their length; all of them where they do not begin with exactly that of what follows. */
export function withoutLength(bytes: Buffer): Buffer {
  const reader = new ByteReader(bytes);
  try {
    return reader.zigZag() === BigInt(reader.left) ? bytes.subarray(reader.at) : bytes;
  } catch (error) {
    if (error instanceof UndecodableError) return bytes;
    throw error;
  }
}
