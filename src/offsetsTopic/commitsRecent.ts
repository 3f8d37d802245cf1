/** The last so many numbers, and what is usual among them. */
export class Recent {
  readonly #values: Float64Array;
  #count = 0;
  #median: number | undefined;

  constructor(size: number) {
    this.#values = new Float64Array(size);
  }

  /** How many there are, at most the size. */
  get count(): number {
    return Math.min(this.#count, this.#values.length);
  }

  add(value: number): void {
    this.#values[this.#count++ % this.#values.length] = value;
    this.#median = undefined;
  }

  /** 0 where there is none. */
  largest(): number {
    let largest = 0;
    for (let index = 0; index < this.count; index++) largest = Math.max(largest, this.#values[index]!);
    return largest;
  }

  /** Of an even count the lower of the two in the middle; 0 where there is none. */
  median(): number {
    this.#median ??= this.#values.slice(0, this.count).sort()[Math.max(0, (this.count - 1) >> 1)] ?? 0;
    return this.#median;
  }
}
