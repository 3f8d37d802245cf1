import { partitionOf } from '../kafka/metadata.ts';
import type { Commit, Fact, Failure, LogOffsets, Topic } from './snapshot.ts';

export { partitionOf };

/**
 * How a partition of a group stands. Only `ok` and `below-start` and `beyond-end` have figures; none of the others is 0.
 *
 * - `ok`: committed within the log.
 * - `no-commit`: the group has never committed here, or its commit expired.
 * - `below-start`: the commit is below the log start; the records between are lost to retention.
 * - `beyond-end`: the commit is past the end; the topic was recreated or truncated.
 * - `topic-deleted`, `no-leader`, `denied`, `unknown`: the log or the commit could not be read; `failure` tells.
 */
export type LagState =
  'ok' | 'no-commit' | 'below-start' | 'beyond-end' | 'topic-deleted' | 'no-leader' | 'denied' | 'unknown';

export interface PartitionLag {
  readonly state: LagState;
  /**
   * End minus committed offset, as Kafka's ConsumerGroupCommand has it: not clamped, negative when beyond the end.
   * For share groups what the coordinator counts, where it does.
   */
  readonly lag: bigint | undefined;
  /** LSO minus committed offset: what a `read_committed` consumer could read now. Never above `lag`. */
  readonly stableLag: bigint | undefined;
  /** `below-start`: how many offsets were lost. */
  readonly lost: bigint | undefined;
  readonly failure: Failure | undefined;
}

const none = { lag: undefined, stableLag: undefined, lost: undefined, failure: undefined };

/** The lag of one partition from its facts. Pure; the only place where lag is computed. */
export function lagOf(
  commit: Fact<Commit | undefined>,
  offsets: LogOffsets | undefined,
  topic: Topic | undefined,
  partition: number,
): PartitionLag {
  if ('failure' in commit) return unread(commit.failure);
  if (topic === undefined) return { ...none, state: 'topic-deleted' };
  if (topic.failure !== undefined) return unread(topic.failure);
  const info = partitionOf(topic, partition);
  // A topic recreated with fewer partitions keeps the commits of those that are gone.
  if (info === undefined) return { ...none, state: 'topic-deleted' };
  if (commit.value === undefined) return { ...none, state: 'no-commit' };
  if (info.leader < 0) return { ...none, state: 'no-leader' };
  if (offsets === undefined) return { ...none, state: 'unknown' };
  if ('failure' in offsets.end) return unread(offsets.end.failure);

  const committed = commit.value.offset;
  const end = offsets.end.value;
  const lag = commit.value.undelivered ?? end - committed;
  const stableLag = 'value' in offsets.lastStable ? offsets.lastStable.value - committed : undefined;
  const start = 'value' in offsets.start ? offsets.start.value : undefined;
  const figures = { ...none, lag, stableLag };
  if (start !== undefined && committed < start) return { ...figures, state: 'below-start', lost: start - committed };
  if (committed > end) return { ...figures, state: 'beyond-end' };
  return { ...figures, state: 'ok' };
}

function unread(failure: Failure): PartitionLag {
  const state = {
    denied: 'denied',
    missing: 'topic-deleted',
    'no-leader': 'no-leader',
    unsupported: 'unknown',
    unreachable: 'unknown',
    error: 'unknown',
  }[failure.kind] as LagState;
  return { ...none, state, failure };
}
