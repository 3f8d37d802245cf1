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

/** One piece after the other. */
export function* join(parts: readonly Buffer[]): Steps<Buffer> {
  if (parts.length === 1) return parts[0]!;
  const whole = Buffer.allocUnsafe(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    at += part.copy(whole, at);
    yield;
  }
  return whole;
}
