import { consumerGroupCurrentMemberAssignmentRecord } from '../../kafka/protocol/generated/consumerGroupCurrentMemberAssignmentRecord.ts';
import { consumerGroupMemberMetadataRecord } from '../../kafka/protocol/generated/consumerGroupMemberMetadataRecord.ts';
import { consumerGroupMetadataRecord } from '../../kafka/protocol/generated/consumerGroupMetadataRecord.ts';
import { consumerGroupPartitionMetadataRecord } from '../../kafka/protocol/generated/consumerGroupPartitionMetadataRecord.ts';
import { consumerGroupRegularExpressionRecord } from '../../kafka/protocol/generated/consumerGroupRegularExpressionRecord.ts';
import { consumerGroupTargetAssignmentMemberRecord } from '../../kafka/protocol/generated/consumerGroupTargetAssignmentMemberRecord.ts';
import { consumerGroupTargetAssignmentMetadataRecord } from '../../kafka/protocol/generated/consumerGroupTargetAssignmentMetadataRecord.ts';
import { groupMetadataRecord } from '../../kafka/protocol/generated/groupMetadataRecord.ts';
import { legacyOffsetCommitRecord } from '../../kafka/protocol/generated/legacyOffsetCommitRecord.ts';
import { offsetCommitRecord } from '../../kafka/protocol/generated/offsetCommitRecord.ts';
import { shareGroupCurrentMemberAssignmentRecord } from '../../kafka/protocol/generated/shareGroupCurrentMemberAssignmentRecord.ts';
import { shareGroupMemberMetadataRecord } from '../../kafka/protocol/generated/shareGroupMemberMetadataRecord.ts';
import { shareGroupMetadataRecord } from '../../kafka/protocol/generated/shareGroupMetadataRecord.ts';
import { shareGroupStatePartitionMetadataRecord } from '../../kafka/protocol/generated/shareGroupStatePartitionMetadataRecord.ts';
import { shareGroupTargetAssignmentMemberRecord } from '../../kafka/protocol/generated/shareGroupTargetAssignmentMemberRecord.ts';
import { shareGroupTargetAssignmentMetadataRecord } from '../../kafka/protocol/generated/shareGroupTargetAssignmentMetadataRecord.ts';
import { shareSnapshotRecord } from '../../kafka/protocol/generated/shareSnapshotRecord.ts';
import { shareUpdateRecord } from '../../kafka/protocol/generated/shareUpdateRecord.ts';
import { streamsGroupCurrentMemberAssignmentRecord } from '../../kafka/protocol/generated/streamsGroupCurrentMemberAssignmentRecord.ts';
import { streamsGroupMemberMetadataRecord } from '../../kafka/protocol/generated/streamsGroupMemberMetadataRecord.ts';
import { streamsGroupMetadataRecord } from '../../kafka/protocol/generated/streamsGroupMetadataRecord.ts';
import { streamsGroupTargetAssignmentMemberRecord } from '../../kafka/protocol/generated/streamsGroupTargetAssignmentMemberRecord.ts';
import { streamsGroupTargetAssignmentMetadataRecord } from '../../kafka/protocol/generated/streamsGroupTargetAssignmentMetadataRecord.ts';
import { streamsGroupTopologyRecord } from '../../kafka/protocol/generated/streamsGroupTopologyRecord.ts';
import { transactionLogRecord } from '../../kafka/protocol/generated/transactionLogRecord.ts';
import type { RecordCodec } from '../../kafka/protocol/api.ts';

/**
 * Every type of record that Kafka's coordinators have written since 2.8, by Kafka's own name of it. The newest definitions
 * still hold all older versions: of OffsetCommitValue (0 to 3 in Kafka 2.8), of GroupMetadataValue (0 to 3),
 * and type 4, which Kafka 4.1 no longer writes (KIP-1101).
 */
export const codecs = {
  legacyOffsetCommit: legacyOffsetCommitRecord,
  offsetCommit: offsetCommitRecord,
  groupMetadata: groupMetadataRecord,
  consumerGroupMetadata: consumerGroupMetadataRecord,
  consumerGroupPartitionMetadata: consumerGroupPartitionMetadataRecord,
  consumerGroupMemberMetadata: consumerGroupMemberMetadataRecord,
  consumerGroupTargetAssignmentMetadata: consumerGroupTargetAssignmentMetadataRecord,
  consumerGroupTargetAssignmentMember: consumerGroupTargetAssignmentMemberRecord,
  consumerGroupCurrentMemberAssignment: consumerGroupCurrentMemberAssignmentRecord,
  consumerGroupRegularExpression: consumerGroupRegularExpressionRecord,
  shareGroupMemberMetadata: shareGroupMemberMetadataRecord,
  shareGroupMetadata: shareGroupMetadataRecord,
  shareGroupTargetAssignmentMetadata: shareGroupTargetAssignmentMetadataRecord,
  shareGroupTargetAssignmentMember: shareGroupTargetAssignmentMemberRecord,
  shareGroupCurrentMemberAssignment: shareGroupCurrentMemberAssignmentRecord,
  shareGroupStatePartitionMetadata: shareGroupStatePartitionMetadataRecord,
  streamsGroupMetadata: streamsGroupMetadataRecord,
  streamsGroupMemberMetadata: streamsGroupMemberMetadataRecord,
  streamsGroupTargetAssignmentMetadata: streamsGroupTargetAssignmentMetadataRecord,
  streamsGroupTargetAssignmentMember: streamsGroupTargetAssignmentMemberRecord,
  streamsGroupCurrentMemberAssignment: streamsGroupCurrentMemberAssignmentRecord,
  streamsGroupTopology: streamsGroupTopologyRecord,
  shareSnapshot: shareSnapshotRecord,
  shareUpdate: shareUpdateRecord,
  transactionLog: transactionLogRecord,
};

export type RecordKind = keyof typeof codecs;
export type KeyOf<K extends RecordKind> = ReturnType<(typeof codecs)[K]['decodeKey']>;
export type ValueOf<K extends RecordKind> = ReturnType<(typeof codecs)[K]['decodeValue']>;

export interface RecordType<Key = unknown, Value = unknown> {
  readonly kind: RecordKind;
  readonly codec: RecordCodec<Key, Value>;
}

/** The topics that coordinators write. */
export type CoordinatorTopic = '__consumer_offsets' | '__share_group_state' | '__transaction_state';

export function isCoordinatorTopic(name: string): name is CoordinatorTopic {
  return name === '__consumer_offsets' || name === '__share_group_state' || name === '__transaction_state';
}

const ofOtherTopics: Partial<Record<RecordKind, CoordinatorTopic>> = {
  shareSnapshot: '__share_group_state',
  shareUpdate: '__share_group_state',
  transactionLog: '__transaction_state',
};

const typesOf: Record<CoordinatorTopic, RecordType[]> = {
  __consumer_offsets: [],
  __share_group_state: [],
  __transaction_state: [],
};
for (const kind of Object.keys(codecs) as RecordKind[]) {
  // Who takes a type from this table gets its own key and value back from it, and nobody else's.
  const codec = codecs[kind] as unknown as RecordCodec<unknown, unknown>;
  typesOf[ofOtherTopics[kind] ?? '__consumer_offsets'][codec.type] = { kind, codec };
}

/** What a record of this type number is; undefined for a number that Kafka has not given, or not yet. */
export function recordType(topic: CoordinatorTopic, type: number): RecordType | undefined {
  return typesOf[topic][type];
}

/** Numbers that only early-access versions of Kafka wrote, and whose definitions are gone. */
const former: Readonly<Record<number, string>> = {
  9: 'ShareGroupPartitionMetadata',
  18: 'StreamsGroupPartitionMetadata',
};

/** Kafka's name of a type that is not known any more; undefined where there never was one. */
export function formerName(topic: CoordinatorTopic, type: number): string | undefined {
  return topic === '__consumer_offsets' ? former[type] : undefined;
}

/** The class of Kafka's console consumer (`--formatter`) that prints a type, in Kafka 4; undefined where none does. */
export function kafkaFormatter(topic: CoordinatorTopic, type: number): string | undefined {
  const place = 'org.apache.kafka.tools.consumer.';
  if (topic === '__share_group_state') return `${place}group.share.ShareGroupStateMessageFormatter`;
  if (topic === '__transaction_state') return `${place}TransactionLogMessageFormatter`;
  if (type === 0 || type === 1) return `${place}OffsetsMessageFormatter`;
  if (type === 2) return `${place}GroupMetadataMessageFormatter`;
  return type >= 10 && type <= 15 ? `${place}ShareGroupMessageFormatter` : undefined;
}
