import type { TopicPartition } from '../../kafka/facts.ts';
import { MalformedError } from '../../kafka/protocol/malformed.ts';
import { Reader, readInt32 } from '../../kafka/protocol/reader.ts';

/** What an assignor put into a member's subscription for itself. */
export type UserData =
  /** StickyAssignor (and librdkafka's sticky assignors): what the member held before. No generation in its oldest form. */
  | { readonly kind: 'sticky'; readonly owned: readonly TopicPartition[]; readonly generation: number | undefined }
  /** CooperativeStickyAssignor: the generation only, what it held is in the subscription itself. */
  | { readonly kind: 'cooperative-sticky'; readonly generation: number }
  /** Kafka Streams' own assignor: SubscriptionInfo or AssignmentInfo of this version. */
  | { readonly kind: 'streams'; readonly version: number; readonly bytes: Uint8Array }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array };

/** Reads user data by the name of the protocol that the group chose. null where the member sent none. */
export function readUserData(bytes: Uint8Array | null, protocol: string | null): UserData | null {
  if (bytes === null || bytes.length === 0) return null;
  if (protocol === 'stream' && bytes.length >= 4) {
    return { kind: 'streams', version: new Reader(bytes).int32(), bytes };
  }
  if (protocol === 'cooperative-sticky' && bytes.length === 4) {
    return { kind: 'cooperative-sticky', generation: new Reader(bytes).int32() };
  }
  if (protocol === 'sticky' || protocol === 'cooperative-sticky') {
    const sticky = readSticky(bytes);
    if (sticky !== undefined) return sticky;
  }
  return { kind: 'bytes', bytes };
}

/** STICKY_ASSIGNOR_USER_DATA_V1, else V0: there is no version in the bytes, only a generation behind them or none. */
function readSticky(bytes: Uint8Array): UserData | undefined {
  const reader = new Reader(bytes);
  try {
    const owned = reader.array(false, 6, readTopic, 0).flat();
    if (reader.remaining !== 0 && reader.remaining !== 4) return undefined;
    return { kind: 'sticky', owned, generation: reader.remaining === 4 ? reader.int32() : undefined };
  } catch (error) {
    if (error instanceof MalformedError) return undefined;
    throw error;
  }
}

function readTopic(reader: Reader): TopicPartition[] {
  const topic = reader.string(false);
  return reader.array(false, 4, readInt32, 0).map((partition) => ({ topic, partition }));
}
