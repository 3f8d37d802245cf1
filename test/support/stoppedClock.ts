import { mock } from 'node:test';

/**
 * The clock that time-outs go by, stopped: it goes on by `pass` alone, a millisecond with each turn of the event loop, and no turn is shorter than
 * that. So a process that stands still for some time lets nothing time out, as sockets are read in each turn.
 */
export class StoppedClock {
  readonly #later = globalThis.setTimeout;
  // Whole, so that sums and differences are.
  #now = Math.ceil(performance.now());
  #isStopped = true;

  constructor() {
    mock.timers.enable({ apis: ['setTimeout'] });
    mock.method(performance, 'now', () => this.#now);
  }

  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0 && this.#isStopped; left--) {
      this.#now++;
      mock.timers.tick(1);
      const later = this.#later;
      await new Promise((resolve) => later(() => setImmediate(resolve), 1));
    }
  }

  /** Gives the time back to the system; whoever passes ends. */
  release(): void {
    this.#isStopped = false;
    mock.timers.reset();
    mock.restoreAll();
  }
}
