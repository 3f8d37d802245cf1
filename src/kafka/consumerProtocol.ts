import type { TopicPartition } from './facts.ts';
import { decodeConsumerProtocolAssignment } from './protocol/generated/consumerProtocolAssignment.ts';
import { decodeConsumerProtocolSubscription } from './protocol/generated/consumerProtocolSubscription.ts';
import { Reader } from './protocol/reader.ts';

/** What a classic member sends when it joins (ConsumerProtocolSubscription). */
export interface ProtocolSubscription {
  readonly topics: readonly string[];
  /** v1 and later: what it held. */
  readonly owned: readonly TopicPartition[];
  /** v2 and later; -1 where it does not tell. */
  readonly generation: number;
  /** v3 and later. */
  readonly rack: string | null;
  /** The assignor's own, such as a sticky assignor's previous assignment. */
  readonly userData: Uint8Array | null;
}

/**
 * Reads a member's metadata of a group with protocol type `consumer`.
 * @throws {MalformedError} for members of other libraries that write something else.
 */
export function readSubscription(bytes: Uint8Array): ProtocolSubscription {
  const { reader, version } = open(bytes);
  const read = decodeConsumerProtocolSubscription(reader, version);
  return {
    topics: read.topics,
    owned: flatten(read.ownedPartitions),
    generation: read.generationId,
    rack: read.rackId,
    userData: read.userData,
  };
}

/** Reads a member's assignment of a group with protocol type `consumer`. @throws {MalformedError} */
export function readAssignment(bytes: Uint8Array): readonly TopicPartition[] {
  const { reader, version } = open(bytes);
  return flatten(decodeConsumerProtocolAssignment(reader, version).assignedPartitions);
}

/** Versions only add fields at the end: a newer one is read as the newest known (ConsumerProtocol.deserializeVersion). */
function open(bytes: Uint8Array): { reader: Reader; version: number } {
  const reader = new Reader(bytes);
  const version = reader.int16();
  return { reader, version: Math.max(0, Math.min(version, newest)) };
}

/** Both schemas' highest version. */
const newest = 3;

function flatten(topics: readonly { topic: string; partitions: readonly number[] }[]): TopicPartition[] {
  return topics.flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition })));
}
