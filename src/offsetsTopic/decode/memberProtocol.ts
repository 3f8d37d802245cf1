import { readProtocolAssignment, readSubscription } from '../../kafka/consumerProtocol.ts';
import type { TopicPartition } from '../../kafka/facts.ts';
import { MalformedError } from '../../kafka/protocol/malformed.ts';
import { readUserData, type UserData } from './userData.ts';

/** What is in a classic member's bytes that are not, or not whole, the consumer protocol: left as they are. */
export interface OtherProtocol {
  readonly kind: 'other';
  /** Whose it is, such as `Kafka Connect`; undefined where the protocol type is nobody's we know. */
  readonly owner: string | undefined;
  /** Why it was not read, where it should have been the consumer protocol. */
  readonly problem: string | undefined;
  readonly bytes: Uint8Array;
}

/** What a member subscribed to (ConsumerProtocolSubscription). */
export interface Subscription {
  readonly kind: 'subscription';
  /** As the member wrote it; newer ones than 3 are read as 3, and what lacks a version's fields as an older one. */
  readonly version: number;
  readonly topics: readonly string[];
  /** v1 and later, of cooperative assignors: what it held when it joined. */
  readonly ownedPartitions: readonly TopicPartition[];
  /** v2 and later: the generation in which it held that; -1 where it does not tell. */
  readonly generation: number;
  /** v3 and later. */
  readonly rack: string | null;
  readonly userData: UserData | null;
}

/** What a member was given (ConsumerProtocolAssignment). */
export interface Assignment {
  readonly kind: 'assignment';
  readonly version: number;
  readonly partitions: readonly TopicPartition[];
  readonly userData: UserData | null;
}

/** Protocol types of others than consumers, and who speaks them. */
const owners: ReadonlyMap<string, string> = new Map([
  ['connect', 'Kafka Connect'],
  ['sr', 'Schema Registry'],
]);

/** `protocol` is the assignor that the group chose. Bytes are empty for a member that has not joined in full. */
export function readMemberSubscription(
  bytes: Uint8Array,
  protocolType: string,
  protocol: string | null,
): Subscription | OtherProtocol {
  return consumers(bytes, protocolType, () => {
    const { version, topics, owned, generation, rack, userData } = readSubscription(bytes);
    const read = readUserData(userData, protocol);
    return { kind: 'subscription', version, topics, ownedPartitions: owned, generation, rack, userData: read };
  });
}

export function readMemberAssignment(
  bytes: Uint8Array,
  protocolType: string,
  protocol: string | null,
): Assignment | OtherProtocol {
  return consumers(bytes, protocolType, () => {
    const { version, partitions, userData } = readProtocolAssignment(bytes);
    // Of the assignors we know, only Kafka Streams' sends its members something of its own.
    const read = readUserData(userData, protocol === 'stream' ? protocol : null);
    return { kind: 'assignment', version, partitions, userData: read };
  });
}

function consumers<T>(bytes: Uint8Array, protocolType: string, read: () => T): T | OtherProtocol {
  const other = (problem: string | undefined): OtherProtocol => {
    return { kind: 'other', owner: owners.get(protocolType), problem, bytes };
  };
  if (protocolType !== 'consumer' || bytes.length === 0) return other(undefined);
  // Below 0 ConsumerProtocol refuses, too.
  if (bytes[0]! >= 0x80)
    return other(`The consumer protocol has no version ${((bytes[0]! << 24) >> 16) | (bytes[1] ?? 0)}.`);
  try {
    return read();
  } catch (error) {
    if (error instanceof MalformedError) return other(error.message);
    throw error;
  }
}
