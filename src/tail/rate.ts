const seconds = 5;

/** What came a second, over the last seconds. */
export class Rate {
  readonly #records = new Float64Array(seconds + 1);
  readonly #bytes = new Float64Array(seconds + 1);
  readonly #seconds = new Float64Array(seconds + 1).fill(-1);
  #since: number | undefined;

  /** `now`: milliseconds of a clock that only goes forward. */
  add(records: number, bytes: number, now: number): void {
    this.#since ??= now;
    const second = Math.floor(now / 1000);
    const at = second % this.#seconds.length;
    if (this.#seconds[at] !== second) {
      this.#seconds[at] = second;
      this.#records[at] = this.#bytes[at] = 0;
    }
    this.#records[at]! += records;
    this.#bytes[at]! += bytes;
  }

  get(now: number): { readonly records: number; readonly bytes: number } {
    const oldest = Math.floor(now / 1000) - seconds;
    let records = 0;
    let bytes = 0;
    for (let at = 0; at < this.#seconds.length; at++) {
      if (this.#seconds[at]! < oldest || this.#seconds[at]! < 0) continue;
      records += this.#records[at]!;
      bytes += this.#bytes[at]!;
    }
    // The oldest second counts whole, the newest as far as it has gone; at least half a second, or one record would be a flood.
    const from = Math.max(oldest * 1000, this.#since ?? now);
    const span = Math.max((now - from) / 1000, 0.5);
    return { records: records / span, bytes: bytes / span };
  }

  reset(): void {
    this.#seconds.fill(-1);
    this.#since = undefined;
  }
}
