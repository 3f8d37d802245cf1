import { html, nothing, type TemplateResult } from 'lit';
import type { Frame } from '../../src/ui/panels/protocol.ts';
import type {
  FromStuckPage,
  StuckFigures,
  StuckModel,
  StuckPageState,
  StuckRecord,
  ToStuckPage,
} from '../../src/ui/panels/stuck/protocol.ts';
import { recordCount } from '../shared/counted.ts';
import { formatDuration } from '../../src/shared/format.ts';
import { visibleText } from '../../src/shared/visibleText.ts';
import type { ContextMenu, MenuPlace } from '../shared/contextMenu.ts';
import { PageElement } from '../shared/element.ts';
import { isStale } from '../shared/header.ts';
import type { Host } from '../shared/host.ts';
import { icon } from '../shared/icon.ts';
import { t } from '../shared/l10n.ts';
import type { MenuItem } from '../shared/menuList.ts';
import { notices, problemView, skeleton } from '../shared/stateViews.ts';
import type { DataTable } from '../shared/table.ts';
import { exact, nameCell } from '../shared/text.ts';
import { button } from '../shared/toolbar.ts';
import { neighbourColumns } from './columns.ts';
import { findingsView } from './findingsView.ts';
import { recordView } from './recordView.ts';
import { levelIcon } from './words.ts';

/** The record that a group stands at, what was found out of it, and its neighbours. */
export class StuckPage extends PageElement {
  static override properties = { host: { attribute: false }, view: { state: true } };
  declare host: Host<ToStuckPage, FromStuckPage, StuckPageState>;
  declare view: StuckPageState;

  #frame: Frame | undefined;
  #figures: StuckFigures | undefined;
  #model: StuckModel | undefined;
  #isBusy = false;
  #receivedAt = 0;
  #paused = false;
  /** Chosen by the person; undefined: the one that the consumer is handed next, whichever that becomes. */
  #chosen: string | undefined;
  #isSelecting = false;
  #said = '';

  start(): void {
    this.host.listen((message) => this.#receive(message));
    document.addEventListener('keydown', (event) => this.#onKey(event));
    // Ages grow between two messages.
    setInterval(() => this.requestUpdate(), 1000);
    this.host.post({ type: 'ready' });
  }

  #receive(message: ToStuckPage): void {
    this.#frame = message.frame;
    this.#figures = message.figures;
    this.#isBusy = message.isBusy;
    this.#receivedAt = Date.now();
    if (message.type === 'full') {
      const moved = this.#model?.focus !== message.model?.focus;
      this.#model = message.model;
      const isThere = message.model?.records.some(({ offset }) => offset === this.#chosen);
      if (moved || isThere !== true) this.#chosen = undefined;
    }
    this.requestUpdate();
    if (message.type === 'full') void this.updateComplete.then(() => this.#select());
  }

  get #shown(): StuckRecord | undefined {
    const offset = this.#chosen ?? this.#model?.focus;
    return this.#model?.records.find((record) => record.offset === offset);
  }

  /** By the host's clock. */
  get #now(): number {
    return (this.#frame?.sentAt ?? Date.now()) + Date.now() - this.#receivedAt;
  }

  get #table(): DataTable<StuckRecord> | null {
    return this.querySelector<DataTable<StuckRecord>>('kafka-data-table');
  }

  protected override render(): TemplateResult {
    const frame = this.#frame;
    if (frame === undefined) return html`<div class="page">${skeleton(10)}</div>`;
    const retry = (): void => this.host.post({ type: 'refresh' });
    return html`<div class="page ${isStale(frame, this.#receivedAt) ? 'stale' : ''}">
      <kafka-page-header
        .frame=${frame}
        .receivedAt=${this.#receivedAt}
        .paused=${frame.problem === undefined ? this.#paused : undefined}
        @pause=${() => this.#pause()}
      ></kafka-page-header>
      ${notices(frame, retry)}
      ${
        frame.problem !== undefined || this.#model === undefined
          ? problemView(frame.problem ?? { kind: 'loading', title: t('Reading'), advice: '' }, retry)
          : this.#content(this.#model)
      }
      <div class="hidden-text" role="status" aria-live="polite">${this.#said}</div>
    </div>`;
  }

  #content(model: StuckModel): TemplateResult {
    const shown = this.#shown;
    const copy = (text: string): void => this.#copy(text);
    const canShow = (offset: string): boolean =>
      offset !== shown?.offset && model.records.some((record) => record.offset === offset);
    return html`${this.#toolbar(model)} ${this.#verdict(model)}
      <div class="content stuck">
        <div class="findings-pane">
          ${findingsView(model.findings, { copy, show: (offset) => this.#choose(offset, true), canShow })}
        </div>
        <div class="record-pane">
          ${
            shown === undefined
              ? html`<p class="quiet nothing">${t('There is no record to show.')}</p>`
              : recordView(shown, this.#now, {
                  copy,
                  open: () => this.host.post({ type: 'document', offset: shown.offset }),
                  setRegistry: () => this.host.post({ type: 'setRegistry' }),
                })
          }
        </div>
        ${model.records.length === 0 ? nothing : this.#neighbours(model)}
      </div>
      <kafka-context-menu @pick=${(event: CustomEvent<string>) => this.#act(event.detail)}></kafka-context-menu>
      <footer class="status">
        <span>${t('{0} around the commit', recordCount(model.records.length))}</span>
        <span class="spring"></span>
        ${this.#isBusy ? html`<span>${icon('loading', 'codicon-modifier-spin')} ${t('reading')}</span>` : nothing}
      </footer>`;
  }

  #toolbar(model: StuckModel): TemplateResult {
    const shown = this.#shown;
    const at = model.records.findIndex((record) => record.offset === shown?.offset);
    const step = (by: number): void => {
      const record = model.records[at + by];
      if (record !== undefined) this.#choose(record.offset);
    };
    return html`<div class="toolbar" role="toolbar" aria-label=${t('View')}>
      ${button('refresh', t('Read again'), () => this.host.post({ type: 'refresh' }))}
      ${button('arrow-up', t('Previous record'), () => step(-1))}
      ${button('arrow-down', t('Next record'), () => step(1))}
      ${
        this.#chosen === undefined
          ? nothing
          : button('target', t('Back to the record that is next'), () => this.#choose(undefined))
      }
      <span class="spring"></span>
      ${
        shown === undefined
          ? nothing
          : html`${button('copy', t('Copy record (Ctrl+C)'), () => this.#copy(recordText(shown)))}
              ${button('list-flat', t('Tail from here'), () => this.#act('tail'))}
              <kafka-toolbar-menu
                .icon=${'ellipsis'}
                .label=${t('More about this record')}
                .items=${this.#recordItems()}
                @pick=${(event: CustomEvent<string>) => this.#act(event.detail)}
              ></kafka-toolbar-menu>`
      }
      ${button('graph-line', t('Open lag'), () => this.host.post({ type: 'openLag' }))}
    </div>`;
  }

  /** What can be done with the record on show. */
  #recordItems(): MenuItem[] {
    const shown = this.#shown;
    if (shown === undefined) return [];
    const isData = shown.marker === undefined && shown.damage === undefined;
    return [
      ...(isData ? [{ id: 'document', label: t('Open the value in an editor') }] : []),
      { id: 'tail', label: t('Tail from here') },
      { id: 'batches', label: t('Show its batch') },
      ...(isData ? [{ id: 'replay', label: t('Replay the record...') }] : []),
      { id: 'skip', label: t('Skip this record...'), apart: true },
      { id: 'reset', label: t('Reset the group to this record...') },
      { id: 'copy', label: t('Copy the record'), apart: true },
    ];
  }

  #act(id: string): void {
    const shown = this.#shown;
    if (shown === undefined) return;
    if (id === 'copy') this.#copy(recordText(shown));
    else
      this.host.post({
        type: id as 'document' | 'tail' | 'batches' | 'replay' | 'skip' | 'reset',
        offset: shown.offset,
      });
  }

  #verdict(model: StuckModel): TemplateResult {
    const level = model.isFine ? undefined : model.findings[0]?.level;
    // A commit behind an open transaction's record does not let a read_committed consumer read on.
    const canSkip = level === 'cause' && model.findings[0]?.kind !== 'held';
    const figures = this.#figures;
    return html`<section class="stuck-verdict ${level ?? 'fine'}">
      <p>${icon(level === undefined ? 'check' : levelIcon(level))} <strong>${visibleText(model.verdict)}</strong></p>
      ${figures === undefined ? nothing : this.#figuresView(figures)}
      ${
        !canSkip || model.focus === undefined
          ? nothing
          : html`<button
              class="button skip"
              title=${t('Shows what it would do; nothing is written before Execute.')}
              @click=${() => this.host.post({ type: 'skip', offset: model.focus! })}
            >
              ${t('Skip this record...')}
            </button>`
      }
    </section>`;
  }

  #figuresView(figures: StuckFigures): TemplateResult {
    const age = figures.nextWrittenAt === undefined ? undefined : Math.max(0, this.#now - figures.nextWrittenAt);
    const timeLag = figures.isCaughtUp ? t('caught up') : age === undefined ? '-' : formatDuration(age);
    const fact = (label: string, value: unknown, hover?: string): TemplateResult =>
      html`<div title=${hover ?? nothing}>
        <dt>${label}</dt>
        <dd>${value}</dd>
      </div>`;
    return html`<dl class="figures">
      ${fact(t('Committed'), exact(figures.committed), figures.metadata === undefined ? t('The next offset to read') : t('Stored with it: {0}', visibleText(figures.metadata)))}
      ${fact(t('End'), exact(figures.end), t('Log end offset (high watermark); the log starts at {0}.', exact(figures.start)))}
      ${figures.lastStable === figures.end ? nothing : fact(t('LSO'), exact(figures.lastStable), t('How far a read_committed consumer can read'))}
      ${fact(t('Lag'), exact(figures.lag), t('End minus committed, in offsets'))}
      ${fact(t('Time lag'), timeLag, t('How old the next record is'))}
      ${fact(
        t('Owner'),
        figures.owner === undefined ? html`<span class="quiet">${t('nobody')}</span>` : nameCell(figures.owner),
        figures.host,
      )}
      ${fact(
        t('Commit stands for'),
        figures.standsFor === undefined ? '-' : formatDuration(figures.standsFor + Date.now() - this.#receivedAt),
        t('Since a poll first saw it; Kafka does not tell commit times.'),
      )}
    </dl>`;
  }

  #neighbours(model: StuckModel): TemplateResult {
    return html`<div class="neighbours">
      <kafka-data-table
        .label=${t('The record and its neighbours')}
        .rows=${model.records}
        .columns=${neighbourColumns}
        .keyOf=${offsetOf}
        .latestOf=${this.#latestOf}
        .version=${this.#receivedAt}
        .rowClassOf=${rowClassOf}
        .sort=${byOffset}
        .widths=${this.view.widths ?? noWidths}
        @table-widths=${(event: CustomEvent<Record<string, number>>) => this.#keep({ widths: event.detail })}
        @table-selection=${() => this.#onSelection()}
        @table-copy=${(event: CustomEvent<string>) => this.#copy(event.detail)}
        @table-menu=${(event: CustomEvent<MenuPlace>) =>
          this.querySelector<ContextMenu>('kafka-context-menu')?.show(event.detail, this.#recordItems())}
      ></kafka-data-table>
    </div>`;
  }

  readonly #latestOf = (offset: string): StuckRecord | undefined =>
    this.#model?.records.find((record) => record.offset === offset);

  #choose(offset: string | undefined, isBrought = false): void {
    this.#chosen = offset === this.#model?.focus ? undefined : offset;
    this.requestUpdate();
    this.#select();
    if (isBrought) this.querySelector('.record-pane')?.scrollIntoView({ block: 'nearest' });
  }

  /** Shows in the table which record is on show. */
  #select(): void {
    const table = this.#table;
    const shown = this.#shown;
    if (table === null || shown === undefined) return;
    void table.updateComplete.then(() => {
      this.#isSelecting = true;
      table.selectKeys([shown.offset]);
      this.#isSelecting = false;
    });
  }

  #onSelection(): void {
    if (this.#isSelecting) return;
    const [first] = this.#table?.selection ?? [];
    if (first === undefined) return;
    this.#chosen = first === this.#model?.focus ? undefined : first;
    this.requestUpdate();
  }

  #keep(change: Partial<StuckPageState>): void {
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
    this.#say(t('Copied'));
  }

  #onKey(event: KeyboardEvent): void {
    const [target] = event.composedPath();
    const inTable = event
      .composedPath()
      .some((one) => one instanceof HTMLElement && one.tagName === 'KAFKA-DATA-TABLE');
    if (event.key === ' ' && !(target instanceof HTMLButtonElement)) this.#pause();
    else if (event.key === 'Escape' && this.#chosen !== undefined) this.#choose(undefined);
    else if (
      event.key === 'c' &&
      (event.ctrlKey || event.metaKey) &&
      !inTable &&
      getSelection()?.isCollapsed !== false
    ) {
      const shown = this.#shown;
      if (shown === undefined) return;
      this.#copy(recordText(shown));
    } else return;
    event.preventDefault();
  }
}

const byOffset = { column: 'offset', descending: false };
const noWidths = {};

function offsetOf(record: StuckRecord): string {
  return record.offset;
}

function rowClassOf(record: StuckRecord): string {
  return `${record.place} ${record.outcome}`;
}

/** As it is shown, for a mail or an issue. */
function recordText(record: StuckRecord): string {
  const time = record.timestamp === undefined ? '' : new Date(record.timestamp).toISOString();
  return [
    `offset: ${record.offset}`,
    `time: ${time}`,
    ...record.headers.map(({ key, value }) => `header ${key}: ${value ?? 'null'}`),
    `key: ${record.key?.text ?? 'null'}`,
    `value: ${record.value?.text ?? 'null'}`,
  ].join('\n');
}

customElements.define('kafka-stuck-page', StuckPage);
