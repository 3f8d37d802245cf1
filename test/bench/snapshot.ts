import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Cluster } from '../../src/kafka/cluster.ts';
import { collectSnapshot } from '../../src/watch/collect/collectSnapshot.ts';
import { startKafka } from '../../tools/kafka.ts';
import { describeAllGroups, parseDescribe, rowsOf, sortRows } from '../support/consumerGroupCommand.ts';
import { makeManyGroups } from '../support/manyGroups.ts';
import type { Line } from './measurement.ts';

export const names = ['snapshot', 'snapshot-warm', 'snapshot-memory'];

const size = { prefix: 'bench', groups: 2_000, topics: 100, partitionsPerGroup: 6 };
const runs = 5;

/** What `snapshotProcess.ts` prints. */
interface Taken {
  readonly coldMs: number;
  readonly warmMs: number;
  readonly heapMb: number;
}

/** All groups of a cluster, from connect to lag, against Kafka's own command for the same facts. */
export async function run(): Promise<readonly Line[]> {
  const kafka = await startKafka();
  try {
    const cluster = await Cluster.connect({ bootstrapServers: [kafka.bootstrap] });
    try {
      await makeManyGroups(cluster, kafka.bootstrap, size);
      const theirTimes: number[] = [];
      let printed = '';
      // The first run of each warms the broker and the file cache, and is not counted.
      for (let run = 0; run <= runs; run++) {
        const start = performance.now();
        const { stdout, code, stderr } = await describeAllGroups(kafka.bootstrap);
        if (code !== 0) throw new Error(stderr);
        printed = stdout;
        if (run > 0) theirTimes.push(performance.now() - start);
      }
      const theirs = JSON.stringify(sortRows(parseDescribe(printed)));
      const ours = JSON.stringify(sortRows(rowsOf(await collectSnapshot(cluster))));
      if (ours !== theirs) throw new Error('The snapshot and ConsumerGroupCommand disagree.');

      const taken: Taken[] = [];
      for (let run = 0; run <= runs; run++) {
        const one = await measureInFreshProcess(kafka.bootstrap);
        if (run > 0) taken.push(one);
      }
      const peer = median(theirTimes);
      const cold = median(taken.map(({ coldMs }) => coldMs));
      const warm = median(taken.map(({ warmMs }) => warmMs));
      const heap = median(taken.map(({ heapMb }) => heapMb));
      const line = (name: string, own: number, goal: number): Line => ({
        name,
        ours: `${own.toFixed(0)} ms`,
        peer: `${peer.toFixed(0)} ms`,
        ratio: peer / own,
        goal: `>= ${goal}x`,
        ok: peer / own >= goal,
      });
      return [
        line('snapshot', cold, 40),
        line('snapshot-warm', warm, 60),
        { name: 'snapshot-memory', ours: `${heap.toFixed(1)} MB`, goal: '< 60 MB', ok: heap < 60 },
      ];
    } finally {
      cluster.close();
    }
  } finally {
    await kafka.stop();
  }
}

/** A process of its own, as an extension host that has just connected: nothing is compiled or cached yet. */
async function measureInFreshProcess(bootstrap: string): Promise<Taken> {
  const file = fileURLToPath(new URL('snapshotProcess.ts', import.meta.url));
  const child = spawn(process.execPath, ['--expose-gc', file, bootstrap], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`The measuring process ended with ${String(code)}.`);
  return JSON.parse(output) as Taken;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
