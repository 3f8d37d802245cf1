import { groupOf, openRecord, type MalformedRecord, type OpenRecord, type UnknownRecord } from './openRecord.ts';
import {
  readMemberAssignment,
  readMemberSubscription,
  type Assignment,
  type OtherProtocol,
  type Subscription,
} from './memberProtocol.ts';
import type { CoordinatorTopic, KeyOf, RecordKind, ValueOf } from './recordTypes.ts';

interface Facts {
  /** The int16 in front of the key. */
  readonly type: number;
  /** Kafka's name of the type, such as `OffsetCommit`. */
  readonly name: string;
  /** Bytes behind key and value that their definitions do not account for; Kafka ignores them. */
  readonly leftover: number;
}

/** Types 0 (Kafka 0.8) and 1. Times are milliseconds since 1970. */
export interface OffsetCommit extends Facts {
  readonly kind: 'offsetCommit';
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  /** The next record to read, or what else the client committed. */
  readonly offset: bigint;
  /** Of the last record read; -1 where the client did not say (or before version 3). */
  readonly leaderEpoch: number;
  /** The client's own text. */
  readonly metadata: string;
  readonly commitTimestamp: bigint;
  /** Version 1 only, of clients that set a retention of their own; else undefined. */
  readonly expireTimestamp: bigint | undefined;
  /** Version 4 only, where the broker knew it; else undefined. */
  readonly topicId: string | undefined;
  /** Of the value. */
  readonly version: number;
}

export interface ClassicMember {
  readonly memberId: string;
  /** Of a static member (KIP-345). */
  readonly instanceId: string | null;
  readonly clientId: string;
  /** As the broker saw it: `/10.0.0.7`. */
  readonly clientHost: string;
  /** Milliseconds: how long a rebalance waits for this member, `max.poll.interval.ms` of Java's; -1 before version 1. */
  readonly rebalanceTimeout: number;
  /** Milliseconds. */
  readonly sessionTimeout: number;
  readonly subscription: Subscription | OtherProtocol;
  readonly assignment: Assignment | OtherProtocol;
}

/** Type 2: a classic group as a rebalance, or its end, left it. */
export interface ClassicGroup extends Facts {
  readonly kind: 'groupMetadata';
  readonly group: string;
  /** `consumer`, `connect`, ...; empty where the group only commits. */
  readonly protocolType: string;
  readonly generation: number;
  /** The assignor (its name as the clients know it) that the members agreed on; null without members. */
  readonly protocol: string | null;
  /** A member id. */
  readonly leader: string | null;
  /** When it came to its state, milliseconds since 1970; undefined before version 2 or where Kafka does not tell. */
  readonly currentStateTimestamp: bigint | undefined;
  readonly members: readonly ClassicMember[];
  readonly version: number;
}

type PlainKind = Exclude<RecordKind, 'legacyOffsetCommit' | 'offsetCommit' | 'groupMetadata'>;

/** A record of any other type, with the fields of its definition. `group` is empty for `transactionLog`. */
export type PlainRecord = {
  readonly [K in PlainKind]: Facts & {
    readonly kind: K;
    readonly group: string;
    readonly key: KeyOf<K>;
    readonly value: ValueOf<K>;
    readonly version: number;
  };
}[PlainKind];

/** A record without a value: what its key names was deleted. */
export type Tombstone = {
  readonly [K in RecordKind]: Facts & {
    readonly kind: 'tombstone';
    readonly of: K;
    readonly group: string;
    readonly key: KeyOf<K>;
  };
}[RecordKind];

export type CoordinatorRecord = OffsetCommit | ClassicGroup | PlainRecord | Tombstone | UnknownRecord | MalformedRecord;

const noTopicId = 'AAAAAAAAAAAAAAAAAAAAAA';

/** What a record of a coordinator's topic says. Never throws on bytes. Byte fields are views on the given bytes. */
export function decodeRecord(
  key: Uint8Array | null,
  value: Uint8Array | null,
  topic: CoordinatorTopic,
): CoordinatorRecord {
  const record = openRecord(key, value, topic);
  if (record.kind === 'unknown' || record.kind === 'malformed') return record;
  const { type, name, leftover } = record;
  const facts: Facts = { type, name, leftover };
  const group = groupOf(record.key) ?? '';
  if (record.value === null) {
    return { kind: 'tombstone', of: record.kind, group, key: record.key, ...facts } as Tombstone;
  }
  if (is(record, 'offsetCommit')) return commitOf(record.key, record.value, record.version, facts);
  if (is(record, 'legacyOffsetCommit')) {
    const { offset, metadata, commitTimestamp } = record.value;
    const missing = { leaderEpoch: -1, expireTimestamp: -1n, topicId: noTopicId };
    return commitOf(record.key, { offset, metadata, commitTimestamp, ...missing }, record.version, facts);
  }
  if (is(record, 'groupMetadata')) return classicGroupOf(group, record.value, record.version, facts);
  return {
    kind: record.kind,
    group,
    key: record.key,
    value: record.value,
    version: record.version,
    ...facts,
  } as PlainRecord;
}

function is<K extends RecordKind>(
  record: OpenRecord,
  kind: K,
): record is OpenRecord & { readonly key: KeyOf<K>; readonly value: ValueOf<K> } {
  return record.kind === kind;
}

function commitOf(
  { group, topic, partition }: KeyOf<'offsetCommit'>,
  value: ValueOf<'offsetCommit'>,
  version: number,
  facts: Facts,
): OffsetCommit {
  const { offset, leaderEpoch, metadata, commitTimestamp } = value;
  const expireTimestamp = value.expireTimestamp === -1n ? undefined : value.expireTimestamp;
  const topicId = value.topicId === noTopicId ? undefined : value.topicId;
  const known = { offset, leaderEpoch, metadata, commitTimestamp, expireTimestamp, topicId };
  return { kind: 'offsetCommit', group, topic, partition, ...known, version, ...facts };
}

function classicGroupOf(group: string, value: ValueOf<'groupMetadata'>, version: number, facts: Facts): ClassicGroup {
  const { protocolType, generation, protocol, leader } = value;
  return {
    kind: 'groupMetadata',
    group,
    protocolType,
    generation,
    protocol,
    leader,
    currentStateTimestamp: value.currentStateTimestamp === -1n ? undefined : value.currentStateTimestamp,
    members: value.members.map((member) => ({
      memberId: member.memberId,
      instanceId: member.groupInstanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      rebalanceTimeout: member.rebalanceTimeout,
      sessionTimeout: member.sessionTimeout,
      subscription: readMemberSubscription(member.subscription, protocolType, protocol),
      assignment: readMemberAssignment(member.assignment, protocolType, protocol),
    })),
    version,
    ...facts,
  };
}
