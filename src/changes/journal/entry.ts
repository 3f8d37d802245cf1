import type { Target } from '../../groups/plan/plan.ts';
import type { Commit, GroupType } from '../../groups/snapshot.ts';
import type { TopicPartition } from '../../kafka/facts.ts';
import type { RowResult } from '../results.ts';

export const changeKinds = [
  'reset',
  'seek',
  'skip',
  'copy',
  'undo',
  'restore',
  'delete-offsets',
  'delete-group',
  'remove-members',
  /** Not a change: offsets as they were when somebody asked to keep them. */
  'snapshot',
  'alter-configs',
  'create-topic',
  'delete-topic',
  'add-partitions',
  'delete-records',
] as const;

export type ChangeKind = (typeof changeKinds)[number];

/**
 * - `planned`: written down, not begun. `executing`: the first request may have gone out.
 * - `done`: all that was planned is there. `failed`: some of it is not; the results tell.
 * - `interrupted`: whoever did it ended before the results were known.
 */
export const changeStates = ['planned', 'executing', 'done', 'failed', 'interrupted'] as const;

export type ChangeState = (typeof changeStates)[number];

/** One partition before a change. */
export interface PriorPosition extends TopicPartition {
  readonly before: Commit | undefined;
  /** undefined in snapshots. */
  readonly after: Target | undefined;
}

/** What is shown in a list: all but the partitions. */
export interface JournalLine {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly when: number;
  readonly finishedAt: number | undefined;
  /** As the user calls it, and the id that the cluster has itself. */
  readonly cluster: string;
  readonly clusterId: string | undefined;
  readonly kind: ChangeKind;
  /** The group; for kinds that are about none, the topic or broker. */
  readonly subject: string;
  readonly groupType: GroupType | undefined;
  readonly state: ChangeState;
  /** Of a snapshot, as the user named it. */
  readonly name: string | undefined;
  /** Id of the change that this one took back. */
  readonly undoes: string | undefined;
  /** How many partitions it is about, and how many of them are done. */
  readonly partitions: number;
  readonly done: number;
}

export interface JournalEntry extends Omit<JournalLine, 'partitions' | 'done'> {
  readonly positions: readonly PriorPosition[];
  readonly results: readonly RowResult[];
  /** What kinds other than offsets need to be undone, as plain JSON. */
  readonly details: Json | undefined;
}

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What is known of a change before it begins. */
export type NewEntry = Pick<JournalEntry, 'cluster' | 'clusterId' | 'kind' | 'subject' | 'groupType' | 'positions'> &
  Partial<Pick<JournalEntry, 'name' | 'undoes' | 'details'>>;

/** Where changes are written down before they are made. */
export interface Journal {
  /**
   * Writes the change down and onto the disk, as `executing`, or `done` where it is a snapshot. Returns its id.
   *
   * @throws {HumanError} it could not be written: then nothing may be changed.
   */
  begin(entry: NewEntry): string;
  /** A change that failed in part is `failed`. */
  finish(id: string, state: 'done' | 'failed', results: readonly RowResult[]): void;
  /** Newest first. Changes whose window has died meanwhile are `interrupted`. */
  list(limit?: number): readonly JournalLine[];
  get(id: string): JournalEntry | undefined;
  remove(id: string): void;
  /** As `exportEntries` wrote them; those that are here already are left alone. Returns how many came in. */
  add(entries: readonly JournalEntry[]): number;
  close(): void;
}
