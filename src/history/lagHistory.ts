import type { Disposable } from '../shared/event.ts';
import { lagOf } from '../groups/lag.ts';
import type { Group, GroupPartition, Snapshot, TopicPartition } from '../groups/snapshot.ts';
import type { PartitionTrend, Trend } from '../groups/trend.ts';
import { PollSeries } from './pollSeries.ts';

/** One point of a partition's past; undefined where the fact was missing in that poll: a gap, not a line. */
export interface PartitionSample {
  /** ms since 1970. */
  readonly at: number;
  readonly committed: bigint | undefined;
  readonly end: bigint | undefined;
  readonly lag: bigint | undefined;
}

export interface TotalSample {
  readonly at: number;
  /** Sum of the lags that are known and above 0; undefined where none was known. */
  readonly lag: bigint | undefined;
}

/** Records a second over the last minute or so; undefined until two polls are far enough apart to tell. */
export interface Rates {
  readonly consume: number | undefined;
  readonly produce: number | undefined;
}

export interface LagHistoryLimits {
  /** Polls kept of each group's total, and of each partition of a group somebody looks at. */
  readonly polls: number;
  /** Polls kept of all other partitions: enough for rates. */
  readonly partitionPolls: number;
  /** What "the last minute or so" is, in ms. */
  readonly rateWindowMs: number;
}

/** An hour at a poll each 5 s. */
export const defaultLimits: LagHistoryLimits = { polls: 720, partitionPolls: 24, rateWindowMs: 60_000 };

interface PartitionPast {
  readonly committed: PollSeries;
  readonly end: PollSeries;
  readonly lag: PollSeries;
  readonly firstPoll: number;
  /** When a poll first saw the present commit. */
  changedAt: number;
  /** False while the commit is the one that watching began with. */
  changeSeen: boolean;
  /** Whether it came between two polls that both saw no members. */
  changedAlone: boolean;
  /** The commit, or for share groups how far delivery is: what stands still where a consumer is stuck. */
  progress: bigint | undefined;
  /** When a poll first saw records wait behind the present commit; undefined where none do. */
  waitingSince: number | undefined;
  usualWait: number;
  endAtChange: bigint | undefined;
  /** The furthest step back of the commit that is still in the rate window. */
  rewind: Fall | undefined;
  /** The same of the end: the topic was truncated or recreated. */
  truncation: Fall | undefined;
}

interface Fall {
  readonly at: number;
  readonly by: bigint;
}

interface GroupPast {
  /** In the poll before. */
  wasAlone: boolean;
  readonly total: PollSeries;
  readonly partitions: Map<string, Map<number, PartitionPast>>;
}

/**
 * What past snapshots said, in memory and bounded: about 0.5 KB a partition, more for groups whose detail is kept.
 * Groups that are gone are forgotten.
 */
export class LagHistory {
  readonly #limits: LagHistoryLimits;
  readonly #groups = new Map<string, GroupPast>();
  readonly #detailed = new Map<string, number>();
  /** Times of the polls kept, ms, never falling; the first is that of poll `#firstPoll`. */
  #times: number[] = [];
  /** What is added to this machine's clock (ms since 1970) so that times never fall: it can be set back. */
  #clockLoss = 0;
  #firstPoll = 0;
  /** The oldest poll of the rate window. */
  #windowPoll = 0;

  constructor(limits: LagHistoryLimits = defaultLimits) {
    this.#limits = limits;
  }

  /** Keeps the partitions of a group as long as its total, until disposed. */
  keepDetail(group: string): Disposable {
    this.#detailed.set(group, (this.#detailed.get(group) ?? 0) + 1);
    this.#applyLimit(group);
    let disposed = false;
    return {
      dispose: () => {
        if (disposed) return;
        disposed = true;
        const left = (this.#detailed.get(group) ?? 1) - 1;
        if (left > 0) this.#detailed.set(group, left);
        else this.#detailed.delete(group);
        this.#applyLimit(group);
      },
    };
  }

  append(snapshot: Snapshot): void {
    const poll = this.#tick(snapshot.takenAt);
    for (const [id, { total }] of this.#groups) {
      if (snapshot.groups.has(id)) continue;
      // Where some broker was not heard the group may be there still, but not for ever.
      if (snapshot.failures.length === 0 || total.last <= poll - this.#limits.polls) this.#groups.delete(id);
    }
    for (const group of snapshot.groups.values()) this.#appendGroup(poll, snapshot, group);
  }

  /** A poll that failed as a whole: a gap in every series. */
  appendGap(at: number): void {
    this.#tick(at);
  }

  /** Oldest first. */
  totals(group: string): readonly TotalSample[] {
    const total = this.#groups.get(group)?.total;
    if (total === undefined) return [];
    return this.#from(total.first).map(({ at, poll }) => ({ at, lag: total.get(poll) }));
  }

  partition(group: string, { topic, partition }: TopicPartition): readonly PartitionSample[] {
    const past = this.#groups.get(group)?.partitions.get(topic)?.get(partition);
    if (past === undefined) return [];
    return this.#from(past.committed.first).map(({ at, poll }) => ({
      at,
      committed: past.committed.get(poll),
      end: past.end.get(poll),
      lag: past.lag.get(poll),
    }));
  }

  rates(group: string, partition: TopicPartition): Rates {
    const trend = this.trend(group)(partition);
    return { consume: trend?.consume, produce: trend?.produce };
  }

  /** Sum of the partitions' rates that are known; undefined where none is. */
  groupRates(group: string): Rates {
    let consume: number | undefined;
    let produce: number | undefined;
    for (const partitions of this.#groups.get(group)?.partitions.values() ?? []) {
      for (const past of partitions.values()) {
        const consumed = this.#rate(past.committed, past.rewind);
        const produced = this.#rate(past.end, past.truncation);
        if (consumed !== undefined) consume = (consume ?? 0) + consumed;
        if (produced !== undefined) produce = (produce ?? 0) + produced;
      }
    }
    return { consume, produce };
  }

  /**
   * When a poll first saw the partition's present commit; undefined where it has not changed since watching began.
   * Kafka does not tell commit times to clients.
   */
  committedAt(group: string, { topic, partition }: TopicPartition): number | undefined {
    const past = this.#groups.get(group)?.partitions.get(topic)?.get(partition);
    return past?.changeSeen === true ? past.changedAt - this.#clockLoss : undefined;
  }

  trend(group: string): Trend {
    const partitions = this.#groups.get(group)?.partitions;
    return ({ topic, partition }) => {
      const past = partitions?.get(topic)?.get(partition);
      return past === undefined ? undefined : this.#trendOf(past);
    };
  }

  /** Starts a poll; returns its number. */
  #tick(takenAt: number): number {
    this.#clockLoss = Math.max(this.#clockLoss, this.#now - takenAt);
    const at = takenAt + this.#clockLoss;
    this.#times.push(at);
    const surplus = this.#times.length - this.#limits.polls;
    // Dropped in bulk: shifting one at each poll would move the whole list each time.
    if (surplus > this.#limits.polls) {
      this.#times = this.#times.slice(surplus);
      this.#firstPoll += surplus;
    }
    while (at - this.#timeOf(this.#windowPoll) > this.#limits.rateWindowMs) this.#windowPoll++;
    return this.#firstPoll + this.#times.length - 1;
  }

  #appendGroup(poll: number, snapshot: Snapshot, group: Group): void {
    let past = this.#groups.get(group.id);
    if (past === undefined) {
      past = { wasAlone: false, total: new PollSeries(this.#limits.polls), partitions: new Map() };
      this.#groups.set(group.id, past);
    }
    const isAlone = group.state === 'Empty' && group.members.length === 0;
    const alone = isAlone && past.wasAlone;
    past.wasAlone = isAlone;
    let total: bigint | undefined;
    for (const partition of group.partitions) {
      const offsets = snapshot.offsets.get(partition.topic)?.get(partition.partition);
      const { lag } = lagOf(partition.commit, offsets, snapshot.topics.get(partition.topic), partition.partition);
      if (lag !== undefined) total = (total ?? 0n) + (lag > 0n ? lag : 0n);
      const end = offsets !== undefined && 'value' in offsets.end ? offsets.end.value : undefined;
      this.#appendPartition(poll, group.id, past, partition, { end, lag, alone });
    }
    past.total.set(poll, total);
    this.#forgetOld(poll, past.partitions);
  }

  /** Partitions that were neither committed nor owned for as long as one is remembered. */
  #forgetOld(poll: number, topics: GroupPast['partitions']): void {
    // Each poll would go through all; what is gone for long can wait for its turn.
    if (poll % this.#limits.partitionPolls !== 0) return;
    for (const [topic, partitions] of topics) {
      for (const [partition, { committed }] of partitions) {
        if (committed.last <= poll - this.#limits.partitionPolls) partitions.delete(partition);
      }
      if (partitions.size === 0) topics.delete(topic);
    }
  }

  #appendPartition(
    poll: number,
    group: string,
    groupPast: GroupPast,
    { topic, partition, commit }: GroupPartition,
    {
      end,
      lag,
      alone,
    }: { readonly end: bigint | undefined; readonly lag: bigint | undefined; readonly alone: boolean },
  ): void {
    const at = this.#now;
    let byPartition = groupPast.partitions.get(topic);
    if (byPartition === undefined) groupPast.partitions.set(topic, (byPartition = new Map<number, PartitionPast>()));
    const { offset: committed, undelivered } = ('value' in commit ? commit.value : undefined) ?? {};
    const progress = undelivered === undefined ? committed : end === undefined ? undefined : end - undelivered;
    let past = byPartition.get(partition);
    if (past === undefined) {
      const limit = this.#limitOf(group);
      past = {
        committed: new PollSeries(limit),
        end: new PollSeries(limit),
        lag: new PollSeries(limit),
        firstPoll: poll,
        changedAt: at,
        changeSeen: false,
        changedAlone: false,
        progress,
        waitingSince: undefined,
        usualWait: 0,
        endAtChange: end,
        rewind: undefined,
        truncation: undefined,
      };
      byPartition.set(partition, past);
    } else {
      if (progress !== undefined && progress !== past.progress) {
        // Up to the last poll that saw it stand: nobody may have looked since.
        const waited = past.waitingSince === undefined ? 0 : this.#timeOf(poll - 1) - past.waitingSince;
        past.usualWait = Math.max(waited, past.usualWait / 2);
        past.waitingSince = undefined;
        past.progress = progress;
        past.changedAt = at;
        past.changeSeen = true;
        past.changedAlone = alone;
        past.endAtChange = end;
      }
      past.rewind = this.#furthest(past.rewind, at, lastKnown(past.committed), committed);
    }
    past.truncation = this.#furthest(past.truncation, at, lastKnown(past.end), end);
    past.endAtChange ??= end;
    const arrived = end !== undefined && past.endAtChange !== undefined && end > past.endAtChange;
    // Where there never was a commit, no lag tells whether records wait.
    const isWaiting = lag !== undefined ? lag > 0n : past.progress === undefined ? arrived : undefined;
    if (isWaiting === true) past.waitingSince ??= at;
    else if (isWaiting === false) past.waitingSince = undefined;
    past.committed.set(poll, committed);
    past.end.set(poll, end);
    past.lag.set(poll, lag);
  }

  #trendOf(past: PartitionPast): PartitionTrend {
    const now = this.#now;
    const end = lastKnown(past.end);
    const consumeRate = (): number | undefined => this.#rate(past.committed, past.rewind);
    const produceRate = (): number | undefined => this.#rate(past.end, past.truncation);
    return {
      watchedFor: now - this.#timeOf(past.firstPoll),
      // Most verdicts need no rate, and a cluster has many partitions.
      get consume() {
        return consumeRate();
      },
      get produce() {
        return produceRate();
      },
      committedAt: past.changeSeen ? past.changedAt - this.#clockLoss : undefined,
      unchangedFor: now - past.changedAt,
      waitingFor: past.waitingSince === undefined ? 0 : now - past.waitingSince,
      usualWait: past.usualWait,
      committedAlone: past.changeSeen && past.changedAlone,
      arrivedSince: end !== undefined && past.endAtChange !== undefined ? end - past.endAtChange : 0n,
      rewound: this.#recent(past.rewind)?.by ?? 0n,
    };
  }

  get #now(): number {
    return this.#times.at(-1) ?? 0;
  }

  #recent(fall: Fall | undefined): Fall | undefined {
    return fall !== undefined && this.#now - fall.at <= this.#limits.rateWindowMs ? fall : undefined;
  }

  #furthest(fall: Fall | undefined, at: number, before: bigint | undefined, now: bigint | undefined): Fall | undefined {
    const known = this.#recent(fall);
    if (before === undefined || now === undefined || before - now <= (known?.by ?? 0n)) return known;
    return { at, by: before - now };
  }

  /** Forward steps only: a rewind is no negative consumption, and what comes after it is work done again. */
  #rate(series: PollSeries, fall: Fall | undefined): number | undefined {
    let poll = Math.max(series.first, this.#windowPoll, 0);
    while (poll < series.last && series.get(poll) === undefined) poll++;
    let last = series.last;
    while (last > poll && series.get(last) === undefined) last--;
    const first = series.get(poll);
    const seconds = (this.#timeOf(last) - this.#timeOf(poll)) / 1000;
    if (first === undefined || seconds < 1) return undefined;
    if (this.#recent(fall) === undefined) return Number(series.get(last)! - first) / seconds;
    let sum = 0n;
    for (let before = first; poll <= last; poll++) {
      const value = series.get(poll);
      if (value === undefined) continue;
      if (value > before) sum += value - before;
      before = value;
    }
    return Number(sum) / seconds;
  }

  #from(first: number): { at: number; poll: number }[] {
    const newest = this.#firstPoll + this.#times.length - 1;
    const oldest = Math.max(first, this.#firstPoll, newest - this.#limits.polls + 1);
    return Array.from({ length: Math.max(0, newest - oldest + 1) }, (_, index) => ({
      at: this.#timeOf(oldest + index) - this.#clockLoss,
      poll: oldest + index,
    }));
  }

  #timeOf(poll: number): number {
    return this.#times[Math.max(0, poll - this.#firstPoll)] ?? 0;
  }

  #limitOf(group: string): number {
    return this.#detailed.has(group) ? this.#limits.polls : this.#limits.partitionPolls;
  }

  #applyLimit(group: string): void {
    for (const partitions of this.#groups.get(group)?.partitions.values() ?? []) {
      for (const past of partitions.values()) {
        past.committed.setLimit(this.#limitOf(group));
        past.end.setLimit(this.#limitOf(group));
        past.lag.setLimit(this.#limitOf(group));
      }
    }
  }
}

function lastKnown(series: PollSeries): bigint | undefined {
  for (let poll = series.last; poll >= 0 && poll >= series.first; poll--) {
    const value = series.get(poll);
    if (value !== undefined) return value;
  }
  return undefined;
}
