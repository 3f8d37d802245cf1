import { csvCell } from '../exportRows.ts';
import type { ExportFormat } from '../protocol.ts';
import type { CommitRow } from './protocol.ts';

interface Field {
  readonly name: string;
  /** A number or boolean, which JSON writes without quotes. */
  readonly bare: boolean;
  readonly of: (row: CommitRow) => string | number | boolean | undefined;
}

const iso = (at: number | undefined): string | undefined => {
  const date = new Date(at ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
};

const fields: readonly Field[] = [
  { name: 'time', bare: false, of: ({ at }) => iso(at) },
  { name: 'topic', bare: false, of: ({ topic }) => topic },
  { name: 'partition', bare: true, of: ({ partition }) => partition },
  { name: 'kind', bare: false, of: ({ kind }) => kind },
  { name: 'offset', bare: true, of: ({ offset }) => offset },
  { name: 'step', bare: true, of: ({ step }) => step },
  { name: 'intervalMs', bare: true, of: ({ interval }) => interval },
  { name: 'metadata', bare: false, of: ({ metadata }) => metadata },
  { name: 'leaderEpoch', bare: true, of: ({ leaderEpoch }) => leaderEpoch },
  { name: 'inTransaction', bare: true, of: ({ inTransaction }) => inTransaction ?? false },
  { name: 'expires', bare: false, of: ({ expires }) => iso(expires) },
  { name: 'groupThen', bare: false, of: ({ group }) => group },
  { name: 'generation', bare: true, of: ({ generation }) => generation },
  { name: 'ownerThen', bare: false, of: ({ owner }) => owner?.name },
  { name: 'ownerMemberId', bare: false, of: ({ owner }) => owner?.memberId },
  { name: 'ownerHost', bare: false, of: ({ owner }) => owner?.host },
  { name: 'certainty', bare: false, of: ({ why }) => why?.certainty },
  { name: 'because', bare: false, of: ({ why }) => why?.because },
  { name: 'position', bare: true, of: ({ position }) => position },
];

export interface ExportedCommits {
  readonly cluster: string;
  readonly group: string;
  readonly place: string | undefined;
  readonly rows: readonly CommitRow[];
}

/** The text of the file: every fact of the commits, integers with all their digits, unknown ones empty (CSV) or null (JSON). */
export function exportCommits({ cluster, group, place, rows }: ExportedCommits, format: ExportFormat): string {
  if (format === 'csv') {
    const lines = [fields.map(({ name }) => name), ...rows.map((row) => fields.map(({ of }) => of(row)))];
    return lines.map((line) => `${line.map(csvCell).join(',')}\r\n`).join('');
  }
  const lines = rows.map((row) => {
    const pairs = fields.map(({ name, bare, of }) => {
      const value = of(row);
      return `"${name}": ${value === undefined ? 'null' : bare ? String(value) : JSON.stringify(value)}`;
    });
    return `    { ${pairs.join(', ')} }`;
  });
  return `{
  "cluster": ${JSON.stringify(cluster)},
  "group": ${JSON.stringify(group)},
  "readFrom": ${JSON.stringify(place ?? null)},
  "commits": [
${lines.join(',\n')}
  ]
}
`;
}
