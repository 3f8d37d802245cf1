import type { RecordPresenter } from '../../../tail/presenter.ts';
import type { RecordStore } from '../../../tail/recordStore.ts';
import type { TailView } from '../../../tail/tailView.ts';
import type { FromTailPage, TailRow, ToTailPage } from './protocol.ts';
import { rowOf } from './rows.ts';

/** Rows of a window at most. */
const mostRows = 1_000;

/** The rows that the page shows, sent when they are others than it has. */
export class RowWindow {
  readonly #send: (message: ToTailPage) => void;
  #wanted: Extract<FromTailPage, { type: 'window' }> | undefined;
  #sent = '';
  /** A newer one makes what is still fetched for stale. */
  #run = 0;
  /** A row whose position was asked for and not yet told. */
  #anchor: number | undefined;

  constructor(send: (message: ToTailPage) => void) {
    this.#send = send;
  }

  /** undefined: the page is gone or hidden. */
  want(wanted: Extract<FromTailPage, { type: 'window' }> | undefined): void {
    this.#wanted = wanted;
    this.#anchor = wanted?.anchor;
    this.renew();
  }

  /** The same rows may look different by now. */
  renew(): void {
    this.#sent = '';
    this.#run++;
  }

  async update(view: TailView, store: RecordStore, presenter: RecordPresenter): Promise<void> {
    if (this.#wanted === undefined) return;
    const { follow, count } = this.#wanted;
    const { generation } = view;
    const end = view.first + view.count;
    const most = Math.min(mostRows, Math.max(0, count));
    const first = Math.max(view.first, follow === true ? end - most : this.#wanted.first);
    const rows: (TailRow | Promise<TailRow>)[] = [];
    const seqs: number[] = [];
    let marks = '';
    for (let position = first; position < Math.min(end, first + most); position++) {
      const seq = view.seqAt(position)!;
      seqs.push(seq);
      // An open transaction ends while its rows are shown.
      marks += store.at(seq)?.transaction?.outcome ?? '';
    }
    const signature = `${generation} ${first} ${marks} ${seqs.join(' ')}`;
    if (signature === this.#sent && this.#anchor === undefined) return;
    this.#sent = signature;
    const run = ++this.#run;
    for (const seq of seqs) {
      const record = store.at(seq);
      if (record !== undefined) rows.push(rowOf(record, presenter));
    }
    const isDone = (all: typeof rows): all is TailRow[] => !all.some((row) => row instanceof Promise);
    const done = isDone(rows) ? rows : await Promise.all(rows.map(async (row) => row));
    if (run !== this.#run) return;
    const anchor = this.#anchor;
    this.#anchor = undefined;
    const at = anchor === undefined ? {} : { anchor: { seq: anchor, position: view.positionOf(anchor) } };
    this.#send({ type: 'rows', generation, first, rows: done, ...at });
  }
}
