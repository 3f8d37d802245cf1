/** What the commit log page and its host say to each other; see ../protocol.ts for how. */
import type { ExportFormat, Frame, Int64, PartitionKey } from '../protocol.ts';

/** As in src/offsetsTopic/commits.ts, which a page does not import. */
export type CommitKind = 'first' | 'forward' | 'same' | 'rewind' | 'jump' | 'deleted';

export interface CommitWhy {
  readonly certainty: 'fact' | 'inference';
  /** A sentence or two. */
  readonly because: string;
}

export interface CommitRow {
  /** In order of the topic. */
  readonly id: number;
  readonly topic: string;
  readonly partition: number;
  /** By the coordinator's clock, ms since 1970. */
  readonly at: number;
  readonly kind: CommitKind;
  /** Left out where the commit was deleted. */
  readonly offset?: Int64 | undefined;
  /** Against the commit before. */
  readonly step?: Int64 | undefined;
  /** ms since the commit before. */
  readonly interval?: number | undefined;
  readonly metadata?: string | undefined;
  readonly leaderEpoch?: number | undefined;
  /** ms since 1970, of clients that set a retention of their own. */
  readonly expires?: number | undefined;
  readonly inTransaction?: boolean | undefined;
  readonly group: 'unknown' | 'empty' | 'members';
  readonly generation?: number | undefined;
  /** Who owned the partition then; who committed is in no record. */
  readonly owner?: { readonly name: string; readonly memberId: string; readonly host: string } | undefined;
  readonly notOwned?: boolean | undefined;
  /** Of a rewind, a jump or a deletion. */
  readonly why?: CommitWhy | undefined;
  /** Offset in the group's partition of `__consumer_offsets`. */
  readonly position: Int64;
}

/** A partition that the group commits, or has committed: over all that was read, and as it is now. */
export interface CommitPartition {
  readonly key: PartitionKey;
  readonly topic: string;
  readonly partition: number;
  /** Commits that were read. */
  readonly count: number;
  readonly lastAt?: number | undefined;
  /** The newest one. */
  readonly offset?: Int64 | undefined;
  /** It was deleted. */
  readonly isDeleted: boolean;
  /** ms. */
  readonly usualInterval?: number | undefined;
  readonly longestGap?: { readonly from: number; readonly to: number } | undefined;
  readonly same: number;
  readonly rewinds: number;
  readonly again: Int64;
  readonly jumps: number;
  readonly skipped: Int64;
  readonly deleted: number;
  readonly notOwned: number;
  /** When its commit may be deleted. */
  readonly expires?: number | undefined;
  readonly expiryWhy?: string | undefined;
  /** Now, by the last poll. */
  readonly lag?: Int64 | undefined;
  readonly owner?: string | undefined;
}

export interface CommitFindingView {
  readonly kind: string;
  readonly level: 'warning' | 'info';
  readonly text: string;
  readonly evidence: readonly string[];
  readonly advice?: string | undefined;
  /** Ids of rows. */
  readonly commits: readonly number[];
  readonly key?: PartitionKey | undefined;
}

export interface CommitsModel {
  readonly frame: Frame;
  readonly partitions: readonly CommitPartition[];
  readonly findings: readonly CommitFindingView[];
  /** What is missing and why, a sentence each. */
  readonly lacks: readonly string[];
  /** 0 to 1 while the partition is read from its beginning; left out when that is done. */
  readonly progress?: number | undefined;
  /** Commits that were read, and those that are kept as rows. */
  readonly count: number;
  readonly kept: number;
  /** In transactions that have not ended: they do not count yet. */
  readonly pending: number;
  /** Such as `__consumer_offsets-12`. */
  readonly place?: string | undefined;
  /** `offsets.retention.minutes`, ms. */
  readonly retention?: number | undefined;
  /** Why the topic is not read (any more); what is known otherwise still stands. */
  readonly failure?: string | undefined;
}

/** Host to page. Rows are whole, by id; `more`: messages with more of them follow at once. */
export type ToCommitsPage =
  | { readonly type: 'full'; readonly model: CommitsModel; readonly rows: readonly CommitRow[]; readonly more: boolean }
  /** `from`: rows with lower ids are not kept any more. */
  | {
      readonly type: 'update';
      readonly model: CommitsModel;
      readonly rows: readonly CommitRow[];
      readonly more: boolean;
      readonly from: number;
    }
  | { readonly type: 'rows'; readonly rows: readonly CommitRow[]; readonly more: boolean }
  | { readonly type: 'select'; readonly key: PartitionKey };

/** Page to host. */
export type FromCommitsPage =
  | { readonly type: 'ready' }
  | { readonly type: 'pause'; readonly paused: boolean }
  | { readonly type: 'retry' }
  | { readonly type: 'copy'; readonly text: string }
  | { readonly type: 'openLag' }
  /** The records of `__consumer_offsets` themselves. */
  | { readonly type: 'openTopic' }
  | { readonly type: 'explain'; readonly key: PartitionKey }
  /** `id` of a row: its partition to its offset, or all partitions to where they were at that moment. */
  | { readonly type: 'reset'; readonly id: number; readonly what: 'partition' | 'all' }
  | { readonly type: 'tail'; readonly key: PartitionKey; readonly offset?: Int64 | undefined }
  /** `ids`: what is shown, in its order; left out for all. */
  | { readonly type: 'export'; readonly format: ExportFormat; readonly ids?: readonly number[] | undefined };

export type CommitsShow = 'all' | 'moves' | 'rewind' | 'jump' | 'deleted';

/** What the page keeps: how it is looked at, never data. */
export interface CommitsPageState {
  readonly cluster: string;
  readonly group: string;
  /** Only this partition's commits. */
  readonly only?: PartitionKey | undefined;
  readonly table?: 'commits' | 'partitions';
  readonly show?: CommitsShow;
  readonly filter?: string;
  readonly charts?: boolean;
  readonly columns?: readonly string[];
  readonly widths?: Readonly<Record<string, number>>;
  readonly sort?: { readonly column: string; readonly descending: boolean };
  readonly partitionWidths?: Readonly<Record<string, number>>;
  readonly partitionSort?: { readonly column: string; readonly descending: boolean };
}
