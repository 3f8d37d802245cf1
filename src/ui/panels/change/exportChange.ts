import { csvCell } from '../exportRows.ts';
import type { ExportFormat } from '../protocol.ts';
import type { ChangeItem } from './protocol.ts';

type Cell = string | number | undefined;

const fields: readonly { readonly name: string; readonly bare: boolean; readonly of: (item: ChangeItem) => Cell }[] = [
  { name: 'group', bare: false, of: ({ group }) => group },
  { name: 'topic', bare: false, of: ({ topic }) => topic },
  { name: 'partition', bare: true, of: ({ partition }) => partition },
  { name: 'members', bare: true, of: ({ reader }) => reader?.members },
  { name: 'commits', bare: true, of: ({ reader }) => reader?.commits },
  { name: 'lag', bare: true, of: ({ reader }) => reader?.lag },
  { name: 'member', bare: false, of: ({ member }) => member?.id },
  { name: 'config', bare: false, of: ({ config }) => config?.name },
  { name: 'before', bare: false, of: ({ before, config }) => config?.before ?? before ?? undefined },
  { name: 'after', bare: false, of: ({ after, config }) => config?.after ?? (after === null ? 'deleted' : after) },
  { name: 'skipped', bare: true, of: ({ skipped }) => skipped },
  { name: 'again', bare: true, of: ({ again }) => again },
  { name: 'warning', bare: false, of: ({ warning }) => warning },
  { name: 'error', bare: false, of: ({ error }) => error },
  { name: 'outcome', bare: false, of: ({ outcome }) => outcome },
  { name: 'found', bare: false, of: ({ found }) => found ?? undefined },
  { name: 'message', bare: false, of: ({ message }) => message },
];

/** The plan as a file, with what became of it. Offsets have all their digits; what is not known is empty, in JSON null. */
export function exportChange(items: readonly ChangeItem[], format: ExportFormat): string {
  if (format === 'csv') {
    const lines = [fields.map(({ name }) => name), ...items.map((item) => fields.map(({ of }) => of(item)))];
    return lines.map((line) => `${line.map(csvCell).join(',')}\r\n`).join('');
  }
  const lines = items.map((item) => {
    const pairs = fields.map(({ name, bare, of }) => {
      const value = of(item);
      return `"${name}": ${value === undefined ? 'null' : bare ? String(value) : JSON.stringify(value)}`;
    });
    return `  { ${pairs.join(', ')} }`;
  });
  return `[\n${lines.join(',\n')}\n]\n`;
}
