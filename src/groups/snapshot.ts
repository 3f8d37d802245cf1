import type { ByPartition, Fact, Failure, TopicPartition } from '../kafka/facts.ts';
import type { Broker, PartitionMetadata, TopicMetadata } from '../kafka/metadata.ts';

/**
 * What a cluster looked like at one moment, as plain data: facts only, each with a value or its own error. Verdicts are
 * made of it elsewhere (lag.ts, status.ts).
 */

export type { Broker, Fact, Failure, PartitionMetadata, TopicMetadata as Topic, TopicPartition };

/** Where a partition's log begins and ends. */
export interface LogOffsets {
  readonly start: Fact<bigint>;
  /** The high watermark: what a `read_uncommitted` consumer can reach, which Kafka's tools call log end offset. */
  readonly end: Fact<bigint>;
  /** The last stable offset: what a `read_committed` consumer can reach. */
  readonly lastStable: Fact<bigint>;
}

export type GroupType = 'classic' | 'consumer' | 'share' | 'streams';

/** As Kafka names them, see org.apache.kafka.common.GroupState. */
export type GroupState =
  | 'Unknown'
  | 'PreparingRebalance'
  | 'CompletingRebalance'
  | 'Stable'
  | 'Dead'
  | 'Empty'
  | 'Assigning'
  | 'Reconciling'
  | 'NotReady';

/** What a member said it wants, from the consumer protocol (classic) or the broker (KIP-848). */
export interface Subscription {
  readonly topics: readonly string[];
  /** RE2 pattern of a KIP-848 member. */
  readonly pattern?: string;
  /** ConsumerProtocolSubscription v1 and later: what the member held when it joined. */
  readonly owned?: readonly TopicPartition[];
  /** ConsumerProtocolSubscription v2 and later; undefined where the member does not tell. */
  readonly generation?: number;
  readonly userDataBytes?: number;
}

export interface Member {
  readonly id: string;
  /** `group.instance.id` of a static member. */
  readonly instanceId: string | undefined;
  readonly clientId: string;
  /** As Kafka prints it, such as /127.0.0.1. */
  readonly host: string;
  readonly rack: string | undefined;
  /** KIP-848, share and streams members. */
  readonly epoch: number | undefined;
  readonly subscription: Fact<Subscription>;
  /** What it owns now. */
  readonly assignment: Fact<readonly TopicPartition[]>;
  /** KIP-848 and streams: what it shall own; undefined where the group knows no target. */
  readonly target: readonly TopicPartition[] | undefined;
  /** A KIP-848 group's member that still speaks the classic protocol (KIP-1099). */
  readonly classicProtocol?: boolean;
}

export interface Commit {
  readonly offset: bigint;
  /** -1 where unknown. */
  readonly leaderEpoch: number;
  /** What the consumer stored beside the offset; mostly empty. */
  readonly metadata: string;
  /**
   * Share groups from Kafka 4.2 on (KIP-1226): how many records the coordinator counts as not yet delivered, which
   * the distance to the end overstates.
   */
  readonly undelivered?: bigint;
}

/** One partition of a group: committed, owned by a member, or both. */
export interface GroupPartition extends TopicPartition {
  /** undefined: the group has no commit here. For share groups the share-partition start offset (SPSO). */
  readonly commit: Fact<Commit | undefined>;
  /** Id of the member that owns it. */
  readonly owner: string | undefined;
}

export interface Group {
  readonly id: string;
  readonly type: GroupType;
  /** `consumer` for consumers; others, such as `connect`, have members whose metadata only they understand. */
  readonly protocolType: string;
  readonly state: GroupState;
  /** Broker id of the coordinator, undefined where it is not known. */
  readonly coordinator: number | undefined;
  /** Assignor (classic: the chosen protocol; KIP-848: the server's), empty where none is chosen. */
  readonly assignor: string;
  /** KIP-848, share, streams. Classic groups do not tell their generation. */
  readonly epoch: number | undefined;
  readonly targetEpoch: number | undefined;
  readonly members: readonly Member[];
  /** By topic, then partition. */
  readonly partitions: readonly GroupPartition[];
  /** What could not be learned of this group; what could is there all the same. */
  readonly failures: readonly Failure[];
}

export interface Snapshot {
  /** Milliseconds since 1970 on this machine's clock, before the first request and after the last response. */
  readonly startedAt: number;
  readonly takenAt: number;
  readonly clusterId: string | undefined;
  readonly controllerId: number | undefined;
  readonly brokers: readonly Broker[];
  /** `metadata.version` feature's release, such as 4.3; else the newest release that has the APIs the broker offers. */
  readonly kafkaVersion: string | undefined;
  /** By id. */
  readonly groups: ReadonlyMap<string, Group>;
  /** By name, all that this client may see, and those it is told of by commits but denied. */
  readonly topics: ReadonlyMap<string, TopicMetadata>;
  /** topic -> partition -> offsets, for partitions with commits or owners. */
  readonly offsets: ByPartition<LogOffsets>;
  /** What could not be asked at all: "2 of 3 brokers answered". */
  readonly failures: readonly Failure[];
}
