import type { GroupState, GroupType } from '../../groups/snapshot.ts';

/**
 * What happened to a group, as the sources told it: what history is made of and what is kept of it. Everything but `position` is
 * plain JSON. Times are milliseconds since 1970.
 */
export type GroupEvent = GenerationEvent | StepEvent | DeletedEvent | PollEvent;

export interface EventBase {
  /** The same whenever the same thing is read again: `t:<partition>:<offset>` of the topic, `p:<time>` of a poll. */
  readonly key: string;
  /** By the clock of the coordinator, or of this machine for a poll. */
  readonly at: number;
  /** Offset in the group's partition of `__consumer_offsets`; undefined for polls. */
  readonly position: bigint | undefined;
  /** Leader epoch of that partition: another one means that the coordinator moved. -1 where unknown. */
  readonly coordinatorEpoch: number;
  /** Commits since the event before, or since reading began: the newest of each partition. */
  readonly commits: readonly CommitMark[];
}

/** A partition that was committed: when last, and how often since the event before. The last one may have been in a transaction. */
export type CommitMark = readonly [topic: string, partition: number, at: number, count: number, transactional?: true];

/** Partitions of topics; topics by name (classic) or by id (`StepEvent`). */
export type TopicPartitions = readonly (readonly [topic: string, partitions: readonly number[]])[];

/** A classic group's record (type 2): written when a generation is complete, when it is empty, or a static member came back. */
export interface GenerationEvent extends EventBase {
  readonly kind: 'generation';
  readonly generation: number;
  /** When the group came to the state in which it was written: mostly CompletingRebalance, since all had joined. */
  readonly stateAt: number | undefined;
  readonly protocolType: string;
  /** null without members. */
  readonly assignor: string | null;
  readonly leader: string | null;
  readonly members: readonly GenerationMember[];
}

export interface GenerationMember {
  readonly id: string;
  readonly instanceId: string | null;
  readonly clientId: string;
  readonly host: string;
  readonly sessionTimeoutMs: number;
  /** -1 where unknown. */
  readonly rebalanceTimeoutMs: number;
  readonly topics: readonly string[];
  readonly assigned: TopicPartitions;
}

/** What one operation wrote of a consumer (KIP-848), share or streams group: changes only. */
export interface StepEvent extends EventBase {
  readonly kind: 'step';
  readonly type: Exclude<GroupType, 'classic'>;
  /** The group's epoch was bumped to this. */
  readonly epoch: number | undefined;
  /** Changes when topics or partitions of the subscription do (Kafka 4.1 and later), as text. */
  readonly metadataHash: string | undefined;
  /** The target assignment was computed for this epoch. */
  readonly targetEpoch: number | undefined;
  readonly members: readonly StepMember[];
  /** Names that these records tell: topic id to name. */
  readonly names: Readonly<Record<string, string>>;
  /** Streams: subtopology to the topics that its tasks read. */
  readonly topology: Readonly<Record<string, readonly string[]>> | undefined;
  /** Topics' partition counts changed (type 4, before Kafka 4.1). */
  readonly metadataChanged: boolean;
  /** Share: so many partitions are ready to be shared; nobody is given the others. Left out where not written. */
  readonly initialized?: number | undefined;
}

/** null: deleted. undefined: not written. */
export interface StepMember {
  readonly id: string;
  readonly joined?: JoinedFacts | null;
  readonly target?: TopicPartitions | null;
  readonly current?: CurrentFacts | null;
}

export interface JoinedFacts {
  readonly instanceId: string | null;
  readonly clientId: string;
  readonly host: string;
  readonly topics: readonly string[];
  readonly pattern: string | null;
  /** -1 where the type has none. */
  readonly rebalanceTimeoutMs: number;
  readonly assignor: string | null;
  /** Session time-out of a member that speaks the classic protocol; -1 for others, where the broker decides. */
  readonly classicSessionTimeoutMs: number;
}

export interface CurrentFacts {
  /** -2: a static member that left and may come back. */
  readonly epoch: number;
  /** All that was asked of it is done. */
  readonly isStable: boolean;
  readonly assigned: TopicPartitions;
  readonly revoking: TopicPartitions;
}

/** The group's own record was deleted: it expired, or somebody deleted it. */
export interface DeletedEvent extends EventBase {
  readonly kind: 'deleted';
  readonly type: GroupType;
}

/** What a poll saw, where it differs from the poll before. */
export interface PollEvent extends EventBase {
  readonly kind: 'poll';
  /** The poll before, which still saw it otherwise; undefined for the first. */
  readonly before: number | undefined;
  readonly type: GroupType;
  readonly state: GroupState;
  readonly assignor: string;
  /** undefined for classic groups, which do not tell. */
  readonly epoch: number | undefined;
  readonly members: readonly PollMember[];
}

export interface PollMember {
  readonly id: string;
  readonly instanceId: string | null;
  readonly clientId: string;
  readonly host: string;
  readonly epoch: number | undefined;
  readonly topics: readonly string[];
  /** undefined where a poll does not tell: a classic group tells only while it is stable. */
  readonly assigned: TopicPartitions | undefined;
  readonly target: TopicPartitions | undefined;
}
