import { html, nothing, type TemplateResult } from 'lit';
import type {
  BatchesModel,
  BatchesPageState,
  BatchItem,
  FromBatchesPage,
  Position,
  ToBatchesPage,
} from '../../src/ui/panels/batches/protocol.ts';
import type { ContextMenu, MenuPlace } from '../shared/contextMenu.ts';
import { icon } from '../shared/icon.ts';
import { t } from '../shared/l10n.ts';
import { problemView, skeleton } from '../shared/stateViews.ts';
import { tableStatus } from '../shared/table.ts';
import type { Column, Sort } from '../shared/tableModel.ts';
import { TablePage } from '../shared/tablePage.ts';
import { exact } from '../shared/text.ts';
import { button, picker } from '../shared/toolbar.ts';
import { batchColumns, filterText } from './columns.ts';
import { batchDetails, type ShownRecords } from './details.ts';

/** Pixels above the end from which the list is read on. */
const readOnAt = 600;

/** A partition batch by batch. Holds what the host told since the page became visible. */
export class BatchesPage extends TablePage<BatchItem, ToBatchesPage, FromBatchesPage, BatchesPageState> {
  #receivedAt = 0;
  #model: BatchesModel | undefined;
  #rows: readonly BatchItem[] = [];
  #byKey = new Map<string, BatchItem>();
  protected override readonly columns: readonly Column<BatchItem>[] = batchColumns();
  #details: string | undefined;
  #records: ShownRecords | undefined;
  /** What is typed into the box, until it is gone to. */
  #typed: string | undefined;

  start(): void {
    this.host.listen((message) => this.#receive(message));
    document.addEventListener('keydown', (event) => this.#onKey(event));
    const { partition, position } = this.view;
    this.host.post({ type: 'ready', partition, position });
  }

  #receive(message: ToBatchesPage): void {
    this.#receivedAt = Date.now();
    switch (message.type) {
      case 'full':
        this.#model = message.model;
        // It may have been opened anew for another place.
        this.keep({ partition: message.model.partition, position: message.model.position });
        this.#setRows(message.rows);
        this.#details = undefined;
        this.#records = undefined;
        break;
      case 'rows':
        this.#model = message.model;
        if (message.rows.length > 0) {
          this.#setRows(
            message.where === 'after' ? [...this.#rows, ...message.rows] : [...message.rows, ...this.#rows],
          );
        }
        break;
      case 'records': {
        if (message.baseOffset !== this.#details) break;
        const before = this.#records?.records ?? [];
        const { records, count, problem } = message;
        this.#records = { records: [...before, ...records], count, problem };
        break;
      }
    }
    this.requestUpdate();
  }

  #setRows(rows: readonly BatchItem[]): void {
    this.#rows = rows;
    this.#byKey = new Map(rows.map((row) => [row.baseOffset, row]));
  }

  protected override render(): TemplateResult {
    const model = this.#model;
    if (model === undefined) return html`<div class="page">${skeleton(12)}</div>`;
    const { frame } = model;
    return html`<div class="page">
      <kafka-page-header .frame=${frame} .receivedAt=${this.#receivedAt}></kafka-page-header>
      ${this.#toolbar(model)}
      ${
        frame.problem === undefined
          ? html`${this.#summary(model)}
              <div class="content" @scroll=${{ handleEvent: () => this.#onScroll(), capture: true, passive: true }}>
                ${this.#tableView()} ${this.#detailsView()}
              </div>
              ${this.#status(model)}`
          : html`${problemView(frame.problem, () => this.host.post({ type: 'retry' }))}
            ${
              frame.problem.kind === 'empty' && !model.atStart
                ? html`<div class="read-on">
                    <button class="button" @click=${() => this.host.post({ type: 'earlier' })}>
                      ${t('Read earlier batches')}
                    </button>
                  </div>`
                : nothing
            }`
      }
      <kafka-context-menu @pick=${(event: CustomEvent<string>) => this.#act(event.detail)}></kafka-context-menu>
      ${this.spoken()}
    </div>`;
  }

  #menu(place: MenuPlace): void {
    const one = this.selected === 1;
    this.querySelector<ContextMenu>('kafka-context-menu')?.show(place, [
      ...(one
        ? [
            { id: 'details', label: t('Show details') },
            { id: 'tail', label: t('Tail from here') },
          ]
        : []),
      { id: 'copy', label: one ? t('Copy the row') : t('Copy rows'), apart: one },
    ]);
  }

  #act(id: string): void {
    const [first] = this.table?.selection ?? [];
    if (id === 'copy') this.copySelection();
    else if (id === 'details') this.#showDetails(first);
    else if (first !== undefined) this.host.post({ type: 'tail', offset: first });
  }

  #toolbar(model: BatchesModel): TemplateResult {
    const { position } = this.view;
    const at = this.#typed ?? ('offset' in position ? position.offset : 'time' in position ? position.time : '');
    return html`<div class="toolbar" role="toolbar" aria-label=${t('View')}>
      ${
        model.partitions > 200
          ? html`<vscode-textfield
              class="partition"
              type="number"
              label=${t('Partition')}
              aria-label=${t('Partition')}
              .value=${String(this.view.partition)}
              @change=${(event: Event) => this.#seek(Number((event.target as HTMLInputElement).value), position)}
            ></vscode-textfield>`
          : picker(
              t('Partition'),
              String(this.view.partition),
              Array.from({ length: Math.max(model.partitions, this.view.partition + 1) }, (_, partition) => [
                String(partition),
                t('Partition {0}', partition),
              ]),
              (value) => this.#seek(Number(value), { at: 'start' }),
            )
      }
      ${button('fold-up', t('From the start'), () => this.#seek(this.view.partition, { at: 'start' }))}
      ${button('fold-down', t('The last 1,000 offsets'), () => this.#seek(this.view.partition, { at: 'end' }))}
      <vscode-textfield
        class="position"
        placeholder=${t('Offset or time')}
        label=${t('Go to an offset, or to a time such as 2026-03-01T12:00')}
        aria-label=${t('Go to an offset, or to a time such as 2026-03-01T12:00')}
        title=${t('Go to an offset, or to a time such as 2026-03-01T12:00')}
        .value=${at}
        @input=${(event: Event) => (this.#typed = (event.target as HTMLInputElement).value)}
        @keydown=${(event: KeyboardEvent) => (event.key === 'Enter' ? this.#goTo(event) : undefined)}
      >
        <span slot="content-before" class="codicon codicon-target" aria-hidden="true"></span>
      </vscode-textfield>
      ${this.filterField(t('Filter by codec, producer or state ( / )'))}
      <span class="spring"></span>
      ${button('copy', t('Copy (Ctrl+C)'), () => this.copySelection())}
      <kafka-toolbar-menu
        .icon=${'export'}
        .label=${t('Export')}
        .items=${[
          { id: 'csv shown', label: t('CSV, what is shown') },
          { id: 'csv', label: t('CSV, all that was read') },
          { id: 'json shown', label: t('JSON, what is shown') },
          { id: 'json', label: t('JSON, all that was read') },
        ]}
        @pick=${(event: CustomEvent<string>) => this.#export(event.detail)}
      ></kafka-toolbar-menu>
      ${this.columnsMenu()}
    </div>`;
  }

  #summary({ summary }: BatchesModel): TemplateResult {
    const count = (value: number): string => value.toLocaleString('en-US');
    const all = summary.compressions.reduce((sum, { batches }) => sum + batches, 0);
    const fact = (label: string, value: string): TemplateResult =>
      html`<span><span class="quiet">${label}</span> <b>${value}</b></span>`;
    const some = (label: string, value: number): TemplateResult | typeof nothing =>
      value === 0 ? nothing : fact(label, count(value));
    return html`<div class="summary" role="group" aria-label=${t('What was read')}>
      ${fact(t('Records'), count(summary.records))}
      ${fact(t('Records a batch'), summary.recordsPerBatch === undefined ? '-' : summary.recordsPerBatch.toFixed(1))}
      ${fact(t('Stored'), formatBytes(summary.size))}
      ${fact(t('Ratio'), summary.ratio === undefined ? '-' : summary.ratio.toFixed(2))}
      ${fact(
        t('Compression'),
        summary.compressions.map(({ name, batches }) => `${name} ${percent(batches, all)}`).join(', ') || '-',
      )}
      ${fact(t('Producers'), count(summary.producers))} ${some(t('Transactional'), summary.transactional)}
      ${some(t('Markers'), summary.markers)} ${some(t('Emptied'), summary.empty)}
      ${
        summary.damaged === 0
          ? nothing
          : html`<span class="row-state damaged"
              >${icon('error')} <span>${t('Damaged')}</span> <b>${count(summary.damaged)}</b></span
            >`
      }
    </div>`;
  }

  #tableView(): TemplateResult {
    return html`<kafka-data-table
      .label=${t('Batches of {0}, partition {1}', this.view.topic, this.view.partition)}
      .rows=${this.#rows}
      .columns=${this.shownColumns}
      .keyOf=${keyOf}
      .latestOf=${this.#latestOf}
      .version=${this.#receivedAt}
      .filterTextOf=${filterText}
      .rowClassOf=${rowClassOf}
      .filter=${this.view.filter ?? ''}
      .sort=${this.view.sort ?? defaultSort}
      .widths=${this.view.widths ?? noWidths}
      @table-sort=${(event: CustomEvent<Sort>) => this.keep({ sort: event.detail })}
      @table-widths=${(event: CustomEvent<Record<string, number>>) => this.keep({ widths: event.detail })}
      @table-selection=${() => this.#onSelection()}
      @table-details=${(event: CustomEvent<string>) => this.#showDetails(event.detail)}
      @table-copy=${(event: CustomEvent<string>) => this.copy(event.detail)}
      @table-menu=${(event: CustomEvent<MenuPlace>) => this.#menu(event.detail)}
      @table-shown=${(event: CustomEvent<number>) => this.onShown(event.detail)}
    ></kafka-data-table>`;
  }

  readonly #latestOf = (key: string): BatchItem | undefined => this.#byKey.get(key);

  #detailsView(): TemplateResult | typeof nothing {
    const row = this.#details === undefined ? undefined : this.#byKey.get(this.#details);
    if (row === undefined) return nothing;
    return batchDetails(row, this.#records, {
      close: () => this.#showDetails(undefined),
      more: () =>
        this.host.post({ type: 'records', baseOffset: row.baseOffset, from: this.#records?.records.length ?? 0 }),
      replay: (offset) => this.host.post({ type: 'replay', offset }),
    });
  }

  #status(model: BatchesModel): TemplateResult {
    const { log, reading, failure, atStart, atEnd, isFull } = model;
    const ask = (type: 'more' | 'earlier' | 'cancel', label: string): TemplateResult =>
      html`<button class="link" @click=${() => this.host.post({ type })}>${label}</button>`;
    return html`<footer class="status">
      <span>${tableStatus(this.#rows.length, this.shown, this.selected)}</span>
      ${log === undefined ? nothing : html`<span>${t('Log {0} to {1}', exact(log.start), exact(log.end))}</span>`}
      ${failure === undefined ? nothing : html`<span class="row-state damaged" role="alert">${icon('error')} ${failure}</span>`}
      <span class="spring"></span>
      ${
        reading !== undefined
          ? html`<span role="status">${icon('loading', 'codicon-modifier-spin')} ${t('Reading')}</span>
              ${ask('cancel', t('Cancel'))}`
          : isFull
            ? html`<span>${t('As many as the page holds. Go to an offset to see others.')}</span>`
            : html`${atStart ? nothing : ask('earlier', t('Read earlier'))}
              ${atEnd ? html`<span>${t('The end of the log.')}</span> ${ask('more', t('Look for new'))}` : ask('more', t('Read on'))}`
      }
    </footer>`;
  }

  #seek(partition: number, position: Position): void {
    this.#typed = undefined;
    this.keep({ partition, position });
    this.host.post({ type: 'seek', partition, position });
  }

  #goTo(event: KeyboardEvent): void {
    event.preventDefault();
    event.stopPropagation();
    const text = (event.target as HTMLInputElement).value.trim().replaceAll(',', '');
    if (text === '') return;
    // Offsets have fewer digits than milliseconds since 2001.
    const isOffset = /^\d+$/.test(text) && !/^\d{13}$/.test(text);
    this.#seek(this.view.partition, isOffset ? { at: 'offset', offset: text } : { at: 'time', time: text });
  }

  #onScroll(): void {
    const table = this.querySelector<HTMLElement>('.table');
    const model = this.#model;
    if (table === null || model === undefined || model.atEnd || model.reading !== undefined || model.isFull) return;
    // In another order, or filtered, the end of the table is not where the list goes on.
    const { column, descending } = this.view.sort ?? defaultSort;
    if (column !== 'baseOffset' || descending || (this.view.filter ?? '') !== '' || model.failure !== undefined) return;
    if (table.scrollHeight - table.scrollTop - table.clientHeight < readOnAt) this.host.post({ type: 'more' });
  }

  #export(choice: string): void {
    const [format, shown] = choice.split(' ') as ['csv' | 'json', string | undefined];
    const keys = shown === undefined ? undefined : (this.table?.shownRows ?? []).map(keyOf);
    this.host.post({ type: 'export', format, keys });
  }

  #onSelection(): void {
    const selected = [...(this.table?.selection ?? [])];
    this.selected = selected.length;
    if (this.#details !== undefined && selected.length === 1 && selected[0] !== this.#details) {
      this.#showDetails(selected[0]);
    }
    this.requestUpdate();
  }

  #showDetails(key: string | undefined): void {
    this.#details = key;
    this.#records = undefined;
    const row = key === undefined ? undefined : this.#byKey.get(key);
    if (key === undefined) this.table?.focus();
    else if (row?.problem === undefined) this.host.post({ type: 'records', baseOffset: key, from: 0 });
    this.requestUpdate();
  }

  #onKey(event: KeyboardEvent): void {
    const isOpen = this.#details !== undefined;
    this.takeKey(event, {
      close: () => {
        if (isOpen) this.#showDetails(undefined);
        return isOpen;
      },
    });
  }
}

const defaultSort: Sort = { column: 'baseOffset', descending: false };
const noWidths = {};

function keyOf({ baseOffset }: BatchItem): string {
  return baseOffset;
}

function rowClassOf(row: BatchItem): string {
  return row.problem !== undefined ? 'damaged' : (row.control ?? row.outcome ?? '');
}

function percent(part: number, all: number): string {
  return part === all ? '100 %' : `${((100 * part) / all).toFixed(part / all < 0.01 ? 1 : 0)} %`;
}

import { formatBytes } from '../../src/shared/bytes.ts';
customElements.define('kafka-batches-page', BatchesPage);
