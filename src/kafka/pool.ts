import { addressText, type Address } from './bootstrap.ts';
import type { Connection } from './connection.ts';
import { ConnectionError } from './errors.ts';
import { orCancelled } from './race.ts';

/** What a connection is for: nothing of one purpose waits behind another's. `lane`: for one reader alone, see `Lanes`. */
export type Purpose = 'main' | 'longPoll' | `lane ${number}`;

interface Slot {
  readonly purpose: Purpose;
  opening: Promise<Connection> | undefined;
  connection: Connection | undefined;
  /** An attempt that failed a moment ago answers for the next ones, so that a dead broker is not waited for each time. */
  failure: { readonly error: unknown; readonly until: number } | undefined;
}

/** How long a failed attempt answers for others: as long as it took, within these bounds; milliseconds. */
const quietMs = { min: 100, max: 5_000 };

/** One connection for each address and purpose, opened when first wanted, and again when it broke. */
export class Pool {
  readonly #open: (address: Address, timeoutMs: number, signal: AbortSignal) => Promise<Connection>;
  readonly #slots = new Map<string, Slot>();
  readonly #closed = new AbortController();

  constructor(open: (address: Address, timeoutMs: number, signal: AbortSignal) => Promise<Connection>) {
    this.#open = open;
  }

  /** Whoever gives up waiting leaves the attempt to the others that wait for it. */
  async get(
    address: Address,
    purpose: Purpose,
    { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal | undefined },
  ): Promise<Connection> {
    if (this.#closed.signal.aborted) throw new ConnectionError('closed', 'The cluster was disconnected.');
    const key = `${addressText(address)} ${purpose}`;
    let slot = this.#slots.get(key);
    if (slot === undefined) {
      slot = { purpose, opening: undefined, connection: undefined, failure: undefined };
      this.#slots.set(key, slot);
    }
    if (slot.connection !== undefined && slot.connection.closedBy === undefined) return slot.connection;
    if (slot.failure !== undefined && performance.now() < slot.failure.until) throw slot.failure.error;
    slot.opening ??= this.#fill(key, slot, address, timeoutMs);
    return orCancelled(slot.opening, signal);
  }

  /** One that is open already. */
  peek(address: Address, purpose: Purpose): Connection | undefined {
    const connection = this.#slots.get(`${addressText(address)} ${purpose}`)?.connection;
    return connection?.closedBy === undefined ? connection : undefined;
  }

  /** Ends the connections for this purpose, and attempts to open some; of `busy` ones only those that owe answers. */
  closeAll(purpose: Purpose, which: 'busy' | 'any' = 'any'): void {
    for (const [key, slot] of this.#slots) {
      if (slot.purpose !== purpose) continue;
      if (which === 'busy' && slot.opening === undefined && slot.connection?.isIdle !== false) continue;
      this.#slots.delete(key);
      slot.connection?.close();
    }
  }

  /** Ends all connections and attempts; nothing is opened afterwards. */
  close(): void {
    this.#closed.abort();
    for (const { connection } of this.#slots.values()) connection?.close();
  }

  async #fill(key: string, slot: Slot, address: Address, timeoutMs: number): Promise<Connection> {
    const startedAt = performance.now();
    try {
      const connection = await this.#open(address, timeoutMs, this.#closed.signal);
      // Whoever closed the pool, or all for this purpose, meanwhile did not see it.
      if (this.#closed.signal.aborted || this.#slots.get(key) !== slot) connection.close();
      slot.connection = connection;
      slot.failure = undefined;
      return connection;
    } catch (error) {
      const now = performance.now();
      const quiet = Math.min(Math.max(now - startedAt, quietMs.min), quietMs.max);
      slot.failure = { error, until: now + quiet };
      throw error;
    } finally {
      slot.opening = undefined;
    }
  }
}
