import type { TopicPartition } from './facts.ts';
import { MalformedError } from './protocol/malformed.ts';
import { decodeConsumerProtocolAssignment } from './protocol/generated/consumerProtocolAssignment.ts';
import { decodeConsumerProtocolSubscription } from './protocol/generated/consumerProtocolSubscription.ts';
import { Reader } from './protocol/reader.ts';

/** What a classic member sends when it joins (ConsumerProtocolSubscription). */
export interface ProtocolSubscription {
  /** As the member wrote it; it may be newer than any known. */
  readonly version: number;
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

/** What a classic member is given (ConsumerProtocolAssignment). */
export interface ProtocolAssignment {
  readonly version: number;
  readonly partitions: readonly TopicPartition[];
  readonly userData: Uint8Array | null;
}

/**
 * Reads a member's metadata of a group with protocol type `consumer`.
 * @throws {MalformedError} for members of other libraries that write something else.
 */
export function readSubscription(bytes: Uint8Array): ProtocolSubscription {
  return readVersioned(bytes, (reader, version, written) => {
    const read = decodeConsumerProtocolSubscription(reader, version);
    return {
      version: written,
      topics: read.topics,
      owned: flatten(read.ownedPartitions),
      generation: read.generationId,
      rack: read.rackId,
      userData: read.userData,
    };
  });
}

/** Reads a member's assignment of a group with protocol type `consumer`. @throws {MalformedError} */
export function readProtocolAssignment(bytes: Uint8Array): ProtocolAssignment {
  return readVersioned(bytes, (reader, version, written) => {
    const read = decodeConsumerProtocolAssignment(reader, version);
    return { version: written, partitions: flatten(read.assignedPartitions), userData: read.userData };
  });
}

/** The partitions of a member's assignment. @throws {MalformedError} */
export function readAssignment(bytes: Uint8Array): readonly TopicPartition[] {
  return readProtocolAssignment(bytes).partitions;
}

/** Both schemas' highest version. */
const newest = 3;

/**
 * Versions only add fields at the end: a newer one is read as the newest known (ConsumerProtocol.deserializeVersion). Some clients (kafka-go,
 * sarama-cluster) write version 1 and leave out its field: what is whole as an older version is read as that.
 */
function readVersioned<T>(bytes: Uint8Array, read: (reader: Reader, version: number, written: number) => T): T {
  const written = new Reader(bytes).int16();
  const highest = Math.max(0, Math.min(written, newest));
  let problem: unknown;
  for (let version = highest; version >= 0; version--) {
    const reader = new Reader(bytes);
    reader.int16();
    try {
      const value = read(reader, version, written);
      if (version === highest || reader.remaining === 0) return value;
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
      problem ??= error;
    }
  }
  throw problem;
}

function flatten(topics: readonly { topic: string; partitions: readonly number[] }[]): TopicPartition[] {
  return topics.flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition })));
}
