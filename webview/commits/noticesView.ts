import { html, nothing, type TemplateResult } from 'lit';
import { visibleText } from '../../src/shared/visibleText.ts';
import type { CommitsModel } from '../../src/ui/panels/commits/protocol.ts';
import { icon } from '../shared/icon.ts';
import { t } from '../shared/l10n.ts';

/** Why the topic is not read, or what it does not tell any more. */
export function lacksView(
  { failure, lacks, partitions }: CommitsModel,
  retry: () => void,
): TemplateResult | typeof nothing {
  if (failure !== undefined) {
    return html`<div class="notice failed" role="alert">
      ${icon('warning')}<span
        >${t('__consumer_offsets is not read: {0}', visibleText(failure))}
        ${partitions.length === 0 ? nothing : t('Past commits are unknown; where the group stands now is below.')}</span
      ><button class="link" @click=${retry}>${t('Retry')}</button>
    </div>`;
  }
  if (lacks.length === 0) return nothing;
  return html`<div class="notice" role="status">
    ${icon('info')}<span title=${lacks.join('\n')}>${lacks.join(' ')}</span>
  </div>`;
}

/** That only a finding's commits are listed. */
export function focusView(text: string, showAll: () => void): TemplateResult {
  return html`<div class="notice focus" role="status">
    ${icon('filter')}<span>${t('Only the commits of: {0}', visibleText(text))}</span
    ><button class="link" @click=${showAll}>${t('Show all')}</button>
  </div>`;
}
