import { Turn } from '../shared/turn.ts';
import { KeptRecord } from './keptRecord.ts';
import type { RecordStore } from './recordStore.ts';
import type { Test } from './filter/predicate.ts';
import { SeqList } from './seqList.ts';

export type Order = 'arrival' | 'time';

/** Records between two looks at the clock. */
const stride = 32;
/** Records of a slice that is merged by time: sorting them and moving what comes behind takes time too. */
const mergedAtOnce = 8_192;

/**
 * The records of a store that a filter leaves, in order of arrival or merged by time. They have positions, from `first` on; a position means the same
 * record as long as the generation is the same. While it is paused nothing comes or changes, but what the store drops goes.
 */
export class TailView {
  readonly #store: RecordStore;
  readonly #changed: () => void;
  readonly #record = new KeptRecord();
  #test: Test | undefined;
  #order: Order = 'arrival';
  /** undefined: all records in order of arrival, whose positions are their sequence numbers. */
  #list: SeqList | undefined;
  /** Position of the list's first. */
  #base = 0;
  #evaluatedTo = 0;
  #generation = 0;
  #droppedTo = 0;
  /** Where it was paused: what came since waits. */
  #pausedAt: number | undefined;
  #held: number[] = [];
  #run = 0;
  #isRunning = false;
  readonly #turn = new Turn();

  constructor(store: RecordStore, changed: () => void) {
    this.#store = store;
    this.#changed = changed;
    this.#evaluatedTo = store.firstSeq;
  }

  get generation(): number {
    return this.#generation;
  }

  get order(): Order {
    return this.#order;
  }

  get isFiltered(): boolean {
    return this.#test !== undefined;
  }

  get first(): number {
    return this.#list === undefined ? Math.min(this.#store.firstSeq, this.#end) : this.#base;
  }

  get count(): number {
    return this.#list === undefined ? Math.max(0, this.#end - this.#store.firstSeq) : this.#list.length;
  }

  /** How many came while it is paused. */
  get waiting(): number {
    if (this.#pausedAt === undefined) return 0;
    return this.#list === undefined
      ? this.#store.endSeq - Math.max(this.#pausedAt, this.#store.firstSeq)
      : this.#held.length;
  }

  get isPaused(): boolean {
    return this.#pausedAt !== undefined;
  }

  /** 0 to 1 while what is kept is still being looked through; undefined when all is. */
  get evaluating(): number | undefined {
    if (this.#list === undefined) return undefined;
    const { firstSeq, endSeq } = this.#store;
    const left = endSeq - this.#evaluatedTo;
    return left <= 0 ? undefined : 1 - left / (endSeq - firstSeq);
  }

  /** The first sequence number that is not shown as it waits; all that is kept where it is not paused. */
  get #end(): number {
    return this.#pausedAt ?? this.#store.endSeq;
  }

  seqAt(position: number): number | undefined {
    const index = position - this.first;
    if (index < 0 || index >= this.count) return undefined;
    return this.#list === undefined ? position : this.#list.seq(index);
  }

  /** undefined where it is not shown. */
  positionOf(seq: number): number | undefined {
    if (this.#list === undefined) return seq >= this.#store.firstSeq && seq < this.#end ? seq : undefined;
    if (this.#order === 'time') {
      const index = this.#list.indexByTime(seq, this.#store.timeOf(seq));
      return index < 0 ? undefined : this.#base + index;
    }
    const index = this.#list.indexOf(seq);
    return index < this.#list.length && this.#list.seq(index) === seq ? this.#base + index : undefined;
  }

  /** Times of what is shown, those unknown as -1; nothing where it is not filtered. */
  eachTime(take: (time: number) => void): void {
    const list = this.#list;
    if (list === undefined) return;
    for (let index = 0; index < list.length; index++) take(list.time(index));
  }

  setFilter(test: Test | undefined): void {
    this.#test = test;
    this.#restart();
  }

  setOrder(order: Order): void {
    if (order === this.#order) return;
    this.#order = order;
    this.#restart();
  }

  pause(paused: boolean): void {
    if (paused === this.isPaused) return;
    this.#pausedAt = paused ? this.#evaluatedUpTo() : undefined;
    if (!paused) {
      const held = this.#held;
      this.#held = [];
      this.#add(held);
      this.pump();
    }
  }

  /** The store has more, or less. The first slice is looked at at once. */
  pump(): void {
    this.#drop();
    if (this.#list === undefined) this.#evaluatedTo = this.#store.endSeq;
    else if (!this.#isRunning) void this.#evaluate(this.#run);
  }

  #evaluatedUpTo(): number {
    return this.#list === undefined ? this.#store.endSeq : this.#evaluatedTo;
  }

  #restart(): void {
    this.#run++;
    this.#isRunning = false;
    this.#generation++;
    this.#held = [];
    this.#base = 0;
    this.#list = this.#test === undefined && this.#order === 'arrival' ? undefined : new SeqList();
    this.#evaluatedTo = this.#store.firstSeq;
    this.pump();
  }

  async #evaluate(run: number): Promise<void> {
    this.#isRunning = true;
    while (run === this.#run && this.#evaluatedTo < this.#store.endSeq) {
      const pending = this.#slice();
      if (pending !== undefined) {
        const { seq, found, verdict } = pending;
        this.#add(found);
        this.#changed();
        const held = await verdict.catch(() => false);
        if (run !== this.#run) return;
        this.#evaluatedTo = seq + 1;
        if (held && seq >= this.#store.firstSeq) this.#add([seq]);
      }
      this.#changed();
      if (this.#evaluatedTo < this.#store.endSeq) {
        await this.#turn.giveWay();
        if (run !== this.#run) return;
        this.#drop();
      }
    }
    if (run === this.#run) this.#isRunning = false;
  }

  /** Looks at some; what has to be waited for, if there is such a one. */
  #slice(): { seq: number; found: number[]; verdict: Promise<boolean> } | undefined {
    this.#turn.begin();
    const found: number[] = [];
    const test = this.#test;
    let seq = Math.max(this.#evaluatedTo, this.#store.firstSeq);
    const end = this.#order === 'time' ? Math.min(this.#store.endSeq, seq + mergedAtOnce) : this.#store.endSeq;
    for (; seq < end; seq++) {
      if (seq % stride === 0 && this.#turn.isOver) break;
      const record = this.#store.move(this.#record, seq)!;
      const verdict = test === undefined || test(record);
      if (verdict === false) continue;
      if (verdict === true) found.push(seq);
      else {
        this.#evaluatedTo = seq;
        return { seq, found, verdict };
      }
    }
    this.#evaluatedTo = seq;
    this.#add(found);
    return undefined;
  }

  #add(found: readonly number[]): void {
    const list = this.#list;
    if (list === undefined || found.length === 0) return;
    let shown = found;
    const pausedAt = this.#pausedAt;
    if (pausedAt !== undefined && found.at(-1)! >= pausedAt) {
      shown = found.filter((seq) => seq < pausedAt);
      for (const seq of found) if (seq >= pausedAt) this.#held.push(seq);
    }
    const times = shown.map((seq) => this.#store.timeOf(seq));
    if (this.#order === 'arrival') {
      for (let index = 0; index < shown.length; index++) list.push(shown[index]!, times[index]!);
      return;
    }
    const order = shown.map((_, index) => index).sort((a, b) => times[a]! - times[b]! || a - b);
    const before = list.length;
    const from = list.merge(
      order.map((index) => shown[index]!),
      order.map((index) => times[index]!),
    );
    if (from < before) this.#generation++;
  }

  #drop(): void {
    const { firstSeq } = this.#store;
    if (firstSeq === this.#droppedTo) return;
    this.#droppedTo = firstSeq;
    if (this.#pausedAt !== undefined && this.#pausedAt < firstSeq) this.#pausedAt = firstSeq;
    if (this.#held.length > 0 && this.#held[0]! < firstSeq) this.#held = this.#held.filter((seq) => seq >= firstSeq);
    if (this.#list === undefined) return;
    if (this.#order === 'arrival') this.#base += this.#list.dropFrontBelow(firstSeq);
    else {
      const { front, isRearranged } = this.#list.dropBelow(firstSeq);
      this.#base += front;
      if (isRearranged) this.#generation++;
    }
  }
}
