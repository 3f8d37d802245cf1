import { html, nothing, type TemplateResult } from 'lit';
import { formatBytes } from '../../src/shared/bytes.ts';
import { formatCount, formatDuration } from '../../src/shared/format.ts';
import { visibleText } from '../../src/shared/visibleText.ts';
import type { StuckField, StuckRecord } from '../../src/ui/panels/stuck/protocol.ts';
import { icon } from '../shared/icon.ts';
import { t } from '../shared/l10n.ts';
import { exact, nameCell, wholeTime } from '../shared/text.ts';
import { button } from '../shared/toolbar.ts';
import { localTime } from '../../src/shared/times.ts';
import { stateIcon, stateWord, timestampWord } from './words.ts';

export interface RecordActions {
  readonly copy: (text: string) => void;
  readonly open: () => void;
  readonly setRegistry: () => void;
}

/** One record, big. `now`: by the host's clock. */
export function recordView(record: StuckRecord, now: number, actions: RecordActions): TemplateResult {
  const word = stateWord(record);
  const age = record.timestamp === undefined ? undefined : now - record.timestamp;
  return html`<section class="record" aria-label=${t('Record {0}', exact(record.offset))}>
    <div class="record-head">
      <h2>${t('Record {0}', exact(record.offset))}</h2>
      ${word === '' ? nothing : html`<span class="record-state">${icon(stateIcon(record))} ${word}</span>`}
      <span class="quiet" title=${record.timestamp === undefined ? nothing : wholeTime(record.timestamp)}
        >${age === undefined ? t('no time') : age >= 0 ? t('{0} old', formatDuration(age)) : t('{0} in the future', formatDuration(-age))}</span
      >
    </div>
    ${record.damage === undefined ? nothing : html`<p class="problem-line">${icon('error')} ${visibleText(record.damage)}</p>`}
    ${
      record.marker === undefined
        ? html`${fieldView(t('Key'), record.key, undefined, actions)}
          ${fieldView(t('Value'), record.value, actions.open, actions)} ${headersView(record)}`
        : html`<p class="quiet">${t('A marker of a transaction: Kafka writes it, and hands it to no consumer.')}</p>`
    }
    ${factsView(record)}
  </section>`;
}

function fieldView(
  title: string,
  field: StuckField | null,
  open: (() => void) | undefined,
  { copy, setRegistry }: RecordActions,
): TemplateResult {
  if (field === null) {
    return html`<div class="field-head">
      <h3>${title}</h3>
      <span class="quiet">null</span>
    </div>`;
  }
  return html`<div class="field-head">
      <h3>${title}</h3>
      <span class="quiet">${field.label}, ${formatBytes(field.length)}${field.isCut ? t(', its beginning') : ''}</span>
      <span class="spring"></span>
      ${open === undefined ? nothing : button('go-to-file', t('Open {0} in an editor', title), open)}
      ${button('copy', t('Copy {0}', title), () => copy(field.text))}
    </div>
    ${
      field.problem === undefined
        ? nothing
        : html`<p class="problem-line">
            ${icon('error')} ${visibleText(field.problem)}
            ${
              field.wantsRegistry === true
                ? html`<button class="link" @click=${setRegistry}>${t('Set Schema Registry...')}</button>`
                : nothing
            }
          </p>`
    }
    <pre class="text" tabindex="0" aria-label=${title}>${lines(field.text)}</pre>`;
}

/** Line ends stay; whatever else is invisible or reorders text is written out. */
function lines(text: string): string {
  return text.split('\n').map(visibleTextWithTabs).join('\n');
}

function visibleTextWithTabs(line: string): string {
  return line.split('\t').map(visibleText).join('\t');
}

function headersView({ headers }: StuckRecord): TemplateResult | typeof nothing {
  if (headers.length === 0) return nothing;
  return html`<h3>${t('Headers')}</h3>
    <dl class="facts">
      ${headers.map(
        ({ key, value }) =>
          html`<dt>${nameCell(key)}</dt>
            <dd>
              ${value === null ? html`<span class="quiet">null</span>` : html`<bdi>${visibleText(value)}</bdi>`}
            </dd>`,
      )}
    </dl>`;
}

function factsView({ batch, timestamp, timestampType, outcome, size }: StuckRecord): TemplateResult {
  const fact = (label: string, value: unknown): TemplateResult =>
    html`<dt>${label}</dt>
      <dd>${value}</dd>`;
  const outcomes = {
    none: t('of none'),
    committed: t('committed'),
    aborted: t('aborted'),
    open: t('open'),
    unknown: t('unknown'),
  };
  const ratio =
    batch.compression === 'none' || batch.size === 0 ? '' : ` (${(batch.unpacked / batch.size).toFixed(1)}x)`;
  return html`<h3>${t('Record and batch')}</h3>
    <dl class="facts">
      ${fact(
        t('Time'),
        timestamp === undefined
          ? '-'
          : html`<span title=${wholeTime(timestamp)}>${localTime(timestamp)}</span>
              <span class="quiet">${timestampType}, ${timestampWord(timestampType)}</span>`,
      )}
      ${fact(t('Size'), formatBytes(size))}
      ${fact(
        t('Batch'),
        batch.count === 1
          ? t('{0} to {1}, 1 record', exact(batch.baseOffset), exact(batch.lastOffset))
          : t('{0} to {1}, {2} records', exact(batch.baseOffset), exact(batch.lastOffset), formatCount(batch.count)),
      )}
      ${fact(t('Batch size'), t('{0} as sent, {1} unpacked', formatBytes(batch.size), formatBytes(batch.unpacked)))}
      ${fact(t('Compression'), `${batch.compression}${ratio}`)}
      ${fact(t('Transaction'), batch.isTransactional ? outcomes[outcome] : outcomes.none)}
      ${fact(
        t('Producer'),
        batch.producer === undefined
          ? t('not idempotent')
          : t('{0}, epoch {1}, sequence {2}', batch.producer.id, batch.producer.epoch, batch.producer.sequence),
      )}
      ${fact(t('Leader epoch'), batch.leaderEpoch < 0 ? '-' : batch.leaderEpoch)}
      ${fact(t('Format'), t('version {0}, CRC {1} valid', batch.magic, `0x${batch.crc.toString(16).padStart(8, '0')}`))}
    </dl>`;
}
