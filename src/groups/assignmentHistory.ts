import type { TopicPartition } from '../kafka/facts.ts';
import type { GroupState, GroupType } from './snapshot.ts';

/**
 * What is known of a group's past, as plain data: who owned which partition from when to when, each rebalance with its causes and its
 * cost, and what stands out. Told by `__consumer_offsets`, by polls, and by logs; each statement says by which. All times in milliseconds
 * since 1970, on the clock of whoever told.
 */
export interface GroupHistory {
  readonly group: string;
  readonly type: GroupType | 'unknown';
  /** From here on the history is told; undefined where nothing is known. */
  readonly from: number | undefined;
  /** Up to here. */
  readonly to: number;
  readonly sources: readonly Source[];
  /** What is missing and why, a sentence each: compacted away, denied, seen by polls only. */
  readonly lacks: readonly string[];
  /** In order of their first appearance; who was away and came with another id is another member. */
  readonly members: readonly MemberLife[];
  /** In order. */
  readonly epochs: readonly Epoch[];
  /** By topic, partition, then time; gaps without owner are spans too. Those of a share group's partition may overlap. */
  readonly spans: readonly OwnerSpan[];
  /** In order. */
  readonly rebalances: readonly Rebalance[];
  /** Most telling first. */
  readonly findings: readonly HistoryFinding[];
  /** What logs say of the group, in order; left out where none was opened. */
  readonly lines?: readonly HistoryLine[];
}

export type Source = 'topic' | 'poll' | 'log';

export interface MemberLife {
  readonly id: string;
  /** `group.instance.id` of a static member. */
  readonly instanceId: string | undefined;
  readonly clientId: string;
  readonly host: string;
  readonly from: number;
  /** undefined: still there. */
  readonly to: number | undefined;
  readonly left: Statement | undefined;
}

/** A classic group's generation, or another's group epoch. */
export interface Epoch {
  readonly number: number;
  /** When it was written, or first seen. */
  readonly at: number;
  readonly source: Source;
  readonly state: GroupState | undefined;
  /** Chosen assignor: the classic group's protocol name, or the server's. Empty where there is none. */
  readonly assignor: string;
  /** Member id of a classic group's leader. */
  readonly leader: string | undefined;
  readonly members: readonly EpochMember[];
}

export interface EpochMember {
  readonly id: string;
  /** Other than classic: how far it has come. */
  readonly memberEpoch: number | undefined;
  readonly subscription: readonly string[];
  readonly assigned: readonly TopicPartition[];
  /** Other than classic: what it is to own. */
  readonly target: readonly TopicPartition[] | undefined;
  /** Owned still, and to be given up. */
  readonly revoking: readonly TopicPartition[];
}

export interface OwnerSpan extends TopicPartition {
  /** Member id; undefined: nobody owned it. */
  readonly member: string | undefined;
  readonly from: number;
  /** undefined: up to now. */
  readonly to: number | undefined;
  /** The owner is to give it up, from here on. */
  readonly revokingFrom?: number | undefined;
}

export type Cause =
  | 'member-joined'
  | 'member-left'
  /** It left, or its session timed out: what is known does not tell which. */
  | 'member-gone'
  | 'session-timeout'
  | 'poll-timeout'
  | 'static-member-returned'
  | 'static-member-replaced'
  | 'subscription-changed'
  | 'partitions-changed'
  | 'leader-rejoined'
  | 'coordinator-moved'
  | 'cooperative-second-step'
  | 'protocol-changed'
  | 'unknown';

/** A sentence with where it is from, and whether the facts say it or it follows from them only most likely. */
export interface Statement {
  readonly text: string;
  readonly certainty: 'fact' | 'inference';
  readonly source: Source;
  /** What it follows from, a sentence each. */
  readonly evidence: readonly string[];
  readonly line?: LogLine | undefined;
}

export interface LogLine {
  /** Path of the file as it was opened. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

/** A line of a log, on the time line. */
export interface HistoryLine extends LogLine {
  /** The program's own words in it. */
  readonly message: string;
  readonly at: number;
  readonly program: 'broker' | 'java' | 'librdkafka' | 'kafkajs';
  /** Member id that it names. */
  readonly member: string | undefined;
  /** Id of the rebalance that it belongs to; undefined where it is about something else. */
  readonly rebalance: string | undefined;
}

export interface RebalanceCause extends Statement {
  readonly cause: Cause;
  /** Member ids it is about. */
  readonly members: readonly string[];
}

/** In a share group, whose members have partitions in common, each move is of one member: it took the partition up, or gave it up. */
export interface Move extends TopicPartition {
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** A plan with fewest moves would have left it where it was. */
  readonly needless: boolean;
}

export interface Rebalance {
  /** Unique in the history, the same at the next look. */
  readonly id: string;
  readonly kind: 'eager' | 'cooperative' | 'epoch' | 'unknown';
  /** When it began (PreparingRebalance, the epoch's bump); undefined where only its end was told. */
  readonly began: number | undefined;
  /** Classic: when all members had joined, and only their assignment was missing; undefined where not told. */
  readonly joinedAt?: number | undefined;
  /** When it was done; undefined: not yet. */
  readonly ended: number | undefined;
  readonly before: number | undefined;
  readonly after: number | undefined;
  readonly membersBefore: number;
  readonly membersAfter: number;
  readonly causes: readonly RebalanceCause[];
  readonly moves: readonly Move[];
  /** Summed over partitions, ms; undefined where it cannot be told. */
  readonly withoutOwnerMs: number | undefined;
  /** The part of it that is known where the whole is not: since all had joined. */
  readonly withoutOwnerAtLeastMs?: number | undefined;
  /** Records that came meanwhile to the partitions that moved; undefined where it cannot be told. */
  readonly recordsMeanwhile: bigint | undefined;
}

export type FindingKind =
  | 'rebalance-storm'
  | 'flapping-member'
  | 'stuck-rebalance'
  | 'idle-members'
  | 'skew'
  | 'shared-identity'
  | 'mixed-assignors'
  | 'needless-eager';

export interface HistoryFinding {
  readonly kind: FindingKind;
  readonly text: string;
  readonly evidence: readonly string[];
  readonly members: readonly string[];
  readonly from: number;
  readonly to: number | undefined;
}
