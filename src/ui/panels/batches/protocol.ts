/** What the batches page and its host say to each other; see src/ui/panels/protocol.ts for how. */
import type { ExportFormat, Frame, Int64 } from '../protocol.ts';

/** A batch; what it does not have, or a damaged one cannot tell, is left out. Times are milliseconds since 1970. */
export interface BatchItem {
  readonly baseOffset: Int64;
  readonly lastOffset: Int64;
  readonly count?: number | undefined;
  /** Bytes as stored, header included. */
  readonly size: number;
  readonly unpackedSize?: number | undefined;
  readonly ratio?: number | undefined;
  readonly compression?: string | undefined;
  readonly magic?: number | undefined;
  readonly timestampType?: string | undefined;
  readonly maxTimestamp?: Int64 | undefined;
  readonly leaderEpoch?: number | undefined;
  readonly producerId?: Int64 | undefined;
  readonly producerEpoch?: number | undefined;
  readonly baseSequence?: number | undefined;
  readonly lastSequence?: number | undefined;
  readonly transactional: boolean;
  /** Of its transaction: committed, aborted, open, unknown. */
  readonly outcome?: string | undefined;
  /** Of a control batch: commit, abort, ...; `marker` where there is no record in it to tell. */
  readonly control?: string | undefined;
  readonly coordinatorEpoch?: number | undefined;
  readonly deleteHorizon?: Int64 | undefined;
  /** Hexadecimal, as the header says and as the bytes give. */
  readonly crc?: string | undefined;
  readonly computedCrc?: string | undefined;
  readonly crcValid?: boolean | undefined;
  /** Why it is damaged, half a sentence. */
  readonly problem?: string | undefined;
}

/** A record of the batch on show. */
export interface RecordItem {
  readonly offset: Int64;
  readonly timestamp: Int64;
  /** One line; null where there is none. */
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: number;
  /** Bytes, unpacked. */
  readonly size: number;
}

/** Of the batches on show. */
export interface BatchSummary {
  readonly batches: number;
  readonly records: number;
  /** Bytes as stored. */
  readonly size: number;
  readonly recordsPerBatch?: number | undefined;
  /** Of those that are compressed: unpacked to stored. */
  readonly ratio?: number | undefined;
  /** Most used first. */
  readonly compressions: readonly { readonly name: string; readonly batches: number }[];
  /** Idempotent or transactional ones. */
  readonly producers: number;
  readonly transactional: number;
  readonly markers: number;
  readonly empty: number;
  readonly damaged: number;
}

/** Where the list begins. A time is what somebody typed. */
export type Position =
  | { readonly at: 'start' | 'end' }
  | { readonly at: 'offset'; readonly offset: Int64 }
  | { readonly at: 'time'; readonly time: string };

export interface BatchesModel {
  readonly frame: Frame;
  readonly partition: number;
  readonly position: Position;
  /** All that the topic has; empty until it is known. */
  readonly partitions: number;
  /** Where the log stood when it was last read. */
  readonly log?: { readonly start: Int64; readonly end: Int64; readonly lastStable: Int64 } | undefined;
  readonly summary: BatchSummary;
  readonly atStart: boolean;
  readonly atEnd: boolean;
  /** As many as the page holds are shown. */
  readonly isFull: boolean;
  readonly reading?: 'more' | 'earlier' | undefined;
  /** Why reading on failed, while what is shown stands. */
  readonly failure?: string | undefined;
}

export type ToBatchesPage =
  /** Replaces all that the page has. */
  | { readonly type: 'full'; readonly model: BatchesModel; readonly rows: readonly BatchItem[] }
  | {
      readonly type: 'rows';
      readonly model: BatchesModel;
      readonly rows: readonly BatchItem[];
      readonly where: 'after' | 'before';
    }
  | {
      readonly type: 'records';
      readonly baseOffset: Int64;
      readonly records: readonly RecordItem[];
      /** How many the batch holds. */
      readonly count: number;
      readonly problem?: string | undefined;
    };

export type FromBatchesPage =
  | { readonly type: 'ready'; readonly partition: number; readonly position: Position }
  | { readonly type: 'seek'; readonly partition: number; readonly position: Position }
  | { readonly type: 'more' }
  | { readonly type: 'earlier' }
  | { readonly type: 'cancel' }
  | { readonly type: 'retry' }
  /** Records of a batch, from the `from`th on. */
  | { readonly type: 'records'; readonly baseOffset: Int64; readonly from: number }
  | { readonly type: 'replay' | 'tail'; readonly offset: Int64 }
  | { readonly type: 'copy'; readonly text: string }
  /** `keys`: base offsets of what is shown, in its order; left out for all. */
  | { readonly type: 'export'; readonly format: ExportFormat; readonly keys?: readonly Int64[] | undefined };

/** What the page keeps in VS Code's state: how it is looked at, never data. */
export interface BatchesPageState {
  readonly cluster: string;
  readonly topic: string;
  readonly partition: number;
  readonly position: Position;
  readonly columns?: readonly string[];
  readonly widths?: Readonly<Record<string, number>>;
  readonly sort?: { readonly column: string; readonly descending: boolean };
  readonly filter?: string;
}
