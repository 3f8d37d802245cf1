import type { Transaction } from '../records/transactions.ts';

type Changing = { -readonly [Name in keyof Transaction]: Transaction[Name] };

/**
 * Transactions whose end was not read yet. A reader that starts anew does not know those of the reader before; when their marker comes they are
 * told by it.
 */
export class OpenTransactions {
  readonly #open = new Map<number, Map<bigint, Set<Transaction>>>();

  add(partition: number, transaction: Transaction): void {
    if (transaction.outcome !== 'open') return;
    let producers = this.#open.get(partition);
    if (producers === undefined) this.#open.set(partition, (producers = new Map<bigint, Set<Transaction>>()));
    const same = producers.get(transaction.producerId);
    if (same === undefined) producers.set(transaction.producerId, new Set([transaction]));
    else same.add(transaction);
  }

  end(partition: number, ended: Transaction): void {
    const producers = this.#open.get(partition);
    for (const transaction of producers?.get(ended.producerId) ?? []) {
      const changing: Changing = transaction;
      changing.outcome = ended.outcome;
      changing.markerOffset = ended.markerOffset;
    }
    producers?.delete(ended.producerId);
  }

  /** Reading jumps: the next marker may be that of a later transaction. */
  forget(partition: number): void {
    this.#open.delete(partition);
  }
}
