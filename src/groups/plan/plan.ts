import type { ByPartition, Fact, TopicPartition } from '../../kafka/facts.ts';
import type { Commit, GroupType, Topic } from '../snapshot.ts';
import type { CsvRow } from './csv.ts';

/**
 * A change of a group's offsets before it is made: a row per partition with what is there, what will be there and what that
 * means, or why it cannot be. Plain data; `planOffsets` makes it of a request and of what the broker said.
 */

/** Which partitions a plan is about. */
export type Scope =
  /** All partitions that the group has commits on, as `--all-topics`. */
  | { readonly kind: 'committed' }
  /** Topics, with all their partitions or some, as `--topic t` and `--topic t:0,1`. */
  | {
      readonly kind: 'topics';
      readonly topics: readonly { readonly topic: string; readonly partitions?: readonly number[] }[];
    }
  /** Those that the strategy itself names: of a file, a record, another group's commits, a snapshot. */
  | { readonly kind: 'given' };

/** topic -> partition -> commit, undefined for "there was none". */
export type Positions = ByPartition<Commit | undefined>;

/** Where the offsets shall go. */
export type Strategy =
  | { readonly kind: 'earliest' | 'latest' | 'current' }
  | { readonly kind: 'offset'; readonly offset: bigint }
  | { readonly kind: 'shift-by'; readonly by: bigint }
  /** So many offsets forward: what a poison pill takes. */
  | { readonly kind: 'skip'; readonly count: bigint }
  /** To the first record at or after `at`, milliseconds since 1970. */
  | { readonly kind: 'datetime'; readonly at: bigint }
  /** As `datetime`, so many milliseconds before `now`, milliseconds since 1970. */
  | { readonly kind: 'duration'; readonly milliseconds: bigint; readonly now: bigint }
  /** Kafka's CSV, already read; rows of other groups are ignored. */
  | { readonly kind: 'file'; readonly rows: readonly CsvRow[] }
  /** To where another group stands. */
  | { readonly kind: 'group'; readonly group: string }
  | { readonly kind: 'record'; readonly topic: string; readonly partition: number; readonly offset: bigint }
  /**
   * To commits as they were. `exact`: as they were to the letter, with metadata and outside the log too, and none where there was
   * none; else brought into the log as Kafka's tool does, and an error where none is known. `why`: that error, where more can be said.
   */
  | {
      readonly kind: 'positions';
      readonly positions: Positions;
      readonly exact: boolean;
      readonly why?: ByPartition<string> | undefined;
    }
  | { readonly kind: 'delete' };

export interface PlanRequest {
  readonly group: string;
  readonly scope: Scope;
  readonly strategy: Strategy;
}

/** topic -> partition -> commit, only where there is one or where reading it failed. */
export type CommitFacts = ByPartition<Fact<Commit>>;

/** What the broker said; which of it a plan wants, `needs` tells. */
export interface PlanFacts {
  /** undefined: there is no such group. */
  readonly type: GroupType | undefined;
  /** The group's commits; a failure where they cannot be read. */
  readonly commits: Fact<CommitFacts>;
  /** By name; topics that do not exist have their failure or are not there. */
  readonly topics: ReadonlyMap<string, Topic>;
  readonly starts: ByPartition<Fact<bigint>>;
  /** High watermarks. */
  readonly ends: ByPartition<Fact<bigint>>;
  /** First offset at or after the time that is looked for; undefined where there is none. */
  readonly atTime: ByPartition<Fact<bigint | undefined>>;
  readonly otherGroup: Fact<CommitFacts> | undefined;
}

/** What a partition will have. */
export type Target =
  | { readonly kind: 'commit'; readonly offset: bigint; readonly leaderEpoch: number; readonly metadata: string }
  | { readonly kind: 'delete' };

export interface PlanRow extends TopicPartition {
  /** undefined value: the group has no commit here. */
  readonly before: Fact<Commit | undefined>;
  /** undefined where the row has an error, or all of the plan is refused. */
  readonly after: Target | undefined;
  /** What was asked for lies outside the log, and was brought to its nearer end. */
  readonly clamped:
    { readonly from: bigint; readonly to: bigint; readonly why: 'above-end' | 'below-start' } | undefined;
  readonly start: bigint | undefined;
  readonly end: bigint | undefined;
  /** Offsets that the group will not be given any more; undefined where nobody can know. */
  readonly skipped: bigint | undefined;
  /** Offsets that the group will be given once more; undefined where nobody can know. */
  readonly again: bigint | undefined;
  readonly warning: string | undefined;
  readonly error: string | undefined;
}

export interface Totals {
  /** Rows that will be written: those without an error. */
  readonly writes: number;
  /** Of these, those that leave the offset where it is. */
  readonly unchanged: number;
  readonly deletes: number;
  readonly clamped: number;
  readonly errors: number;
  /** Sums of what is known of `again` and `skipped`. Offsets, not records: compaction and control records leave gaps. */
  readonly again: bigint;
  readonly skipped: bigint;
  /** Rows of which nobody can know what will be skipped or repeated. */
  readonly unknown: number;
}

export interface OffsetPlan extends PlanRequest {
  readonly type: GroupType | undefined;
  /** By topic, then partition. */
  readonly rows: readonly PlanRow[];
  readonly totals: Totals;
  /** Why nothing of this can be done at all, such as of a streams group. */
  readonly refusal: string | undefined;
}

export function totalsOf(rows: readonly PlanRow[]): Totals {
  let [writes, unchanged, deletes, clamped, errors, unknown] = [0, 0, 0, 0, 0, 0];
  let [again, skipped] = [0n, 0n];
  for (const row of rows) {
    if (row.after === undefined) {
      errors++;
      continue;
    }
    writes++;
    if (isUnchanged(row)) unchanged++;
    if (row.after.kind === 'delete') deletes++;
    if (row.clamped !== undefined) clamped++;
    if (row.again === undefined || row.skipped === undefined) unknown++;
    again += row.again ?? 0n;
    skipped += row.skipped ?? 0n;
  }
  return { writes, unchanged, deletes, clamped, errors, again, skipped, unknown };
}

/** The plan as one that cannot be made: of no row it says what would be there. */
export function refused(plan: OffsetPlan, refusal: string): OffsetPlan {
  const nothing = { after: undefined, clamped: undefined, skipped: undefined, again: undefined, warning: undefined };
  const rows = plan.rows.map((row): PlanRow => ({ ...row, ...nothing }));
  return { ...plan, rows, totals: totalsOf(rows), refusal: plan.refusal ?? refusal };
}

function isUnchanged({ before, after }: PlanRow): boolean {
  if ('failure' in before || after === undefined) return false;
  return after.kind === 'delete' ? before.value === undefined : before.value?.offset === after.offset;
}
