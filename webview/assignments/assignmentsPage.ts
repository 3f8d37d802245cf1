import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type {
  AssignmentsPageState,
  FindingMessage,
  FromAssignmentsPage,
  HistoryModel,
  HistorySource,
  MeanwhileMessage,
  RebalanceMessage,
  ToAssignmentsPage,
} from '../../src/ui/panels/assignments/protocol.ts';
import { formatCount } from '../../src/shared/format.ts';
import type { PartitionKey, Point } from '../../src/ui/panels/protocol.ts';
import { PageElement } from '../shared/element.ts';
import { isStale } from '../shared/header.ts';
import type { Host } from '../shared/host.ts';
import { t } from '../shared/l10n.ts';
import { notices, problemView, skeleton } from '../shared/stateViews.ts';
import type { DataTable } from '../shared/table.ts';
import type { Sort } from '../shared/tableModel.ts';
import { button, picker, toggle } from '../shared/toolbar.ts';
import { rebalanceColumns, spanColumns, spanKey, type SpanRow } from './columns.ts';
import { rebalanceDetails } from './details.ts';
import { findingsView, lacksView } from './findings.ts';
import { HistoryStore } from './historyStore.ts';
import { filterLanes, firstEndingAfter, memberText, type Lane } from './lanes.ts';
import type { LanesChart } from './lanesChart.ts';
import { momentText } from './readout.ts';
import { lagScaleText, most } from './scene.ts';
import { within, zoomed, type TimeWindow } from './timeWindow.ts';
import { causesText, timeOf } from './words.ts';

/** More rows than that nobody reads, and sorting them would be felt. */
const mostSpans = 20_000;
const defaultSort: Sort = { column: 'time', descending: true };
const spanSort: Sort = { column: 'lane', descending: false };
const noWidths = {};

/** Who owned which partition of a group when: findings, lanes, rebalances. Holds what the host told since the page became visible. */
export class AssignmentsPage extends PageElement {
  static override properties = { host: { attribute: false }, view: { state: true } };
  declare host: Host<ToAssignmentsPage, FromAssignmentsPage, AssignmentsPageState>;
  declare view: AssignmentsPageState;

  readonly #store = new HistoryStore();
  #paused = false;
  #selected: string | undefined;
  #finding: number | undefined;
  #allFindings = false;
  #inView: readonly string[] = [];
  #lagKeys: readonly PartitionKey[] = [];
  #goTo: PartitionKey | undefined;
  #spanSort = spanSort;
  #said = '';
  #shown: { readonly key: readonly unknown[]; readonly lanes: readonly Lane[] } | undefined;
  #spans: { readonly key: readonly unknown[]; readonly rows: readonly SpanRow[]; readonly all: number } | undefined;
  readonly #rebalanceColumns = rebalanceColumns(
    () => this.#store.now,
    (row, isDrawn) => this.#meanwhileOf(row, isDrawn),
  );
  readonly #spanColumns = spanColumns({ members: () => this.#store.members, now: () => this.#store.now });

  /** `wanted`: a partition that the page was opened for. */
  start(wanted: PartitionKey | undefined): void {
    this.#goTo = wanted;
    this.host.listen((message) => this.#receive(message));
    document.addEventListener('keydown', (event) => this.#onKey(event));
    this.host.post({ type: 'ready' });
  }

  #receive(message: ToAssignmentsPage): void {
    if (message.type === 'select') this.#goTo = message.key;
    else {
      this.#store.receive(message);
      if (message.type === 'full') {
        this.#lagKeys = [];
        this.#finding = undefined;
        this.#counting.clear();
      }
      if (message.type === 'update') for (const { id } of message.rebalances) this.#counting.delete(id);
      if (message.type !== 'lags') this.#askMoves();
    }
    this.requestUpdate();
  }

  /** Messages come in bursts; the page is drawn once a frame. */
  protected override async scheduleUpdate(): Promise<void> {
    if (this.hasUpdated) await new Promise((resolve) => requestAnimationFrame(resolve));
    await super.scheduleUpdate();
  }

  protected override updated(_changed: PropertyValues): void {
    this.#askLags();
    const chart = this.#chart;
    const key = this.#goTo;
    if (key === undefined || chart === null || !this.#store.lanes.some((lane) => lane.key === key)) return;
    this.#goTo = undefined;
    void chart.updateComplete.then(() => chart.goTo(key));
  }

  get #chart(): LanesChart | null {
    return this.querySelector<LanesChart>('kafka-lanes-chart');
  }

  get #list(): DataTable<RebalanceMessage> | null {
    return this.querySelector<DataTable<RebalanceMessage>>('.rebalances kafka-data-table');
  }

  get #active(): FindingMessage | undefined {
    return this.#finding === undefined ? undefined : this.#store.model?.findings[this.#finding];
  }

  /** Which time is shown. */
  get #window(): TimeWindow {
    const { bounds } = this.#store;
    const { range } = this.view;
    if (range === undefined) return bounds;
    const length = range.to - range.from;
    return within(this.#follows ? { from: bounds.to - length, to: bounds.to } : range, bounds);
  }

  get #follows(): boolean {
    return this.view.follow !== false;
  }

  /** The lanes that pass the filters; the same list until something changes. */
  get #lanes(): readonly Lane[] {
    const { lanes, members } = this.#store;
    const finding = this.#active;
    const moves = this.#selected === undefined ? undefined : this.#store.moves.get(this.#selected);
    const { by = 'partition', filter = '', movedOnly = false } = this.view;
    const key = [lanes, members, finding, moves, by, filter, movedOnly];
    if (this.#shown?.key.every((one, index) => one === key[index]) === true) return this.#shown.lanes;
    const all = by === 'member' ? this.#store.memberLanes : lanes;
    const concerned = finding === undefined || finding.members.length === 0 ? undefined : new Set(finding.members);
    const ofFinding =
      concerned === undefined
        ? undefined
        : new Set(all.filter(({ owner }) => owner.some((one) => concerned.has(one))).map((lane) => lane.key));
    // What the chosen rebalance moved; without one, what ever moved.
    const ofMoves =
      movedOnly && moves !== undefined && by === 'partition'
        ? new Set(moves.map(({ topic, partition }) => `${topic}/${partition}`))
        : undefined;
    const keys =
      ofFinding && ofMoves ? new Set([...ofFinding].filter((one) => ofMoves.has(one))) : (ofFinding ?? ofMoves);
    const shown = filterLanes(all, members, { text: filter, movedOnly: movedOnly && ofMoves === undefined, keys });
    this.#shown = { key, lanes: shown };
    return shown;
  }

  protected override render(): TemplateResult {
    const { model, receivedAt } = this.#store;
    if (model === undefined) return html`<div class="page">${skeleton(12)}</div>`;
    const { frame } = model;
    const retry = (): void => this.host.post({ type: 'retry' });
    return html`<div class="page assignments ${isStale(frame, receivedAt) ? 'stale' : ''}">
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
          : html`${lacksView(model)} ${this.#findingsView(model)} ${this.#toolbar()}
              <div class="content">
                ${this.view.asTable === true ? this.#tableView() : this.#chartView()} ${this.#sideView()}
              </div>
              ${this.#status(model)}`
      }
      <div class="hidden-text" role="status" aria-live="polite">${this.#said}</div>
    </div>`;
  }

  #findingsView({ findings }: HistoryModel): TemplateResult | typeof nothing {
    return findingsView(findings, this.#finding, this.#allFindings, {
      show: (index) => {
        this.#finding = index;
        const finding = this.#active;
        if (finding !== undefined) this.#showAround(finding.from, finding.to ?? this.#store.now);
        this.requestUpdate();
      },
      toggleAll: () => {
        this.#allFindings = !this.#allFindings;
        this.requestUpdate();
      },
    });
  }

  #toolbar(): TemplateResult {
    const { by = 'partition', movedOnly = false, lag = false, asTable = false, list = true } = this.view;
    const zoom = (factor: number): void => {
      const window = this.#window;
      this.#setWindow(zoomed(window, factor, (window.from + window.to) / 2, this.#store.bounds));
    };
    const movedLabel =
      this.#selected === undefined ? t('Only what moved') : t('Only what the selected rebalance moved');
    return html`<div class="toolbar" role="toolbar" aria-label=${t('View')}>
      <vscode-textfield
        class="filter"
        placeholder=${t('Filter by topic or member ( / )')}
        label=${t('Filter')}
        aria-label=${t('Filter')}
        .value=${this.view.filter ?? ''}
        @input=${(event: Event) => this.#keep({ filter: (event.target as HTMLInputElement).value })}
      >
        <span slot="content-before" class="codicon codicon-filter" aria-hidden="true"></span>
      </vscode-textfield>
      ${picker(
        t('A lane for each'),
        by,
        [
          ['partition', t('By partition')],
          ['member', t('By member')],
        ],
        (value) => this.#keep({ by: value as 'partition' | 'member' }),
      )}
      ${toggle('arrow-swap', movedLabel, movedOnly, () => this.#keep({ movedOnly: !movedOnly }))}
      ${by === 'partition' ? toggle('graph-line', t('Lag over the lanes'), lag, () => this.#keep({ lag: !lag })) : nothing}
      ${button('zoom-in', t('Zoom in (+)'), () => zoom(1.5))}
      ${button('zoom-out', t('Zoom out (-)'), () => zoom(1 / 1.5))}
      ${button('screen-full', t('Show all (0)'), () => this.#setWindow(this.#store.bounds))}
      ${toggle('debug-continue', t('Follow now (n)'), this.#follows, () => this.#toggleFollow())}
      <span class="spring"></span>
      ${toggle('table', t('Show the lanes as a table'), asTable, () => this.#keep({ asTable: !asTable }))}
      ${toggle('layout-sidebar-right', t('List of rebalances'), list, () => this.#keep({ list: !list }))}
      ${button('pulse', t('Open lag'), () => this.host.post({ type: 'openLag' }))}
      <kafka-toolbar-menu
        .icon=${'export'}
        .label=${t('Export')}
        .items=${[
          { id: 'json', label: t('JSON, the whole history') },
          { id: 'csv', label: t('CSV, all owners') },
          ...(asTable
            ? []
            : [
                { id: 'png', label: t('PNG, what is shown') },
                { id: 'svg', label: t('SVG, what is shown') },
              ]),
        ]}
        @pick=${(event: CustomEvent<string>) => void this.#export(event.detail)}
      ></kafka-toolbar-menu>
    </div>`;
  }

  #chartView(): TemplateResult {
    return html`<kafka-lanes-chart
      .label=${t('Owners of the partitions of {0}', this.view.group)}
      .lanes=${this.#lanes}
      .members=${this.#store.members}
      .rebalances=${this.#store.rebalances}
      .window=${this.#window}
      .bounds=${this.#store.bounds}
      .now=${this.#store.now}
      .selected=${this.#selected}
      .lags=${this.#lags}
      .pending=${this.#store.pending}
      @lanes-window=${(event: CustomEvent<TimeWindow>) => this.#setWindow(event.detail)}
      @lanes-select=${(event: CustomEvent<string | undefined>) => this.#select(event.detail, 'chart')}
      @lanes-open=${(event: CustomEvent<string>) => this.#open(event.detail)}
      @lanes-view=${(event: CustomEvent<readonly string[]>) => this.#onView(event.detail)}
      @lanes-copy=${(event: CustomEvent<string>) => this.#copy(event.detail)}
    ></kafka-lanes-chart>`;
  }

  get #lags(): ReadonlyMap<PartitionKey, readonly Point[]> | undefined {
    return this.view.lag === true && this.view.by !== 'member' ? this.#store.lags : undefined;
  }

  #tableView(): TemplateResult {
    const { rows, all } = this.#spanRows();
    return html`<div class="spans">
      ${all > rows.length ? html`<p class="notice">${t('The first {0} of {1} spans: zoom in or filter to see the others.', formatCount(rows.length), formatCount(all))}</p>` : nothing}
      <kafka-data-table
        .label=${t('Owners of the partitions of {0}', this.view.group)}
        .rows=${rows}
        .columns=${this.#spanColumns}
        .keyOf=${spanKey}
        .version=${this.#store.receivedAt}
        .filter=${''}
        .sort=${this.#spanSort}
        .widths=${noWidths}
        @table-sort=${(event: CustomEvent<Sort>) => {
          this.#spanSort = event.detail;
          this.requestUpdate();
        }}
        @table-copy=${(event: CustomEvent<string>) => this.#copy(event.detail)}
      ></kafka-data-table>
    </div>`;
  }

  /** The spans that the chart would show. */
  #spanRows(): { readonly rows: readonly SpanRow[]; readonly all: number } {
    const lanes = this.#lanes;
    const { from, to } = this.#window;
    const key = [lanes, from, to];
    if (this.#spans?.key.every((one, index) => one === key[index]) === true) return this.#spans;
    const rows: SpanRow[] = [];
    let all = 0;
    for (const lane of lanes) {
      for (let index = firstEndingAfter(lane, from); index < lane.from.length && lane.from[index]! < to; index++) {
        all++;
        if (rows.length < mostSpans) rows.push({ lane, index });
      }
    }
    this.#spans = { key, rows, all };
    return this.#spans;
  }

  #sideView(): TemplateResult | typeof nothing {
    const rebalance = this.#store.rebalance(this.#selected);
    const list = this.view.list !== false;
    if (!list && rebalance === undefined) return nothing;
    return html`<div class="side">
      ${
        list
          ? html`<div class="rebalances">
              ${
                this.#store.rebalances.length === 0
                  ? html`<p class="quiet none">${t('No rebalance is known yet. One that begins now shows here.')}</p>`
                  : this.#listView()
              }
            </div>`
          : nothing
      }
      ${
        rebalance === undefined
          ? nothing
          : rebalanceDetails(rebalance, {
              members: this.#store.members,
              now: this.#store.now,
              moves: this.#store.moves.get(rebalance.id),
              meanwhile: this.#meanwhileOf(rebalance, true),
              close: () => this.#select(undefined, 'page'),
              openLine: (file, line) => this.host.post({ type: 'openLine', file, line }),
            })
      }
    </div>`;
  }

  #listView(): TemplateResult {
    return html`<kafka-data-table
      .label=${t('Rebalances of {0}', this.view.group)}
      .rows=${this.#rebalances()}
      .columns=${this.#rebalanceColumns}
      .keyOf=${rebalanceKey}
      .latestOf=${this.#latestOf}
      .version=${this.#store.receivedAt}
      .filterTextOf=${this.#filterTextOf}
      .filter=${this.view.filter ?? ''}
      .sort=${this.view.sort ?? defaultSort}
      .widths=${this.view.widths ?? noWidths}
      @table-sort=${(event: CustomEvent<Sort>) => this.#keep({ sort: event.detail })}
      @table-widths=${(event: CustomEvent<Record<string, number>>) => this.#keep({ widths: event.detail })}
      @table-selection=${(event: CustomEvent<ReadonlySet<string>>) => this.#onListSelection(event.detail)}
      @table-details=${(event: CustomEvent<string>) => this.#select(event.detail, 'list')}
      @table-copy=${(event: CustomEvent<string>) => this.#copy(event.detail)}
    ></kafka-data-table>`;
  }

  #listed: { readonly key: readonly unknown[]; readonly rows: readonly RebalanceMessage[] } | undefined;

  /** Those that the finding is about, where one is shown. */
  #rebalances(): readonly RebalanceMessage[] {
    const finding = this.#active;
    const { rebalances } = this.#store;
    if (finding === undefined) return rebalances;
    const key = [rebalances, finding];
    if (this.#listed?.key.every((one, index) => one === key[index]) === true) return this.#listed.rows;
    const until = finding.to ?? Infinity;
    const rows = rebalances.filter((one) => (one.ended ?? timeOf(one)) >= finding.from && timeOf(one) <= until);
    this.#listed = { key, rows };
    return rows;
  }

  readonly #latestOf = (id: string): RebalanceMessage | undefined => this.#store.rebalance(id);

  /** A topic is no reason to hide a rebalance: only words that say something of members or causes do. */
  readonly #filterTextOf = (rebalance: RebalanceMessage): string => {
    const { members, lanes } = this.#store;
    const places = [...rebalance.joined, ...rebalance.left, ...rebalance.causes.flatMap((cause) => cause.members)];
    const concerned = places.map((place) => members[place]).filter((member) => member !== undefined);
    const topics =
      this.#topics?.lanes === lanes ? this.#topics.text : [...new Set(lanes.map(({ label }) => label))].join(' ');
    this.#topics = { lanes, text: topics };
    return [
      causesText(rebalance),
      ...rebalance.causes.map(({ text }) => text),
      ...concerned.map(memberText),
      topics,
    ].join(' ');
  };

  #topics: { readonly lanes: readonly Lane[]; readonly text: string } | undefined;

  #status({ sources, from }: HistoryModel): TemplateResult {
    const { lanes, memberLanes, rebalances, now } = this.#store;
    const all = this.view.by === 'member' ? memberLanes.length : lanes.length;
    const shown = this.#lanes.length;
    const count =
      shown === all ? t('{0} lanes', formatCount(all)) : t('{0} of {1} lanes', formatCount(shown), formatCount(all));
    const highest = this.#lags === undefined ? 0 : most({ lags: this.#lags, window: this.#window });
    return html`<footer class="status">
      <span>${count}, ${t('{0} rebalances', formatCount(rebalances.length))}</span>
      ${this.#lags === undefined ? nothing : html`<span>${highest > 0 ? lagScaleText(highest) : t('no lag is known of these lanes')}</span>`}
      <span class="spring"></span>
      ${from === undefined ? nothing : html`<span>${t('told since {0}', momentText(from, now))}</span>`}
      <span>${sources.map(sourceName).join(', ')}</span>
    </footer>`;
  }

  #keep(change: Partial<AssignmentsPageState>): void {
    this.view = { ...this.view, ...change };
    this.host.keep(this.view);
  }

  #setWindow(window: TimeWindow): void {
    const { bounds } = this.#store;
    const isAll = window.from <= bounds.from && window.to >= bounds.to;
    // What ends at now goes on with it.
    const follow = window.to >= bounds.to - 1;
    this.#keep({ range: isAll ? undefined : { from: window.from, to: window.to }, follow });
  }

  #toggleFollow(): void {
    const { from, to } = this.#window;
    const { bounds } = this.#store;
    if (!this.#follows) this.#setWindow(within({ from: bounds.to - (to - from), to: bounds.to }, bounds));
    else this.#keep({ range: { from, to }, follow: false });
  }

  #showAround(from: number, to: number): void {
    const around = Math.max(1_000, (to - from) * 0.1);
    this.#setWindow(within({ from: from - around, to: to + around }, this.#store.bounds));
  }

  /** `by`: where it was chosen; the others follow. */
  #select(id: string | undefined, by: 'chart' | 'list' | 'page'): void {
    this.#selected = id;
    this.#askMoves();
    if (by !== 'list') this.#list?.selectKeys(id === undefined ? [] : [id]);
    const rebalance = this.#store.rebalance(id);
    if (rebalance !== undefined && by === 'list') this.#bringIntoWindow(rebalance);
    if (id === undefined && by === 'page') this.#chart?.focus();
    this.requestUpdate();
  }

  #bringIntoWindow(rebalance: RebalanceMessage): void {
    const at = timeOf(rebalance);
    const { from, to } = this.#window;
    if (at >= from && at <= to) return;
    const half = (to - from) / 2;
    this.#setWindow(within({ from: at - half, to: at + half }, this.#store.bounds));
  }

  #onListSelection(selected: ReadonlySet<string>): void {
    const [only] = selected;
    if (selected.size === 1 && only !== this.#selected) this.#select(only, 'list');
  }

  #askMoves(): void {
    const id = this.#selected;
    if (id === undefined || this.#store.moves.has(id) || (this.#store.rebalance(id)?.moved ?? 0) === 0) return;
    this.host.post({ type: 'moves', rebalance: id });
  }

  readonly #counting = new Set<string>();
  #countDue: string[] = [];

  /** What is drawn and not known yet is asked for, all of a frame at once. */
  #meanwhileOf({ id }: RebalanceMessage, isDrawn: boolean): MeanwhileMessage | undefined {
    const known = this.#store.meanwhile.get(id);
    if (!isDrawn || known !== undefined || this.#counting.has(id)) return known;
    this.#counting.add(id);
    this.#countDue.push(id);
    if (this.#countDue.length === 1) {
      queueMicrotask(() => this.host.post({ type: 'meanwhile', rebalances: this.#countDue.splice(0) }));
    }
    return undefined;
  }

  #onView(keys: readonly string[]): void {
    this.#inView = keys;
    this.#askLags();
  }

  /** Of the lanes in view only: a group may have thousands. */
  #askLags(): void {
    const wanted = this.#lags === undefined || this.view.asTable === true ? [] : this.#inView;
    if (wanted.join('\n') === this.#lagKeys.join('\n')) return;
    this.#lagKeys = wanted;
    this.host.post({ type: 'lags', keys: wanted });
  }

  #open(key: string): void {
    if (!key.startsWith('member ')) this.host.post({ type: 'openLag', key });
  }

  async #export(choice: string): Promise<void> {
    const chart = this.#chart;
    if (choice === 'json' || choice === 'csv') this.host.post({ type: 'export', format: choice });
    else if (chart !== null && choice === 'svg') {
      this.host.post({
        type: 'picture',
        format: 'svg',
        data: chart.svg(t('Assignment history of {0}', this.view.group)),
      });
    } else if (chart !== null) this.host.post({ type: 'picture', format: 'png', data: await chart.png() });
  }

  #pause(): void {
    this.#paused = !this.#paused;
    this.host.post({ type: 'pause', paused: this.#paused });
    this.#say(this.#paused ? t('Paused') : t('Resumed'));
  }

  #copy(text: string): void {
    this.host.post({ type: 'copy', text });
    this.#say(t('Copied'));
  }

  #say(text: string): void {
    this.#said = text;
    this.requestUpdate();
  }

  #onKey(event: KeyboardEvent): void {
    const [target] = event.composedPath();
    const typing = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
    const pressing =
      target instanceof HTMLButtonElement ||
      (target instanceof Element && target.closest('summary, button, select') !== null);
    if (event.key === 'Escape') {
      if (typing && (this.view.filter ?? '') !== '') this.#keep({ filter: '' });
      else if (this.#selected !== undefined) this.#select(undefined, 'page');
      else this.#chart?.focus();
    } else if (event.key === '/' && !typing) {
      this.querySelector<HTMLElement>('.filter')?.focus();
    } else if (event.key === ' ' && !typing && !pressing) {
      this.#pause();
    } else if (event.key === 'ArrowDown' && typing) {
      this.#chart?.focus();
    } else {
      return;
    }
    event.preventDefault();
  }
}

function rebalanceKey({ id }: RebalanceMessage): string {
  return id;
}

function sourceName(source: HistorySource): string {
  switch (source) {
    case 'topic':
      return t('from __consumer_offsets');
    case 'poll':
      return t('from polls');
    case 'log':
      return t('from logs');
  }
}

customElements.define('kafka-assignments-page', AssignmentsPage);
