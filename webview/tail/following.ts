import { html, nothing, type TemplateResult } from 'lit';
import type { StartSpec, TailModel } from '../../src/ui/panels/tail/protocol.ts';
import { icon } from '../shared/icon.ts';
import { t } from '../shared/l10n.ts';
import { exact } from '../shared/text.ts';
import type { Page } from './page.ts';

/** Whether the table sticks to the end, and else how much came since it left it. */
export class Following {
  readonly #page: Page;
  /** Where the end was when the table left it; of which generation. */
  #leftAt: { readonly generation: number; readonly end: number } | undefined;

  constructor(page: Page) {
    this.#page = page;
  }

  get isOn(): boolean {
    // From the end on it is the newest that matters; from anywhere else, what is there.
    return this.#page.view.follow ?? sticksToEnd(this.#page.model?.start);
  }

  set(follow: boolean): void {
    if (follow === this.isOn) return;
    if (follow) this.#leftAt = undefined;
    else this.#leave();
    this.#page.keep({ follow });
    this.#page.say(follow ? t('Following the end') : t('Not following'));
  }

  /** What a filter brings to light did not come meanwhile. */
  take(model: TailModel, before: TailModel | undefined): void {
    const filters = model.view.evaluating !== undefined || before?.view.evaluating !== undefined;
    if (this.#leftAt !== undefined && (filters || this.#leftAt.generation !== model.view.generation)) this.#leave();
  }

  /** What came meanwhile, and the way back to it. `goOn`: ends the pause. */
  newOnes({ view, paused, search }: TailModel, goOn: () => void): TemplateResult | typeof nothing {
    if (search !== undefined) return nothing;
    const behind = this.#leftAt === undefined ? 0 : view.first + view.count - this.#leftAt.end;
    const count = (paused ? view.waiting : 0) + Math.max(0, behind);
    if (count === 0) return nothing;
    return html`<button
      class="new-ones"
      title=${paused ? t('Go on and follow the end') : t('Follow the end (F)')}
      @click=${() => {
        if (paused) goOn();
        this.set(true);
      }}
    >
      ${icon('arrow-down')} ${t('{0} new', exact(String(count)))}
    </button>`;
  }

  #leave(): void {
    const view = this.#page.model?.view;
    if (view !== undefined) this.#leftAt = { generation: view.generation, end: view.first + view.count };
  }
}

export function sticksToEnd(start: StartSpec | undefined): boolean {
  return start === undefined || start.at === 'end' || start.at === 'last';
}
