import { html, type TemplateResult } from 'lit';
import { PageElement } from './element.ts';
import type { Host } from './host.ts';
import { copiedRows } from './counted.ts';
import { t } from './l10n.ts';
import type { DataTable } from './table.ts';
import type { Column, Sort } from './tableModel.ts';

/** How a table is looked at; kept for the next time. */
export interface TableView {
  readonly filter?: string;
  readonly sort?: Sort;
  readonly widths?: Readonly<Record<string, number>>;
  /** Ids of the columns that are shown; those that are not hidden by default, where nothing was chosen. */
  readonly columns?: readonly string[];
}

/** What a page makes of keys that all pages have. */
interface PageKeys {
  /** Closes what is open; false where nothing is. */
  readonly close?: () => boolean;
  readonly pause?: () => void;
}

interface CopyMessage {
  readonly type: 'copy';
  readonly text: string;
}

/** What all pages around one table have in common: the filter, the columns, what is copied and said, and the keys of every page. */
export abstract class TablePage<Row, To, From, View extends TableView> extends PageElement {
  static override properties = { host: { attribute: false }, view: { state: true } };
  declare host: Host<To, From | CopyMessage, View>;
  declare view: View;

  /** Rows that are selected, and that the filter leaves. */
  protected selected = 0;
  protected shown = 0;
  /** For screen readers. */
  protected said = '';
  #visible:
    | {
        readonly chosen: readonly string[] | undefined;
        readonly all: readonly Column<Row>[];
        readonly columns: readonly Column<Row>[];
      }
    | undefined;

  protected abstract get columns(): readonly Column<Row>[];

  protected get table(): DataTable<Row> | null {
    return this.querySelector<DataTable<Row>>('kafka-data-table');
  }

  /** The same array as long as nothing changes: the table lays out anew for another one. */
  protected get shownColumns(): readonly Column<Row>[] {
    const { columns: all } = this;
    const chosen = this.view.columns;
    if (this.#visible?.chosen !== chosen || this.#visible?.all !== all) {
      const columns = all.filter(({ id, hidden }) => (chosen === undefined ? hidden !== true : chosen.includes(id)));
      this.#visible = { chosen, all, columns };
    }
    return this.#visible.columns;
  }

  protected keep(change: Partial<View> | Partial<TableView>): void {
    this.view = { ...this.view, ...change };
    this.host.keep(this.view);
  }

  protected say(text: string): void {
    this.said = text;
    this.requestUpdate();
  }

  protected copy(text: string): void {
    this.host.post({ type: 'copy', text });
    this.say(copiedRows(Math.max(0, text.split('\n').length - 1)));
  }

  protected copySelection(): void {
    this.copy(this.table?.copySelection() ?? '');
  }

  protected toggleColumn(id: string): void {
    const shown = new Set(this.shownColumns.map((column) => column.id));
    if (!shown.delete(id)) shown.add(id);
    // A table without columns could not be told from a broken one.
    if (shown.size === 0) return;
    const columns = this.columns.filter((column) => shown.has(column.id)).map((column) => column.id);
    this.keep({ columns });
  }

  protected onShown(shown: number): void {
    if (shown === this.shown) return;
    this.shown = shown;
    this.requestUpdate();
  }

  /**
   * The keys of every page: `/` goes to the filter, Escape empties it, closes what is open or goes to the rows, arrow down goes from a field to
   * them, Space pauses. Whether it was one of these.
   */
  protected takeKey(event: KeyboardEvent, { close = () => false, pause }: PageKeys = {}): boolean {
    const [target] = event.composedPath();
    const isTyping = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
    const isPressing = target instanceof HTMLButtonElement || target instanceof HTMLSelectElement;
    if (event.key === 'Escape') {
      if (isTyping && (this.view.filter ?? '') !== '') this.keep({ filter: '' });
      else if (!close()) this.table?.focus();
    } else if (event.key === '/' && !isTyping) {
      this.querySelector<HTMLElement>('.filter')?.focus();
    } else if (event.key === 'ArrowDown' && isTyping) {
      this.table?.focus();
    } else if (event.key === ' ' && pause !== undefined && !isTyping && !isPressing) {
      pause();
    } else {
      return false;
    }
    event.preventDefault();
    return true;
  }

  protected filterField(placeholder: string): TemplateResult {
    return html`<vscode-textfield
      class="filter"
      placeholder=${placeholder}
      label=${t('Filter')}
      aria-label=${t('Filter')}
      .value=${this.view.filter ?? ''}
      @input=${(event: Event) => this.keep({ filter: (event.target as HTMLInputElement).value })}
    >
      <span slot="content-before" class="codicon codicon-filter" aria-hidden="true"></span>
    </vscode-textfield>`;
  }

  protected columnsMenu(): TemplateResult {
    const shown = new Set(this.shownColumns.map(({ id }) => id));
    return html`<kafka-toolbar-menu
      .icon=${'settings-gear'}
      .label=${t('Columns')}
      .items=${this.columns.map(({ id, title }) => ({ id, label: title, checked: shown.has(id) }))}
      @pick=${(event: CustomEvent<string>) => this.toggleColumn(event.detail)}
    ></kafka-toolbar-menu>`;
  }

  protected spoken(): TemplateResult {
    return html`<div class="hidden-text" role="status" aria-live="polite">${this.said}</div>`;
  }
}
