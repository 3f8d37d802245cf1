import type { FanOutOptions } from './calls.ts';
import type { Cluster } from './cluster.ts';
import { byTopic, type ByPartition, type RoutedFact, type TopicPartition } from './facts.ts';
import { listOffsets } from './protocol/generated/listOffsets.ts';

/** Timestamps with a meaning of their own (org.apache.kafka.common.requests.ListOffsetsRequest). */
export const specialTimestamps = { earliest: -2n, latest: -1n } as const;

export type Isolation = 'read_uncommitted' | 'read_committed';

/** Of Kafka's requests that have an isolation level. */
export const isolationLevels = { read_uncommitted: 0, read_committed: 1 } as const;

/** A partition and the time to look for: milliseconds since 1970, or one of `specialTimestamps`. */
export interface PartitionTime extends TopicPartition {
  readonly timestamp: bigint;
}

/**
 * The offset of the first record at or after each time; undefined where there is none. `latest` is the high watermark, or with
 * `read_committed` the last stable offset. One request a leader.
 *
 * @throws {CancelledError} and nothing else.
 */
export function offsetsAt(
  cluster: Cluster,
  times: readonly PartitionTime[],
  isolation: Isolation,
  options: Pick<FanOutOptions, 'signal' | 'retryForMs' | 'leaveLate' | 'purpose'> = {},
): Promise<ByPartition<RoutedFact<bigint | undefined>>> {
  return cluster.toLeaders(times, {
    retryForMs: 2_000,
    ...options,
    api: listOffsets,
    // The LSO can be asked for since version 2 (Kafka 0.11).
    minVersion: 2,
    request: (some) => ({
      replicaId: -1,
      isolationLevel: isolationLevels[isolation],
      topics: Array.from(byTopic(some), ([name, list]) => ({
        name,
        partitions: list.map(({ partition, timestamp }) => ({
          partitionIndex: partition,
          currentLeaderEpoch: -1,
          timestamp,
        })),
      })),
    }),
    read: function* (response) {
      for (const { name, partitions } of response.topics) {
        for (const { partitionIndex, errorCode, offset } of partitions) {
          yield [name, partitionIndex, { errorCode, value: offset < 0n ? undefined : offset }];
        }
      }
    },
  });
}
