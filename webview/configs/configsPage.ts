import { html, nothing, type TemplateResult } from 'lit';
import type {
  ConfigRow,
  ConfigsModel,
  ConfigsPageState,
  ConfigsPlan,
  FromConfigsPage,
  ListOperation,
  OnBroker,
  StagedChange,
  ToConfigsPage,
} from '../../src/ui/panels/configs/protocol.ts';
import { isStale } from '../shared/header.ts';
import { icon } from '../shared/icon.ts';
import { t } from '../shared/l10n.ts';
import { TablePage } from '../shared/tablePage.ts';
import { notices, problemView, skeleton } from '../shared/stateViews.ts';
import { tableStatus } from '../shared/table.ts';
import type { Grouping, Sort } from '../shared/tableModel.ts';
import { button, picker } from '../shared/toolbar.ts';
import { configColumns } from './columns.ts';
import { editorView, optionsOf } from './editor.ts';
import { planView } from './planView.ts';
import { choices, plainValue, problemOf } from './validate.ts';
import { problemWords } from './words.ts';

/** The configurations of a topic, a group or brokers: what they are, what they mean, and changes to them as a plan. */
export class ConfigsPage extends TablePage<ConfigRow, ToConfigsPage, FromConfigsPage, ConfigsPageState> {
  #receivedAt = 0;
  #model: ConfigsModel | undefined;
  #rows: readonly ConfigRow[] = [];
  #byName: ReadonlyMap<string, ConfigRow> = new Map();
  #shownRows: readonly ConfigRow[] = [];
  #staged: readonly StagedChange[] = [];
  #plan: ConfigsPlan | undefined;
  #failure: string | undefined;
  #open: string | undefined;
  #typed = '';
  #operation: ListOperation | undefined;
  #onBrokers: readonly OnBroker[] | 'asked' | undefined;
  #version = 0;
  protected override readonly columns = configColumns((name) => this.#stagedOf(name));

  start(): void {
    this.#staged = this.view.staged ?? [];
    this.host.listen((message) => this.#receive(message));
    document.addEventListener('keydown', (event) => this.#onKey(event));
    this.host.post({ type: 'ready', staged: this.#staged });
  }

  #receive(message: ToConfigsPage): void {
    switch (message.type) {
      case 'full':
        this.#take(message.model);
        this.#rows = message.rows;
        this.#byName = new Map(message.rows.map((row) => [row.name, row]));
        this.#show();
        this.#onBrokers = undefined;
        if (message.staged !== undefined) this.#setStaged(message.staged);
        break;
      case 'model':
        this.#take(message.model);
        break;
      case 'plan':
        this.#plan = message.plan;
        this.#failure = message.failure;
        break;
      case 'brokers':
        if (message.name === this.#open) this.#onBrokers = message.found;
        break;
    }
    this.#version++;
    this.requestUpdate();
  }

  #take(model: ConfigsModel): void {
    const { outcome } = model;
    if (outcome !== undefined && outcome.text !== this.#model?.outcome?.text) this.said = outcome.text;
    this.#model = model;
    this.#receivedAt = Date.now();
  }

  /** The rows of the chosen kind. */
  #show(): void {
    const show = this.view.show ?? 'all';
    const isShown = ({ rank, source }: ConfigRow): boolean =>
      show === 'all' || (show === 'consumers' ? rank !== undefined : source !== 'default');
    this.#shownRows = this.#rows.filter(isShown);
  }

  #stagedOf(name: string): StagedChange | undefined {
    return this.#staged.find((change) => change.name === name);
  }

  protected override render(): TemplateResult {
    const model = this.#model;
    if (model === undefined) return html`<div class="page">${skeleton(12)}</div>`;
    const { frame } = model;
    const retry = (): void => this.host.post({ type: 'refresh' });
    return html`<div class="page ${isStale(frame, this.#receivedAt) ? 'stale' : ''}">
      <kafka-page-header
        .frame=${frame}
        .receivedAt=${this.#receivedAt}
        .status=${model.production ? html`<span class="mark">${t('production')}</span>` : undefined}
      ></kafka-page-header>
      ${notices(frame, retry)}
      ${
        frame.problem !== undefined
          ? problemView(frame.problem, retry)
          : html`${this.#toolbar()}
              <div class="content">${this.#tableView()} ${this.#detailsView(model)}</div>
              ${this.#outcomeView(model)}
              ${
                this.#staged.length === 0
                  ? nothing
                  : planView({
                      model,
                      staged: this.#staged,
                      plan: this.#plan,
                      failure: this.#failure,
                      show: (name) => this.#edit(name),
                      unstage: (name) => this.#unstage(name),
                      unstageAll: () => this.#stage([]),
                      apply: () => this.host.post({ type: 'apply', staged: this.#staged }),
                    })
              }
              ${this.#status(model)}`
      }
      ${this.spoken()}
    </div>`;
  }

  #toolbar(): TemplateResult {
    return html`<div class="toolbar" role="toolbar" aria-label=${t('View')}>
      ${this.filterField(t('Filter by name, value or meaning ( / )'))}
      ${picker(
        t('Show'),
        this.view.show ?? 'all',
        [
          ['all', t('All')],
          ['consumers', t('For consumers')],
          ['set', t('Set by somebody')],
        ],
        (value) => {
          this.keep({ show: value as 'all' | 'consumers' | 'set' });
          this.#show();
        },
      )}
      <span class="spring"></span>
      ${button('refresh', t('Read again'), () => this.host.post({ type: 'refresh' }))}
      ${button('copy', t('Copy (Ctrl+C)'), () => this.copySelection())}
      ${button('terminal', t('Copy as kafka-configs command'), () => {
        this.host.post({ type: 'copyCommand', staged: this.#staged });
        this.say(t('Copied'));
      })}
      <kafka-toolbar-menu
        .icon=${'export'}
        .label=${t('Export')}
        .items=${[
          { id: 'properties', label: t('Properties, what is shown') },
          { id: 'csv', label: t('CSV, what is shown') },
          { id: 'json', label: t('JSON, what is shown') },
        ]}
        @pick=${(event: CustomEvent<'csv' | 'json' | 'properties'>) =>
          this.host.post({
            type: 'export',
            format: event.detail,
            names: this.table?.shownRows.map(({ name }) => name) ?? [],
          })}
      ></kafka-toolbar-menu>
    </div>`;
  }

  #tableView(): TemplateResult {
    return html`<kafka-data-table
      .label=${t('Configurations')}
      .rows=${this.#shownRows}
      .columns=${this.columns}
      .keyOf=${nameOf}
      .latestOf=${this.#latestOf}
      .filterTextOf=${filterTextOf}
      .filter=${this.view.filter ?? ''}
      .grouping=${this.view.sort === undefined ? grouping : undefined}
      .sort=${this.view.sort ?? unsorted}
      .version=${this.#version}
      .widths=${this.view.widths ?? noWidths}
      .rowClassOf=${this.#rowClassOf}
      @table-sort=${(event: CustomEvent<Sort>) => this.keep({ sort: event.detail })}
      @table-widths=${(event: CustomEvent<Record<string, number>>) => this.keep({ widths: event.detail })}
      @table-selection=${() => this.#onSelection()}
      @table-shown=${(event: CustomEvent<number>) => {
        this.shown = event.detail;
        this.requestUpdate();
      }}
      @table-details=${(event: CustomEvent<string>) => this.#edit(event.detail)}
      @table-copy=${(event: CustomEvent<string>) => this.copy(event.detail)}
    ></kafka-data-table>`;
  }

  #detailsView(model: ConfigsModel): TemplateResult | typeof nothing {
    const row = this.#open === undefined ? undefined : this.#byName.get(this.#open);
    if (row === undefined) return nothing;
    const plain = plainValue(row.name, this.#typed);
    // Blanks around a text may be meant.
    const value = plain === this.#typed.trim() && isText(row) ? this.#typed : plain;
    const problem = problemOf(row.type, value);
    const isNothing = this.#operation !== undefined && value.trim() === '';
    return editorView({
      row,
      staged: this.#stagedOf(row.name),
      typed: this.#typed,
      operation: this.#operation,
      operate: (operation) => this.#operate(row, operation),
      problem: isNothing ? t('Name at least one item.') : problem && problemWords(problem, row.type),
      plain: value === this.#typed ? undefined : value,
      readOnly: model.readOnly,
      onBrokers: this.#onBrokers,
      type: (text) => {
        this.#typed = text;
        this.requestUpdate();
      },
      stage: (to) => this.#stageOne(row, to),
      unstage: () => this.#unstage(row.name),
      askBrokers: () => {
        this.#onBrokers = 'asked';
        this.host.post({ type: 'brokers', name: row.name });
        this.requestUpdate();
      },
      close: () => this.#close(),
    });
  }

  #outcomeView({ outcome }: ConfigsModel): TemplateResult | typeof nothing {
    if (outcome === undefined) return nothing;
    return html`<p class="outcome ${outcome.good ? 'good' : 'bad'}" role=${outcome.good ? 'status' : 'alert'}>
      ${icon(outcome.good ? 'check' : 'error')} <span>${outcome.text}</span>
      ${outcome.canUndo ? html`<button class="link undo" @click=${() => this.host.post({ type: 'undo' })}>${t('Undo...')}</button>` : nothing}
    </p>`;
  }

  #status(model: ConfigsModel): TemplateResult {
    return html`<footer class="status">
      <span>${tableStatus(this.#rows.length, this.shown, this.selected)}</span>
      <span class="spring"></span>
      ${
        model.isBusy
          ? html`<span>${icon('loading', 'codicon-modifier-spin')} ${t('asking the broker')}</span>`
          : html`<span
              >${model.readOnly ? t('Enter shows all of a row.') : t('Enter shows all of a row and changes it.')}</span
            >`
      }
    </footer>`;
  }

  readonly #latestOf = (name: string): ConfigRow | undefined => this.#byName.get(name);
  readonly #rowClassOf = (row: ConfigRow): string => (this.#stagedOf(row.name) === undefined ? '' : 'is-staged');

  #edit(name: string): void {
    const row = this.#byName.get(name);
    if (row === undefined) return;
    this.#open = name;
    this.#onBrokers = undefined;
    this.#operation = this.#stagedOf(name)?.operation;
    this.#typed =
      this.#stagedOf(name)?.value ?? row.value ?? (row.type === 'boolean' ? 'false' : (choices[name]?.[0] ?? ''));
    this.requestUpdate();
    void this.updateComplete.then(() => {
      const box = this.querySelector<HTMLInputElement>('.editor .input, .editor .picker');
      box?.focus();
      if (box instanceof HTMLInputElement) box.select();
    });
  }

  #operate(row: ConfigRow, operation: ListOperation | undefined): void {
    this.#operation = operation;
    this.#typed = operation === undefined ? (row.value ?? '') : (optionsOf(row, operation)?.[0] ?? '');
    this.requestUpdate();
  }

  #close(): void {
    this.#open = undefined;
    this.requestUpdate();
    this.table?.focus();
  }

  #stageOne(row: ConfigRow, value: string | undefined): void {
    const operation = value === undefined ? undefined : this.#operation;
    const isAsIs = operation === undefined && row.isOwn && !row.isSensitive && value === row.value;
    const change: StagedChange = {
      name: row.name,
      ...(value === undefined ? {} : { value }),
      ...(operation === undefined ? {} : { operation }),
    };
    const others = this.#staged.filter(({ name }) => name !== row.name);
    this.#stage(isAsIs ? others : [...others, change]);
    this.say(isAsIs ? t('It is so already.') : t('Staged, not made yet.'));
  }

  #unstage(name: string): void {
    this.#stage(this.#staged.filter((change) => change.name !== name));
    if (this.#open === name) this.#edit(name);
  }

  #stage(staged: readonly StagedChange[]): void {
    this.#setStaged(staged);
    this.host.post({ type: 'stage', staged });
  }

  #setStaged(staged: readonly StagedChange[]): void {
    this.#staged = staged;
    this.#plan = undefined;
    this.#failure = undefined;
    // A secret that was typed is nothing to be kept.
    this.keep({ staged: staged.filter(({ name }) => this.#byName.get(name)?.isSensitive === false) });
    this.#version++;
  }

  #onSelection(): void {
    const selection = this.table?.selection;
    this.selected = selection?.size ?? 0;
    const [first] = selection ?? [];
    // The details follow the cursor; the keyboard stays in the table.
    if (this.#open !== undefined && first !== undefined && first !== this.#open) {
      this.#open = first;
      this.#onBrokers = undefined;
      this.#operation = this.#stagedOf(first)?.operation;
      this.#typed = this.#stagedOf(first)?.value ?? this.#byName.get(first)?.value ?? '';
    }
    this.requestUpdate();
  }

  #onKey(event: KeyboardEvent): void {
    const [target] = event.composedPath();
    const isTyping = target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
    if (event.key === '/' && !isTyping) this.querySelector<HTMLElement>('.filter')?.focus();
    else if (event.key === 'Escape' && this.#open !== undefined) this.#close();
    else if (event.key === 'Escape' && (this.view.filter ?? '') !== '') this.keep({ filter: '' });
    else return;
    event.preventDefault();
  }
}

const unsorted: Sort = { column: '', descending: false };
const noWidths = {};

const grouping: Grouping<ConfigRow> = {
  idOf: ({ rank }) => (rank === undefined ? 'others' : 'consumers'),
  label: (id, rows) =>
    id === 'others'
      ? html`${t('Others')} <span class="quiet">${rows.length}</span>`
      : html`${t('What decides a consumer’s life')} <span class="quiet">${rows.length}</span>`,
};

function nameOf({ name }: ConfigRow): string {
  return name;
}

function filterTextOf({ name, value, meaning, source }: ConfigRow): string {
  return `${name} ${value ?? ''} ${meaning ?? ''} ${source}`;
}

function isText({ type }: ConfigRow): boolean {
  return type === 'string' || type === 'password' || type === 'unknown' || type === 'class';
}

customElements.define('kafka-configs-page', ConfigsPage);
