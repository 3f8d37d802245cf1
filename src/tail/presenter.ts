import type { Plain } from '../formats/plain.ts';
import type { Slice } from '../records/events.ts';
import type { KeptRecord } from './keptRecord.ts';

export type Part = 'key' | 'value';

/** A key or a value on one line. */
export interface Preview {
  /** `null`: there is none. `failed`: it does not decode; `text` is then its bytes, and `why` says the reason. */
  readonly kind: 'text' | 'null' | 'empty' | 'failed';
  readonly text: string;
  readonly format?: string | undefined;
  readonly why?: string | undefined;
  readonly cut?: boolean | undefined;
}

export interface Cells {
  readonly key: Preview;
  readonly value: Preview;
  /** Of `RecordPresenter.columns`, in their order. */
  readonly more?: readonly string[];
}

export interface Column {
  readonly id: string;
  readonly label: string;
  readonly align: 'start' | 'end';
}

export interface Fact {
  readonly label: string;
  readonly value: string;
  readonly hint?: string | undefined;
}

export interface Section {
  readonly title: string;
  readonly facts: readonly Fact[];
}

/** A key or a value as a text of its own. */
export interface Document {
  readonly kind: Preview['kind'];
  readonly text: string;
  /** VS Code's language id. */
  readonly language: string;
  readonly format: string;
  readonly formatLabel: string;
  readonly why?: string | undefined;
  /** It may decode with a Schema Registry. */
  readonly wantsRegistry?: boolean | undefined;
  /** There is more of it: it is too large to be laid out. */
  readonly cut?: boolean | undefined;
}

type Soon<T> = T | Promise<T>;

/**
 * What the records of a topic mean: how a page of records shows, searches and explains them. A promise only where something, such as
 * a schema, must be fetched first. Nothing throws or rejects.
 */
export interface RecordPresenter {
  /** Columns beside those that all records have. */
  readonly columns: readonly Column[];
  /** How the columns of key and value are called, where they show something else. */
  readonly labels?: { readonly key: string; readonly value: string } | undefined;
  /** Told of what was read, in order, where what records mean depends on those before. */
  take?(slice: Slice): void;
  cells(record: KeptRecord): Soon<Cells>;
  /** The value as data; undefined where it does not decode. */
  plain(record: KeptRecord): Soon<Plain | undefined>;
  /** What people see of a part, where its bytes do not hold that as text; undefined where they do. */
  shownText(record: KeptRecord, part: Part): Soon<string | undefined>;
  /** Whether `shownText` may say anything: then the bytes of a batch cannot tell that a text is not in it. */
  readonly hidesText: boolean;
  /** `whole`: for an editor; otherwise as much as a pane shows. What is very large is not laid out, so that nothing else waits for it. */
  document(record: KeptRecord, part: Part, whole?: boolean): Soon<Document>;
  /** What the details say beside record, batch and transaction. */
  sections(record: KeptRecord): Soon<readonly Section[]>;
}
