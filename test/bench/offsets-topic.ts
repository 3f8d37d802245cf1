/**
 * A `__consumer_offsets` of 500,000 records read, decoded and replayed into the history of all its groups, against kcat reading it raw and
 * the console consumer with Kafka's formatter; and the first history of one group out of it: read, each in a process of its own, and shown, from
 * the page's first byte to the lanes on the screen.
 */
import { Kafka, logLevel } from 'kafkajs';
import { Cluster } from '../../src/kafka/cluster.ts';
import { partitionOfGroup } from '../../src/offsetsTopic/decode/partitionOf.ts';
import { runTool, startKafka } from '../../tools/kafka.ts';
import { runProcess } from '../../tools/processes.ts';
import { commitOffsets } from '../support/clusterCalls.ts';
import { createTopicWith } from '../support/recordsCalls.ts';
import { until } from '../support/until.ts';
import type { Line } from './measurement.ts';

export const names = ['offsets-topic', 'group-history'];

const count = 500_000;
const groups = 500;
const offsetsPerCommit = 10;
const partitions = 50;
const runs = 3;
/** The group whose history is loaded, and how often it rebalances. */
const group = 'rebalancing';
const rounds = 20;

export async function run(wanted: ReadonlySet<string>): Promise<readonly Line[]> {
  const kafka = await startKafka({ heap: '1g', properties: { 'offsets.topic.num.partitions': `${partitions}` } });
  try {
    const { bootstrap } = kafka;
    await fill(bootstrap);
    const lines: Line[] = [];
    if (wanted.has('offsets-topic')) {
      const ours: number[] = [];
      const kcat: number[] = [];
      let heap = 0;
      // Turn and turn about; the first turn warms the file cache.
      for (let turn = 0; turn <= runs; turn++) {
        const own = await replay(bootstrap);
        const theirs = await kcatMs(bootstrap);
        if (turn === 0) continue;
        ours.push(own.ms);
        kcat.push(theirs);
        heap = own.heapMb;
      }
      const console_ = await consoleMs(bootstrap);
      const own = median(ours);
      lines.push(line(own, median(kcat), 1, 'kcat'), line(own, console_, 5, 'formatter'));
      lines.push({ name: 'offsets-topic', ours: `${heap.toFixed(1)} MB`, goal: '< 20 MB held', ok: heap < 20 });
    }
    if (wanted.has('group-history')) {
      const took: number[] = [];
      for (let turn = 0; turn <= runs; turn++) took.push((await firstHistory(bootstrap)).ms);
      const ms = median(took.slice(1));
      lines.push({ name: 'group-history', ours: `${ms.toFixed(0)} ms`, goal: '< 300 ms first', ok: ms < 300 });
      const shown = median((await shownHistory(bootstrap)).slice(1));
      lines.push({ name: 'group-history', ours: `${shown.toFixed(0)} ms`, goal: '< 300 ms shown', ok: shown < 300 });
    }
    return lines;
  } finally {
    await kafka.stop();
  }
}

function line(own: number, peer: number, goal: number, whose: string): Line {
  const ratio = peer / own;
  const theirs = Number.isNaN(peer) ? `no ${whose} here` : `${peer.toFixed(0)} ms`;
  const ok = ratio >= goal;
  return { name: 'offsets-topic', ours: `${own.toFixed(0)} ms`, peer: theirs, ratio, goal: `>= ${goal}x ${whose}`, ok };
}

/** Commits as real groups write them, 10 partitions at a time, and one group that rebalances now and then. */
async function fill(bootstrap: string): Promise<void> {
  const cluster = await Cluster.connect({ bootstrapServers: [bootstrap] });
  try {
    await createTopicWith(cluster, 'orders', offsetsPerCommit);
    await until('the coordinators are there', () =>
      commitOffsets(cluster, 'group-0', 'orders', offsets(0)).then(
        () => true,
        () => false,
      ),
    );
    const client = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING });
    const perRound = count / offsetsPerCommit / rounds;
    const neighbours = groupsBeside(group, 7);
    for (let round = 0; round < rounds; round++) {
      await rebalance(client);
      for (let each = 0; each < perRound; each += 100) {
        const some = Array.from({ length: 100 }, (_, index) => each + index);
        await Promise.all(
          some.map((index) => {
            // Every tenth goes where the group is that is looked at, so that its partition is a long one.
            const name = index % 10 === 0 ? neighbours[index % neighbours.length]! : `group-${index % groups}`;
            return commitOffsets(cluster, name, 'orders', offsets(index));
          }),
        );
      }
    }
  } finally {
    cluster.close();
  }
}

/** Names of groups in the same partition of the topic. */
function groupsBeside(name: string, howMany: number): string[] {
  const found: string[] = [];
  for (let index = 0; found.length < howMany; index++) {
    const other = `beside-${index}`;
    if (partitionOfGroup(other, partitions) === partitionOfGroup(name, partitions)) found.push(other);
  }
  return found;
}

async function rebalance(client: Kafka): Promise<void> {
  const consumer = client.consumer({ groupId: group, heartbeatInterval: 300 });
  await consumer.connect();
  await consumer.subscribe({ topics: ['orders'] });
  const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
  await consumer.run({ eachMessage: async () => {} });
  await joined;
  await consumer.disconnect();
}

function offsets(at: number): Record<number, bigint> {
  return Object.fromEntries(Array.from({ length: offsetsPerCommit }, (_, partition) => [partition, BigInt(at)]));
}

interface Result {
  readonly ms: number;
  readonly records: number;
  readonly heapMb: number;
}

async function replay(bootstrap: string): Promise<Result> {
  const result = await ours(bootstrap, 'all');
  if (result.records < count) throw new Error(`${result.records} records were read`);
  return result;
}

function firstHistory(bootstrap: string): Promise<Result> {
  return ours(bootstrap, group);
}

/** ms from the page's first byte to its lanes; the first turn is of a cold browser. */
async function shownHistory(bootstrap: string): Promise<number[]> {
  const file = new URL('../pages/measureShown.ts', import.meta.url).pathname;
  const { stdout, stderr, code } = await runProcess(process.execPath, [file, bootstrap, group, `${runs + 1}`]);
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as number[];
}

async function ours(bootstrap: string, what: string): Promise<Result> {
  const file = new URL('offsetsTopicProcess.ts', import.meta.url).pathname;
  const { stdout, stderr, code } = await runProcess(process.execPath, ['--expose-gc', file, bootstrap, what]);
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Result;
}

/** NaN where kcat is not installed. */
async function kcatMs(bootstrap: string): Promise<number> {
  const command = `kcat -C -b ${bootstrap} -t __consumer_offsets -o beginning -e -q -f '%k\\n' | wc -c`;
  const start = performance.now();
  const { stdout } = await runProcess('sh', ['-c', command]);
  const ms = performance.now() - start;
  if (Number(stdout) > count) return ms;
  console.error(
    'kcat did not read __consumer_offsets; where it is missing, install it: apt-get install kcat, or brew install kcat.',
  );
  return NaN;
}

async function consoleMs(bootstrap: string): Promise<number> {
  const start = performance.now();
  const { code, stderr } = await runTool('org.apache.kafka.tools.consumer.ConsoleConsumer', [
    ...['--bootstrap-server', bootstrap, '--topic', '__consumer_offsets', '--from-beginning'],
    ...['--formatter', 'org.apache.kafka.tools.consumer.OffsetsMessageFormatter', '--max-messages', `${count}`],
  ]);
  if (code !== 0) throw new Error(stderr);
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
