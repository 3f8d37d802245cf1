import type { JournalEntry } from '../../../changes/journal/entry.ts';
import { exportEntries } from '../../../changes/journal/json.ts';
import { csvCell } from '../exportRows.ts';
import type { ExportFormat } from '../protocol.ts';
import { itemsOf } from './entryDetails.ts';

const header = [
  'time',
  'cluster',
  'clusterId',
  'change',
  'subject',
  'state',
  'name',
  'topic',
  'partition',
  'before',
  'after',
  'outcome',
  'found',
  'message',
];

/** Entries as a file: JSON that the journal reads back whole, or CSV with a line for each partition. */
export function exportJournal(entries: readonly JournalEntry[], format: ExportFormat): string {
  if (format === 'json') return exportEntries(entries);
  const lines = entries.flatMap((entry) => {
    const { when, cluster, clusterId, kind, subject, state, name } = entry;
    const own = [new Date(when).toISOString(), cluster, clusterId, kind, subject, state, name];
    const items = itemsOf(entry);
    if (items.length === 0) return [own];
    return items.map(({ topic, partition, before, after, outcome, found, message }) => [
      ...own,
      topic,
      partition,
      before ?? undefined,
      after === null ? 'deleted' : after,
      outcome,
      found ?? undefined,
      message,
    ]);
  });
  const padded = lines.map((line) => [
    ...line,
    ...Array.from({ length: header.length - line.length }, () => undefined),
  ]);
  return [header, ...padded].map((line) => `${line.map(csvCell).join(',')}\r\n`).join('');
}
