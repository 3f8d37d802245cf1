/** Milliseconds between two messages of what changed. */
const everyMs = 100;

/** When a page is told the next time. */
export class FeedPace {
  readonly #push: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** For what may wait. */
  #slowTimer: ReturnType<typeof setTimeout> | undefined;
  #pushedAt = -Infinity;
  #isUrgent = false;

  constructor(push: () => void) {
    this.#push = push;
  }

  /** As soon as it may be told again. */
  soon(): void {
    const wait = Math.max(0, everyMs - (performance.now() - this.#pushedAt));
    this.#timer ??= setTimeout(this.#push, wait);
  }

  /** What somebody waits for. */
  atOnce(): void {
    if (this.#isUrgent) return;
    this.#isUrgent = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#push, 0);
  }

  /** Not later than in so many milliseconds; where several ask for it, as the first one wants it. */
  within(ms: number): void {
    this.#slowTimer ??= setTimeout(this.#push, ms);
  }

  /** It is told now. */
  pushed(): void {
    this.stop();
    this.#pushedAt = performance.now();
  }

  stop(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#slowTimer);
    this.#timer = this.#slowTimer = undefined;
    this.#isUrgent = false;
  }
}
