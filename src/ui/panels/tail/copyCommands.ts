import type { KeptRecord } from '../../../tail/keptRecord.ts';
import type { IsolationSpec } from './protocol.ts';

export interface CopyContext {
  readonly bootstrapServers: readonly string[];
  readonly topic: string;
  readonly isolation: IsolationSpec;
}

/** Offsets of one partition that follow each other. */
interface Run {
  readonly partition: number;
  readonly first: bigint;
  next: bigint;
  /** Records that a consumer is handed. */
  count: number;
}

type Copied = Pick<KeptRecord, 'partition' | 'offset' | 'isControl'>;

/** The commands that read exactly these records, a line for each run of offsets; no consumer is handed a marker. */
export function commandsFor(
  tool: 'kcat' | 'console-consumer',
  records: readonly Copied[],
  context: CopyContext,
): string {
  return runsOf(records)
    .map((run) => (tool === 'kcat' ? kcat(run, context) : consoleConsumer(run, context)))
    .join('\n');
}

function runsOf(records: readonly Copied[]): Run[] {
  const sorted = records
    .map(({ partition, offset, isControl }) => ({ partition, offset, isControl }))
    .filter(({ offset }) => offset >= 0n)
    .sort((a, b) => a.partition - b.partition || (a.offset < b.offset ? -1 : a.offset > b.offset ? 1 : 0));
  const runs: Run[] = [];
  for (const { partition, offset, isControl } of sorted) {
    const last = runs.at(-1);
    if (last?.partition === partition && last.next === offset) {
      last.next++;
      if (!isControl) last.count++;
    } else if (!isControl) runs.push({ partition, first: offset, next: offset + 1n, count: 1 });
  }
  return runs;
}

/** librdkafka reads only what is committed unless it is told otherwise. */
function kcat({ partition, first, count }: Run, { bootstrapServers, topic, isolation }: CopyContext): string {
  const level = isolation === 'read_committed' ? 'read_committed' : 'read_uncommitted';
  return [
    'kcat -C',
    `-b ${quoted(bootstrapServers.join(','))}`,
    `-t ${quoted(topic)}`,
    `-p ${partition} -o ${first} -c ${count} -e`,
    `-X isolation.level=${level}`,
    String.raw`-f 'partition %p offset %o timestamp %T key %k headers %h\n%s\n'`,
  ].join(' ');
}

function consoleConsumer(
  { partition, first, count }: Run,
  { bootstrapServers, topic, isolation }: CopyContext,
): string {
  const level = isolation === 'read_committed' ? 'read_committed' : 'read_uncommitted';
  return [
    'kafka-console-consumer.sh',
    `--bootstrap-server ${quoted(bootstrapServers.join(','))}`,
    `--topic ${quoted(topic)}`,
    `--partition ${partition} --offset ${first} --max-messages ${count}`,
    `--isolation-level ${level}`,
    '--property print.partition=true --property print.offset=true --property print.timestamp=true',
    '--property print.key=true --property print.headers=true',
  ].join(' ');
}

/** As POSIX shells read it. */
function quoted(text: string): string {
  return /^[\w.,:@%+=/-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
