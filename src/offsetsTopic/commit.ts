import type { MoveReason } from './commitsCause.ts';
import type { CommitsOwners, Owner } from './commitsOwners.ts';
import type { Deletion } from './decode/deletion.ts';

/**
 * `first`: the first one of its partition that is still in the topic. `same`: it commits what was committed already. `rewind`: back, so that
 * records are processed twice. `jump`: forward past records that the group cannot have, or can hardly have, read. `deleted`: a tombstone.
 */
export type CommitKind = 'first' | 'forward' | 'same' | 'rewind' | 'jump' | 'deleted';

/** What a group committed for a partition, once. */
export interface LoggedCommit {
  /** 0, 1, 2, ... in the order in which they were read. */
  readonly id: number;
  readonly topic: string;
  readonly partition: number;
  /** By the coordinator's clock, ms since 1970. */
  readonly at: number;
  /** Offset of its record in the group's partition of `__consumer_offsets`. */
  readonly position: bigint;
  readonly kind: CommitKind;
  /** The next record to read; undefined where the commit was deleted. */
  readonly offset: bigint | undefined;
  /** Against the commit before, also where that was deleted since; undefined for the first one. */
  readonly step: bigint | undefined;
  /** ms since the commit before; undefined for the first one. */
  readonly interval: number | undefined;
  readonly metadata: string;
  /** -1 where the client did not say. */
  readonly leaderEpoch: number;
  /** Version 1 only, ms since 1970. */
  readonly expireTimestamp: number | undefined;
  readonly inTransaction: boolean;
  /** What the group was then, and who owned the partition: not who committed, which no record tells. */
  readonly group: CommitsOwners['state'];
  readonly generation: number | undefined;
  readonly owner: Owner | undefined;
  /** The group had members, whose partitions are known, and none of them owned this one. */
  readonly notOwned: boolean;
  /** Of `rewind` and `jump`. */
  readonly reason: MoveReason | undefined;
  /** Of `deleted`. */
  readonly deletion: Deletion | undefined;
}

/** What is known of one partition's commits, all that were read. */
export interface PartitionCommits {
  readonly topic: string;
  readonly partition: number;
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
  /** The newest commit; a tombstone where that was the last. */
  readonly last: LoggedCommit;
  /** When the offset last changed. */
  readonly movedAt: number;
  /** Commits since then that repeated it. */
  readonly repeated: number;
  /** Median of the last intervals, ms; undefined below 3. */
  readonly usualInterval: number | undefined;
  readonly longestGap: { readonly from: number; readonly to: number } | undefined;
  readonly same: number;
  readonly rewinds: number;
  /** Records that rewinds had processed again. */
  readonly again: bigint;
  readonly jumps: number;
  /** Records that jumps passed over. */
  readonly skipped: bigint;
  readonly deleted: number;
  readonly notOwned: number;
}
