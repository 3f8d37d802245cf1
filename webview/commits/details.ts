import { html, type TemplateResult } from 'lit';
import { recordCount } from '../shared/counted.ts';
import { formatDuration } from '../../src/shared/format.ts';
import { visibleText } from '../../src/shared/visibleText.ts';
import type { CommitRow } from '../../src/ui/panels/commits/protocol.ts';
import { icon } from '../shared/icon.ts';
import { t } from '../shared/l10n.ts';
import { exact, nameCell, wholeTime } from '../shared/text.ts';
import { signed } from './columns.ts';
import { certaintyWord, kindIcon, kindMeaning, kindWord, ownerHover, ownerWord } from './words.ts';

export interface CommitActions {
  readonly close: () => void;
  readonly only: () => void;
  readonly explain: () => void;
  /** The records from where the commit stands. */
  readonly tail: () => void;
  /** Its partition to its offset, or all partitions to where they were at that moment. */
  readonly reset: (what: 'partition' | 'all') => void;
}

/** All facts of one commit. */
export function commitDetails(row: CommitRow, { close, only, explain, tail, reset }: CommitActions): TemplateResult {
  const fact = (label: string, value: unknown, hover = ''): TemplateResult =>
    html`<dt>${label}</dt>
      <dd title=${hover}>${value}</dd>`;
  const name = `${row.topic}-${row.partition}`;
  const back = row.kind === 'rewind' ? row.step?.replace('-', '') : undefined;
  return html`<aside class="details" aria-label=${t('Details of a commit of {0}', name)}>
    <div class="details-head">
      <h2>${nameCell(name)}</h2>
      <vscode-toolbar-button
        icon="close"
        label=${t('Close (Escape)')}
        title=${t('Close (Escape)')}
        @click=${close}
      ></vscode-toolbar-button>
    </div>
    <p class="commit-kind ${row.kind}">
      ${icon(kindIcon(row.kind))} <b>${kindWord(row.kind)}</b>: ${kindMeaning(row.kind)}
    </p>
    ${
      row.why === undefined
        ? ''
        : html`<p class="why">
            ${visibleText(row.why.because)} <span class="quiet">(${certaintyWord(row.why.certainty)})</span>
          </p>`
    }
    <p>
      <button class="link" @click=${only}>${t('Only this partition')}</button>
      <button class="link" @click=${tail}>${t('Tail records from there')}</button>
      <button class="link" @click=${explain}>${t('What is it stuck on?')}</button>
    </p>
    <p>
      ${t('Plan a reset:')}
      ${
        row.offset === undefined
          ? ''
          : html`<button class="link" @click=${() => reset('partition')}>${t('this partition to this commit')}</button>`
      }
      <button class="link" @click=${() => reset('all')}>${t('all partitions as of then')}</button>
    </p>
    <dl>
      ${fact(t('Time'), html`<span class="lines">${wholeTime(row.at)}</span>`)} ${fact(t('Offset'), exact(row.offset))}
      ${fact(t('Step'), signed(row.step))}
      ${back === undefined ? '' : fact(t('Processed twice'), recordCount(BigInt(back)))}
      ${row.kind === 'jump' ? fact(t('Skipped'), recordCount(BigInt(row.step ?? 0))) : ''}
      ${fact(t('After'), row.interval === undefined ? '-' : formatDuration(row.interval))}
      ${fact(t('Owner then'), nameCell(ownerWord(row)), visibleText(ownerHover(row)))}
      ${
        row.owner === undefined
          ? ''
          : html`${fact(t('Member id'), nameCell(row.owner.memberId))}
            ${fact(t('Host'), nameCell(row.owner.host || '-'))}`
      }
      ${fact(t('Generation'), row.generation ?? '-')} ${fact(t('Leader epoch'), row.leaderEpoch ?? '-')}
      ${fact(t('Metadata'), row.metadata === undefined ? '-' : html`<bdi class="lines">${visibleText(row.metadata)}</bdi>`)}
      ${row.inTransaction === true ? fact(t('Transaction'), t('Committed by a producer, in a transaction')) : ''}
      ${row.expires === undefined ? '' : fact(t('Expires'), html`<span class="lines">${wholeTime(row.expires)}</span>`)}
      ${fact(t('Position'), exact(row.position), t("Offset of the record in the group's partition of __consumer_offsets"))}
    </dl>
  </aside>`;
}
