/** No offset is this: the mark of a gap. */
const gap = -(2n ** 63n);

/**
 * One figure over time, a slot a poll. Slots are addressed by the poll's number, so that all series of a cluster share
 * one list of times, and polls in which the figure was missing are gaps. Bounded: keeps the newest `limit` polls.
 */
export class PollSeries {
  #slots: BigInt64Array;
  #limit: number;
  #first = -1;
  #last = -1;

  constructor(limit: number) {
    this.#limit = limit;
    this.#slots = new BigInt64Array(Math.min(limit, 8));
  }

  /** Number of the oldest and newest poll kept; -1 where there is none. */
  get first(): number {
    return this.#first === -1 ? -1 : Math.max(this.#first, this.#last - this.#limit + 1);
  }

  get last(): number {
    return this.#last;
  }

  /** A larger limit keeps more from now on; a smaller one drops the oldest. */
  setLimit(limit: number): void {
    const from = this.first;
    this.#limit = limit;
    if (from === -1) return;
    // What a smaller limit dropped stays dropped when it grows again.
    this.#first = from;
    this.#relay(Math.min(limit, Math.max(this.#slots.length, 8)), from);
  }

  /** `poll` must be above the last one set. Polls left out between become gaps. */
  set(poll: number, value: bigint | undefined): void {
    if (this.#first === -1) this.#first = poll;
    const needed = Math.min(this.#limit, poll - this.first + 1);
    if (needed > this.#slots.length) this.#relay(Math.min(this.#limit, needed * 2), this.first);
    const skippedFrom = this.#last === -1 ? poll : Math.max(this.#last + 1, poll - this.#slots.length + 1);
    for (let skipped = skippedFrom; skipped < poll; skipped++) this.#slots[skipped % this.#slots.length] = gap;
    this.#slots[poll % this.#slots.length] = value ?? gap;
    this.#last = poll;
  }

  get(poll: number): bigint | undefined {
    if (this.#last === -1 || poll > this.#last || poll < this.first) return undefined;
    const value = this.#slots[poll % this.#slots.length];
    return value === gap ? undefined : value;
  }

  #relay(capacity: number, from: number): void {
    const slots = new BigInt64Array(capacity).fill(gap);
    for (let poll = Math.max(from, this.#last - capacity + 1); poll <= this.#last; poll++) {
      slots[poll % capacity] = this.#slots[poll % this.#slots.length] ?? gap;
    }
    this.#slots = slots;
  }
}
