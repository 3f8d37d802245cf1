import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { formatBytes } from '../../src/shared/bytes.ts';
import { formatDuration } from '../../src/shared/format.ts';
import type { SearchState, StartSpec, StopSpec } from '../../src/ui/panels/tail/protocol.ts';
import { cssProperties, PageElement } from '../shared/element.ts';
import { icon } from '../shared/icon.ts';
import { t } from '../shared/l10n.ts';
import { exact, rate } from '../shared/text.ts';
import { button } from '../shared/toolbar.ts';
import { placeFields, readEnd, readPlace, type Place } from './places.ts';

/** What to search for and where: fires `search`. */
export interface SearchDetail {
  readonly text: string;
  readonly from: StartSpec;
  readonly to: StopSpec;
}

/**
 * Search of the topic itself: what for, from where to where; then how far it is. Fires `search`, `cancel`, `leave` (back to the
 * tail) and `close`.
 */
export class SearchBar extends PageElement {
  static override properties = {
    search: { attribute: false },
    groups: { attribute: false },
    problem: { attribute: false },
    text: { attribute: false },
    from: { state: true },
    to: { state: true },
    error: { state: true },
  };
  declare search: SearchState | undefined;
  declare groups: readonly string[];
  declare problem: string | undefined;
  declare text: string;
  declare from: Place;
  declare to: Place;
  declare error: string | undefined;

  constructor() {
    super();
    this.groups = [];
    this.text = '';
    this.from = { kind: 'beginning', value: '' };
    this.to = { kind: 'end', value: '' };
  }

  protected override willUpdate(changed: PropertyValues): void {
    // A search that went on while the page was not there.
    if (changed.has('search') && this.text === '') this.text = this.search?.text ?? '';
  }

  override focus(): void {
    this.querySelector<HTMLElement>('.search-text')?.focus();
  }

  protected override render(): TemplateResult {
    const error = this.error ?? this.problem;
    const start = (): void => this.#start();
    const running = this.search?.state === 'running';
    return html`<form
        class="command-bar"
        aria-label=${t('Search the topic')}
        @submit=${(event: Event) => event.preventDefault()}
      >
        <span
          class="command-title"
          title=${t('Reads the topic and keeps only what matches, whether or not it is kept here.')}
          >${t('Search the topic')}</span
        >
        <vscode-textfield
          class="search-text"
          label=${t('Search for')}
          aria-label=${t('Search for')}
          placeholder=${t('text, /regex/, key:"42", header:trace=a1, $.total > 100')}
          .value=${this.text}
          @input=${(event: Event) => {
            this.text = (event.target as HTMLInputElement).value;
            this.#changed();
          }}
          @keydown=${(event: KeyboardEvent) => {
            if (event.key === 'Enter') start();
          }}
        ></vscode-textfield>
        <span class="quiet">${t('from')}</span>
        ${placeFields({
          label: t('From'),
          place: this.from,
          kinds: ['beginning', 'offset', 'time', 'last', 'lastInAll', 'group'],
          groups: this.groups,
          change: (place) => {
            this.from = place;
            this.#changed();
          },
          submit: start,
        })}
        <span class="quiet">${t('to')}</span>
        ${placeFields({
          label: t('To'),
          place: this.to,
          kinds: ['end', 'offset', 'time'],
          change: (place) => {
            this.to = place;
            this.#changed();
          },
          submit: start,
        })}
        ${
          running
            ? html`<button class="button" type="button" @click=${() => this.dispatchEvent(new CustomEvent('cancel'))}>
                ${t('Cancel')}
              </button>`
            : html`<button class="button primary" type="button" @click=${start}>${t('Search')}</button>`
        }
        ${error === undefined ? nothing : html`<span class="field-error" role="alert">${icon('error')} ${error}</span>`}
        <span class="spring"></span>
        ${button('close', t('Close (Escape)'), () => this.dispatchEvent(new CustomEvent('close')))}
      </form>
      ${this.search === undefined ? nothing : this.#progress(this.search)}`;
  }

  #progress(search: SearchState): TemplateResult {
    const percent = search.done === undefined ? undefined : Math.floor(search.done * 1000) / 10;
    const words = {
      running: t('Searching'),
      done: t('Searched all'),
      cancelled: t('Cancelled'),
      failed: t('Failed'),
    }[search.state];
    const icons = { running: 'search', done: 'check', cancelled: 'circle-slash', failed: 'error' } as const;
    return html`<div class="progress ${search.state}">
      <div
        class="progress-bar ${percent === undefined ? 'unknown' : ''}"
        role="progressbar"
        aria-label=${t('Search')}
        aria-valuemin="0"
        aria-valuemax="100"
        aria-valuenow=${percent ?? nothing}
        ${cssProperties({ '--done': `${percent ?? 0}%` })}
      ></div>
      <div class="progress-words">
        <span
          >${icon(icons[search.state])} ${words}${percent === undefined ? nothing : ` ${percent.toFixed(1)} %`}</span
        >
        <b>${t('{0} found', exact(String(search.found)))}</b>
        <span>${t('{0} records read, {1}', exact(search.records), formatBytes(search.bytes))}</span>
        ${
          search.state === 'running'
            ? html`<span
                  >${t('{0} records/s, {1}/s', rate(search.recordsPerSecond), formatBytes(search.bytesPerSecond))}</span
                ><span>${search.eta === undefined ? nothing : t('{0} left', formatDuration(search.eta * 1000))}</span>`
            : html`<span>${t('in {0}', formatDuration(search.elapsed))}</span>`
        }
        ${search.message === undefined ? nothing : html`<span class="said">${search.message}</span>`}
        <span class="spring"></span>
        <button class="link" type="button" @click=${() => this.dispatchEvent(new CustomEvent('leave'))}>
          ${t('Back to the tail')}
        </button>
      </div>
    </div>`;
  }

  #changed(): void {
    this.error = undefined;
    if (this.problem !== undefined) this.dispatchEvent(new CustomEvent('forget'));
  }

  #start(): void {
    const from = readPlace(this.from);
    const to = readEnd(this.to);
    this.error =
      this.text.trim() === ''
        ? t('Say what to search for.')
        : 'error' in from
          ? from.error
          : 'error' in to
            ? to.error
            : undefined;
    if (this.error !== undefined || 'error' in from || 'error' in to) return;
    const detail: SearchDetail = { text: this.text, from: from.start, to: to.stop };
    this.dispatchEvent(new CustomEvent('search', { detail }));
  }
}

customElements.define('kafka-search-bar', SearchBar);
