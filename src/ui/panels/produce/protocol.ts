/** What the produce page and its host say to each other; see src/ui/panels/protocol.ts for how. */
import type { Frame, Int64 } from '../protocol.ts';

/** As in src/produce/values.ts; `bytes` are held by the host, of a file or of a record that is replayed. */
export type FieldFormat =
  | 'text'
  | 'json'
  | 'hex'
  | 'base64'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'float32'
  | 'float64'
  | 'boolean'
  | 'uuid'
  | 'null'
  | 'bytes'
  | SchemaFormat;

/** By a schema of the cluster's Schema Registry; the text is JSON. */
export type SchemaFormat = 'avro' | 'protobuf' | 'jsonSchema';

/** Which schema; all as typed. */
export interface DraftSchema {
  /** Empty: `<topic>-key` or `<topic>-value`. */
  readonly subject: string;
  /** Empty: the latest. */
  readonly version: string;
  /** In place of subject and version, where it is not empty. */
  readonly id: string;
  /** Protobuf: the full name; empty: the first. */
  readonly message: string;
  /** A header names the schema by its GUID, in place of its id before the value. */
  readonly inHeader: boolean;
}

/** Bytes that the host holds. */
export interface HeldBytes {
  readonly id: string;
  /** Of the file, or where they were read. */
  readonly name: string;
  readonly size: number;
  /** Their beginning, one line. */
  readonly preview: string;
}

export interface DraftField {
  readonly format: FieldFormat;
  readonly text: string;
  /** Where the format is `bytes`. */
  readonly held?: HeldBytes | undefined;
  /** Kept while the format is another. */
  readonly schema?: DraftSchema | undefined;
}

export interface DraftHeader {
  readonly key: string;
  readonly value: DraftField;
}

/** What the form holds, as it was typed. */
export interface Draft {
  readonly topic: string;
  /** Empty: by the key. */
  readonly partition: string;
  readonly key: DraftField;
  readonly value: DraftField;
  readonly headers: readonly DraftHeader[];
  /** Empty: when it is sent. */
  readonly timestamp: string;
  readonly compression: 'none' | 'gzip' | 'zstd';
  /** How many records, all the same. */
  readonly count: string;
}

/** The fields of a draft that something can be wrong with; headers by their place. */
export type DraftPlace =
  'topic' | 'partition' | 'key' | 'key schema' | 'value' | 'value schema' | 'timestamp' | 'count' | `header ${number}`;

/** The parts of a record that may have a schema. */
export type SchemaPart = 'key' | 'value';

/** The schema that a field's choice comes to. */
export interface SchemaView {
  /** Left out where it was chosen by its id. */
  readonly subject?: string | undefined;
  /** Of the subject, ascending. */
  readonly versions: readonly number[];
  readonly version?: number | undefined;
  readonly id: number;
  /** Protobuf's, by their full names. */
  readonly messages: readonly string[];
  /** Whether a header may name it: the registry gives its GUID. */
  readonly canBeInHeader: boolean;
}

/** What would be sent, or why nothing can be. */
export interface Plan {
  /** A sentence each. */
  readonly problems: Partial<Record<DraftPlace, string>>;
  /** What will happen, in words; left out where nothing can. */
  readonly sentences: readonly string[];
  readonly canSend: boolean;
  /** Of fields that have one, where it was found. */
  readonly schemas: Partial<Record<SchemaPart, SchemaView>>;
}

/** A file of JSON lines that is sent in place of what the form says of key, value and headers. */
export interface Lines {
  readonly name: string;
  readonly records: number;
  /** "Line 3: ...", the first of them. */
  readonly problems: readonly string[];
  readonly problemCount: number;
}

export interface ResultRow {
  /** From 1, in the order in which they were sent. */
  readonly number: number;
  readonly kind: 'written' | 'failed' | 'unknown' | 'not-sent';
  readonly topic: string;
  readonly partition: number;
  /** Left out where Kafka does not tell. */
  readonly offset?: Int64 | undefined;
  readonly timestamp?: Int64 | undefined;
  /** Why it was not written. */
  readonly message?: string | undefined;
  readonly sentAt: number;
}

export interface ProduceModel {
  readonly frame: Frame;
  readonly production: boolean;
  readonly readOnly: boolean;
  readonly topics: readonly string[];
  /** How many the draft's topic has, where that is known. */
  readonly partitions?: number | undefined;
  /** Of the cluster's Schema Registry; left out while nobody needs them. */
  readonly subjects?: readonly string[] | undefined;
  readonly hasRegistry: boolean;
  /** Where the record that is replayed was read, such as "orders-3, offset 12". */
  readonly replayOf?: string | undefined;
  readonly lines?: Lines | undefined;
  readonly sending?: { readonly done: number; readonly total: number } | undefined;
  /** What became of the last sending, a sentence. */
  readonly outcome?: { readonly good: boolean; readonly text: string } | undefined;
}

export type ToProducePage =
  /** `draft`: in place of what the form holds. */
  | {
      readonly type: 'full';
      readonly model: ProduceModel;
      readonly results: readonly ResultRow[];
      readonly draft?: Draft | undefined;
    }
  | { readonly type: 'model'; readonly model: ProduceModel }
  | { readonly type: 'plan'; readonly plan: Plan }
  /** Takes the place of one field: a file was chosen. */
  | { readonly type: 'field'; readonly place: DraftPlace; readonly field: DraftField }
  | { readonly type: 'results'; readonly model: ProduceModel; readonly results: readonly ResultRow[] };

export type FromProducePage =
  /** `draft`: kept from before the page was hidden. */
  | { readonly type: 'ready'; readonly draft?: Draft | undefined }
  | { readonly type: 'draft'; readonly draft: Draft }
  | { readonly type: 'send'; readonly draft: Draft }
  | { readonly type: 'cancel' }
  | { readonly type: 'retry' }
  | { readonly type: 'pickFile'; readonly place: DraftPlace }
  /** Bytes that are held, as text to be changed. */
  | { readonly type: 'editHeld'; readonly place: DraftPlace; readonly id: string }
  /** A value of the field's schema, to begin from. */
  | { readonly type: 'example'; readonly place: SchemaPart; readonly draft: Draft }
  | { readonly type: 'setRegistry' }
  | { readonly type: 'pickLines' }
  | { readonly type: 'dropLines' }
  | {
      readonly type: 'openBatches' | 'tail';
      readonly topic: string;
      readonly partition: number;
      readonly offset: Int64;
    }
  | { readonly type: 'copy'; readonly text: string };

/** What the page keeps in VS Code's state: what was typed; bytes of files and records stay with the host. */
export interface ProducePageState {
  readonly cluster: string;
  readonly draft?: Draft;
  readonly widths?: Readonly<Record<string, number>>;
}
