import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { PlanItem } from '../../src/ui/panels/plan/protocol.ts';
import { partitionKey, type PartitionKey } from '../../src/ui/panels/protocol.ts';
import type {
  FromResetPage,
  ResetForm,
  ResetModel,
  ResetPageState,
  ToResetPage,
} from '../../src/ui/panels/reset/protocol.ts';
import { icon } from '../shared/icon.ts';
import { t } from '../shared/l10n.ts';
import { planColumns, planFilterText, planRowClass } from '../shared/planColumns.ts';
import { notices, problemView, skeleton } from '../shared/stateViews.ts';
import { tableStatus } from '../shared/table.ts';
import type { Column, Sort } from '../shared/tableModel.ts';
import { TablePage } from '../shared/tablePage.ts';
import { button } from '../shared/toolbar.ts';
import { actionView } from './actionView.ts';
import { formView } from './formView.ts';
import { rowDetails, type Peek } from './rowDetails.ts';

/** What is typed is planned when nothing came for so long, ms. */
const settleMs = 150;

/** A change of a group's offsets: the form or the task at the left, its plan at the right. */
export class ResetPage extends TablePage<PlanItem, ToResetPage, FromResetPage, ResetPageState> {
  #receivedAt = 0;
  #model: ResetModel | undefined;
  #form: ResetForm | undefined;
  #rows: readonly PlanItem[] = [];
  #incoming: PlanItem[] = [];
  protected override columns: readonly Column<PlanItem>[] = planColumns(false);
  #hasResults = false;
  #details: PartitionKey | undefined;
  #peeked: Peek | undefined;
  /** Number of the last edit of the form. */
  #edit = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #clock: ReturnType<typeof setInterval> | undefined;

  start(): void {
    this.#form = this.view.form;
    this.host.listen((message) => this.#receive(message));
    document.addEventListener('keydown', (event) => this.#onKey(event));
    this.host.post({ type: 'ready', form: this.view.form });
  }

  #receive(message: ToResetPage): void {
    switch (message.type) {
      case 'full':
        this.#takeModel(message.model);
        if (message.form !== undefined) {
          clearTimeout(this.#timer);
          this.#edit = message.model.edit;
          this.#form = message.form;
          this.keep({ form: message.form });
        }
        break;
      case 'model':
        this.#takeModel(message.model);
        break;
      case 'rows':
        this.#takeRows(message);
        break;
      case 'peek':
        if (message.key === this.#details) this.#peeked = message;
        break;
    }
    this.requestUpdate();
  }

  #takeModel(model: ResetModel): void {
    const told = model.outcome?.text;
    if (told !== undefined && told !== this.#model?.outcome?.text) this.said = told;
    this.#model = model;
    this.#receivedAt = Date.now();
    if (model.doing === undefined) {
      clearInterval(this.#clock);
      this.#clock = undefined;
    } else {
      this.#clock ??= setInterval(() => this.requestUpdate(), 1000);
    }
  }

  #takeRows({ rows, isFirst, more }: ToResetPage & { readonly type: 'rows' }): void {
    if (isFirst) this.#incoming = [];
    this.#incoming.push(...rows);
    if (more) return;
    this.#rows = this.#incoming;
    this.#incoming = [];
    const hasResults = this.#rows.some(({ result }) => result !== undefined);
    if (hasResults !== this.#hasResults) {
      this.#hasResults = hasResults;
      this.columns = planColumns(hasResults);
    }
    // The plan is another: what it brings is looked at anew.
    if (this.#details !== undefined && this.#detailsRow !== undefined)
      this.host.post({ type: 'peek', key: this.#details });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#clock);
  }

  get #detailsRow(): PlanItem | undefined {
    return this.#rows.find((row) => partitionKey(row) === this.#details);
  }

  /** By the host's clock. */
  get #now(): number {
    return (this.#model?.frame.sentAt ?? Date.now()) + Date.now() - this.#receivedAt;
  }

  protected override willUpdate(_changed: PropertyValues): void {
    if (this.#details !== undefined && this.#rows.length > 0 && this.#detailsRow === undefined)
      this.#details = undefined;
  }

  protected override render(): TemplateResult {
    if (this.#model === undefined) return html`<div class="page">${skeleton(12)}</div>`;
    // Nobody executes what is not what was typed last.
    const model = this.#model.edit < this.#edit ? { ...this.#model, isPlanning: true } : this.#model;
    const { frame } = model;
    const retry = (): void => this.host.post({ type: 'retry' });
    return html`<div class="page">
      <kafka-page-header .frame=${frame} .receivedAt=${this.#receivedAt}></kafka-page-header>
      ${notices(frame, retry)}
      ${
        model.readOnly
          ? html`<div class="notice" role="status">
              ${icon('lock')}<span
                >${t('This cluster is read only by its settings: the plan can be looked at, but not executed.')}</span
              >
            </div>`
          : nothing
      }
      ${frame.problem !== undefined ? problemView(frame.problem, retry) : this.#content(model)} ${this.spoken()}
    </div>`;
  }

  #content(model: ResetModel): TemplateResult {
    const post = (message: FromResetPage): void => this.#post(message);
    return html`<div class="split">
      <div class="form-pane">${model.task === undefined ? this.#formView(model) : this.#taskView(model.task)}</div>
      <div class="plan-pane">
        ${actionView(model, this.#now, post)} ${this.#toolbar(model)}
        <div class="content">${this.#tableView(model)} ${this.#detailsView()}</div>
        <footer class="status">
          <span>${this.#rows.length === 0 ? nothing : tableStatus(this.#rows.length, this.shown, this.selected)}</span>
          <span class="spring"></span>
          ${model.production ? html`<span class="mark">${t('production')}</span>` : nothing}
          <span class="quiet">${hintOf(model)}</span>
        </footer>
      </div>
    </div>`;
  }

  #formView(model: ResetModel): TemplateResult {
    if (this.#form === undefined) return skeleton(6);
    return formView(model, this.#form, {
      change: (change) => this.#change(change),
      pickFile: () => this.host.post({ type: 'pickFile' }),
    });
  }

  #taskView({ title, description, canLeave }: NonNullable<ResetModel['task']>): TemplateResult {
    return html`<div class="task">
      <h2>${title}</h2>
      <p>${description}</p>
      ${canLeave && this.#model?.doing === undefined ? html`<button class="link" @click=${() => this.host.post({ type: 'form again' })}>${t('Back to the form')}</button>` : nothing}
    </div>`;
  }

  #toolbar({ plan }: ResetModel): TemplateResult {
    return html`<div class="toolbar" role="toolbar" aria-label=${t('View')}>
      ${this.filterField(t('Filter by topic, change or note ( / )'))}
      <span class="spring"></span>
      ${button('refresh', t('Plan again'), () => this.host.post({ type: 'retry' }))}
      ${button('copy', t('Copy (Ctrl+C)'), () => this.copySelection())}
      ${
        plan === undefined
          ? nothing
          : html`<kafka-toolbar-menu
              .icon=${'export'}
              .label=${t('Export the planned offsets')}
              .items=${[
                { id: 'one group', label: t('CSV of Kafka: topic, partition, offset') },
                { id: 'with group', label: t('CSV of Kafka: group, topic, partition, offset') },
              ]}
              @pick=${(event: CustomEvent<string>) =>
                this.host.post({ type: 'export', form: event.detail as 'one group' | 'with group' })}
            ></kafka-toolbar-menu>`
      }
    </div>`;
  }

  #tableView(model: ResetModel): TemplateResult {
    if (this.#rows.length === 0) {
      return html`<p class="quiet nothing">
        ${model.isPlanning ? t('Asking the brokers what the change would do.') : t('No partitions to show yet.')}
      </p>`;
    }
    return html`<kafka-data-table
      class=${model.isPlanning ? 'planning' : ''}
      .label=${t('The plan')}
      .rows=${this.#rows}
      .columns=${this.columns}
      .keyOf=${partitionKey}
      .version=${this.#receivedAt}
      .filterTextOf=${planFilterText}
      .rowClassOf=${planRowClass}
      .filter=${this.view.filter ?? ''}
      .sort=${this.view.sort ?? noSort}
      .widths=${this.view.widths ?? noWidths}
      @table-sort=${(event: CustomEvent<Sort>) => this.keep({ sort: event.detail })}
      @table-widths=${(event: CustomEvent<Record<string, number>>) => this.keep({ widths: event.detail })}
      @table-selection=${() => this.#onSelection()}
      @table-details=${(event: CustomEvent<string>) => this.#showDetails(event.detail)}
      @table-copy=${(event: CustomEvent<string>) => this.copy(event.detail)}
      @table-shown=${(event: CustomEvent<number>) => this.onShown(event.detail)}
    ></kafka-data-table>`;
  }

  #detailsView(): TemplateResult | typeof nothing {
    const row = this.#detailsRow;
    if (row === undefined) return nothing;
    const peeked = this.#peeked?.key === this.#details ? this.#peeked : undefined;
    return rowDetails(row, peeked, () => this.#showDetails(undefined));
  }

  #change(change: Partial<ResetForm>): void {
    if (this.#form === undefined) return;
    this.#form = { ...this.#form, ...change };
    this.keep({ form: this.#form });
    clearTimeout(this.#timer);
    const message: FromResetPage = { type: 'form', form: this.#form, edit: ++this.#edit };
    this.#timer = setTimeout(() => this.host.post(message), settleMs);
    this.requestUpdate();
  }

  #post(message: FromResetPage): void {
    this.host.post(message);
    if (message.type === 'copy') this.say(t('Copied'));
  }

  #showDetails(key: PartitionKey | undefined): void {
    this.#details = key;
    this.#peeked = undefined;
    if (key !== undefined) this.host.post({ type: 'peek', key });
    else this.table?.focus();
    this.requestUpdate();
  }

  #onSelection(): void {
    const selection = this.table?.selection ?? new Set();
    this.selected = selection.size;
    const [only] = selection;
    if (this.#details !== undefined && only !== undefined && selection.size === 1 && only !== this.#details) {
      this.#showDetails(only);
    }
    this.requestUpdate();
  }

  #onKey(event: KeyboardEvent): void {
    const [target] = event.composedPath();
    const isTyping =
      target instanceof HTMLInputElement ||
      target instanceof HTMLSelectElement ||
      target instanceof HTMLTextAreaElement;
    if (event.key === 'Escape' && this.#details !== undefined) this.#showDetails(undefined);
    else if (event.key === '/' && !isTyping) this.querySelector<HTMLElement>('vscode-textfield.filter')?.focus();
    else return;
    event.preventDefault();
  }
}

/** What can be done with the rows, or that nothing has been done yet. */
function hintOf({ outcome, plan, readOnly, doing }: ResetModel): string {
  if (doing !== undefined) return '';
  if (outcome !== undefined) return t('Enter shows the records before and after.');
  if (plan?.refusal !== undefined) return t('Nothing is written: the plan cannot be made.');
  if (readOnly) return t('Enter shows the records.');
  return plan === undefined || plan.rows === 0
    ? t('A dry run: nothing is written before Execute.')
    : t('A dry run: nothing is written. Enter shows the records.');
}

const noSort: Sort = { column: '', descending: false };
const noWidths = {};

customElements.define('kafka-reset-page', ResetPage);
