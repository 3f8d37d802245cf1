import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualizerOptions,
  defaultRangeExtractor,
} from '@tanstack/virtual-core';
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { cssProperties, PageElement } from './element.ts';
import { icon } from './icon.ts';
import { t } from './l10n.ts';
import {
  copyText,
  filterRows,
  lineId,
  linesOf,
  nothingSelected,
  select,
  sortRows,
  type Column,
  type Grouping,
  type Line,
  type SelectionState,
  type Sort,
} from './tableModel.ts';

const lineHeight = 22;

/** Fired by a table; `detail` by name. */
export interface TableEvents {
  readonly sort: Sort;
  /** Keys of the selected rows. */
  readonly selection: ReadonlySet<string>;
  /** Enter or a double click on a row: its key. */
  readonly details: string;
  readonly copy: string;
  readonly widths: Readonly<Record<string, number>>;
  /** How many rows pass the filter. */
  readonly shown: number;
}

/**
 * The table of every page: columns are data, rows are virtual, so that tens of thousands scroll smoothly. Owns sorting,
 * filtering, grouping, selection and the keyboard; the page owns the rows and keeps the view's state.
 */
export class DataTable<Row> extends PageElement {
  static override properties = {
    rows: { attribute: false },
    columns: { attribute: false },
    keyOf: { attribute: false },
    latestOf: { attribute: false },
    version: { attribute: false },
    filterTextOf: { attribute: false },
    filter: { attribute: false },
    sort: { attribute: false },
    grouping: { attribute: false },
    widths: { attribute: false },
    label: { attribute: false },
    rowClassOf: { attribute: false },
  };
  declare rows: readonly Row[];
  /** Those that are shown, in order. */
  declare columns: readonly Column<Row>[];
  declare keyOf: (row: Row) => string;
  /** The newest version of a row that is laid out: figures on the screen go on while the order waits. */
  declare latestOf: (key: string) => Row | undefined;
  /** Another number draws the rows on the screen again. */
  declare version: number;
  declare filterTextOf: (row: Row) => string;
  declare rowClassOf: (row: Row) => string;
  declare filter: string;
  declare sort: Sort;
  declare grouping: Grouping<Row> | undefined;
  declare widths: Readonly<Record<string, number>>;
  /** What the table is, for screen readers. */
  declare label: string;

  #filtered: readonly Row[] = [];
  #sorted: readonly Row[] = [];
  #lines: readonly Line<Row>[] = [];
  #indexOf: ReadonlyMap<string, number> = new Map();
  #selection: SelectionState = nothingSelected;
  #collapsed = new Set<string>();
  #virtualizer: Virtualizer<HTMLElement, HTMLElement> | undefined;
  #unmount: (() => void) | undefined;
  #headerFocus = 0;
  /** New rows came while the table was scrolling; they are laid out when it stands. */
  #layoutDue = false;

  constructor() {
    super();
    this.rows = [];
    this.columns = [];
    this.keyOf = () => '';
    this.latestOf = () => undefined;
    this.version = 0;
    this.filterTextOf = () => '';
    this.rowClassOf = () => '';
    this.filter = '';
    this.sort = { column: '', descending: false };
    this.widths = {};
    this.label = '';
  }

  override focus(): void {
    this.querySelector<HTMLElement>('.table')?.focus();
  }

  /** The rows that pass the filter, as sorted. */
  get shownRows(): readonly Row[] {
    return this.#sorted;
  }

  get selection(): ReadonlySet<string> {
    return this.#selection.selected;
  }

  /** Selects rows and brings the first of them into view. */
  selectKeys(keys: readonly string[], focus = false): void {
    const [first] = keys;
    this.#selection = { selected: new Set(keys), cursor: first, anchor: first };
    this.#announceSelection();
    const index = first === undefined ? undefined : this.#indexOf.get(first);
    if (index !== undefined) this.#virtualizer?.scrollToIndex(index, { align: 'center' });
    if (focus) this.focus();
    this.requestUpdate();
  }

  /** The selected rows, or the one under the cursor, or all that are shown. */
  copySelection(): string {
    const { selected } = this.#selection;
    const rows = selected.size === 0 ? this.#sorted : this.#sorted.filter((row) => selected.has(this.keyOf(row)));
    return copyText(rows, this.columns);
  }

  protected override willUpdate(changed: PropertyValues): void {
    const layout = ['filter', 'sort', 'grouping', 'columns'].some((name) => changed.has(name));
    if (layout || (changed.has('rows') && this.#virtualizer?.isScrolling !== true)) this.#layout();
    else if (changed.has('rows')) this.#layoutDue = true;
  }

  protected override firstUpdated(): void {
    this.#virtualizer = new Virtualizer(this.#options());
    this.#unmount = this.#virtualizer._didMount();
    this.#virtualizer._willUpdate();
    this.requestUpdate();
  }

  protected override updated(): void {
    this.#virtualizer?._willUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unmount?.();
    this.#virtualizer = undefined;
  }

  #options(): VirtualizerOptions<HTMLElement, HTMLElement> {
    return {
      count: this.#lines.length,
      getScrollElement: () => this.querySelector<HTMLElement>('.table'),
      estimateSize: () => lineHeight,
      scrollToFn: elementScroll,
      observeElementRect,
      observeElementOffset,
      overscan: 4,
      // The sticky header covers the first line's height, so what is scrolled to must stay below it.
      scrollPaddingStart: lineHeight + 4,
      paddingEnd: lineHeight,
      // The line under the cursor is always there: aria-activedescendant points to it.
      rangeExtractor: (range) => {
        const cursor = this.#cursorIndex();
        const indexes = defaultRangeExtractor(range);
        if (cursor === undefined || indexes.includes(cursor)) return indexes;
        return cursor < (indexes[0] ?? 0) ? [cursor, ...indexes] : [...indexes, cursor];
      },
      onChange: (virtualizer) => {
        if (this.#layoutDue && !virtualizer.isScrolling) this.#layout();
        this.requestUpdate();
      },
    };
  }

  #layout(): void {
    this.#layoutDue = false;
    this.#filtered = filterRows(this.rows, this.filter, this.filterTextOf);
    const column = this.columns.find(({ id }) => id === this.sort.column);
    this.#sorted = sortRows(this.#filtered, column, this.sort.descending);
    this.#relay();
    this.#announce('shown', this.#sorted.length);
  }

  #relay(): void {
    this.#lines = linesOf(this.#sorted, this.keyOf, this.grouping, this.#collapsed);
    this.#indexOf = new Map(this.#lines.map((line, index) => [lineId(line), index]));
  }

  #cursorIndex(): number | undefined {
    return this.#selection.cursor === undefined ? undefined : this.#indexOf.get(this.#selection.cursor);
  }

  #widthOf(column: Column<Row>): number {
    return this.widths[column.id] ?? column.width;
  }

  protected override render(): TemplateResult {
    if (this.#virtualizer !== undefined)
      this.#virtualizer.setOptions({ ...this.#virtualizer.options, ...this.#options() });
    const template = this.columns
      .map((column) => {
        const width = `${this.#widthOf(column)}px`;
        return column.grow === true && this.widths[column.id] === undefined ? `minmax(${width}, 1fr)` : width;
      })
      .join(' ');
    const least = this.columns.reduce((sum, column) => sum + this.#widthOf(column), 0);
    const cursor = this.#cursorIndex();
    return html`<div
      class="table"
      role="grid"
      tabindex="0"
      aria-label=${this.label}
      aria-multiselectable="true"
      aria-rowcount=${this.#lines.length + 1}
      aria-colcount=${this.columns.length}
      aria-activedescendant=${cursor === undefined ? nothing : `line-${cursor}`}
      ${cssProperties({ '--columns': template, '--least': `${least}px` })}
      @keydown=${this.#onKey}
    >
      <div class="line head" role="row" aria-rowindex="1">
        ${this.columns.map((column, index) => this.#headerCell(column, index))}
      </div>
      <div
        class="lines"
        role="presentation"
        ${cssProperties({ height: `${this.#virtualizer?.getTotalSize() ?? 0}px` })}
        @mousedown=${this.#onMouse}
        @dblclick=${this.#onDoubleClick}
      >
        ${this.#virtualizer?.getVirtualItems().map(({ index, start }) => this.#line(index, start)) ?? nothing}
      </div>
    </div>`;
  }

  #headerCell(column: Column<Row>, index: number): TemplateResult {
    const sorted = this.sort.column === column.id;
    return html`<div
      class="cell ${column.end === true ? 'end' : ''}"
      role="columnheader"
      aria-colindex=${index + 1}
      aria-sort=${sorted ? (this.sort.descending ? 'descending' : 'ascending') : 'none'}
    >
      <button
        class="sorter"
        tabindex=${index === this.#headerFocus ? 0 : -1}
        title=${column.hint ?? column.title}
        @click=${() => this.#sortBy(column)}
        @keydown=${(event: KeyboardEvent) => this.#onHeaderKey(event, column)}
        @focus=${() => (this.#headerFocus = index)}
      >
        <span class="title">${column.title}</span>${
          sorted ? icon(this.sort.descending ? 'arrow-down' : 'arrow-up') : nothing
        }
      </button>
      <span class="resizer" @pointerdown=${(event: PointerEvent) => this.#startResize(event, column)}></span>
    </div>`;
  }

  #line(index: number, start: number): TemplateResult | typeof nothing {
    const line = this.#lines[index];
    if (line === undefined) return nothing;
    const atCursor = this.#selection.cursor === lineId(line);
    const place = cssProperties({ transform: `translateY(${start}px)` });
    if (line.kind === 'group') {
      const open = !this.#collapsed.has(line.id);
      return html`<div
        class="line group ${atCursor ? 'cursor' : ''}"
        id="line-${index}"
        role="row"
        aria-rowindex=${index + 2}
        aria-expanded=${open}
        data-index=${index}
        ${place}
      >
        <div class="cell" role="gridcell">
          ${icon(open ? 'chevron-down' : 'chevron-right')}${this.grouping?.label(line.id, line.rows)}
        </div>
      </div>`;
    }
    const selected = this.#selection.selected.has(line.id);
    const row = this.latestOf(line.id) ?? line.row;
    return html`<div
      class="line ${selected ? 'selected' : ''} ${atCursor ? 'cursor' : ''} ${this.rowClassOf(row)}"
      id="line-${index}"
      role="row"
      aria-rowindex=${index + 2}
      aria-selected=${selected}
      data-index=${index}
      ${place}
    >
      ${this.columns.map(
        (column) =>
          html`<div
            class="cell ${column.end === true ? 'end' : ''}"
            role="gridcell"
            title=${column.hover?.(row) ?? nothing}
          >
            ${column.cell === undefined ? column.text(row) : column.cell(row)}
          </div>`,
      )}
    </div>`;
  }

  #announce<Name extends keyof TableEvents>(name: Name, detail: TableEvents[Name]): void {
    this.dispatchEvent(new CustomEvent(`table-${name}`, { detail }));
  }

  #announceSelection(): void {
    this.#announce('selection', this.#selection.selected);
  }

  #sortBy(column: Column<Row>): void {
    const descending = this.sort.column === column.id ? !this.sort.descending : column.end === true;
    this.#announce('sort', { column: column.id, descending });
  }

  #onHeaderKey(event: KeyboardEvent, column: Column<Row>): void {
    event.stopPropagation();
    if (event.altKey && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
      this.#resize(column, this.#widthOf(column) + (event.key === 'ArrowLeft' ? -16 : 16));
      event.preventDefault();
      return;
    }
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (event.key === 'ArrowDown' || event.key === 'Escape') this.focus();
    else if (step === 0) return;
    event.preventDefault();
    const buttons = this.querySelectorAll<HTMLElement>('.sorter');
    buttons[Math.min(buttons.length - 1, Math.max(0, this.#headerFocus + step))]?.focus();
    if (event.key === 'ArrowDown' || event.key === 'Escape') this.focus();
    this.requestUpdate();
  }

  #startResize(event: PointerEvent, column: Column<Row>): void {
    const handle = event.currentTarget as HTMLElement;
    const from = event.clientX;
    const width = handle.parentElement?.getBoundingClientRect().width ?? this.#widthOf(column);
    handle.setPointerCapture(event.pointerId);
    const move = (moved: PointerEvent): void => this.#resize(column, width + moved.clientX - from);
    handle.addEventListener('pointermove', move);
    handle.addEventListener('lostpointercapture', () => handle.removeEventListener('pointermove', move), {
      once: true,
    });
    event.preventDefault();
  }

  #resize(column: Column<Row>, width: number): void {
    this.widths = { ...this.widths, [column.id]: Math.max(32, Math.round(width)) };
    this.#announce('widths', this.widths);
  }

  #lineOfEvent(event: Event): number | undefined {
    const line = (event.target as HTMLElement).closest<HTMLElement>('.line');
    return line?.dataset['index'] === undefined ? undefined : Number(line.dataset['index']);
  }

  readonly #onMouse = (event: MouseEvent): void => {
    const index = this.#lineOfEvent(event);
    if (index === undefined || event.button !== 0) return;
    const line = this.#lines[index];
    this.#moveTo(index, event.shiftKey ? 'extend' : event.ctrlKey || event.metaKey ? 'toggle' : 'only');
    if (line?.kind === 'group') this.#toggleGroup(line.id);
  };

  readonly #onDoubleClick = (event: MouseEvent): void => {
    const index = this.#lineOfEvent(event);
    const line = index === undefined ? undefined : this.#lines[index];
    if (line?.kind === 'row') this.#announce('details', line.id);
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget) return;
    const command = event.ctrlKey || event.metaKey;
    const at = this.#cursorIndex();
    const page = Math.max(1, Math.floor((this.#virtualizer?.scrollRect?.height ?? lineHeight) / lineHeight) - 2);
    const last = this.#lines.length - 1;
    const line = at === undefined ? undefined : this.#lines[at];
    const how = event.shiftKey ? 'extend' : 'only';
    const move = (to: number): void => this.#moveTo(Math.min(last, Math.max(0, to)), how, true);
    switch (event.key) {
      case 'ArrowDown':
        move(at === undefined ? 0 : at + 1);
        break;
      case 'ArrowUp':
        move(at === undefined ? 0 : at - 1);
        break;
      case 'PageDown':
        move((at ?? 0) + page);
        break;
      case 'PageUp':
        move((at ?? 0) - page);
        break;
      case 'Home':
        move(0);
        break;
      case 'End':
        move(last);
        break;
      case 'ArrowLeft':
      case 'ArrowRight':
        if (line?.kind !== 'group' || this.#collapsed.has(line.id) !== (event.key === 'ArrowRight')) return;
        this.#toggleGroup(line.id);
        break;
      case 'Enter':
        if (line?.kind === 'group') this.#toggleGroup(line.id);
        else if (line !== undefined) this.#announce('details', line.id);
        break;
      case 'a':
        if (!command) return;
        this.#selection = { ...this.#selection, selected: new Set(this.#sorted.map(this.keyOf)) };
        this.#announceSelection();
        this.requestUpdate();
        break;
      case 'c':
        if (!command) return;
        this.#announce('copy', this.copySelection());
        break;
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  #moveTo(index: number, how: 'only' | 'extend' | 'toggle', scroll = false): void {
    this.#selection = select(this.#selection, this.#lines, index, how);
    if (scroll) this.#virtualizer?.scrollToIndex(index, { align: 'auto' });
    this.#announceSelection();
    this.requestUpdate();
  }

  #toggleGroup(id: string): void {
    if (!this.#collapsed.delete(id)) this.#collapsed.add(id);
    this.#relay();
    this.requestUpdate();
  }
}

customElements.define('kafka-data-table', DataTable);

/** Says in the status line how a table of this many rows is filtered and selected. */
export function tableStatus(all: number, shown: number, selected: number): string {
  const count = (value: number): string => value.toLocaleString('en-US');
  return [
    shown === all ? t('{0} rows', count(all)) : t('{0} of {1} rows', count(shown), count(all)),
    ...(selected > 0 ? [t('{0} selected', count(selected))] : []),
  ].join(', ');
}
