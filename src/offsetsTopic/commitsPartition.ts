import type { LoggedCommit, PartitionCommits } from './commit.ts';
import { moveReason, tooFar, usualSteps } from './commitsCause.ts';
import type { CommitsOwners, Owner } from './commitsOwners.ts';
import { Recent } from './commitsRecent.ts';
import type { Deletion } from './decode/deletion.ts';

export type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** What is written, or follows from what is written, of a commit before it is judged. */
export type NewCommit = Omit<LoggedCommit, 'kind' | 'step' | 'interval' | 'reason' | 'deletion' | 'offset'> & {
  readonly offset: bigint;
};

type Figures = Omit<Writable<PartitionCommits>, 'usualInterval' | 'longestGap' | 'last' | 'topic' | 'partition'>;

const intervalsKept = 201;
/** So many commits of a partition while the group has no members are no reset but a consumer without a subscription. */
const mostResets = 3;

/** One partition's commits, one after the other: judges each by those before, and keeps the figures of all. */
export class PartitionLog {
  readonly topic: string;
  readonly partition: number;
  readonly #owners: CommitsOwners;
  readonly #figures: Figures;
  readonly #intervals = new Recent(intervalsKept);
  readonly #steps = new Recent(usualSteps);
  #last: LoggedCommit | undefined;
  /** The newest that was no tombstone. */
  #lastOffset: bigint | undefined;
  #lastOwner: Owner | undefined;
  #deletion: Deletion | undefined;
  #longestGap: PartitionCommits['longestGap'];
  /** While the group has no members: since when, how many commits, and those of them that were taken for jumps. */
  #outside: { since: number | undefined; count: number; jumps: Writable<LoggedCommit>[] };

  constructor(topic: string, partition: number, firstAt: number, owners: CommitsOwners) {
    this.topic = topic;
    this.partition = partition;
    this.#owners = owners;
    this.#outside = { since: undefined, count: 0, jumps: [] };
    this.#figures = {
      count: 0,
      firstAt,
      lastAt: firstAt,
      movedAt: firstAt,
      repeated: 0,
      same: 0,
      rewinds: 0,
      again: 0n,
      jumps: 0,
      skipped: 0n,
      deleted: 0,
      notOwned: 0,
    };
  }

  get last(): LoggedCommit | undefined {
    return this.#last;
  }

  /** All that is known; only once there is a commit. */
  summary(): PartitionCommits {
    return {
      topic: this.topic,
      partition: this.partition,
      ...this.#figures,
      last: this.#last!,
      longestGap: this.#longestGap,
      usualInterval: this.#intervals.count < 3 ? undefined : this.#intervals.median(),
    };
  }

  /** @returns the commit, judged, and those before it that turn out to be something else. */
  commit(own: NewCommit): { readonly entry: LoggedCommit; readonly revised: readonly LoggedCommit[] } {
    const step = this.#lastOffset === undefined ? undefined : own.offset - this.#lastOffset;
    const interval = this.#last === undefined ? undefined : Math.max(0, own.at - this.#last.at);
    const entry: Writable<LoggedCommit> = {
      ...own,
      kind: 'first',
      step,
      interval,
      reason: undefined,
      deletion: undefined,
    };
    const revised = step === undefined || interval === undefined ? [] : this.#judge(entry, step, interval);
    this.#add(entry);
    this.#lastOffset = own.offset;
    this.#lastOwner = own.owner ?? this.#lastOwner;
    this.#deletion = undefined;
    return { entry, revised };
  }

  delete(entry: LoggedCommit): void {
    const figures = this.#figures;
    figures.count++;
    figures.deleted++;
    figures.lastAt = entry.at;
    figures.movedAt = entry.at;
    figures.repeated = 0;
    this.#last = entry;
    this.#deletion = entry.deletion;
  }

  /** What kind of a commit it is against the one before, and why. */
  #judge(entry: Writable<LoggedCommit>, step: bigint, interval: number): readonly LoggedCommit[] {
    const deletion = this.#deletion;
    const facts = {
      group: entry.group,
      generation: entry.generation,
      owner: entry.owner,
      ownerBefore: this.#lastOwner,
      knowsOwners: this.#owners.knowsOwners,
      interval,
      deleted: deletion,
      inTransaction: entry.inTransaction,
    };
    const { isOutside, revised } = this.#fromOutside(entry.group);
    if (step < 0n) {
      entry.kind = 'rewind';
      entry.reason = moveReason(facts);
      return revised;
    }
    entry.kind = step === 0n ? 'same' : 'forward';
    if (step === 0n) return revised;
    if (deletion !== undefined || isOutside) {
      entry.kind = 'jump';
      entry.reason = moveReason(facts);
      if (isOutside) this.#outside.jumps.push(entry);
      return revised;
    }
    const usual = { intervals: this.#intervals, steps: this.#steps };
    const far = tooFar(Number(step), interval, usual);
    if (far === undefined) return revised;
    entry.kind = 'jump';
    const reason = moveReason(facts);
    entry.reason = { ...reason, certainty: 'inference', because: `${far} ${reason.because}` };
    return revised;
  }

  /** Whether a step forward comes from outside of a group without members, and is not one of many. */
  #fromOutside(group: LoggedCommit['group']): { isOutside: boolean; revised: readonly LoggedCommit[] } {
    const since = group === 'empty' ? this.#owners.emptySince : undefined;
    if (group !== 'empty' || since !== this.#outside.since) this.#outside = { since, count: 0, jumps: [] };
    if (group !== 'empty') return { isOutside: false, revised: [] };
    if (++this.#outside.count <= mostResets) return { isOutside: true, revised: [] };
    // It commits again and again: a consumer that takes its partitions by itself, and reads what lies between.
    const revised = this.#outside.jumps.splice(0);
    for (const entry of revised) {
      this.#figures.jumps--;
      this.#figures.skipped -= entry.step ?? 0n;
      entry.kind = 'forward';
      entry.reason = undefined;
    }
    return { isOutside: false, revised };
  }

  #add(entry: LoggedCommit): void {
    const { step, interval, kind } = entry;
    const figures = this.#figures;
    figures.count++;
    figures.lastAt = entry.at;
    if (interval !== undefined && this.#last?.kind !== 'deleted') {
      this.#intervals.add(interval);
      const longest = this.#longestGap;
      if (longest === undefined || interval > longest.to - longest.from) {
        this.#longestGap = { from: entry.at - interval, to: entry.at };
      }
    }
    if (kind === 'same') {
      figures.same++;
      figures.repeated++;
    } else {
      figures.movedAt = entry.at;
      figures.repeated = 0;
    }
    if (kind === 'forward') this.#steps.add(Number(step));
    if (kind === 'rewind') {
      figures.rewinds++;
      figures.again -= step!;
    }
    if (kind === 'jump') {
      figures.jumps++;
      figures.skipped += step!;
    }
    if (entry.notOwned) figures.notOwned++;
    this.#last = entry;
  }
}
