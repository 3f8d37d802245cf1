import { parseFilter, type Filter } from '../../../tail/filter/parseFilter.ts';
import { all, type FilterContext, type Test } from '../../../tail/filter/predicate.ts';
import { FilterProblem } from '../../../tail/filter/problem.ts';
import type { RecordPresenter } from '../../../tail/presenter.ts';
import type { TailView } from '../../../tail/tailView.ts';
import type { FilterState } from './protocol.ts';

export interface FeedFilterOptions {
  readonly presenter: () => RecordPresenter;
  /** How many the topic has. */
  readonly partitions: () => number;
}

/** What the filter field and the histogram's brush say. A text that cannot be read leaves the filter that was there in force. */
export class FeedFilter {
  readonly #options: FeedFilterOptions;
  #filter: Filter | undefined;
  #state: FilterState = { text: '' };
  /** Records that the filter did not look at as a whole. */
  readonly #large = new Set<number>();

  constructor(options: FeedFilterOptions) {
    this.#options = options;
  }

  get state(): FilterState {
    return this.#large.size === 0 ? this.#state : { ...this.#state, large: this.#large.size };
  }

  says(text: string, time: FilterState['time']): boolean {
    return text === this.#state.text && JSON.stringify(time) === JSON.stringify(this.#state.time);
  }

  set(text: string, time: FilterState['time']): void {
    try {
      this.#filter = parseFilter(text);
      this.#state = { text, time };
    } catch (error) {
      if (!(error instanceof FilterProblem)) throw error;
      this.#state = { text, time, error: { message: error.message, from: error.from, to: error.to } };
    }
  }

  applyTo(view: TailView): void {
    const { time } = this.#state;
    this.#large.clear();
    const tests: Test[] = [];
    if (time !== undefined) {
      tests.push(({ timestamp }) => timestamp >= time.from && timestamp < time.to);
    }
    if (this.#filter !== undefined && !this.#filter.isEmpty) tests.push(this.#filter.test(this.context()));
    view.setFilter(tests.length === 0 ? undefined : all(tests));
  }

  context(): FilterContext {
    const { presenter, partitions } = this.#options;
    return {
      partitions,
      now: Date.now(),
      plain: (record) => presenter().plain(record),
      shownText: (record, part) => presenter().shownText(record, part),
      tooLarge: ({ seq }) => this.#large.add(seq),
    };
  }
}
