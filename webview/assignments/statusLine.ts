import { html, nothing, type TemplateResult } from 'lit';
import type { HistoryModel, HistorySource } from '../../src/ui/panels/assignments/protocol.ts';
import { formatCount } from '../../src/shared/format.ts';
import { t } from '../shared/l10n.ts';
import { momentText } from './readout.ts';
import { lagScaleText } from './scene.ts';

export interface StatusFacts {
  /** Lanes that pass the filter, and all. */
  readonly shown: number;
  readonly all: number;
  readonly rebalances: number;
  /** What the lag lines go up to; undefined where lag is not shown. */
  readonly highestLag: number | undefined;
  readonly now: number;
}

export function statusLine({ sources, from }: HistoryModel, facts: StatusFacts): TemplateResult {
  const { shown, all, rebalances, highestLag, now } = facts;
  const lanes = all === 1 ? t('1 lane') : t('{0} lanes', formatCount(all));
  const count = shown === all ? lanes : t('{0} of {1} lanes', formatCount(shown), formatCount(all));
  const happened = rebalances === 1 ? t('1 rebalance') : t('{0} rebalances', formatCount(rebalances));
  return html`<footer class="status">
    <span>${count}, ${happened}</span>
    ${highestLag === undefined ? nothing : html`<span>${highestLag > 0 ? lagScaleText(highestLag) : t('no lag is known of these lanes')}</span>`}
    <span class="spring"></span>
    ${from === undefined ? nothing : html`<span>${t('told since {0}', momentText(from, now))}</span>`}
    <span>${sources.map(sourceName).join(', ')}</span>
  </footer>`;
}

function sourceName(source: HistorySource): string {
  switch (source) {
    case 'topic':
      return t('from __consumer_offsets');
    case 'poll':
      return t('from polls');
    case 'log':
      return t('from logs');
  }
}
