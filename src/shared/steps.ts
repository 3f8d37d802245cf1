import { setImmediate as breath } from 'node:timers/promises';
import { throwIfCancelled } from './errors.ts';

/** Long work that can be put down after each step. */
export type Steps<T> = Generator<undefined, T, undefined>;

/** Others have waited long enough for their turn, ms. */
const sliceMs = 10;

export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/**
 * Lets everything else that waits have its turn again and again.
 *
 * @throws {CancelledError}
 */
export async function inSlices<T>(steps: Steps<T>, signal?: AbortSignal): Promise<T> {
  let sliceEnd = performance.now() + sliceMs;
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    if (performance.now() < sliceEnd) continue;
    await breath();
    throwIfCancelled(signal);
    sliceEnd = performance.now() + sliceMs;
  }
}
