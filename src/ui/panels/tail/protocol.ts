/**
 * What the tail page and its host say to each other. The host owns the records; the page has a window of rows. A 64-bit integer
 * travels as a decimal string, and what is not known is left out. Everything that came from Kafka is hostile text.
 */
import type { Frame, Int64 } from '../protocol.ts';

/**
 * What the reading does. `starting`: finding its positions. `running`: records come, or are waited for. `resting`: the page was hidden, and nothing is asked of
 * the cluster; it goes on as the page is seen. `stopped`: by the person. `finished`: all was read that was asked for. `failed`: see the frame's problem or verdict.
 */
export type Reading = 'starting' | 'running' | 'resting' | 'stopped' | 'finished' | 'failed';

/** Where reading begins or is moved to; `last` counts records of each partition, or of all together. */
export type StartSpec =
  | { readonly at: 'beginning' | 'end' }
  | { readonly at: 'last'; readonly count: number; readonly of: 'partition' | 'topic' }
  | { readonly at: 'offset'; readonly offset: Int64 }
  /** Milliseconds since 1970. */
  | { readonly at: 'timestamp'; readonly timestamp: Int64 }
  /** What people type: `10 minutes ago`, `2h ago`, `yesterday`, `2026-03-01 12:00`, `2026-03-01T12:00:00Z`, ms since 1970. The host tells what is wrong with it. */
  | { readonly at: 'time'; readonly text: string }
  /** What the group committed; the end where it has not. */
  | { readonly at: 'group'; readonly group: string };

export type StopSpec =
  | { readonly at: 'never' | 'end' }
  | { readonly at: 'offset'; readonly offset: Int64 }
  | { readonly at: 'timestamp'; readonly timestamp: Int64 }
  | { readonly at: 'time'; readonly text: string };

export type IsolationSpec = 'read_uncommitted' | 'read_committed' | 'both';
export type Order = 'arrival' | 'time';
export type Outcome = 'committed' | 'aborted' | 'open' | 'unknown';
export type Part = 'key' | 'value';

/** A key, or a value, on one line of at most some 200 characters. */
export interface Preview {
  /** `null`: there is none (for a value: a tombstone). `failed`: it does not decode; `text` is then its bytes as text or hex, and `why` says the reason. */
  readonly kind: 'text' | 'null' | 'empty' | 'failed';
  readonly text: string;
  /** Id of the format that it was decoded by. */
  readonly format?: string | undefined;
  readonly why?: string | undefined;
  /** There is more of it. */
  readonly cut?: boolean | undefined;
}

interface RowBase {
  /** Names the row as long as it is kept; in order of arrival. */
  readonly seq: number;
}

export interface RecordRow extends RowBase {
  readonly kind: 'record';
  readonly partition: number;
  readonly offset: Int64;
  /** Milliseconds since 1970. */
  readonly timestamp?: Int64 | undefined;
  readonly timestampType: 'CreateTime' | 'LogAppendTime' | 'none';
  readonly key: Preview;
  readonly value: Preview;
  /** Bytes, uncompressed: key, value, headers and what encodes them. */
  readonly size: number;
  readonly headerCount: number;
  /** `name=value` of the first ones. */
  readonly headers: string;
  /** Left out where it has no transaction. */
  readonly transaction?: Outcome | undefined;
  /** A marker of Kafka's own: `commit`, `abort`, ...; its key and value are described in words. */
  readonly control?: string | undefined;
  /** Of `TailModel.extraColumns`, in their order. */
  readonly cells?: readonly string[] | undefined;
}

/** A batch whose bytes are none; reading goes on behind it. */
export interface DamagedRow extends RowBase {
  readonly kind: 'damaged';
  readonly partition: number;
  readonly offset: Int64;
  /** Bytes. */
  readonly size: number;
  readonly message: string;
}

/** What happened between the records: the tail jumped, retention took records, a leader moved, ... */
export interface NoticeRow extends RowBase {
  readonly kind: 'notice';
  readonly notice: Notice;
}

export type TailRow = RecordRow | DamagedRow | NoticeRow;

export interface Notice {
  readonly severity: 'info' | 'warning' | 'error';
  /** ms since 1970 by the host's clock. */
  readonly at: number;
  /** Left out where it is about all. */
  readonly partition?: number | undefined;
  /** One sentence or two. */
  readonly message: string;
}

export interface PartitionState {
  readonly partition: number;
  /** The next offset that is read. */
  readonly position?: Int64 | undefined;
  readonly start?: Int64 | undefined;
  /** The high watermark. */
  readonly end?: Int64 | undefined;
  readonly lastStable?: Int64 | undefined;
  readonly state: 'locating' | 'reading' | 'at-end' | 'finished' | 'unavailable' | 'denied' | 'deleted';
  /** Why it is not read. */
  readonly why?: string | undefined;
}

/** What is kept: a ring, bounded by records and by bytes; the oldest are dropped. */
export interface Kept {
  readonly records: number;
  /** Bytes of the records. */
  readonly size: number;
  /** Bytes that they take in memory, which is what is bounded. */
  readonly bytes: number;
  readonly maxRecords: number;
  readonly maxBytes: number;
  /** Records that came and were dropped since the last clear. */
  readonly dropped: number;
  /** Seq of the oldest row that is kept. */
  readonly firstSeq: number;
}

/**
 * The rows that the filter leaves, in the chosen order. They have positions: `first` to `first + count - 1`. A position means the same row as long as the generation is the
 * same: the oldest rows fall out by `first` going up. With a new generation ask anew, `anchor` tells where a row is now.
 */
export interface ViewState {
  readonly generation: number;
  readonly first: number;
  readonly count: number;
  /** Records that came while the view was paused, and that are shown when it goes on (those that the filter leaves). */
  readonly waiting: number;
  /** 0 to 1 while the filter is still being applied to what is kept; left out when it is done. */
  readonly evaluating?: number | undefined;
}

export interface FilterState {
  /** As typed, see `filter` of the page's messages. */
  readonly text: string;
  /** Set by brushing the histogram. Milliseconds since 1970, `to` not included. */
  readonly time?: { readonly from: number; readonly to: number } | undefined;
  /** Values so large that the filter looked at their first part only, or, for JSON paths, not at all; left out where there is none. */
  readonly large?: number | undefined;
  /** What is wrong with the text, and which characters of it; the last filter that was right stays in force. */
  readonly error?: { readonly message: string; readonly from: number; readonly to: number } | undefined;
}

export interface Histogram {
  /** Milliseconds since 1970 of the first bucket's begin, and the width of each. */
  readonly from: number;
  readonly step: number;
  /** Records kept in each bucket. */
  readonly counts: readonly number[];
  /** Of these, those that the filter leaves; left out without a filter. */
  readonly shown?: readonly number[] | undefined;
  /** Records without a time. */
  readonly without: number;
}

/** A search of the topic itself; while there is one, the rows are what it found. */
export interface SearchState {
  readonly text: string;
  readonly state: 'running' | 'done' | 'cancelled' | 'failed';
  readonly from: StartSpec;
  readonly to: StopSpec;
  readonly found: number;
  readonly records: Int64;
  readonly bytes: number;
  /** 0 to 1, by offsets; left out as long as the range is not known. */
  readonly done?: number | undefined;
  /** A second. */
  readonly recordsPerSecond: number;
  readonly bytesPerSecond: number;
  /** Seconds left; left out where it cannot be told. */
  readonly eta?: number | undefined;
  /** ms it has taken. */
  readonly elapsed: number;
  /** Why it failed, or why it ended early (as many found as are kept). */
  readonly message?: string | undefined;
}

export interface FormatChoice {
  readonly id: string;
  readonly label: string;
}

export interface Formats {
  readonly available: readonly FormatChoice[];
  /** Id; `auto` where it is detected record by record. */
  readonly key: string;
  readonly value: string;
}

export interface ExtraColumn {
  readonly id: string;
  readonly label: string;
  readonly align: 'start' | 'end';
}

/** A group's committed offset in a partition of the topic. */
export interface GroupPosition {
  readonly group: string;
  readonly partition: number;
  readonly offset: Int64;
}

export interface TailModel {
  /** Crumbs: cluster, topic, partitions. `state`: the reading in a word. `verdict`: what happened, worst first. `problem`: why there are no rows at all. */
  readonly frame: Frame;
  /** Another one when the rows' numbers begin anew, as after a restart. */
  readonly session: string;
  /** For the page to keep as its state, so that a restart brings back what is read now. */
  readonly target: TailTarget;
  readonly cluster: string;
  readonly topic: string;
  /** Chosen; left out for all. */
  readonly partitions?: readonly number[] | undefined;
  /** What was asked for last; `startWords` says it in words. */
  readonly start: StartSpec;
  readonly startWords: string;
  /** Where it ends by itself, in words; left out where it does not. */
  readonly stopWords?: string | undefined;
  readonly isolation: IsolationSpec;
  readonly reading: Reading;
  /** The view stands still; reading goes on. */
  readonly paused: boolean;
  /** Whether reading goes on while the page is hidden. */
  readonly keepRunning: boolean;
  readonly kept: Kept;
  readonly view: ViewState;
  readonly order: Order;
  readonly filter: FilterState;
  /** Arriving, a second, over the last seconds. */
  readonly recordsPerSecond: number;
  readonly bytesPerSecond: number;
  readonly positions: readonly PartitionState[];
  /** The last ones, newest first; all of them are rows too. */
  readonly notices: readonly Notice[];
  readonly histogram: Histogram;
  readonly search?: SearchState | undefined;
  readonly formats: Formats;
  readonly extraColumns: readonly ExtraColumn[];
  /** What the columns of key and value show, where it is not what they hold; the extra columns then stand before both. */
  readonly labels?: { readonly key: string; readonly value: string } | undefined;
  /** Groups that have commits in this topic, by name: for `seek` to a group's position, and marks in the table. */
  readonly groups: readonly string[];
  readonly groupPositions: readonly GroupPosition[];
  /** Nothing may be written to the cluster, by its settings. */
  readonly readOnly?: boolean | undefined;
  /** An export that is under way. */
  readonly exporting?: { readonly done: number; readonly of: number } | undefined;
}

/** A line of the details: a fact and what it says. */
export interface DetailFact {
  readonly label: string;
  readonly value: string;
  /** What it means, on hover. */
  readonly hint?: string | undefined;
}

/** A text of the details pane: formatted, raw and as hex, each bounded; `open` shows all of it. */
export interface DetailText {
  readonly part: Part;
  readonly kind: Preview['kind'];
  /** Bytes. */
  readonly size: number;
  /** Decoded and laid out. */
  readonly formatted: string;
  /** VS Code's language id, such as json. */
  readonly language: string;
  /** As UTF-8, as it is. */
  readonly raw: string;
  /** Offsets, hex and ASCII, as hexdump -C. */
  readonly hex: string;
  /** Id and name of the format that it was decoded by. */
  readonly format: string;
  readonly formatLabel: string;
  /** Why it does not decode. */
  readonly why?: string | undefined;
  /** It may decode with a Schema Registry: none is set, or the one that is set failed. */
  readonly wantsRegistry?: boolean | undefined;
  /** What the decoder knows of it, such as the schema's id and name. */
  readonly facts: readonly DetailFact[];
  /** Only the first part of it is here. */
  readonly cut: boolean;
}

export interface DetailSection {
  readonly title: string;
  readonly facts: readonly DetailFact[];
}

export interface RecordDetails {
  readonly seq: number;
  /** topic-partition, offset. */
  readonly title: string;
  readonly row: TailRow;
  readonly key?: DetailText | undefined;
  readonly value?: DetailText | undefined;
  readonly headers: readonly { readonly name: string; readonly value: string; readonly kind: Preview['kind'] }[];
  /** Record, batch, transaction, and what the records of this topic have besides. */
  readonly sections: readonly DetailSection[];
}

/** Host to page. */
export type ToTailPage =
  /** Replaces all that the page has. */
  | { readonly type: 'full'; readonly model: TailModel }
  /** What changed of the model: whole values of its first level; `clear` names those that are no more. */
  | { readonly type: 'update'; readonly changed: Partial<TailModel>; readonly clear?: readonly (keyof TailModel)[] }
  /**
   * Rows from position `first` on, in the answer to `window` and again whenever rows of that window changed or came. `anchor`: where the
   * anchor of the page's `window` message is now; its position is left out where it is not (or no more) shown.
   */
  | {
      readonly type: 'rows';
      readonly generation: number;
      readonly first: number;
      readonly rows: readonly TailRow[];
      readonly anchor?: { readonly seq: number; readonly position?: number | undefined } | undefined;
    }
  /** left out: the record is not kept any more. */
  | { readonly type: 'details'; readonly seq: number; readonly details?: RecordDetails | undefined }
  /** The host asks the page to show and select a row, as after a jump, or in the answer to `where`. */
  | { readonly type: 'reveal'; readonly seq: number; readonly position: number }
  /** Something that the person asked for went wrong; `about` says where it is to be shown. */
  | { readonly type: 'problem'; readonly about: 'seek' | 'search' | 'filter' | 'export'; readonly message: string };

/** Rows by position: those that are selected, however many. Of another generation than the present one it means nothing. */
export interface RowRange {
  readonly generation: number;
  readonly first: number;
  readonly count: number;
}

export type ExportKind = 'jsonl' | 'csv' | 'files';

/** What a page is opened with, and what it is restored from. */
export interface TailTarget {
  readonly cluster: string;
  readonly topic: string;
  readonly partitions?: readonly number[] | undefined;
  readonly start: StartSpec;
  readonly stop?: StopSpec | undefined;
  readonly isolation?: IsolationSpec | undefined;
  /** To begin with; the person may change it. */
  readonly filter?: string | undefined;
}

/** Page to host. */
export type FromTailPage =
  /** The page is there; what it kept of how it is looked at is put in force before the first answer. */
  | {
      readonly type: 'ready';
      readonly filter?: string | undefined;
      readonly order?: Order | undefined;
      readonly time?: FilterState['time'];
    }
  /**
   * Which rows the page wants to have, by position; `follow`: the last `count` ones, whatever their positions are. `anchor`: a row
   * whose position is asked for.
   */
  | {
      readonly type: 'window';
      readonly first: number;
      readonly count: number;
      readonly follow?: boolean | undefined;
      readonly anchor?: number | undefined;
    }
  /** The view stands still, or goes on; nothing is lost. */
  | { readonly type: 'pause'; readonly paused: boolean }
  | { readonly type: 'stop' }
  /** Goes on where it was stopped; after a failure tries again. */
  | { readonly type: 'resume' }
  | { readonly type: 'clear' }
  | { readonly type: 'keepRunning'; readonly keepRunning: boolean }
  /** Jumps: all partitions, or those named. `stop`: where all of them end from now on; as before where left out. */
  | {
      readonly type: 'seek';
      readonly to: StartSpec;
      readonly partitions?: readonly number[] | undefined;
      readonly stop?: StopSpec | undefined;
    }
  /** Which partitions, isolation and stop; reading goes on from where it is. */
  | {
      readonly type: 'read';
      readonly partitions?: readonly number[] | 'all' | undefined;
      readonly isolation?: IsolationSpec | undefined;
      readonly stop?: StopSpec | undefined;
    }
  /**
   * Filters what is kept, as typed. Terms are separated by blanks and all must hold; `-` before a term turns it round; quotes keep blanks.
   *
   *     text "two words"            key, value or headers hold it, in any case
   *     /regex/i                    key, value or headers match
   *     key:abc value:abc           only there; key="abc" is all of it; key:/re/ matches
   *     header:name header:name=v   has it; has it with this value
   *     $.order.total > 100         JSON path of the value; ==, !=, <, <=, >, >=, =~ /re/; alone: it is there
   *     partition:0,2-4 offset:100..200 offset>=100 size>10kb
   *     time:12:00..12:30 time:"10 minutes ago".. time>2026-03-01T12:00
   *     keypartition:"order 7"      the partition that this key goes to (Java's murmur2; keypartition-crc32: librdkafka's)
   *     tx:aborted                  committed, aborted, open, unknown, none
   *     is:tombstone                tombstone, control, damaged, notice, nokey, undecodable
   */
  | { readonly type: 'filter'; readonly text: string; readonly time?: FilterState['time'] }
  /** Reads the topic for what this filter leaves; the same language. Partitions: those of the tail. */
  | { readonly type: 'search'; readonly text: string; readonly from: StartSpec; readonly to: StopSpec }
  /** Ends a search that runs; what it found stays. */
  | { readonly type: 'cancelSearch' }
  /** Back to the tail. */
  | { readonly type: 'closeSearch' }
  | { readonly type: 'order'; readonly order: Order }
  | { readonly type: 'details'; readonly seq: number }
  /** A page that was hidden is there again and had its cursor on this row: answered by `reveal`, if it is still shown. */
  | { readonly type: 'where'; readonly seq: number }
  /** As an editor document. */
  | { readonly type: 'open'; readonly seq: number; readonly part: Part }
  /** In the diff editor: values; where they are the same, keys. */
  | { readonly type: 'compare'; readonly seqs: readonly [number, number] }
  /** Page texts. */
  | { readonly type: 'copy'; readonly text: string }
  /** Rows as the page's table has them: a line of titles, then a line a row, tabs between the columns. For ranges that the page has not all of. */
  | {
      readonly type: 'copyRows';
      readonly rows: RowRange;
      readonly columns: readonly { readonly id: string; readonly title: string }[];
    }
  /** Records, or the command that reads them. */
  | {
      readonly type: 'copyRecords';
      readonly seqs: readonly number[];
      readonly as: 'key' | 'value' | 'json' | 'kcat' | 'console-consumer';
    }
  | { readonly type: 'export'; readonly as: ExportKind; readonly which: 'shown' | 'all' | readonly number[] | RowRange }
  | { readonly type: 'cancelExport' }
  | { readonly type: 'format'; readonly part: Part; readonly id: string }
  /** Another page about a record: it is written again, or shown with its batch. */
  | { readonly type: 'go'; readonly seq: number; readonly to: 'replay' | 'batches' | 'reset' }
  /** "What is it stuck on?" of a group that stands in this partition. */
  | { readonly type: 'explain'; readonly group: string; readonly partition: number }
  | { readonly type: 'setRegistry' };

/**
 * What the tail page keeps in VS Code's state: how it is looked at, never data. `target` comes to the page as JSON in its document
 * (`metaOf('target').tail`) and then with each model.
 */
export interface TailPageState {
  readonly target: TailTarget;
  readonly filter?: string;
  readonly time?: { readonly from: number; readonly to: number };
  readonly order?: Order;
  readonly columns?: readonly string[];
  readonly widths?: Readonly<Record<string, number>>;
  readonly histogram?: boolean;
  readonly details?: boolean;
  readonly detailsSize?: number;
  readonly follow?: boolean;
  /** The row under the cursor; of no use in another session. */
  readonly cursor?: { readonly session: string; readonly seq: number };
}

/** Whatever concerns no editor, file, clipboard or other page. */
export type FeedMessage = Exclude<
  FromTailPage,
  {
    type:
      | 'open'
      | 'compare'
      | 'copy'
      | 'copyRows'
      | 'copyRecords'
      | 'export'
      | 'cancelExport'
      | 'go'
      | 'explain'
      | 'setRegistry';
  }
>;
