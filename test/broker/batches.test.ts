import assert from 'node:assert/strict';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { Cluster } from '../../src/kafka/cluster.ts';
import { produceRecords } from '../../src/produce/producer.ts';
import { BatchReader } from '../../src/records/batchList.ts';
import type { BatchRow } from '../../src/records/batchListRow.ts';
import { runTool, spawnTool, startKafka, type Kafka } from '../../tools/kafka.ts';
import { endProcess } from '../../tools/processes.ts';
import { asDumped, dumpLog, isRatioTrue } from '../support/dumpLog.ts';
import { createTopicWith } from '../support/recordsCalls.ts';
import { until } from '../support/until.ts';

async function allRows(cluster: Cluster, topic: string, from = 0n): Promise<BatchRow[]> {
  const reader = new BatchReader(cluster, { topic, partition: 0 });
  const rows: BatchRow[] = [];
  for (let next = from; ;) {
    const page = await reader.read(next);
    assert.ok(page.kind === 'page', page.kind === 'page' ? '' : page.failure.message);
    rows.push(...page.rows);
    if (page.next >= page.log.end) return rows;
    assert.ok(page.next > next, 'it goes on');
    next = page.next;
  }
}

async function isAsDumped(kafka: Kafka, cluster: Cluster, topic: string): Promise<BatchRow[]> {
  const rows = await allRows(cluster, topic);
  const dumped = await dumpLog(kafka, topic);
  // Older tools leave out what newer ones print.
  const known = new Set(dumped.flatMap((each) => Object.keys(each)));
  const same = rows
    .map(asDumped)
    .map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => known.has(name))));
  assert.ok(dumped.length > 0);
  assert.deepEqual(same, dumped);
  for (const row of rows) assert.ok(isRatioTrue(row), `${row.compression} of ${row.baseOffset}`);
  return rows;
}

async function produceLines(kafka: Kafka, topic: string, codec: string, lines: readonly string[], more: string[] = []) {
  const args = ['--bootstrap-server', kafka.bootstrap, '--topic', topic, '--compression-codec', codec, ...more];
  const mainClass = kafka.version.startsWith('2.')
    ? 'kafka.tools.ConsoleProducer'
    : 'org.apache.kafka.tools.ConsoleProducer';
  const { code, stderr } = await runTool(mainClass, args, { input: lines.join('\n'), version: kafka.version });
  assert.equal(code, 0, stderr);
}

const lines = Array.from({ length: 2000 }, (_, index) => `line ${index} ${'that repeats itself '.repeat(index % 9)}`);

describe('The batches of a partition', { timeout: 400_000 }, () => {
  let kafka: Kafka;
  let cluster: Cluster;

  before(async () => {
    kafka = await startKafka({
      properties: { 'log.cleaner.backoff.ms': '200', 'log.cleaner.threads': '1', 'log.initial.task.delay.ms': '100' },
    });
    cluster = await Cluster.connect({ bootstrapServers: [kafka.bootstrap] });
  });

  after(async () => {
    cluster?.close();
    await kafka?.stop();
  });

  it("are those of the broker's own files, in every compression, from an idempotent producer and one that is not", async () => {
    const topic = 'batches-codecs';
    await createTopicWith(cluster, topic, 1);
    for (const codec of ['none', 'gzip', 'snappy', 'lz4', 'zstd']) {
      const idempotent = codec === 'gzip' ? 'false' : 'true';
      await produceLines(kafka, topic, codec, lines, ['--producer-property', `enable.idempotence=${idempotent}`]);
    }
    const rows = await isAsDumped(kafka, cluster, topic);
    assert.equal(new Set(rows.map(({ compression }) => compression)).size, 5);
    assert.ok(rows.some(({ producerId }) => producerId === -1n) && rows.some(({ producerId }) => producerId! >= 0n));
    const middle = rows[rows.length >> 1]!;
    const fromMiddle = await allRows(cluster, topic, middle.lastOffset);
    assert.equal(fromMiddle[0]!.baseOffset, middle.baseOffset, 'the batch that holds the offset comes first');
    const opened = await new BatchReader(cluster, { topic, partition: 0 }).open(middle.lastOffset);
    assert.ok('facts' in opened);
    assert.equal(opened.facts.baseOffset, middle.baseOffset);
  });

  it('have markers, and tell how their transactions ended', async () => {
    const topic = 'batches-transactions';
    await createTopicWith(cluster, topic, 1);
    const program = join(import.meta.dirname, '..', 'support', 'RecordsTransactions.java');
    const java = await spawnTool(program, [kafka.bootstrap, topic], { stdio: ['pipe', 'pipe', 'inherit'] });
    try {
      assert.deepEqual(await once(createInterface({ input: java.stdout! }), 'line'), ['open']);
      // A transaction is ended for its producer before its marker is written.
      await until('the six that ended have their markers', async () => {
        return (await allRows(cluster, topic)).filter(({ isControl }) => isControl).length === 6;
      });
      const rows = await isAsDumped(kafka, cluster, topic);
      const outcomes = new Set(rows.map(({ outcome }) => outcome));
      assert.deepEqual([...outcomes].sort(), ['aborted', 'committed', 'open', undefined]);
      assert.deepEqual(
        new Set(rows.filter(({ isControl }) => isControl).map(({ control }) => control?.type)),
        new Set(['commit', 'abort']),
      );
    } finally {
      await endProcess(java, 0);
    }
  });

  it('are there when compaction emptied them, with their delete horizon', async () => {
    const topic = 'batches-compacted';
    await createTopicWith(cluster, topic, 1, {
      'cleanup.policy': 'compact',
      'segment.ms': '300',
      'min.cleanable.dirty.ratio': '0.01',
      'delete.retention.ms': '3600000',
    });
    const send = (key: string, value: string | null): Promise<unknown> =>
      produceRecords(cluster, {
        topic,
        compression: 'zstd',
        records: ['x', key].map((each) => ({
          key: Buffer.from(each),
          value: value === null ? null : Buffer.from(value.repeat(40)),
          headers: [],
          timestamp: BigInt(Date.now()),
          partition: 0,
        })),
      });
    for (let round = 0; round < 5; round++) await send('a', `${round}`);
    await send('b', null);
    let round = 0;
    await until('compaction has been there', async () => {
      await send('c', `${round++}`);
      const rows = await allRows(cluster, topic);
      return (
        rows[0]!.baseOffset > 0n || rows.some(({ count, deleteHorizon }) => count === 0 || deleteHorizon !== undefined)
      );
    });
    await until(
      'the files stand still',
      async () => {
        const rows = await allRows(cluster, topic);
        if (!rows.some(({ deleteHorizon }) => deleteHorizon !== undefined)) {
          await send('c', `${round++}`);
          return false;
        }
        return isAsDumped(kafka, cluster, topic).then(
          () => true,
          () => false,
        );
      },
      90_000,
    );
  });

  it('out of range are said to be so', async () => {
    const topic = 'batches-range';
    await createTopicWith(cluster, topic, 1);
    const reader = new BatchReader(cluster, { topic, partition: 0 });
    assert.equal((await reader.read(5n)).kind, 'out-of-range');
    const empty = await reader.read(0n);
    assert.ok(empty.kind === 'page');
    assert.deepEqual([empty.rows, empty.next], [[], 0n]);
    const nowhere = await new BatchReader(cluster, { topic: 'batches-nowhere', partition: 0 }).read(0n);
    assert.ok(nowhere.kind === 'failed');
    assert.equal(nowhere.failure.kind, 'missing');
  });
});

describe('The batches of older message formats', { timeout: 200_000 }, () => {
  it("are those of the broker's own files", async () => {
    const kafka = await startKafka({ version: '2.8.2' });
    const cluster = await Cluster.connect({ bootstrapServers: [kafka.bootstrap] });
    try {
      for (const [format, magic] of [
        ['0.9.0', 0],
        ['0.10.2', 1],
      ] as const) {
        const topic = `batches-magic-${magic}`;
        await createTopicWith(cluster, topic, 1, { 'message.format.version': format });
        for (const codec of ['none', 'gzip', 'snappy', 'lz4'])
          await produceLines(kafka, topic, codec, lines.slice(0, 50));
        const rows = await isAsDumped(kafka, cluster, topic);
        assert.ok(rows.every((row) => row.magic === magic));
        assert.equal(new Set(rows.map(({ compression }) => compression)).size, 4);
      }
    } finally {
      cluster.close();
      await kafka.stop();
    }
  });
});
