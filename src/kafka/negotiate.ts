import { kafkaError } from './failures.ts';
import { decodeAnswer, encodeFrame } from './message.ts';
import { errorCode } from './protocol/errorCodes.ts';
import { apiVersions, type ApiVersionsResponse } from './protocol/generated/apiVersions.ts';
import type { Transport } from './transport.ts';
import { pickVersion, type ApiVersionRanges } from './versions.ts';

/** What a broker says of itself before anything else. */
export interface Greeting {
  readonly ranges: ApiVersionRanges;
  /** Finalized features and their levels, such as metadata.version; empty before Kafka 2.7 and with ZooKeeper. */
  readonly features: ReadonlyMap<string, number>;
}

/** Known since Kafka 2.4, and the first to tell features: newer ones tell nothing more that is needed here. */
const firstVersion = 3;

/**
 * Asks which versions the broker speaks. A broker that does not know the version of the question answers in version 0 and
 * says which ones it knows (KIP-511): then it is asked again.
 *
 * @throws {ConnectionError} @throws {KafkaError} @throws {MalformedError} @throws {RequestTimeoutError} @throws {CancelledError}
 */
export async function negotiate(
  transport: Transport,
  clientId: string,
  options: { readonly timeoutMs: number; readonly signal: AbortSignal | undefined },
): Promise<Greeting> {
  const request = { clientSoftwareName: clientId, clientSoftwareVersion: '1' };
  const ask = async (version: number): Promise<ApiVersionsResponse> => {
    const payload = await transport.exchange((id) => encodeFrame(apiVersions, version, request, clientId, id), {
      ...options,
      name: apiVersions.name,
    });
    const isRefused = payload[0] === 0 && payload[1] === errorCode.UNSUPPORTED_VERSION;
    return decodeAnswer(apiVersions, isRefused ? 0 : version, payload);
  };

  let response = await ask(firstVersion);
  if (response.errorCode === errorCode.UNSUPPORTED_VERSION) {
    // Before Kafka 2.4 the list is empty; version 0 is known to all.
    response = await ask(pickVersion(apiVersions, rangesOf(response)) ?? 0);
  }
  if (response.errorCode !== 0) throw kafkaError(response.errorCode, 'API versions');
  return {
    ranges: rangesOf(response),
    features: new Map(response.finalizedFeatures.map((feature) => [feature.name, feature.maxVersionLevel])),
  };
}

function rangesOf(response: ApiVersionsResponse): ApiVersionRanges {
  return new Map(response.apiKeys.map((api) => [api.apiKey, { min: api.minVersion, max: api.maxVersion }]));
}
