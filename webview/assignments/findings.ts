import { html, nothing, type TemplateResult } from 'lit';
import type { FindingMessage, HistoryModel } from '../../src/ui/panels/assignments/protocol.ts';
import { formatCount } from '../../src/shared/format.ts';
import { visibleText } from '../../src/shared/visibleText.ts';
import { icon } from '../shared/icon.ts';
import { t } from '../shared/l10n.ts';
import { findingTitle } from './words.ts';

/** As many as leave room for the chart. */
const mostAtOnce = 2;

/** What stands out, each with what it follows from; `active` is the one that the page is filtered to. */
export function findingsView(
  findings: readonly FindingMessage[],
  active: number | undefined,
  all: boolean,
  { show, toggleAll }: { readonly show: (index: number | undefined) => void; readonly toggleAll: () => void },
): TemplateResult | typeof nothing {
  if (findings.length === 0) return nothing;
  const shown = all ? findings : findings.slice(0, mostAtOnce);
  const hidden = findings.length - shown.length;
  return html`<section class="history-findings" aria-label=${t('What stands out')}>
    ${shown.map((finding, index) => {
      const isActive = index === active;
      return html`<details class="history-finding ${isActive ? 'active' : ''}">
        <summary>
          ${icon('lightbulb')}<span class="text"><b>${findingTitle(finding)}.</b> ${visibleText(finding.text)}</span
          ><button
            class="link"
            aria-pressed=${isActive}
            @click=${(event: Event) => {
              // It would open the evidence as well.
              event.preventDefault();
              show(isActive ? undefined : index);
            }}
          >
            ${isActive ? t('Show all again') : t('Show it')}
          </button>
        </summary>
        <ul class="evidence">
          ${finding.evidence.map((one) => html`<li>${visibleText(one)}</li>`)}
        </ul>
      </details>`;
    })}
    ${
      hidden > 0 || all
        ? html`<button class="link" @click=${toggleAll}>
            ${hidden > 0 ? t('{0} more', formatCount(hidden)) : t('Fewer')}
          </button>`
        : nothing
    }
  </section>`;
}

/** What the history does not know, and how far reading has come. */
export function lacksView({ lacks, progress }: HistoryModel): TemplateResult {
  const [first, ...rest] = lacks.map(visibleText);
  return html`${
    progress === undefined
      ? nothing
      : html`<div class="notice" role="status">
          ${icon('loading', 'codicon-modifier-spin')}<span>${
            progress.total === undefined
              ? t('Reading what was before: {0} records so far.', formatCount(progress.done))
              : t(
                  'Reading what was before: {0} of {1} records.',
                  formatCount(progress.done),
                  formatCount(progress.total),
                )
          }</span>${
            progress.total === undefined
              ? nothing
              : html`<progress max=${progress.total} value=${progress.done} aria-label=${t('Records read')}></progress>`
          }
        </div>`
  }${
    first === undefined
      ? nothing
      : html`<div class="notice lacks" role="status">
          ${icon('info')}<span title=${lacks.join('\n')}
            >${first}${
              rest.length > 0
                ? html`<details>
                    <summary>${t('and {0} more', rest.length)}</summary>
                    ${rest.map((one) => html`<p>${one}</p>`)}
                  </details>`
                : nothing
            }</span
          >
        </div>`
  }`;
}
