import { html, nothing, type TemplateResult } from 'lit';
import type {
  FromTailPage,
  Order,
  RecordDetails,
  StartSpec,
  TailModel,
  TailPageState,
  TailRow,
  ToTailPage,
} from '../../src/ui/panels/tail/protocol.ts';
import type { ContextMenu, MenuPlace } from '../shared/contextMenu.ts';
import { cssProperties, PageElement } from '../shared/element.ts';
import { isStale } from '../shared/header.ts';
import type { Host } from '../shared/host.ts';
import { icon } from '../shared/icon.ts';
import { t } from '../shared/l10n.ts';
import { notices, problemView, skeleton } from '../shared/stateViews.ts';
import type { Column } from '../shared/tableModel.ts';
import { exact } from '../shared/text.ts';
import { button } from '../shared/toolbar.ts';
import { selectedCount, type RowSelection, type RowWindow, type WindowTable } from '../shared/windowTable.ts';
import { narrow, tailColumns, widen, type Wide } from './columns.ts';
import type { DetailTab } from './detailsPane.ts';
import { emptyView } from './emptyView.ts';
import { addTerm } from './filterTerms.ts';
import type { TimeRange } from './histogram.ts';
import { keepTailKeys } from './keys.ts';
import { noticeBanner } from './noticeBanner.ts';
import { messageOf, recordMenu } from './recordMenu.ts';
import { standsAt } from './rows.ts';
import type { SearchDetail } from './searchBar.ts';
import type { SeekDetail } from './seekBar.ts';
import { copyRecordsMessage, copyRowsMessage, exportMessage } from './selectionMessages.ts';
import { readingStatus, statusLine } from './status.ts';
import { tailToolbar, type ToolbarLook } from './toolbarView.ts';

type About = Extract<ToTailPage, { type: 'problem' }>['about'];

const noRows: RowSelection<TailRow> = { kind: 'rows', rows: new Map() };
const noWidths = {};

/** The records of a topic: header, toolbar, histogram, table, details. Holds the rows in view; the host has the rest. */
export class TailPage extends PageElement {
  static override properties = { host: { attribute: false }, view: { state: true } };
  declare host: Host<ToTailPage, FromTailPage, TailPageState>;
  declare view: TailPageState;

  #model: TailModel | undefined;
  #receivedAt = 0;
  #window: RowWindow<TailRow> | undefined;
  #selection: RowSelection<TailRow> = noRows;
  /** Of the record whose details are open; they come after it. */
  #detailsOf: number | undefined;
  #details: RecordDetails | undefined;
  #gone = false;
  #tab: DetailTab = 'value';
  /** Which bar is open below the toolbar. */
  #bar: 'seek' | 'search' | undefined;
  #problems: Partial<Record<About, string | undefined>> = {};
  /** Where the end was when the table left it; of which generation. */
  #leftAt: { readonly generation: number; readonly end: number } | undefined;
  /** Notices up to then have been seen, ms since 1970 by the host's clock. */
  #noticed = 0;
  #said = '';
  #wide: Wide = narrow;
  #columns: { readonly key: string; readonly all: readonly Column<TailRow>[] } | undefined;
  #stands: { readonly of: unknown; readonly groups: ReadonlyMap<string, readonly string[]> } | undefined;

  start(): void {
    this.host.listen((message) => this.#receive(message));
    keepTailKeys({
      typing: () => this.view.filter ?? '',
      clearFilter: () => this.#filter({ filter: '' }),
      toFilter: () => this.querySelector<HTMLElement>('.filter')?.focus(),
      toTable: () => this.#table?.focus(),
      back: () => this.#back(),
      pause: () => this.#pause(),
      follow: () => this.#follow(!this.#following),
    });
    const { filter, order, time } = this.view;
    this.host.post({
      type: 'ready',
      ...(filter === undefined ? {} : { filter }),
      ...(order === undefined ? {} : { order }),
      ...(time === undefined ? {} : { time }),
    });
  }

  #receive(message: ToTailPage): void {
    switch (message.type) {
      case 'full':
        this.#takeModel(message.model);
        // Opened with a filter, as for one key: it is there to be changed.
        if (this.view.filter === undefined && message.model.filter.text !== '') {
          this.#keep({ filter: message.model.filter.text });
        }
        this.#findCursor(message.model);
        break;
      case 'update':
        if (this.#model === undefined) return;
        this.#takeModel({
          ...this.#model,
          ...message.changed,
          ...Object.fromEntries((message.clear ?? []).map((name) => [name, undefined])),
        });
        break;
      case 'rows':
        this.#window = message;
        this.#wide = widen(this.#wide, message.rows, Date.now());
        break;
      case 'details':
        if (message.seq !== this.#detailsOf) return;
        this.#details = message.details;
        this.#gone = message.details === undefined;
        break;
      case 'reveal':
        void this.updateComplete.then(() => this.#table?.reveal(message.position));
        if (this.view.details === true) this.#ask(message.seq);
        break;
      case 'problem':
        // Where it was asked for from elsewhere, it is said there too.
        if (message.about === 'seek' || message.about === 'search') this.#bar = message.about;
        this.#problems = { ...this.#problems, [message.about]: message.message };
        break;
    }
    this.requestUpdate();
  }

  /** Messages come in bursts; the page is drawn once a frame. */
  protected override async scheduleUpdate(): Promise<void> {
    if (this.hasUpdated) await new Promise((resolve) => requestAnimationFrame(resolve));
    await super.scheduleUpdate();
  }

  #takeModel(model: TailModel): void {
    const before = this.#model;
    this.#model = model;
    this.#receivedAt = Date.now();
    if (model.target !== before?.target) this.#keep({ target: model.target });
    this.#takeSearch(model, before);
    // What a filter brings to light did not come meanwhile.
    const filters = model.view.evaluating !== undefined || before?.view.evaluating !== undefined;
    if (this.#leftAt !== undefined && (filters || this.#leftAt.generation !== model.view.generation)) this.#leave();
  }

  /** What was looked at before the page was hidden is looked at again. */
  #findCursor({ session, search }: TailModel): void {
    const { cursor } = this.view;
    if (cursor?.session !== session || search !== undefined || this.#following) return;
    this.host.post({ type: 'where', seq: cursor.seq });
  }

  /** A search has a filter of its own, which narrows what is found. */
  #takeSearch(model: TailModel, before: TailModel | undefined): void {
    const searches = model.search !== undefined;
    if (before === undefined || searches === (before.search !== undefined)) return;
    this.#bar = searches ? 'search' : this.#bar === 'search' ? undefined : this.#bar;
    this.#keep({ filter: model.filter.text, time: model.filter.time });
    this.#forgetRows();
  }

  /** The rows from now on are others, with numbers of their own. */
  #forgetRows(): void {
    this.#table?.selectNone();
    this.#detailsOf = undefined;
    this.#details = undefined;
  }

  get #table(): WindowTable<TailRow> | null {
    return this.querySelector<WindowTable<TailRow>>('kafka-window-table');
  }

  get #following(): boolean {
    // From the end on it is the newest that matters; from anywhere else, what is there.
    return this.view.follow ?? sticksToEnd(this.#model?.start);
  }

  protected override render(): TemplateResult {
    const model = this.#model;
    if (model === undefined) return html`<div class="page">${skeleton(14)}</div>`;
    const { frame } = model;
    const retry = (): void => this.host.post({ type: 'resume' });
    return html`<div class="page ${isStale(frame, this.#receivedAt) ? 'stale' : ''}">
      <kafka-page-header
        .frame=${frame}
        .receivedAt=${this.#receivedAt}
        .status=${readingStatus(model)}
        .paused=${frame.problem === undefined || frame.problem.kind === 'empty' ? model.paused : undefined}
        @pause=${() => this.#pause()}
      ></kafka-page-header>
      ${this.#toolbar(model)} ${this.#bars(model)} ${notices(frame, retry)} ${this.#banners(model)}
      ${
        frame.problem === undefined || frame.problem.kind === 'empty'
          ? html`${this.view.histogram === false ? nothing : this.#histogram(model)}
              <div class="content ${this.view.details === true ? 'with-details' : ''}">
                ${this.#tableView(model)} ${this.#detailsView(model)}
              </div>`
          : html`<div class="content">${problemView(frame.problem, retry)}</div>`
      }
      ${statusLine(model, selectedCount(this.#selection))}
      <kafka-context-menu @pick=${(event: CustomEvent<string>) => this.#act(event.detail)}></kafka-context-menu>
      <div class="hidden-text" role="status" aria-live="polite">${this.#said}</div>
    </div>`;
  }

  #toolbar(model: TailModel): TemplateResult {
    const look: ToolbarLook = {
      filter: this.view.filter ?? '',
      following: this.#following,
      histogram: this.view.histogram !== false,
      bar: this.#bar,
      columns: this.#allColumns(model),
      shown: new Set(this.#shownColumns(model).map(({ id }) => id)),
    };
    return tailToolbar(model, look, {
      post: (message) => this.host.post(message),
      filter: (filter) => this.#filter({ filter }),
      addTerm: (term) => this.#addTerm(term),
      order: (order) => this.#order(order),
      follow: (follow) => this.#follow(follow),
      openBar: (bar) => this.#openBar(bar),
      showHistogram: (histogram) => this.#keep({ histogram }),
      copyAs: (as) => this.#copyAs(as),
      export: (choice) => this.#export(choice),
      setting: (id) => this.#setting(id, model),
    });
  }

  #bars(model: TailModel): TemplateResult {
    const forget = (about: 'seek' | 'search') => () => this.#forget(about);
    return html`${
      this.#bar === 'seek'
        ? html`<kafka-seek-bar
            .partitions=${model.positions.map(({ partition }) => partition)}
            .groups=${model.groups}
            .problem=${this.#problems.seek}
            @seek=${(event: CustomEvent<SeekDetail>) => this.#seek(event.detail)}
            @forget=${forget('seek')}
            @close=${() => this.#openBar(undefined)}
          ></kafka-seek-bar>`
        : nothing
    }
    ${
      this.#bar === 'search' || model.search !== undefined
        ? html`<kafka-search-bar
            .search=${model.search}
            .problem=${this.#problems.search}
            @search=${(event: CustomEvent<SearchDetail>) => this.#search(event.detail)}
            @cancel=${() => this.host.post({ type: 'cancelSearch' })}
            @leave=${() => this.#leaveSearch()}
            @forget=${forget('search')}
            @close=${() => (model.search === undefined ? this.#openBar(undefined) : this.#leaveSearch())}
          ></kafka-search-bar>`
        : nothing
    }`;
  }

  #banners(model: TailModel): TemplateResult {
    const { exporting } = model;
    // Where there is nothing but a failure, it is told in its own place.
    const told = model.frame.problem?.kind === 'failed' ? [] : model.notices;
    return html`${noticeBanner(told, this.#noticed, (until) => {
      this.#noticed = until;
      this.requestUpdate();
    })}
    ${
      exporting === undefined
        ? nothing
        : html`<div class="notice" role="status">
            ${icon('export')}<span
              >${t('Exported {0} of {1}', exact(String(exporting.done)), exact(String(exporting.of)))}</span
            ><button class="link" @click=${() => this.host.post({ type: 'cancelExport' })}>${t('Cancel')}</button>
          </div>`
    }
    ${
      this.#problems.export === undefined
        ? nothing
        : html`<div class="notice failed" role="alert">
            ${icon('warning')}<span>${this.#problems.export}</span>${button('close', t('Dismiss'), () => this.#forget('export'))}
          </div>`
    }`;
  }

  #histogram(model: TailModel): TemplateResult {
    return html`<kafka-time-histogram
      .histogram=${model.histogram}
      .range=${this.view.time}
      @range=${(event: CustomEvent<TimeRange | null>) => this.#filter({ time: event.detail ?? undefined })}
    ></kafka-time-histogram>`;
  }

  #tableView(model: TailModel): TemplateResult {
    const { view, order, topic } = model;
    const empty = view.count === 0 && view.evaluating === undefined;
    return html`<div class="table-area">
      <kafka-window-table
        .label=${t('Records of {0}', topic)}
        .view=${view}
        .window=${this.#window}
        .follow=${this.#following}
        .columns=${this.#shownColumns(model)}
        .version=${this.#standing(model)}
        .rowClassOf=${rowClassOf}
        .sort=${order === 'time' ? byTime : unsorted}
        .widths=${this.view.widths ?? noWidths}
        @table-window=${(event: CustomEvent<Omit<Extract<FromTailPage, { type: 'window' }>, 'type'>>) =>
          this.host.post({ type: 'window', ...event.detail })}
        @table-follow=${(event: CustomEvent<boolean>) => this.#follow(event.detail)}
        @table-selection=${(event: CustomEvent<RowSelection<TailRow>>) => this.#select(event.detail)}
        @table-details=${(event: CustomEvent<number>) => this.#show(event.detail)}
        @table-copy=${() => this.#copyRows()}
        @table-menu=${(event: CustomEvent<MenuPlace>) => this.#menu(event.detail)}
        @table-sort=${() => this.#order(order === 'time' ? 'arrival' : 'time')}
        @table-widths=${(event: CustomEvent<Record<string, number>>) => this.#keep({ widths: event.detail })}
      ></kafka-window-table>
      ${
        empty
          ? emptyView(model, {
              clearFilter: () => this.#filter({ filter: '', time: undefined }),
              search: () => this.#openBar('search', model.filter.text),
              resume: () => this.host.post({ type: 'resume' }),
              seek: () => this.#openBar('seek'),
            })
          : nothing
      }
      ${this.#newOnes(model)}
    </div>`;
  }

  /** What came meanwhile, and the way back to it. */
  #newOnes(model: TailModel): TemplateResult | typeof nothing {
    const { view, paused } = model;
    if (model.search !== undefined) return nothing;
    const behind = this.#leftAt === undefined ? 0 : view.first + view.count - this.#leftAt.end;
    const count = (paused ? view.waiting : 0) + Math.max(0, behind);
    if (count === 0) return nothing;
    return html`<button
      class="new-ones"
      title=${paused ? t('Go on and follow the end') : t('Follow the end (F)')}
      @click=${() => {
        if (paused) this.#pause();
        this.#follow(true);
      }}
    >
      ${icon('arrow-down')} ${t('{0} new', exact(String(count)))}
    </button>`;
  }

  #detailsView(model: TailModel): TemplateResult | typeof nothing {
    if (this.view.details !== true) return nothing;
    const size = this.view.detailsSize ?? 380;
    return html`<kafka-sash
        .label=${t('Size of the details')}
        .size=${size}
        @resize=${(event: CustomEvent<number>) => this.#keep({ detailsSize: event.detail })}
      ></kafka-sash>
      ${
        this.#detailsOf === undefined
          ? html`<aside class="details" ${cssProperties({ '--details-size': `${size}px` })}>
              <p class="quiet note">${t('Select a record to see all of it.')}</p>
            </aside>`
          : html`<aside
              class="details"
              aria-label=${t('Details of the record')}
              ${cssProperties({ '--details-size': `${size}px` })}
            >
              <kafka-record-details
                .details=${this.#details}
                .gone=${this.#gone}
                .formats=${model.formats}
                .other=${this.#other}
                .model=${model}
                .tab=${this.#tab}
                @tab=${(event: CustomEvent<DetailTab>) => (this.#tab = event.detail)}
                @ask=${(event: CustomEvent<FromTailPage>) => this.#onAsk(event.detail)}
                @close=${() => this.#closeDetails()}
              ></kafka-record-details>
            </aside>`
      }`;
  }

  get #other(): number | undefined {
    if (this.#selection.kind !== 'rows' || this.#selection.rows.size !== 2) return undefined;
    const rows = [...this.#selection.rows.values()].filter(({ kind }) => kind === 'record');
    return rows.length < 2 ? undefined : rows.find(({ seq }) => seq !== this.#detailsOf)?.seq;
  }

  /** The same array as long as nothing changes. */
  #allColumns(model: TailModel): readonly Column<TailRow>[] {
    const key = JSON.stringify([model.extraColumns, model.labels, this.#wide, model.groupPositions.length > 0]);
    if (this.#columns?.key !== key) {
      this.#columns = {
        key,
        all: tailColumns({
          standsAt: (partition, offset) => this.#stands?.groups.get(`${partition}/${offset}`),
          extra: model.extraColumns,
          labels: model.labels,
          wide: this.#wide,
          marked: model.groupPositions.length > 0,
        }),
      };
    }
    return this.#columns.all;
  }

  #shownColumns(model: TailModel): readonly Column<TailRow>[] {
    const chosen = this.view.columns;
    return this.#allColumns(model).filter(({ id, hidden }) =>
      chosen === undefined ? hidden !== true : chosen.includes(id),
    );
  }

  /** Another number when groups stand elsewhere. */
  #standing(model: TailModel): number {
    if (this.#stands?.of !== model.groupPositions) {
      this.#stands = { of: model.groupPositions, groups: standsAt(model.groupPositions) };
      this.#standingVersion++;
    }
    return this.#standingVersion;
  }
  #standingVersion = 0;

  #keep(change: Partial<{ [Name in keyof TailPageState]: TailPageState[Name] | undefined }>): void {
    this.view = { ...this.view, ...change } as TailPageState;
    this.host.keep(this.view);
  }

  #filter(change: { readonly filter?: string; readonly time?: TimeRange | undefined }): void {
    this.#keep(change);
    const { filter = '', time } = this.view;
    this.host.post({ type: 'filter', text: filter, ...(time === undefined ? {} : { time }) });
  }

  #addTerm(term: string): void {
    this.#filter({ filter: addTerm(this.view.filter ?? '', term) });
    void this.updateComplete.then(() => this.querySelector<HTMLElement>('.filter')?.focus());
  }

  #order(order: Order): void {
    this.#keep({ order });
    this.host.post({ type: 'order', order });
  }

  #pause(): void {
    const model = this.#model;
    if (model === undefined) return;
    const paused = !model.paused;
    this.#model = { ...model, paused };
    this.host.post({ type: 'pause', paused });
    this.#say(paused ? t('Paused') : t('{0} new records', exact(String(model.view.waiting))));
  }

  #follow(follow: boolean): void {
    if (follow === this.#following) return;
    if (follow) this.#leftAt = undefined;
    else this.#leave();
    this.#keep({ follow });
    this.#say(follow ? t('Following the end') : t('Not following'));
  }

  #leave(): void {
    const view = this.#model?.view;
    if (view !== undefined) this.#leftAt = { generation: view.generation, end: view.first + view.count };
  }

  #openBar(bar: 'seek' | 'search' | undefined, text?: string): void {
    this.#bar = bar === this.#bar ? undefined : bar;
    this.requestUpdate();
    void this.updateComplete.then(() => {
      if (this.#bar === undefined) {
        this.#table?.focus();
        return;
      }
      const element = this.querySelector<HTMLElement & { text?: string; updateComplete: Promise<boolean> }>(
        this.#bar === 'seek' ? 'kafka-seek-bar' : 'kafka-search-bar',
      );
      if (this.#bar === 'search' && element !== null) element.text ||= text ?? this.view.filter ?? '';
      void element?.updateComplete.then(() => element.focus());
    });
  }

  #seek({ to, partitions }: SeekDetail): void {
    this.#forget('seek');
    const follow = sticksToEnd(to);
    if (follow) this.#follow(true);
    else if (this.#model?.order === 'arrival' && this.#model.search === undefined) this.#table?.showNext();
    this.host.post({ type: 'seek', to, ...(partitions === undefined ? {} : { partitions }) });
  }

  #search(detail: SearchDetail): void {
    this.#forget('search');
    this.#forgetRows();
    this.host.post({ type: 'search', ...detail });
  }

  #leaveSearch(): void {
    this.host.post({ type: 'closeSearch' });
    this.#bar = undefined;
    this.#table?.focus();
    this.requestUpdate();
  }

  #forget(about: About): void {
    this.#problems = { ...this.#problems, [about]: undefined };
    this.requestUpdate();
  }

  #setting(id: string, model: TailModel): void {
    if (id === 'keepRunning') {
      this.host.post({ type: 'keepRunning', keepRunning: !model.keepRunning });
      return;
    }
    const column = id.slice('column '.length);
    const shown = new Set(this.#shownColumns(model).map((one) => one.id));
    if (!shown.delete(column)) shown.add(column);
    // A table without columns could not be told from a broken one.
    if (shown.size === 0) return;
    this.#keep({ columns: this.#allColumns(model).flatMap((one) => (shown.has(one.id) ? [one.id] : [])) });
  }

  #select(selection: RowSelection<TailRow>): void {
    this.#selection = selection;
    const row = this.#table?.cursorRow;
    const session = this.#model?.session;
    if (row !== undefined && session !== undefined && row.seq !== this.view.cursor?.seq) {
      this.#keep({ cursor: { session, seq: row.seq } });
    }
    if (this.view.details === true && row !== undefined && row.seq !== this.#detailsOf) this.#ask(row.seq);
    this.requestUpdate();
  }

  #menu(place: MenuPlace): void {
    if (this.#model === undefined) return;
    const items = recordMenu(this.#table?.cursorRow, selectedCount(this.#selection), this.#model);
    this.querySelector<ContextMenu>('kafka-context-menu')?.show(place, items);
  }

  /** What was chosen from the menu of the table. */
  #act(id: string): void {
    const row = this.#table?.cursorRow;
    const [verb, object = ''] = id.split(' ');
    if (verb === 'copy') this.#copyAs(object);
    else if (verb === 'export') this.#export(`${object} selected`);
    else if (verb === 'compare') this.#compare();
    else if (verb === 'details') {
      if (row !== undefined) this.#show(row.seq);
    } else {
      const message = row && messageOf(id, row);
      if (message !== undefined) this.host.post(message);
    }
  }

  #compare(): void {
    if (this.#selection.kind !== 'rows') return;
    const [first, second] = [...this.#selection.rows.keys()];
    if (first !== undefined && second !== undefined) this.host.post({ type: 'compare', seqs: [first, second] });
  }

  #show(seq: number): void {
    this.#keep({ details: true });
    this.#ask(seq);
  }

  #ask(seq: number): void {
    this.#detailsOf = seq;
    this.#details = undefined;
    this.#gone = false;
    this.host.post({ type: 'details', seq });
    this.requestUpdate();
  }

  #onAsk(message: FromTailPage): void {
    this.host.post(message);
    // In another format its details are others.
    if (message.type === 'format' && this.#detailsOf !== undefined) {
      this.host.post({ type: 'details', seq: this.#detailsOf });
    }
  }

  #closeDetails(): void {
    this.#detailsOf = undefined;
    this.#details = undefined;
    this.#keep({ details: false });
    this.#table?.focus();
  }

  /** One step back: a bar, the details, then the table. */
  #back(): void {
    if (this.#bar !== undefined && this.#model?.search === undefined) this.#openBar(undefined);
    else if (this.view.details === true) this.#closeDetails();
    else this.#table?.focus();
  }

  #copyRows(): void {
    const count = selectedCount(this.#selection);
    if (this.#model === undefined || count === 0) {
      this.#say(t('Nothing is selected'));
      return;
    }
    this.host.post(copyRowsMessage(this.#selection, this.#shownColumns(this.#model)));
    this.#say(t('Copied {0} rows', exact(String(count))));
  }

  #copyAs(as: string): void {
    if (as === 'rows') {
      this.#copyRows();
      return;
    }
    const message = copyRecordsMessage(this.#selection, as);
    if (message !== undefined) this.host.post(message);
    this.#say(
      message !== undefined
        ? t('Copied')
        : this.#selection.kind === 'range'
          ? t('That many are better exported: see Export.')
          : t('Nothing is selected'),
    );
  }

  #export(choice: string): void {
    const message = exportMessage(this.#selection, choice);
    if (message === undefined) this.#say(t('Nothing is selected'));
    else this.host.post(message);
  }

  #say(text: string): void {
    this.#said = text;
    this.requestUpdate();
  }
}

const unsorted = { column: '', descending: false };
const byTime = { column: 'time', descending: false };

function sticksToEnd(start: StartSpec | undefined): boolean {
  return start === undefined || start.at === 'end' || start.at === 'last';
}

function rowClassOf(row: TailRow): string {
  return row.kind === 'record'
    ? `${row.transaction ?? ''} ${row.control === undefined ? '' : 'control'}`
    : row.kind === 'notice'
      ? `notice-row ${row.notice.severity}`
      : 'damaged-row';
}

customElements.define('kafka-tail-page', TailPage);
