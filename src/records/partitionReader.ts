import type { AbortedTransaction, PartitionData } from '../kafka/protocol/generated/fetch.ts';
import type { RecordBatch } from './batch.ts';
import { DamagedError } from './damaged.ts';
import type { LogState, ReadEvent, Slice } from './events.ts';
import { openBatchSteps, splitBatches, type OpenOptions, type Shell } from './openBatch.ts';
import { TransactionTracker, type Transaction } from './transactions.ts';

export type ReadIsolation = 'read_uncommitted' | 'read_committed' | 'both';

export interface PartitionOptions extends OpenOptions {
  readonly isolation: ReadIsolation;
  /** Stop at the first record at or after this time, milliseconds since 1970. */
  readonly stopTime: bigint | undefined;
}

/** Bytes of one partition in one answer, at first. */
const firstFetchBytes = 1 << 20;
/** ... and where there is that much. */
const usualFetchBytes = 4 << 20;
/** A batch that is said to be larger cannot come in one answer. */
const maxFetchBytes = 200 << 20;

/** What an answer brought of a partition, taken note of but not decoded. */
export interface Taken {
  readonly shells: readonly Shell[];
  /** What was asked for: records before it are left out. */
  readonly from: bigint;
  readonly aborted: readonly AbortedTransaction[] | undefined;
  readonly log: LogState;
}

/** One partition being read: where it stands, and what its batches mean. */
export class PartitionReader {
  readonly topic: string;
  readonly partition: number;
  /** Next offset to fetch; undefined where it must be found out. */
  position: bigint | undefined;
  /** First offset not to be read; undefined: none. */
  stop: bigint | undefined;
  log: LogState | undefined;
  /** Bytes to ask for. */
  fetchBytes = firstFetchBytes;
  /** Whether anything was read. */
  hasRead = false;
  readonly #options: PartitionOptions;
  readonly #tracker = new TransactionTracker();
  /** How far to go on from a batch whose offsets cannot be trusted: doubles while that does not get past it. */
  #leap = 1n;
  /** Base offset of the last damaged batch: it may come again until reading is past it. */
  #lastDamaged: bigint | undefined;
  /** Where an answer without any batch was had though the log goes on. */
  #emptyAt: bigint | undefined;

  constructor(topic: string, partition: number, options: PartitionOptions) {
    this.topic = topic;
    this.partition = partition;
    this.#options = options;
  }

  /** All was read that was asked for, by its offsets. */
  get isAtStop(): boolean {
    return this.position !== undefined && this.stop !== undefined && this.position >= this.stop;
  }

  /** The time to stop at is over, no record was that new, and what comes from now on is not asked for. */
  get isOutOfTime(): boolean {
    const { position, log } = this;
    const { stopTime, isolation } = this.#options;
    if (stopTime === undefined || position === undefined || log === undefined) return false;
    return position >= (isolation === 'read_committed' ? log.lastStable : log.end) && Date.now() > stopTime;
  }

  /** Whether to ask for what is committed only. For `both`: up to the LSO, where the answer tells what was aborted. */
  get asksCommitted(): boolean {
    const { isolation } = this.#options;
    if (isolation !== 'both') return isolation === 'read_committed';
    return this.log === undefined || this.position === undefined || this.position < this.log.lastStable;
  }

  /**
   * Takes note of an answer, and moves on so that the next can be asked for; `decode` then makes events of it.
   *
   * @param isEmpty the answer holds no batch of any partition.
   */
  take(data: PartitionData, isCommittedOnly: boolean, isEmpty: boolean): Taken {
    const from = this.position!;
    const { logStartOffset: start, highWatermark: end, lastStableOffset } = data;
    // A broker that does not tell the LSO has no transactions.
    const log = { start, end, lastStable: lastStableOffset < 0n ? end : lastStableOffset };
    this.log = log;
    const records = (data.records ?? Buffer.alloc(0)) as Buffer;
    const { shells: whole, cutOff } = splitBatches(records, from, end);
    let shells = whole;
    if (shells.length === 0 && cutOff > 0) {
      // A broker sends the first batch whole whatever its size (KIP-74), if only it has been asked for enough.
      if (cutOff > this.fetchBytes && cutOff <= maxFetchBytes) this.fetchBytes = cutOff;
      else shells = [damagedShell(records, cutOff)];
    } else if (records.length >= this.fetchBytes / 2 && this.fetchBytes < usualFetchBytes) {
      this.fetchBytes *= 2;
    }
    this.#advance(shells, from, isCommittedOnly ? log.lastStable : end, isEmpty);
    return { shells, from, aborted: isCommittedOnly ? (data.abortedTransactions ?? []) : undefined, log };
  }

  #advance(shells: readonly Shell[], from: bigint, readable: bigint, isEmpty: boolean): void {
    const last = shells.at(-1);
    if (last === undefined) {
      // Compaction took all up to the end: no batch will come to tell so. The second time it is certain.
      if (isEmpty && readable > from && this.#emptyAt === from) this.position = readable;
      this.#emptyAt = isEmpty ? from : undefined;
      return;
    }
    const good = shells.findLast(({ problem }) => problem === undefined);
    if (good !== undefined) this.position = good.lastOffset + 1n;
    if (last.problem === undefined) {
      this.#leap = 1n;
      return;
    }
    const position = this.position! + this.#leap;
    this.#leap *= 2n;
    this.position = position > readable && readable > from ? readable : position;
  }

  /**
   * Opens the batches one after the other: undefined between them, so that whoever iterates can take a breath, and a promise where it
   * goes on only when that is settled. To be used up before the next answer is taken.
   */
  *decode({ shells, from, aborted, log }: Taken): Generator<ReadEvent | Promise<void> | undefined> {
    const { partition } = this;
    this.#tracker.beginAnswer(aborted);
    let slices: Slice[] = [];
    let ended: Transaction[] = [];
    let abortedRecords = 0;
    const flush = (next: bigint): ReadEvent => {
      const event = { kind: 'records', partition, slices, abortedRecords, ended, log, next } as const;
      slices = [];
      ended = [];
      abortedRecords = 0;
      return event;
    };
    for (const [index, shell] of shells.entries()) {
      if (this.stop !== undefined && shell.lastOffset >= this.stop && shell.baseOffset >= this.stop) break;
      const next = shells[index + 1]?.baseOffset ?? this.position!;
      try {
        const batch = yield* openBatchSteps(shell, this, this.#options);
        const { transaction, ended: end } = this.#tracker.of(batch);
        if (end !== undefined) ended.push(end);
        const slice = this.#slice(batch, from, transaction);
        if (slice !== undefined) {
          const isHidden = this.#options.isolation === 'read_committed' && transaction?.outcome === 'aborted';
          if (isHidden && !batch.facts.isControl) abortedRecords += slice.to - slice.from;
          else slices.push(slice);
        }
      } catch (error) {
        if (!(error instanceof DamagedError)) throw error;
        this.#tracker.damaged();
        if (slices.length > 0) yield flush(shell.baseOffset);
        if (this.#lastDamaged !== shell.baseOffset) {
          yield { kind: 'damaged', partition, error, bytes: shell.bytes, next };
        }
        this.#lastDamaged = shell.baseOffset;
      }
      yield undefined;
    }
    const end = this.stop !== undefined && this.stop < this.position! ? this.stop : this.position!;
    if (end > from) yield flush(end);
    this.hasRead ||= shells.length > 0;
  }

  #slice(batch: RecordBatch, asked: bigint, transaction: Transaction | undefined): Slice | undefined {
    const { stopTime, isolation } = this.#options;
    const from = batch.indexOf(asked);
    if (stopTime !== undefined && !batch.facts.isControl && batch.facts.maxTimestamp >= stopTime) {
      const first = firstFrom(batch, from, stopTime);
      if (first < batch.count && (this.stop === undefined || batch.offset(first) < this.stop)) {
        this.stop = batch.offset(first);
      }
    }
    const to = this.stop === undefined ? batch.count : batch.indexOf(this.stop);
    if (from >= to) return undefined;
    return { batch, from, to, transaction: isolation === 'read_uncommitted' ? undefined : transaction };
  }
}

/** The first record from `from` on with this time or a later one; `count` where there is none. */
function firstFrom(batch: RecordBatch, from: number, time: bigint): number {
  let index = from;
  while (index < batch.count && batch.timestamp(index) < time) index++;
  return index;
}

/** A batch that cannot be had whole: its length is not true, or it is larger than what can be received. */
function damagedShell(bytes: Buffer, size: number): Shell {
  const baseOffset = bytes.length >= 8 ? bytes.readBigInt64BE(0) : 0n;
  const problem = `it says that it has ${size} bytes, of which only ${bytes.length} can be had`;
  return { bytes, baseOffset, lastOffset: baseOffset, problem };
}
