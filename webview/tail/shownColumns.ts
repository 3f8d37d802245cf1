import type { TailModel, TailRow } from '../../src/ui/panels/tail/protocol.ts';
import type { Column } from '../shared/tableModel.ts';
import { narrow, tailColumns, widen, type Wide } from './columns.ts';
import type { Page } from './page.ts';
import { standsAt } from './rows.ts';

/** The columns of the table; the same arrays as long as nothing changes. */
export class ShownColumns {
  readonly #page: Page;
  #wide: Wide = narrow;
  #all: { readonly key: string; readonly columns: readonly Column<TailRow>[] } | undefined;
  #stands: { readonly of: unknown; readonly groups: ReadonlyMap<string, readonly string[]> } | undefined;
  #standing = 0;

  constructor(page: Page) {
    this.#page = page;
  }

  /** As wide as what is in these rows. */
  fit(rows: readonly TailRow[]): void {
    this.#wide = widen(this.#wide, rows, Date.now());
  }

  all(model: TailModel): readonly Column<TailRow>[] {
    const marked = model.groupPositions.length > 0;
    const key = JSON.stringify([model.extraColumns, model.labels, this.#wide, marked]);
    if (this.#all?.key !== key) {
      const columns = tailColumns({
        standsAt: (partition, offset) => this.#stands?.groups.get(`${partition}/${offset}`),
        extra: model.extraColumns,
        labels: model.labels,
        wide: this.#wide,
        marked,
      });
      this.#all = { key, columns };
    }
    return this.#all.columns;
  }

  shown(model: TailModel): readonly Column<TailRow>[] {
    const chosen = this.#page.view.columns;
    return this.all(model).filter(({ id, hidden }) => (chosen === undefined ? hidden !== true : chosen.includes(id)));
  }

  toggle(id: string, model: TailModel): void {
    const shown = new Set(this.shown(model).map((one) => one.id));
    if (!shown.delete(id)) shown.add(id);
    // A table without columns could not be told from a broken one.
    if (shown.size === 0) return;
    this.#page.keep({ columns: this.all(model).flatMap((one) => (shown.has(one.id) ? [one.id] : [])) });
  }

  /** Another number when groups stand elsewhere. */
  standing(model: TailModel): number {
    if (this.#stands?.of !== model.groupPositions) {
      this.#stands = { of: model.groupPositions, groups: standsAt(model.groupPositions) };
      this.#standing++;
    }
    return this.#standing;
  }
}
