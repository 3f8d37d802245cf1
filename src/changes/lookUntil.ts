import { delay } from '../kafka/race.ts';

/** Brokers hear of a change from the controller a moment after it is made, and a coordinator that has just taken over from its replicas: milliseconds. */
const seenWithinMs = 10_000;
const lookEveryMs = 150;

/** Looks again until what was accepted is to be seen, for ten seconds at most. Whether it was. */
export async function lookUntil(isSeen: () => Promise<boolean>): Promise<boolean> {
  const deadline = performance.now() + seenWithinMs;
  for (;;) {
    if (await isSeen()) return true;
    if (performance.now() > deadline) return false;
    await delay(lookEveryMs, undefined);
  }
}
