import { throwIfCancelled } from './errors.ts';
import { Turn } from './turn.ts';

/**
 * Long work that can be interrupted: undefined where there is time for a breath; a promise, which never rejects, where it goes on
 * only when that is settled.
 */
export type Steps<Result> = Generator<Promise<void> | undefined, Result, undefined>;

/** Does it all in one go. For work that yields no promise. */
export function complete<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/**
 * Does it all, and gives way whenever `turn` is over.
 *
 * @throws {CancelledError}
 */
export async function inSlices<Result>(
  steps: Steps<Result>,
  signal?: AbortSignal,
  turn: Turn = new Turn(),
): Promise<Result> {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    if (value !== undefined) await value;
    if (turn.isOver) await turn.giveWay();
    throwIfCancelled(signal);
  }
}

/** Waits for it; what it is rejected with is thrown. */
export function* wait<Result>(promise: Promise<Result>): Steps<Result> {
  let outcome: { readonly result: Result } | { readonly error: unknown } | undefined;
  yield promise.then(
    (result) => void (outcome = { result }),
    (error: unknown) => void (outcome = { error }),
  );
  if (outcome === undefined) throw new Error('The promise was not waited for.');
  if ('error' in outcome) throw outcome.error;
  return outcome.result;
}
