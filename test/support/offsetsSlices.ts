import {
  encodeConsumerGroupCurrentMemberAssignmentValue,
  type TopicPartitions,
} from '../../src/kafka/protocol/generated/consumerGroupCurrentMemberAssignmentRecord.ts';
import { encodeConsumerGroupMemberMetadataValue } from '../../src/kafka/protocol/generated/consumerGroupMemberMetadataRecord.ts';
import { encodeConsumerGroupMetadataValue } from '../../src/kafka/protocol/generated/consumerGroupMetadataRecord.ts';
import { encodeConsumerProtocolAssignment } from '../../src/kafka/protocol/generated/consumerProtocolAssignment.ts';
import { encodeConsumerProtocolSubscription } from '../../src/kafka/protocol/generated/consumerProtocolSubscription.ts';
import { encodeGroupMetadataValue } from '../../src/kafka/protocol/generated/groupMetadataRecord.ts';
import { encodeOffsetCommitValue } from '../../src/kafka/protocol/generated/offsetCommitRecord.ts';
import { Writer } from '../../src/kafka/protocol/writer.ts';
import type { Slice } from '../../src/records/events.ts';
import type { Transaction } from '../../src/records/transactions.ts';
import { sliceOf } from './tailSlices.ts';

/** A record of `__consumer_offsets`, as a coordinator writes it. */
export interface CoordinatorBytes {
  readonly key: Buffer;
  readonly value: Buffer | null;
}

function bytes(type: number, write: (writer: Writer) => void): Buffer {
  const writer = new Writer();
  writer.int16(type);
  write(writer);
  return Buffer.from(writer.finish());
}

function commitKey(group: string, topic: string, partition: number): Buffer {
  return bytes(1, (writer) => {
    writer.string(false, group);
    writer.string(false, topic);
    writer.int32(partition);
  });
}

export interface CommitFacts {
  readonly metadata?: string;
  readonly leaderEpoch?: number;
  readonly expireTimestamp?: bigint;
}

/** `at`: ms since 1970. */
export function commitOf(
  group: string,
  topic: string,
  partition: number,
  offset: bigint,
  at: number,
  { metadata = '', leaderEpoch = 0, expireTimestamp = -1n }: CommitFacts = {},
): CoordinatorBytes {
  const version = expireTimestamp >= 0n ? 1 : 3;
  const value = bytes(version, (writer) =>
    encodeOffsetCommitValue(
      writer,
      {
        offset,
        leaderEpoch: version === 1 ? -1 : leaderEpoch,
        metadata,
        commitTimestamp: BigInt(at),
        expireTimestamp,
        topicId: 'AAAAAAAAAAAAAAAAAAAAAA',
      },
      version,
    ),
  );
  return { key: commitKey(group, topic, partition), value };
}

export function deletedCommit(group: string, topic: string, partition: number): CoordinatorBytes {
  return { key: commitKey(group, topic, partition), value: null };
}

export interface MemberFacts {
  readonly id: string;
  readonly instanceId?: string;
  /** topic to partitions. */
  readonly assigned: Readonly<Record<string, readonly number[]>>;
}

/** A classic group's record; without members it is empty. */
export function classicGroup(
  group: string,
  generation: number,
  members: readonly MemberFacts[],
  since: number,
  protocol = 'range',
): CoordinatorBytes {
  const key = bytes(2, (writer) => writer.string(false, group));
  const value = bytes(3, (writer) =>
    encodeGroupMetadataValue(
      writer,
      {
        protocolType: 'consumer',
        generation,
        protocol: members.length === 0 ? null : protocol,
        leader: members[0]?.id ?? null,
        currentStateTimestamp: BigInt(since),
        members: members.map(({ id, instanceId, assigned }) => ({
          memberId: id,
          groupInstanceId: instanceId ?? null,
          clientId: id.slice(0, 3),
          clientHost: '/10.0.0.7',
          rebalanceTimeout: 60_000,
          sessionTimeout: 45_000,
          subscription: bytes(0, (to) =>
            encodeConsumerProtocolSubscription(
              to,
              { topics: Object.keys(assigned), userData: null, ownedPartitions: [], generationId: -1, rackId: null },
              0,
            ),
          ),
          assignment: bytes(0, (to) =>
            encodeConsumerProtocolAssignment(
              to,
              {
                assignedPartitions: Object.entries(assigned).map(([topic, partitions]) => ({ topic, partitions })),
                userData: null,
              },
              0,
            ),
          ),
        })),
      },
      3,
    ),
  );
  return { key, value };
}

export function deletedClassicGroup(group: string): CoordinatorBytes {
  return { key: bytes(2, (writer) => writer.string(false, group)), value: null };
}

export function consumerGroupEpoch(group: string, epoch: number): CoordinatorBytes {
  const value = bytes(0, (writer) => encodeConsumerGroupMetadataValue(writer, { epoch, metadataHash: 0n }, 0));
  return { key: bytes(3, (writer) => writer.string(false, group)), value };
}

function memberKey(type: number, group: string, member: string): Buffer {
  return bytes(type, (writer) => {
    writer.string(false, group);
    writer.string(false, member);
  });
}

export function consumerMember(group: string, member: string, topics: readonly string[]): CoordinatorBytes {
  const value = bytes(0, (writer) =>
    encodeConsumerGroupMemberMetadataValue(
      writer,
      {
        instanceId: null,
        rackId: null,
        clientId: member.slice(0, 3),
        clientHost: '/10.0.0.8',
        subscribedTopicNames: topics,
        subscribedTopicRegex: null,
        rebalanceTimeoutMs: 300_000,
        serverAssignor: null,
        classicMemberMetadata: null,
      },
      0,
    ),
  );
  return { key: memberKey(5, group, member), value };
}

export function deletedConsumerMember(group: string, member: string): CoordinatorBytes {
  return { key: memberKey(5, group, member), value: null };
}

type ByTopicId = Readonly<Record<string, readonly number[]>>;

export function consumerAssignment(
  group: string,
  member: string,
  epoch: number,
  assigned: ByTopicId,
  revoking: ByTopicId = {},
): CoordinatorBytes {
  const list = (of: ByTopicId): TopicPartitions[] =>
    Object.entries(of).map(([topicId, partitions]) => ({ topicId, partitions, assignmentEpochs: [] }));
  const value = bytes(0, (writer) =>
    encodeConsumerGroupCurrentMemberAssignmentValue(
      writer,
      {
        memberEpoch: epoch,
        previousMemberEpoch: epoch - 1,
        state: Object.keys(revoking).length > 0 ? 1 : 0,
        assignedPartitions: list(assigned),
        partitionsPendingRevocation: list(revoking),
      },
      0,
    ),
  );
  return { key: memberKey(8, group, member), value };
}

/** A batch of them, as reading gives it; `at`: the time of its records. */
export function offsetsSlice(
  records: readonly CoordinatorBytes[],
  options: { readonly baseOffset?: bigint; readonly at?: number; readonly transaction?: Transaction } = {},
): Slice {
  const { baseOffset = 0n, at = 0, transaction } = options;
  return sliceOf({
    records,
    baseOffset,
    baseTimestamp: BigInt(at),
    ...(transaction === undefined ? {} : { transaction, isTransactional: true, producerId: transaction.producerId }),
  });
}
