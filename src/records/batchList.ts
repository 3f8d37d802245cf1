import type { Cluster } from '../kafka/cluster.ts';
import type { Failure, TopicPartition } from '../kafka/facts.ts';
import type { Lane } from '../kafka/lanes.ts';
import { isolationLevels, type Isolation } from '../kafka/offsetsAt.ts';
import { fetch, type AbortedTransaction, type PartitionData } from '../kafka/protocol/generated/fetch.ts';
import { throwIfCancelled } from '../shared/errors.ts';
import { inSlices } from '../shared/steps.ts';
import { Turn } from '../shared/turn.ts';
import type { RecordBatch } from './batch.ts';
import { damagedRow, rowOf, type BatchRow } from './batchListRow.ts';
import { DamagedError } from './damaged.ts';
import type { LogState } from './events.ts';
import { openBatchSteps, splitBatches, type Shell } from './openBatch.ts';
import { TransactionTracker } from './transactions.ts';

/** Some batches of a partition in a row, those that hold no record any more included. */
export interface BatchPage {
  readonly kind: 'page';
  readonly rows: readonly BatchRow[];
  readonly log: LogState;
  /** Where the next page begins; at `log.end` there is none yet. */
  readonly next: bigint;
}

/** The offset is not in the log; `log` says what is. Other failures have their reason. */
export interface BatchesFailed {
  readonly kind: 'out-of-range' | 'failed';
  readonly failure: Failure;
}

interface Answer {
  readonly kind: 'answer';
  readonly shells: readonly Shell[];
  readonly log: LogState;
  readonly aborted: readonly AbortedTransaction[] | undefined;
}

const firstFetchBytes = 1 << 20;
/** A batch that is said to be larger cannot come in one answer. */
const maxFetchBytes = 200 << 20;
/** Most bytes that a batch may have unpacked. */
const maxBatchBytes = 256 << 20;
/** Last version that names topics; then come ids. */
const newestWithNames = 12;

/**
 * Reads a partition batch by batch, as its leader has it: batches that compaction emptied and damaged ones too, which reading records
 * passes over. Joins, commits and creates nothing.
 */
export class BatchReader {
  readonly #cluster: Cluster;
  readonly #where: TopicPartition;
  #log: LogState | undefined;
  #fetchBytes = firstFetchBytes;
  /** How far to go on from a batch whose offsets cannot be trusted: doubles while that does not get past it. */
  #leap = 1n;
  readonly #turn = new Turn();

  constructor(cluster: Cluster, where: TopicPartition) {
    this.#cluster = cluster;
    this.#where = where;
  }

  /**
   * The batches of one answer, the first of which holds `from`. `before`: those from that offset on are left out.
   *
   * @throws {CancelledError} and nothing else.
   */
  async read(
    from: bigint,
    { before, signal }: { readonly before?: bigint | undefined; readonly signal?: AbortSignal | undefined } = {},
  ): Promise<BatchPage | BatchesFailed> {
    const got = await this.#fetch(from, signal);
    if (got.kind !== 'answer') return got;
    const { shells, log, aborted } = got;
    const rows: BatchRow[] = [];
    const tracker = new TransactionTracker();
    tracker.beginAnswer(aborted);
    for (const shell of shells) {
      if (before !== undefined && shell.baseOffset >= before) break;
      rows.push(await this.#row(shell, tracker, signal));
    }
    return { kind: 'page', rows, log, next: this.#next(shells, from, log) };
  }

  /** The batch that has this offset, opened. @throws {DamagedError} @throws {CancelledError} */
  async open(offset: bigint, signal?: AbortSignal): Promise<RecordBatch | Failure> {
    const got = await this.#fetch(offset, signal);
    if (got.kind !== 'answer') return got.failure;
    const shell = got.shells.find(({ lastOffset }) => lastOffset >= offset);
    if (shell === undefined) {
      return { kind: 'missing', message: `${this.#name}: no batch holds offset ${offset} any more.` };
    }
    return this.#opened(shell, signal);
  }

  get #name(): string {
    return `Topic ${this.#where.topic}, partition ${this.#where.partition}`;
  }

  /** @throws {DamagedError} @throws {CancelledError} */
  #opened(shell: Shell, signal: AbortSignal | undefined): Promise<RecordBatch> {
    return inSlices(openBatchSteps(shell, this.#where, { limit: maxBatchBytes }), signal, this.#turn);
  }

  async #row(shell: Shell, tracker: TransactionTracker, signal: AbortSignal | undefined): Promise<BatchRow> {
    try {
      if (this.#turn.isOver) await this.#turn.giveWay();
      throwIfCancelled(signal);
      const batch = await this.#opened(shell, signal);
      const { transaction } = tracker.of(batch);
      return rowOf(batch, batch.facts.isControl ? undefined : transaction?.outcome);
    } catch (error) {
      if (!(error instanceof DamagedError)) throw error;
      tracker.damaged();
      return damagedRow(shell, error.problem);
    }
  }

  #next(shells: readonly Shell[], from: bigint, log: LogState): bigint {
    const last = shells.at(-1);
    // Compaction took all up to the end.
    if (last === undefined) return from > log.end ? from : log.end;
    const good = shells.findLast(({ problem }) => problem === undefined);
    const behindGood = good === undefined ? from : good.lastOffset + 1n;
    if (last.problem === undefined) {
      this.#leap = 1n;
      return behindGood;
    }
    const next = behindGood + this.#leap;
    this.#leap *= 2n;
    return next > log.end ? log.end : next;
  }

  async #fetch(from: bigint, signal: AbortSignal | undefined): Promise<Answer | BatchesFailed> {
    // A large answer keeps those behind it waiting.
    const lane = this.#cluster.takeLane();
    try {
      return await this.#fetchOver(lane, from, signal);
    } finally {
      lane.release();
    }
  }

  async #fetchOver(lane: Lane, from: bigint, signal: AbortSignal | undefined): Promise<Answer | BatchesFailed> {
    for (;;) {
      // Only up to the last stable offset an answer tells what was aborted.
      const isolation: Isolation =
        this.#log === undefined || from < this.#log.lastStable ? 'read_committed' : 'read_uncommitted';
      const answers = await this.#cluster.toLeaders([this.#where], {
        api: fetch,
        maxVersion: newestWithNames,
        purpose: lane.purpose,
        retryForMs: 5_000,
        signal,
        request: () => this.#request(from, isolation),
        read: function* ({ responses }) {
          for (const { topic, partitions } of responses) {
            for (const data of partitions) {
              yield [topic, data.partitionIndex, { errorCode: data.errorCode, value: data }] as const;
            }
          }
        },
      });
      const answer = answers.get(this.#where.topic)!.get(this.#where.partition)!;
      if ('failure' in answer) {
        const { failure } = answer;
        return { kind: failure.code === 'OFFSET_OUT_OF_RANGE' ? 'out-of-range' : 'failed', failure };
      }
      const data = answer.value;
      const log = (this.#log = logOf(data));
      const records = (data.records ?? Buffer.alloc(0)) as Buffer;
      if (records.length === 0 && isolation === 'read_committed' && from >= log.lastStable && from < log.end) continue;
      const { shells, cutOff } = splitBatches(records, from, log.end);
      if (shells.length > 0 || cutOff === 0) {
        const aborted = isolation === 'read_committed' ? (data.abortedTransactions ?? []) : undefined;
        return { kind: 'answer', shells, log, aborted };
      }
      if (cutOff <= this.#fetchBytes || cutOff > maxFetchBytes) {
        return { kind: 'answer', shells: [cutOffShell(records, cutOff)], log, aborted: undefined };
      }
      this.#fetchBytes = cutOff;
    }
  }

  #request(fetchOffset: bigint, isolation: Isolation) {
    const { topic, partition } = this.#where;
    const partitions = [{ partition, fetchOffset, partitionMaxBytes: this.#fetchBytes }];
    return {
      maxWaitMs: 0,
      minBytes: 1,
      maxBytes: this.#fetchBytes,
      isolationLevel: isolationLevels[isolation],
      topics: [{ topic, partitions }],
    };
  }
}

function logOf({ logStartOffset, highWatermark, lastStableOffset }: PartitionData): LogState {
  // A broker that does not tell the LSO has no transactions.
  const lastStable = lastStableOffset < 0n ? highWatermark : lastStableOffset;
  return { start: logStartOffset, end: highWatermark, lastStable };
}

/** A batch that cannot be had whole: its length is not true, or it is larger than what can be received. */
function cutOffShell(bytes: Buffer, size: number): Shell {
  const baseOffset = bytes.length >= 8 ? bytes.readBigInt64BE(0) : 0n;
  const problem = `it says that it has ${size} bytes, of which only ${bytes.length} can be had`;
  return { bytes, baseOffset, lastOffset: baseOffset, problem };
}
