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
