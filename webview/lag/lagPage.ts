import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import {
  partitionKey,
  type FromLagPage,
  type LagModel,
  type LagPageState,
  type LagRow,
  type MemberInfo,
  type PartitionKey,
  type Point,
  type Series,
  type ToLagPage,
} from '../../src/ui/panels/protocol.ts';
import { formatDuration } from '../../src/shared/format.ts';
import type { ChartLine } from '../shared/chart.ts';
import type { ContextMenu, MenuPlace } from '../shared/contextMenu.ts';
import { PageElement } from '../shared/element.ts';
import { isStale } from '../shared/header.ts';
import type { Host } from '../shared/host.ts';
import { t } from '../shared/l10n.ts';
import { appendPoints } from '../shared/series.ts';
import { notices, problemView, skeleton } from '../shared/stateViews.ts';
import { tableStatus, type DataTable } from '../shared/table.ts';
import type { Column, Grouping, Sort } from '../shared/tableModel.ts';
import { exact, outlook, rate } from '../shared/text.ts';
import { button, picker } from '../shared/toolbar.ts';
import { lagColumns } from './columns.ts';
import { partitionDetails } from './details.ts';
import { groupingOf } from './grouping.ts';
import { filterText } from './rows.ts';
import { worstTimeLag } from './ages.ts';

const mostCharted = 6;
/** Points kept of a line while the page is visible: two hours at a poll a second. */
const mostPoints = 7_200;

/** The lag of one group: header, charts, table. Holds what the host told since the page became visible. */
export class LagPage extends PageElement {
  static override properties = { host: { attribute: false }, view: { state: true } };
  declare host: Host<ToLagPage, FromLagPage, LagPageState>;
  declare view: LagPageState;

  #model: LagModel | undefined;
  #receivedAt = 0;
  #rows = new Map<PartitionKey, LagRow>();
  #rowList: readonly LagRow[] = [];
  #rowsChanged = false;
  #portionsDue = false;
  #members: ReadonlyMap<string, MemberInfo> = new Map();
  readonly #columns: readonly Column<LagRow>[] = lagColumns({
    ownerOf: (row) => this.#ownerOf(row),
    total: () => BigInt(this.#model?.total ?? 0),
    now: () => this.#now,
  });
  #totals: readonly Point[] = [];
  #series = new Map<PartitionKey, readonly Point[]>();
  #charted: readonly PartitionKey[] = [];
  #linesDue = true;
  #lines: { readonly total: readonly ChartLine[]; readonly partitions: readonly ChartLine[] } = {
    total: [],
    partitions: [],
  };
  #selected = 0;
  #shown = 0;
  #paused = false;
  #chartsAsTable = false;
  #details: PartitionKey | undefined;
  #said = '';
  #toSelect: readonly PartitionKey[] = [];

  /** `wanted`: a partition that the page was opened for. */
  start(wanted: PartitionKey | undefined): void {
    this.#toSelect = wanted === undefined ? (this.view.selected ?? []) : [wanted];
    this.#charted = this.#toSelect.slice(0, mostCharted);
    this.host.listen((message) => this.#receive(message));
    document.addEventListener('keydown', (event) => this.#onKey(event));
    this.host.post({ type: 'ready', charted: this.#charted });
  }

  #receive(message: ToLagPage): void {
    switch (message.type) {
      case 'full':
        this.#rows.clear();
        this.#series.clear();
        this.#totals = message.totals;
        this.#takeModel(message.model);
        this.#takeRows(message.rows, message.more);
        this.#takeSeries(message.series);
        break;
      case 'update':
        this.#totals = appendPoints(this.#totals, message.totals, mostPoints);
        for (const key of message.removed) this.#rows.delete(key);
        this.#rowsChanged ||= message.removed.length > 0;
        this.#takeModel(message.model);
        this.#takeRows(message.rows, message.more);
        this.#takeSeries(message.series);
        break;
      case 'rows':
        this.#takeRows(message.rows, message.more);
        break;
      case 'series':
        this.#takeSeries(message.series);
        break;
      case 'select':
        this.#toSelect = [message.key];
        break;
    }
    // More rows alone do not change a chart, which is costly to draw.
    this.#linesDue ||= message.type !== 'rows';
    this.requestUpdate();
  }

  /** Messages come in bursts; the page is drawn once a frame. */
  protected override async scheduleUpdate(): Promise<void> {
    if (this.hasUpdated) await new Promise((resolve) => requestAnimationFrame(resolve));
    await super.scheduleUpdate();
  }

  #takeModel(model: LagModel): void {
    this.#model = model;
    this.#receivedAt = Date.now();
    // The same map as long as nothing changes: another one groups the table anew.
    if (JSON.stringify(model.members) !== JSON.stringify([...this.#members.values()])) {
      this.#members = new Map(model.members.map((member) => [member.id, member]));
    }
  }

  /** Laid out once all portions are there; rows on the screen show what is new at once. */
  #takeRows(rows: readonly LagRow[], more: boolean): void {
    for (const row of rows) this.#rows.set(partitionKey(row), row);
    this.#rowsChanged ||= rows.length > 0;
    this.#portionsDue = more;
  }

  #ownerOf(row: LagRow): MemberInfo | undefined {
    return row.owner === undefined ? undefined : this.#members.get(row.owner);
  }

  #takeSeries(series: readonly Series[]): void {
    for (const { key, points } of series) {
      this.#series.set(key, appendPoints(this.#series.get(key) ?? [], points, mostPoints));
    }
  }

  protected override willUpdate(_changed: PropertyValues): void {
    if (!this.#portionsDue && (this.#rowsChanged || this.#rows.size !== this.#rowList.length)) {
      this.#rowList = [...this.#rows.values()];
      this.#rowsChanged = false;
    }
    if (this.#linesDue) {
      this.#linesDue = false;
      const color = '--vscode-charts-foreground';
      this.#lines = {
        total: [{ label: t('Total'), color, nth: 0, points: this.#totals }],
        partitions: this.#partitionLines(),
      };
    }
  }

  protected override updated(): void {
    const table = this.#table;
    if (table === null || this.#toSelect.length === 0 || this.#rows.size === 0) return;
    const keys = this.#toSelect.filter((key) => this.#rows.has(key));
    this.#toSelect = [];
    void table.updateComplete.then(() => table.selectKeys(keys));
  }

  /** By the host's clock. */
  get #now(): number {
    return (this.#model?.frame.sentAt ?? Date.now()) + Date.now() - this.#receivedAt;
  }

  get #table(): DataTable<LagRow> | null {
    return this.querySelector<DataTable<LagRow>>('kafka-data-table');
  }

  protected override render(): TemplateResult {
    const model = this.#model;
    if (model === undefined) return html`<div class="page">${skeleton(12)}</div>`;
    const { frame } = model;
    const retry = (): void => this.host.post({ type: 'retry' });
    return html`<div class="page ${isStale(frame, this.#receivedAt) ? 'stale' : ''}">
      <kafka-page-header
        .frame=${frame}
        .receivedAt=${this.#receivedAt}
        .paused=${frame.problem === undefined ? this.#paused : undefined}
        @pause=${() => this.#pause()}
      ></kafka-page-header>
      ${notices(frame, retry)}
      ${
        frame.problem !== undefined
          ? problemView(frame.problem, retry)
          : html`${this.#toolbar()} ${this.view.charts === false ? nothing : this.#charts()}
              <div class="content">${this.#tableView()} ${this.#detailsView()}</div>
              ${this.#status(model)}`
      }
      <kafka-context-menu @pick=${(event: CustomEvent<string>) => this.#act(event.detail)}></kafka-context-menu>
      <div class="hidden-text" role="status" aria-live="polite">${this.#said}</div>
    </div>`;
  }

  #menu(place: MenuPlace): void {
    const one = this.#selected === 1;
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
        label: one ? t('Reset its offset...') : t('Reset the offsets of {0} partitions...', this.#selected),
        apart: !one,
      },
      { id: 'copy', label: one ? t('Copy the row') : t('Copy rows'), apart: true },
    ]);
  }

  #act(id: string): void {
    if (id === 'copy') this.#copy(this.#table?.copySelection() ?? '');
    else if (id === 'details') this.#showDetails([...(this.#table?.selection ?? [])][0]);
    else if (id === 'reset') this.#reset();
    else this.#ask(id as 'explain' | 'tail' | 'seek');
  }

  #toolbar(): TemplateResult {
    const groupBy = this.view.groupBy ?? 'none';
    const range = String(this.view.range ?? 5);
    const shown = new Set(this.#shownColumns().map(({ id }) => id));
    const charts = this.view.charts !== false;
    return html`<div class="toolbar" role="toolbar" aria-label=${t('View')}>
      <vscode-textfield
        class="filter"
        placeholder=${t('Filter by topic, owner, host or state ( / )')}
        label=${t('Filter')}
        aria-label=${t('Filter')}
        .value=${this.view.filter ?? ''}
        @input=${(event: Event) => this.#keep({ filter: (event.target as HTMLInputElement).value })}
      >
        <span slot="content-before" class="codicon codicon-filter" aria-hidden="true"></span>
      </vscode-textfield>
      ${picker(
        t('Group by'),
        groupBy,
        [
          ['none', t('Flat')],
          ['topic', t('By topic')],
          ['member', t('By member')],
        ],
        (value) => this.#keep({ groupBy: value as 'none' | 'topic' | 'member' }),
      )}
      ${picker(
        t('Range of the charts'),
        range,
        [
          ['1', t('1 min')],
          ['5', t('5 min')],
          ['15', t('15 min')],
          ['0', t('All')],
        ],
        (value) => this.#keep({ range: Number(value) }),
      )}
      <span class="spring"></span>
      ${button('graph-line', charts ? t('Hide charts') : t('Show charts'), () => this.#keep({ charts: !charts }))}
      ${
        charts
          ? button('table', this.#chartsAsTable ? t('Show charts as lines') : t('Show charts as tables'), () => {
              this.#chartsAsTable = !this.#chartsAsTable;
              this.requestUpdate();
            })
          : nothing
      }
      ${button('inspect', t('What is the selected partition stuck on?'), () => this.#ask('explain'))}
      ${button('list-unordered', t('Tail the records of the selected partition'), () => this.#ask('tail'))}
      ${button('history', t('Open assignment history'), () => this.#open('assignments'))}
      ${button('git-commit', t('Open commit log'), () => this.#open('commits'))}
      ${button('discard', t('Reset the offsets of what is selected, or of all'), () => this.#reset())}
      ${button('copy', t('Copy (Ctrl+C)'), () => this.#copy(this.#table?.copySelection() ?? ''))}
      <kafka-toolbar-menu
        .icon=${'export'}
        .label=${t('Export')}
        .items=${[
          { id: 'csv shown', label: t('CSV, what is shown') },
          { id: 'csv', label: t('CSV, all partitions') },
          { id: 'json shown', label: t('JSON, what is shown') },
          { id: 'json', label: t('JSON, all partitions') },
        ]}
        @pick=${(event: CustomEvent<string>) => this.#export(event.detail)}
      ></kafka-toolbar-menu>
      <kafka-toolbar-menu
        .icon=${'settings-gear'}
        .label=${t('Columns')}
        .items=${this.#columns.map(({ id, title }) => ({ id, label: title, checked: shown.has(id) }))}
        @pick=${(event: CustomEvent<string>) => this.#toggleColumn(event.detail)}
      ></kafka-toolbar-menu>
    </div>`;
  }

  #charts(): TemplateResult {
    const now = this.#model?.frame.takenAt ?? this.#totals.at(-1)?.at ?? 0;
    const rangeMs = (this.view.range ?? 5) * 60_000;
    const { total, partitions: lines } = this.#lines;
    const chart = (label: string, of: readonly ChartLine[]): TemplateResult =>
      html`<kafka-line-chart
        .label=${label}
        .lines=${of}
        .rangeMs=${rangeMs}
        .now=${now}
        .asTable=${this.#chartsAsTable}
      ></kafka-line-chart>`;
    return html`<div class="charts">
      ${chart(t('Lag of the group'), total)}
      ${
        lines.length === 0
          ? nothing
          : keyed(
              'partitions',
              chart(
                this.#selected > lines.length
                  ? t('Lag of the first {0} selected partitions', lines.length)
                  : t('Lag of the selected partitions'),
                lines,
              ),
            )
      }
    </div>`;
  }

  /** A partition's line has its owner's colour; lines of one owner differ by their dashes. */
  #partitionLines(): ChartLine[] {
    const used = new Map<string, number>();
    return this.#charted
      .filter((key) => this.#rows.has(key))
      .map((key) => {
        const row = this.#rows.get(key)!;
        const owner = this.#ownerOf(row);
        const color = owner === undefined ? '--vscode-descriptionForeground' : `--vscode-charts-${owner.color}`;
        const nth = used.get(color) ?? 0;
        used.set(color, nth + 1);
        return { label: `${row.topic}-${row.partition}`, color, nth, points: this.#series.get(key) ?? [] };
      });
  }

  #tableView(): TemplateResult {
    return html`<kafka-data-table
      .label=${t('Partitions of {0}', this.view.group)}
      .rows=${this.#rowList}
      .columns=${this.#shownColumns()}
      .keyOf=${partitionKey}
      .latestOf=${this.#latestOf}
      .version=${this.#receivedAt}
      .filterTextOf=${this.#filterTextOf}
      .rowClassOf=${rowClassOf}
      .filter=${this.view.filter ?? ''}
      .sort=${this.view.sort ?? defaultSort}
      .grouping=${this.#grouping()}
      .widths=${this.view.widths ?? noWidths}
      @table-sort=${(event: CustomEvent<Sort>) => this.#keep({ sort: event.detail })}
      @table-widths=${(event: CustomEvent<Record<string, number>>) => this.#keep({ widths: event.detail })}
      @table-selection=${() => this.#onSelection()}
      @table-details=${(event: CustomEvent<string>) => this.#showDetails(event.detail)}
      @table-copy=${(event: CustomEvent<string>) => this.#copy(event.detail)}
      @table-menu=${(event: CustomEvent<MenuPlace>) => this.#menu(event.detail)}
      @table-shown=${(event: CustomEvent<number>) => this.#onShown(event.detail)}
    ></kafka-data-table>`;
  }

  readonly #filterTextOf = (row: LagRow): string => filterText(row, this.#ownerOf(row));

  readonly #latestOf = (key: string): LagRow | undefined => this.#rows.get(key);

  #visible: { readonly chosen: readonly string[] | undefined; readonly columns: readonly Column<LagRow>[] } | undefined;

  /** The same array as long as nothing changes: the table lays out anew for another one. */
  #shownColumns(): readonly Column<LagRow>[] {
    const chosen = this.view.columns;
    if (this.#visible === undefined || this.#visible.chosen !== chosen) {
      const columns = this.#columns.filter(({ id, hidden }) =>
        chosen === undefined ? hidden !== true : chosen.includes(id),
      );
      this.#visible = { chosen, columns };
    }
    return this.#visible.columns;
  }

  #groupings:
    { readonly by: string; readonly members: unknown; readonly grouping: Grouping<LagRow> | undefined } | undefined;

  #grouping(): Grouping<LagRow> | undefined {
    const by = this.view.groupBy ?? 'none';
    if (this.#groupings?.by !== by || this.#groupings.members !== this.#members) {
      this.#groupings = { by, members: this.#members, grouping: groupingOf(by, this.#members) };
    }
    return this.#groupings.grouping;
  }

  #detailsView(): TemplateResult | typeof nothing {
    const row = this.#details === undefined ? undefined : this.#rows.get(this.#details);
    if (row === undefined) return nothing;
    const owner = this.#ownerOf(row);
    const actions = {
      close: () => this.#showDetails(undefined),
      explain: () => this.host.post({ type: 'explain', key: partitionKey(row) }),
      tail: () => this.host.post({ type: 'tail', key: partitionKey(row) }),
    };
    return partitionDetails(row, owner, this.#now, actions);
  }

  #status(model: LagModel): TemplateResult {
    const oldest = worstTimeLag(this.#rows.values(), this.#now);
    return html`<footer class="status">
      <span>${tableStatus(this.#rows.size, this.#shown, this.#selected)}</span>
      <span class="spring"></span>
      <span>${t('Total lag {0}', exact(model.total))}</span>
      ${oldest === undefined ? nothing : html`<span>${t('the oldest waits for {0}', formatDuration(oldest))}</span>`}
      <span>${t('consumed {0}/s, produced {1}/s', rate(model.consume), rate(model.produce))}</span>
      ${model.catchUp === undefined || model.catchUp === 0 ? nothing : html`<span>${outlook(model.catchUp)}</span>`}
    </footer>`;
  }

  #keep(change: Partial<LagPageState>): void {
    this.view = { ...this.view, ...change };
    this.host.keep(this.view);
  }

  #pause(): void {
    this.#paused = !this.#paused;
    this.host.post({ type: 'pause', paused: this.#paused });
    this.#say(this.#paused ? t('Paused') : t('Resumed'));
  }

  #say(text: string): void {
    this.#said = text;
    this.requestUpdate();
  }

  #copy(text: string): void {
    this.host.post({ type: 'copy', text });
    this.#say(t('Copied {0} rows', Math.max(0, text.split('\n').length - 1)));
  }

  /** Of the selected partition, else of the first one on show. */
  /** Of what is selected, or of all partitions. */
  #reset(): void {
    this.host.post({ type: 'reset', keys: [...(this.#table?.selection ?? [])] });
  }

  #ask(type: 'explain' | 'tail' | 'seek'): void {
    const [selected] = this.#table?.selection ?? [];
    const first = this.#table?.shownRows[0];
    const key = selected ?? (first && partitionKey(first));
    if (key !== undefined) this.host.post({ type, key });
  }

  /** At the selected partition, where there is one. */
  #open(type: 'assignments' | 'commits'): void {
    const [key] = this.#table?.selection ?? [];
    this.host.post({ type, key });
  }

  #export(choice: string): void {
    const [format, shown] = choice.split(' ') as ['csv' | 'json', string | undefined];
    const keys = shown === undefined ? undefined : (this.#table?.shownRows ?? []).map(partitionKey);
    this.host.post({ type: 'export', format, keys });
  }

  #toggleColumn(id: string): void {
    const shown = new Set(this.#shownColumns().map((column) => column.id));
    if (!shown.delete(id)) shown.add(id);
    // A table without columns could not be told from a broken one.
    if (shown.size > 0)
      this.#keep({ columns: this.#columns.filter((column) => shown.has(column.id)).map((column) => column.id) });
  }

  #onShown(shown: number): void {
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.requestUpdate();
  }

  #onSelection(): void {
    const selected = this.#table?.selection ?? new Set<PartitionKey>();
    this.#selected = selected.size;
    const charted = [...selected].slice(0, mostCharted);
    if (this.#details !== undefined && charted[0] !== undefined && selected.size === 1) this.#details = charted[0];
    if (charted.join('\n') !== this.#charted.join('\n')) {
      for (const key of this.#series.keys()) if (!charted.includes(key)) this.#series.delete(key);
      this.#charted = charted;
      this.#linesDue = true;
      this.host.post({ type: 'chart', keys: charted });
      this.#keep({ selected: charted });
    }
    this.requestUpdate();
  }

  #showDetails(key: PartitionKey | undefined): void {
    this.#details = key;
    if (key === undefined) this.#table?.focus();
    this.requestUpdate();
  }

  #onKey(event: KeyboardEvent): void {
    const [target] = event.composedPath();
    const typing = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
    const pressing = target instanceof HTMLButtonElement;
    if (event.key === 'Escape') {
      if (typing && (this.view.filter ?? '') !== '') this.#keep({ filter: '' });
      else if (this.#details !== undefined) this.#showDetails(undefined);
      else this.#table?.focus();
    } else if (event.key === '/' && !typing) {
      this.querySelector<HTMLElement>('.filter')?.focus();
    } else if (event.key === ' ' && !typing && !pressing) {
      this.#pause();
    } else if (event.key === 'ArrowDown' && typing) {
      this.#table?.focus();
    } else {
      return;
    }
    event.preventDefault();
  }
}

const defaultSort: Sort = { column: 'lag', descending: true };
const noWidths = {};

function rowClassOf(row: LagRow): string {
  return row.state;
}

customElements.define('kafka-lag-page', LagPage);
