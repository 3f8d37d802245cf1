import type { Reader } from './reader.ts';
import type { Writer } from './writer.ts';

/**
 * One request of Kafka's protocol with its response, as generated from Kafka's message definitions.
 * Versions outside `minVersion..maxVersion` are a programming error and throw a RangeError.
 */
export interface Api<Request, Response> {
  readonly name: string;
  /** The API key of the request header. */
  readonly key: number;
  readonly minVersion: number;
  readonly maxVersion: number;
  /** First version with compact encodings and tagged fields (KIP-482); Infinity where there is none. */
  readonly flexibleFrom: number;
  encodeRequest(writer: Writer, request: Request, version: number): void;
  /** @throws {MalformedError} where the bytes are not such a response. */
  decodeResponse(reader: Reader, version: number): Response;
}

/** One type of the records that a coordinator writes to its topic, as generated from Kafka's message definitions. */
export interface RecordCodec<Key, Value> {
  /** Kafka's name of key and value without that word, such as `OffsetCommit`. */
  readonly name: string;
  /** The int16 in front of the key. */
  readonly type: number;
  /** The newest version of the value that is known; the oldest is 0. */
  readonly maxVersion: number;
  /** From behind the type. @throws {MalformedError} */
  decodeKey(reader: Reader): Key;
  /** From behind the version. @throws {MalformedError} */
  decodeValue(reader: Reader, version: number): Value;
  /** The JSON of Kafka's console formatters, byte for byte. */
  keyJson(key: Key): string;
  valueJson(value: Value, version: number): string;
}
