import type { ExportFormat, LagRow, MemberInfo } from './protocol.ts';

type Cell = string | number | boolean | undefined;

/** A field of an export. `bare`: a number or boolean, which JSON writes without quotes. */
interface Field {
  readonly name: string;
  readonly bare: boolean;
  readonly of: (row: LagRow, owner: MemberInfo | undefined) => Cell;
}

const fields: readonly Field[] = [
  { name: 'topic', bare: false, of: (row) => row.topic },
  { name: 'partition', bare: true, of: (row) => row.partition },
  { name: 'state', bare: false, of: (row) => row.state },
  { name: 'memberId', bare: false, of: (row) => row.owner },
  { name: 'clientId', bare: false, of: (_row, owner) => owner?.clientId },
  { name: 'instanceId', bare: false, of: (_row, owner) => owner?.instanceId },
  { name: 'host', bare: false, of: (_row, owner) => owner?.host },
  { name: 'startOffset', bare: true, of: (row) => row.start },
  { name: 'committedOffset', bare: true, of: (row) => row.committed },
  { name: 'endOffset', bare: true, of: (row) => row.end },
  { name: 'lastStableOffset', bare: true, of: (row) => row.lastStable },
  { name: 'lag', bare: true, of: (row) => row.lag },
  { name: 'stableLag', bare: true, of: (row) => row.stableLag },
  { name: 'lostToRetention', bare: true, of: (row) => row.lost },
  { name: 'consumePerSecond', bare: true, of: (row) => row.consume },
  { name: 'producePerSecond', bare: true, of: (row) => row.produce },
  {
    name: 'secondsToCatchUp',
    bare: true,
    of: (row) => (typeof row.catchUp === 'number' ? row.catchUp : undefined),
  },
  {
    name: 'neverCatchesUp',
    bare: true,
    of: (row) => (row.catchUp === undefined ? undefined : row.catchUp === 'never'),
  },
  {
    name: 'lastCommitSeenAt',
    bare: false,
    of: (row) => (row.committedAt === undefined ? undefined : new Date(row.committedAt).toISOString()),
  },
  {
    name: 'nextRecordWrittenAt',
    bare: false,
    of: ({ next }) => (next?.kind === 'written' ? new Date(next.at).toISOString() : undefined),
  },
  { name: 'reason', bare: false, of: (row) => row.why },
];

export interface ExportedTable {
  readonly cluster: string;
  readonly group: string;
  readonly takenAt: number | undefined;
  readonly members: readonly MemberInfo[];
  readonly rows: readonly LagRow[];
}

/** The text of the file: every fact of the rows, offsets exact, unknown ones empty (CSV) or null (JSON). */
export function exportRows(table: ExportedTable, format: ExportFormat): string {
  const members = new Map(table.members.map((member) => [member.id, member]));
  const cells = table.rows.map((row) => {
    const owner = row.owner === undefined ? undefined : members.get(row.owner);
    return fields.map((field) => field.of(row, owner));
  });
  switch (format) {
    case 'csv':
      return [fields.map(({ name }) => name), ...cells].map((line) => `${line.map(csvCell).join(',')}\r\n`).join('');
    case 'json':
      return jsonText(table, cells);
  }
}

/** RFC 4180; a text that a spreadsheet would take for a formula is given a leading apostrophe. */
export function csvCell(value: Cell): string {
  if (value === undefined) return '';
  const text = String(value);
  if (/^-?\d+(\.\d+)?$/.test(text)) return text;
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Integers are written with all their digits, which JSON allows and JSON.stringify cannot do for texts. */
function jsonText({ cluster, group, takenAt }: ExportedTable, cells: readonly (readonly Cell[])[]): string {
  const lines = cells.map((line) => {
    const pairs = fields.map(({ name, bare }, index) => {
      const value = line[index];
      const text = value === undefined ? 'null' : bare ? String(value) : JSON.stringify(value);
      return `${JSON.stringify(name)}: ${text}`;
    });
    return `    { ${pairs.join(', ')} }`;
  });
  const at = takenAt === undefined ? null : new Date(takenAt).toISOString();
  return `{
  "cluster": ${JSON.stringify(cluster)},
  "group": ${JSON.stringify(group)},
  "takenAt": ${JSON.stringify(at)},
  "partitions": [
${lines.join(',\n')}
  ]
}
`;
}
