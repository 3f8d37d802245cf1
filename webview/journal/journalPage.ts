import { html, nothing, type TemplateResult } from 'lit';
import type { ChangeItem } from '../../src/ui/panels/change/protocol.ts';
import type {
  FromJournalPage,
  JournalDetails,
  JournalItem,
  JournalModel,
  JournalPageState,
  ToJournalPage,
} from '../../src/ui/panels/journal/protocol.ts';
import { t } from '../shared/l10n.ts';
import { problemView, skeleton } from '../shared/stateViews.ts';
import { tableStatus, type DataTable } from '../shared/table.ts';
import type { Column, Sort } from '../shared/tableModel.ts';
import { TablePage } from '../shared/tablePage.ts';
import { button } from '../shared/toolbar.ts';
import { filterText, journalColumns } from './columns.ts';
import { journalDetails } from './details.ts';

/** What was changed from here, newest first. */
export class JournalPage extends TablePage<JournalItem, ToJournalPage, FromJournalPage, JournalPageState> {
  #receivedAt = 0;
  #model: JournalModel | undefined;
  #rows: readonly JournalItem[] = [];
  #byId = new Map<string, JournalItem>();
  #details: JournalDetails | undefined;
  protected override readonly columns: readonly Column<JournalItem>[] = journalColumns();

  start(): void {
    this.host.listen((message) => this.#receive(message));
    document.addEventListener('keydown', (event) => this.#onKey(event));
    this.host.post({ type: 'ready' });
  }

  #receive(message: ToJournalPage): void {
    this.#receivedAt = Date.now();
    switch (message.type) {
      case 'full': {
        const isFirst = this.#model === undefined;
        this.#model = message.model;
        this.#rows = message.items;
        this.#byId = new Map(message.items.map((item) => [item.id, item]));
        const { details } = this.view;
        if (isFirst && details !== undefined) this.host.post({ type: 'details', id: details });
        if (details !== undefined && !this.#byId.has(details)) this.#show(undefined);
        break;
      }
      case 'details':
        if (message.details.id === this.view.details) this.#details = message.details;
        break;
      case 'show':
        // What a filter hides would be looked for in vain.
        if (!this.#isShown(message.id)) this.keep({ filter: '' });
        this.#show(message.id);
        void this.updateComplete.then(() => this.table?.selectKeys([message.id], true));
        break;
    }
    this.requestUpdate();
  }

  /** Not the one in the details. */
  protected override get table(): DataTable<JournalItem> | null {
    return this.querySelector<DataTable<JournalItem>>('.list kafka-data-table');
  }

  #isShown(id: string): boolean {
    return (this.view.filter ?? '') === '' || (this.table?.shownRows ?? []).some((row) => row.id === id);
  }

  protected override render(): TemplateResult {
    const model = this.#model;
    if (model === undefined) return html`<div class="page">${skeleton(12)}</div>`;
    const { frame } = model;
    return html`<div class="page">
      <kafka-page-header .frame=${frame} .receivedAt=${this.#receivedAt}></kafka-page-header>
      ${this.#toolbar()}
      ${
        frame.problem === undefined
          ? html`<div class="content">
              <div class="list">${this.#tableView()}</div>
              ${this.#detailsView()}
            </div>`
          : problemView(frame.problem, () => this.host.post({ type: 'retry' }))
      }
      <footer class="status">
        <span>${tableStatus(this.#rows.length, this.shown, this.selected)}</span>
        ${model.isCut ? html`<span>${t('Older ones are not listed.')}</span>` : nothing}
        <span class="spring"></span>
        <button
          class="link journal-file"
          title=${t('Show the file of the journal')}
          @click=${() => this.host.post({ type: 'showFile' })}
        >
          ${model.file}
        </button>
      </footer>
      ${this.spoken()}
    </div>`;
  }

  #toolbar(): TemplateResult {
    return html`<div class="toolbar" role="toolbar" aria-label=${t('View')}>
      ${this.filterField(t('Filter by group, change, cluster, result or name ( / )'))}
      <span class="spring"></span>
      ${button('copy', t('Copy (Ctrl+C)'), () => this.copySelection())}
      ${button('cloud-download', t('Import entries from a file'), () => this.host.post({ type: 'import' }))}
      <kafka-toolbar-menu
        .icon=${'export'}
        .label=${t('Export')}
        .items=${[
          { id: 'json shown', label: t('JSON, what is selected or shown') },
          { id: 'json', label: t('JSON, all') },
          { id: 'csv shown', label: t('CSV, what is selected or shown') },
          { id: 'csv', label: t('CSV, all') },
        ]}
        @pick=${(event: CustomEvent<string>) => this.#export(event.detail)}
      ></kafka-toolbar-menu>
      ${this.columnsMenu()}
    </div>`;
  }

  #tableView(): TemplateResult {
    return html`<kafka-data-table
      .label=${t('Journal of changes')}
      .rows=${this.#rows}
      .columns=${this.shownColumns}
      .keyOf=${idOf}
      .latestOf=${this.#latestOf}
      .version=${this.#receivedAt}
      .filterTextOf=${filterText}
      .filter=${this.view.filter ?? ''}
      .sort=${this.view.sort ?? defaultSort}
      .widths=${this.view.widths ?? noWidths}
      @table-sort=${(event: CustomEvent<Sort>) => this.keep({ sort: event.detail })}
      @table-widths=${(event: CustomEvent<Record<string, number>>) => this.keep({ widths: event.detail })}
      @table-selection=${() => this.#onSelection()}
      @table-details=${(event: CustomEvent<string>) => this.#show(event.detail)}
      @table-copy=${(event: CustomEvent<string>) => this.copy(event.detail)}
      @table-shown=${(event: CustomEvent<number>) => this.onShown(event.detail)}
    ></kafka-data-table>`;
  }

  readonly #latestOf = (id: string): JournalItem | undefined => this.#byId.get(id);

  #detailsView(): TemplateResult | typeof nothing {
    const id = this.view.details;
    const item = id === undefined ? undefined : this.#byId.get(id);
    if (id === undefined || item === undefined) return nothing;
    const known = this.#details?.id === id ? this.#details : undefined;
    return journalDetails(item, known, known?.items ?? noItems, {
      close: () => this.#close(),
      undo: () => this.host.post({ type: 'undo', id }),
      restore: () => this.host.post({ type: 'restore', id }),
      examine: () => this.host.post({ type: 'examine', id }),
      closeEntry: () => this.host.post({ type: 'closeEntry', id }),
      remove: () => this.host.post({ type: 'remove', ids: [id] }),
      copyCommand: () => {
        this.host.post({ type: 'copyCommand', id });
        this.say(t('Copied'));
      },
      show: (other) => {
        if (this.#byId.has(other)) this.#receive({ type: 'show', id: other });
      },
      copy: (text) => this.copy(text),
    });
  }

  #show(id: string | undefined): void {
    if (id !== this.view.details) this.#details = undefined;
    this.keep({ details: id });
    this.host.post({ type: 'details', id });
  }

  #close(): void {
    this.#show(undefined);
    this.table?.focus();
  }

  #export(choice: string): void {
    const [format, shown] = choice.split(' ') as ['csv' | 'json', string | undefined];
    const selected = [...(this.table?.selection ?? [])];
    const visible = (this.table?.shownRows ?? []).map(idOf);
    const ids = shown === undefined ? undefined : selected.length > 0 ? selected : visible;
    this.host.post({ type: 'export', format, ids });
  }

  #onSelection(): void {
    const selected = [...(this.table?.selection ?? [])];
    this.selected = selected.length;
    if (this.view.details !== undefined && selected.length === 1 && selected[0] !== this.view.details) {
      this.#show(selected[0]);
    }
    this.requestUpdate();
  }

  #onKey(event: KeyboardEvent): void {
    const isOpen = this.view.details !== undefined;
    const isTaken = this.takeKey(event, {
      close: () => {
        if (isOpen) this.#close();
        return isOpen;
      },
    });
    const [target] = event.composedPath();
    if (isTaken || event.key !== 'Delete' || target instanceof HTMLInputElement) return;
    const ids = [...(this.table?.selection ?? [])];
    if (ids.length > 0) this.host.post({ type: 'remove', ids });
    event.preventDefault();
  }
}

const defaultSort: Sort = { column: 'when', descending: true };
const noWidths = {};
const noItems: readonly ChangeItem[] = [];

function idOf({ id }: JournalItem): string {
  return id;
}

customElements.define('kafka-journal-page', JournalPage);
