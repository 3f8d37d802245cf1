import { html, nothing, type TemplateResult } from 'lit';
import type { StuckFinding } from '../../src/ui/panels/stuck/protocol.ts';
import { visibleText } from '../../src/shared/visibleText.ts';
import { icon } from '../shared/icon.ts';
import { t } from '../shared/l10n.ts';
import { button } from '../shared/toolbar.ts';
import { levelIcon, levelWord } from './words.ts';

export interface FindingActions {
  readonly copy: (text: string) => void;
  readonly show: (offset: string) => void;
  /** The record is there and not on show. */
  readonly canShow: (offset: string) => boolean;
}

/** What was found, most telling first, each with what it was told from. */
export function findingsView(findings: readonly StuckFinding[], actions: FindingActions): TemplateResult {
  return html`<ol class="findings" aria-label=${t('What was found')}>
    ${findings.map((finding, index) => findingView(finding, index === 0, actions))}
  </ol>`;
}

/** @param isVerdict its sentence is the page's first line already. */
function findingView(
  finding: StuckFinding,
  isVerdict: boolean,
  { copy, show, canShow }: FindingActions,
): TemplateResult | typeof nothing {
  const { level, text, evidence, advice, commands, offset } = finding;
  if (isVerdict && evidence.length + commands.length === 0 && advice === undefined) return nothing;
  return html`<li class="finding ${level}" data-kind=${finding.kind}>
    ${icon(levelIcon(level))}
    <div>
      <p class="finding-text">
        <span class="hidden-text">${levelWord(level)}: </span
        >${isVerdict ? html`<strong>${t('Why')}</strong>` : visibleText(text)}
        ${
          offset === undefined || !canShow(offset)
            ? nothing
            : html`<button class="link" @click=${() => show(offset)}>${t('Show record')}</button>`
        }
      </p>
      ${
        evidence.length === 0
          ? nothing
          : html`<ul class="evidence">
              ${evidence.map((line) => html`<li>${visibleText(line)}</li>`)}
            </ul>`
      }
      ${advice === undefined ? nothing : html`<p class="advice">${visibleText(advice)}</p>`}
      ${commands.map(
        (command) =>
          html`<div class="command">
            <span class="quiet">${command.label}</span>
            <div class="command-line">
              <code>${visibleText(command.text)}</code>${button('copy', t('Copy command'), () => copy(command.text))}
            </div>
          </div>`,
      )}
    </div>
  </li>`;
}
