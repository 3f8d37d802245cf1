import { html, nothing, type TemplateResult } from 'lit';
import type {
  Draft,
  DraftField,
  DraftPlace,
  FromProducePage,
  Plan,
  ProduceModel,
  ProducePageState,
  ResultRow,
  ToProducePage,
} from '../../src/ui/panels/produce/protocol.ts';
import type { ContextMenu, MenuPlace } from '../shared/contextMenu.ts';
import { PageElement } from '../shared/element.ts';
import type { Host } from '../shared/host.ts';
import { icon } from '../shared/icon.ts';
import { copiedRows } from '../shared/counted.ts';
import { t } from '../shared/l10n.ts';
import { skeleton } from '../shared/stateViews.ts';
import type { DataTable } from '../shared/table.ts';
import type { Sort } from '../shared/tableModel.ts';
import { actionBar } from './actionBar.ts';
import { emptyDraft, recordForm } from './recordForm.ts';
import { resultColumns } from './resultColumns.ts';
import { keyOf, resultsView } from './results.ts';
import { isSchemaFormat } from './schemaChoice.ts';

/** What is typed is looked at by the host when nothing came for so long, ms. */
const settleMs = 120;

/** The form that writes records, and what became of them. */
export class ProducePage extends PageElement {
  static override properties = { host: { attribute: false }, view: { state: true } };
  declare host: Host<ToProducePage, FromProducePage, ProducePageState>;
  declare view: ProducePageState;

  #model: ProduceModel | undefined;
  #draft: Draft = emptyDraft;
  #plan: Plan = { problems: {}, sentences: [], canSend: false, schemas: {} };
  #results: readonly ResultRow[] = [];
  readonly #columns = resultColumns();
  #receivedAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sort: Sort = { column: '', descending: false };
  #selected = 0;
  #said = '';

  start(): void {
    this.#draft = this.view.draft ?? emptyDraft;
    this.host.listen((message) => this.#receive(message));
    document.addEventListener('keydown', (event) => this.#onKey(event));
    this.host.post({ type: 'ready', draft: this.view.draft });
  }

  #receive(message: ToProducePage): void {
    this.#receivedAt = Date.now();
    switch (message.type) {
      case 'full':
        this.#model = message.model;
        this.#results = message.results;
        if (message.draft !== undefined) {
          this.#draft = message.draft;
          this.#keep({ draft: message.draft });
        }
        break;
      case 'model':
        this.#model = message.model;
        break;
      case 'plan':
        this.#plan = message.plan;
        break;
      case 'field':
        this.#setField(message.place, message.field);
        break;
      case 'results':
        this.#model = message.model;
        this.#results = message.results;
        this.#said = message.model.outcome?.text ?? '';
        break;
    }
    this.requestUpdate();
  }

  protected override render(): TemplateResult {
    const model = this.#model;
    if (model === undefined) return html`<div class="page">${skeleton(10)}</div>`;
    const { polling } = model.frame;
    return html`<div class="page">
      <kafka-page-header .frame=${model.frame} .receivedAt=${this.#receivedAt}></kafka-page-header>
      ${
        polling.kind === 'failing'
          ? html`<div class="notice failed" role="alert">
              ${icon('warning')}<span>${polling.message}</span
              ><button class="link" @click=${() => this.host.post({ type: 'retry' })}>${t('Retry now')}</button>
            </div>`
          : nothing
      }
      ${
        model.readOnly
          ? html`<div class="notice" role="status">
              ${icon('lock')}<span
                >${t('This cluster is read only by its settings: nothing is written from here.')}</span
              >
            </div>`
          : nothing
      }
      <div class="form-scroll">
        ${recordForm({
          model,
          draft: this.#draft,
          plan: this.#plan,
          change: (change) => this.#change(change),
          post: (message) => this.host.post(message),
        })}
      </div>
      ${actionBar(model, this.#plan, { send: () => this.#send(), cancel: () => this.host.post({ type: 'cancel' }) })}
      ${this.#resultsView()}
      <div class="hidden-text" role="status" aria-live="polite">${this.#said}</div>
    </div>`;
  }

  #resultsView(): TemplateResult {
    return resultsView({
      results: this.#results,
      columns: this.#columns,
      version: this.#receivedAt,
      sort: this.#sort,
      widths: this.view.widths,
      selected: this.#selected,
      onSort: (sort) => {
        this.#sort = sort;
        this.requestUpdate();
      },
      onWidths: (widths) => this.#keep({ widths }),
      onSelection: () => this.#onSelection(),
      onDetails: (key) => this.#open('openBatches', key),
      onCopy: (text) => this.#copy(text),
      onCopySelection: () => this.#copy(this.#table?.copySelection() ?? ''),
      onMenu: (place) => this.#menu(place),
      onPick: (id) => this.#act(id),
    });
  }

  get #table(): DataTable<ResultRow> | null {
    return this.querySelector<DataTable<ResultRow>>('kafka-data-table');
  }

  #setField(place: DraftPlace, field: DraftField): void {
    if (place === 'key' || place === 'value') {
      const { format, schema } = this.#draft[place];
      // The text of a file goes into the format that was chosen for it.
      const isText = field.format === 'text' || field.format === 'json';
      this.#change({ [place]: isText && isSchemaFormat(format) ? { format, schema, text: field.text } : field });
    }
    const index = /^header (\d+)$/.exec(place)?.[1];
    const header = index === undefined ? undefined : this.#draft.headers[Number(index)];
    if (header === undefined) return;
    this.#change({ headers: this.#draft.headers.with(Number(index), { ...header, value: field }) });
  }

  #change(change: Partial<Draft>): void {
    this.#draft = { ...this.#draft, ...change };
    this.#keep({ draft: this.#draft });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.host.post({ type: 'draft', draft: this.#draft }), settleMs);
    this.requestUpdate();
  }

  #keep(change: Partial<ProducePageState>): void {
    this.view = { ...this.view, ...change };
    this.host.keep(this.view);
  }

  #send(): void {
    if (!this.#plan.canSend) return;
    clearTimeout(this.#timer);
    this.host.post({ type: 'send', draft: this.#draft });
  }

  #onSelection(): void {
    this.#selected = this.#table?.selection.size ?? 0;
    this.requestUpdate();
  }

  #menu(place: MenuPlace): void {
    const one = this.#selected === 1;
    const [first] = this.#table?.selection ?? [];
    const isWritten = one && this.#results.find((row) => keyOf(row) === first)?.offset !== undefined;
    this.querySelector<ContextMenu>('kafka-context-menu')?.show(place, [
      ...(isWritten
        ? [
            { id: 'openBatches', label: t('Show its batch') },
            { id: 'tail', label: t('Tail from here') },
          ]
        : []),
      { id: 'copy', label: one ? t('Copy the row') : t('Copy rows'), apart: isWritten },
    ]);
  }

  #act(id: string): void {
    const [first] = this.#table?.selection ?? [];
    if (id === 'copy') this.#copy(this.#table?.copySelection() ?? '');
    else if (first !== undefined) this.#open(id as 'openBatches' | 'tail', first);
  }

  #open(type: 'openBatches' | 'tail', key: string): void {
    const row = this.#results.find((each) => keyOf(each) === key);
    if (row?.offset === undefined) return;
    const { topic, partition, offset } = row;
    this.host.post({ type, topic, partition, offset });
  }

  #copy(text: string): void {
    this.host.post({ type: 'copy', text });
    this.#said = copiedRows(Math.max(0, text.split('\n').length - 1));
    this.requestUpdate();
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      this.#send();
      event.preventDefault();
    }
  }
}

customElements.define('kafka-produce-page', ProducePage);
