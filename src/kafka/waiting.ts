/** A timer that fires so much later than asked for shows that this process stood still, milliseconds. */
const stallMs = 100;

/**
 * Calls back when an answer has been waited for so long, milliseconds. A process that stood still (another extension that
 * computes, a machine that slept) was not waiting: what came meanwhile is read first, and the time lost is given once more,
 * at most as much as was asked for.
 *
 * @returns gives up waiting.
 */
export function afterWaiting(waitMs: number, callback: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  let reading: NodeJS.Immediate | undefined;
  let spareMs = waitMs;
  const wait = (ms: number): void => {
    const due = performance.now() + ms;
    timer = setTimeout(() => {
      const lostMs = performance.now() - due;
      const againMs = lostMs > stallMs ? Math.min(lostMs, spareMs) : 0;
      spareMs -= againMs;
      // Timers come before what the sockets bring.
      if (againMs > 0) wait(againMs);
      else reading = setImmediate(callback);
    }, ms);
  };
  wait(waitMs);
  return () => {
    clearTimeout(timer);
    clearImmediate(reading);
  };
}
