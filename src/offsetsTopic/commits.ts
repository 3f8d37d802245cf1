import type { Slice } from '../records/events.ts';
import type { Transaction } from '../records/transactions.ts';
import type { LoggedCommit, PartitionCommits } from './commit.ts';
import { CommitsOwners } from './commitsOwners.ts';
import { PartitionLog, type Writable } from './commitsPartition.ts';
import { CommitReader } from './decode/commitReader.ts';
import { decodeRecord, type CoordinatorRecord } from './decode/decodeRecord.ts';
import { deletionOf, type DeletionFacts } from './decode/deletion.ts';
import { DeletionBatch } from './decode/deletionBatch.ts';
import type { TopicNames } from './decode/topicNames.ts';

/** What a commit's record says. */
type Written = Pick<
  LoggedCommit,
  'topic' | 'partition' | 'at' | 'position' | 'leaderEpoch' | 'metadata' | 'expireTimestamp' | 'inTransaction'
> & { readonly offset: bigint };

/** A commit of a transaction that is open: whether it counts shows when that ends. */
interface Waiting {
  readonly position: bigint;
  readonly take: () => void;
}

export interface CommitsOptions {
  readonly group: string;
  readonly names: TopicNames;
  /** `offsets.retention.minutes`, ms; may become known later. */
  readonly retention: () => number | undefined;
  /** Commits kept one by one; figures go on over all. */
  readonly maxCommits?: number | undefined;
  /** Told of each, in order of the topic, also of those that are not kept. */
  readonly onCommit?: ((commit: LoggedCommit) => void) | undefined;
}

const defaultMaxCommits = 50_000;

/** The commits of one group, taken batch by batch from its partition of `__consumer_offsets`, in order of offsets. */
export class CommitLog {
  readonly owners: CommitsOwners;
  readonly #options: CommitsOptions;
  readonly #wanted: Buffer;
  readonly #reader = new CommitReader();
  readonly #partitions = new Map<string, PartitionLog>();
  readonly #open = new Map<Transaction, Waiting[]>();
  /** Before it all was taken but what is in `#again`. */
  #readTo = 0n;
  /** Offsets of commits whose transactions were open when reading stopped: these are to be read once more. */
  readonly #again = new Set<bigint>();
  #entries: LoggedCommit[] = [];
  #revised: LoggedCommit[] = [];
  /** Deletions of which it is not known yet whether their topics are still there. */
  #unjudged: { readonly entry: Writable<LoggedCommit>; readonly facts: DeletionFacts }[] = [];
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
      .map((log) => log.summary())
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
      const position = batch.offset(index);
      if (position < this.#readTo && !this.#again.delete(position)) continue;
      const value = batch.value(index);
      const time = Number(batch.timestamp(index));
      if (value === null) deletions ??= new DeletionBatch(recordsOf(batch));
      const taken = this.#read(key, value, position, time, transaction !== undefined, deletions);
      if (taken === undefined) continue;
      if (transaction === undefined || transaction.outcome === 'committed') taken();
      else if (transaction.outcome === 'open') {
        const waiting = this.#open.get(transaction);
        if (waiting === undefined) this.#open.set(transaction, [{ position, take: taken }]);
        else waiting.push({ position, take: taken });
      } else if (transaction.outcome === 'unknown') this.#unsettled++;
    }
    const end = to < batch.count ? batch.offset(to) : facts.lastOffset + 1n;
    if (end > this.#readTo) this.#readTo = end;
  }

  /**
   * Reading stopped and is to go on: from which offset; undefined where nothing was read. That may be before the last one that was taken, since how
   * transactions end shows only to who has read their beginning.
   */
  resume(): bigint | undefined {
    if (this.#next === undefined) return undefined;
    for (const waiting of this.#open.values()) for (const { position } of waiting) this.#again.add(position);
    this.#open.clear();
    let from = this.#readTo;
    for (const position of this.#again) if (position < from) from = position;
    return from;
  }

  /** Their ends have been read: what they committed happened, or did not. */
  ended(transactions: readonly Transaction[]): void {
    for (const transaction of transactions) {
      const waiting = this.#open.get(transaction);
      if (waiting === undefined) continue;
      this.#open.delete(transaction);
      if (transaction.outcome === 'committed') for (const { take } of waiting) take();
      else if (transaction.outcome === 'unknown') this.#unsettled += waiting.length;
    }
  }

  /** Topics whose commits were deleted: whether they are still there helps to tell why. */
  get topicsToAsk(): ReadonlySet<string> {
    return new Set(this.#unjudged.map(({ entry }) => entry.topic));
  }

  /** `exists`: whether a topic is there now, after its commits were deleted; undefined where that cannot be known. */
  judge(exists: (topic: string) => boolean | undefined): void {
    for (const { entry, facts } of this.#unjudged.splice(0)) {
      const topicExists = exists(entry.topic);
      if (topicExists === undefined) continue;
      entry.deletion = deletionOf({ ...facts, topicExists });
      this.#revised.push(entry);
    }
  }

  /** The topic is not what it was: whatever offsets come now were not taken before. */
  restart(): void {
    this.#readTo = 0n;
    this.#again.clear();
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

  #commit(own: Written): void {
    const { owners } = this;
    const owner = owners.ownerOf(own.topic, own.partition);
    const { entry, revised } = this.#partitionOf(own.topic, own.partition, own.at).commit({
      ...own,
      id: this.#count,
      group: owners.state,
      generation: owners.generation,
      owner,
      notOwned: owners.state === 'members' && owners.knowsOwners && owner === undefined,
    });
    this.#revised.push(...revised);
    this.#keep(entry);
  }

  #delete(topic: string, partition: number, position: bigint, at: number, deletions: DeletionBatch): void {
    const log = this.#partitionOf(topic, partition, at);
    const before = log.last;
    // Coordinators write a tombstone again where the first one may be lost.
    const commit = before?.kind === 'deleted' ? undefined : before;
    const { owners } = this;
    const facts: DeletionFacts = {
      at,
      commitTimestamp: commit?.at,
      expireTimestamp: commit?.expireTimestamp,
      emptySince: owners.state === 'empty' ? owners.retainedFrom : undefined,
      retention: this.#options.retention(),
      ...deletions.factsOf(this.#options.group, topic),
    };
    const deletion = deletionOf(facts);
    const entry: Writable<LoggedCommit> = {
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
    log.delete(entry);
    if (deletion.certainty === 'inference') this.#unjudged.push({ entry, facts });
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

  #partitionOf(topic: string, partition: number, at: number): PartitionLog {
    const key = `${topic}/${partition}`;
    let log = this.#partitions.get(key);
    if (log === undefined) {
      log = new PartitionLog(topic, partition, at, this.owners);
      this.#partitions.set(key, log);
    }
    return log;
  }
}

function* recordsOf(batch: Slice['batch']): Generator<CoordinatorRecord> {
  for (let index = 0; index < batch.count; index++) {
    yield decodeRecord(batch.key(index), batch.value(index), '__consumer_offsets');
  }
}
