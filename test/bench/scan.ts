/**
 * A topic read from end to end, and searched, against kcat and kafkajs reading the same, each in a process of its own. kafkajs hands records
 * on one by one, as its documentation shows first (`eachMessage`), or faster in batches (`eachBatch`, which gives up its commits and
 * heartbeats after each record); larger fetches than its own settings make it no faster.
 */
import { Cluster } from '../../src/kafka/cluster.ts';
import { runProcess } from '../../tools/processes.ts';
import { runTool, startKafka } from '../../tools/kafka.ts';
import { createTopicWith } from '../support/recordsCalls.ts';
import type { Line } from './measurement.ts';

export const names = ['scan', 'scan-zstd', 'search'];

const count = 1_000_000;
const partitions = 6;
/** In letters that are random, some hundred values hold it. */
const needle = 'QZXJ';
const runs = 3;

export async function run(wanted: ReadonlySet<string>): Promise<readonly Line[]> {
  const kafka = await startKafka({ heap: '1g' });
  try {
    const cluster = await Cluster.connect({ bootstrapServers: [kafka.bootstrap] });
    const codecs = [
      ...(wanted.has('scan') || wanted.has('search') ? ['none'] : []),
      ...(wanted.has('scan-zstd') ? ['zstd'] : []),
    ];
    try {
      for (const codec of codecs) {
        await createTopicWith(cluster, codec, partitions);
        await fill(kafka.bootstrap, codec);
      }
    } finally {
      cluster.close();
    }
    const { bootstrap } = kafka;
    const readers = {
      ours: () => scanMs(bootstrap, 'none'),
      search: () => scanMs(bootstrap, 'none', needle),
      kcat: () => kcatMs(bootstrap, 'none'),
      eachMessage: () => kafkaJsMs(bootstrap, 'none', 'eachMessage'),
      eachBatch: () => kafkaJsMs(bootstrap, 'none', 'eachBatch'),
      oursZstd: () => scanMs(bootstrap, 'zstd'),
      kcatZstd: () => kcatMs(bootstrap, 'zstd'),
    };
    const lines: Line[] = [];
    if (wanted.has('scan')) {
      const { ours, kcat, eachMessage, eachBatch } = readers;
      const took = await inTurn({ ours, kcat, eachMessage, eachBatch });
      lines.push(line('scan', took.ours, took.kcat, 1, 'kcat'));
      lines.push(line('scan', took.ours, took.eachMessage, 10, 'kafkajs'));
      lines.push({ ...line('scan', took.ours, took.eachBatch, 0, 'kafkajs'), goal: 'to know: its eachBatch' });
    }
    if (wanted.has('scan-zstd')) {
      const took = await inTurn({ ours: readers.oursZstd, kcat: readers.kcatZstd });
      lines.push(line('scan-zstd', took.ours, took.kcat, 1, 'kcat'));
    }
    if (wanted.has('search')) {
      const { search, eachMessage, eachBatch } = readers;
      const took = await inTurn({ search, eachMessage, eachBatch });
      lines.push(line('search', took.search, took.eachMessage, 5, 'kafkajs'));
      lines.push({ ...line('search', took.search, took.eachBatch, 0, 'kafkajs'), goal: 'to know: its eachBatch' });
    }
    return lines;
  } finally {
    await kafka.stop();
  }
}

function line(name: string, own: number, peer: number, goal: number, whose: string): Line {
  const ratio = peer / own;
  const theirs = Number.isNaN(peer) ? `no ${whose} here` : `${peer.toFixed(0)} ms`;
  return { name, ours: `${own.toFixed(0)} ms`, peer: theirs, ratio, goal: `>= ${goal}x ${whose}`, ok: ratio >= goal };
}

async function fill(bootstrap: string, codec: string): Promise<void> {
  const props = [`bootstrap.servers=${bootstrap}`, `compression.type=${codec}`];
  const args = ['--topic', codec, '--num-records', `${count}`, '--record-size', '200', '--throughput', '-1'];
  const { code, stderr } = await runTool('org.apache.kafka.tools.ProducerPerformance', [
    ...args,
    '--producer-props',
    ...props,
  ]);
  if (code !== 0) throw new Error(stderr);
}

/** Ours, in a process of its own, from connecting to the last record. */
async function scanMs(bootstrap: string, topic: string, text = ''): Promise<number> {
  const file = new URL('scanProcess.ts', import.meta.url).pathname;
  const { stdout, stderr, code } = await runProcess(process.execPath, [file, bootstrap, topic, text]);
  if (code !== 0) throw new Error(stderr);
  const { ms, records, found } = JSON.parse(stdout) as { ms: number; records: number; found: number };
  if (records !== count) throw new Error(`${records} records were read`);
  if (text !== '' && found === 0) throw new Error(`${text} was not found`);
  return ms;
}

/** NaN where kcat is not installed. */
async function kcatMs(bootstrap: string, topic: string): Promise<number> {
  const args = ['-C', '-b', bootstrap, '-t', topic, '-o', 'beginning', '-e', '-q', '-f', '%o\n'];
  const command = `kcat ${args.map((arg) => `'${arg}'`).join(' ')} | wc -l`;
  const start = performance.now();
  const { stdout } = await runProcess('sh', ['-c', command]);
  const ms = performance.now() - start;
  if (Number(stdout) === count) return ms;
  console.error(
    `kcat did not read ${topic}; where it is missing, install it: apt-get install kcat, or brew install kcat.`,
  );
  return NaN;
}

/** From connecting to the last record, as ours. */
async function kafkaJsMs(bootstrap: string, topic: string, how: string): Promise<number> {
  const file = new URL('scanPeerProcess.ts', import.meta.url).pathname;
  const { stdout, stderr, code } = await runProcess(process.execPath, [file, bootstrap, topic, `${count}`, how]);
  if (code !== 0) throw new Error(stderr);
  return Number(stdout);
}

/** Turn and turn about: whatever else the machine does falls on all. The first turn, which warms the file cache, does not count. The median of each. */
async function inTurn<Name extends string>(
  readers: Readonly<Record<Name, () => Promise<number>>>,
): Promise<Readonly<Record<Name, number>>> {
  const entries = Object.entries(readers) as [Name, () => Promise<number>][];
  const took = new Map<Name, number[]>(entries.map(([name]) => [name, []]));
  for (let run = 0; run <= runs; run++) {
    for (const [name, read] of entries) {
      const ms = await read();
      if (run > 0) took.get(name)!.push(ms);
    }
  }
  return Object.fromEntries([...took].map(([name, all]) => [name, median(all)])) as Record<Name, number>;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
