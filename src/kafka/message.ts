import type { Api } from './protocol/api.ts';
import { encodeRequestHeader } from './protocol/generated/requestHeader.ts';
import { Reader } from './protocol/reader.ts';
import { Writer } from './protocol/writer.ts';

const apiVersionsKey = 18;

/** A whole request frame: length, request header (version 1, or 2 where flexible), body. */
export function encodeFrame<Request>(
  api: Api<Request, unknown>,
  version: number,
  request: Request,
  clientId: string,
  correlationId: number,
): Uint8Array {
  const writer = new Writer();
  writer.int32(0);
  const header = { requestApiKey: api.key, requestApiVersion: version, correlationId, clientId };
  encodeRequestHeader(writer, header, version >= api.flexibleFrom ? 2 : 1);
  api.encodeRequest(writer, request, version);
  writer.int32At(0, writer.position - 4);
  return writer.finish();
}

/**
 * Reads an answer from behind its correlation id.
 *
 * @throws {MalformedError}
 */
export function decodeAnswer<Response>(api: Api<never, Response>, version: number, payload: Uint8Array): Response {
  const reader = new Reader(payload);
  // ApiVersions has response header 0 always: its reader cannot know yet what the broker speaks (KIP-511).
  if (version >= api.flexibleFrom && api.key !== apiVersionsKey) reader.tags({});
  const response = api.decodeResponse(reader, version);
  reader.finish();
  return response;
}
