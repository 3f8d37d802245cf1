import type { Failure } from '../kafka/facts.ts';
import type { RecordBatch } from './batch.ts';
import type { DamagedError } from './damaged.ts';
import type { Transaction } from './transactions.ts';

/** Of a batch, the records from `from` up to, not including, `to`: those that were asked for. */
export interface Slice {
  readonly batch: RecordBatch;
  readonly from: number;
  readonly to: number;
  /** Where it is known and there is one, see `ReadOptions.isolation`. */
  readonly transaction: Transaction | undefined;
}

/** Where a partition's log stood when it was last fetched from. */
export interface LogState {
  readonly start: bigint;
  /** The high watermark. */
  readonly end: bigint;
  readonly lastStable: bigint;
}

/** What comes of one fetch of one partition. */
export interface RecordsEvent {
  readonly kind: 'records';
  readonly partition: number;
  /** In order of offsets, control batches among them. May be empty: offsets without records were passed over. */
  readonly slices: readonly Slice[];
  /** Records that `read_committed` leaves out. */
  readonly abortedRecords: number;
  /** Transactions whose end has now been read. */
  readonly ended: readonly Transaction[];
  readonly log: LogState;
  /** Where reading goes on. */
  readonly next: bigint;
}

export interface DamagedEvent {
  readonly kind: 'damaged';
  readonly partition: number;
  readonly error: DamagedError;
  /** The batch as it came; of one whose length cannot be, all that came with it. */
  readonly bytes: Buffer;
  /** Where reading goes on. */
  readonly next: bigint;
}

/** The offset that was to be read is not there. Before the log's start: retention or a deletion took it. */
export interface OutOfRangeEvent {
  readonly kind: 'out-of-range';
  readonly partition: number;
  readonly cause: 'below-start' | 'beyond-end';
  readonly asked: bigint;
  readonly start: bigint;
  readonly end: bigint;
  /** Where reading goes on: the log's start, or its end. */
  readonly next: bigint;
  /** Whether records of this partition were read before: then the log was cut while it was read. */
  readonly whileReading: boolean;
}

export interface LeaderMovedEvent {
  readonly kind: 'leader-moved';
  readonly partition: number;
  /** Broker ids. */
  readonly from: number;
  readonly to: number;
}

/** Cannot be read for now, and is tried again and again. Said once for each reason. */
export interface UnavailableEvent {
  readonly kind: 'unavailable';
  readonly partition: number;
  readonly failure: Failure;
}

/** What was unavailable is read again. */
export interface AvailableEvent {
  readonly kind: 'available';
  readonly partition: number;
}

/** Another topic has its name now; it is read from its beginning. */
export interface RecreatedEvent {
  readonly kind: 'topic-recreated';
  /** Undefined of brokers that have none. */
  readonly topicId: string | undefined;
}

/** The topic has a partition more than before; it is read from its beginning. */
export interface PartitionAddedEvent {
  readonly kind: 'partition-added';
  readonly partition: number;
}

export interface FinishedEvent {
  readonly kind: 'finished';
  readonly partition: number;
  /** `stop`: all was read that was asked for. `deleted`, `denied`: there is nothing (more) to be read. */
  readonly cause: 'stop' | 'deleted' | 'denied';
  readonly failure: Failure | undefined;
  /** The first offset that was not read. */
  readonly next: bigint | undefined;
}

export type ReadEvent =
  | RecordsEvent
  | DamagedEvent
  | OutOfRangeEvent
  | LeaderMovedEvent
  | UnavailableEvent
  | AvailableEvent
  | RecreatedEvent
  | PartitionAddedEvent
  | FinishedEvent;
