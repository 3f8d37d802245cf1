import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Cluster } from '../../src/kafka/cluster.ts';
import type { ReadEvent } from '../../src/records/events.ts';
import { openBatch, splitBatches } from '../../src/records/openBatch.ts';
import { readTopic } from '../../src/records/reader.ts';
import { runTool, startKafka, type Kafka } from '../../tools/kafka.ts';
import { measureBlocks } from '../support/blocks.ts';
import { createTopicWith, produceBatch, recordsOf } from '../support/recordsCalls.ts';
import { writeBatch } from '../support/recordsWriter.ts';
import { until } from '../support/until.ts';

describe('Readers side by side', { timeout: 300_000 }, () => {
  let own: Kafka | undefined;
  let bootstrap: string;
  const logged: string[] = [];
  let cluster: Cluster;

  before(async () => {
    const shared = process.env['KAFKA_BOOTSTRAP'];
    if (shared === undefined) own = await startKafka();
    bootstrap = shared ?? own!.bootstrap;
    cluster = await Cluster.connect({
      bootstrapServers: [bootstrap],
      logger: { debug: (message) => void logged.push(message) },
    });
  });

  after(async () => {
    cluster?.close();
    await own?.stop();
  });

  const opened = (): number => logged.filter((message) => message.startsWith('Connected')).length;
  const closed = (): number => logged.filter((message) => message.startsWith('Connection to')).length;

  it('do not wait for each other at the end of their logs', async () => {
    const topics = [0, 1, 2, 3].map((index) => `side-by-side-${index}`);
    for (const topic of topics) await createTopicWith(cluster, topic, 1);
    const abort = new AbortController();
    const arrivals = new Map<string, number>();
    const tails = topics.map(async (topic) => {
      const options = {
        topic,
        start: { at: 'beginning' },
        stop: { at: 'never' },
        isolation: 'read_uncommitted',
      } as const;
      for await (const event of readTopic(cluster, { ...options, signal: abort.signal })) {
        for (const { value } of recordsOf([event])) arrivals.set(value!, performance.now());
      }
    });
    const ended = Promise.allSettled(tails);
    const before = closed();
    try {
      const one = (value: string): Buffer => writeBatch({ records: [{ value }] });
      // All of them wait from here on.
      for (const topic of topics) await produceBatch(cluster, topic, 0, one(`first of ${topic}`));
      await until('all tails read', () => arrivals.size === topics.length);
      const took: number[] = [];
      for (let round = 0; round < 15; round++) {
        const value = `record ${round}`;
        const producedAt = performance.now();
        await produceBatch(cluster, topics.at(-1)!, 0, one(value));
        await until(`${value} arrives`, () => arrivals.has(value));
        took.push(arrivals.get(value)! - producedAt);
      }
      // Waiting in turn with others, each for half a second, all would take longer; a machine that is busy holds up some.
      const fourth = took.sort((a, b) => a - b)[3]!;
      assert.ok(fourth < 400, `${took.map((ms) => ms.toFixed(0)).join(', ')} ms`);
    } finally {
      abort.abort();
      await ended;
    }
    // Their polls were under way: nobody can use these connections.
    assert.equal(closed() - before, topics.length);
  });

  it('one after the other use the same connection', async () => {
    const topic = 'side-by-side-again';
    await createTopicWith(cluster, topic, 1);
    await produceBatch(cluster, topic, 0, writeBatch({ records: [{ value: 'here' }] }));
    const before = opened();
    for (let round = 0; round < 5; round++) {
      const events: ReadEvent[] = [];
      const options = {
        topic,
        start: { at: 'beginning' },
        stop: { at: 'end' },
        isolation: 'read_uncommitted',
      } as const;
      for await (const event of readTopic(cluster, options)) events.push(event);
      assert.equal(recordsOf(events).length, 1);
    }
    assert.equal(opened() - before, 1);
  });

  for (const codec of ['none', 'gzip', 'snappy', 'lz4', 'zstd']) {
    it(`large batches hold nobody up: ${codec}`, async () => {
      const topic = `side-by-side-large-${codec}`;
      await createTopicWith(cluster, topic, 1, { 'max.message.bytes': '100000000' });
      const bytes = 60_000_000;
      const producer = {
        'bootstrap.servers': bootstrap,
        'compression.type': codec,
        'batch.size': bytes,
        'linger.ms': '60000',
        'max.request.size': '100000000',
        'buffer.memory': '200000000',
        'delivery.timeout.ms': '120000',
      };
      const { code, stderr } = await runTool('org.apache.kafka.tools.ProducerPerformance', [
        ...['--topic', topic, '--num-records', '400000', '--record-size', '200', '--throughput', '-1'],
        ...['--producer-props', ...Object.entries(producer).map(([name, value]) => `${name}=${value}`)],
      ]);
      assert.equal(code, 0, stderr);
      const options = {
        topic,
        start: { at: 'beginning' },
        stop: { at: 'end' },
        isolation: 'read_uncommitted',
      } as const;
      let count = 0;
      let largest: Buffer | undefined;
      const read = await measureBlocks(async () => {
        for await (const event of readTopic(cluster, options)) {
          if (event.kind !== 'records') continue;
          for (const { batch, from, to } of event.slices) {
            count += to - from;
            if (batch.bytes.length > (largest?.length ?? 0)) largest = batch.bytes;
          }
        }
      });
      assert.equal(count, 400_000);
      assert.ok(largest !== undefined && largest.length > bytes / 3);
      const [shell] = splitBatches(largest, 0n, 2n ** 62n).shells;
      const inOneGo = await measureBlocks(async () => {
        openBatch(shell!, { topic, partition: 0 }, { limit: 2 * bytes });
      });
      const told = `${read.longest} ms, and in one go ${inOneGo.longest} ms`;
      assert.ok(read.longest < Math.max(150, inOneGo.longest / 2), told);
    });
  }
});
