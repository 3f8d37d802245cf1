import { html, nothing, type TemplateResult } from 'lit';
import type { TailModel, ToTailPage } from '../../src/ui/panels/tail/protocol.ts';
import { sticksToEnd, type Following } from './following.ts';
import type { Page } from './page.ts';
import type { SearchDetail } from './searchBar.ts';
import type { SeekDetail } from './seekBar.ts';

type Problem = Extract<ToTailPage, { type: 'problem' }>;
type BarElement = HTMLElement & { text?: string; updateComplete: Promise<boolean> };

export interface BarsOptions {
  readonly page: Page;
  readonly following: Following;
  /** The rows from now on are others, with numbers of their own. */
  readonly forgetRows: () => void;
}

/** The bars that open below the toolbar, to jump and to search; and what went wrong with what was asked for there. */
export class Bars {
  readonly #options: BarsOptions;
  #bar: 'seek' | 'search' | undefined;
  #problems: Partial<Record<Problem['about'], string | undefined>> = {};

  constructor(options: BarsOptions) {
    this.#options = options;
  }

  get open(): 'seek' | 'search' | undefined {
    return this.#bar;
  }

  problemOf(about: Problem['about']): string | undefined {
    return this.#problems[about];
  }

  takeProblem({ about, message }: Problem): void {
    // Where it was asked for from elsewhere, it is said there too.
    if (about === 'seek' || about === 'search') this.#bar = about;
    this.#problems = { ...this.#problems, [about]: message };
  }

  forget(about: Problem['about']): void {
    this.#problems = { ...this.#problems, [about]: undefined };
    this.#options.page.requestUpdate();
  }

  /** A search has a filter of its own, which narrows what is found. */
  takeSearch(model: TailModel, before: TailModel | undefined): void {
    const searches = model.search !== undefined;
    if (before === undefined || searches === (before.search !== undefined)) return;
    this.#bar = searches ? 'search' : this.#bar === 'search' ? undefined : this.#bar;
    this.#options.page.keep({ filter: model.filter.text, time: model.filter.time });
    this.#options.forgetRows();
  }

  /** Opens it, or closes it where it is open. */
  toggle(bar: 'seek' | 'search' | undefined, text?: string): void {
    const { page } = this.#options;
    this.#bar = bar === this.#bar ? undefined : bar;
    page.requestUpdate();
    void page.updateComplete.then(() => {
      if (this.#bar === undefined) {
        page.table?.focus();
        return;
      }
      const element = page.querySelector<BarElement>(this.#bar === 'seek' ? 'kafka-seek-bar' : 'kafka-search-bar');
      if (this.#bar === 'search' && element !== null) element.text ||= text ?? page.view.filter ?? '';
      void element?.updateComplete.then(() => element.focus());
    });
  }

  render(model: TailModel): TemplateResult {
    const { page } = this.#options;
    return html`${
      this.#bar === 'seek'
        ? html`<kafka-seek-bar
            .partitions=${model.positions.map(({ partition }) => partition)}
            .groups=${model.groups}
            .problem=${this.#problems.seek}
            @seek=${(event: CustomEvent<SeekDetail>) => this.#seek(event.detail)}
            @forget=${() => this.forget('seek')}
            @close=${() => this.toggle(undefined)}
          ></kafka-seek-bar>`
        : nothing
    }
    ${
      this.#bar === 'search' || model.search !== undefined
        ? html`<kafka-search-bar
            .search=${model.search}
            .groups=${model.groups}
            .problem=${this.#problems.search}
            @search=${(event: CustomEvent<SearchDetail>) => this.#search(event.detail)}
            @cancel=${() => page.post({ type: 'cancelSearch' })}
            @leave=${() => this.#leaveSearch()}
            @forget=${() => this.forget('search')}
            @close=${() => (model.search === undefined ? this.toggle(undefined) : this.#leaveSearch())}
          ></kafka-search-bar>`
        : nothing
    }`;
  }

  #seek({ to, partitions, stop }: SeekDetail): void {
    const { page, following } = this.#options;
    this.forget('seek');
    if (sticksToEnd(to) && stop.at === 'never') following.set(true);
    else if (page.model?.order === 'arrival' && page.model.search === undefined) page.table?.showNext();
    page.post({ type: 'seek', to, stop, ...(partitions === undefined ? {} : { partitions }) });
  }

  #search(detail: SearchDetail): void {
    this.forget('search');
    this.#options.forgetRows();
    this.#options.page.post({ type: 'search', ...detail });
  }

  #leaveSearch(): void {
    const { page } = this.#options;
    page.post({ type: 'closeSearch' });
    this.#bar = undefined;
    page.table?.focus();
    page.requestUpdate();
  }
}
