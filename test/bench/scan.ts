/** A topic read from end to end, and searched, against kcat and kafkajs reading the same. */
import { Kafka as KafkaJs, logLevel } from 'kafkajs';
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
    const lines: Line[] = [];
    const kafkaJs = wanted.has('scan') || wanted.has('search') ? await kafkaJsMs(kafka.bootstrap, 'none') : NaN;
    for (const [name, codec] of [
      ['scan', 'none'],
      ['scan-zstd', 'zstd'],
    ] as const) {
      if (!wanted.has(name)) continue;
      const ours: number[] = [];
      const theirs: number[] = [];
      // Turn and turn about: whatever else the machine does falls on both. The first of each warms the file cache.
      for (let run = 0; run <= runs; run++) {
        const [own, peer] = [await scanMs(kafka.bootstrap, codec), await kcatMs(kafka.bootstrap, codec)];
        if (run === 0) continue;
        ours.push(own);
        theirs.push(peer);
      }
      lines.push(line(name, median(ours), median(theirs), 1, 'kcat'));
      if (codec === 'none') lines.push(line(name, median(ours), kafkaJs, 10, 'kafkajs'));
    }
    if (wanted.has('search')) {
      const ours: number[] = [];
      for (let run = 0; run < runs; run++) ours.push(await scanMs(kafka.bootstrap, 'none', needle));
      lines.push(line('search', median(ours), kafkaJs, 5, 'kafkajs'));
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

/** NaN where kcat (Debian package kcat) is not installed. */
async function kcatMs(bootstrap: string, topic: string): Promise<number> {
  const args = ['-C', '-b', bootstrap, '-t', topic, '-o', 'beginning', '-e', '-q', '-f', '%o\n'];
  const command = `kcat ${args.map((arg) => `'${arg}'`).join(' ')} | wc -l`;
  const start = performance.now();
  const { stdout } = await runProcess('sh', ['-c', command]);
  const ms = performance.now() - start;
  return Number(stdout) === count ? ms : NaN;
}

/** From connecting to the last record, as ours; read as its documentation shows first. */
async function kafkaJsMs(bootstrap: string, topic: string): Promise<number> {
  const kafka = new KafkaJs({ brokers: [bootstrap], logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: 'bench-scan' });
  const start = performance.now();
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  let records = 0;
  try {
    return await new Promise<number>((resolve, reject) => {
      consumer
        .run({
          eachMessage: async () => {
            records++;
            if (records === count) resolve(performance.now() - start);
          },
        })
        .catch(reject);
    });
  } finally {
    await consumer.disconnect();
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
