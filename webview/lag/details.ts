import { html, type TemplateResult } from 'lit';
import type { LagRow, MemberInfo } from '../../src/ui/panels/protocol.ts';
import { t } from '../shared/l10n.ts';
import { catchUp, exact, nameCell, rate, timeCell } from '../shared/text.ts';
import { stateNote } from './rows.ts';
import { timeLagHover, timeLagText } from './timeLag.ts';

/** All facts of one partition. */
export function partitionDetails(
  row: LagRow,
  owner: MemberInfo | undefined,
  now: number,
  { close, explain, tail }: { readonly close: () => void; readonly explain: () => void; readonly tail: () => void },
): TemplateResult {
  const fact = (label: string, value: unknown): TemplateResult =>
    html`<dt>${label}</dt>
      <dd>${value}</dd>`;
  return html`<aside class="details" aria-label=${t('Details of {0}-{1}', row.topic, row.partition)}>
    <div class="details-head">
      <h2>${nameCell(`${row.topic}-${row.partition}`)}</h2>
      <vscode-toolbar-button
        icon="close"
        label=${t('Close (Escape)')}
        title=${t('Close (Escape)')}
        @click=${close}
      ></vscode-toolbar-button>
    </div>
    ${stateNote(row)}
    <p>
      <button class="link" @click=${explain}>${t('What is it stuck on?')}</button>
      <button class="link" @click=${tail}>${t('Tail its records')}</button>
    </p>
    <dl>
      ${fact(t('Lag'), exact(row.lag))} ${fact(t('Lag to the LSO'), exact(row.stableLag))}
      ${fact(t('Time lag'), html`<span title=${timeLagHover(row) ?? ''}>${timeLagText(row, now)}</span>`)}
      ${fact(t('Log start'), exact(row.start))} ${fact(t('Committed'), exact(row.committed))}
      ${fact(t('LSO'), exact(row.lastStable))} ${fact(t('Log end'), exact(row.end))}
      ${fact(t('Consumed/s'), rate(row.consume))} ${fact(t('Produced/s'), rate(row.produce))}
      ${fact(t('Catches up in'), catchUp(row.catchUp))}
      ${fact(t('Last commit'), row.committedAt === undefined ? t('not changed since watching began') : timeCell(row.committedAt))}
      ${
        owner === undefined
          ? fact(t('Owner'), t('unassigned'))
          : html`${fact(t('Owner'), nameCell(owner.name))} ${fact(t('Member id'), nameCell(owner.id))}
            ${fact(t('Client id'), nameCell(owner.clientId))} ${fact(t('Host'), nameCell(owner.host))}`
      }
    </dl>
  </aside>`;
}
