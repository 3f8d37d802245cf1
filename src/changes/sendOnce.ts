import type { Cluster } from '../kafka/cluster.ts';
import type { Answer } from '../kafka/calls.ts';
import type { Failure } from '../kafka/facts.ts';
import type { Api } from '../kafka/protocol/api.ts';

/**
 * What became of a request that changes something.
 *
 * - `answered`: with the coordinator's answer. `refused`: by the coordinator as a whole; nothing was changed.
 * - `unsent`: it never left this machine. `unknown`: it left, and no answer came: it may have been done, or may still be.
 */
export type Sent<Result> =
  | { readonly kind: 'answered'; readonly value: Result }
  | { readonly kind: 'refused' | 'unsent' | 'unknown'; readonly failure: Failure };

export interface OnceCall<Request, Response, Result> {
  readonly api: Api<Request, Response>;
  readonly minVersion?: number;
  readonly maxVersion?: number;
  readonly request: (version: number) => Request;
  /** An error code of the whole: "moved" and "loading" go to the next coordinator, others are refusals. */
  readonly read: (response: Response, version: number) => Answer<Result>;
}

/** How long the answer is waited for, and how long a coordinator that moves or loads is looked for, milliseconds. */
const answerMs = 10_000;
const findMs = 15_000;

/**
 * Sends a group's coordinator a request that must not happen twice unseen. It goes out again only when the coordinator has answered
 * that it did nothing because it is not the one, or still loads.
 */
export async function sendOnce<Request, Response, Result>(
  cluster: Cluster,
  group: string,
  call: OnceCall<Request, Response, Result>,
): Promise<Sent<Result>> {
  let state: 'unsent' | 'out' | 'answered' = 'unsent';
  const answers = await cluster.toCoordinators([group], {
    api: call.api,
    minVersion: call.minVersion,
    maxVersion: call.maxVersion,
    resend: false,
    timeoutMs: answerMs,
    retryForMs: findMs,
    request: (_, version) => {
      if (state === 'out') throw new Error('No answer came, and it is not sent again unseen.');
      const request = call.request(version);
      state = 'out';
      return request;
    },
    read: (response, _, version) => {
      const answer = call.read(response, version);
      state = 'answered';
      return [[group, answer]];
    },
  });
  const answer = answers.get(group)!;
  if ('value' in answer) return { kind: 'answered', value: answer.value };
  const kind = ({ unsent: 'unsent', out: 'unknown', answered: 'refused' } as const)[state as 'unsent'];
  return { kind, failure: answer.failure };
}
