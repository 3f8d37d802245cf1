import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type {
  AssignmentsPageState,
  FindingMessage,
  FromAssignmentsPage,
  HistoryModel,
  LineMessage,
  RebalanceMessage,
  ToAssignmentsPage,
} from '../../src/ui/panels/assignments/protocol.ts';
import type { PartitionKey, Point } from '../../src/ui/panels/protocol.ts';
import { PageElement } from '../shared/element.ts';
import { isStale } from '../shared/header.ts';
import type { Host } from '../shared/host.ts';
import { t } from '../shared/l10n.ts';
import { notices, problemView, skeleton } from '../shared/stateViews.ts';
import type { DataTable } from '../shared/table.ts';
import { Asked } from './asked.ts';
import { rebalanceDetails } from './details.ts';
import { findingsView, lacksView } from './findings.ts';
import { HistoryStore } from './historyStore.ts';
import { HistoryTables } from './historyTables.ts';
import type { Lane } from './lanes.ts';
import type { LanesChart } from './lanesChart.ts';
import { most } from './scene.ts';
import { Shown } from './shown.ts';
import { statusLine } from './statusLine.ts';
import { keptOf, windowOf } from './shownTime.ts';
import { showing, within, zoomed, type TimeWindow } from './timeWindow.ts';
import { toolbarView } from './toolbarView.ts';
import { timeOf } from './words.ts';

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
  #goTo: PartitionKey | undefined;
  #said = '';
  readonly #shown = new Shown();
  readonly #asked = new Asked(this.#store, (message) => this.host.post(message));
  readonly #tables = new HistoryTables({
    store: this.#store,
    shown: this.#shown,
    asked: this.#asked,
    keep: (change) => this.#keep(change),
    selected: (ids) => this.#onListSelection(ids),
    select: (id) => this.#select(id, 'list'),
    selectLine: ({ at, rebalance }) => this.#show(at, rebalance),
    openLine: ({ file, line }) => this.host.post({ type: 'openLine', file, line }),
    copy: (text) => this.#copy(text),
    update: () => this.requestUpdate(),
  });

  /** `wanted`: a partition that the page was opened for. */
  start(wanted: PartitionKey | undefined): void {
    this.#goTo = wanted;
    this.host.listen((message) => this.#receive(message));
    document.addEventListener('keydown', (event) => this.#onKey(event));
    this.host.post({ type: 'ready' });
  }

  #receive(message: ToAssignmentsPage): void {
    if (message.type === 'select') this.#goTo = message.key;
    else if (message.type === 'show') this.#show(message.at, message.rebalance);
    else {
      this.#store.receive(message);
      if (message.type === 'full') {
        this.#asked.forget();
        this.#finding = undefined;
      }
      if (message.type === 'update') this.#asked.changed(message.rebalances);
      if (message.type !== 'lags') this.#asked.moves(this.#selected);
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
    return this.querySelector<DataTable<RebalanceMessage>>('.rebalances kafka-data-table.of-rebalances');
  }

  get #active(): FindingMessage | undefined {
    return this.#finding === undefined ? undefined : this.#store.model?.findings[this.#finding];
  }

  /** Which time is shown. */
  get #window(): TimeWindow {
    return windowOf(this.view, this.#store.bounds);
  }

  get #follows(): boolean {
    return this.view.follow !== false;
  }

  /** The lanes that pass the filters; the same list until something changes. */
  get #lanes(): readonly Lane[] {
    const moves = this.#selected === undefined ? undefined : this.#store.moves.get(this.#selected);
    return this.#shown.lanes(this.#store, this.view, this.#active, moves);
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
                ${this.view.asTable === true ? this.#tables.spans(this.#shown.spans(this.#lanes, this.#window), this.view.group) : this.#chartView()}
                ${this.#sideView()}
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
    return toolbarView({
      view: this.view,
      isSelected: this.#selected !== undefined,
      follows: this.#follows,
      hasLines: this.#store.lines.length > 0,
      keep: (change) => this.#keep(change),
      zoom: (factor) => {
        const window = this.#window;
        this.#setWindow(zoomed(window, factor, (window.from + window.to) / 2, this.#store.bounds));
      },
      showAll: () => this.#setWindow(this.#store.bounds),
      toggleFollow: () => this.#toggleFollow(),
      openLag: () => this.host.post({ type: 'openLag' }),
      export: (choice) => void this.#export(choice),
    });
  }

  #chartView(): TemplateResult {
    return html`<kafka-lanes-chart
      .label=${t('Owners of the partitions of {0}', this.view.group)}
      .lanes=${this.#lanes}
      .members=${this.#store.members}
      .rebalances=${this.#store.rebalances}
      .lines=${this.#store.lines}
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
      @lanes-line=${({ detail: { file, line } }: CustomEvent<LineMessage>) => this.host.post({ type: 'openLine', file, line })}
      @lanes-copy=${(event: CustomEvent<string>) => this.#copy(event.detail)}
    ></kafka-lanes-chart>`;
  }

  get #lags(): ReadonlyMap<PartitionKey, readonly Point[]> | undefined {
    return this.view.lag === true && this.view.by !== 'member' ? this.#store.lags : undefined;
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
                this.view.lines === true && this.#store.lines.length > 0
                  ? this.#tables.lines(this.view)
                  : this.#tables.rebalances(this.#shown.rebalances(this.#store.rebalances, this.#active), this.view)
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
              isShare: this.#store.model?.groupType === 'share',
              moves: this.#store.moves.get(rebalance.id),
              meanwhile: this.#asked.meanwhile(rebalance, true),
              lines: this.#store.lines.filter((line) => line.rebalance === rebalance.id),
              close: () => this.#select(undefined, 'page'),
              openLine: (file, line) => this.host.post({ type: 'openLine', file, line }),
            })
      }
    </div>`;
  }

  #status(model: HistoryModel): TemplateResult {
    const { lanes, memberLanes, rebalances, now } = this.#store;
    return statusLine(model, {
      shown: this.#lanes.length,
      all: this.view.by === 'member' ? memberLanes.length : lanes.length,
      rebalances: rebalances.length,
      highestLag: this.#lags === undefined ? undefined : most({ lags: this.#lags, window: this.#window }),
      now,
    });
  }

  #keep(change: Partial<AssignmentsPageState>): void {
    this.view = { ...this.view, ...change };
    this.host.keep(this.view);
  }

  #setWindow(window: TimeWindow): void {
    this.#keep(keptOf(window, this.#store.bounds));
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

  /** Brings a moment into view, with the rebalance that it belongs to. */
  #show(at: number, rebalance: string | undefined): void {
    const shown = showing(this.#window, at, this.#store.bounds);
    if (shown !== this.#window) this.#setWindow(shown);
    if (rebalance !== this.#selected) this.#select(rebalance, rebalance === undefined ? 'list' : 'page');
  }

  /** `by`: where it was chosen; the others follow. */
  #select(id: string | undefined, by: 'chart' | 'list' | 'page'): void {
    this.#selected = id;
    this.#asked.moves(this.#selected);
    if (by !== 'list') this.#list?.selectKeys(id === undefined ? [] : [id]);
    const rebalance = this.#store.rebalance(id);
    if (rebalance !== undefined && by === 'list') this.#bringIntoWindow(rebalance);
    if (id === undefined && by === 'page') this.#chart?.focus();
    this.requestUpdate();
  }

  #bringIntoWindow(rebalance: RebalanceMessage): void {
    const at = timeOf(rebalance);
    const window = this.#window;
    const shown = showing(window, at, this.#store.bounds);
    if (shown !== window) this.#setWindow(shown);
  }

  #onListSelection(selected: ReadonlySet<string>): void {
    const [only] = selected;
    if (selected.size === 1 && only !== this.#selected) this.#select(only, 'list');
  }

  #onView(keys: readonly string[]): void {
    this.#inView = keys;
    this.#askLags();
  }

  /** Of the lanes in view only: a group may have thousands. */
  #askLags(): void {
    this.#asked.lags(this.#lags === undefined || this.view.asTable === true ? [] : this.#inView);
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

customElements.define('kafka-assignments-page', AssignmentsPage);
