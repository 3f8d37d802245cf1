import { html, nothing, type TemplateResult } from 'lit';
import type {
  DetailFact,
  DetailText,
  Formats,
  FromTailPage,
  Part,
  TailModel,
  RecordDetails,
} from '../../src/ui/panels/tail/protocol.ts';
import { formatBytes } from '../../src/shared/bytes.ts';
import { visibleLines, visibleText } from '../../src/shared/visibleText.ts';
import { PageElement } from '../shared/element.ts';
import { icon } from '../shared/icon.ts';
import { t } from '../shared/l10n.ts';
import { skeleton } from '../shared/stateViews.ts';
import { nameCell } from '../shared/text.ts';
import { button, picker } from '../shared/toolbar.ts';
import { jsonTokens } from './jsonTokens.ts';
import { aboutRecord, messageOf } from './recordMenu.ts';
import { exactBytes, markCell, markOf } from './rows.ts';

export type DetailTab = 'value' | 'key' | 'headers' | 'facts';
type View = 'formatted' | 'raw' | 'hex';

/** A line without an end is laid out up to here; all of it opens in the editor. */
const mostShown = 200_000;

/**
 * One record: value, key, headers, and the facts of its batch and transaction. Fires `ask` with a message to the host, `close`, and
 * `tab`.
 */
export class DetailsPane extends PageElement {
  static override properties = {
    details: { attribute: false },
    gone: { attribute: false },
    formats: { attribute: false },
    other: { attribute: false },
    model: { attribute: false },
    tab: { attribute: false },
    view: { state: true },
  };
  /** undefined: under way. */
  declare details: RecordDetails | undefined;
  /** The record was dropped before it could be looked at. */
  declare gone: boolean;
  declare formats: Formats;
  /** Seq of a second record that is selected, to compare with. */
  declare other: number | undefined;
  declare model: TailModel;
  declare tab: DetailTab;
  declare view: View;

  constructor() {
    super();
    this.gone = false;
    this.tab = 'value';
    this.view = 'formatted';
  }

  protected override render(): TemplateResult {
    const { details } = this;
    return html`<div class="details-head">
        <h2>${details === undefined ? t('Record') : nameCell(details.title)}</h2>
        ${details === undefined ? nothing : this.#actions(details)}
        ${button('close', t('Close (Escape)'), () => this.dispatchEvent(new CustomEvent('close')))}
      </div>
      ${
        this.gone
          ? html`<p class="row-mark warning note">
              ${icon('warning')}
              ${t('The record is not kept any more: newer ones took its place. Seek to its offset to read it again.')}
            </p>`
          : details === undefined
            ? skeleton(6)
            : this.#body(details)
      }`;
  }

  #actions(details: RecordDetails): TemplateResult {
    const { seq, row } = details;
    if (row.kind !== 'record') return html``;
    const part: Part = this.tab === 'key' ? 'key' : 'value';
    return html`${
        this.other === undefined
          ? nothing
          : button('diff', t('Compare with the other selected record'), () =>
              this.#ask({ type: 'compare', seqs: [this.other!, seq] }),
            )
      }
      ${button('go-to-file', part === 'key' ? t('Open the key in an editor') : t('Open the value in an editor'), () =>
        this.#ask({ type: 'open', seq, part }),
      )}
      ${button('copy', part === 'key' ? t('Copy the key') : t('Copy the value'), () =>
        this.#ask({ type: 'copyRecords', seqs: [seq], as: part }),
      )}
      <kafka-toolbar-menu
        .icon=${'ellipsis'}
        .label=${t('More about this record')}
        .items=${[
          ...aboutRecord(row, this.model),
          { id: 'export jsonl', label: t('Export as JSON line...'), apart: true },
          { id: 'export files', label: t('Export the raw value...') },
        ]}
        @pick=${(event: CustomEvent<string>) => {
          const message = messageOf(event.detail, row);
          if (message !== undefined) this.#ask(message);
        }}
      ></kafka-toolbar-menu>`;
  }

  #body(details: RecordDetails): TemplateResult {
    const mark = markOf(details.row);
    const tabs: readonly (readonly [DetailTab, string])[] =
      details.row.kind === 'record'
        ? [
            ['value', t('Value')],
            ['key', t('Key')],
            ['headers', t('Headers ({0})', details.headers.length)],
            ['facts', t('Record')],
          ]
        : [['facts', t('Record')]];
    const tab = tabs.some(([id]) => id === this.tab) ? this.tab : 'facts';
    return html`${
        mark === undefined
          ? nothing
          : html`<p class="note">${markCell(mark)} <span class="quiet">${visibleText(mark.meaning)}</span></p>`
      }
      <div class="tabs" role="tablist" aria-label=${t('Parts of the record')} @keydown=${this.#onTabKey}>
        ${tabs.map(
          ([id, label]) =>
            html`<button
              class="tab"
              role="tab"
              id="tab-${id}"
              aria-selected=${id === tab}
              aria-controls="tab-panel"
              tabindex=${id === tab ? 0 : -1}
              @click=${() => this.#pick(id)}
            >
              ${label}
            </button>`,
        )}
      </div>
      <div class="tab-panel" id="tab-panel" role="tabpanel" aria-labelledby="tab-${tab}">
        ${tab === 'facts' ? this.#facts(details) : tab === 'headers' ? this.#headers(details) : this.#text(details, tab)}
      </div>`;
  }

  #text(details: RecordDetails, part: Part): TemplateResult {
    const text = details[part];
    if (text === undefined) return html`<p class="quiet">${t('Not there.')}</p>`;
    const current = this.formats[part];
    return html`<div class="text-bar">
        ${picker(
          part === 'key' ? t('Format of keys in this topic') : t('Format of values in this topic'),
          current,
          this.formats.available.map(({ id, label }) => [
            id,
            id === 'auto' ? t('Detected: {0}', text.formatLabel) : label,
          ]),
          (id) => this.#ask({ type: 'format', part, id }),
        )}
        <span class="segments" role="group" aria-label=${t('Shown as')}>
          ${(
            [
              ['formatted', t('Formatted')],
              ['raw', t('Raw')],
              ['hex', t('Hex')],
            ] as const
          ).map(
            ([id, label]) =>
              html`<button class="segment" aria-pressed=${this.view === id} @click=${() => (this.view = id)}>
                ${label}
              </button>`,
          )}
        </span>
        <span class="quiet" title=${exactBytes(text.size)}>${formatBytes(text.size)}</span>
      </div>
      ${
        text.why === undefined
          ? nothing
          : html`<p class="row-mark warning note">
              ${icon('warning')} ${t('Does not decode as {0}: {1}', text.formatLabel, visibleText(text.why))}
              ${
                text.wantsRegistry === true
                  ? html`<button class="link" @click=${() => this.#ask({ type: 'setRegistry' })}>
                      ${t('Set Schema Registry...')}
                    </button>`
                  : nothing
              }
            </p>`
      }
      ${text.facts.length === 0 ? nothing : factList(text.facts)} ${this.#content(details.seq, text)}`;
  }

  #content(seq: number, text: DetailText): TemplateResult {
    if (text.kind === 'null') {
      return html`<p class="quiet">
        ${text.part === 'key' ? t('null: the record has no key.') : t('null: a tombstone, by which compaction removes this key.')}
      </p>`;
    }
    if (text.kind === 'empty') return html`<p class="quiet">${t('Empty: 0 bytes.')}</p>`;
    // What does not decode has no other form than its bytes.
    const view = text.kind === 'failed' && this.view === 'formatted' ? 'hex' : this.view;
    const whole = text[view];
    const cut = text.cut || whole.length > mostShown;
    const shown = visibleLines(whole.slice(0, mostShown));
    return html`${
        cut
          ? html`<p class="note">
              ${icon('info')} ${t('Only the first part of {0} is shown.', formatBytes(text.size))}
              <button class="link" @click=${() => this.#ask({ type: 'open', seq, part: text.part })}>
                ${t('Open in an editor')}
              </button>
            </p>`
          : nothing
      }
      <pre class="content-text ${view}" tabindex="0" aria-label=${text.part === 'key' ? t('Key') : t('Value')}>
${view === 'formatted' && text.language === 'json' ? jsonTokens(shown) : shown}</pre>`;
  }

  #headers(details: RecordDetails): TemplateResult {
    if (details.headers.length === 0) return html`<p class="quiet">${t('The record has no headers.')}</p>`;
    return html`<dl>
      ${details.headers.map(
        ({ name, value, kind }) =>
          html`<dt>${nameCell(name)}</dt>
            <dd class="header-value">
              ${
                kind === 'null'
                  ? html`<span class="quiet">null</span>`
                  : kind === 'empty'
                    ? html`<span class="quiet">${t('empty')}</span>`
                    : html`${kind === 'failed' ? html`<span class="row-mark warning">${icon('warning')}</span> ` : nothing}<bdi
                          >${visibleText(value)}</bdi
                        >`
              }
            </dd>`,
      )}
    </dl>`;
  }

  #facts(details: RecordDetails): TemplateResult {
    return html`${details.sections.map(
      ({ title, facts }) =>
        html`<h3>${title}</h3>
          ${factList(facts)}`,
    )}`;
  }

  #pick(tab: DetailTab): void {
    this.tab = tab;
    this.dispatchEvent(new CustomEvent('tab', { detail: tab }));
  }

  readonly #onTabKey = (event: KeyboardEvent): void => {
    const tabs = [...this.querySelectorAll<HTMLElement>('.tab')];
    const at = tabs.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    const tab = tabs[(to + tabs.length) % tabs.length];
    tab?.click();
    tab?.focus();
    event.preventDefault();
    event.stopPropagation();
  };

  #ask(message: FromTailPage): void {
    this.dispatchEvent(new CustomEvent('ask', { detail: message }));
  }
}

function factList(facts: readonly DetailFact[]): TemplateResult {
  return html`<dl class="facts">
    ${facts.map(
      ({ label, value, hint }) =>
        html`<dt title=${hint ?? nothing}>${label}</dt>
          <dd title=${hint ?? nothing}>${visibleText(value)}</dd>`,
    )}
  </dl>`;
}

customElements.define('kafka-record-details', DetailsPane);
