/** Each is a multiple of the one before. Milliseconds: 1 ms to 4 weeks, then tenfold. */
const steps = [
  1, 10, 100, 1_000, 5_000, 10_000, 60_000, 300_000, 900_000, 3_600_000, 21_600_000, 86_400_000, 604_800_000,
  2_419_200_000,
];
/** Buckets that are shown at most; with more the step is made larger. */
const mostBuckets = 240;

export interface TimeBuckets {
  /** Milliseconds since 1970 where the first bucket begins. */
  readonly from: number;
  /** Milliseconds of a bucket. */
  readonly step: number;
  readonly counts: readonly number[];
  /** How many have no time. */
  readonly without: number;
}

/** How many records came when: buckets that grow wider as there is more time to be told of. */
export class TimeHistogram {
  #level = 0;
  #counts = new Map<number, number>();
  #without = 0;
  /** By bucket; the least and the largest may be gone by now. */
  #least = Infinity;
  #largest = -Infinity;

  get step(): number {
    const last = steps.length - 1;
    return this.#level <= last ? steps[this.#level]! : steps[last]! * 10 ** (this.#level - last);
  }

  add(time: number): void {
    if (time < 0) {
      this.#without++;
      return;
    }
    const bucket = Math.floor(time / this.step);
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + 1);
    if (bucket < this.#least) this.#least = bucket;
    if (bucket > this.#largest) this.#largest = bucket;
    while (this.#largest - this.#least >= mostBuckets) this.#widen();
  }

  /** One that was added. */
  remove(time: number): void {
    if (time < 0) {
      this.#without--;
      return;
    }
    const bucket = Math.floor(time / this.step);
    const left = (this.#counts.get(bucket) ?? 0) - 1;
    if (left > 0) this.#counts.set(bucket, left);
    else {
      this.#counts.delete(bucket);
      if (this.#counts.size === 0) this.clear(this.#without);
      else if (bucket === this.#least || bucket === this.#largest) this.#bound();
    }
  }

  /** Forgets all; the step is the finest again. */
  clear(without = 0): void {
    this.#level = 0;
    this.#counts.clear();
    this.#without = without;
    this.#least = Infinity;
    this.#largest = -Infinity;
  }

  /** Whether a finer step would do by now: then it is worth to be made anew. */
  get isCoarse(): boolean {
    return this.#level > 0 && this.#counts.size > 0 && this.#largest - this.#least < 12;
  }

  buckets(): TimeBuckets {
    const { step } = this;
    if (this.#counts.size === 0) return { from: 0, step, counts: [], without: this.#without };
    const counts = new Array<number>(this.#largest - this.#least + 1).fill(0);
    for (const [bucket, count] of this.#counts) counts[bucket - this.#least] = count;
    return { from: this.#least * step, step, counts, without: this.#without };
  }

  #widen(): void {
    const before = this.step;
    this.#level++;
    const factor = this.step / before;
    const wide = new Map<number, number>();
    for (const [bucket, count] of this.#counts) {
      const into = Math.floor(bucket / factor);
      wide.set(into, (wide.get(into) ?? 0) + count);
    }
    this.#counts = wide;
    this.#bound();
  }

  #bound(): void {
    this.#least = Infinity;
    this.#largest = -Infinity;
    for (const bucket of this.#counts.keys()) {
      if (bucket < this.#least) this.#least = bucket;
      if (bucket > this.#largest) this.#largest = bucket;
    }
  }
}
