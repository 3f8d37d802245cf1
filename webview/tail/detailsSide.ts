import { html, nothing, type TemplateResult } from 'lit';
import type { FromTailPage, RecordDetails, TailModel, ToTailPage } from '../../src/ui/panels/tail/protocol.ts';
import { cssProperties } from '../shared/element.ts';
import { t } from '../shared/l10n.ts';
import type { DetailTab } from './detailsPane.ts';
import type { Page } from './page.ts';

/** Pixels, until somebody moves the sash. */
const usualSize = 380;

/** The side of the page that shows all of one record, with the sash before it. */
export class DetailsSide {
  readonly #page: Page;
  /** Of the record whose details are open; they come after it. */
  #seq: number | undefined;
  #details: RecordDetails | undefined;
  #gone = false;
  #tab: DetailTab = 'value';

  constructor(page: Page) {
    this.#page = page;
  }

  get isOpen(): boolean {
    return this.#page.view.details === true;
  }

  /** Of the record on show. */
  get seq(): number | undefined {
    return this.#seq;
  }

  take({ seq, details }: Extract<ToTailPage, { type: 'details' }>): void {
    if (seq !== this.#seq) return;
    this.#details = details;
    this.#gone = details === undefined;
  }

  /** Opens it. */
  show(seq: number): void {
    this.#page.keep({ details: true });
    this.#ask(seq);
  }

  /** Where it is open, shows another record. */
  follow(seq: number): void {
    if (this.isOpen && seq !== this.#seq) this.#ask(seq);
  }

  forget(): void {
    this.#seq = undefined;
    this.#details = undefined;
  }

  close(): void {
    this.forget();
    this.#page.keep({ details: false });
    this.#page.table?.focus();
  }

  /** `other`: a second record that is selected, to compare with. */
  render(model: TailModel, other: number | undefined): TemplateResult | typeof nothing {
    if (!this.isOpen) return nothing;
    const size = this.#page.view.detailsSize ?? usualSize;
    return html`<kafka-sash
        .label=${t('Size of the details')}
        .size=${size}
        @resize=${(event: CustomEvent<number>) => this.#page.keep({ detailsSize: event.detail })}
      ></kafka-sash>
      ${
        this.#seq === undefined
          ? html`<aside class="details" ${cssProperties({ '--details-size': `${size}px` })}>
              <p class="quiet note">${t('Select a record to see all of it.')}</p>
            </aside>`
          : html`<aside
              class="details"
              aria-label=${t('Details of the record')}
              ${cssProperties({ '--details-size': `${size}px` })}
            >
              <kafka-record-details
                .details=${this.#details}
                .gone=${this.#gone}
                .formats=${model.formats}
                .other=${other}
                .model=${model}
                .tab=${this.#tab}
                @tab=${(event: CustomEvent<DetailTab>) => (this.#tab = event.detail)}
                @ask=${(event: CustomEvent<FromTailPage>) => this.#onAsk(event.detail)}
                @close=${() => this.close()}
              ></kafka-record-details>
            </aside>`
      }`;
  }

  #ask(seq: number): void {
    this.#seq = seq;
    this.#details = undefined;
    this.#gone = false;
    this.#page.post({ type: 'details', seq });
    this.#page.requestUpdate();
  }

  #onAsk(message: FromTailPage): void {
    this.#page.post(message);
    // In another format its details are others.
    if (message.type === 'format' && this.#seq !== undefined) this.#page.post({ type: 'details', seq: this.#seq });
  }
}
