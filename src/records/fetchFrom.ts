import type { Cluster } from '../kafka/cluster.ts';
import type { Purpose } from '../kafka/pool.ts';
import { isolationLevels, type Isolation } from '../kafka/offsetsAt.ts';
import { fetch, type FetchResponse } from '../kafka/protocol/generated/fetch.ts';
import type { PartitionReader } from './partitionReader.ts';

export interface FetchOptions {
  readonly topic: string;
  readonly topicId: string | undefined;
  /** All led by the same broker; the first is served first. */
  readonly readers: readonly PartitionReader[];
  readonly isolation: Isolation;
  /** Others wait for this answer: it must not wait for records to come. */
  readonly isUrgent: boolean;
  /** Whose connections it takes. */
  readonly purpose: Purpose;
  readonly signal: AbortSignal;
}

/** How long a broker may wait where it has nothing to send, milliseconds. */
const maxWaitMs = 500;
/** Bytes of one answer. */
const maxBytes = 8 << 20;
/** Last version that names topics; then come ids. */
const newestWithNames = 12;

/** @throws {HumanError} @throws {CancelledError} */
export function fetchFrom(cluster: Cluster, leader: number, options: FetchOptions): Promise<FetchResponse> {
  const { topic, topicId, readers, isolation, isUrgent, purpose, signal } = options;
  // Until an answer has told the LSO, a broker may wait in vain for what is beyond it.
  const mayWait = !isUrgent && readers.every(({ log }) => log !== undefined);
  const partitions = readers.map(({ partition, position, fetchBytes }) => ({
    partition,
    fetchOffset: position!,
    partitionMaxBytes: fetchBytes,
  }));
  return cluster.send(
    leader,
    fetch,
    (version) => ({
      maxWaitMs: mayWait ? maxWaitMs : 0,
      minBytes: 1,
      maxBytes: Math.max(maxBytes, ...partitions.map(({ partitionMaxBytes }) => partitionMaxBytes)),
      isolationLevel: isolationLevels[isolation],
      topics: [version > newestWithNames ? { topicId: topicId!, partitions } : { topic, partitions }],
    }),
    { purpose, signal, maxVersion: topicId === undefined ? newestWithNames : undefined },
  );
}
