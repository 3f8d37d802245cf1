import type { RecordStore } from '../../../tail/recordStore.ts';
import type { TailView } from '../../../tail/tailView.ts';

/** Records after a jump among which the first one is looked for. */
const mostLookedAt = 1_000;

/** After a jump: its first record is to be shown, wherever the order puts it. */
export class FeedJump {
  #from: number | undefined;

  /** `seq`: of the first record that comes of it; undefined where none is to be shown. */
  to(seq: number | undefined): void {
    this.#from = seq;
  }

  /** The first one, as soon as the view has it; told once. */
  found(store: RecordStore, view: TailView): { readonly seq: number; readonly position: number } | undefined {
    const from = this.#from;
    if (from === undefined) return undefined;
    let first: { readonly seq: number; readonly position: number } | undefined;
    for (let seq = Math.max(store.firstSeq, from); seq < Math.min(store.endSeq, from + mostLookedAt); seq++) {
      if (store.at(seq)?.kind !== 'record') continue;
      // Where it has none, it is not merged yet, or the filter hides it.
      const position = view.positionOf(seq);
      if (position !== undefined && position < (first?.position ?? Infinity)) first = { seq, position };
    }
    if (first !== undefined || store.endSeq > from + mostLookedAt) this.#from = undefined;
    return first;
  }
}
