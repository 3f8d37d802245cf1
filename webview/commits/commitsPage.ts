import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { formatDuration } from '../../src/shared/format.ts';
import { visibleText } from '../../src/shared/visibleText.ts';
import type {
  CommitFindingView,
  CommitPartition,
  CommitRow,
  CommitsModel,
  CommitsPageState,
  CommitsShow,
  FromCommitsPage,
  ToCommitsPage,
} from '../../src/ui/panels/commits/protocol.ts';
import { partitionKey, type PartitionKey } from '../../src/ui/panels/protocol.ts';
import type { ChartLine } from '../shared/chart.ts';
import { PageElement } from '../shared/element.ts';
import { isStale } from '../shared/header.ts';
import type { Host } from '../shared/host.ts';
import { icon } from '../shared/icon.ts';
import { t } from '../shared/l10n.ts';
import { notices, problemView, skeleton } from '../shared/stateViews.ts';
import { tableStatus, type DataTable } from '../shared/table.ts';
import type { Column, Sort } from '../shared/tableModel.ts';
import { exact, nameCell, timeOfDay, wholeTime } from '../shared/text.ts';
import { button, picker } from '../shared/toolbar.ts';
import { commitColumns, partitionColumns } from './columns.ts';
import { commitDetails } from './details.ts';
import { findingsView } from './findingsView.ts';
import { kindWord, ownerWord } from './words.ts';

/** Commits of a partition that a chart shows. */
const mostPoints = 3_000;

interface Lines {
  readonly offsets: readonly ChartLine[];
  readonly steps: readonly ChartLine[];
}

/** What a group committed, when, and what stands out of it. */
export class CommitsPage extends PageElement {
  static override properties = { host: { attribute: false }, view: { state: true } };
  declare host: Host<ToCommitsPage, FromCommitsPage, CommitsPageState>;
  declare view: CommitsPageState;

  #model: CommitsModel | undefined;
  #receivedAt = 0;
  readonly #rows = new Map<number, CommitRow>();
  #version = 0;
  #portionsDue = false;
  #rowsDue = true;
  /** Those of the chosen partition and kind. */
  #listed: readonly CommitRow[] = [];
  /** Of a finding that the person wants to see. */
  #focus: { readonly ids: ReadonlySet<number>; readonly text: string } | undefined;
  #lines: Lines | undefined;
  #selected = 0;
  #shown = 0;
  #paused = false;
  #chartsAsTable = false;
  #details: number | undefined;
  #said = '';

  /** `wanted`: a partition that the page was opened for. */
  start(wanted: PartitionKey | undefined): void {
    if (wanted !== undefined) this.#keep({ only: wanted });
    this.host.listen((message) => this.#receive(message));
    document.addEventListener('keydown', (event) => this.#onKey(event));
    this.host.post({ type: 'ready' });
  }

  #receive(message: ToCommitsPage): void {
    switch (message.type) {
      case 'full':
        this.#rows.clear();
        this.#takeModel(message.model);
        this.#takeRows(message.rows, message.more);
        break;
      case 'update':
        for (const id of this.#rows.keys()) {
          if (id >= message.from) break;
          this.#rows.delete(id);
        }
        this.#takeModel(message.model);
        this.#takeRows(message.rows, message.more);
        break;
      case 'rows':
        this.#takeRows(message.rows, message.more);
        break;
      case 'select':
        this.#only(message.key);
        break;
    }
    this.requestUpdate();
  }

  /** Messages come in bursts; the page is drawn once a frame. */
  protected override async scheduleUpdate(): Promise<void> {
    if (this.hasUpdated) await new Promise((resolve) => requestAnimationFrame(resolve));
    await super.scheduleUpdate();
  }

  #takeModel(model: CommitsModel): void {
    this.#model = model;
    this.#receivedAt = Date.now();
  }

  #takeRows(rows: readonly CommitRow[], more: boolean): void {
    for (const row of rows) this.#rows.set(row.id, row);
    this.#rowsDue ||= rows.length > 0 || this.#rows.size === 0;
    this.#portionsDue = more;
    this.#version++;
  }

  protected override willUpdate(_changed: PropertyValues): void {
    if (!this.#rowsDue || this.#portionsDue) return;
    this.#rowsDue = false;
    const { only, show = 'all' } = this.view;
    const focus = this.#focus?.ids;
    this.#listed = [...this.#rows.values()].filter(
      (row) =>
        (only === undefined || partitionKey(row) === only) &&
        (focus === undefined ? isOf(row, show) : focus.has(row.id)),
    );
    this.#lines = this.#chartLines();
  }

  /** The partition that the charts are of: the chosen one, else the one that stands out most. */
  get #charted(): CommitPartition | undefined {
    const partitions = this.#model?.partitions ?? [];
    const chosen = this.#focus === undefined ? this.view.only : (this.#focusKey ?? this.view.only);
    const wanted = partitions.find(({ key }) => key === chosen);
    if (wanted !== undefined) return wanted;
    return [...partitions].sort((a, b) => b.rewinds + b.jumps - a.rewinds - a.jumps || b.count - a.count)[0];
  }

  get #focusKey(): PartitionKey | undefined {
    const keys = new Set(this.#listed.map(partitionKey));
    return keys.size === 1 ? [...keys][0] : undefined;
  }

  #chartLines(): Lines | undefined {
    const charted = this.#charted;
    if (charted === undefined) return undefined;
    const rows = [...this.#rows.values()].filter((row) => partitionKey(row) === charted.key).slice(-mostPoints);
    const line = (of: (row: CommitRow) => string | undefined): ChartLine => ({
      label: `${charted.topic}-${charted.partition}`,
      color: '--vscode-charts-blue',
      nth: 0,
      points: rows.map((row) => ({ at: row.at, lag: of(row) ?? null })),
    });
    return { offsets: [line(({ offset }) => offset)], steps: [line(({ step }) => step)] };
  }

  get #table(): DataTable<CommitRow> | null {
    return this.querySelector<DataTable<CommitRow>>('kafka-data-table');
  }

  get #isOfPartitions(): boolean {
    return this.#model?.count === 0 || this.view.table === 'partitions';
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
          : html`${this.#failure(model)} ${this.#toolbar(model)} ${this.#figures(model)}
              ${model.findings.length === 0 ? nothing : findingsView(model.findings, (finding) => this.#show(finding))}
              ${this.view.charts === false || model.count === 0 ? nothing : this.#charts(model)} ${this.#focusLine()}
              <div class="content">
                ${model.progress === undefined || model.count > 0 ? this.#tables(model) : skeleton(8)}
                ${this.#detailsView()}
              </div>
              ${this.#status(model)}`
      }
      <div class="hidden-text" role="status" aria-live="polite">${this.#said}</div>
    </div>`;
  }

  #failure({ failure, lacks, partitions }: CommitsModel): TemplateResult | typeof nothing {
    if (failure !== undefined) {
      return html`<div class="notice failed" role="alert">
        ${icon('warning')}<span
          >${t('__consumer_offsets is not read: {0}', visibleText(failure))}
          ${partitions.length === 0 ? nothing : t('Past commits are unknown; where the group stands now is below.')}</span
        ><button class="link" @click=${() => this.host.post({ type: 'retry' })}>${t('Retry')}</button>
      </div>`;
    }
    if (lacks.length === 0) return nothing;
    return html`<div class="notice" role="status">
      ${icon('info')}<span title=${lacks.join('\n')}>${lacks.join(' ')}</span>
    </div>`;
  }

  #toolbar(model: CommitsModel): TemplateResult {
    const charts = this.view.charts !== false;
    const columns = this.#columns();
    const shown = new Set(columns.map(({ id }) => id));
    const ofPartitions = this.#isOfPartitions;
    const key = this.#charted?.key;
    return html`<div class="toolbar" role="toolbar" aria-label=${t('View')}>
      <vscode-textfield
        class="filter"
        placeholder=${ofPartitions ? t('Filter by topic or owner ( / )') : t('Filter by topic, owner, offset or metadata ( / )')}
        label=${t('Filter')}
        aria-label=${t('Filter')}
        .value=${this.view.filter ?? ''}
        @input=${(event: Event) => this.#keep({ filter: (event.target as HTMLInputElement).value })}
      >
        <span slot="content-before" class="codicon codicon-filter" aria-hidden="true"></span>
      </vscode-textfield>
      ${picker(
        t('Table'),
        ofPartitions ? 'partitions' : 'commits',
        [
          ['commits', t('Commits')],
          ['partitions', t('Partitions')],
        ],
        (value) => this.#keep({ table: value as 'commits' | 'partitions' }),
      )}
      ${
        ofPartitions
          ? nothing
          : html`${picker(
              t('Which commits'),
              this.view.show ?? 'all',
              [
                ['all', t('All')],
                ['moves', t('Rewinds and jumps')],
                ['rewind', t('Rewinds')],
                ['jump', t('Jumps')],
                ['deleted', t('Deleted')],
              ],
              (value) => this.#list({ show: value as CommitsShow }),
            )}
            ${picker(
              t('Partition'),
              this.view.only ?? '',
              [
                ['', t('All partitions')],
                ...model.partitions.map((one) => [one.key, visibleText(`${one.topic}-${one.partition}`)] as const),
              ],
              (value) => this.#list({ only: value === '' ? undefined : value }),
            )}`
      }
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
      ${button('pulse', t('Open lag'), () => this.host.post({ type: 'openLag' }))}
      ${button('list-unordered', t("Open __consumer_offsets, the group's records"), () => this.host.post({ type: 'openTopic' }))}
      ${
        key === undefined
          ? nothing
          : button('inspect', t('What is {0} stuck on?', visibleText(key.replace(/\/(\d+)$/, '-$1'))), () =>
              this.host.post({ type: 'explain', key }),
            )
      }
      ${this.#resetMenu()} ${button('copy', t('Copy (Ctrl+C)'), () => this.#copy(this.#table?.copySelection() ?? ''))}
      <kafka-toolbar-menu
        .icon=${'export'}
        .label=${t('Export')}
        .items=${[
          { id: 'csv shown', label: t('CSV, what is shown') },
          { id: 'csv', label: t('CSV, all commits') },
          { id: 'json shown', label: t('JSON, what is shown') },
          { id: 'json', label: t('JSON, all commits') },
        ]}
        @pick=${(event: CustomEvent<string>) => this.#export(event.detail)}
      ></kafka-toolbar-menu>
      ${
        ofPartitions
          ? nothing
          : html`<kafka-toolbar-menu
              .icon=${'settings-gear'}
              .label=${t('Columns')}
              .items=${commitColumns.map(({ id, title }) => ({ id, label: title, checked: shown.has(id) }))}
              @pick=${(event: CustomEvent<string>) => this.#toggleColumn(event.detail)}
            ></kafka-toolbar-menu>`
      }
    </div>`;
  }

  /** Of the one commit that is selected. */
  #resetMenu(): TemplateResult | typeof nothing {
    const [id] = this.#table?.selection ?? [];
    const row = id === undefined ? undefined : this.#rows.get(Number(id));
    if (this.#isOfPartitions || this.#selected !== 1 || row === undefined) return nothing;
    const name = visibleText(`${row.topic}-${row.partition}`);
    const items = [
      ...(row.offset === undefined
        ? []
        : [{ id: 'partition', label: t('{0} to this commit, {1}', name, exact(row.offset)) }]),
      { id: 'all', label: t('All partitions as of {0}', timeOfDay(row.at)) },
    ];
    return html`<kafka-toolbar-menu
      .icon=${'history'}
      .label=${t('Reset to this commit...')}
      .items=${items}
      @pick=${({ detail }: CustomEvent<'partition' | 'all'>) => this.#reset(row.id, detail)}
    ></kafka-toolbar-menu>`;
  }

  #reset(id: number, what: 'partition' | 'all'): void {
    this.host.post({ type: 'reset', id, what });
  }

  /** Of the chosen partition, else of all. */
  #figures(model: CommitsModel): TemplateResult {
    const { only } = this.view;
    const partitions = model.partitions.filter(({ key }) => only === undefined || key === only);
    const sum = (of: (one: CommitPartition) => string | number): bigint =>
      partitions.reduce((total, one) => total + BigInt(of(one)), 0n);
    const usual = partitions.flatMap(({ usualInterval }) => usualInterval ?? []).sort((a, b) => a - b);
    const gap = partitions
      .flatMap(({ longestGap }) => longestGap ?? [])
      .reduce<CommitPartition['longestGap']>(
        (a, b) => (a === undefined || b.to - b.from > a.to - a.from ? b : a),
        undefined,
      );
    const expires = partitions.flatMap((one) => one.expires ?? []).sort((a, b) => a - b)[0];
    const [rewinds, jumps] = [sum((one) => one.rewinds), sum((one) => one.jumps)];
    const fact = (label: string, value: unknown, hover = '', alarm = false): TemplateResult =>
      html`<div title=${hover} class=${alarm ? 'alarm' : ''}>
        <dt>${label}</dt>
        <dd>${value}</dd>
      </div>`;
    const unread = model.failure !== undefined && model.count === 0;
    const figure = (value: bigint): string => (unread ? '-' : exact(String(value)));
    return html`<dl class="figures">
      ${fact(t('Partitions'), exact(String(partitions.length)))}
      ${fact(t('Commits'), figure(sum((one) => one.count)), t('That were read'))}
      ${fact(t('Usual interval'), usual.length === 0 ? '-' : formatDuration(usual[usual.length >> 1]!), t('Median over the partitions'))}
      ${fact(
        t('Longest gap'),
        gap === undefined ? '-' : formatDuration(gap.to - gap.from),
        gap === undefined ? '' : `${wholeTime(gap.from)}\n${wholeTime(gap.to)}`,
      )}
      ${fact(t('No progress'), figure(sum((one) => one.same)), t('Commits of what was committed already'))}
      ${fact(
        t('Rewinds'),
        rewinds === 0n
          ? figure(rewinds)
          : t('{0}, {1} records twice', figure(rewinds), figure(sum((one) => one.again))),
        t('Steps back: the records between are processed twice'),
        rewinds > 0n,
      )}
      ${fact(
        t('Jumps'),
        jumps === 0n ? figure(jumps) : t('{0}, {1} records skipped', figure(jumps), figure(sum((one) => one.skipped))),
        t('Steps past records that the group cannot have, or can hardly have, read'),
        jumps > 0n,
      )}
      ${fact(
        t('Expires'),
        expires === undefined ? '-' : wholeTime(expires).slice(0, 10),
        expires === undefined
          ? (partitions.find(({ expiryWhy }) => expiryWhy !== undefined)?.expiryWhy ?? '')
          : wholeTime(expires),
      )}
      ${fact(
        t('Retention'),
        model.retention === undefined ? '-' : formatDuration(model.retention),
        model.retention === undefined
          ? t('The offsets.retention.minutes of the broker could not be read.')
          : t('offsets.retention.minutes of the coordinator'),
      )}
    </dl>`;
  }

  #charts(model: CommitsModel): TemplateResult | typeof nothing {
    const lines = this.#lines;
    const charted = this.#charted;
    if (lines === undefined || charted === undefined || charted.count === 0) return nothing;
    const now = (model.frame.sentAt ?? Date.now()) + (this.#paused ? 0 : Date.now() - this.#receivedAt);
    const chart = (label: string, shape: 'steps' | 'bars', of: readonly ChartLine[]): TemplateResult =>
      html`<kafka-line-chart
        .label=${label}
        .shape=${shape}
        .lines=${of}
        .rangeMs=${0}
        .now=${Math.max(now, charted.lastAt ?? 0)}
        .asTable=${this.#chartsAsTable}
      ></kafka-line-chart>`;
    return html`<div class="charts">
      ${chart(t('Committed offset'), 'steps', lines.offsets)} ${chart(t('Step of each commit'), 'bars', lines.steps)}
    </div>`;
  }

  #focusLine(): TemplateResult | typeof nothing {
    if (this.#focus === undefined) return nothing;
    return html`<div class="notice focus" role="status">
      ${icon('filter')}<span>${t('Only the commits of: {0}', visibleText(this.#focus.text))}</span
      ><button class="link" @click=${() => this.#unfocus()}>${t('Show all')}</button>
    </div>`;
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
        .version=${this.#receivedAt}
        .filterTextOf=${partitionText}
        .filter=${this.view.filter ?? ''}
        .sort=${this.view.partitionSort ?? byPartition}
        .widths=${this.view.partitionWidths ?? noWidths}
        @table-sort=${(event: CustomEvent<Sort>) => this.#keep({ partitionSort: event.detail })}
        @table-widths=${(event: CustomEvent<Record<string, number>>) => this.#keep({ partitionWidths: event.detail })}
        @table-selection=${() => this.#onSelection()}
        @table-details=${(event: CustomEvent<string>) => this.#only(event.detail)}
        @table-copy=${(event: CustomEvent<string>) => this.#copy(event.detail)}
        @table-shown=${(event: CustomEvent<number>) => this.#onShown(event.detail)}
      ></kafka-data-table>`;
    }
    return html`<kafka-data-table
      class="of-commits"
      .label=${t('Commits of {0}', this.view.group)}
      .rows=${this.#listed}
      .columns=${this.#columns()}
      .keyOf=${keyOfCommit}
      .latestOf=${this.#latestCommit}
      .version=${this.#version}
      .filterTextOf=${commitText}
      .rowClassOf=${rowClassOf}
      .filter=${this.view.filter ?? ''}
      .sort=${this.view.sort ?? newestFirst}
      .widths=${this.view.widths ?? noWidths}
      @table-sort=${(event: CustomEvent<Sort>) => this.#keep({ sort: event.detail })}
      @table-widths=${(event: CustomEvent<Record<string, number>>) => this.#keep({ widths: event.detail })}
      @table-selection=${() => this.#onSelection()}
      @table-details=${(event: CustomEvent<string>) => this.#showDetails(Number(event.detail))}
      @table-copy=${(event: CustomEvent<string>) => this.#copy(event.detail)}
      @table-shown=${(event: CustomEvent<number>) => this.#onShown(event.detail)}
    ></kafka-data-table>`;
  }

  readonly #latestCommit = (id: string): CommitRow | undefined => this.#rows.get(Number(id));

  readonly #latestPartition = (key: string): CommitPartition | undefined =>
    this.#model?.partitions.find((one) => one.key === key);

  #visible:
    { readonly chosen: readonly string[] | undefined; readonly columns: readonly Column<CommitRow>[] } | undefined;

  /** The same array as long as nothing changes: the table lays out anew for another one. */
  #columns(): readonly Column<CommitRow>[] {
    const chosen = this.view.columns;
    if (this.#visible === undefined || this.#visible.chosen !== chosen) {
      const columns = commitColumns.filter(({ id, hidden }) =>
        chosen === undefined ? hidden !== true : chosen.includes(id),
      );
      this.#visible = { chosen, columns };
    }
    return this.#visible.columns;
  }

  #detailsView(): TemplateResult | typeof nothing {
    const row = this.#details === undefined || this.#isOfPartitions ? undefined : this.#rows.get(this.#details);
    if (row === undefined) return nothing;
    const key = partitionKey(row);
    return commitDetails(row, {
      close: () => this.#showDetails(undefined),
      only: () => this.#only(key),
      explain: () => this.host.post({ type: 'explain', key }),
      tail: () => this.host.post({ type: 'tail', key, offset: row.offset }),
      reset: (what) => this.#reset(row.id, what),
    });
  }

  #status(model: CommitsModel): TemplateResult {
    const { place, pending, progress, failure } = model;
    const all = this.#isOfPartitions ? model.partitions.length : this.#rows.size;
    const last = model.partitions.reduce((newest, { lastAt = 0 }) => Math.max(newest, lastAt), 0);
    return html`<footer class="status">
      <span>${tableStatus(all, this.#shown, this.#selected)}</span>
      <span class="spring"></span>
      ${pending === 0 ? nothing : html`<span>${t('{0} in open transactions', exact(String(pending)))}</span>`}
      ${last === 0 ? nothing : html`<span title=${wholeTime(last)}>${t('last commit {0}', timeOfDay(last))}</span>`}
      ${place === undefined ? nothing : html`<span>${nameCell(place)}</span>`}
      ${
        failure !== undefined
          ? html`<span>${icon('warning')} ${t('not read')}</span>`
          : progress === undefined
            ? html`<span>${t('follows live')}</span>`
            : html`<progress max="1" .value=${progress} aria-label=${t('Reading')}></progress>
                <span>${t('reading, {0}%', Math.floor(progress * 100))}</span>`
      }
    </footer>`;
  }

  #keep(change: Partial<CommitsPageState>): void {
    this.view = { ...this.view, ...change };
    this.host.keep(this.view);
  }

  /** Other commits are to be listed. */
  #list(change: Partial<CommitsPageState>): void {
    this.#focus = undefined;
    this.#rowsDue = true;
    this.#keep(change);
  }

  #only(key: PartitionKey): void {
    this.#list({ only: key, table: 'commits', show: 'all' });
    this.#say(t('Only the commits of {0}', key.replace(/\/(\d+)$/, '-$1')));
  }

  #show(finding: CommitFindingView): void {
    this.#list({ only: undefined, table: 'commits', filter: '' });
    this.#focus = { ids: new Set(finding.commits), text: finding.text };
    void this.updateComplete.then(() => this.#table?.focus());
  }

  #unfocus(): void {
    this.#list({});
    this.#table?.focus();
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

  #export(choice: string): void {
    const [format, shown] = choice.split(' ') as ['csv' | 'json', string | undefined];
    const rows = this.#isOfPartitions ? this.#listed : (this.#table?.shownRows ?? []);
    this.host.post({ type: 'export', format, ids: shown === undefined ? undefined : rows.map(({ id }) => id) });
  }

  #toggleColumn(id: string): void {
    const shown = new Set(this.#columns().map((column) => column.id));
    if (!shown.delete(id)) shown.add(id);
    // A table without columns could not be told from a broken one.
    if (shown.size > 0) {
      this.#keep({ columns: commitColumns.filter((column) => shown.has(column.id)).map((column) => column.id) });
    }
  }

  #onShown(shown: number): void {
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.requestUpdate();
  }

  #onSelection(): void {
    const selected = this.#table?.selection ?? new Set<string>();
    this.#selected = selected.size;
    const [first] = selected;
    if (!this.#isOfPartitions && this.#details !== undefined && selected.size === 1) this.#details = Number(first);
    this.requestUpdate();
  }

  #showDetails(id: number | undefined): void {
    this.#details = id;
    if (id === undefined) this.#table?.focus();
    this.requestUpdate();
  }

  #onKey(event: KeyboardEvent): void {
    const [target] = event.composedPath();
    const typing = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
    const pressing = target instanceof HTMLButtonElement || target instanceof HTMLSelectElement;
    if (event.key === 'Escape') {
      if (typing && (this.view.filter ?? '') !== '') this.#keep({ filter: '' });
      else if (this.#details !== undefined) this.#showDetails(undefined);
      else if (this.#focus !== undefined) this.#unfocus();
      else if (this.view.only !== undefined && !this.#isOfPartitions) this.#list({ only: undefined });
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

const newestFirst: Sort = { column: 'time', descending: true };
const byPartition: Sort = { column: 'partition', descending: false };
const noWidths = {};

function isOf({ kind }: CommitRow, show: CommitsShow): boolean {
  if (show === 'all') return true;
  return show === 'moves' ? kind === 'rewind' || kind === 'jump' : kind === show;
}

function keyOfCommit({ id }: CommitRow): string {
  return String(id);
}

function keyOfPartition({ key }: CommitPartition): string {
  return key;
}

function commitText(row: CommitRow): string {
  const { topic, partition, kind, offset, owner, metadata, generation } = row;
  const words = [
    `${topic}-${partition}`,
    kindWord(kind),
    offset,
    ownerWord(row),
    owner?.memberId,
    metadata,
    generation,
  ];
  return words.filter((word) => word !== undefined).join(' ');
}

function partitionText({ topic, partition, owner }: CommitPartition): string {
  return `${topic}-${partition} ${owner ?? ''}`;
}

function rowClassOf({ kind }: CommitRow): string {
  return `commit-${kind}`;
}

customElements.define('kafka-commits-page', CommitsPage);
