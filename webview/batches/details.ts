import { html, nothing, type TemplateResult } from 'lit';
import type { BatchItem, RecordItem } from '../../src/ui/panels/batches/protocol.ts';
import { icon } from '../shared/icon.ts';
import { byteCount } from '../shared/counted.ts';
import { t } from '../shared/l10n.ts';
import { exact } from '../shared/text.ts';
import { localTime, stateClass, stateIcon, stateMeaning, stateWord, timeHover } from './columns.ts';

/** What is known of the records of the batch on show. */
export interface ShownRecords {
  readonly records: readonly RecordItem[];
  readonly count: number;
  readonly problem?: string | undefined;
}

export interface DetailsActions {
  readonly close: () => void;
  readonly more: () => void;
  readonly replay: (offset: string) => void;
}

/** All facts of one batch, and its records. */
export function batchDetails(
  row: BatchItem,
  records: ShownRecords | undefined,
  actions: DetailsActions,
): TemplateResult {
  const fact = (label: string, value: unknown): TemplateResult =>
    html`<dt>${label}</dt>
      <dd>${value ?? '-'}</dd>`;
  const time = (digits: string | undefined): unknown =>
    digits === undefined ? undefined : html`<span title=${timeHover(digits) ?? nothing}>${localTime(digits)}</span>`;
  const meaning = stateMeaning(row);
  const producer =
    row.producerId === undefined ? t('not idempotent') : `${row.producerId}, ${t('epoch')} ${row.producerEpoch}`;
  return html`<aside class="details batch" aria-label=${t('Details of the batch at {0}', row.baseOffset)}>
    <div class="details-head">
      <h2>${exact(row.baseOffset)} – ${exact(row.lastOffset)}</h2>
      <vscode-toolbar-button
        icon="close"
        label=${t('Close (Escape)')}
        title=${t('Close (Escape)')}
        @click=${actions.close}
      ></vscode-toolbar-button>
    </div>
    ${
      meaning === undefined
        ? nothing
        : html`<p class="row-state note ${stateClass(row)}">${icon(stateIcon(row))} ${stateWord(row)}. ${meaning}</p>`
    }
    <dl>
      ${fact(t('Records'), exact(row.count?.toString()))} ${fact(t('Size'), t('{0} bytes', exact(String(row.size))))}
      ${fact(t('Unpacked'), row.unpackedSize === undefined ? undefined : t('{0} bytes', exact(String(row.unpackedSize))))}
      ${fact(t('Compression'), `${row.compression ?? '-'}${row.ratio === undefined ? '' : `, ${row.ratio.toFixed(2)} : 1`}`)}
      ${fact(t('Latest time'), time(row.maxTimestamp))} ${fact(t('Time type'), row.timestampType)}
      ${fact(t('Producer'), row.magic === 2 ? producer : undefined)}
      ${fact(t('Sequence'), row.baseSequence === undefined ? undefined : `${row.baseSequence} – ${row.lastSequence}`)}
      ${fact(t('Transactional'), row.transactional ? t('yes') : t('no'))}
      ${row.control === undefined ? nothing : fact(t('Control'), row.control)}
      ${row.coordinatorEpoch === undefined ? nothing : fact(t('Coordinator epoch'), row.coordinatorEpoch)}
      ${fact(t('Delete horizon'), time(row.deleteHorizon))} ${fact(t('Leader epoch'), row.leaderEpoch)}
      ${fact(t('Magic'), row.magic)}
      ${fact(t('CRC'), row.crcValid === false ? t('{0}, the bytes give {1}', row.crc ?? '-', row.computedCrc ?? '-') : row.crc)}
    </dl>
    ${row.problem === undefined ? recordsView(row, records, actions) : nothing}
  </aside>`;
}

function recordsView(row: BatchItem, shown: ShownRecords | undefined, actions: DetailsActions): TemplateResult {
  if (shown === undefined) return html`<p class="quiet" role="status">${t('Reading its records')}</p>`;
  if (shown.problem !== undefined)
    return html`<p class="row-state note damaged" role="alert">${icon('error')} ${shown.problem}</p>`;
  if (shown.count === 0) return html`<p class="quiet">${t('It holds no records any more.')}</p>`;
  const cell = (text: string | null): TemplateResult =>
    text === null ? html`<span class="quiet">null</span>` : html`<bdi title=${text}>${text}</bdi>`;
  const replays = row.control === undefined;
  return html`<table class="records" aria-label=${t('Records of the batch')}>
      <thead>
        <tr>
          <th class="offset">${t('Offset')}</th>
          <th>${t('Key')}</th>
          <th>${t('Value')}</th>
          ${replays ? html`<th class="act"></th>` : nothing}
        </tr>
      </thead>
      <tbody>
        ${shown.records.map(
          (record) =>
            html`<tr
              title=${`${localTime(record.timestamp)}\n${byteCount(record.size)}\n${record.headers === 1 ? t('1 header') : t('{0} headers', record.headers)}`}
            >
              <td>${exact(record.offset)}</td>
              <td>${cell(record.key)}</td>
              <td>${cell(record.value)}</td>
              ${
                replays
                  ? html`<td class="act">
                      <vscode-toolbar-button
                        icon="debug-rerun"
                        label=${t('Replay record {0}', record.offset)}
                        title=${t('Replay record {0}', record.offset)}
                        @click=${() => actions.replay(record.offset)}
                      ></vscode-toolbar-button>
                    </td>`
                  : nothing
              }
            </tr>`,
        )}
      </tbody>
    </table>
    ${
      shown.records.length < shown.count
        ? html`<button class="link" @click=${actions.more}>
            ${t('Show more of its {0} records', shown.count.toLocaleString('en-US'))}
          </button>`
        : nothing
    }`;
}
