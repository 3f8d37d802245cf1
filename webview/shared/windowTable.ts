import type { PropertyValues, TemplateResult } from 'lit';
import { Grid, type GridEvents, type Move } from './grid.ts';
import { lineHeight } from './scrollMap.ts';

/** A row that the host names by a number of its own, as long as it has it. */
export interface NumberedRow {
  readonly seq: number;
}

/**
 * The rows that the host has to show, by position: `first` to `first + count - 1`. A position means the same row as long as the
 * generation is the same; the oldest fall out by `first` going up.
 */
export interface RowView {
  readonly generation: number;
  readonly first: number;
  readonly count: number;
}

/** Some of them: from position `first` on. `anchor` says where a row that was asked for is, if it is still shown. */
export interface RowWindow<Row> {
  readonly generation: number;
  readonly first: number;
  readonly rows: readonly Row[];
  readonly anchor?: { readonly seq: number; readonly position?: number | undefined } | undefined;
}

/** Rows that are on this side, by seq; or a range of positions, most of which are not. */
export type RowSelection<Row> =
  | { readonly kind: 'rows'; readonly rows: ReadonlyMap<number, Row> }
  | { readonly kind: 'range'; readonly generation: number; readonly first: number; readonly count: number };

/** Fired by a table over a window; `detail` by name. */
export interface WindowTableEvents<Row> extends GridEvents {
  /** Which rows it wants to have; `follow`: the last `count` ones. */
  readonly window: {
    readonly first: number;
    readonly count: number;
    readonly follow: boolean;
    readonly anchor?: number;
  };
  /** Whether it sticks to the end. */
  readonly follow: boolean;
  readonly selection: RowSelection<Row>;
  /** Enter or a double click on a row: its seq. */
  readonly details: number;
  readonly copy: undefined;
}

interface Place {
  readonly generation: number;
  readonly position: number;
  /** Known as soon as the row has come. */
  readonly seq?: number | undefined;
}

/** How long a question to the host that is not answered keeps others back, ms. */
const patience = 400;

export function selectedCount(selection: RowSelection<unknown>): number {
  return selection.kind === 'rows' ? selection.rows.size : selection.count;
}

/**
 * A table whose rows are the host's: a million of them, of which the page has those in view and some around. It can follow the end;
 * what is looked at otherwise stays where it is, whatever comes behind it or falls out before it.
 */
export class WindowTable<Row extends NumberedRow> extends Grid<Row> {
  static override properties = {
    view: { attribute: false },
    window: { attribute: false },
    follow: { attribute: false },
  };
  declare view: RowView;
  declare window: RowWindow<Row> | undefined;
  declare follow: boolean;

  #selection: RowSelection<Row> = { kind: 'rows', rows: new Map() };
  #cursor: Place | undefined;
  /** Where a range began. */
  #anchor: Place | undefined;
  /** The end has come since the table began to follow. */
  #endCame = false;
  /** A row that shall stand as far below the top as it did, px, once the host has said where it is now. */
  #realign: { readonly seq: number; readonly below: number; tries: number } | undefined;
  /** A position that shall be at the top as soon as as many rows are there. */
  #shownNext: { readonly generation: number; readonly position: number } | undefined;
  #asked: { generation: number; first: number; count: number; follow: boolean } | undefined;
  #unanswered: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.view = { generation: 0, first: 0, count: 0 };
    this.follow = true;
  }

  get selection(): RowSelection<Row> {
    return this.#selection;
  }

  /** The row under the cursor, if it is on this side. */
  get cursorRow(): Row | undefined {
    return this.#cursor === undefined ? undefined : this.#rowAt(this.#cursor.position);
  }

  /** What was selected is not among the rows that are shown from now on, whatever their numbers are. */
  selectNone(): void {
    this.#cursor = this.#anchor = this.#realign = undefined;
    this.#select({ kind: 'rows', rows: new Map() });
    this.requestUpdate();
  }

  /** Selects a row of the present generation and brings it into view. */
  reveal(position: number): void {
    this.#setFollow(false);
    const index = position - this.view.first;
    if (index < 0) return;
    this.moveCursor(index, 'only');
    this.scroller.scrollToIndex(index, 'center');
    this.requestUpdate();
  }

  /** What comes next shall be seen from its first row on: the table does not follow the end, but waits there for it. */
  showNext(): void {
    this.#setFollow(false);
    this.#shownNext = { generation: this.view.generation, position: this.#end };
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#unanswered);
    this.#unanswered = undefined;
    this.#asked = undefined;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('follow')) this.#endCame = false;
    if (changed.has('view')) this.#takeView(changed.get('view') as RowView | undefined, changed);
    if (changed.has('window')) this.#takeWindow();
  }

  #takeView(before: RowView | undefined, changed: PropertyValues): void {
    if (before === undefined || before.generation === this.view.generation) {
      const fallen = this.view.first - (before?.first ?? this.view.first);
      if (fallen > 0 && !this.follow) this.scroller.scrollTo(this.scroller.map.top - fallen * lineHeight);
      return;
    }
    const old = (changed.get('window') as RowWindow<Row> | undefined) ?? this.window;
    if (!this.follow && old?.generation === before.generation) this.#keepPlace(before, old);
    if (this.#selection.kind === 'range') this.#select({ kind: 'rows', rows: new Map() });
    this.#anchor = undefined;
  }

  /** The cursor, if it is in view, else the first row that is. */
  #keepPlace(before: RowView, old: RowWindow<Row>): void {
    const { range, top } = this.scroller.map;
    const cursor = this.#cursor === undefined ? -1 : this.#cursor.position - before.first;
    const index = cursor >= range.first && cursor <= range.last ? cursor : range.first;
    const row = old.rows[index + before.first - old.first];
    if (row !== undefined) this.#realign = { seq: row.seq, below: index * lineHeight - top, tries: 3 };
  }

  #takeWindow(): void {
    const { window: rows, view } = this;
    clearTimeout(this.#unanswered);
    this.#unanswered = undefined;
    if (rows === undefined || rows.generation !== view.generation) return;
    if (this.follow && rows.first + rows.rows.length >= view.first + view.count) this.#endCame = true;
    const { anchor } = rows;
    if (anchor !== undefined && anchor.seq === this.#realign?.seq) {
      if (anchor.position !== undefined) {
        this.scroller.setCount(this.lineCount);
        this.scroller.scrollTo((anchor.position - view.first) * lineHeight - this.#realign.below);
      }
      this.#realign = undefined;
    } else if (this.#realign !== undefined && --this.#realign.tries === 0) {
      this.#realign = undefined;
    }
    this.#cursor = this.#placeOf(this.#cursor);
    if (this.#selection.kind === 'range') {
      const { first, count } = this.#selection;
      const here = this.#rowsOf(first, count);
      if (here !== undefined) this.#select({ kind: 'rows', rows: here });
    }
  }

  /** Learns the seq of a place that was moved to before its row came, and where a row is in another generation. */
  #placeOf(place: Place | undefined): Place | undefined {
    if (place === undefined) return undefined;
    const { generation } = this.view;
    if (place.generation === generation) {
      return place.seq === undefined ? { ...place, seq: this.#rowAt(place.position)?.seq } : place;
    }
    const at = this.window?.rows.findIndex(({ seq }) => seq === place.seq) ?? -1;
    if (at >= 0) return { ...place, generation, position: this.window!.first + at };
    const { anchor } = this.window!;
    if (anchor?.seq === place.seq && anchor?.position !== undefined) {
      return { ...place, generation, position: anchor.position };
    }
    return place;
  }

  #rowAt(position: number): Row | undefined {
    const { window: rows } = this;
    return rows?.generation === this.view.generation ? rows.rows[position - rows.first] : undefined;
  }

  /** The rows from a position on, where all of them are on this side. */
  #rowsOf(first: number, count: number): Map<number, Row> | undefined {
    const rows = new Map<number, Row>();
    for (let position = first; position < first + count; position++) {
      const row = this.#rowAt(position);
      if (row === undefined) return undefined;
      rows.set(row.seq, row);
    }
    return rows;
  }

  protected override get lineCount(): number {
    const { view, window: rows } = this;
    if (rows?.generation !== view.generation || rows.rows.length === 0) return view.count;
    const came = rows.first + rows.rows.length - view.first;
    // Of what is followed no line is shown before its row is there.
    return this.follow && this.#endCame ? Math.max(0, came) : Math.max(view.count, came);
  }

  protected override get cursorIndex(): number | undefined {
    if (this.#cursor === undefined || this.#cursor.generation !== this.view.generation) return undefined;
    const index = this.#cursor.position - this.view.first;
    return index < 0 ? undefined : index;
  }

  protected override placeView(): void {
    const { map } = this.scroller;
    if (this.follow) this.scroller.scrollTo(map.mostTop);
    if (this.#shownNext === undefined) return;
    const top = (this.#shownNext.position - this.view.first) * lineHeight;
    if (this.#shownNext.generation === this.view.generation && this.#end > this.#shownNext.position) {
      this.scroller.scrollTo(top);
    }
    if (top <= map.mostTop || this.#shownNext.generation !== this.view.generation) this.#shownNext = undefined;
  }

  protected override scrolled(by: 'person' | 'layout'): void {
    if (by === 'person') {
      this.#shownNext = undefined;
      this.#setFollow(this.scroller.map.atEnd);
    }
    this.requestUpdate();
  }

  protected override updated(): void {
    super.updated();
    this.#ask();
  }

  #ask(): void {
    const { map } = this.scroller;
    const { generation, first } = this.view;
    if (map.viewport === 0 || this.#unanswered !== undefined) return;
    const page = Math.ceil(map.viewport / lineHeight) + 1;
    const from = first + map.range.first;
    const asked = this.#asked;
    const enough =
      asked?.generation === generation &&
      asked.follow === this.follow &&
      (this.follow
        ? asked.count >= page
        : from >= asked.first && (from + page <= asked.first + asked.count || asked.first + asked.count >= this.#end));
    if (enough && this.#realign === undefined) return;
    const count = page * 3;
    this.#asked = { generation, first: Math.max(first, from - page), count, follow: this.follow };
    const lost = this.#cursor !== undefined && this.#cursor.generation !== generation ? this.#cursor.seq : undefined;
    const anchor = this.#realign?.seq ?? lost;
    this.#unanswered = setTimeout(() => {
      this.#unanswered = undefined;
      this.requestUpdate();
    }, patience);
    this.announce('window', {
      first: this.#asked.first,
      count,
      follow: this.follow,
      ...(anchor === undefined ? {} : { anchor }),
    });
  }

  get #end(): number {
    return this.view.first + this.view.count;
  }

  protected override placeOf(index: number): number {
    return this.view.first + index;
  }

  protected override rowOf(index: number): Row | undefined {
    return this.#rowAt(this.view.first + index);
  }

  protected override drawLine(index: number, place: unknown): TemplateResult {
    const position = this.view.first + index;
    const row = this.#rowAt(position);
    const cursor = this.cursorIndex === index;
    const selected = this.#isSelected(position, row);
    return this.rowLine(index, place, row, { selected, cursor });
  }

  #isSelected(position: number, row: Row | undefined): boolean {
    const selection = this.#selection;
    if (selection.kind === 'rows') return row !== undefined && selection.rows.has(row.seq);
    return (
      selection.generation === this.view.generation &&
      position >= selection.first &&
      position < selection.first + selection.count
    );
  }

  protected override moveCursor(index: number, how: Move): void {
    const { generation } = this.view;
    const position = this.view.first + index;
    const place = { generation, position, seq: this.#rowAt(position)?.seq };
    this.#cursor = place;
    if (how === 'extend') {
      this.#anchor ??= place;
      this.#selectRange(Math.min(this.#anchor.position, position), Math.max(this.#anchor.position, position));
      return;
    }
    this.#anchor = place;
    const row = this.#rowAt(position);
    if (how === 'only' || row === undefined || this.#selection.kind === 'range') {
      this.#selectRange(position, position);
      return;
    }
    const rows = new Map(this.#selection.rows);
    if (!rows.delete(row.seq)) rows.set(row.seq, row);
    this.#select({ kind: 'rows', rows });
  }

  #selectRange(from: number, to: number): void {
    const first = Math.max(from, this.view.first);
    const count = to - first + 1;
    const rows = this.#rowsOf(first, count);
    this.#select(
      rows === undefined ? { kind: 'range', generation: this.view.generation, first, count } : { kind: 'rows', rows },
    );
  }

  #select(selection: RowSelection<Row>): void {
    this.#selection = selection;
    this.announce('selection', selection);
  }

  /** What is looked at does not run away. */
  protected override clicked(): void {
    this.#setFollow(false);
  }

  protected override goTo(index: number, how: Move): void {
    super.goTo(index, how);
    this.#shownNext = undefined;
    this.#setFollow(index >= this.lineCount - 1);
  }

  protected override activate(index: number): void {
    const row = this.#rowAt(this.view.first + index);
    if (row !== undefined) this.announce('details', row.seq);
  }

  protected override selectAll(): void {
    if (this.view.count > 0) this.#selectRange(this.view.first, this.#end - 1);
  }

  protected override copy(): void {
    this.announce('copy', undefined);
  }

  #setFollow(follow: boolean): void {
    if (follow === this.follow) return;
    this.follow = follow;
    this.announce('follow', follow);
  }
}

customElements.define('kafka-window-table', WindowTable);
