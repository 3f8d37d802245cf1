import type { Cluster } from '../kafka/cluster.ts';
import { byTopic, type Failure, type TopicPartition } from '../kafka/facts.ts';
import { fetch } from '../kafka/protocol/generated/fetch.ts';
import { splitBatches } from '../records/openBatch.ts';
import { throwIfCancelled } from '../shared/errors.ts';
import { timeInBatches, type WrittenAt } from './timeInBatches.ts';

/** A partition of a group in which records wait. */
export interface Waiting extends TopicPartition {
  readonly group: string;
  readonly committed: bigint;
  readonly end: bigint;
}

/**
 * When the next record of a group's partition was written.
 *
 * - `written`: known.
 * - `nothing`: no record lies between the commit and the end, only markers or gaps.
 * - `unknown`: it could not be read.
 */
export type NextRecord =
  | ({ readonly kind: 'written' } & WrittenAt)
  | { readonly kind: 'nothing' }
  | { readonly kind: 'unknown'; readonly failure: Failure };

interface Entry {
  readonly committed: bigint;
  /** The end for which `nothing` was found. */
  readonly end: bigint;
  readonly next: NextRecord;
  /** By `performance.now()`. */
  readonly readAt: number;
  /** Bytes of its batch, which the next one is likely to have too. */
  readonly batchBytes: number;
}

export interface TimeLagsOptions {
  readonly kafka: () => Promise<Cluster>;
  /** A commit that moves is looked at again after so long, ms. Default 10 s. */
  readonly refreshMs?: number;
  /** Partitions kept at most; the oldest are forgotten. Default 20,000. */
  readonly limit?: number;
}

/**
 * Asked for first, in bytes. A batch that is larger than what is asked for is left out of an answer, but for the first of all (KIP-74): those are asked for
 * again with `growth` times as much.
 */
const firstBytes = 4 << 10;
const growth = 16;
const mostBytes = 8 << 20;
/** Of one answer. */
const answerBytes = 8 << 20;
/** Markers and gaps are passed over so many times. */
const mostRounds = 8;
/** The last version that names topics. */
const newestWithNames = 12;

/**
 * How old the next record of groups' partitions is, read from the records themselves: one Fetch a leader for many partitions, of little
 * more than one batch each. A commit that stands costs nothing; one that moves is followed each some seconds.
 */
export class TimeLags {
  readonly #options: TimeLagsOptions;
  readonly #entries = new Map<string, Entry>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: TimeLagsOptions) {
    this.#options = options;
  }

  /** What was last read; of a commit that has moved since, that of before. undefined: not read yet. */
  next(partition: Omit<Waiting, 'committed' | 'end'>): NextRecord | undefined {
    return this.#entries.get(keyOf(partition))?.next;
  }

  /**
   * Reads what is not known or too old, one caller after the other; true where anything was read.
   *
   * @throws {HumanError} the cluster cannot be reached. @throws {CancelledError}
   */
  update(waiting: readonly Waiting[], signal: AbortSignal): Promise<boolean> {
    const update = this.#last.then(() => {
      throwIfCancelled(signal);
      return this.#update(waiting, signal);
    });
    // How it ended is its caller's matter.
    this.#last = update.catch(() => {});
    return update;
  }

  async #update(waiting: readonly Waiting[], signal: AbortSignal): Promise<boolean> {
    const due = waiting.filter((one) => this.#isDue(one));
    if (due.length === 0) return false;
    const cluster = await this.#options.kafka();
    let pending: Asked[] = due.map((one) => {
      const batchBytes = this.#entries.get(keyOf(one))?.batchBytes ?? 0;
      return { ...one, offset: one.committed, bytes: batchBytes > firstBytes ? sizeFor(batchBytes) : firstBytes };
    });
    for (let round = 0; pending.length > 0 && round < mostRounds; round++)
      pending = await this.#round(cluster, pending, signal);
    for (const one of pending) {
      // So many markers in a row: the record behind them is not worth more requests.
      const failure: Failure = {
        kind: 'error',
        message: 'The next record was not found among the markers of transactions.',
      };
      this.#keep(one, { kind: 'unknown', failure }, 0);
    }
    return true;
  }

  #isDue(one: Waiting): boolean {
    const { refreshMs = 10_000 } = this.#options;
    const entry = this.#entries.get(keyOf(one));
    if (entry === undefined) return true;
    const isCurrent =
      entry.committed === one.committed &&
      (entry.next.kind === 'written' || (entry.next.kind === 'nothing' && entry.end === one.end));
    return !isCurrent && performance.now() - entry.readAt >= refreshMs;
  }

  /** Asks for each partition once; those that have to be asked for again. */
  async #round(cluster: Cluster, asked: readonly Asked[], signal: AbortSignal): Promise<Asked[]> {
    const again: Asked[] = [];
    // Several groups may stand in one partition, which a request names once.
    for (const turn of turnsOf(asked)) {
      const bytes = Math.max(...turn.map((one) => one.bytes));
      const answers = await cluster.toLeaders(turn, {
        api: fetch,
        signal,
        retryForMs: 2_000,
        maxVersion: newestWithNames,
        batchSize: () => Math.max(1, Math.floor(answerBytes / bytes)),
        request: (some) => ({
          maxWaitMs: 0,
          minBytes: 0,
          maxBytes: answerBytes,
          topics: Array.from(byTopic(some), ([topic, list]) => ({
            topic,
            partitions: list.map(({ partition, offset, bytes: partitionMaxBytes }) => ({
              partition,
              fetchOffset: offset,
              partitionMaxBytes,
            })),
          })),
        }),
        read: ({ responses, errorCode: whole }, some) =>
          responses.flatMap(({ topic, partitions }) =>
            partitions.map((data) => {
              const one = some.find((each) => each.topic === topic && each.partition === data.partitionIndex);
              const code = whole || data.errorCode;
              const value = one === undefined || code !== 0 ? undefined : resultOf(one, data);
              return [topic, data.partitionIndex, { errorCode: code, value }] as const;
            }),
          ),
      });
      for (const one of turn) {
        const answer = answers.get(one.topic)!.get(one.partition)!;
        if ('failure' in answer) this.#keep(one, { kind: 'unknown', failure: answer.failure }, 0);
        else if (answer.value === undefined) continue;
        else if ('again' in answer.value) again.push(answer.value.again);
        else this.#keep(one, answer.value.next, answer.value.batchBytes);
      }
    }
    return again;
  }

  #keep(one: Waiting, next: NextRecord, batchBytes: number): void {
    const { limit = 20_000 } = this.#options;
    const key = keyOf(one);
    this.#entries.delete(key);
    this.#entries.set(key, { committed: one.committed, end: one.end, next, batchBytes, readAt: performance.now() });
    if (this.#entries.size > limit) this.#entries.delete(this.#entries.keys().next().value!);
  }
}

interface Asked extends Waiting {
  /** To be fetched. */
  readonly offset: bigint;
  readonly bytes: number;
}

type Result = { readonly again: Asked } | { readonly next: NextRecord; readonly batchBytes: number };

function resultOf(one: Asked, data: { readonly records: Uint8Array | null; readonly highWatermark: bigint }): Result {
  const records = (data.records ?? Buffer.alloc(0)) as Buffer;
  const { shells, cutOff } = splitBatches(records, one.offset, data.highWatermark);
  const found = timeInBatches(shells, one.offset, one);
  if (found.kind === 'written') return { next: found.written, batchBytes: found.batchBytes };
  if (found.kind === 'damaged') {
    return { next: { kind: 'unknown', failure: { kind: 'error', message: found.message } }, batchBytes: 0 };
  }
  const last = shells.at(-1)?.lastOffset;
  if (last !== undefined) {
    // Markers, or a batch that compaction emptied.
    return last + 1n >= one.end
      ? { next: { kind: 'nothing' }, batchBytes: 0 }
      : { again: { ...one, offset: last + 1n } };
  }
  if (one.offset >= data.highWatermark) return { next: { kind: 'nothing' }, batchBytes: 0 };
  const wanted = cutOff > one.bytes ? sizeFor(cutOff) : one.bytes * growth;
  if (one.bytes >= mostBytes) {
    // As much as that would have brought a batch: nothing is left up to the end, which compaction can do.
    return { next: { kind: 'nothing' }, batchBytes: 0 };
  }
  return { again: { ...one, bytes: Math.min(wanted, mostBytes) } };
}

/** Some room: the next batch may be a little larger. */
function sizeFor(bytes: number): number {
  return Math.min(mostBytes, 2 ** Math.ceil(Math.log2(bytes * 1.1)));
}

/** Each partition at most once in a turn, and those of one turn of like size. */
function turnsOf(asked: readonly Asked[]): Asked[][] {
  const turns: { readonly bytes: number; readonly seen: Set<string>; readonly list: Asked[] }[] = [];
  for (const one of asked) {
    const name = JSON.stringify([one.topic, one.partition]);
    let turn = turns.find(({ bytes, seen }) => bytes === one.bytes && !seen.has(name));
    if (turn === undefined) turns.push((turn = { bytes: one.bytes, seen: new Set(), list: [] }));
    turn.seen.add(name);
    turn.list.push(one);
  }
  return turns.map(({ list }) => list);
}

function keyOf({ group, topic, partition }: Omit<Waiting, 'committed' | 'end'>): string {
  return JSON.stringify([group, topic, partition]);
}
