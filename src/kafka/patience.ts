import { afterWaiting } from './waiting.ts';

/** How long servers are waited for, milliseconds. */
export const patienceMs = {
  /** One whose pace is not known, and any at least. */
  least: 4_000,
  /** One that owes an answer already. */
  late: 500,
  most: 30_000,
} as const;

/** One that takes so many times as long as it did the last time is late. */
const slack = 2;

/**
 * Which servers hang: they owe an answer for much longer than they used to take. What is slow is not late: an answer that
 * comes after all says how long to wait the next time, and that its server is alive.
 */
export class Patience {
  /** Server and request -> how long its newest answer took, milliseconds. */
  readonly #took = new Map<string, number>();
  readonly #late = new Set<string>();

  isLate(server: string): boolean {
    return this.#late.has(server);
  }

  /** How long to wait for such an answer, milliseconds. */
  limit(server: string, request: string): number {
    if (this.#late.has(server)) return patienceMs.late;
    const took = this.#took.get(keyOf(server, request)) ?? 0;
    return Math.min(Math.max(slack * took, patienceMs.least), patienceMs.most);
  }

  /**
   * Hands on what becomes of `work`, which is a request to that server. Where that takes too long and `giveUp` is there,
   * rejects with what it makes; the work goes on and is still listened to.
   */
  follow<T>(server: string, request: string, work: Promise<T>, giveUp?: () => Error): Promise<T> {
    const startedAt = performance.now();
    return new Promise((resolve, reject) => {
      const stop = afterWaiting(this.limit(server, request), () => {
        this.#late.add(server);
        if (giveUp !== undefined) reject(giveUp());
      });
      work
        .then((value) => {
          this.#late.delete(server);
          this.#took.set(keyOf(server, request), performance.now() - startedAt);
          resolve(value);
        }, reject)
        .finally(stop);
    });
  }
}

function keyOf(server: string, request: string): string {
  return `${server} ${request}`;
}
