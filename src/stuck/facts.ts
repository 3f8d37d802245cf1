import type { FormatId } from '../formats/decoder.ts';
import type { Commit } from '../groups/snapshot.ts';
import type { Fact, Failure, TopicPartition } from '../kafka/facts.ts';
import type { BatchFacts } from '../records/batch.ts';
import type { ControlRecord } from '../records/control.ts';
import type { Outcome } from '../records/transactions.ts';
import type { Shape } from './shape.ts';

/** A partition of a group. */
export interface StuckTarget extends TopicPartition {
  readonly group: string;
}

/** A key or a value as it can be shown; null is Kafka's null. */
export interface FieldView {
  /** In bytes, all of it. */
  readonly length: number;
  /** A copy of the first bytes, see `keptBytes`. */
  readonly bytes: Buffer;
  /** What it was read as; undefined where nothing fits. */
  readonly format: FormatId | undefined;
  /** For people, such as "Avro, schema 12". */
  readonly label: string;
  /** One line. */
  readonly preview: string;
  /** Whole and pretty, or its beginning. */
  readonly text: string;
  /** Language id of VS Code for `text`. */
  readonly language: string;
  /** `text` is its beginning only. */
  readonly isCut: boolean;
  /** Why it does not decode, a sentence. */
  readonly problem: string | undefined;
  /** It may decode with a Schema Registry. */
  readonly wantsRegistry?: boolean | undefined;
  /** Which fields it has and of what type; undefined where it is no object. */
  readonly shape: Shape | undefined;
}

export interface HeaderView {
  readonly key: string;
  /** As text, or as hex where it is none; cut where it is long. */
  readonly value: string | null;
}

export interface BatchView extends BatchFacts {
  /** Records that are still in it. */
  readonly count: number;
  /** Bytes of its records, unpacked. */
  readonly unpacked: number;
}

/** A record that outlives its batch. */
export interface RecordView {
  readonly offset: bigint;
  /** ms since 1970; -1 where there is none. */
  readonly timestamp: bigint;
  /** Bytes unpacked. */
  readonly size: number;
  /** A marker of Kafka's own, which no consumer is handed. */
  readonly control: ControlRecord | undefined;
  /** How its transaction ended; undefined where it is of none. */
  readonly outcome: Outcome | undefined;
  readonly key: FieldView | null;
  readonly value: FieldView | null;
  /** At most 100. */
  readonly headers: readonly HeaderView[];
  readonly batch: BatchView;
  /** The record's own encoding is damaged though its batch's checksum holds. */
  readonly damage: string | undefined;
}

/** A batch whose bytes are not what was written. */
export interface DamageView {
  /** First offset that it says to have, and where reading goes on. */
  readonly offset: bigint;
  readonly next: bigint;
  readonly problem: string;
  readonly size: number;
}

/** What lies around an offset. */
export interface Around {
  /** Markers among them, oldest first. */
  readonly before: readonly RecordView[];
  /** The first record or marker at or behind the offset; undefined where there is none up to `readTo`. */
  readonly at: RecordView | undefined;
  readonly after: readonly RecordView[];
  /** The first behind the offset that is no marker; what a `read_uncommitted` consumer is handed. */
  readonly nextData: RecordView | undefined;
  /** The first that is neither a marker nor aborted; it may be of an open transaction. */
  readonly next: RecordView | undefined;
  /** Between the offset and `next`, or `readTo` where there is no `next`. */
  readonly passed: { readonly markers: number; readonly aborted: number };
  readonly damaged: DamageView | undefined;
  /** Where reading stopped: at the log's end, or after as much as is worth it. */
  readonly readTo: bigint;
  readonly isWhole: boolean;
  /** It could not be read. */
  readonly failure: Failure | undefined;
}

/** A transaction that has begun in the partition and not ended. */
export interface OpenTransaction {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  /** Of the coordinator when the producer wrote last; -1 where unknown. */
  readonly coordinatorEpoch: number;
  /** Its first offset in this partition. */
  readonly startOffset: bigint;
  /** When the producer last wrote to the partition, ms since 1970. */
  readonly lastTimestamp: bigint;
  /** What its coordinator says of it; undefined: no coordinator lists it. */
  readonly known: CoordinatedTransaction | undefined;
}

export interface CoordinatedTransaction {
  readonly transactionalId: string;
  /** Broker id. */
  readonly coordinator: number;
  /** Such as Ongoing, see org.apache.kafka.clients.admin.TransactionState. */
  readonly state: string;
  readonly timeoutMs: number | undefined;
  /** ms since 1970. */
  readonly startedAt: number | undefined;
  readonly producerEpoch: number | undefined;
  /** How many partitions it has written to. */
  readonly partitions: number | undefined;
}

export interface OpenTransactions {
  /** Those whose first offset is the lowest come first. */
  readonly open: readonly OpenTransaction[];
  /** Why it may not be all: brokers that did not answer, rights that are missing. */
  readonly failures: readonly Failure[];
}

/** Who reads the partition, from the last look at the group. */
export interface OwnerFacts {
  readonly groupState: string;
  readonly members: number;
  readonly owner:
    | {
        readonly memberId: string;
        readonly clientId: string;
        readonly host: string;
        readonly instanceId: string | undefined;
      }
    | undefined;
  /** ms since 1970; undefined where it has not changed since watching began. */
  readonly committedAt: number | undefined;
  /** For how long it has been seen to stand, ms; undefined where it was not watched. */
  readonly unchangedFor: number | undefined;
}

/** Log start, high watermark, last stable offset. */
export interface LogBounds {
  readonly start: bigint;
  readonly end: bigint;
  readonly lastStable: Fact<bigint>;
}

/** All that was learned; what could not be is a failure in its place. */
export interface StuckFacts extends StuckTarget {
  /** ms since 1970 by this machine's clock. */
  readonly takenAt: number;
  readonly commit: Fact<Commit | undefined>;
  readonly log: Fact<LogBounds>;
  /** undefined where there is no offset to look at. */
  readonly around: Around | undefined;
  /** How the next record's fields fail to be what their neighbours are; undefined where they do not. */
  readonly mismatch: { readonly key: Mismatch | undefined; readonly value: Mismatch | undefined };
  /** Asked for only where a reader may be held back. */
  readonly transactions: Fact<OpenTransactions> | undefined;
  readonly owner: OwnerFacts | undefined;
  /** host:port of a broker, for commands to copy. */
  readonly bootstrap: string;
}

/** A field that is not of the format of its neighbours. */
export interface Mismatch {
  /** What most neighbours are, such as "JSON". */
  readonly expected: string;
  /** Why it is not, a sentence; undefined where it could be read as that too, or was not tried. */
  readonly reason: string | undefined;
  /** How many of the neighbours are of that format, and how many there are. */
  readonly of: readonly [matching: number, all: number];
}
