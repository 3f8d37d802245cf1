import { html, nothing, type TemplateResult } from 'lit';
import type { Notice } from '../../src/ui/panels/tail/protocol.ts';
import { visibleText } from '../../src/shared/visibleText.ts';
import { icon } from '../shared/icon.ts';
import { t } from '../shared/l10n.ts';
import { timeOfDay } from '../shared/text.ts';
import { button } from '../shared/toolbar.ts';
import { noticeIcon } from './rows.ts';

/**
 * The newest of the notices that ask for attention and have not been seen, until somebody dismisses them; all are rows of the table
 * besides. `seenUntil`: ms since 1970 by the host's clock.
 */
export function noticeBanner(
  notices: readonly Notice[],
  seenUntil: number,
  dismiss: (until: number) => void,
): TemplateResult | typeof nothing {
  const open = notices.filter(({ severity, at }) => severity !== 'info' && at > seenUntil);
  const [newest] = open;
  if (newest === undefined) return nothing;
  const line = ({ at, partition, message }: Notice): string =>
    `${timeOfDay(at)} ${partition === undefined ? '' : `${t('partition {0}', partition)}: `}${visibleText(message)}`;
  return html`<div class="notice ${newest.severity === 'error' ? 'failed' : ''}" role="status">
    ${icon(noticeIcon(newest))}<span title=${open.map(line).join('\n')}
      >${line(newest)}${open.length > 1 ? html` <span class="quiet">${t('({0} more)', open.length - 1)}</span>` : nothing}</span
    >
    ${button('close', t('Dismiss'), () => dismiss(Math.max(...open.map(({ at }) => at))))}
  </div>`;
}
