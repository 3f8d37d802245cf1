/** What the page that shows a change before, while and after it is made, and its host, say to each other. */
import type { ExportFormat, Frame, Int64 } from '../protocol.ts';

/**
 * What is to be changed, by names; plain JSON, so that a page that comes back after a restart can plan it anew. What is written to
 * Kafka is always the plan on show, never this.
 */
export type ChangeRequest =
  | { readonly kind: 'copy'; readonly cluster: string; readonly from: string; readonly to: string }
  | { readonly kind: 'delete-offsets'; readonly cluster: string; readonly groups: readonly CommitsOf[] }
  | { readonly kind: 'delete-groups'; readonly cluster: string; readonly groups: readonly string[] }
  | {
      readonly kind: 'remove-members';
      readonly cluster: string;
      readonly members: readonly MemberName[];
      readonly reason: string;
    }
  /** `entries`: ids of the journal. `subject`: what they changed, where that is one. */
  | {
      readonly kind: 'undo';
      readonly cluster: string;
      readonly entries: readonly string[];
      readonly subject?: string | undefined;
    }
  /** To a snapshot; its own group, or another one. */
  | { readonly kind: 'restore'; readonly cluster: string; readonly entry: string; readonly group: string }
  | TopicChangeRequest;

/** Of topics, none of which can be undone. */
export type TopicChangeRequest =
  | { readonly kind: 'delete-topics'; readonly cluster: string; readonly topics: readonly string[] }
  /** `to`: how many there shall be. */
  | { readonly kind: 'add-partitions'; readonly cluster: string; readonly topic: string; readonly to: number }
  /** Records before an offset; all that are there where it is left out. */
  | {
      readonly kind: 'delete-records';
      readonly cluster: string;
      readonly topic: string;
      readonly before: readonly { readonly partition: number; readonly offset?: Int64 | undefined }[];
    };

/** Commits of a group: all of them where `topics` is left out, all of a topic where `partitions` is. */
export interface CommitsOf {
  readonly group: string;
  readonly topics?:
    readonly { readonly topic: string; readonly partitions?: readonly number[] | undefined }[] | undefined;
}

export interface MemberName {
  readonly group: string;
  readonly id: string;
  readonly instanceId?: string | undefined;
}

/** As in src/changes/results.ts, which a page does not import. */
export type ItemOutcome = 'done' | 'overtaken' | 'refused' | 'moved' | 'not-sent' | 'unknown';

/** One thing that the change is about: a partition of a group, a member, a configuration, a group that reads a topic. */
export interface ChangeItem {
  readonly key: string;
  /** The group; of configurations whose they are; empty where it is about no group. */
  readonly group: string;
  readonly topic?: string | undefined;
  readonly partition?: number | undefined;
  readonly member?:
    | { readonly name: string; readonly id: string; readonly host: string; readonly partitions?: number | undefined }
    | undefined;
  /** Its name and its values; `before` and `after` left out: it inherits. */
  readonly config?:
    { readonly name: string; readonly before?: string | undefined; readonly after?: string | undefined } | undefined;
  /** What the group has to do with the topic. */
  readonly reader?:
    | {
        readonly state: string;
        readonly members: number;
        readonly commits: number;
        readonly lag?: Int64 | undefined;
      }
    | undefined;
  /** null: it has no commit, or will have none. Left out where it is not known, or cannot be. */
  readonly before?: Int64 | null | undefined;
  readonly after?: Int64 | null | undefined;
  readonly skipped?: Int64 | undefined;
  readonly again?: Int64 | undefined;
  /** What one should know of it before it is done. */
  readonly warning?: string | undefined;
  /** Why it cannot be done: it is left as it is. */
  readonly error?: string | undefined;
  readonly outcome?: ItemOutcome | undefined;
  /** What was read back: null for "no commit". Left out where it was not read. */
  readonly found?: Int64 | null | undefined;
  /** What there is to say of the outcome. */
  readonly message?: string | undefined;
}

/**
 * - `planning`: the cluster is asked. `ready`: the plan is on show, and nothing has been changed.
 * - `waiting`: until the members have left. `executing`: requests may have gone out. `done`: each item has its outcome.
 */
export type ChangePhase = 'planning' | 'ready' | 'waiting' | 'executing' | 'done';

export interface ChangeModel {
  readonly frame: Frame;
  readonly kind: ChangeRequest['kind'];
  readonly phase: ChangePhase;
  /** What the items are. */
  readonly of: 'offsets' | 'members' | 'configs' | 'topics' | 'records';
  /** More than one group, or topic, is changed. */
  readonly isMany: boolean;
  /** What it will do, a sentence each. */
  readonly sentences: readonly string[];
  /** The verb on the button. */
  readonly action: string;
  /** Why nothing of it can be done. */
  readonly refusal?: string | undefined;
  /** Who is connected, so that the change cannot be made now: one can wait for them. */
  readonly members?: string | undefined;
  readonly isReadOnly: boolean;
  /** How far it has come. */
  readonly progress?: string | undefined;
  readonly outcome?: { readonly good: boolean; readonly text: string } | undefined;
  /** Why the last attempt came to nothing, while the plan stands. */
  readonly failure?: string | undefined;
  /** Entries of the journal that were written. */
  readonly entries: readonly string[];
  readonly canUndo: boolean;
  /** The same with Kafka's own tools; left out where they cannot do it. */
  readonly command?: string | undefined;
}

export type ToChangePage =
  | { readonly type: 'full'; readonly model: ChangeModel; readonly items: readonly ChangeItem[] }
  | { readonly type: 'model'; readonly model: ChangeModel };

export type FromChangePage =
  | { readonly type: 'ready' }
  | { readonly type: 'plan' }
  /** `wait`: once the members have left. */
  | { readonly type: 'execute'; readonly wait: boolean }
  | { readonly type: 'cancel' }
  | { readonly type: 'undo' }
  | { readonly type: 'journal' }
  | { readonly type: 'copy'; readonly text: string }
  | { readonly type: 'copyCommand' }
  | { readonly type: 'export'; readonly format: ExportFormat; readonly keys?: readonly string[] | undefined };

/** What the page keeps in VS Code's state. */
export interface ChangePageState {
  readonly request: ChangeRequest;
  readonly columns?: readonly string[];
  readonly widths?: Readonly<Record<string, number>>;
  readonly sort?: { readonly column: string; readonly descending: boolean };
  readonly filter?: string;
}
