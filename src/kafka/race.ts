import { CancelledError, throwIfCancelled } from '../shared/errors.ts';

/** All attempts failed; `errors` in the order of the attempts. */
export class AllFailedError extends Error {
  readonly errors: readonly unknown[];

  constructor(errors: readonly unknown[]) {
    super('All attempts failed');
    this.errors = errors;
  }
}

/**
 * The first attempt to succeed wins, the others are cancelled. Each starts when the one before it failed or has had
 * `staggerMs`, so that a dead server in front costs next to nothing.
 *
 * @throws {AllFailedError} @throws {CancelledError}
 */
export async function race<Option, T>(
  options: readonly Option[],
  attempt: (option: Option, signal: AbortSignal) => Promise<T>,
  { staggerMs, signal }: { readonly staggerMs: number; readonly signal: AbortSignal | undefined },
): Promise<T> {
  throwIfCancelled(signal);
  const losers = new AbortController();
  const onAbort = (): void => losers.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await new Promise<T>((resolve, reject) => {
      const errors: unknown[] = [];
      let started = 0;
      let failed = 0;
      let timer: NodeJS.Timeout | undefined;
      losers.signal.addEventListener('abort', () => {
        clearTimeout(timer);
        reject(new CancelledError({ cause: signal?.reason }));
      });
      const next = (): void => {
        clearTimeout(timer);
        const index = started++;
        if (started < options.length) timer = setTimeout(next, staggerMs);
        attempt(options[index]!, losers.signal).then(resolve, (error: unknown) => {
          errors[index] = error;
          failed++;
          if (failed === options.length) reject(new AllFailedError(errors));
          else if (started < options.length && !losers.signal.aborted) next();
        });
      };
      if (options.length === 0) reject(new AllFailedError([]));
      else next();
    });
  } finally {
    signal?.removeEventListener('abort', onAbort);
    losers.abort();
  }
}

/** Waits for a promise that others wait for too: giving up leaves it alone. */
export function orCancelled<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise<T>((resolve, reject) => {
    const onAbort = (): void => reject(new CancelledError({ cause: signal.reason }));
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}

/** @throws {CancelledError} at once when the signal fires. */
export function delay(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    throwIfCancelled(signal);
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(new CancelledError({ cause: signal?.reason }));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
