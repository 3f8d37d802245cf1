import type {
  FromAssignmentsPage,
  MeanwhileMessage,
  RebalanceMessage,
} from '../../src/ui/panels/assignments/protocol.ts';
import type { PartitionKey } from '../../src/ui/panels/protocol.ts';
import type { HistoryStore } from './historyStore.ts';

/** What the host tells only when it is looked at: each thing is asked for once. */
export class Asked {
  readonly #store: HistoryStore;
  readonly #post: (message: FromAssignmentsPage) => void;
  readonly #counting = new Set<string>();
  #countDue: string[] = [];
  #lagKeys: readonly PartitionKey[] = [];

  constructor(store: HistoryStore, post: (message: FromAssignmentsPage) => void) {
    this.#store = store;
    this.#post = post;
  }

  /** The host has begun anew. */
  forget(): void {
    this.#lagKeys = [];
    this.#counting.clear();
  }

  /** What was known of these may be another thing by now. */
  changed(rebalances: readonly RebalanceMessage[]): void {
    for (const { id } of rebalances) this.#counting.delete(id);
  }

  /** Which partitions a rebalance moved. */
  moves(id: string | undefined): void {
    if (id === undefined || this.#store.moves.has(id) || (this.#store.rebalance(id)?.moved ?? 0) === 0) return;
    this.#post({ type: 'moves', rebalance: id });
  }

  /** Records that came meanwhile: where they are not known yet they are asked for if `isDrawn`, all of a frame at once. */
  meanwhile({ id }: RebalanceMessage, isDrawn: boolean): MeanwhileMessage | undefined {
    const known = this.#store.meanwhile.get(id);
    if (!isDrawn || known !== undefined || this.#counting.has(id)) return known;
    this.#counting.add(id);
    this.#countDue.push(id);
    if (this.#countDue.length === 1) {
      queueMicrotask(() => this.#post({ type: 'meanwhile', rebalances: this.#countDue.splice(0) }));
    }
    return undefined;
  }

  lags(wanted: readonly PartitionKey[]): void {
    if (wanted.join('\n') === this.#lagKeys.join('\n')) return;
    this.#lagKeys = wanted;
    this.#post({ type: 'lags', keys: wanted });
  }
}
