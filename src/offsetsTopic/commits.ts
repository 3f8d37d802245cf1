import { t } from '../shared/l10n.ts';
import type { Slice } from '../records/events.ts';
import type { Transaction } from '../records/transactions.ts';
import { moveReason, tooFar, usualSteps, type MoveReason } from './commitsCause.ts';
import { CommitsOwners, type Owner } from './commitsOwners.ts';
import { Recent } from './commitsRecent.ts';
import { CommitReader } from './decode/commitReader.ts';
import { decodeRecord, type CoordinatorRecord } from './decode/decodeRecord.ts';
import { deletionOf, type Deletion } from './decode/deletion.ts';
import { DeletionBatch } from './decode/deletionBatch.ts';
import type { TopicNames } from './decode/topicNames.ts';

/**
 * `first`: the first one of its partition that is still in the topic. `same`: it commits what was committed already. `rewind`: back, so that
 * records are processed twice. `jump`: forward past records that the group cannot have, or can hardly have, read. `deleted`: a tombstone.
 */
export type CommitKind = 'first' | 'forward' | 'same' | 'rewind' | 'jump' | 'deleted';

/** What a group committed for a partition, once. */
export interface LoggedCommit {
  /** 0, 1, 2, ... in the order in which they were read. */
  readonly id: number;
  readonly topic: string;
  readonly partition: number;
  /** By the coordinator's clock, ms since 1970. */
  readonly at: number;
  /** Offset of its record in the group's partition of `__consumer_offsets`. */
  readonly position: bigint;
  readonly kind: CommitKind;
  /** The next record to read; undefined where the commit was deleted. */
  readonly offset: bigint | undefined;
  /** Against the commit before, also where that was deleted since; undefined for the first one. */
  readonly step: bigint | undefined;
  /** ms since the commit before; undefined for the first one. */
  readonly interval: number | undefined;
  readonly metadata: string;
  /** -1 where the client did not say. */
  readonly leaderEpoch: number;
  /** Version 1 only, ms since 1970. */
  readonly expireTimestamp: number | undefined;
  readonly inTransaction: boolean;
  /** What the group was then, and who owned the partition: not who committed, which no record tells. */
  readonly group: CommitsOwners['state'];
  readonly generation: number | undefined;
  readonly owner: Owner | undefined;
  /** The group had members, whose partitions are known, and none of them owned this one. */
  readonly notOwned: boolean;
  /** Of `rewind` and `jump`. */
  readonly reason: MoveReason | undefined;
  /** Of `deleted`. */
  readonly deletion: Deletion | undefined;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** What is known of one partition's commits, all that were read. */
export interface PartitionCommits {
  readonly topic: string;
  readonly partition: number;
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
  /** The newest commit; a tombstone where that was the last. */
  readonly last: LoggedCommit;
  /** When the offset last changed. */
  readonly movedAt: number;
  /** Commits since then that repeated it. */
  readonly repeated: number;
  /** Median of the last intervals, ms; undefined below 3. */
  readonly usualInterval: number | undefined;
  readonly longestGap: { readonly from: number; readonly to: number } | undefined;
  readonly same: number;
  readonly rewinds: number;
  /** Records that rewinds had processed again. */
  readonly again: bigint;
  readonly jumps: number;
  /** Records that jumps passed over. */
  readonly skipped: bigint;
  readonly deleted: number;
  readonly notOwned: number;
}

interface PartitionDraft extends Omit<Writable<PartitionCommits>, 'usualInterval' | 'longestGap' | 'last'> {
  last: LoggedCommit | undefined;
  /** The newest that was no tombstone. */
  lastOffset: bigint | undefined;
  lastOwner: Owner | undefined;
  deletion: Deletion | undefined;
  longestGap: { from: number; to: number } | undefined;
  readonly intervals: Recent;
  readonly steps: Recent;
  /** While the group has no members: since when, how many commits, and those of them that were taken for jumps. */
  outside: { since: number | undefined; count: number; jumps: Writable<LoggedCommit>[] };
}

export interface CommitsOptions {
  readonly group: string;
  readonly names: TopicNames;
  /** `offsets.retention.minutes`, ms; may become known later. */
  readonly retention: () => number | undefined;
  /** Whether a topic exists now; undefined where not known. */
  readonly topicExists: (topic: string) => boolean | undefined;
  /** Commits kept one by one; figures go on over all. */
  readonly maxCommits?: number | undefined;
  /** Told of each, in order of the topic, also of those that are not kept. */
  readonly onCommit?: ((commit: LoggedCommit) => void) | undefined;
}

const defaultMaxCommits = 50_000;
const intervalsKept = 201;
/** So many commits of a partition while the group has no members are no reset but a consumer without a subscription. */
const mostResets = 3;

/** The commits of one group, taken batch by batch from its partition of `__consumer_offsets`, in order of offsets. */
export class CommitLog {
  readonly owners: CommitsOwners;
  readonly #options: CommitsOptions;
  readonly #wanted: Buffer;
  readonly #reader = new CommitReader();
  readonly #partitions = new Map<string, PartitionDraft>();
  readonly #open = new Map<Transaction, (() => void)[]>();
  #entries: Writable<LoggedCommit>[] = [];
  #revised: LoggedCommit[] = [];
  #count = 0;
  #unread = 0;
  #unsettled = 0;
  #compactedUntil: number | undefined;
  #firstAt: number | undefined;
  #next: bigint | undefined;

  constructor(options: CommitsOptions) {
    this.#options = options;
    this.#wanted = Buffer.from(options.group);
    this.owners = new CommitsOwners(options.names);
  }

  /** Those kept, oldest first; a later answer has the same objects. */
  get entries(): readonly LoggedCommit[] {
    return this.#entries;
  }

  /** Those that were taken for something else before, since this was last asked. */
  takeRevised(): readonly LoggedCommit[] {
    return this.#revised.splice(0);
  }

  /** All that were read. */
  get count(): number {
    return this.#count;
  }

  /** Records of the group that could not be read: damaged, or newer than this program. */
  get unread(): number {
    return this.#unread;
  }

  /** Commits of transactions whose end could not be read. */
  get unsettled(): number {
    return this.#unsettled;
  }

  /** Up to then compaction has removed records of the partition; ms since 1970. */
  get compactedUntil(): number | undefined {
    return this.#compactedUntil;
  }

  /** Of the oldest record that the partition has, whosever it is. */
  get firstAt(): number | undefined {
    return this.#firstAt;
  }

  /** Commits in transactions that have not ended. */
  get pending(): number {
    let count = 0;
    for (const some of this.#open.values()) count += some.length;
    return count;
  }

  partitions(): PartitionCommits[] {
    return [...this.#partitions.values()]
      .map((draft) => ({
        ...draft,
        last: draft.last!,
        usualInterval: draft.intervals.count < 3 ? undefined : draft.intervals.median(),
      }))
      .sort((a, b) => (a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1));
  }

  take({ batch, from, to, transaction }: Slice): void {
    const { facts } = batch;
    const at = Number(facts.maxTimestamp);
    this.#firstAt ??= at;
    const isGap = this.#next !== undefined && facts.baseOffset > this.#next;
    const holds = Number(facts.lastOffset - facts.baseOffset) + 1;
    if (isGap || (batch.count < holds && !facts.isControl)) this.#compactedUntil = at;
    this.#next = facts.lastOffset + 1n;
    if (facts.isControl) return;
    let deletions: DeletionBatch | undefined;
    for (let index = from; index < to; index++) {
      const key = batch.key(index);
      if (key === null || !this.#isWanted(key)) continue;
      const value = batch.value(index);
      const position = batch.offset(index);
      const time = Number(batch.timestamp(index));
      if (value === null) deletions ??= new DeletionBatch(recordsOf(batch));
      const taken = this.#read(key, value, position, time, transaction !== undefined, deletions);
      if (taken === undefined) continue;
      if (transaction === undefined || transaction.outcome === 'committed') taken();
      else if (transaction.outcome === 'open') {
        const waiting = this.#open.get(transaction);
        if (waiting === undefined) this.#open.set(transaction, [taken]);
        else waiting.push(taken);
      } else if (transaction.outcome === 'unknown') this.#unsettled++;
    }
  }

  /** Their ends have been read: what they committed happened, or did not. */
  ended(transactions: readonly Transaction[]): void {
    for (const transaction of transactions) {
      const waiting = this.#open.get(transaction);
      if (waiting === undefined) continue;
      this.#open.delete(transaction);
      if (transaction.outcome === 'committed') for (const take of waiting) take();
      else if (transaction.outcome === 'unknown') this.#unsettled += waiting.length;
    }
  }

  /** Every type's key begins with its number and the group. */
  #isWanted(key: Buffer): boolean {
    const { length } = this.#wanted;
    return key.length >= 4 + length && key.readInt16BE(2) === length && this.#wanted.compare(key, 4, 4 + length) === 0;
  }

  /** What is to be done with a record as soon as it counts. */
  #read(
    key: Buffer,
    value: Buffer | null,
    position: bigint,
    time: number,
    inTransaction: boolean,
    deletions: DeletionBatch | undefined,
  ): (() => void) | undefined {
    if (this.#reader.read(key, value)) {
      const { topic, partition } = this.#reader.key;
      if (this.#reader.isTombstone) return () => this.#delete(topic, partition, position, time, deletions!);
      const { offset, leaderEpoch, metadata, commitTimestamp, expireTimestamp } = this.#reader;
      const own = { topic, partition, at: Number(commitTimestamp), position, offset, leaderEpoch, metadata };
      const expires = expireTimestamp < 0n ? undefined : Number(expireTimestamp);
      return () => this.#commit({ ...own, expireTimestamp: expires, inTransaction });
    }
    const record = decodeRecord(key, value, '__consumer_offsets');
    if (record.kind === 'unknown' || record.kind === 'malformed') {
      this.#unread++;
      return undefined;
    }
    if (record.kind === 'offsetCommit') {
      const { topic, partition, offset, leaderEpoch, metadata } = record;
      const expires = record.expireTimestamp === undefined ? undefined : Number(record.expireTimestamp);
      const own = { topic, partition, at: Number(record.commitTimestamp), position, offset, leaderEpoch, metadata };
      return () => this.#commit({ ...own, expireTimestamp: expires, inTransaction });
    }
    if (record.kind === 'tombstone' && (record.of === 'offsetCommit' || record.of === 'legacyOffsetCommit')) {
      const { topic, partition } = record.key;
      return () => this.#delete(topic, partition, position, time, deletions!);
    }
    return () => this.owners.take(record, time);
  }

  #commit(
    own: Pick<
      LoggedCommit,
      'topic' | 'partition' | 'at' | 'position' | 'leaderEpoch' | 'metadata' | 'expireTimestamp' | 'inTransaction'
    > & { readonly offset: bigint },
  ): void {
    const { owners } = this;
    const draft = this.#draftOf(own.topic, own.partition, own.at);
    const owner = owners.ownerOf(own.topic, own.partition);
    const step = draft.lastOffset === undefined ? undefined : own.offset - draft.lastOffset;
    const interval = draft.last === undefined ? undefined : Math.max(0, own.at - draft.last.at);
    const entry: Writable<LoggedCommit> = {
      ...own,
      id: this.#count,
      kind: 'first',
      step,
      interval,
      group: owners.state,
      generation: owners.generation,
      owner,
      notOwned: owners.state === 'members' && owners.knowsOwners && owner === undefined,
      reason: undefined,
      deletion: undefined,
    };
    if (step !== undefined && interval !== undefined) this.#judge(entry, draft, step, interval);
    this.#add(draft, entry);
    draft.lastOffset = own.offset;
    draft.lastOwner = owner ?? draft.lastOwner;
    draft.deletion = undefined;
    this.#keep(entry);
  }

  /** What kind of a commit it is against the one before, and why. */
  #judge(entry: Writable<LoggedCommit>, draft: PartitionDraft, step: bigint, interval: number): void {
    const { deletion } = draft;
    const facts = {
      group: entry.group,
      generation: entry.generation,
      owner: entry.owner,
      ownerBefore: draft.lastOwner,
      knowsOwners: this.owners.knowsOwners,
      interval,
      deleted: deletion,
      inTransaction: entry.inTransaction,
    };
    const isOutside = this.#outside(draft, entry.group);
    if (step < 0n) {
      entry.kind = 'rewind';
      entry.reason = moveReason(facts);
      return;
    }
    entry.kind = step === 0n ? 'same' : 'forward';
    if (step === 0n) return;
    if (deletion !== undefined || isOutside) {
      entry.kind = 'jump';
      entry.reason = moveReason(facts);
      if (isOutside) draft.outside.jumps.push(entry);
      return;
    }
    const far = tooFar(Number(step), interval, draft);
    if (far === undefined) return;
    entry.kind = 'jump';
    const reason = moveReason(facts);
    entry.reason = { ...reason, certainty: 'inference', because: `${far} ${reason.because}` };
  }

  /** Whether a step forward comes from outside of a group without members, and is not one of many. */
  #outside(draft: PartitionDraft, group: LoggedCommit['group']): boolean {
    const { outside } = draft;
    const since = group === 'empty' ? this.owners.emptySince : undefined;
    if (group !== 'empty' || since !== outside.since) draft.outside = { since, count: 0, jumps: [] };
    if (group !== 'empty') return false;
    if (++draft.outside.count <= mostResets) return true;
    // It commits again and again: a consumer that takes its partitions by itself, and reads what lies between.
    for (const entry of draft.outside.jumps.splice(0)) {
      draft.jumps--;
      draft.skipped -= entry.step ?? 0n;
      entry.kind = 'forward';
      entry.reason = undefined;
      this.#revised.push(entry);
    }
    return false;
  }

  #add(draft: PartitionDraft, entry: LoggedCommit): void {
    const { step, interval, kind } = entry;
    draft.count++;
    draft.lastAt = entry.at;
    if (interval !== undefined && draft.last?.kind !== 'deleted') {
      draft.intervals.add(interval);
      const { longestGap } = draft;
      if (longestGap === undefined || interval > longestGap.to - longestGap.from) {
        draft.longestGap = { from: entry.at - interval, to: entry.at };
      }
    }
    if (kind === 'same') {
      draft.same++;
      draft.repeated++;
    } else {
      draft.movedAt = entry.at;
      draft.repeated = 0;
    }
    if (kind === 'forward') draft.steps.add(Number(step));
    if (kind === 'rewind') {
      draft.rewinds++;
      draft.again -= step!;
    }
    if (kind === 'jump') {
      draft.jumps++;
      draft.skipped += step!;
    }
    if (entry.notOwned) draft.notOwned++;
    draft.last = entry;
  }

  #delete(topic: string, partition: number, position: bigint, at: number, deletions: DeletionBatch): void {
    const draft = this.#draftOf(topic, partition, at);
    const before = draft.last;
    // Coordinators write a tombstone again where the first one may be lost.
    const commit = before?.kind === 'deleted' ? undefined : before;
    const { owners } = this;
    const deletion = deletionOf({
      at,
      commitTimestamp: commit?.at,
      expireTimestamp: commit?.expireTimestamp,
      emptySince: owners.state === 'empty' ? owners.retainedFrom : undefined,
      retention: this.#options.retention(),
      ...deletions.factsOf(this.#options.group, topic),
      topicExists: this.#options.topicExists(topic),
    });
    const entry: LoggedCommit = {
      id: this.#count,
      topic,
      partition,
      at,
      position,
      kind: 'deleted',
      offset: undefined,
      step: undefined,
      interval: before === undefined ? undefined : Math.max(0, at - before.at),
      metadata: '',
      leaderEpoch: -1,
      expireTimestamp: undefined,
      inTransaction: false,
      group: owners.state,
      generation: owners.generation,
      owner: owners.ownerOf(topic, partition),
      notOwned: false,
      reason: undefined,
      deletion,
    };
    draft.count++;
    draft.deleted++;
    draft.lastAt = at;
    draft.movedAt = at;
    draft.repeated = 0;
    draft.last = entry;
    draft.deletion = deletion;
    this.#keep(entry);
  }

  #keep(entry: LoggedCommit): void {
    this.#count++;
    this.#entries.push(entry);
    const { maxCommits = defaultMaxCommits, onCommit } = this.#options;
    onCommit?.(entry);
    // Not one by one: what falls out is a tenth.
    if (this.#entries.length > maxCommits * 1.1) this.#entries = this.#entries.slice(-maxCommits);
  }

  #draftOf(topic: string, partition: number, at: number): PartitionDraft {
    const key = `${topic}/${partition}`;
    let draft = this.#partitions.get(key);
    if (draft === undefined) {
      draft = {
        topic,
        partition,
        count: 0,
        firstAt: at,
        lastAt: at,
        last: undefined,
        lastOffset: undefined,
        lastOwner: undefined,
        deletion: undefined,
        movedAt: at,
        repeated: 0,
        longestGap: undefined,
        same: 0,
        rewinds: 0,
        again: 0n,
        jumps: 0,
        skipped: 0n,
        deleted: 0,
        notOwned: 0,
        intervals: new Recent(intervalsKept),
        steps: new Recent(usualSteps),
        outside: { since: undefined, count: 0, jumps: [] },
      };
      this.#partitions.set(key, draft);
    }
    return draft;
  }
}

function* recordsOf(batch: Slice['batch']): Generator<CoordinatorRecord> {
  for (let index = 0; index < batch.count; index++) {
    yield decodeRecord(batch.key(index), batch.value(index), '__consumer_offsets');
  }
}

/** What the log lacks, a sentence each. */
export function lacksOf(log: CommitLog, kept: number, time: (at: number) => string): string[] {
  const lacks: string[] = [];
  if (log.compactedUntil !== undefined) {
    lacks.push(
      t(
        'The topic is compacted: of what was committed before {0}, only some, mostly the last of each partition, is left.',
        time(log.compactedUntil),
      ),
    );
  }
  if (log.count > kept) {
    lacks.push(t('The table keeps the last {0} commits; the figures are of all {1}.', kept, log.count));
  }
  if (log.unread > 0) lacks.push(t('{0} records of the group could not be read.', log.unread));
  if (log.unsettled > 0) {
    lacks.push(t('{0} commits of transactions whose end could not be read are left out.', log.unsettled));
  }
  return lacks;
}
