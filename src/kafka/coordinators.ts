import type { Fact } from './facts.ts';
import { failureOf, failureOfCode, isAskedAgain } from './failures.ts';
import { inTurns } from './fanOut.ts';
import type { FindCoordinatorRequest, FindCoordinatorResponse } from './protocol/generated/findCoordinator.ts';
import { delay } from './race.ts';
import { isCancelled } from '../shared/errors.ts';

export type KeyType = 'group' | 'transaction';

interface Place {
  readonly key: string;
  readonly nodeId: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

/** Asks any broker; `version` is the one that the request was sent in. */
export type AskCoordinators = (
  request: (version: number) => FindCoordinatorRequest,
) => Promise<{ readonly response: FindCoordinatorResponse; readonly version: number }>;

/** First version that takes many keys at once (KIP-699, Kafka 3.0). */
const batchedFrom = 4;
/** Requests under way at once where each takes one key. */
const concurrency = 20;
const keyTypes = { group: 0, transaction: 1 } as const;

/** Which broker coordinates a group or a transactional id, remembered until it proves wrong. */
export class Coordinators {
  readonly #known: Record<KeyType, Map<string, number>> = { group: new Map(), transaction: new Map() };

  /** Takes over what another answer told of all there are. */
  note(coordinators: readonly (readonly [key: string, node: number])[], keyType: KeyType): void {
    // Groups with names made up anew each time would heap up; what is forgotten by mistake is looked for again.
    if (this.#known[keyType].size > 2 * coordinators.length) this.#known[keyType].clear();
    for (const [key, node] of coordinators) this.#known[keyType].set(key, node);
  }

  /**
   * @param options.fresh what was known of these keys has proved wrong.
   * @throws {CancelledError} and nothing else.
   */
  async find(
    keys: readonly string[],
    keyType: KeyType,
    ask: AskCoordinators,
    options: { readonly fresh: boolean; readonly retryForMs: number; readonly signal: AbortSignal | undefined },
  ): Promise<Map<string, Fact<number>>> {
    const known = this.#known[keyType];
    if (options.fresh) for (const key of keys) known.delete(key);
    const places = new Map<string, Fact<number>>();
    let pending: string[] = [];
    for (const key of keys) {
      const node = known.get(key);
      if (node === undefined) pending.push(key);
      else places.set(key, { value: node });
    }
    const deadline = performance.now() + options.retryForMs;
    for (let backoffMs = 100; pending.length > 0; backoffMs = Math.min(2 * backoffMs, 1_000)) {
      const again: string[] = [];
      const answers = await askAll(pending, keyType, ask);
      for (const key of pending) {
        const answer = answers.get(key);
        const name = `${keyType === 'group' ? 'Group' : 'Transactional id'} ${key}`;
        if (answer === undefined) {
          places.set(key, { failure: { kind: 'error', message: `${name}: no broker says who coordinates it.` } });
        } else if ('failure' in answer) {
          places.set(key, answer);
        } else if (answer.errorCode === 0) {
          known.set(key, answer.nodeId);
          places.set(key, { value: answer.nodeId });
        } else if (isAskedAgain(answer.errorCode) && performance.now() + backoffMs < deadline) {
          again.push(key);
        } else {
          places.set(key, { failure: failureOfCode(answer.errorCode, name, answer.errorMessage) });
        }
      }
      pending = again;
      if (pending.length > 0) await delay(backoffMs, options.signal);
    }
    return places;
  }
}

type Answers = Map<string, Place | { readonly failure: ReturnType<typeof failureOf> }>;

async function askAll(keys: readonly string[], keyType: KeyType, ask: AskCoordinators): Promise<Answers> {
  const answers: Answers = new Map();
  const type = keyTypes[keyType];
  /** Asks for many at once where that is possible, else for the first of them. */
  const askSome = async (some: readonly string[]): Promise<{ batched: boolean }> => {
    try {
      const { response, version } = await ask((version) =>
        version >= batchedFrom ? { keyType: type, coordinatorKeys: some } : { keyType: type, key: some[0]! },
      );
      if (version < batchedFrom) answers.set(some[0]!, { ...response, key: some[0]! });
      else for (const place of response.coordinators) answers.set(place.key, place);
      return { batched: version >= batchedFrom };
    } catch (error) {
      if (isCancelled(error)) throw error;
      for (const key of some) answers.set(key, { failure: failureOf(error) });
      return { batched: true };
    }
  };
  if ((await askSome(keys)).batched) return answers;
  await inTurns(keys.slice(1), concurrency, async (key) => void (await askSome([key])));
  return answers;
}
