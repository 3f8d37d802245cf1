import type { Slice } from '../records/events.ts';
import { CommitReader } from './decode/commitReader.ts';
import { decodeRecord, type ClassicGroup, type CoordinatorRecord } from './decode/decodeRecord.ts';
import { DeletionBatch } from './decode/deletionBatch.ts';
import type { DeletionFacts } from './decode/deletion.ts';
import type { TopicNames } from './decode/topicNames.ts';
import { Timeline } from './timeline.ts';

export interface EarlierCommit {
  readonly offset: bigint;
  readonly at: number;
}

type BatchDeletion = Pick<DeletionFacts, 'groupDeleted' | 'otherGroupsOfTopic'>;

/** Commits of one key, generations of one group, that are remembered; and all together. */
const most = { commits: 2_000, generations: 100, all: 500_000, deletions: 20_000, members: 50_000 };

/**
 * What records of `__consumer_offsets` were preceded by: fed in the order of the topic as they are read, asked for any of them later.
 * Bounded; what it does not remember it does not make up.
 */
export class Earlier {
  readonly #names: TopicNames;
  readonly #reader = new CommitReader();
  readonly #commits = new Map<string, Timeline<EarlierCommit>>();
  readonly #groups = new Map<string, Timeline<ClassicGroup>>();
  readonly #deletions = new Map<string, BatchDeletion>();
  readonly #members = new Map<string, string>();
  #count = 0;

  constructor(names: TopicNames) {
    this.#names = names;
  }

  take({ batch, from, to, transaction }: Slice): void {
    if (batch.facts.isControl) return;
    let deletions: DeletionBatch | undefined;
    for (let index = from; index < to; index++) {
      const key = batch.key(index);
      if (key === null) continue;
      const value = batch.value(index);
      const position = batch.offset(index);
      if (this.#reader.read(key, value) && value !== null) {
        // What was aborted did not happen.
        if (transaction !== undefined && transaction.outcome === 'aborted') continue;
        const { offset, commitTimestamp } = this.#reader;
        const { group, topic, partition } = this.#reader.key;
        this.#addCommit(group, topic, partition, position, { offset, at: Number(commitTimestamp) });
        continue;
      }
      const record = decodeRecord(key, value, '__consumer_offsets');
      this.#names.learn(record);
      if (record.kind === 'groupMetadata') this.#addGroup(record, position);
      this.#learnMember(record);
      if (record.kind !== 'tombstone' || (record.of !== 'offsetCommit' && record.of !== 'legacyOffsetCommit')) continue;
      deletions ??= new DeletionBatch(recordsOf(batch));
      if (this.#deletions.size >= most.deletions) this.#deletions.clear();
      this.#deletions.set(`${batch.partition}/${position}`, deletions.factsOf(record.group, record.key.topic));
    }
  }

  commitBefore(group: string, topic: string, partition: number, position: bigint): EarlierCommit | undefined {
    return this.#commits.get(commitKey(group, topic, partition))?.before(position);
  }

  groupBefore(group: string, position: bigint): ClassicGroup | undefined {
    return this.#groups.get(group)?.before(position);
  }

  /** What people call a member whose id says nothing: its instance id or client id. */
  memberName(memberId: string): string | undefined {
    return this.#members.get(memberId);
  }

  /** What the batch of a tombstone deleted besides; undefined where it was not read. */
  deletionAt(partition: number, position: bigint): BatchDeletion | undefined {
    return this.#deletions.get(`${partition}/${position}`);
  }

  #learnMember(record: CoordinatorRecord): void {
    if (
      record.kind !== 'consumerGroupMemberMetadata' &&
      record.kind !== 'shareGroupMemberMetadata' &&
      record.kind !== 'streamsGroupMemberMetadata'
    ) {
      return;
    }
    const { key, value } = record;
    const name = ('instanceId' in value ? value.instanceId : null) ?? value.clientId;
    if (name === '') return;
    if (this.#members.size >= most.members) this.#members.clear();
    this.#members.set(key.memberId, name);
  }

  #addCommit(group: string, topic: string, partition: number, position: bigint, commit: EarlierCommit): void {
    const key = commitKey(group, topic, partition);
    let timeline = this.#commits.get(key);
    if (timeline === undefined) this.#commits.set(key, (timeline = new Timeline(most.commits)));
    this.#count += timeline.add(position, commit);
    if (this.#count <= most.all) return;
    // Many partitions: each keeps its newer half.
    this.#count = 0;
    for (const one of this.#commits.values()) this.#count += one.halve();
  }

  #addGroup(record: ClassicGroup, position: bigint): void {
    let timeline = this.#groups.get(record.group);
    if (timeline === undefined) this.#groups.set(record.group, (timeline = new Timeline(most.generations)));
    timeline.add(position, owned(record));
  }
}

/** The record without views on its batch, which must not be held for it. */
function owned(record: ClassicGroup): ClassicGroup {
  const strip = <T extends { readonly kind: string }>(part: T): T =>
    part.kind === 'other' ? { ...part, bytes: new Uint8Array() } : { ...part, userData: null };
  return {
    ...record,
    members: record.members.map((member) => ({
      ...member,
      subscription: strip(member.subscription),
      assignment: strip(member.assignment),
    })),
  };
}

function commitKey(group: string, topic: string, partition: number): string {
  return `${group}\u0000${topic}\u0000${partition}`;
}

function* recordsOf(batch: Slice['batch']): Generator<CoordinatorRecord> {
  for (let index = 0; index < batch.count; index++) {
    yield decodeRecord(batch.key(index), batch.value(index), '__consumer_offsets');
  }
}
