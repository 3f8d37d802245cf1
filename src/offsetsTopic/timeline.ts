import { firstIndex } from '../records/batch.ts';

/** Values by ascending offsets, the last so many. */
export class Timeline<T> {
  readonly #limit: number;
  #positions: bigint[] = [];
  #values: T[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** By how many it has grown. One that is there already is passed over; one in between, as after a jump back, begins anew. */
  add(position: bigint, value: T): number {
    const before = this.#positions.length;
    const last = this.#positions.at(-1);
    if (last !== undefined && position <= last) {
      if (this.#positions[this.#indexOf(position)] === position) return 0;
      this.#positions = [];
      this.#values = [];
    }
    this.#positions.push(position);
    this.#values.push(value);
    if (this.#positions.length > this.#limit) this.halve();
    return this.#positions.length - before;
  }

  /** The newest before that offset. */
  before(position: bigint): T | undefined {
    const at = this.#indexOf(position);
    return at === 0 ? undefined : this.#values[at - 1];
  }

  /** Forgets the older half; says how many are left. */
  halve(): number {
    const from = this.#positions.length >> 1;
    this.#positions = this.#positions.slice(from);
    this.#values = this.#values.slice(from);
    return this.#positions.length;
  }

  #indexOf(position: bigint): number {
    return firstIndex(this.#positions.length, (index) => this.#positions[index]! >= position);
  }
}
