import type { Cluster } from '../kafka/cluster.ts';
import { UnsupportedApiError } from '../kafka/errors.ts';
import { failureOf } from '../kafka/failures.ts';
import type { Api } from '../kafka/protocol/api.ts';
import type { Sent } from './sendOnce.ts';

/** How long the answer to a change is waited for, milliseconds. */
export const changeTimeoutMs = 30_000;

/**
 * Sends a broker a request that must not happen twice unseen, and tells one that never left from one whose answer never came.
 * It does not throw.
 */
export async function sendToBroker<Request, Response>(
  cluster: Cluster,
  broker: number | 'any' | 'controller',
  api: Api<Request, Response>,
  request: (version: number) => Request,
  options: { readonly minVersion?: number } = {},
): Promise<Sent<Response>> {
  let isOut = false;
  try {
    const value = await cluster.send(
      broker,
      api,
      (version) => {
        const made = request(version);
        isOut = true;
        return made;
      },
      // Nobody cancels it: what has left cannot be called back, and whoever gives up still wants to know.
      { resend: false, timeoutMs: changeTimeoutMs, minVersion: options.minVersion },
    );
    return { kind: 'answered', value };
  } catch (error) {
    return { kind: isOut && !(error instanceof UnsupportedApiError) ? 'unknown' : 'unsent', failure: failureOf(error) };
  }
}
