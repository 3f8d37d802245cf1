import { html, nothing, type TemplateResult } from 'lit';
import { visibleText } from '../../src/shared/visibleText.ts';
import type { PlanItem } from '../../src/ui/panels/plan/protocol.ts';
import type { Peeked, ToResetPage } from '../../src/ui/panels/reset/protocol.ts';
import { icon } from '../shared/icon.ts';
import { t } from '../shared/l10n.ts';
import { planNote } from '../shared/planColumns.ts';
import { skeleton } from '../shared/stateViews.ts';
import { exact, nameCell } from '../shared/text.ts';
import { button } from '../shared/toolbar.ts';
import { localTime } from '../../src/shared/times.ts';

export type Peek = ToResetPage & { readonly type: 'peek' };

/** A partition of the plan, with the records that a consumer is handed before and after. */
export function rowDetails(row: PlanItem, peeked: Peek | undefined, close: () => void): TemplateResult {
  const note = planNote(row);
  const found =
    row.result?.isRead === true
      ? row.result.found === undefined
        ? t('no commit')
        : exact(row.result.found)
      : undefined;
  return html`<aside class="details" aria-label=${t('Details of {0}-{1}', row.topic, row.partition)}>
    <div class="details-head">
      <h2>${nameCell(`${row.topic}-${row.partition}`)}</h2>
      ${button('close', t('Close (Escape)'), close)}
    </div>
    ${note === '' ? nothing : html`<p class="note">${note}</p>`}
    ${found === undefined ? nothing : html`<p class="note">${t('Read back: {0}', found)}</p>`}
    <div class="records">
      <section>
        <h3>${t('Next record before, at {0}', exact(row.before))}</h3>
        ${peeked === undefined ? skeleton(3) : peekedView(peeked.before)}
      </section>
      ${
        row.move === 'delete' || row.move === 'none'
          ? nothing
          : html`<section>
              <h3>${t('Next record after, at {0}', exact(row.after))}</h3>
              ${peeked === undefined ? skeleton(3) : peekedView(peeked.after)}
            </section>`
      }
    </div>
  </aside>`;
}

function peekedView(peeked: Peeked): TemplateResult {
  if (peeked.kind === 'none') return html`<p class="quiet">${peeked.why}</p>`;
  const { offset, timestamp, key, value, format } = peeked.record;
  return html`<dl class="peeked">
    <dt>${t('Offset')}</dt>
    <dd>${exact(offset)}</dd>
    <dt>${t('Written')}</dt>
    <dd>${timestamp === undefined ? '-' : localTime(timestamp)}</dd>
    <dt>${t('Key')}</dt>
    <dd class="code">${visibleText(key)}</dd>
    <dt>${t('Value')}</dt>
    <dd class="code">
      ${format === '' ? nothing : html`<span class="quiet">${icon('symbol-field')} ${format}</span> `}${visibleText(value)}
    </dd>
  </dl>`;
}
