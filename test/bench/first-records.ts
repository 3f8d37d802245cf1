/** From the command to the first rows that a tail's page gets, on a connection that is there. */
import { Cluster } from '../../src/kafka/cluster.ts';
import { startKafka } from '../../tools/kafka.ts';
import { createTopicWith, produceBatch } from '../support/recordsCalls.ts';
import { writeBatch } from '../support/recordsWriter.ts';
import { openFeed } from '../support/tailFeeds.ts';
import type { Line } from './measurement.ts';

export const names = ['first-records'];

const topic = 'first';
const partitions = 6;
const goalMs = 150;
const runs = 15;

export async function run(): Promise<readonly Line[]> {
  const kafka = await startKafka();
  try {
    const cluster = await Cluster.connect({ bootstrapServers: [kafka.bootstrap] });
    await createTopicWith(cluster, topic, partitions);
    for (let partition = 0; partition < partitions; partition++) {
      const records = Array.from({ length: 500 }, (_, index) => ({
        key: `order-${index}`,
        value: JSON.stringify({ order: index, state: 'paid', note: 'x'.repeat(150) }),
      }));
      await produceBatch(cluster, topic, partition, writeBatch({ records, baseTimestamp: BigInt(Date.now()) }));
    }
    const took: number[] = [];
    // The first one loads code and opens the connection that long polls have.
    for (let run = 0; run <= runs; run++) {
      const ms = await firstRowsMs(cluster);
      if (run > 0) took.push(ms);
    }
    cluster.close();
    const [median, worst] = [took.sort((a, b) => a - b)[Math.floor(runs / 2)]!, took.at(-1)!];
    const ours = `${median.toFixed(0)} ms (${worst.toFixed(0)} at most)`;
    return [{ name: names[0]!, ours, goal: `< ${goalMs} ms`, ok: median < goalMs }];
  } finally {
    await kafka.stop();
  }
}

async function firstRowsMs(cluster: Cluster): Promise<number> {
  const start = performance.now();
  const { feed, rows } = openFeed(() => Promise.resolve(cluster), {
    topic,
    start: { at: 'last', count: 100, of: 'partition' },
  });
  try {
    await feed.receive({ type: 'ready' });
    await feed.receive({ type: 'window', first: 0, count: 60, follow: true });
    while (rows().length === 0) await new Promise((resolve) => setImmediate(resolve));
    return performance.now() - start;
  } finally {
    feed.dispose();
  }
}
