/** What the page "What is it stuck on?" and its host say to each other; see ../protocol.ts for how. */
import type { Frame, Int64 } from '../protocol.ts';

/** A key or a value; null is Kafka's null. */
export interface StuckField {
  /** Bytes. */
  readonly length: number;
  /** Such as "JSON" or "Avro, schema 12". */
  readonly label: string;
  readonly preview: string;
  /** Pretty; its beginning only where `isCut`. */
  readonly text: string;
  readonly isCut: boolean;
  /** Why it does not decode. */
  readonly problem?: string | undefined;
  /** It may decode with a Schema Registry. */
  readonly wantsRegistry?: boolean | undefined;
}

export interface StuckBatch {
  readonly baseOffset: Int64;
  readonly lastOffset: Int64;
  readonly count: number;
  /** Bytes as sent, and as unpacked. */
  readonly size: number;
  readonly unpacked: number;
  readonly compression: string;
  readonly magic: number;
  readonly crc: number;
  readonly leaderEpoch: number;
  /** Left out where the producer is neither idempotent nor transactional. */
  readonly producer?: { readonly id: Int64; readonly epoch: number; readonly sequence: number } | undefined;
  readonly isTransactional: boolean;
}

/** Where a record stands to what the group has committed. */
export type StuckPlace = 'before' | 'next' | 'after';

/** How a record's transaction ended; `none` where it is of none. */
export type StuckOutcome = 'none' | 'committed' | 'aborted' | 'open' | 'unknown';

export interface StuckRecord {
  readonly offset: Int64;
  readonly place: StuckPlace;
  /** ms since 1970. */
  readonly timestamp?: number | undefined;
  readonly timestampType: string;
  readonly size: number;
  /** Of a marker of Kafka's own: commit, abort, ... */
  readonly marker?: string | undefined;
  readonly outcome: StuckOutcome;
  readonly key: StuckField | null;
  readonly value: StuckField | null;
  readonly headers: readonly { readonly key: string; readonly value: string | null }[];
  readonly batch: StuckBatch;
  /** Its own encoding is damaged. */
  readonly damage?: string | undefined;
}

export interface StuckFinding {
  readonly kind: string;
  readonly level: 'cause' | 'hint' | 'note';
  readonly text: string;
  readonly evidence: readonly string[];
  readonly advice?: string | undefined;
  readonly commands: readonly { readonly label: string; readonly text: string }[];
  readonly offset?: Int64 | undefined;
}

export interface StuckModel {
  readonly verdict: string;
  readonly isFine: boolean;
  readonly findings: readonly StuckFinding[];
  /** By offset. */
  readonly records: readonly StuckRecord[];
  /** The record that a consumer is handed next. */
  readonly focus?: Int64 | undefined;
}

/** Figures that go on with each poll, while the record stays. */
export interface StuckFigures {
  readonly committed?: Int64 | undefined;
  /** What the consumer stored beside the offset. */
  readonly metadata?: string | undefined;
  readonly start?: Int64 | undefined;
  readonly end?: Int64 | undefined;
  readonly lastStable?: Int64 | undefined;
  readonly lag?: Int64 | undefined;
  /** When the next record was written, ms since 1970: how old it is grows by itself. */
  readonly nextWrittenAt?: number | undefined;
  /** Nothing waits. */
  readonly isCaughtUp: boolean;
  readonly owner?: string | undefined;
  readonly host?: string | undefined;
  /** For how long the commit has been seen to stand, ms, at `Frame.sentAt`. */
  readonly standsFor?: number | undefined;
}

/** Host to page. */
export type ToStuckPage =
  /** All of it. `model` is left out while there is none: `frame.problem` says why. */
  | {
      readonly type: 'full';
      readonly frame: Frame;
      readonly figures: StuckFigures;
      readonly model?: StuckModel | undefined;
      readonly isBusy: boolean;
    }
  /** The record is the same. */
  | { readonly type: 'figures'; readonly frame: Frame; readonly figures: StuckFigures; readonly isBusy: boolean };

/** Page to host. */
export type FromStuckPage =
  | { readonly type: 'ready' }
  | { readonly type: 'pause'; readonly paused: boolean }
  | { readonly type: 'refresh' }
  | { readonly type: 'copy'; readonly text: string }
  /** A record's value in an editor. */
  | { readonly type: 'document'; readonly offset: Int64 }
  | { readonly type: 'tail' | 'batches' | 'replay'; readonly offset: Int64 }
  /** The group goes on behind the record, or at it. */
  | { readonly type: 'skip' | 'reset'; readonly offset: Int64 }
  | { readonly type: 'openLag' | 'setRegistry' };

/** What the page keeps: how it is looked at, never data. */
export interface StuckPageState {
  readonly cluster: string;
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly widths?: Readonly<Record<string, number>>;
}
