import { html, nothing } from 'lit';
import { formatBytes } from '../../src/shared/bytes.ts';
import { visibleText } from '../../src/shared/visibleText.ts';
import type { StuckField, StuckRecord } from '../../src/ui/panels/stuck/protocol.ts';
import { icon } from '../shared/icon.ts';
import { t } from '../shared/l10n.ts';
import type { Column } from '../shared/tableModel.ts';
import { exact, timeCell, wholeTime } from '../shared/text.ts';
import { stateIcon, stateWord } from './words.ts';

/** The table of neighbours. */
export const neighbourColumns: readonly Column<StuckRecord>[] = [
  {
    id: 'place',
    title: '',
    hint: t('Where the group stands'),
    width: 30,
    text: (record) => (record.place === 'next' ? t('next') : ''),
    cell: (record) =>
      record.place === 'next' ? html`${icon('arrow-right')}<span class="hidden-text">${t('next')}</span>` : nothing,
    hover: (record) => (record.place === 'next' ? t('The next record that the consumer is handed') : undefined),
    key: (record) => BigInt(record.offset),
  },
  {
    id: 'offset',
    title: t('Offset'),
    width: 76,
    end: true,
    text: (record) => record.offset,
    cell: (record) => exact(record.offset),
    key: (record) => BigInt(record.offset),
  },
  {
    id: 'time',
    title: t('Time'),
    width: 84,
    text: (record) => (record.timestamp === undefined ? '' : new Date(record.timestamp).toISOString()),
    cell: (record) => (record.timestamp === undefined ? '-' : timeCell(record.timestamp)),
    hover: (record) => (record.timestamp === undefined ? t('The record has no time.') : wholeTime(record.timestamp)),
    key: (record) => record.timestamp,
  },
  {
    id: 'state',
    title: t('State'),
    width: 96,
    text: stateWord,
    cell: (record) => {
      const word = stateWord(record);
      return word === '' ? nothing : html`<span class="record-state">${icon(stateIcon(record))} ${word}</span>`;
    },
    hover: (record) => record.value?.problem ?? record.damage,
    key: (record) => stateWord(record) || undefined,
  },
  {
    id: 'key',
    title: t('Key'),
    width: 90,
    text: (record) => textOf(record.key, record),
    cell: (record) => fieldCell(record.key, record),
    key: (record) => record.key?.preview,
  },
  {
    id: 'value',
    title: t('Value'),
    width: 160,
    grow: true,
    text: (record) => textOf(record.value, record),
    cell: (record) => fieldCell(record.value, record),
    key: (record) => record.value?.preview,
  },
  {
    id: 'format',
    title: t('Format'),
    hint: t('Of the value'),
    width: 70,
    text: (record) => record.value?.label ?? '',
    key: (record) => record.value?.label,
  },
  {
    id: 'size',
    title: t('Size'),
    hint: t('Of the record, unpacked'),
    width: 66,
    end: true,
    text: (record) => String(record.size),
    cell: (record) => formatBytes(record.size),
    key: (record) => record.size,
  },
];

function textOf(field: StuckField | null, { marker }: StuckRecord): string {
  if (marker !== undefined) return '';
  return field === null ? 'null' : visibleText(field.preview);
}

function fieldCell(field: StuckField | null, record: StuckRecord): unknown {
  if (record.marker !== undefined) return nothing;
  if (field === null) return html`<span class="quiet">null</span>`;
  return html`<bdi class="preview ${field.problem === undefined ? '' : 'bad'}" title=${visibleText(field.preview)}
    >${visibleText(field.preview)}</bdi
  >`;
}
