import type { TailRow } from '../../src/ui/panels/tail/protocol.ts';
import type { ContextMenu, MenuPlace } from '../shared/contextMenu.ts';
import { copiedRows } from '../shared/counted.ts';
import { t } from '../shared/l10n.ts';
import { selectedCount, type RowSelection } from '../shared/windowTable.ts';
import type { Page } from './page.ts';
import { messageOf, recordMenu } from './recordMenu.ts';
import type { ShownColumns } from './shownColumns.ts';
import { copyRecordsMessage, copyRowsMessage, exportMessage } from './selectionMessages.ts';

export interface SelectedOptions {
  readonly page: Page;
  readonly columns: ShownColumns;
  readonly showDetails: (seq: number) => void;
}

/** What is selected, and what is done with it: its menu, copies, exports. */
export class Selected {
  readonly #options: SelectedOptions;
  #selection: RowSelection<TailRow> = { kind: 'rows', rows: new Map() };

  constructor(options: SelectedOptions) {
    this.#options = options;
  }

  get count(): number {
    return selectedCount(this.#selection);
  }

  /** Where two records are selected, the one that is not `seq`. */
  otherThan(seq: number | undefined): number | undefined {
    if (this.#selection.kind !== 'rows' || this.#selection.rows.size !== 2) return undefined;
    const rows = [...this.#selection.rows.values()].filter(({ kind }) => kind === 'record');
    return rows.length < 2 ? undefined : rows.find((row) => row.seq !== seq)?.seq;
  }

  take(selection: RowSelection<TailRow>): void {
    this.#selection = selection;
    const { page } = this.#options;
    const row = page.table?.cursorRow;
    const session = page.model?.session;
    if (row !== undefined && session !== undefined && row.seq !== page.view.cursor?.seq) {
      page.keep({ cursor: { session, seq: row.seq } });
    }
    page.requestUpdate();
  }

  showMenu(place: MenuPlace): void {
    const { page } = this.#options;
    if (page.model === undefined) return;
    const items = recordMenu(page.table?.cursorRow, this.count, page.model);
    page.querySelector<ContextMenu>('kafka-context-menu')?.show(place, items);
  }

  /** What was chosen from the menu. */
  act(id: string): void {
    const { page, showDetails } = this.#options;
    const row = page.table?.cursorRow;
    const [verb, object = ''] = id.split(' ');
    if (verb === 'copy') this.copyAs(object);
    else if (verb === 'export') this.export(`${object} selected`);
    else if (verb === 'compare') this.#compare();
    else if (verb === 'details') {
      if (row !== undefined) showDetails(row.seq);
    } else {
      const message = row && messageOf(id, row);
      if (message !== undefined) page.post(message);
    }
  }

  copyRows(): void {
    const { page, columns } = this.#options;
    if (page.model === undefined || this.count === 0) {
      page.say(t('Nothing is selected'));
      return;
    }
    page.post(copyRowsMessage(this.#selection, columns.shown(page.model)));
    page.say(copiedRows(this.count));
  }

  /** `rows`, or what `copyRecords` of the protocol can be. */
  copyAs(as: string): void {
    if (as === 'rows') {
      this.copyRows();
      return;
    }
    const { page } = this.#options;
    const message = copyRecordsMessage(this.#selection, as);
    if (message !== undefined) page.post(message);
    page.say(
      message !== undefined
        ? t('Copied')
        : this.#selection.kind === 'range'
          ? t('That many are better exported: see Export.')
          : t('Nothing is selected'),
    );
  }

  /** Kind and which, as in `csv shown`. */
  export(choice: string): void {
    const { page } = this.#options;
    const message = exportMessage(this.#selection, choice);
    if (message === undefined) page.say(t('Nothing is selected'));
    else page.post(message);
  }

  #compare(): void {
    if (this.#selection.kind !== 'rows') return;
    const [first, second] = [...this.#selection.rows.keys()];
    if (first === undefined || second === undefined) return;
    this.#options.page.post({ type: 'compare', seqs: [first, second] });
  }
}
