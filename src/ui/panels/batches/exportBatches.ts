import { csvCell } from '../exportRows.ts';
import type { ExportFormat } from '../protocol.ts';
import type { BatchItem } from './protocol.ts';

interface Field {
  readonly name: string;
  /** A number or boolean, which JSON writes without quotes. */
  readonly bare: boolean;
  readonly of: (row: BatchItem) => string | number | boolean | undefined;
}

const fields: readonly Field[] = [
  { name: 'baseOffset', bare: true, of: (row) => row.baseOffset },
  { name: 'lastOffset', bare: true, of: (row) => row.lastOffset },
  { name: 'count', bare: true, of: (row) => row.count },
  { name: 'size', bare: true, of: (row) => row.size },
  { name: 'unpackedSize', bare: true, of: (row) => row.unpackedSize },
  { name: 'compression', bare: false, of: (row) => row.compression },
  { name: 'magic', bare: true, of: (row) => row.magic },
  { name: 'timestampType', bare: false, of: (row) => row.timestampType },
  { name: 'maxTimestamp', bare: true, of: (row) => row.maxTimestamp },
  { name: 'leaderEpoch', bare: true, of: (row) => row.leaderEpoch },
  { name: 'producerId', bare: true, of: (row) => row.producerId },
  { name: 'producerEpoch', bare: true, of: (row) => row.producerEpoch },
  { name: 'baseSequence', bare: true, of: (row) => row.baseSequence },
  { name: 'lastSequence', bare: true, of: (row) => row.lastSequence },
  { name: 'transactional', bare: true, of: (row) => row.transactional },
  { name: 'outcome', bare: false, of: (row) => row.outcome },
  { name: 'control', bare: false, of: (row) => row.control },
  { name: 'coordinatorEpoch', bare: true, of: (row) => row.coordinatorEpoch },
  { name: 'deleteHorizon', bare: true, of: (row) => row.deleteHorizon },
  { name: 'crc', bare: false, of: (row) => row.crc },
  { name: 'crcValid', bare: true, of: (row) => row.crcValid },
  { name: 'problem', bare: false, of: (row) => row.problem },
];

export interface ExportedBatches {
  readonly cluster: string;
  readonly topic: string;
  readonly partition: number;
  readonly rows: readonly BatchItem[];
}

/** The text of the file: every fact of the batches, integers with all their digits, unknown ones empty (CSV) or null (JSON). */
export function exportBatches({ cluster, topic, partition, rows }: ExportedBatches, format: ExportFormat): string {
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
  "topic": ${JSON.stringify(topic)},
  "partition": ${partition},
  "batches": [
${lines.join(',\n')}
  ]
}
`;
}
