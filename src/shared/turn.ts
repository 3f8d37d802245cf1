import { setImmediate as breath } from 'node:timers/promises';

/** So long a piece of work may hold the event loop, milliseconds. */
const turnMs = 8;

/** A turn on the event loop: long work looks whether it is over, and then gives way. */
export class Turn {
  #began = performance.now();

  get isOver(): boolean {
    return performance.now() - this.#began > turnMs;
  }

  /** Everything else that waits has its turn; then the next one begins. */
  async giveWay(): Promise<void> {
    await breath();
    this.begin();
  }

  begin(): void {
    this.#began = performance.now();
  }
}
