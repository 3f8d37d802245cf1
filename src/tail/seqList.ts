const firstCapacity = 1_024;

/** Sequence numbers with their times, that grows at the end and shrinks at the front; or is kept sorted by time. */
export class SeqList {
  #seqs = new Float64Array(firstCapacity);
  #times = new Float64Array(firstCapacity);
  #head = 0;
  #end = 0;

  get length(): number {
    return this.#end - this.#head;
  }

  seq(index: number): number {
    return this.#seqs[this.#head + index]!;
  }

  time(index: number): number {
    return this.#times[this.#head + index]!;
  }

  push(seq: number, time: number): void {
    this.#reserve(1);
    this.#seqs[this.#end] = seq;
    this.#times[this.#end++] = time;
  }

  /**
   * Puts entries, which are themselves in that order, where their times belong; of the same time in order of arrival. From the back, so that what
   * comes nearly in order costs little. Returns the index of the first place that is another than before.
   */
  merge(seqs: readonly number[], times: readonly number[]): number {
    this.#reserve(seqs.length);
    let from = this.#end - 1;
    let to = this.#end + seqs.length - 1;
    this.#end = to + 1;
    for (let next = seqs.length - 1; next >= 0; to--) {
      const isAfter =
        from >= this.#head &&
        (this.#times[from]! > times[next]! || (this.#times[from] === times[next] && this.#seqs[from]! > seqs[next]!));
      if (isAfter) {
        this.#seqs[to] = this.#seqs[from]!;
        this.#times[to] = this.#times[from--]!;
      } else {
        this.#seqs[to] = seqs[next]!;
        this.#times[to] = times[next--]!;
      }
    }
    return to + 1 - this.#head;
  }

  /** Takes away what is below `firstSeq`. `front`: how many of these were at the front; `isRearranged`: others were not. */
  dropBelow(firstSeq: number): { readonly front: number; readonly isRearranged: boolean } {
    const head = this.#head;
    while (this.#head < this.#end && this.#seqs[this.#head]! < firstSeq) this.#head++;
    const front = this.#head - head;
    let to = this.#head;
    for (let from = this.#head; from < this.#end; from++) {
      if (this.#seqs[from]! < firstSeq) continue;
      if (to !== from) {
        this.#seqs[to] = this.#seqs[from]!;
        this.#times[to] = this.#times[from]!;
      }
      to++;
    }
    const isRearranged = to !== this.#end;
    this.#end = to;
    return { front, isRearranged };
  }

  /** As `dropBelow`, of a list in order of arrival: nothing else is looked at. */
  dropFrontBelow(firstSeq: number): number {
    const head = this.#head;
    while (this.#head < this.#end && this.#seqs[this.#head]! < firstSeq) this.#head++;
    return this.#head - head;
  }

  /** Of a list in order of arrival: the index of the first that is `seq` or later. */
  indexOf(seq: number): number {
    let [low, high] = [this.#head, this.#end];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#seqs[middle]! < seq) low = middle + 1;
      else high = middle;
    }
    return low - this.#head;
  }

  /** Of a list in order of times: the index of exactly this one, or -1. */
  indexByTime(seq: number, time: number): number {
    let [low, high] = [this.#head, this.#end];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const isBefore = this.#times[middle]! < time || (this.#times[middle] === time && this.#seqs[middle]! < seq);
      if (isBefore) low = middle + 1;
      else high = middle;
    }
    return low < this.#end && this.#seqs[low] === seq ? low - this.#head : -1;
  }

  #reserve(more: number): void {
    if (this.#end + more <= this.#seqs.length) return;
    const { length } = this;
    // What fell out at the front makes room, if that is much.
    const capacity =
      length + more <= this.#seqs.length / 2 ? this.#seqs.length : Math.max(2 * this.#seqs.length, length + more);
    const move = (from: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> => {
      const to = capacity === from.length ? from : new Float64Array(capacity);
      to.set(from.subarray(this.#head, this.#end));
      return to;
    };
    this.#seqs = move(this.#seqs);
    this.#times = move(this.#times);
    this.#head = 0;
    this.#end = length;
  }
}
