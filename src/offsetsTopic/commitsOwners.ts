import type { ClassicGroup, CoordinatorRecord, Tombstone } from './decode/decodeRecord.ts';
import type { TopicNames } from './decode/topicNames.ts';

/** A member that owned a partition. */
export interface Owner {
  readonly memberId: string;
  /** Its instance id, else its client id. */
  readonly name: string;
  /** Without the slash that Kafka puts before it; empty where not known. */
  readonly host: string;
}

type Topics = readonly { readonly topicId: string; readonly partitions: readonly number[] }[];

/**
 * Who is in one group and owns what, as its records in `__consumer_offsets` have told so far. Holds the present only: it is
 * asked about each commit as that is read.
 */
export class CommitsOwners {
  readonly #names: TopicNames;
  /** `unknown` until a record tells. `empty`: no members. */
  state: 'unknown' | 'empty' | 'members' = 'unknown';
  /** Generation of a classic group, epoch of others; undefined where not known. */
  generation: number | undefined;
  /** Since when the group has been empty, ms since 1970; undefined where it is not. */
  emptySince: number | undefined;
  /** A classic group's own time since when it is empty, from which its commits' retention counts; others' counts from each commit. */
  retainedFrom: number | undefined;
  /** Topics that a member subscribed to; undefined where that is not known, or a pattern. */
  subscribed: ReadonlySet<string> | undefined;
  /** Whether partitions are handed out in a way that these records tell (a streams group's are tasks). */
  knowsOwners = false;
  #classic: ReadonlyMap<string, Owner> | undefined;
  readonly #members = new Map<string, { owner: Owner; topics: readonly string[]; pattern: boolean }>();
  readonly #assigned = new Map<string, Topics>();
  /** What was asked for since the last record; null: nobody. */
  readonly #found = new Map<string, Owner | null>();

  constructor(names: TopicNames) {
    this.#names = names;
  }

  ownerOf(topic: string, partition: number): Owner | undefined {
    const id = key(topic, partition);
    if (this.#classic !== undefined) return this.#classic.get(id);
    let owner = this.#found.get(id);
    if (owner === undefined) this.#found.set(id, (owner = this.#find(topic, partition) ?? null));
    return owner ?? undefined;
  }

  #find(topic: string, partition: number): Owner | undefined {
    for (const [memberId, topics] of this.#assigned) {
      for (const { topicId, partitions } of topics) {
        if (partitions.includes(partition) && this.#names.nameOf(topicId) === topic) {
          return this.#members.get(memberId)?.owner ?? { memberId, name: memberId, host: '' };
        }
      }
    }
    return undefined;
  }

  /** @param at the record's time, ms since 1970. */
  take(record: CoordinatorRecord, at: number): void {
    this.#names.learn(record);
    this.#found.clear();
    // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- the other types tell nothing of members
    switch (record.kind) {
      case 'groupMetadata':
        this.#takeClassic(record, at);
        return;
      case 'consumerGroupMetadata':
      case 'streamsGroupMetadata':
        this.#classic = undefined;
        this.retainedFrom = undefined;
        this.knowsOwners = record.kind === 'consumerGroupMetadata';
        this.generation = record.value.epoch;
        this.#countMembers(at);
        return;
      case 'consumerGroupMemberMetadata': {
        const { clientId, clientHost, instanceId, subscribedTopicNames, subscribedTopicRegex } = record.value;
        const { memberId } = record.key;
        const owner = { memberId, name: instanceId ?? (clientId || memberId), host: hostOf(clientHost) };
        const pattern = (subscribedTopicRegex ?? '') !== '';
        this.#members.set(memberId, { owner, topics: subscribedTopicNames, pattern });
        this.#countMembers(at);
        return;
      }
      case 'streamsGroupMemberMetadata': {
        const { clientId, clientHost, instanceId } = record.value;
        const { memberId } = record.key;
        const owner = { memberId, name: instanceId ?? (clientId || memberId), host: hostOf(clientHost) };
        this.#members.set(memberId, { owner, topics: [], pattern: true });
        this.#countMembers(at);
        return;
      }
      case 'consumerGroupCurrentMemberAssignment': {
        const { assignedPartitions, partitionsPendingRevocation } = record.value;
        // What it is to give up it still reads and commits.
        this.#assigned.set(record.key.memberId, [...assignedPartitions, ...partitionsPendingRevocation]);
        return;
      }
      case 'tombstone':
        this.#takeTombstone(record, at);
        return;
      default:
    }
  }

  #takeClassic(group: ClassicGroup, at: number): void {
    this.#classic = new Map(
      group.members.flatMap((member) => {
        const name = member.instanceId ?? (member.clientId || member.memberId);
        const owner: Owner = { memberId: member.memberId, name, host: hostOf(member.clientHost) };
        if (member.assignment.kind !== 'assignment') return [];
        return member.assignment.partitions.map(({ topic, partition }) => [key(topic, partition), owner] as const);
      }),
    );
    const { members } = group;
    this.#members.clear();
    this.#assigned.clear();
    this.generation = group.generation;
    this.knowsOwners = members.some(({ assignment }) => assignment.kind === 'assignment');
    this.state = members.length === 0 ? 'empty' : 'members';
    const { currentStateTimestamp } = group;
    this.retainedFrom =
      members.length > 0 || currentStateTimestamp === undefined ? undefined : Number(currentStateTimestamp);
    this.emptySince = members.length > 0 ? undefined : (this.retainedFrom ?? at);
    const known = members.every(({ subscription }) => subscription.kind === 'subscription');
    this.subscribed = known
      ? new Set(
          members.flatMap(({ subscription }) => (subscription.kind === 'subscription' ? subscription.topics : [])),
        )
      : undefined;
  }

  #takeTombstone(record: Tombstone, at: number): void {
    // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- the other types tell nothing of members
    switch (record.of) {
      case 'consumerGroupMemberMetadata':
      case 'streamsGroupMemberMetadata':
        this.#members.delete(record.key.memberId);
        this.#countMembers(at);
        return;
      case 'consumerGroupCurrentMemberAssignment':
        this.#assigned.delete(record.key.memberId);
        return;
      case 'groupMetadata':
      case 'consumerGroupMetadata':
      case 'streamsGroupMetadata':
        // A group that changes its protocol is deleted as the one and written as the other.
        this.#classic = undefined;
        this.retainedFrom = undefined;
        this.knowsOwners = false;
        this.state = this.#members.size > 0 ? 'members' : 'empty';
        this.emptySince = this.#members.size > 0 ? undefined : (this.emptySince ?? at);
        return;
      default:
    }
  }

  #countMembers(at: number): void {
    if (this.#classic !== undefined) return;
    const members = [...this.#members.values()];
    this.state = members.length === 0 ? 'empty' : 'members';
    this.emptySince = members.length > 0 ? undefined : (this.emptySince ?? at);
    this.subscribed = members.some(({ pattern }) => pattern)
      ? undefined
      : new Set(members.flatMap(({ topics }) => topics));
  }
}

function key(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}

function hostOf(host: string): string {
  return host.replace(/^\//, '');
}
