import type { Pool, Purpose } from './pool.ts';

/** Connections that only one reader uses, one to each broker: a broker answers requests of one connection in turn. */
export interface Lane {
  readonly purpose: Purpose;
  /** Whatever is under way is given up. */
  release(): void;
}

/** How long idle connections of a reader that has ended wait for the next one, milliseconds. */
const keepMs = 10_000;

/** Gives out lanes. What one reader leaves idle serves the next, so that looking at one record after the other needs no new login each time. */
export class Lanes {
  readonly #pool: Pool;
  readonly #keepMs: number;
  readonly #free: { readonly purpose: Purpose; readonly timer: NodeJS.Timeout }[] = [];
  #count = 0;

  constructor(pool: Pool, keepForMs = keepMs) {
    this.#pool = pool;
    this.#keepMs = keepForMs;
  }

  take(): Lane {
    const free = this.#free.pop();
    clearTimeout(free?.timer);
    const purpose = free?.purpose ?? (`lane ${++this.#count}` as const);
    let isTaken = true;
    return {
      purpose,
      release: () => {
        if (isTaken) this.#release(purpose);
        isTaken = false;
      },
    };
  }

  close(): void {
    for (const { timer } of this.#free.splice(0)) clearTimeout(timer);
  }

  #release(purpose: Purpose): void {
    // One that owes answers would keep its next user waiting.
    this.#pool.closeAll(purpose, 'busy');
    const timer = setTimeout(() => {
      this.#free.splice(this.#free.indexOf(free), 1);
      this.#pool.closeAll(purpose);
    }, this.#keepMs);
    timer.unref();
    const free = { purpose, timer };
    this.#free.push(free);
  }
}
