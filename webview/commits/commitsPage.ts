import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type {
  CommitFindingView,
  CommitPartition,
  CommitRow,
  CommitsModel,
  CommitsPageState,
  FromCommitsPage,
  ToCommitsPage,
} from '../../src/ui/panels/commits/protocol.ts';
import { partitionKey, type PartitionKey } from '../../src/ui/panels/protocol.ts';
import { isStale } from '../shared/header.ts';
import { t } from '../shared/l10n.ts';
import { notices, problemView, skeleton } from '../shared/stateViews.ts';
import { tableStatus } from '../shared/table.ts';
import type { Sort } from '../shared/tableModel.ts';
import { TablePage } from '../shared/tablePage.ts';
import { chartedOf, chartsView, commitLines, type CommitLines } from './charts.ts';
import { commitColumns, partitionColumns } from './columns.ts';
import { commitDetails } from './details.ts';
import { focusView, lacksView } from './noticesView.ts';
import { figuresView } from './figures.ts';
import { CommitsStore } from './commitsStore.ts';
import { findingsView } from './findingsView.ts';
import { commitText, isOf, keyOfCommit, keyOfPartition, partitionText, rowClassOf } from './rows.ts';
import { statusLine } from './statusLine.ts';
import { toolbarView } from './toolbarView.ts';

const newestFirst: Sort = { column: 'time', descending: true };
const byPartition: Sort = { column: 'partition', descending: false };
const noWidths = {};

/** What a group committed, when, and what stands out of it. */
export class CommitsPage extends TablePage<CommitRow, ToCommitsPage, FromCommitsPage, CommitsPageState> {
  readonly #store = new CommitsStore();
  protected override readonly columns = commitColumns;
  /** Those of the chosen partition and kind. */
  #listed: readonly CommitRow[] = [];
  /** Of a finding that the person wants to see. */
  #focus: { readonly ids: ReadonlySet<number>; readonly text: string } | undefined;
  #lines: CommitLines | undefined;
  #paused = false;
  #chartsAsTable = false;
  #details: number | undefined;

  /** `wanted`: a partition that the page was opened for. */
  start(wanted: PartitionKey | undefined): void {
    if (wanted !== undefined) this.keep({ only: wanted });
    this.host.listen((message) => this.#receive(message));
    document.addEventListener('keydown', (event) => this.#onKey(event));
    this.host.post({ type: 'ready' });
  }

  #receive(message: ToCommitsPage): void {
    if (message.type === 'select') this.#only(message.key);
    else this.#store.receive(message);
    this.requestUpdate();
  }

  /** Messages come in bursts; the page is drawn once a frame. */
  protected override async scheduleUpdate(): Promise<void> {
    if (this.hasUpdated) await new Promise((resolve) => requestAnimationFrame(resolve));
    await super.scheduleUpdate();
  }

  protected override willUpdate(_changed: PropertyValues): void {
    if (!this.#store.takeRowsDue()) return;
    const { only, show = 'all' } = this.view;
    const focus = this.#focus?.ids;
    this.#listed = [...this.#store.rows.values()].filter(
      (row) =>
        (only === undefined || partitionKey(row) === only) &&
        (focus === undefined ? isOf(row, show) : focus.has(row.id)),
    );
    const charted = this.#charted;
    this.#lines = charted === undefined ? undefined : commitLines(this.#store.rows.values(), charted);
  }

  /** The partition that the charts are of. */
  get #charted(): CommitPartition | undefined {
    const chosen = this.#focus === undefined ? this.view.only : (this.#focusKey ?? this.view.only);
    return chartedOf(this.#store.model?.partitions ?? [], chosen);
  }

  get #focusKey(): PartitionKey | undefined {
    const keys = new Set(this.#listed.map(partitionKey));
    return keys.size === 1 ? [...keys][0] : undefined;
  }

  get #isOfPartitions(): boolean {
    return this.#store.model?.count === 0 || this.view.table === 'partitions';
  }

  protected override render(): TemplateResult {
    const model = this.#store.model;
    if (model === undefined) return html`<div class="page">${skeleton(12)}</div>`;
    const { frame } = model;
    const retry = (): void => this.host.post({ type: 'retry' });
    return html`<div class="page ${isStale(frame, this.#store.receivedAt) ? 'stale' : ''}">
      <kafka-page-header
        .frame=${frame}
        .receivedAt=${this.#store.receivedAt}
        .paused=${frame.problem === undefined ? this.#paused : undefined}
        @pause=${() => this.#pause()}
      ></kafka-page-header>
      ${notices(frame, retry)}
      ${
        frame.problem !== undefined
          ? problemView(frame.problem, retry)
          : html`${lacksView(model, retry)} ${this.#toolbar(model)} ${figuresView(model, this.view.only)}
              ${model.findings.length === 0 ? nothing : findingsView(model.findings, (finding) => this.#show(finding))}
              ${this.view.charts === false || model.count === 0 ? nothing : this.#charts(model)}
              ${this.#focus === undefined ? nothing : focusView(this.#focus.text, () => this.#unfocus())}
              <div class="content">
                ${model.progress === undefined || model.count > 0 ? this.#tables(model) : skeleton(8)}
                ${this.#detailsView()}
              </div>
              ${statusLine(model, tableStatus(this.#isOfPartitions ? model.partitions.length : this.#store.rows.size, this.shown, this.selected))}`
      }
      ${this.spoken()}
    </div>`;
  }

  #toolbar(model: CommitsModel): TemplateResult {
    const [id] = this.table?.selection ?? [];
    return toolbarView({
      view: this.view,
      partitions: model.partitions,
      ofPartitions: this.#isOfPartitions,
      chartsAsTable: this.#chartsAsTable,
      charted: this.#charted?.key,
      filter: this.filterField(
        this.#isOfPartitions
          ? t('Filter by topic or owner ( / )')
          : t('Filter by topic, owner, offset or metadata ( / )'),
      ),
      columns: this.columnsMenu(),
      selected: id === undefined || this.selected !== 1 ? undefined : this.#store.rows.get(Number(id)),
      keep: (change) => this.keep(change),
      list: (change) => this.#list(change),
      toggleChartsAsTable: () => {
        this.#chartsAsTable = !this.#chartsAsTable;
        this.requestUpdate();
      },
      openLag: () => this.host.post({ type: 'openLag' }),
      openTopic: () => this.host.post({ type: 'openTopic' }),
      explain: (key) => this.host.post({ type: 'explain', key }),
      reset: (commit, what) => this.host.post({ type: 'reset', id: commit, what }),
      copy: () => this.copySelection(),
      export: (choice) => this.#export(choice),
    });
  }

  #charts(model: CommitsModel): TemplateResult | typeof nothing {
    const charted = this.#charted;
    if (this.#lines === undefined || charted === undefined || charted.count === 0) return nothing;
    const now = (model.frame.sentAt ?? Date.now()) + (this.#paused ? 0 : Date.now() - this.#store.receivedAt);
    return chartsView(this.#lines, Math.max(now, charted.lastAt ?? 0), this.#chartsAsTable);
  }

  #tables(model: CommitsModel): TemplateResult {
    if (this.#isOfPartitions) {
      return html`<kafka-data-table
        class="of-partitions"
        .label=${t('Partitions of {0}', this.view.group)}
        .rows=${model.partitions}
        .columns=${partitionColumns}
        .keyOf=${keyOfPartition}
        .latestOf=${this.#latestPartition}
        .version=${this.#store.receivedAt}
        .filterTextOf=${partitionText}
        .filter=${this.view.filter ?? ''}
        .sort=${this.view.partitionSort ?? byPartition}
        .widths=${this.view.partitionWidths ?? noWidths}
        @table-sort=${(event: CustomEvent<Sort>) => this.keep({ partitionSort: event.detail })}
        @table-widths=${(event: CustomEvent<Record<string, number>>) => this.keep({ partitionWidths: event.detail })}
        @table-selection=${() => this.#onSelection()}
        @table-details=${(event: CustomEvent<string>) => this.#only(event.detail)}
        @table-copy=${(event: CustomEvent<string>) => this.copy(event.detail)}
        @table-shown=${(event: CustomEvent<number>) => this.onShown(event.detail)}
      ></kafka-data-table>`;
    }
    return html`<kafka-data-table
      class="of-commits"
      .label=${t('Commits of {0}', this.view.group)}
      .rows=${this.#listed}
      .columns=${this.shownColumns}
      .keyOf=${keyOfCommit}
      .latestOf=${this.#latestCommit}
      .version=${this.#store.version}
      .filterTextOf=${commitText}
      .rowClassOf=${rowClassOf}
      .filter=${this.view.filter ?? ''}
      .sort=${this.view.sort ?? newestFirst}
      .widths=${this.view.widths ?? noWidths}
      @table-sort=${(event: CustomEvent<Sort>) => this.keep({ sort: event.detail })}
      @table-widths=${(event: CustomEvent<Record<string, number>>) => this.keep({ widths: event.detail })}
      @table-selection=${() => this.#onSelection()}
      @table-details=${(event: CustomEvent<string>) => this.#showDetails(Number(event.detail))}
      @table-copy=${(event: CustomEvent<string>) => this.copy(event.detail)}
      @table-shown=${(event: CustomEvent<number>) => this.onShown(event.detail)}
    ></kafka-data-table>`;
  }

  readonly #latestCommit = (id: string): CommitRow | undefined => this.#store.rows.get(Number(id));

  readonly #latestPartition = (key: string): CommitPartition | undefined =>
    this.#store.model?.partitions.find((one) => one.key === key);

  #detailsView(): TemplateResult | typeof nothing {
    const row = this.#details === undefined || this.#isOfPartitions ? undefined : this.#store.rows.get(this.#details);
    if (row === undefined) return nothing;
    const key = partitionKey(row);
    return commitDetails(row, {
      close: () => this.#showDetails(undefined),
      only: () => this.#only(key),
      explain: () => this.host.post({ type: 'explain', key }),
      tail: () => this.host.post({ type: 'tail', key, offset: row.offset }),
      reset: (what) => this.host.post({ type: 'reset', id: row.id, what }),
    });
  }

  /** Other commits are to be listed. */
  #list(change: Partial<CommitsPageState>): void {
    this.#focus = undefined;
    this.#store.rowsDue = true;
    this.keep(change);
  }

  #only(key: PartitionKey): void {
    this.#list({ only: key, table: 'commits', show: 'all' });
    this.say(t('Only the commits of {0}', key.replace(/\/(\d+)$/, '-$1')));
  }

  #show(finding: CommitFindingView): void {
    this.#list({ only: undefined, table: 'commits', filter: '' });
    this.#focus = { ids: new Set(finding.commits), text: finding.text };
    void this.updateComplete.then(() => this.table?.focus());
  }

  #unfocus(): void {
    this.#list({});
    this.table?.focus();
  }

  #pause(): void {
    this.#paused = !this.#paused;
    this.host.post({ type: 'pause', paused: this.#paused });
    this.say(this.#paused ? t('Paused') : t('Resumed'));
  }

  #export(choice: string): void {
    const [format, shown] = choice.split(' ') as ['csv' | 'json', string | undefined];
    const rows = this.#isOfPartitions ? this.#listed : (this.table?.shownRows ?? []);
    this.host.post({ type: 'export', format, ids: shown === undefined ? undefined : rows.map(({ id }) => id) });
  }

  #onSelection(): void {
    const selected = this.table?.selection ?? new Set<string>();
    this.selected = selected.size;
    const [first] = selected;
    if (!this.#isOfPartitions && this.#details !== undefined && selected.size === 1) this.#details = Number(first);
    this.requestUpdate();
  }

  #showDetails(id: number | undefined): void {
    this.#details = id;
    if (id === undefined) this.table?.focus();
    this.requestUpdate();
  }

  #onKey(event: KeyboardEvent): void {
    this.takeKey(event, { close: () => this.#close(), pause: () => this.#pause() });
  }

  /** What was opened last, or narrows the list. */
  #close(): boolean {
    if (this.#details !== undefined) this.#showDetails(undefined);
    else if (this.#focus !== undefined) this.#unfocus();
    else if (this.view.only !== undefined && !this.#isOfPartitions) this.#list({ only: undefined });
    else return false;
    return true;
  }
}

customElements.define('kafka-commits-page', CommitsPage);
