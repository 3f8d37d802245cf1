/** What the page of a change of offsets and its host say to each other; see ../protocol.ts for how. */
import type { PlanItem } from '../plan/protocol.ts';
import type { Frame, Int64, PartitionKey } from '../protocol.ts';

/** As in src/groups/plan/plan.ts; `as-of`, the commits as they were at a time, becomes `positions`. */
export type StrategyId =
  | 'earliest'
  | 'latest'
  | 'current'
  | 'offset'
  | 'shift-by'
  | 'skip'
  | 'datetime'
  | 'duration'
  | 'file'
  | 'group'
  | 'record'
  | 'as-of'
  | 'delete';

/** A topic of the scope; `partitions` as typed, such as `0,2-4`, empty for all. */
export interface ChosenTopic {
  readonly topic: string;
  readonly partitions: string;
}

/** What the form holds, as it was typed. */
export interface ResetForm {
  readonly strategy: StrategyId;
  readonly scope: 'committed' | 'topics';
  readonly topics: readonly ChosenTopic[];
  readonly offset: string;
  readonly by: string;
  readonly count: string;
  readonly time: string;
  readonly zone: 'local' | 'utc';
  readonly duration: string;
  readonly otherGroup: string;
  readonly recordTopic: string;
  readonly recordPartition: string;
  readonly recordOffset: string;
}

export type ResetPlace =
  | 'topics'
  | `topic ${number}`
  | 'offset'
  | 'by'
  | 'count'
  | 'time'
  | 'duration'
  | 'file'
  | 'otherGroup'
  | 'recordTopic'
  | 'recordPartition'
  | 'recordOffset';

export type ClientLanguage =
  | 'java'
  | 'kafkajs'
  | 'confluent-js'
  /** confluent-kafka */
  | 'python'
  | 'kafka-python'
  | 'aiokafka'
  /** confluent-kafka-go */
  | 'go'
  | 'franz-go'
  | 'sarama'
  /** segmentio/kafka-go */
  | 'kafka-go'
  | 'rust'
  | 'dotnet'
  | 'librdkafka';

/** Who is in the group. */
export interface ConnectedMember {
  readonly name: string;
  readonly clientId: string;
  readonly host: string;
  /** Partitions that it owns. */
  readonly assigned: number;
}

/** What works while members run. */
export interface HowTo {
  readonly language: ClientLanguage;
  /** Seen from client ids, or a guess. */
  readonly isDetected: boolean;
  readonly code: string;
  /** What one has to know of that library. */
  readonly note: string;
}

export interface PlanSummary {
  /** What it will do, a sentence each. */
  readonly sentences: readonly string[];
  /** Why nothing of it can be done. */
  readonly refusal?: string | undefined;
  readonly rows: number;
  readonly writes: number;
  readonly clamped: number;
  readonly errors: number;
  /** Only deletes commits, which the broker may allow while members run. */
  readonly onlyDeletes: boolean;
  /** For Kafka's own tools; left out where they cannot do it. */
  readonly command?: string | undefined;
}

export interface ResetOutcome {
  readonly good: boolean;
  readonly text: string;
  /** Why partitions are not done, each reason once: the cells have little room for it. */
  readonly reasons?: readonly string[] | undefined;
  /** Id of its entry in the journal. */
  readonly id?: string | undefined;
  readonly canUndo: boolean;
}

export interface ResetModel {
  readonly frame: Frame;
  readonly group: string;
  readonly production: boolean;
  readonly readOnly: boolean;
  /** Of a change that is no form's: what it is. */
  readonly task?: { readonly title: string; readonly description: string; readonly canLeave: boolean } | undefined;
  readonly isShare: boolean;
  /** The group's topics first. */
  readonly topics: readonly string[];
  readonly groups: readonly string[];
  readonly members: readonly ConnectedMember[];
  readonly memberCount: number;
  /** Beside the fields of the form. */
  readonly problems: Partial<Record<ResetPlace, string>>;
  /** The time that was understood, ms since 1970. */
  readonly time?: number | undefined;
  /** Of `as-of`: what the commit log can and cannot tell, a sentence each. */
  readonly notes: readonly string[];
  readonly file?: { readonly name: string; readonly rows: number } | undefined;
  readonly isPlanning: boolean;
  /** The number of the form's edit that is planned, or being planned; 0 before the first. */
  readonly edit: number;
  /** Why there is no plan, where it is not the form's fault. */
  readonly failure?: string | undefined;
  readonly plan?: PlanSummary | undefined;
  /** `waiting`: until the group is empty, since then, ms since 1970. */
  readonly doing?: { readonly kind: 'waiting' | 'executing'; readonly since: number } | undefined;
  readonly outcome?: ResetOutcome | undefined;
  readonly howTo?: HowTo | undefined;
}

/** A record at an offset of the log, as far as it can be read. */
export interface PeekedRecord {
  /** Its own: at or after the one that was asked for. */
  readonly offset: Int64;
  /** ms since 1970. */
  readonly timestamp?: number | undefined;
  readonly key: string;
  readonly value: string;
  readonly format: string;
}

/** What a consumer is handed first at an offset. `why`: there is none, or it cannot be read. */
export type Peeked =
  { readonly kind: 'record'; readonly record: PeekedRecord } | { readonly kind: 'none'; readonly why: string };

export type ToResetPage =
  /** `form`: in place of what the page kept. */
  | { readonly type: 'full'; readonly model: ResetModel; readonly form?: ResetForm | undefined }
  | { readonly type: 'model'; readonly model: ResetModel }
  /** The plan's rows, in portions: the first one takes the place of those before. */
  | { readonly type: 'rows'; readonly rows: readonly PlanItem[]; readonly isFirst: boolean; readonly more: boolean }
  | { readonly type: 'peek'; readonly key: PartitionKey; readonly before: Peeked; readonly after: Peeked };

export type FromResetPage =
  /** `form`: kept from before the page was hidden. */
  | { readonly type: 'ready'; readonly form?: ResetForm | undefined }
  /** `edit`: its number, from 1 on in each page. */
  | { readonly type: 'form'; readonly form: ResetForm; readonly edit: number }
  | { readonly type: 'retry' }
  | { readonly type: 'pickFile' }
  | { readonly type: 'peek'; readonly key: PartitionKey }
  | { readonly type: 'execute' }
  /** Waits until the group is empty, then executes. */
  | { readonly type: 'wait' }
  | { readonly type: 'cancel' }
  | { readonly type: 'undo' }
  /** Back from a task, or from results, to the form. */
  | { readonly type: 'form again' }
  | { readonly type: 'openJournal' }
  | { readonly type: 'language'; readonly language: ClientLanguage }
  | { readonly type: 'export'; readonly form: 'one group' | 'with group' }
  | { readonly type: 'copy'; readonly text: string }
  | { readonly type: 'openLag' };

/** What the page keeps in VS Code's state: what was typed and how it is looked at. */
export interface ResetPageState {
  readonly cluster: string;
  readonly group: string;
  readonly form?: ResetForm;
  readonly widths?: Readonly<Record<string, number>>;
  readonly sort?: { readonly column: string; readonly descending: boolean };
  readonly filter?: string;
}
