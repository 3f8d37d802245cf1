import { html, nothing, type TemplateResult } from 'lit';
import { visibleText } from '../../src/shared/visibleText.ts';
import type { CommitFindingView } from '../../src/ui/panels/commits/protocol.ts';
import { icon } from '../shared/icon.ts';
import { t } from '../shared/l10n.ts';

/** What stands out, most telling first, each with what it follows from. */
export function findingsView(
  findings: readonly CommitFindingView[],
  show: (finding: CommitFindingView) => void,
): TemplateResult {
  return html`<ol class="findings" aria-label=${t('What stands out')} tabindex="0">
    ${findings.map(
      (finding) =>
        html`<li class="finding ${finding.level}" data-kind=${finding.kind}>
          ${icon(finding.level === 'warning' ? 'warning' : 'info')}
          <div>
            <p class="finding-text">
              <span class="hidden-text">${finding.level === 'warning' ? t('Warning') : t('Note')}: </span
              >${visibleText(finding.text)}
              ${
                finding.commits.length === 0
                  ? nothing
                  : html`<button class="link" @click=${() => show(finding)}>${t('Show commits')}</button>`
              }
            </p>
            ${
              finding.evidence.length === 0
                ? nothing
                : html`<p class="evidence">${finding.evidence.map(visibleText).join(' ')}</p>`
            }
            ${finding.advice === undefined ? nothing : html`<p class="advice">${visibleText(finding.advice)}</p>`}
          </div>
        </li>`,
    )}
  </ol>`;
}
