import { html, nothing } from 'lit';
import type { ExtraColumn, RecordRow, TailRow } from '../../src/ui/panels/tail/protocol.ts';
import { formatBytes } from '../../src/shared/bytes.ts';
import { visibleText } from '../../src/shared/visibleText.ts';
import { icon } from '../shared/icon.ts';
import { t } from '../shared/l10n.ts';
import type { Column } from '../shared/tableModel.ts';
import { exact, wholeTime } from '../shared/text.ts';
import { isMoment, localTime } from '../../src/shared/times.ts';
import { exactBytes, markCell, markOf, previewCell, previewHover, previewText } from './rows.ts';

/** What the cells of all rows need to know, as it is now. */
export interface ColumnContext {
  /** Groups whose commit is this record. */
  readonly standsAt: (partition: number, offset: string) => readonly string[] | undefined;
  readonly extra: readonly ExtraColumn[];
  readonly labels?: { readonly key: string; readonly value: string } | undefined;
  readonly wide: Wide;
  /** Some rows have groups standing at them. */
  readonly marked: boolean;
}

/** What rows need to be read whole; it only grows, so that columns do not jump. */
export interface Wide {
  /** Characters of the longest offset, with its separators. */
  readonly offset: number;
  /** How much of the date is said besides the time of day: records may be of another day, or of another year. */
  readonly date: 'none' | 'day' | 'year';
  /** Some rows are marked: without one, the column of marks is empty. */
  readonly marks: boolean;
}

export const narrow: Wide = { offset: 9, date: 'none', marks: false };

/** The same object as long as nothing is wider. */
export function widen(before: Wide, rows: readonly TailRow[], now: number): Wide {
  const today = new Date(now);
  let { offset, date, marks } = before;
  for (const row of rows) {
    marks ||= markOf(row) !== undefined;
    if (row.kind !== 'notice') offset = Math.max(offset, row.offset.length + Math.floor((row.offset.length - 1) / 3));
    const at = date === 'year' ? undefined : momentOf(row);
    if (at === undefined) continue;
    const day = new Date(at);
    if (day.getFullYear() !== today.getFullYear()) date = 'year';
    else if (day.toDateString() !== today.toDateString()) date = 'day';
  }
  const same = offset === before.offset && date === before.date && marks === before.marks;
  return same ? before : { offset, date, marks };
}

const timeWidths = { none: 106, day: 156, year: 194 };

/** All columns, in order; those of the host's own kind of record stand before the value. */
export function tailColumns({ standsAt, extra, labels, wide, marked }: ColumnContext): Column<TailRow>[] {
  const key = recordColumn('key', labels?.key ?? t('Key'), 110, (row) => row.key);
  return [
    {
      id: 'partition',
      title: t('Partition'),
      width: 68,
      end: true,
      text: (row) => String(partitionOf(row) ?? ''),
      cell: (row) => partitionOf(row) ?? nothing,
    },
    {
      id: 'offset',
      title: t('Offset'),
      width: (marked ? 46 : 30) + Math.round(wide.offset * 7.2),
      end: true,
      text: (row) => (row.kind === 'notice' ? '' : row.offset),
      cell: (row) => {
        if (row.kind === 'notice') return nothing;
        const groups = standsAt(row.partition, row.offset);
        return html`${groups === undefined ? nothing : icon('debug-stackframe', 'stands')}${exact(row.offset)}`;
      },
      hover: (row) => {
        if (row.kind === 'notice') return undefined;
        const groups = standsAt(row.partition, row.offset);
        if (groups === undefined) return exact(row.offset);
        return t('{0}: the next record of {1}', exact(row.offset), groups.map(visibleText).join(', '));
      },
    },
    {
      id: 'time',
      title: t('Time'),
      hint: t('Timestamp of the record, local time. A click sorts by time, another brings back the order of arrival'),
      width: timeWidths[wide.date],
      text: (row) => timeOf(row)?.iso ?? '',
      cell: (row) => {
        const time = timeOf(row);
        if (time === undefined) return row.kind === 'notice' ? nothing : '-';
        if (wide.date === 'none') return time.clock;
        return `${wide.date === 'year' ? time.day : time.day.slice(-5)} ${time.clock}`;
      },
      hover: (row) => timeHover(row),
      // The host sorts.
      key: () => undefined,
    },
    ...(labels === undefined ? [key] : []),
    ...extra.map(({ id, label, align }, nth): Column<TailRow> => ({
      id: `extra-${id}`,
      title: label,
      width: 110,
      end: align === 'end',
      text: (row) => (row.kind === 'record' ? (row.cells?.[nth] ?? '') : ''),
      cell: (row) => (row.kind === 'record' ? html`<bdi>${visibleText(row.cells?.[nth] ?? '')}</bdi>` : nothing),
      hover: (row) => (row.kind === 'record' ? visibleText(row.cells?.[nth] ?? '') : undefined),
    })),
    ...(labels === undefined ? [] : [key]),
    {
      ...recordColumn('value', labels?.value ?? t('Value'), 180, (row) => row.value),
      grow: true,
      text: (row) => (row.kind === 'record' ? previewText(row.value) : messageOf(row)),
      cell: (row) =>
        row.kind === 'record' ? previewCell(row.value) : html`<bdi class="said">${visibleText(messageOf(row))}</bdi>`,
      hover: (row) => (row.kind === 'record' ? previewHover(row.value) : visibleText(messageOf(row))),
    },
    {
      id: 'state',
      // Its room is the sentence's until there is something in it.
      hidden: labels !== undefined && !wide.marks,
      title: t('State'),
      hint: t('Transaction, control record, tombstone, damaged batch'),
      width: 108,
      text: (row) => markOf(row)?.word ?? '',
      cell: (row) => {
        const mark = markOf(row);
        return mark === undefined ? nothing : markCell(mark);
      },
      hover: (row) => markOf(row)?.meaning,
    },
    {
      id: 'size',
      // Their room is the sentence's.
      hidden: labels !== undefined,
      title: t('Size'),
      hint: t('Bytes of the record, uncompressed: key, value, headers and what encodes them'),
      width: 66,
      end: true,
      text: (row) => (row.kind === 'notice' ? '' : String(row.size)),
      cell: (row) => (row.kind === 'notice' ? nothing : formatBytes(row.size)),
      hover: (row) => (row.kind === 'notice' ? undefined : exactBytes(row.size)),
    },
    {
      id: 'headers',
      // Their room is the sentence's.
      hidden: labels !== undefined,
      title: t('Headers'),
      width: 110,
      text: (row) => (row.kind === 'record' ? row.headers : ''),
      cell: (row) =>
        row.kind !== 'record' || row.headerCount === 0
          ? nothing
          : html`<span class="quiet">${row.headerCount}</span> <bdi>${visibleText(row.headers)}</bdi>`,
      hover: (row) => (row.kind === 'record' && row.headerCount > 0 ? visibleText(row.headers) : undefined),
    },
  ];
}

function recordColumn(
  id: string,
  title: string,
  width: number,
  of: (row: RecordRow) => RecordRow['key'],
): Column<TailRow> {
  return {
    id,
    title,
    width,
    text: (row) => (row.kind === 'record' ? previewText(of(row)) : ''),
    cell: (row) => (row.kind === 'record' ? previewCell(of(row)) : nothing),
    hover: (row) => (row.kind === 'record' ? previewHover(of(row)) : undefined),
  };
}

function partitionOf(row: TailRow): number | undefined {
  return row.kind === 'notice' ? row.notice.partition : row.partition;
}

function messageOf(row: Exclude<TailRow, RecordRow>): string {
  return row.kind === 'notice' ? row.notice.message : row.message;
}

/** Milliseconds since 1970; undefined where there is no time, or none that a calendar has. */
export function momentOf(row: TailRow): number | undefined {
  if (row.kind === 'damaged') return undefined;
  const at = row.kind === 'notice' ? row.notice.at : row.timestamp === undefined ? undefined : Number(row.timestamp);
  return at === undefined || at < 0 || !isMoment(at) ? undefined : at;
}

function timeOf(row: TailRow): { readonly day: string; readonly clock: string; readonly iso: string } | undefined {
  const at = momentOf(row);
  if (at === undefined) return undefined;
  const [day = '', clock = ''] = localTime(at).slice(0, 23).split('T');
  return { day, clock, iso: new Date(at).toISOString() };
}

function timeHover(row: TailRow): string | undefined {
  const at = momentOf(row);
  if (row.kind === 'damaged') return t('A damaged batch has no times that could be trusted.');
  if (row.kind === 'notice') return at === undefined ? undefined : wholeTime(at);
  if (at === undefined) {
    return row.timestamp === undefined
      ? t('The record has no timestamp.')
      : t('{0} ms since 1970 is a time that no calendar has.', row.timestamp);
  }
  const kind =
    row.timestampType === 'LogAppendTime'
      ? t('set by the broker (LogAppendTime)')
      : t('set by the producer (CreateTime)');
  return `${wholeTime(at)}\n${kind}`;
}
