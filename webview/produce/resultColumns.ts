import { html } from 'lit';
import type { ResultRow } from '../../src/ui/panels/produce/protocol.ts';
import { icon } from '../shared/icon.ts';
import { t } from '../shared/l10n.ts';
import type { Column } from '../shared/tableModel.ts';
import { exact, nameCell, timeCell, wholeTime } from '../shared/text.ts';

export function resultWord({ kind }: ResultRow): string {
  switch (kind) {
    case 'written':
      return t('written');
    case 'failed':
      return t('not written');
    case 'unknown':
      return t('not known');
    case 'not-sent':
      return t('not sent');
  }
}

const icons = { written: 'check', failed: 'error', unknown: 'question', 'not-sent': 'circle-slash' };

/** Of the list of what was sent. */
export function resultColumns(): Column<ResultRow>[] {
  return [
    {
      id: 'sentAt',
      title: t('Sent'),
      width: 76,
      text: (row) => new Date(row.sentAt).toISOString(),
      cell: (row) => timeCell(row.sentAt),
      key: (row) => row.sentAt,
    },
    {
      id: 'number',
      title: t('Record'),
      hint: t('Its place among those that were sent together'),
      width: 64,
      end: true,
      text: (row) => String(row.number),
      key: (row) => row.number,
    },
    {
      id: 'kind',
      title: t('Result'),
      width: 116,
      text: resultWord,
      cell: (row) => html`<span class="row-state ${row.kind}">${icon(icons[row.kind])} ${resultWord(row)}</span>`,
      hover: (row) => row.message,
      key: resultWord,
    },
    {
      id: 'topic',
      title: t('Topic'),
      width: 120,
      text: (row) => row.topic,
      cell: (row) => nameCell(row.topic),
      key: (row) => row.topic,
    },
    {
      id: 'partition',
      title: t('Partition'),
      width: 72,
      end: true,
      text: (row) => String(row.partition),
      key: (row) => row.partition,
    },
    {
      id: 'offset',
      title: t('Offset'),
      width: 150,
      end: true,
      text: (row) => row.offset ?? '',
      cell: (row) => exact(row.offset),
      hover: (row) => row.message,
      key: (row) => (row.offset === undefined ? undefined : BigInt(row.offset)),
    },
    {
      id: 'timestamp',
      title: t('Timestamp'),
      hint: t('CreateTime, or where the topic says so the time of the broker'),
      width: 160,
      end: true,
      text: (row) => row.timestamp ?? '',
      cell: (row) => (row.timestamp === undefined ? '-' : shownTime(row.timestamp)),
      hover: (row) => (isDate(row.timestamp) ? wholeTime(Number(row.timestamp)) : row.message),
      key: (row) => (row.timestamp === undefined ? undefined : BigInt(row.timestamp)),
    },
    {
      id: 'message',
      title: t('Reason'),
      width: 160,
      grow: true,
      text: (row) => row.message ?? '',
      hover: (row) => row.message,
      key: (row) => row.message,
    },
  ];
}

function isDate(digits: string | undefined): boolean {
  return digits !== undefined && Number(digits) < 8.64e15 - 86_400_000;
}

function shownTime(digits: string): string {
  return isDate(digits) ? wholeTime(Number(digits)).slice(0, 19).replace('T', ' ') : digits;
}
