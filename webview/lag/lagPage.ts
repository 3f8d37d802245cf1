import { html, nothing, type TemplateResult } from 'lit';
import {
  partitionKey,
  type FromLagPage,
  type LagModel,
  type LagPageState,
  type LagRow,
  type PartitionKey,
  type ToLagPage,
} from '../../src/ui/panels/protocol.ts';
import { formatDuration } from '../../src/shared/format.ts';
import type { ContextMenu, MenuPlace } from '../shared/contextMenu.ts';
import { isStale } from '../shared/header.ts';
import { t } from '../shared/l10n.ts';
import { TablePage } from '../shared/tablePage.ts';
import { notices, problemView, skeleton } from '../shared/stateViews.ts';
import { tableStatus } from '../shared/table.ts';
import type { Sort } from '../shared/tableModel.ts';
import { exact, outlook, rate } from '../shared/text.ts';
import { worstTimeLag } from './ages.ts';
import { lagColumns } from './columns.ts';
import { partitionDetails } from './details.ts';
import { LagCharts, mostCharted } from './lagCharts.ts';
import { LagData } from './lagData.ts';
import { filterText } from './rows.ts';
import { TableGrouping } from './tableGrouping.ts';
import { lagToolbar } from './toolbarView.ts';

/** The lag of one group: header, charts, table. */
export class LagPage extends TablePage<LagRow, ToLagPage, FromLagPage, LagPageState> {
  readonly #data = new LagData();
  readonly #charts = new LagCharts(this.#data);
  readonly #grouping = new TableGrouping(this.#data);
  protected override readonly columns = lagColumns({
    ownerOf: (row) => this.#data.ownerOf(row),
    total: () => BigInt(this.#data.model?.total ?? 0),
    now: () => this.#data.now,
  });
  #paused = false;
  #chartsAsTable = false;
  #details: PartitionKey | undefined;
  #toSelect: readonly PartitionKey[] = [];

  /** `wanted`: a partition that the page was opened for. */
  start(wanted: PartitionKey | undefined): void {
    this.#toSelect = wanted === undefined ? (this.view.selected ?? []) : [wanted];
    this.#charts.chart(this.#toSelect.slice(0, mostCharted));
    this.host.listen((message) => this.#receive(message));
    document.addEventListener('keydown', (event) => this.#onKey(event));
    this.host.post({ type: 'ready', charted: this.#charts.charted });
  }

  #receive(message: ToLagPage): void {
    if (message.type === 'select') this.#toSelect = [message.key];
    else this.#data.take(message);
    // More rows alone do not change a chart.
    if (message.type !== 'rows') this.#charts.changed();
    this.requestUpdate();
  }

  /** Messages come in bursts; the page is drawn once a frame. */
  protected override async scheduleUpdate(): Promise<void> {
    if (this.hasUpdated) await new Promise((resolve) => requestAnimationFrame(resolve));
    await super.scheduleUpdate();
  }

  protected override willUpdate(): void {
    this.#data.settle();
  }

  protected override updated(): void {
    const table = this.table;
    if (table === null || this.#toSelect.length === 0 || this.#data.rows.size === 0) return;
    const keys = this.#toSelect.filter((key) => this.#data.rows.has(key));
    this.#toSelect = [];
    void table.updateComplete.then(() => table.selectKeys(keys));
  }

  protected override render(): TemplateResult {
    const { model, receivedAt } = this.#data;
    if (model === undefined) return html`<div class="page">${skeleton(12)}</div>`;
    const { frame } = model;
    const retry = (): void => this.host.post({ type: 'retry' });
    return html`<div class="page ${isStale(frame, receivedAt) ? 'stale' : ''}">
      <kafka-page-header
        .frame=${frame}
        .receivedAt=${receivedAt}
        .paused=${frame.problem === undefined ? this.#paused : undefined}
        @pause=${() => this.#pause()}
      ></kafka-page-header>
      ${notices(frame, retry)}
      ${
        frame.problem !== undefined
          ? problemView(frame.problem, retry)
          : html`${this.#toolbar()} ${this.#chartsView()}
              <div class="content">${this.#tableView()} ${this.#detailsView()}</div>
              ${this.#status(model)}`
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
            { id: 'explain', label: t('What is it stuck on?') },
            { id: 'tail', label: t('Tail its records') },
          ]
        : []),
      ...(one ? [{ id: 'seek', label: t('Seek this partition...'), apart: true }] : []),
      {
        id: 'reset',
        label: one ? t('Reset its offset...') : t('Reset the offsets of {0} partitions...', this.selected),
        apart: !one,
      },
      { id: 'copy', label: one ? t('Copy the row') : t('Copy rows'), apart: true },
    ]);
  }

  #act(id: string): void {
    if (id === 'copy') this.copySelection();
    else if (id === 'details') this.#showDetails([...(this.table?.selection ?? [])][0]);
    else if (id === 'reset') this.#reset();
    else this.#ask(id as 'explain' | 'tail' | 'seek');
  }

  #toolbar(): TemplateResult {
    return lagToolbar(
      {
        view: this.view,
        chartsAsTable: this.#chartsAsTable,
        filter: this.filterField(t('Filter by topic, owner, host or state ( / )')),
        columns: this.columnsMenu(),
      },
      {
        keep: (change) => this.keep(change),
        toggleTable: () => {
          this.#chartsAsTable = !this.#chartsAsTable;
          this.requestUpdate();
        },
        ask: (type) => this.#ask(type),
        open: (type) => this.#open(type),
        reset: () => this.#reset(),
        copy: () => this.copySelection(),
        export: (choice) => this.#export(choice),
      },
    );
  }

  #chartsView(): TemplateResult | typeof nothing {
    const { charts, charted = 'lag', range = 5 } = this.view;
    if (charts === false) return nothing;
    return this.#charts.render({
      measure: charted,
      range,
      asTable: this.#chartsAsTable,
      selected: this.selected,
    });
  }

  #tableView(): TemplateResult {
    return html`<kafka-data-table
      .label=${t('Partitions of {0}', this.view.group)}
      .rows=${this.#data.rowList}
      .columns=${this.shownColumns}
      .keyOf=${partitionKey}
      .latestOf=${this.#latestOf}
      .version=${this.#data.receivedAt}
      .filterTextOf=${this.#filterTextOf}
      .rowClassOf=${rowClassOf}
      .filter=${this.view.filter ?? ''}
      .sort=${this.view.sort ?? defaultSort}
      .grouping=${this.#grouping.of(this.view)}
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

  readonly #filterTextOf = (row: LagRow): string => filterText(row, this.#data.ownerOf(row));

  readonly #latestOf = (key: string): LagRow | undefined => this.#data.rows.get(key);

  #detailsView(): TemplateResult | typeof nothing {
    const row = this.#details === undefined ? undefined : this.#data.rows.get(this.#details);
    if (row === undefined) return nothing;
    const owner = this.#data.ownerOf(row);
    const actions = {
      close: () => this.#showDetails(undefined),
      explain: () => this.host.post({ type: 'explain', key: partitionKey(row) }),
      tail: () => this.host.post({ type: 'tail', key: partitionKey(row) }),
    };
    return partitionDetails(row, owner, this.#data.now, actions);
  }

  #status(model: LagModel): TemplateResult {
    const oldest = worstTimeLag(this.#data.rows.values(), this.#data.now);
    return html`<footer class="status">
      <span>${tableStatus(this.#data.rows.size, this.shown, this.selected)}</span>
      <span class="spring"></span>
      <span>${t('Total lag {0}', exact(model.total))}</span>
      ${oldest === undefined ? nothing : html`<span>${t('the oldest waits for {0}', formatDuration(oldest))}</span>`}
      <span>${t('consumed {0}/s, produced {1}/s', rate(model.consume), rate(model.produce))}</span>
      ${model.catchUp === undefined || model.catchUp === 0 ? nothing : html`<span>${outlook(model.catchUp)}</span>`}
    </footer>`;
  }

  #pause(): void {
    this.#paused = !this.#paused;
    this.host.post({ type: 'pause', paused: this.#paused });
    this.say(this.#paused ? t('Paused') : t('Resumed'));
  }

  /** Of what is selected, or of all partitions. */
  #reset(): void {
    this.host.post({ type: 'reset', keys: [...(this.table?.selection ?? [])] });
  }

  /** Of the selected partition, else of the first one on show. */
  #ask(type: 'explain' | 'tail' | 'seek'): void {
    const [selected] = this.table?.selection ?? [];
    const first = this.table?.shownRows[0];
    const key = selected ?? (first && partitionKey(first));
    if (key !== undefined) this.host.post({ type, key });
  }

  /** At the selected partition, where there is one. */
  #open(type: 'assignments' | 'commits'): void {
    const [key] = this.table?.selection ?? [];
    this.host.post({ type, key });
  }

  #export(choice: string): void {
    const [format, shown] = choice.split(' ') as ['csv' | 'json', string | undefined];
    const keys = shown === undefined ? undefined : (this.table?.shownRows ?? []).map(partitionKey);
    this.host.post({ type: 'export', format, keys });
  }

  #onSelection(): void {
    const selected = this.table?.selection ?? new Set<PartitionKey>();
    this.selected = selected.size;
    const charted = [...selected].slice(0, mostCharted);
    if (this.#details !== undefined && charted[0] !== undefined && selected.size === 1) this.#details = charted[0];
    if (charted.join('\n') !== this.#charts.charted.join('\n')) {
      this.#charts.chart(charted);
      this.host.post({ type: 'chart', keys: charted });
      this.keep({ selected: charted });
    }
    this.requestUpdate();
  }

  #showDetails(key: PartitionKey | undefined): void {
    this.#details = key;
    if (key === undefined) this.table?.focus();
    this.requestUpdate();
  }

  #onKey(event: KeyboardEvent): void {
    const isOpen = this.#details !== undefined;
    this.takeKey(event, {
      close: () => {
        if (isOpen) this.#showDetails(undefined);
        return isOpen;
      },
      pause: () => this.#pause(),
    });
  }
}

const defaultSort: Sort = { column: 'lag', descending: true };
const noWidths = {};

function rowClassOf(row: LagRow): string {
  return row.state;
}

customElements.define('kafka-lag-page', LagPage);
