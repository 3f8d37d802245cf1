import type { TopicPartition } from '../../kafka/facts.ts';
import type { Slice } from '../../records/events.ts';
import { CommitReader, type CommitKey } from '../decode/commitReader.ts';
import { decodeRecord, type ClassicGroup, type CoordinatorRecord } from '../decode/decodeRecord.ts';
import type { CommitMark, GenerationMember, GroupEvent, TopicPartitions } from './groupEvent.ts';
import { addToStep, beginsAnother, modernTypeOf, newStep, type ModernRecord, type StepDraft } from './stepOf.ts';

const topic = '__consumer_offsets';

/** A partition that a group commits: what came since the group's last event. */
interface Mark {
  readonly key: CommitKey;
  readonly group: GroupDraft;
  at: number;
  count: number;
  transactional: boolean;
}

interface GroupDraft {
  readonly name: string;
  /** Committed since the last event. */
  touched: Mark[];
  /** Of the batch that is being read. */
  step: StepDraft | undefined;
  deletedClassic: { readonly offset: bigint; readonly at: number } | undefined;
}

interface Place {
  readonly partition: number;
  readonly leaderEpoch: number;
}

export interface ReplayOptions {
  /** Only this group's; others' records are passed over unread. */
  readonly group?: string | undefined;
  /** Told of each event, in the order of the topic. */
  readonly onEvent: (group: string, event: GroupEvent) => void;
}

/**
 * Makes events of groups from the batches of `__consumer_offsets`, partition by partition in order of offsets. What it holds grows
 * with the groups and their partitions, not with the records.
 */
export class OffsetsReplay {
  readonly #options: ReplayOptions;
  readonly #wanted: Buffer | undefined;
  readonly #commits = new CommitReader();
  /** By key id. */
  readonly #marks: Mark[] = [];
  readonly #groups = new Map<string, GroupDraft>();
  /** With something of the batch under way. */
  #open: GroupDraft[] = [];
  /** Records that could not be read: damaged, or newer than this program. */
  #unread = 0;

  constructor(options: ReplayOptions) {
    this.#options = options;
    this.#wanted = options.group === undefined ? undefined : Buffer.from(options.group);
  }

  get unread(): number {
    return this.#unread;
  }

  /** Takes what was read of one batch. */
  take({ batch, from, to, transaction }: Slice): void {
    if (batch.facts.isControl) return;
    // Of a commit only who, what and when counts, however its transaction ends; what was appended at once has one time.
    const transactional = transaction !== undefined;
    const batchAt = Number(batch.facts.maxTimestamp);
    for (let index = from; index < to; index++) {
      const key = batch.key(index);
      if (key === null || (this.#wanted !== undefined && !isOf(key, this.#wanted))) continue;
      const value = batch.value(index);
      if (this.#commits.read(key, null)) {
        if (value !== null) this.#commit(this.#commits.key, batchAt, transactional);
        continue;
      }
      this.#record(decodeRecord(key, value, topic), batch.offset(index), Number(batch.timestamp(index)), {
        partition: batch.partition,
        leaderEpoch: batch.facts.leaderEpoch,
      });
    }
    if (this.#open.length === 0) return;
    const place = { partition: batch.partition, leaderEpoch: batch.facts.leaderEpoch };
    for (const group of this.#open) this.#flush(group, place);
    this.#open = [];
  }

  /** Commits since the last event of each group: so that what is read later can go on from here. */
  *rest(): Generator<readonly [group: string, commits: readonly CommitMark[]]> {
    for (const group of this.#groups.values()) {
      if (group.touched.length > 0) yield [group.name, this.#takeCommits(group)];
    }
  }

  #commit(key: CommitKey, at: number, transactional: boolean): void {
    let mark = this.#marks[key.id];
    if (mark === undefined) {
      mark = { key, group: this.#group(key.group), at, count: 0, transactional };
      this.#marks[key.id] = mark;
    }
    if (mark.count === 0) mark.group.touched.push(mark);
    mark.count++;
    mark.at = at;
    mark.transactional = transactional;
  }

  #group(name: string): GroupDraft {
    let group = this.#groups.get(name);
    if (group === undefined) {
      group = { name, touched: [], step: undefined, deletedClassic: undefined };
      this.#groups.set(name, group);
    }
    return group;
  }

  #record(record: CoordinatorRecord, offset: bigint, at: number, place: Place): void {
    if (record.kind === 'unknown' || record.kind === 'malformed') {
      this.#unread++;
      return;
    }
    if (record.kind === 'offsetCommit') {
      const { group, topic: of, partition } = record;
      this.#unusualCommit(this.#group(group), of, partition, at);
      return;
    }
    if (record.kind === 'groupMetadata') {
      this.#generation(record, offset, at, place);
      return;
    }
    if (record.kind === 'tombstone') {
      if (record.of === 'offsetCommit' || record.of === 'legacyOffsetCommit') return;
      if (record.of === 'groupMetadata') {
        const group = this.#touch(record.group);
        group.deletedClassic = { offset, at };
        return;
      }
    }
    this.#step(record, offset, at, place);
  }

  /** One that `CommitReader` leaves to others: it has no place among the keys. */
  #unusualCommit(group: GroupDraft, of: string, partition: number, at: number): void {
    const known = group.touched.find(({ key }) => key.topic === of && key.partition === partition);
    if (known === undefined) {
      const key = { group: group.name, topic: of, partition, id: -1 };
      group.touched.push({ key, group, at, count: 1, transactional: false });
    } else {
      known.at = at;
      known.count++;
    }
  }

  #touch(name: string): GroupDraft {
    const group = this.#group(name);
    if (group.step === undefined && group.deletedClassic === undefined) this.#open.push(group);
    return group;
  }

  #generation(record: ClassicGroup, offset: bigint, at: number, place: Place): void {
    const group = this.#group(record.group);
    if (group.step !== undefined || group.deletedClassic !== undefined) this.#flush(group, place);
    this.#options.onEvent(record.group, {
      kind: 'generation',
      ...this.#base(group, offset, at, place),
      generation: record.generation,
      stateAt: record.currentStateTimestamp === undefined ? undefined : Number(record.currentStateTimestamp),
      protocolType: record.protocolType,
      assignor: record.protocol,
      leader: record.leader,
      members: record.members.map((member): GenerationMember => {
        const { subscription, assignment } = member;
        return {
          id: member.memberId,
          instanceId: member.instanceId,
          clientId: member.clientId,
          host: member.clientHost,
          sessionTimeoutMs: member.sessionTimeout,
          rebalanceTimeoutMs: member.rebalanceTimeout,
          topics: subscription.kind === 'subscription' ? subscription.topics : [],
          assigned: assignment.kind === 'assignment' ? compact(assignment.partitions) : [],
        };
      }),
    });
  }

  #step(record: ModernRecord, offset: bigint, at: number, place: Place): void {
    const type = modernTypeOf(record);
    if (type === undefined) return;
    const group = this.#touch(record.group);
    if (group.step !== undefined && (group.step.type !== type || beginsAnother(group.step, record))) {
      this.#flush(group, place);
    }
    group.step ??= newStep(type, offset, at);
    addToStep(group.step, record);
  }

  /** Tells what the records so far mean. */
  #flush(group: GroupDraft, place: Place): void {
    const { step, deletedClassic } = group;
    group.step = undefined;
    group.deletedClassic = undefined;
    // Deleted as classic and written as another in one batch: it changed its protocol.
    if (deletedClassic !== undefined && step?.epoch === undefined) {
      const { offset, at } = deletedClassic;
      this.#options.onEvent(group.name, { kind: 'deleted', type: 'classic', ...this.#base(group, offset, at, place) });
    }
    if (step === undefined) return;
    const { offset, at, type, epoch, metadataHash, targetEpoch, names, topology, metadataChanged, initialized } = step;
    if (step.isDeleted && epoch === undefined) {
      this.#options.onEvent(group.name, { kind: 'deleted', type, ...this.#base(group, offset, at, place) });
      return;
    }
    this.#options.onEvent(group.name, {
      kind: 'step',
      ...this.#base(group, offset, at, place),
      type,
      epoch,
      metadataHash,
      targetEpoch,
      members: Array.from(step.members, ([id, facts]) => ({ id, ...facts })),
      names,
      topology,
      metadataChanged,
      initialized,
    });
  }

  #base(
    group: GroupDraft,
    offset: bigint,
    at: number,
    { partition, leaderEpoch }: Place,
  ): Pick<GroupEvent, 'key' | 'at' | 'position' | 'coordinatorEpoch' | 'commits'> {
    return {
      key: `t:${partition}:${offset}`,
      at,
      position: offset,
      coordinatorEpoch: leaderEpoch,
      commits: this.#takeCommits(group),
    };
  }

  #takeCommits(group: GroupDraft): CommitMark[] {
    const marks = group.touched.map(({ key: { topic: of, partition }, at, count, transactional }): CommitMark => {
      return transactional ? [of, partition, at, count, true] : [of, partition, at, count];
    });
    for (const mark of group.touched) mark.count = 0;
    group.touched = [];
    return marks;
  }
}

/** All types have the group behind their int16, with its length. */
function isOf(key: Buffer, group: Buffer): boolean {
  const end = 4 + group.length;
  return key.length >= end && key.readInt16BE(2) === group.length && key.compare(group, 0, group.length, 4, end) === 0;
}

export function compact(partitions: readonly TopicPartition[]): TopicPartitions {
  const topics = new Map<string, number[]>();
  for (const { topic: name, partition } of partitions) {
    const own = topics.get(name);
    if (own === undefined) topics.set(name, [partition]);
    else own.push(partition);
  }
  return [...topics];
}
