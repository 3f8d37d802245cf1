import { html, nothing, type TemplateResult } from 'lit';
import type {
  FromTailPage,
  Order,
  TailModel,
  TailPageState,
  TailRow,
  ToTailPage,
} from '../../src/ui/panels/tail/protocol.ts';
import type { MenuPlace } from '../shared/contextMenu.ts';
import { PageElement } from '../shared/element.ts';
import { isStale } from '../shared/header.ts';
import type { Host } from '../shared/host.ts';
import { t } from '../shared/l10n.ts';
import { notices, problemView, skeleton } from '../shared/stateViews.ts';
import { exact } from '../shared/text.ts';
import type { RowSelection, RowWindow, WindowTable } from '../shared/windowTable.ts';
import { banners } from './banners.ts';
import { Bars } from './bars.ts';
import { DetailsSide } from './detailsSide.ts';
import { emptyView } from './emptyView.ts';
import { addTerm } from './filterTerms.ts';
import { Following } from './following.ts';
import type { TimeRange } from './histogram.ts';
import { keepTailKeys } from './keys.ts';
import type { Page, StateChange } from './page.ts';
import { Selected } from './selected.ts';
import { ShownColumns } from './shownColumns.ts';
import { readingStatus, statusLine } from './status.ts';
import { tailToolbar, type ToolbarLook } from './toolbarView.ts';

const noWidths = {};

/** The records of a topic: header, toolbar, histogram, table, details. Holds the rows in view; the host has the rest. */
export class TailPage extends PageElement implements Page {
  static override properties = { host: { attribute: false }, view: { state: true } };
  declare host: Host<ToTailPage, FromTailPage, TailPageState>;
  declare view: TailPageState;

  #model: TailModel | undefined;
  #receivedAt = 0;
  #window: RowWindow<TailRow> | undefined;
  /** Notices up to then have been seen, ms since 1970 by the host's clock. */
  #noticed = 0;
  #said = '';
  readonly #columns = new ShownColumns(this);
  readonly #following = new Following(this);
  readonly #details = new DetailsSide(this);
  readonly #selected = new Selected({
    page: this,
    columns: this.#columns,
    showDetails: (seq) => this.#details.show(seq),
  });
  readonly #bars = new Bars({
    page: this,
    following: this.#following,
    forgetRows: () => {
      this.table?.selectNone();
      this.#details.forget();
    },
  });

  start(): void {
    this.host.listen((message) => this.#receive(message));
    keepTailKeys({
      typing: () => this.view.filter ?? '',
      clearFilter: () => this.#filter({ filter: '' }),
      toFilter: () => this.querySelector<HTMLElement>('.filter')?.focus(),
      toTable: () => this.table?.focus(),
      back: () => this.#back(),
      pause: () => this.#pause(),
      follow: () => this.#following.set(!this.#following.isOn),
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
          this.keep({ filter: message.model.filter.text });
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
        this.#columns.fit(message.rows);
        break;
      case 'details':
        this.#details.take(message);
        break;
      case 'reveal':
        void this.updateComplete.then(() => this.table?.reveal(message.position));
        this.#details.follow(message.seq);
        break;
      case 'problem':
        this.#bars.takeProblem(message);
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
    if (model.target !== before?.target) this.keep({ target: model.target });
    this.#bars.takeSearch(model, before);
    this.#following.take(model, before);
  }

  /** What was looked at before the page was hidden is looked at again. */
  #findCursor({ session, search }: TailModel): void {
    const { cursor } = this.view;
    if (cursor?.session !== session || search !== undefined || this.#following.isOn) return;
    this.host.post({ type: 'where', seq: cursor.seq });
  }

  get model(): TailModel | undefined {
    return this.#model;
  }

  get table(): WindowTable<TailRow> | null {
    return this.querySelector<WindowTable<TailRow>>('kafka-window-table');
  }

  post(message: FromTailPage): void {
    this.host.post(message);
  }

  keep(change: StateChange): void {
    this.view = { ...this.view, ...change } as TailPageState;
    this.host.keep(this.view);
  }

  say(text: string): void {
    this.#said = text;
    this.requestUpdate();
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
      ${this.#toolbar(model)} ${this.#bars.render(model)} ${notices(frame, retry)} ${this.#banners(model)}
      ${
        frame.problem === undefined || frame.problem.kind === 'empty'
          ? html`${this.view.histogram === false ? nothing : this.#histogram(model)}
              <div class="content ${this.view.details === true ? 'with-details' : ''}">
                ${this.#tableView(model)} ${this.#details.render(model, this.#selected.otherThan(this.#details.seq))}
              </div>`
          : html`<div class="content">${problemView(frame.problem, retry)}</div>`
      }
      ${statusLine(model, this.#selected.count)}
      <kafka-context-menu
        @pick=${(event: CustomEvent<string>) => this.#selected.act(event.detail)}
      ></kafka-context-menu>
      <div class="hidden-text" role="status" aria-live="polite">${this.#said}</div>
    </div>`;
  }

  #toolbar(model: TailModel): TemplateResult {
    const look: ToolbarLook = {
      filter: this.view.filter ?? '',
      following: this.#following.isOn,
      histogram: this.view.histogram !== false,
      bar: this.#bars.open,
      columns: this.#columns.all(model),
      shown: new Set(this.#columns.shown(model).map(({ id }) => id)),
    };
    return tailToolbar(model, look, {
      post: (message) => this.host.post(message),
      filter: (filter) => this.#filter({ filter }),
      addTerm: (term) => this.#addTerm(term),
      order: (order) => this.#order(order),
      follow: (follow) => this.#following.set(follow),
      openBar: (bar) => this.#bars.toggle(bar),
      showHistogram: (histogram) => this.keep({ histogram }),
      copyAs: (as) => this.#selected.copyAs(as),
      export: (choice) => this.#selected.export(choice),
      setting: (id) => this.#setting(id, model),
    });
  }

  #banners(model: TailModel): TemplateResult {
    return banners(model, this.#noticed, this.#bars.problemOf('export'), {
      dismiss: (until) => {
        this.#noticed = until;
        this.requestUpdate();
      },
      cancelExport: () => this.host.post({ type: 'cancelExport' }),
      forgetProblem: () => this.#bars.forget('export'),
    });
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
        .follow=${this.#following.isOn}
        .columns=${this.#columns.shown(model)}
        .version=${this.#columns.standing(model)}
        .rowClassOf=${rowClassOf}
        .sort=${order === 'time' ? byTime : unsorted}
        .widths=${this.view.widths ?? noWidths}
        @table-window=${(event: CustomEvent<Omit<Extract<FromTailPage, { type: 'window' }>, 'type'>>) =>
          this.host.post({ type: 'window', ...event.detail })}
        @table-follow=${(event: CustomEvent<boolean>) => this.#following.set(event.detail)}
        @table-selection=${(event: CustomEvent<RowSelection<TailRow>>) => this.#select(event.detail)}
        @table-details=${(event: CustomEvent<number>) => this.#details.show(event.detail)}
        @table-copy=${() => this.#selected.copyRows()}
        @table-menu=${(event: CustomEvent<MenuPlace>) => this.#selected.showMenu(event.detail)}
        @table-sort=${() => this.#order(order === 'time' ? 'arrival' : 'time')}
        @table-widths=${(event: CustomEvent<Record<string, number>>) => this.keep({ widths: event.detail })}
      ></kafka-window-table>
      ${
        empty
          ? emptyView(model, {
              clearFilter: () => this.#filter({ filter: '', time: undefined }),
              search: () => this.#bars.toggle('search', model.filter.text),
              resume: () => this.host.post({ type: 'resume' }),
              seek: () => this.#bars.toggle('seek'),
            })
          : nothing
      }
      ${this.#following.newOnes(model, () => this.#pause())}
    </div>`;
  }

  #filter(change: { readonly filter?: string; readonly time?: TimeRange | undefined }): void {
    this.keep(change);
    const { filter = '', time } = this.view;
    this.host.post({ type: 'filter', text: filter, ...(time === undefined ? {} : { time }) });
  }

  #addTerm(term: string): void {
    this.#filter({ filter: addTerm(this.view.filter ?? '', term) });
    void this.updateComplete.then(() => this.querySelector<HTMLElement>('.filter')?.focus());
  }

  #order(order: Order): void {
    this.keep({ order });
    this.host.post({ type: 'order', order });
  }

  #pause(): void {
    const model = this.#model;
    if (model === undefined) return;
    const paused = !model.paused;
    this.#model = { ...model, paused };
    this.host.post({ type: 'pause', paused });
    const { waiting } = model.view;
    const come = waiting === 1 ? t('1 new record') : t('{0} new records', exact(String(waiting)));
    this.say(paused ? t('Paused') : come);
  }

  #setting(id: string, model: TailModel): void {
    if (id === 'keepRunning') {
      this.host.post({ type: 'keepRunning', keepRunning: !model.keepRunning });
      return;
    }
    this.#columns.toggle(id.slice('column '.length), model);
  }

  #select(selection: RowSelection<TailRow>): void {
    this.#selected.take(selection);
    const row = this.table?.cursorRow;
    if (row !== undefined) this.#details.follow(row.seq);
  }

  /** One step back: a bar, the details, then the table. */
  #back(): void {
    if (this.#bars.open !== undefined && this.#model?.search === undefined) this.#bars.toggle(undefined);
    else if (this.#details.isOpen) this.#details.close();
    else this.table?.focus();
  }
}

const unsorted = { column: '', descending: false };
const byTime = { column: 'time', descending: false };

function rowClassOf(row: TailRow): string {
  return row.kind === 'record'
    ? `${row.transaction ?? ''} ${row.control === undefined ? '' : 'control'}`
    : row.kind === 'notice'
      ? `notice-row ${row.notice.severity}`
      : 'damaged-row';
}

customElements.define('kafka-tail-page', TailPage);
