import { html, nothing, type TemplateResult } from 'lit';
import type { Plan, ProduceModel } from '../../src/ui/panels/produce/protocol.ts';
import { icon } from '../shared/icon.ts';
import { t } from '../shared/l10n.ts';

/** The button that writes, what it would do in words, and what became of it. */
export function actionBar(
  { production, sending, outcome, replayOf, readOnly }: ProduceModel,
  { sentences, canSend }: Plan,
  act: { readonly send: () => void; readonly cancel: () => void },
): TemplateResult {
  const verb = replayOf === undefined ? t('Write') : t('Replay');
  return html`<div class="action">
    ${
      sending === undefined
        ? html`<button
            class="button primary send"
            title=${t('{0} (Ctrl+Enter)', verb)}
            ?disabled=${!canSend || readOnly}
            @click=${act.send}
          >
            ${production ? `${verb}...` : verb}
          </button>`
        : html`<button class="button" @click=${act.cancel}>${t('Cancel')}</button>`
    }
    ${production ? html`<span class="mark">${t('production')}</span>` : nothing}
    <span class="said"
      >${
        sending === undefined
          ? sentences.join(' ')
          : html`${icon('loading', 'codicon-modifier-spin')}
            ${t('{0} of {1} answered', sending.done.toLocaleString('en-US'), sending.total.toLocaleString('en-US'))}`
      }</span
    >
    ${
      outcome === undefined
        ? nothing
        : html`<span class="outcome ${outcome.good ? 'good' : 'bad'}" role=${outcome.good ? 'status' : 'alert'}
            >${icon(outcome.good ? 'check' : 'error')} ${outcome.text}</span
          >`
    }
  </div>`;
}
