import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { Grid, type GridEvents, type Move } from './grid.ts';
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
  type Grouping,
  type Line,
  type SelectionState,
} from './tableModel.ts';

/** Fired by a table; `detail` by name. */
export interface TableEvents extends GridEvents {
  /** Keys of the selected rows. */
  readonly selection: ReadonlySet<string>;
  /** Enter or a double click on a row: its key. */
  readonly details: string;
  readonly copy: string;
  /** How many rows pass the filter. */
  readonly shown: number;
}

/**
 * The table of pages that hold all their rows: tens of thousands scroll smoothly. Owns sorting, filtering, grouping and
 * selection; the page owns the rows and keeps the view's state.
 */
export class DataTable<Row> extends Grid<Row> {
  static override properties = {
    rows: { attribute: false },
    keyOf: { attribute: false },
    latestOf: { attribute: false },
    filterTextOf: { attribute: false },
    filter: { attribute: false },
    grouping: { attribute: false },
  };
  declare rows: readonly Row[];
  declare keyOf: (row: Row) => string;
  /** The newest version of a row that is laid out: figures on the screen go on while the order waits. */
  declare latestOf: (key: string) => Row | undefined;
  declare filterTextOf: (row: Row) => string;
  declare filter: string;
  declare grouping: Grouping<Row> | undefined;

  #filtered: readonly Row[] = [];
  #sorted: readonly Row[] = [];
  #lines: readonly Line<Row>[] = [];
  #indexOf: ReadonlyMap<string, number> = new Map();
  #selection: SelectionState = nothingSelected;
  #collapsed = new Set<string>();
  /** New rows came while the table was scrolling; they are laid out when it stands. */
  #layoutDue = false;

  constructor() {
    super();
    this.rows = [];
    this.keyOf = () => '';
    this.latestOf = () => undefined;
    this.filterTextOf = () => '';
    this.filter = '';
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
    if (index !== undefined) this.scroller.scrollToIndex(index, 'center');
    if (focus) this.focus();
    this.requestUpdate();
  }

  /** The selected rows as far as they are shown; all that are shown where none of them is. */
  copySelection(): string {
    const { selected } = this.#selection;
    const rows = this.#sorted.filter((row) => selected.has(this.keyOf(row)));
    return copyText(rows.length === 0 ? this.#sorted : rows, this.columns);
  }

  protected override willUpdate(changed: PropertyValues): void {
    const layout = ['filter', 'sort', 'grouping', 'columns'].some((name) => changed.has(name));
    if (layout || (changed.has('rows') && !this.scroller.isScrolling)) this.#layout();
    else if (changed.has('rows')) this.#layoutDue = true;
  }

  protected override scrolled(): void {
    if (this.#layoutDue && !this.scroller.isScrolling) this.#layout();
    this.requestUpdate();
  }

  protected override get lineCount(): number {
    return this.#lines.length;
  }

  protected override get cursorIndex(): number | undefined {
    return this.#selection.cursor === undefined ? undefined : this.#indexOf.get(this.#selection.cursor);
  }

  #layout(): void {
    this.#layoutDue = false;
    this.#filtered = filterRows(this.rows, this.filter, this.filterTextOf);
    const column = this.columns.find(({ id }) => id === this.sort.column);
    this.#sorted = sortRows(this.#filtered, column, this.sort.descending);
    this.#relay();
    this.announce('shown', this.#sorted.length);
  }

  #relay(): void {
    this.#lines = linesOf(this.#sorted, this.keyOf, this.grouping, this.#collapsed);
    this.#indexOf = new Map(this.#lines.map((line, index) => [lineId(line), index]));
  }

  protected override rowOf(index: number): Row | undefined {
    const line = this.#lines[index];
    return line?.kind === 'row' ? (this.latestOf(line.id) ?? line.row) : undefined;
  }

  protected override drawLine(index: number, place: unknown): TemplateResult | typeof nothing {
    const line = this.#lines[index];
    if (line === undefined) return nothing;
    const cursor = this.#selection.cursor === lineId(line);
    if (line.kind === 'row') {
      const selected = this.#selection.selected.has(line.id);
      return this.rowLine(index, place, this.rowOf(index), { selected, cursor });
    }
    const open = !this.#collapsed.has(line.id);
    return html`<div
      class="line group ${cursor ? 'cursor' : ''}"
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

  protected override moveCursor(index: number, how: Move): void {
    this.#selection = select(this.#selection, this.#lines, index, how);
    this.#announceSelection();
  }

  protected override clicked(index: number): void {
    const line = this.#lines[index];
    if (line?.kind === 'group') this.#toggleGroup(line.id);
  }

  protected override activate(index: number): void {
    const line = this.#lines[index];
    if (line?.kind === 'group') this.#toggleGroup(line.id);
    else if (line !== undefined) this.announce('details', line.id);
  }

  protected override openLine(index: number, open: boolean): boolean {
    const line = this.#lines[index];
    if (line?.kind !== 'group' || this.#collapsed.has(line.id) !== open) return false;
    this.#toggleGroup(line.id);
    return true;
  }

  protected override selectAll(): void {
    this.#selection = { ...this.#selection, selected: new Set(this.#sorted.map(this.keyOf)) };
    this.#announceSelection();
  }

  protected override copy(): void {
    this.announce('copy', this.copySelection());
  }

  #announceSelection(): void {
    this.announce('selection', this.#selection.selected);
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
    shown !== all ? t('{0} of {1} rows', count(shown), count(all)) : all === 1 ? t('1 row') : t('{0} rows', count(all)),
    ...(selected > 0 ? [t('{0} selected', count(selected))] : []),
  ].join(', ');
}
