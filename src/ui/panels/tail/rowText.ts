import type { ExtraColumn, Preview, TailRow } from './protocol.ts';

/** A row as a line of tab-separated cells, one for each column of the page by its id. Previews are on one line and hold no tabs. */
export function rowText(
  row: TailRow,
  columns: readonly { readonly id: string }[],
  extra: readonly Pick<ExtraColumn, 'id'>[],
): string {
  return columns.map(({ id }) => cellText(row, id, extra)).join('\t');
}

function cellText(row: TailRow, id: string, extra: readonly Pick<ExtraColumn, 'id'>[]): string {
  if (row.kind === 'notice') {
    if (id === 'partition') return row.notice.partition === undefined ? '' : String(row.notice.partition);
    if (id === 'time') return timeText(String(row.notice.at));
    return id === 'value' ? row.notice.message : '';
  }
  switch (id) {
    case 'partition':
      return String(row.partition);
    case 'offset':
      return row.offset;
    case 'size':
      return String(row.size);
  }
  if (row.kind === 'damaged') return id === 'value' ? row.message : id === 'state' ? 'damaged' : '';
  switch (id) {
    case 'time':
      return timeText(row.timestamp);
    case 'state':
      return row.control ?? row.transaction ?? '';
    case 'key':
    case 'value':
      return previewText(row[id]);
    case 'headers':
      return row.headers;
    default:
      return row.cells?.[extra.findIndex((column) => `extra-${column.id}` === id)] ?? '';
  }
}

function previewText({ kind, text }: Preview): string {
  return kind === 'null' ? 'null' : text;
}

function timeText(timestamp: string | undefined): string {
  if (timestamp === undefined) return '';
  const date = new Date(Number(timestamp));
  return Number.isNaN(date.getTime()) ? timestamp : date.toISOString();
}
