/** What the journal page and its host say to each other; see src/ui/panels/protocol.ts for how. */
import type { ChangeItem } from '../change/protocol.ts';
import type { ExportFormat, Frame } from '../protocol.ts';

/** As in src/changes/journal/entry.ts, which a page does not import. */
export type ChangeKind =
  | 'reset'
  | 'seek'
  | 'skip'
  | 'copy'
  | 'undo'
  | 'restore'
  | 'delete-offsets'
  | 'delete-group'
  | 'remove-members'
  | 'snapshot'
  | 'alter-configs'
  | 'create-topic'
  | 'delete-topic'
  | 'add-partitions'
  | 'delete-records';
export type ChangeState = 'planned' | 'executing' | 'done' | 'failed' | 'interrupted';

/** An entry as the list has it. Times are milliseconds since 1970. */
export interface JournalItem {
  readonly id: string;
  readonly when: number;
  readonly finishedAt?: number | undefined;
  readonly cluster: string;
  readonly kind: ChangeKind;
  /** What the kind is called. */
  readonly change: string;
  readonly subject: string;
  readonly groupType?: string | undefined;
  readonly state: ChangeState;
  readonly name?: string | undefined;
  readonly undoes?: string | undefined;
  /** Id of the entry that took it back. */
  readonly undoneBy?: string | undefined;
  readonly partitions: number;
  readonly done: number;
}

/** All that is kept of an entry. */
export interface JournalDetails {
  readonly id: string;
  /** The partitions, as they were and were to be; with what became of them. */
  readonly items: readonly ChangeItem[];
  /** How many there are; `items` can be fewer. */
  readonly count: number;
  /** Facts of other kinds: members, a reason, configurations; in lines. */
  readonly facts: readonly string[];
  readonly undo: { readonly can: boolean; readonly why?: string | undefined };
  readonly command?: string | undefined;
  /** What the broker says of an interrupted change. */
  readonly examined?: Examined | undefined;
}

export type Examined =
  | { readonly kind: 'asking' }
  | { readonly kind: 'failed'; readonly message: string }
  | {
      readonly kind: 'known';
      readonly sentence: string;
      readonly reached: number;
      readonly asBefore: number;
      readonly elsewhere: number;
      readonly unknown: number;
    };

export interface JournalModel {
  readonly frame: Frame;
  /** Where the journal is. */
  readonly file: string;
  /** Older entries are not listed. */
  readonly isCut: boolean;
}

export type ToJournalPage =
  | { readonly type: 'full'; readonly model: JournalModel; readonly items: readonly JournalItem[] }
  | { readonly type: 'details'; readonly details: JournalDetails }
  /** Shows this entry. */
  | { readonly type: 'show'; readonly id: string };

export type FromJournalPage =
  | { readonly type: 'ready' }
  | { readonly type: 'retry' }
  | { readonly type: 'details'; readonly id: string | undefined }
  /** Asks the broker what an interrupted change has reached. */
  | { readonly type: 'examine'; readonly id: string }
  /** Writes the results of that down, so that the entry is no longer interrupted. */
  | { readonly type: 'closeEntry'; readonly id: string }
  | { readonly type: 'undo'; readonly id: string }
  | { readonly type: 'restore'; readonly id: string }
  | { readonly type: 'remove'; readonly ids: readonly string[] }
  | { readonly type: 'copy'; readonly text: string }
  | { readonly type: 'copyCommand'; readonly id: string }
  | { readonly type: 'showFile' }
  | { readonly type: 'import' }
  /** `ids`: of what is shown or selected; left out for all. */
  | { readonly type: 'export'; readonly format: ExportFormat; readonly ids?: readonly string[] | undefined };

/** What the page keeps in VS Code's state. */
export interface JournalPageState {
  readonly details?: string | undefined;
  readonly columns?: readonly string[];
  readonly widths?: Readonly<Record<string, number>>;
  readonly sort?: { readonly column: string; readonly descending: boolean };
  readonly filter?: string;
}
