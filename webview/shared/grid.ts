import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { CellHover } from './cellHover.ts';
import { cssProperties, PageElement } from './element.ts';
import type { RowMenu } from './contextMenu.ts';
import { icon } from './icon.ts';
import { LineKeys } from './lineKeys.ts';
import { RowScroller } from './rowScroller.ts';
import { lineHeight } from './scrollMap.ts';
import type { Column, Sort } from './tableModel.ts';

/** Of the header line, px; see table.css. */
const headHeight = 24;
/** Lines drawn above and below those in view. */
const overscan = 4;

/** How a move of the cursor changes the selection: that line alone, a range (Shift), or one more or less (Ctrl). */
export type Move = 'only' | 'extend' | 'toggle';

/** What every table fires; `detail` by name, prefixed with `table-`. */
export interface GridEvents {
  readonly sort: Sort;
  readonly widths: Readonly<Record<string, number>>;
  /** The menu of what is selected is asked for. */
  readonly menu: RowMenu;
}

/**
 * What all tables are: a header whose columns are data and can be dragged, as many lines as are in view, a cursor, a selection and
 * the keyboard. Where the lines come from (rows of the page, or a window on rows of the host) is for those that extend it.
 */
export abstract class Grid<Row> extends PageElement {
  static override properties: PropertyDeclarations = {
    columns: { attribute: false },
    sort: { attribute: false },
    widths: { attribute: false },
    label: { attribute: false },
    rowClassOf: { attribute: false },
    version: { attribute: false },
  };
  /** Those that are shown, in order. */
  declare columns: readonly Column<Row>[];
  declare sort: Sort;
  declare widths: Readonly<Record<string, number>>;
  /** What the table is, for screen readers. */
  declare label: string;
  declare rowClassOf: (row: Row) => string;
  /** Another number draws the rows on the screen again. */
  declare version: number;

  protected readonly scroller: RowScroller = new RowScroller(headHeight, (by) => this.scrolled(by));
  readonly #keys = new LineKeys();
  readonly #hover = new CellHover((line, column) => {
    const row = this.rowOf(line);
    return row === undefined ? undefined : this.columns[column]?.hover?.(row);
  });
  #headerFocus = 0;

  constructor() {
    super();
    this.columns = [];
    this.sort = { column: '', descending: false };
    this.widths = {};
    this.label = '';
    this.rowClassOf = () => '';
    this.version = 0;
  }

  /** Lines in all. */
  protected abstract get lineCount(): number;
  protected abstract get cursorIndex(): number | undefined;
  /** What line `index` shows; undefined where its row is under way, or it is no row. */
  protected abstract rowOf(index: number): Row | undefined;
  /** Draws line `index`, which is in view; `place` puts it where it belongs. */
  protected abstract drawLine(index: number, place: unknown): TemplateResult | typeof nothing;
  protected abstract moveCursor(index: number, how: Move): void;
  /** Enter. */
  protected abstract activate(index: number): void;
  protected abstract selectAll(): void;
  protected abstract copy(): void;

  /** The left or right arrow; whether it meant something here. */
  protected openLine(_index: number, _open: boolean): boolean {
    return false;
  }

  /** What names a line while others come and go before it. */
  protected placeOf(index: number): number {
    return index;
  }

  protected clicked(_index: number): void {}

  /** The last chance to move the view before it is drawn. */
  protected placeView(): void {}

  /** Something else is in view. */
  protected scrolled(_by: 'person' | 'layout'): void {
    this.requestUpdate();
  }

  override focus(): void {
    this.querySelector<HTMLElement>('.table')?.focus();
  }

  protected override firstUpdated(): void {
    this.#attach();
    this.requestUpdate();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#attach();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.scroller.detach();
  }

  protected override updated(): void {
    this.scroller.drawn();
    this.#hover.tell();
  }

  #attach(): void {
    this.scroller.attach(this.querySelector<HTMLElement>('.table')!);
  }

  protected widthOf(column: Column<Row>): number {
    return this.widths[column.id] ?? column.width;
  }

  protected override render(): TemplateResult {
    this.scroller.setCount(this.lineCount);
    this.placeView();
    const { map } = this.scroller;
    const template = this.columns
      .map((column) => {
        const width = `${this.widthOf(column)}px`;
        return column.grow === true && this.widths[column.id] === undefined ? `minmax(${width}, 1fr)` : width;
      })
      .join(' ');
    const least = this.columns.reduce((sum, column) => sum + this.widthOf(column), 0);
    const cursor = this.cursorIndex;
    return html`<div
      class="table"
      role="grid"
      tabindex="0"
      aria-label=${this.label}
      aria-multiselectable="true"
      aria-rowcount=${this.lineCount + 1}
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
        ${cssProperties({ height: `${map.height}px` })}
        @mousedown=${this.#onMouse}
        @contextmenu=${this.#onMenu}
        @dblclick=${this.#onDoubleClick}
        @pointerover=${this.#hover.over}
      >
        ${this.#lines(cursor)}
      </div>
    </div>`;
  }

  #lines(cursor: number | undefined): unknown {
    const { map } = this.scroller;
    const indexes = this.#indexes(cursor);
    const keys = this.#keys.take(indexes.map((index) => this.placeOf(index)));
    return repeat(
      indexes,
      (_, nth) => keys[nth],
      (index) => this.drawLine(index, cssProperties({ transform: `translateY(${map.yOf(index)}px)` })),
    );
  }

  /** The lines to draw. The one under the cursor is always there: aria-activedescendant points to it. */
  #indexes(cursor: number | undefined): number[] {
    const range = this.scroller.map.range;
    const first = Math.max(0, range.first - overscan);
    const last = Math.min(this.lineCount - 1, range.last + overscan);
    const indexes = Array.from({ length: Math.max(0, last - first + 1) }, (_, nth) => first + nth);
    if (cursor === undefined || cursor >= this.lineCount) return indexes;
    if (cursor < first) return [cursor, ...indexes];
    return cursor > last ? [...indexes, cursor] : indexes;
  }

  #headerCell(column: Column<Row>, index: number): TemplateResult {
    const sorted = this.sort.column === column.id;
    return html`<div
      class="cell ${column.end === true ? 'end' : ''}"
      role="columnheader"
      aria-colindex=${index + 1}
      aria-sort=${
        column.key === undefined ? nothing : sorted ? (this.sort.descending ? 'descending' : 'ascending') : 'none'
      }
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

  /** A line with a cell a column; without its row, which is under way, the cells are empty. */
  protected rowLine(
    index: number,
    place: unknown,
    row: Row | undefined,
    { selected, cursor }: { readonly selected: boolean; readonly cursor: boolean },
  ): TemplateResult {
    const kind = row === undefined ? 'pending' : this.rowClassOf(row);
    return html`<div
      class="line ${selected ? 'selected' : ''} ${cursor ? 'cursor' : ''} ${kind}"
      id="line-${index}"
      role="row"
      aria-rowindex=${index + 2}
      aria-selected=${selected}
      aria-busy=${row === undefined ? 'true' : nothing}
      data-index=${index}
      ${place}
    >
      ${this.columns.map(
        (column) =>
          html`<div
            class="cell ${column.end === true ? 'end' : ''}"
            role="gridcell"
            title=${cursor && row !== undefined ? (column.hover?.(row) ?? nothing) : nothing}
          >
            ${row === undefined ? nothing : column.cell === undefined ? column.text(row) : column.cell(row)}
          </div>`,
      )}
    </div>`;
  }

  protected announce(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(`table-${name}`, { detail }));
  }

  #sortBy(column: Column<Row>): void {
    if (column.key === undefined) return;
    const descending = this.sort.column === column.id ? !this.sort.descending : column.end === true;
    this.announce('sort', { column: column.id, descending } satisfies Sort);
  }

  #onHeaderKey(event: KeyboardEvent, column: Column<Row>): void {
    event.stopPropagation();
    if (event.altKey && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
      this.#resize(column, this.widthOf(column) + (event.key === 'ArrowLeft' ? -16 : 16));
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
    const width = handle.parentElement?.getBoundingClientRect().width ?? this.widthOf(column);
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
    this.announce('widths', this.widths);
  }

  #lineOfEvent(event: Event): number | undefined {
    const line = (event.target as HTMLElement).closest<HTMLElement>('.line');
    return line?.dataset['index'] === undefined ? undefined : Number(line.dataset['index']);
  }

  readonly #onMouse = (event: MouseEvent): void => {
    const index = this.#lineOfEvent(event);
    if (index === undefined || event.button !== 0) return;
    this.moveCursor(index, event.shiftKey ? 'extend' : event.ctrlKey || event.metaKey ? 'toggle' : 'only');
    this.clicked(index);
    this.requestUpdate();
  };

  readonly #onDoubleClick = (event: MouseEvent): void => {
    const index = this.#lineOfEvent(event);
    if (index !== undefined) this.activate(index);
  };

  /** The right button: about what is selected, or about the line under it alone. */
  readonly #onMenu = (event: MouseEvent): void => {
    const index = this.#lineOfEvent(event);
    if (index === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const line = (event.target as HTMLElement).closest('.line');
    if (line?.classList.contains('selected') !== true) this.moveCursor(index, 'only');
    this.clicked(index);
    this.requestUpdate();
    this.announce('menu', { index, x: event.clientX, y: event.clientY } satisfies RowMenu);
  };

  #menuOfCursor(): void {
    const index = this.cursorIndex;
    const line = index === undefined ? null : this.querySelector<HTMLElement>(`#line-${index}`);
    if (index === undefined || line === null) return;
    const { left, bottom } = line.getBoundingClientRect();
    this.announce('menu', { index, x: left + 24, y: bottom } satisfies RowMenu);
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget) return;
    const command = event.ctrlKey || event.metaKey;
    const at = this.cursorIndex;
    const page = Math.max(1, Math.floor(this.scroller.map.viewport / lineHeight) - 1);
    const last = this.lineCount - 1;
    const move = (to: number): void => this.goTo(Math.min(last, Math.max(0, to)), event.shiftKey ? 'extend' : 'only');
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
        if (at === undefined || !this.openLine(at, event.key === 'ArrowRight')) return;
        break;
      case 'ContextMenu':
        this.#menuOfCursor();
        break;
      case 'F10':
        if (!event.shiftKey) return;
        this.#menuOfCursor();
        break;
      case 'Enter':
        if (at !== undefined) this.activate(at);
        break;
      case 'a':
        if (!command) return;
        this.selectAll();
        this.requestUpdate();
        break;
      case 'c':
        if (!command) return;
        this.copy();
        break;
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  /** Moves the cursor by the keyboard: into view. */
  protected goTo(index: number, how: Move): void {
    if (index < 0) return;
    this.moveCursor(index, how);
    this.scroller.scrollToIndex(index);
    this.requestUpdate();
  }
}
