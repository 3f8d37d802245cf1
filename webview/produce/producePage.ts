import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
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
import { t } from '../shared/l10n.ts';
import { skeleton } from '../shared/stateViews.ts';
import { tableStatus, type DataTable } from '../shared/table.ts';
import type { Sort } from '../shared/tableModel.ts';
import { button, picker } from '../shared/toolbar.ts';
import { fieldView } from './field.ts';
import { resultColumns } from './resultColumns.ts';

const emptyField: DraftField = { format: 'text', text: '' };
const emptyDraft: Draft = {
  topic: '',
  partition: '',
  key: { format: 'null', text: '' },
  value: emptyField,
  headers: [],
  timestamp: '',
  compression: 'none',
  count: '1',
};
/** What is typed is looked at by the host when nothing came for so long, ms. */
const settleMs = 120;

/** The form that writes records, and what became of them. */
export class ProducePage extends PageElement {
  static override properties = { host: { attribute: false }, view: { state: true } };
  declare host: Host<ToProducePage, FromProducePage, ProducePageState>;
  declare view: ProducePageState;

  #model: ProduceModel | undefined;
  #draft: Draft = emptyDraft;
  #plan: Plan = { problems: {}, sentences: [], canSend: false };
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
      <div class="form-scroll">${this.#form(model)}</div>
      ${this.#action(model)} ${this.#resultsView()}
      <div class="hidden-text" role="status" aria-live="polite">${this.#said}</div>
    </div>`;
  }

  #form(model: ProduceModel): TemplateResult {
    const draft = this.#draft;
    const disabled = model.sending !== undefined;
    return html`<div class="form" role="form" aria-label=${t('Record to write')}>
      <label for="topic">${t('Topic')}</label>
      <div class="row">
        ${this.#input('topic', t('Topic'), draft.topic, { className: 'wide', list: 'topics', disabled })}
        <label for="partition">${t('Partition')}</label>
        ${this.#input('partition', t('Partition'), draft.partition, {
          className: 'short',
          placeholder: t('by key'),
          title:
            model.partitions === undefined
              ? t('A number; empty: by the key (murmur2, as the Java client does)')
              : t('0 to {0}; empty: by the key (murmur2, as the Java client does)', model.partitions - 1),
          disabled,
        })}
        ${this.#problem('topic')} ${this.#problem('partition')}
        <datalist id="topics">${model.topics.map((topic) => html`<option value=${topic}></option>`)}</datalist>
      </div>
      ${model.lines === undefined ? this.#record(draft, disabled) : this.#lines(model.lines, disabled)}
      <span class="label">${t('Options')}</span>
      <div class="row">
        <label for="timestamp">${t('Timestamp')}</label>
        ${this.#input('timestamp', t('Timestamp'), draft.timestamp, {
          className: 'time',
          placeholder: t('now'),
          title: t('Empty: when it is sent. ISO 8601, such as 2026-03-01T12:00Z, or milliseconds since 1970.'),
          disabled,
        })}
        ${
          draft.timestamp === '' || disabled
            ? nothing
            : html`<button class="link" @click=${() => this.#change({ timestamp: '' })}>${t('Now')}</button>`
        }
        <span class="quiet">${t('Compression')}</span>
        ${picker(
          t('Compression'),
          draft.compression,
          [
            ['none', t('none')],
            ['gzip', 'gzip'],
            ['zstd', 'zstd'],
          ],
          (value) => this.#change({ compression: value as Draft['compression'] }),
        )}
        ${
          model.lines === undefined
            ? html`<label for="count">${t('Copies')}</label>
                ${this.#input('count', t('Copies'), draft.count, { className: 'short', disabled })}
                ${disabled ? nothing : html`<button class="link" @click=${() => this.host.post({ type: 'pickLines' })}>${t('Records of a file...')}</button>`}`
            : nothing
        }
        ${this.#problem('timestamp')} ${this.#problem('count')}
      </div>
    </div>`;
  }

  #record(draft: Draft, disabled: boolean): TemplateResult {
    const field = (place: 'key' | 'value', label: string, large: boolean): TemplateResult =>
      fieldView({
        place,
        label,
        field: draft[place],
        problem: this.#plan.problems[place],
        large,
        disabled,
        change: (changed) => this.#change({ [place]: changed }),
        pickFile: () => this.host.post({ type: 'pickFile', place }),
        editHeld: (id) => this.host.post({ type: 'editHeld', place, id }),
      });
    return html`<span class="label">${t('Key')}</span> ${field('key', t('Key'), false)}
      <span class="label">${t('Value')}</span> ${field('value', t('Value'), true)}
      <span class="label">${t('Headers')}</span>
      <div class="headers">
        ${draft.headers.map((header, index) => this.#header(header, index, disabled))}
        ${
          disabled
            ? nothing
            : html`<div>
                <button
                  class="link add-header"
                  @click=${() => this.#change({ headers: [...draft.headers, { key: '', value: emptyField }] })}
                >
                  ${t('Add header')}
                </button>
              </div>`
        }
      </div>`;
  }

  #header(header: Draft['headers'][number], index: number, disabled: boolean): TemplateResult {
    const replace = (changed: Draft['headers'][number]): void =>
      this.#change({ headers: this.#draft.headers.with(index, changed) });
    const place: DraftPlace = `header ${index}`;
    return html`<div class="row header">
      <input
        class="input"
        aria-label=${t('Key of header {0}', index + 1)}
        placeholder=${t('header key')}
        spellcheck="false"
        autocomplete="off"
        ?disabled=${disabled}
        .value=${live(header.key)}
        @input=${(event: Event) => replace({ ...header, key: (event.target as HTMLInputElement).value })}
      />
      ${fieldView({
        place,
        label: t('Value of header {0}', index + 1),
        field: header.value,
        problem: this.#plan.problems[place],
        disabled,
        change: (value) => replace({ ...header, value }),
        pickFile: () => this.host.post({ type: 'pickFile', place }),
        editHeld: (id) => this.host.post({ type: 'editHeld', place, id }),
      })}
      ${
        disabled
          ? nothing
          : button('trash', t('Remove header {0}', index + 1), () =>
              this.#change({ headers: this.#draft.headers.toSpliced(index, 1) }),
            )
      }
    </div>`;
  }

  #lines(lines: NonNullable<ProduceModel['lines']>, disabled: boolean): TemplateResult {
    return html`<span class="label">${t('Records')}</span>
      <div class="row">
        <span class="held"
          ><span class="preview"><bdi>${lines.name}</bdi></span>
          <span class="size">${t('{0} records', lines.records.toLocaleString('en-US'))}</span>
          ${disabled ? nothing : html`<button class="link" @click=${() => this.host.post({ type: 'dropLines' })}>${t('Remove')}</button>`}</span
        >
        ${
          lines.problemCount === 0
            ? nothing
            : html`<span class="problem-text" role="alert"
                >${
                  lines.problemCount === 1 ? t('1 line is left out.') : t('{0} lines are left out.', lines.problemCount)
                }
                ${lines.problems.join(' ')}</span
              >`
        }
      </div>`;
  }

  #input(
    place: 'topic' | 'partition' | 'timestamp' | 'count',
    label: string,
    value: string,
    more: { className: string; placeholder?: string; title?: string; list?: string; disabled: boolean },
  ): TemplateResult {
    return html`<input
      id=${place}
      class="input ${more.className}"
      aria-label=${label}
      aria-invalid=${this.#plan.problems[place] === undefined ? nothing : 'true'}
      list=${more.list ?? nothing}
      title=${more.title ?? nothing}
      placeholder=${more.placeholder ?? ''}
      spellcheck="false"
      autocomplete="off"
      ?disabled=${more.disabled}
      .value=${live(value)}
      @input=${(event: Event) => this.#change({ [place]: (event.target as HTMLInputElement).value })}
    />`;
  }

  #problem(place: DraftPlace): TemplateResult | typeof nothing {
    const text = this.#plan.problems[place];
    // An empty form is not yet wrong.
    if (text === undefined || (place === 'topic' && this.#draft.topic.trim() === '')) return nothing;
    return html`<span class="problem-text">${text}</span>`;
  }

  #action({ production, sending, outcome, replayOf, readOnly }: ProduceModel): TemplateResult {
    const { sentences, canSend } = this.#plan;
    const verb = replayOf === undefined ? t('Write') : t('Replay');
    return html`<div class="action">
      ${
        sending === undefined
          ? html`<button
              class="button primary send"
              title=${t('{0} (Ctrl+Enter)', verb)}
              ?disabled=${!canSend || readOnly}
              @click=${() => this.#send()}
            >
              ${production ? `${verb}...` : verb}
            </button>`
          : html`<button class="button" @click=${() => this.host.post({ type: 'cancel' })}>${t('Cancel')}</button>`
      }
      ${production ? html`<span class="mark">${t('production')}</span>` : nothing}
      <span class="said"
        >${
          sending === undefined
            ? sentences.join(' ')
            : html`${icon('loading', 'codicon-modifier-spin')}
              ${t('{0} of {1} answered', sending.done.toLocaleString('en-US'), sending.total.toLocaleString('en-US'))}`
        }</span
      >
      ${
        outcome === undefined
          ? nothing
          : html`<span class="outcome ${outcome.good ? 'good' : 'bad'}" role=${outcome.good ? 'status' : 'alert'}
              >${icon(outcome.good ? 'check' : 'error')} ${outcome.text}</span
            >`
      }
    </div>`;
  }

  #resultsView(): TemplateResult {
    if (this.#results.length === 0) {
      return html`<p class="quiet no-results">
        ${t('What is written is listed here, with its partition and offset. Nothing creates a topic from here.')}
      </p>`;
    }
    return html`<div class="content">
        <kafka-data-table
          .label=${t('What was sent')}
          .rows=${this.#results}
          .columns=${this.#columns}
          .keyOf=${keyOf}
          .version=${this.#receivedAt}
          .sort=${this.#sort}
          .widths=${this.view.widths ?? noWidths}
          .rowClassOf=${rowClassOf}
          @table-sort=${(event: CustomEvent<Sort>) => {
            this.#sort = event.detail;
            this.requestUpdate();
          }}
          @table-widths=${(event: CustomEvent<Record<string, number>>) => this.#keep({ widths: event.detail })}
          @table-selection=${() => this.#onSelection()}
          @table-details=${(event: CustomEvent<string>) => this.#open('openBatches', event.detail)}
          @table-copy=${(event: CustomEvent<string>) => this.#copy(event.detail)}
          @table-menu=${(event: CustomEvent<MenuPlace>) => this.#menu(event.detail)}
        ></kafka-data-table>
        <kafka-context-menu @pick=${(event: CustomEvent<string>) => this.#act(event.detail)}></kafka-context-menu>
      </div>
      <footer class="status">
        <span>${tableStatus(this.#results.length, this.#results.length, this.#selected)}</span>
        <span class="spring"></span>
        <span>${t('Enter shows the batch.')}</span>
        <button class="link" @click=${() => this.#copy(this.#table?.copySelection() ?? '')}>${t('Copy')}</button>
      </footer>`;
  }

  get #table(): DataTable<ResultRow> | null {
    return this.querySelector<DataTable<ResultRow>>('kafka-data-table');
  }

  #setField(place: DraftPlace, field: DraftField): void {
    if (place === 'key' || place === 'value') this.#change({ [place]: field });
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
    this.#said = t('Copied {0} rows', Math.max(0, text.split('\n').length - 1));
    this.requestUpdate();
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      this.#send();
      event.preventDefault();
    }
  }
}

const noWidths = {};

function keyOf({ sentAt, number }: ResultRow): string {
  return `${sentAt} ${number}`;
}

function rowClassOf({ kind }: ResultRow): string {
  return kind;
}

customElements.define('kafka-produce-page', ProducePage);
