import { html, nothing, type TemplateResult } from 'lit';
import type { CommitsModel } from '../../src/ui/panels/commits/protocol.ts';
import { icon } from '../shared/icon.ts';
import { t } from '../shared/l10n.ts';
import { exact, nameCell, timeOfDay, wholeTime } from '../shared/text.ts';

/** @param rows how many there are, are shown and are selected. */
export function statusLine(
  { place, pending, progress, failure, partitions }: CommitsModel,
  rows: string,
): TemplateResult {
  const last = partitions.reduce((newest, { lastAt = 0 }) => Math.max(newest, lastAt), 0);
  return html`<footer class="status">
    <span>${rows}</span>
    <span class="spring"></span>
    ${pending === 0 ? nothing : html`<span>${t('{0} in open transactions', exact(String(pending)))}</span>`}
    ${last === 0 ? nothing : html`<span title=${wholeTime(last)}>${t('last commit {0}', timeOfDay(last))}</span>`}
    ${place === undefined ? nothing : html`<span>${nameCell(place)}</span>`}
    ${
      failure !== undefined
        ? html`<span>${icon('warning')} ${t('not read')}</span>`
        : progress === undefined
          ? html`<span>${t('follows live')}</span>`
          : html`<progress max="1" .value=${progress} aria-label=${t('Reading')}></progress>
              <span>${t('reading, {0}%', Math.floor(progress * 100))}</span>`
    }
  </footer>`;
}
