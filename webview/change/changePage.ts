import { html, nothing, type TemplateResult } from 'lit';
import type {
  ChangeItem,
  ChangeModel,
  ChangePageState,
  FromChangePage,
  ToChangePage,
} from '../../src/ui/panels/change/protocol.ts';
import { icon } from '../shared/icon.ts';
import { t } from '../shared/l10n.ts';
import { notices, problemView, skeleton } from '../shared/stateViews.ts';
import { tableStatus } from '../shared/table.ts';
import type { Column, Sort } from '../shared/tableModel.ts';
import { TablePage } from '../shared/tablePage.ts';
import { button } from '../shared/toolbar.ts';
import { changeColumns, filterText } from './columns.ts';

/** A change: its plan, the button that makes it, and what became of it. */
export class ChangePage extends TablePage<ChangeItem, ToChangePage, FromChangePage, ChangePageState> {
  #receivedAt = 0;
  #model: ChangeModel | undefined;
  #items: readonly ChangeItem[] = [];
  #byKey = new Map<string, ChangeItem>();
  protected override columns: readonly Column<ChangeItem>[] = [];
  #columnsFor = '';

  start(): void {
    this.host.listen((message) => this.#receive(message));
    document.addEventListener('keydown', (event) => this.takeKey(event));
    this.host.post({ type: 'ready' });
  }

  #receive(message: ToChangePage): void {
    this.#receivedAt = Date.now();
    this.#model = message.model;
    if (message.type === 'full') {
      this.#items = message.items;
      this.#byKey = new Map(message.items.map((item) => [item.key, item]));
    }
    // The same array as long as nothing changes: the table lays out anew for another one.
    const { of, isMany, phase } = message.model;
    const columnsFor = `${of} ${isMany} ${phase === 'done'}`;
    if (columnsFor !== this.#columnsFor) {
      this.#columnsFor = columnsFor;
      this.columns = changeColumns(message.model, phase === 'done');
    }
    if (message.model.outcome !== undefined) this.said = message.model.outcome.text;
    this.requestUpdate();
  }

  protected override render(): TemplateResult {
    const model = this.#model;
    if (model === undefined) return html`<div class="page">${skeleton(10)}</div>`;
    const { frame } = model;
    return html`<div class="page">
      <kafka-page-header .frame=${frame} .receivedAt=${this.#receivedAt}></kafka-page-header>
      ${
        frame.problem === undefined
          ? html`${notices(frame, () => {})} ${this.#plan(model)} ${this.#told(model)} ${this.#toolbar(model)}
              <div class="content">${this.#tableView(model)}</div>
              <footer class="status">
                <span>${tableStatus(this.#items.length, this.shown, this.selected)}</span>
                ${model.phase === 'ready' ? html`<span>${t('A plan: nothing has been changed.')}</span>` : nothing}
              </footer>`
          : problemView(frame.problem, () => this.host.post({ type: 'plan' }))
      }
      ${this.spoken()}
    </div>`;
  }

  #plan(model: ChangeModel): TemplateResult {
    return html`<section class="plan" aria-label=${t('Plan')}>
      <ul class="sentences">
        ${
          model.refusal === undefined
            ? model.sentences.map((sentence) => html`<li>${sentence}</li>`)
            : html`<li class="row-state refused note">${icon('circle-slash')} ${model.refusal}</li>`
        }
      </ul>
      <div class="actions">${this.#actions(model)}</div>
    </section>`;
  }

  #actions(model: ChangeModel): TemplateResult | typeof nothing {
    const { phase, action, members, refusal, isReadOnly } = model;
    const press = (label: string, message: FromChangePage, primary = false): TemplateResult =>
      html`<button class="button ${primary ? 'primary' : ''}" @click=${() => this.host.post(message)}>
        ${label}
      </button>`;
    switch (phase) {
      case 'planning':
        return nothing;
      case 'ready':
        if (isReadOnly) {
          return html`<span class="quiet">${icon('lock')} ${t('The cluster is read only by its settings.')}</span>`;
        }
        return html`${press(t('Plan again'), { type: 'plan' })}
        ${
          refusal !== undefined
            ? nothing
            : members === undefined
              ? press(`${action}...`, { type: 'execute', wait: false }, true)
              : press(t('{0} once they have left...', action), { type: 'execute', wait: true }, true)
        }`;
      case 'waiting':
      case 'executing':
        return press(t('Cancel'), { type: 'cancel' });
      case 'done':
        return html`${press(t('Plan again'), { type: 'plan' })}
        ${model.entries.length > 0 ? press(t('Open journal'), { type: 'journal' }) : nothing}
        ${model.canUndo ? press(t('Undo...'), { type: 'undo' }) : nothing}`;
    }
  }

  #told(model: ChangeModel): TemplateResult {
    const line = (kind: string, name: string, text: string, spin = false): TemplateResult =>
      html`<div class="told ${kind}" role=${kind === 'bad' ? 'alert' : 'status'}>
        ${icon(name, spin ? 'codicon-modifier-spin' : '')} <span>${text}</span>
      </div>`;
    const { phase, members, failure, outcome, progress, refusal } = model;
    return html`${failure === undefined ? nothing : line('bad', 'warning', failure)}${
      phase === 'ready' && members !== undefined && refusal === undefined
        ? line('bad', 'person', t('Only members may move these offsets now. Connected: {0}', members))
        : nothing
    }${
      phase === 'waiting' ? line('', 'loading', t('Waiting until they have left: {0}', progress ?? ''), true) : nothing
    }${
      phase === 'executing' ? line('', 'loading', progress ?? t('Changing, then reading back'), true) : nothing
    }${outcome === undefined ? nothing : line(outcome.good ? 'good' : 'bad', outcome.good ? 'pass' : 'warning', outcome.text)}`;
  }

  #toolbar(model: ChangeModel): TemplateResult {
    return html`<div class="toolbar" role="toolbar" aria-label=${t('View')}>
      ${this.filterField(t('Filter ( / )'))}
      <span class="spring"></span>
      ${
        model.command === undefined
          ? nothing
          : button('terminal', t("Copy as a command of Kafka's own tools"), () => {
              this.host.post({ type: 'copyCommand' });
              this.say(t('Copied'));
            })
      }
      ${button('copy', t('Copy (Ctrl+C)'), () => this.copySelection())}
      <kafka-toolbar-menu
        .icon=${'export'}
        .label=${t('Export')}
        .items=${[
          { id: 'csv', label: t('CSV, what is shown') },
          { id: 'json', label: t('JSON, what is shown') },
        ]}
        @pick=${(event: CustomEvent<'csv' | 'json'>) =>
          this.host.post({
            type: 'export',
            format: event.detail,
            keys: (this.table?.shownRows ?? this.#items).map(keyOf),
          })}
      ></kafka-toolbar-menu>
    </div>`;
  }

  #tableView(model: ChangeModel): TemplateResult {
    return html`<kafka-data-table
      .label=${model.phase === 'done' ? t('Results') : t('Plan')}
      .rows=${this.#items}
      .columns=${this.columns}
      .keyOf=${keyOf}
      .latestOf=${this.#latestOf}
      .version=${this.#receivedAt}
      .filterTextOf=${filterText}
      .filter=${this.view.filter ?? ''}
      .sort=${this.view.sort ?? noSort}
      .widths=${this.view.widths ?? noWidths}
      @table-sort=${(event: CustomEvent<Sort>) => this.keep({ sort: event.detail })}
      @table-widths=${(event: CustomEvent<Record<string, number>>) => this.keep({ widths: event.detail })}
      @table-selection=${() => {
        this.selected = this.table?.selection.size ?? 0;
        this.requestUpdate();
      }}
      @table-copy=${(event: CustomEvent<string>) => this.copy(event.detail)}
      @table-shown=${(event: CustomEvent<number>) => this.onShown(event.detail)}
    ></kafka-data-table>`;
  }

  readonly #latestOf = (key: string): ChangeItem | undefined => this.#byKey.get(key);
}

/** As planned: by group, topic and partition. */
const noSort: Sort = { column: '', descending: false };
const noWidths = {};

function keyOf({ key }: ChangeItem): string {
  return key;
}

customElements.define('kafka-change-page', ChangePage);
