/** A million records kept by a tail: what they take in memory, and how long the event loop is held up meanwhile. */
import { Cluster } from '../../src/kafka/cluster.ts';
import { runTool, startKafka } from '../../tools/kafka.ts';
import { runProcess } from '../../tools/processes.ts';
import { createTopicWith } from '../support/recordsCalls.ts';
import type { Line } from './measurement.ts';

export const names = ['records-kept'];

const count = 1_000_000;
const topic = 'kept';

interface Kept {
  readonly dropped: number;
  /** Heap and what hangs on it, bytes. */
  readonly memory: number;
  /** By how much all of the process has grown since before it read, with what it has not given back, bytes. */
  readonly grown: number;
  /** Milliseconds, by what was done. */
  readonly longest: Readonly<Record<string, number>>;
  readonly took: Readonly<Record<string, number>>;
}

export async function run(): Promise<readonly Line[]> {
  const kafka = await startKafka({ heap: '1g' });
  try {
    const cluster = await Cluster.connect({ bootstrapServers: [kafka.bootstrap] });
    await createTopicWith(cluster, topic, 6);
    cluster.close();
    const { code, stderr } = await runTool('org.apache.kafka.tools.ProducerPerformance', [
      ...['--topic', topic, '--num-records', `${count}`, '--record-size', '200', '--throughput', '-1'],
      ...['--producer-props', `bootstrap.servers=${kafka.bootstrap}`],
    ]);
    if (code !== 0) throw new Error(stderr);
    const file = new URL('recordsKeptProcess.ts', import.meta.url).pathname;
    const child = await runProcess(process.execPath, ['--expose-gc', file, kafka.bootstrap, topic, `${count}`]);
    if (child.code !== 0) throw new Error(child.stderr);
    const { memory, grown, longest, took, dropped } = JSON.parse(child.stdout) as Kept;
    if (dropped > 0) throw new Error(`${dropped} records were dropped`);
    const megabytes = memory / 2 ** 20;
    const [worst, ms] = Object.entries(longest).sort((a, b) => b[1] - a[1])[0]!;
    console.error(
      Object.keys(took)
        .map((name) => `${name}: ${took[name]!.toFixed(0)} ms, longest block ${longest[name]!.toFixed(0)} ms`)
        .join('; '),
    );
    const [name] = names as [string];
    return [
      { name, ours: `${megabytes.toFixed(0)} MB`, goal: '< 350 MB', ok: megabytes < 350 },
      { name, ours: `${(grown / 2 ** 20).toFixed(0)} MB grown`, goal: 'to know', ok: true },
      { name, ours: `${ms.toFixed(0)} ms (${worst})`, goal: '< 50 ms block', ok: ms < 50 },
    ];
  } finally {
    await kafka.stop();
  }
}
