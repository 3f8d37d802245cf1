import type { Snapshot, TopicPartition } from '../groups/snapshot.ts';

/** One point of a partition's past; undefined where the fact was missing in that poll: a gap, not a line. */
export interface PartitionSample {
  /** ms since 1970. */
  readonly at: number;
  readonly committed: bigint | undefined;
  readonly end: bigint | undefined;
}

export interface TotalSample {
  readonly at: number;
  /** Sum of the lags that are known; undefined where none was. */
  readonly lag: number | undefined;
}

/** Records a second over the last minute or so; undefined until two polls are far enough apart to tell. */
export interface Rates {
  readonly consume: number | undefined;
  readonly produce: number | undefined;
}

/** What past snapshots said, in memory, bounded. */
export interface LagHistory {
  append(snapshot: Snapshot): void;
  /** A poll that failed as a whole: a gap in every series. */
  appendGap(at: number): void;
  /** Oldest first. */
  totals(group: string): readonly TotalSample[];
  partition(group: string, partition: TopicPartition): readonly PartitionSample[];
  rates(group: string, partition: TopicPartition): Rates;
  /** Sum of the partitions' rates. */
  groupRates(group: string): Rates;
  /**
   * When a poll first saw the partition's present commit; undefined where it has not changed since watching began.
   * Kafka does not tell commit times to clients.
   */
  committedAt(group: string, partition: TopicPartition): number | undefined;
}
