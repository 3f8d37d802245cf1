import type { RecordStore } from '../../../tail/recordStore.ts';
import type { TailSession } from '../../../tail/tailSession.ts';
import { TailView } from '../../../tail/tailView.ts';
import { FeedFilter, type FeedFilterOptions } from './feedFilter.ts';
import { searchOf, type FeedSearch, type FeedSearchOptions, type SearchWish } from './feedSearch.ts';
import type { FilterState, Order } from './protocol.ts';

export interface FeedShownOptions extends FeedFilterOptions {
  readonly session: TailSession;
  readonly cluster: FeedSearchOptions['cluster'];
  /** Rows or figures have changed. */
  readonly onChange: () => void;
  /** From now on the rows are others: those of a search, or of the tail again. */
  readonly onOthers: () => void;
}

/** Which records are shown: those of the tail, or what a search has found, each with a filter of its own. */
export class FeedShown {
  readonly tail: TailView;
  readonly #options: FeedShownOptions;
  readonly #filter: FeedFilter;
  #search: FeedSearch | undefined;

  constructor(options: FeedShownOptions) {
    this.#options = options;
    this.#filter = new FeedFilter(options);
    this.tail = new TailView(options.session.store, options.onChange);
  }

  get view(): TailView {
    return this.#search?.view ?? this.tail;
  }

  get store(): RecordStore {
    return this.#search?.search.store ?? this.#options.session.store;
  }

  get search(): FeedSearch | undefined {
    return this.#search;
  }

  get filter(): FilterState {
    return this.#filter.state;
  }

  setOrder(order: Order): void {
    this.tail.setOrder(order);
    this.#search?.view.setOrder(order);
  }

  setFilter(text: string, time: FilterState['time']): void {
    this.#filter.set(text, time);
    this.#filter.applyTo(this.view);
  }

  /** The same filter, unless it is in force: a page that is there again says what it had. */
  keepFilter(text: string, time: FilterState['time']): void {
    if (!this.#filter.says(text, time)) this.setFilter(text, time);
  }

  /** Records mean something else from now on. */
  filterAnew(): void {
    this.#filter.applyTo(this.view);
  }

  /** @throws as `searchOf` */
  async startSearch(wish: SearchWish): Promise<void> {
    const { session, presenter, cluster, onChange, onOthers } = this.#options;
    const context = this.#filter.context();
    const found = await searchOf(wish, { session, presenter: presenter(), context, cluster, onChange });
    this.closeSearch();
    found.view.setOrder(this.tail.order);
    this.#search = found;
    // The filter field narrows what is found; what was typed there for the tail stays with the tail.
    this.#filter.set('', undefined);
    onOthers();
    void found.search.run();
  }

  /** Ends it; what it found stays. */
  cancelSearch(): void {
    this.#search?.search.cancel();
  }

  /** Back to the tail, all of it. */
  closeSearch(): void {
    if (this.#search === undefined) return;
    this.cancelSearch();
    this.#search = undefined;
    this.#options.onOthers();
    this.setFilter('', undefined);
  }
}
