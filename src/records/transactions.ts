import type { AbortedTransaction } from '../kafka/protocol/generated/fetch.ts';
import type { RecordBatch } from './batch.ts';
import { controlRecordOf } from './control.ts';

/**
 * How a transaction ended.
 *
 * - `open`: it had not, as far as the partition has been read.
 * - `unknown`: a damaged batch may have been its end.
 */
export type Outcome = 'committed' | 'aborted' | 'open' | 'unknown';

/** One producer's transaction in one partition. Its batches share it, and it changes when its end is read. */
export interface Transaction {
  readonly producerId: bigint;
  readonly outcome: Outcome;
  /** Of the marker that ended it, once that was read. */
  readonly markerOffset: bigint | undefined;
}

type Changing = { -readonly [Name in keyof Transaction]: Transaction[Name] };

/**
 * Tells, batch by batch in order of offsets, which transaction each belongs to and how that ended. Below the last stable offset a
 * `read_committed` answer lists what was aborted, so that it is known at once; beyond it, only the marker tells when it is reached.
 */
export class TransactionTracker {
  /** Seen, and no marker since; by producer id. */
  readonly #current = new Map<bigint, Changing>();
  /** From the answer under way: aborted, in order of first offsets; undefined where it does not tell. */
  #aborted: AbortedTransaction[] | undefined;
  #abortedProducers = new Set<bigint>();
  #missedSomething = false;

  /** @param aborted of a `read_committed` answer; undefined for one that says nothing of it. */
  beginAnswer(aborted: readonly AbortedTransaction[] | undefined): void {
    this.#aborted = aborted && [...aborted].sort((a, b) => (a.firstOffset < b.firstOffset ? -1 : 1));
    this.#abortedProducers = new Set();
    this.#missedSomething = false;
  }

  /** A batch could not be read: it may have been a marker. */
  damaged(): void {
    this.#missedSomething = true;
  }

  /**
   * The batch's transaction; undefined where it has none. A marker ends its own.
   *
   * @throws {DamagedError}
   */
  of(batch: RecordBatch): { readonly transaction: Transaction | undefined; readonly ended: Transaction | undefined } {
    const { isTransactional, isControl, producerId, lastOffset } = batch.facts;
    if (!isTransactional) return { transaction: undefined, ended: undefined };
    while (this.#aborted !== undefined && this.#aborted.length > 0 && this.#aborted[0]!.firstOffset <= lastOffset) {
      this.#abortedProducers.add(this.#aborted.shift()!.producerId);
    }
    if (isControl) return this.#marker(batch);
    let transaction = this.#current.get(producerId);
    if (transaction === undefined) {
      transaction = { producerId, outcome: 'open', markerOffset: undefined };
      this.#current.set(producerId, transaction);
    }
    if (this.#aborted !== undefined) {
      const isAborted = this.#abortedProducers.has(producerId);
      transaction.outcome = !isAborted ? 'committed' : this.#missedSomething ? 'unknown' : 'aborted';
    }
    return { transaction, ended: undefined };
  }

  #marker(batch: RecordBatch): {
    readonly transaction: Transaction | undefined;
    readonly ended: Transaction | undefined;
  } {
    const { producerId } = batch.facts;
    if (batch.count === 0) return { transaction: undefined, ended: undefined };
    const { type } = controlRecordOf(batch, 0);
    if (type !== 'abort' && type !== 'commit') return { transaction: undefined, ended: undefined };
    if (type === 'abort') this.#abortedProducers.delete(producerId);
    const transaction = this.#current.get(producerId) ?? { producerId, outcome: 'open', markerOffset: undefined };
    this.#current.delete(producerId);
    transaction.outcome = type === 'abort' ? 'aborted' : 'committed';
    transaction.markerOffset = batch.offset(0);
    return { transaction, ended: transaction };
  }
}
