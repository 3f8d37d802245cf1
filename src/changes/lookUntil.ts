import { delay } from '../kafka/race.ts';

/** Brokers hear of a change from the controller a moment after it is made, and a coordinator that has just taken over from its replicas: milliseconds. */
const seenWithinMs = 10_000;
const lookEveryMs = 150;

/** Looks again until what is expected is to be seen, or for so long that it hardly will be; what was seen last. */
export async function lookUntil<T>(
  look: () => Promise<T>,
  isSeen: (seen: T) => boolean,
  { withinMs = seenWithinMs, signal }: { readonly withinMs?: number; readonly signal?: AbortSignal | undefined } = {},
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (isSeen(seen) || performance.now() > deadline) return seen;
    await delay(lookEveryMs, signal);
  }
}
