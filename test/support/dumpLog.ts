import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ratioOf, isCrcValid, type BatchRow } from '../../src/records/batchListRow.ts';
import { runTool, type Kafka } from '../../tools/kafka.ts';

/** What both a list of batches and Kafka's DumpLogSegments say of a batch, in its words; positions in files left out. */
export type Dumped = Readonly<Record<string, string>>;

/** The batches of a partition's files on the disk of the first broker, as Kafka's tool prints them. */
export async function dumpLog(kafka: Kafka, topic: string, partition = 0): Promise<Dumped[]> {
  const folder = join(kafka.nodes[0]!.folder, 'data', `${topic}-${partition}`);
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.log'))
    .sort()
    .map((name) => join(folder, name));
  const mainClass = kafka.version.startsWith('2.')
    ? 'kafka.tools.DumpLogSegments'
    : 'org.apache.kafka.tools.DumpLogSegments';
  const args = ['--deep-iteration', '--files', files.join(',')];
  let { stdout, stderr, code } = await runTool(mainClass, args, { version: kafka.version });
  if (code !== 0 && /ClassNotFound|could not find or load/i.test(stderr)) {
    ({ stdout, stderr, code } = await runTool('kafka.tools.DumpLogSegments', args, { version: kafka.version }));
  }
  if (code !== 0) throw new Error(`${stdout}${stderr}`);
  const batches: Record<string, string>[] = [];
  for (const line of stdout.split('\n')) {
    if (/^(baseOffset|offset): /.test(line) && / magic: /.test(line)) batches.push(fieldsOf(line));
    else if (/endTxnMarker/.test(line))
      Object.assign(batches.at(-1)!, pick(fieldsOf(line), ['endTxnMarker', 'coordinatorEpoch']));
  }
  return batches;
}

function fieldsOf(line: string): Record<string, string> {
  const fields = Object.fromEntries([...line.matchAll(/(\w+): (\S+)/g)].map(([, name, value]) => [name!, value!]));
  delete fields['position'];
  // Older tools have it in capitals.
  if (fields['compresscodec'] !== undefined) fields['compresscodec'] = fields['compresscodec'].toLowerCase();
  return fields;
}

function pick(fields: Record<string, string>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, fields[name]!]));
}

/** A row in that tool's words. */
export function asDumped(row: BatchRow): Dumped {
  const time = row.timestampType === 'none' ? 'NoTimestampType' : row.timestampType!;
  const horizon = row.deleteHorizon === undefined ? 'OptionalLong.empty' : `OptionalLong[${row.deleteHorizon}]`;
  return {
    ...(row.magic === 2
      ? {
          baseOffset: `${row.baseOffset}`,
          lastOffset: `${row.lastOffset}`,
          count: `${row.count}`,
          baseSequence: `${row.baseSequence}`,
          lastSequence: `${row.lastSequence}`,
          producerId: `${row.producerId}`,
          producerEpoch: `${row.producerEpoch}`,
          partitionLeaderEpoch: `${row.leaderEpoch}`,
          isTransactional: `${row.isTransactional}`,
          isControl: `${row.isControl}`,
          deleteHorizonMs: horizon,
        }
      : { offset: `${row.lastOffset}` }),
    [time]: `${row.maxTimestamp}`,
    size: `${row.size}`,
    magic: `${row.magic}`,
    compresscodec: row.compression!,
    crc: `${row.crc}`,
    isvalid: `${isCrcValid(row)}`,
    ...(row.control === undefined
      ? {}
      : { endTxnMarker: row.control.type.toUpperCase(), coordinatorEpoch: `${row.control.coordinatorEpoch}` }),
  };
}

/** Whether a row's compression tells what it should. */
export function isRatioTrue(row: BatchRow): boolean {
  const ratio = ratioOf(row);
  return row.compression === 'none' ? ratio === undefined : ratio !== undefined && ratio > 0;
}
