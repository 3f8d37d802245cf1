import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Cluster } from '../../src/kafka/cluster.ts';
import { initProducerId } from '../../src/kafka/protocol/generated/initProducerId.ts';
import { produce } from '../../src/kafka/protocol/generated/produce.ts';
import type { NewRecord, WrittenCompression } from '../../src/produce/batchBuilder.ts';
import { murmur2, partitionOfKey } from '../../src/produce/murmur2.ts';
import { partitionCount, place } from '../../src/produce/placing.ts';
import { produceRecords, type PlacedRecord } from '../../src/produce/producer.ts';
import { readForReplay } from '../../src/produce/replay.ts';
import { encodeValue, type ValueFormat } from '../../src/produce/values.ts';
import { HumanError, isCancelled } from '../../src/shared/errors.ts';
import { runTool, startKafka, type Kafka } from '../../tools/kafka.ts';
import { freePorts } from '../../tools/ports.ts';
import { AnswerCutter } from '../support/answerCutter.ts';
import { createTopicWith } from '../support/recordsCalls.ts';
import { until } from '../support/until.ts';

const oracle = join(import.meta.dirname, '..', 'support', 'ProduceOracle.java');

interface Seen {
  readonly partition: number;
  readonly offset: string;
  readonly timestamp: string;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: readonly { readonly key: string; readonly value: string | null }[];
}

/** What a program of Kafka's own classes prints, line by line. */
async function java<T>(args: readonly string[], input?: string): Promise<T[]> {
  const { stdout, stderr, code } = await runTool(oracle, args, input === undefined ? {} : { input });
  assert.equal(code, 0, stderr);
  return stdout
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as T);
}

function base64(bytes: Buffer | null): string | null {
  return bytes === null ? null : bytes.toString('base64');
}

function record(value: string | null, more: Partial<PlacedRecord> = {}): PlacedRecord {
  const timestamp = BigInt(Date.now());
  return {
    key: null,
    value: value === null ? null : Buffer.from(value),
    headers: [],
    timestamp,
    partition: 0,
    ...more,
  };
}

describe('Producing', { timeout: 400_000 }, () => {
  let kafka: Kafka;
  let cutter: AnswerCutter;
  let cluster: Cluster;

  before(async () => {
    // The broker gives out the cutter's address: all that the client says goes through it.
    const [port, direct] = (await freePorts(2)) as [number, number];
    cutter = await AnswerCutter.open(produce.key, () => port);
    kafka = await startKafka({
      ports: [direct],
      properties: ({ host, controllerPort }) => ({
        listeners: `PLAINTEXT://${host}:${direct},CUT://${host}:${port},CONTROLLER://${host}:${controllerPort}`,
        'advertised.listeners': `PLAINTEXT://${host}:${direct},CUT://${host}:${cutter.port}`,
        'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CUT:PLAINTEXT,CONTROLLER:PLAINTEXT',
      }),
    });
    cluster = await Cluster.connect({ bootstrapServers: [`127.0.0.1:${cutter.port}`] });
  });

  after(async () => {
    cluster?.close();
    await kafka?.stop();
    await cutter?.close();
  });

  const read = (topic: string): Promise<Seen[]> => java<Seen>(['read', kafka.bootstrap, topic]);

  it("gives Kafka's own consumer every byte, header and time as it was, in each compression", async () => {
    const topic = 'produce-bytes';
    await createTopicWith(cluster, topic, 3);
    const all: NewRecord[] = [
      { key: Buffer.from('order 1'), value: Buffer.from('{"é": 1}'), headers: [], timestamp: 1_700_000_000_123n },
      { key: null, value: null, headers: [{ key: 'a', value: null }], timestamp: 0n },
      {
        key: Buffer.alloc(0),
        value: Buffer.alloc(0),
        headers: [
          { key: 'same é', value: Buffer.from([0, 255]) },
          { key: 'same é', value: Buffer.alloc(0) },
          { key: '', value: Buffer.from('x') },
        ],
        timestamp: 1_650_000_000_000n,
      },
      { key: Buffer.from([255, 254]), value: Buffer.alloc(700_000, 'large '), headers: [], timestamp: 1n },
      { key: Buffer.from('order 2'), value: Buffer.alloc(400_000, 'more '), headers: [], timestamp: 2n },
    ];
    const expected: Seen[] = [];
    for (const compression of ['none', 'gzip', 'zstd'] as WrittenCompression[]) {
      const unplaced = all.map((each) => ({ ...each, partition: undefined }));
      const records = place(unplaced, topic, await partitionCount(cluster, topic), 1);
      const results = await produceRecords(cluster, { topic, records, compression });
      for (const [index, result] of results.entries()) {
        assert.equal(result.kind, 'written');
        assert.ok(result.kind === 'written');
        const { key, value, headers, partition, timestamp } = records[index]!;
        assert.equal(result.timestamp, timestamp);
        expected.push({
          partition,
          offset: `${result.offset}`,
          timestamp: `${timestamp}`,
          key: base64(key),
          value: base64(value),
          headers: headers.map((header) => ({
            key: Buffer.from(header.key).toString('base64'),
            value: base64(header.value),
          })),
        });
      }
    }
    const order = (a: Seen, b: Seen): number => a.partition - b.partition || Number(a.offset) - Number(b.offset);
    assert.deepEqual((await read(topic)).sort(order), expected.sort(order));
  });

  it("puts keys into the partitions that Kafka's own murmur2 gives, and writes what its serializers write", async () => {
    const keys = Array.from({ length: 300 }, (_, index) => Buffer.from(`key ${index}${'é'.repeat(index % 5)}`));
    keys.push(Buffer.alloc(0), Buffer.from([255, 128, 0]), Buffer.alloc(1000, 0xfe));
    const found = await java<{ hash: number; partition: number }>(
      ['partitions', '17'],
      keys.map((key) => key.toString('base64')).join('\n'),
    );
    assert.deepEqual(
      keys.map((key) => ({ hash: murmur2(key), partition: partitionOfKey(key, 17) })),
      found,
    );
    const written = await java<{ format: ValueFormat; text: string; bytes: string }>(['serialize']);
    assert.ok(written.length >= 9);
    for (const { format, text, bytes } of written) {
      const encoded = encodeValue(format, text);
      assert.ok('bytes' in encoded, format);
      assert.equal(base64(encoded.bytes), bytes, format);
    }
  });

  it('writes once where the connection breaks before the answer', async () => {
    const topic = 'produce-once';
    await createTopicWith(cluster, topic, 1);
    cutter.cutNext(3);
    const records = ['a', 'b', 'c'].map((value) => record(value));
    const results = await produceRecords(cluster, { topic, records, compression: 'none' });
    assert.equal(cutter.cut, 3);
    assert.deepEqual(
      results.map((result) => result.kind === 'written' && result.offset),
      [0n, 1n, 2n],
    );
    const seen = await read(topic);
    assert.deepEqual(
      seen.map(({ value }) => Buffer.from(value!, 'base64').toString()),
      ['a', 'b', 'c'],
    );
  });

  it('says that it does not know where no answer ever comes, and sends nothing behind it', async () => {
    const topic = 'produce-unknown';
    await createTopicWith(cluster, topic, 1);
    cutter.cutNext(1_000_000);
    const records = [record('x'.repeat(600_000)), record('y'.repeat(600_000))];
    const results = await produceRecords(cluster, { topic, records, compression: 'none', retryForMs: 1_000 });
    cutter.cutNext(0);
    assert.deepEqual(
      results.map(({ kind }) => kind),
      ['unknown', 'not-sent'],
    );
    assert.equal((await read(topic)).length, 1);
  });

  it('says so where it is cancelled under way', async () => {
    const topic = 'produce-cancelled';
    await createTopicWith(cluster, topic, 1);
    const cancel = new AbortController();
    cutter.cutNext(1_000_000);
    const options = { topic, records: [record('x')], compression: 'none', signal: cancel.signal } as const;
    const sending = produceRecords(cluster, options);
    await until('an answer is cut off', () => cutter.cut > 0);
    cancel.abort();
    const [result] = await sending;
    cutter.cutNext(0);
    assert.equal(result!.kind, 'unknown');
    await assert.rejects(produceRecords(cluster, options), isCancelled);
  });

  it('names what the topic does not take, and writes the rest', async () => {
    const topic = 'produce-limits';
    await createTopicWith(cluster, topic, 1, { 'max.message.bytes': '2000' });
    const records = [record('a'), record('b'.repeat(3_000)), record('c'), record('d'.repeat(1_500)), record('e')];
    const results = await produceRecords(cluster, { topic, records, compression: 'none' });
    assert.deepEqual(
      results.map((result) => (result.kind === 'written' ? result.offset : result.kind)),
      [0n, 'failed', 1n, 2n, 3n],
    );
    assert.ok(results[1]!.kind === 'failed');
    assert.match(results[1]!.failure.message, /larger than the topic takes \(max\.message\.bytes\).*MESSAGE_TOO_LARGE/);
    assert.deepEqual(
      (await read(topic)).map(({ offset }) => offset),
      ['0', '1', '2', '3'],
    );

    const compacted = 'produce-compacted';
    await createTopicWith(cluster, compacted, 1, { 'cleanup.policy': 'compact' });
    const key = Buffer.from('k');
    const some = [record('a', { key }), record('b'), record('c', { key })];
    const outcome = await produceRecords(cluster, { topic: compacted, records: some, compression: 'none' });
    assert.deepEqual(
      outcome.map((result) => (result.kind === 'written' ? result.offset : result.kind)),
      [0n, 'failed', 1n],
    );
    assert.ok(outcome[1]!.kind === 'failed');
    assert.match(outcome[1]!.failure.message, /key.*INVALID_RECORD/i);
  });

  it("has the broker's time where the topic says so", async () => {
    const topic = 'produce-append-time';
    await createTopicWith(cluster, topic, 1, { 'message.timestamp.type': 'LogAppendTime' });
    const [result] = await produceRecords(cluster, {
      topic,
      records: [record('x', { timestamp: 5n })],
      compression: 'none',
    });
    assert.ok(result!.kind === 'written');
    const [seen] = await read(topic);
    assert.equal(`${result!.timestamp}`, seen!.timestamp);
    assert.ok(result!.timestamp > 5n);
  });

  it('creates no topic', async () => {
    const topic = 'produce-nowhere';
    await assert.rejects(partitionCount(cluster, topic), HumanError);
    const [result] = await produceRecords(cluster, {
      topic,
      records: [record('x')],
      compression: 'none',
      retryForMs: 500,
    });
    assert.ok(result!.kind === 'failed');
    assert.equal(result!.failure.kind, 'missing');
    const { topics } = await cluster.metadata({ topics: 'all' });
    assert.ok(!topics.has(topic));
  });

  it('replays a record byte for byte, and says why one cannot be', async () => {
    const topic = 'produce-replay';
    await createTopicWith(cluster, topic, 2);
    const original = record('', {
      key: Buffer.from([0, 255]),
      headers: [
        { key: 'b', value: null },
        { key: 'a', value: Buffer.alloc(0) },
        { key: 'b', value: Buffer.from([1]) },
      ],
      timestamp: 1_600_000_000_000n,
    });
    await produceRecords(cluster, { topic, records: [record('before'), original], compression: 'zstd' });
    const found = await readForReplay(cluster, { topic, partition: 0 }, 1n);
    await produceRecords(cluster, { topic, records: [{ ...found, partition: 1 }], compression: 'none' });
    const seen = await read(topic);
    const {
      partition: _from,
      offset: _at,
      ...first
    } = seen.find(({ partition, offset }) => partition === 0 && offset === '1')!;
    const { partition: _to, offset: _new, ...again } = seen.find(({ partition }) => partition === 1)!;
    assert.deepEqual(again, first);
    await assert.rejects(readForReplay(cluster, { topic, partition: 0 }, 9n), /no record is there.*0 to 2/);
    await assert.rejects(readForReplay(cluster, { topic, partition: 5 }, 0n), HumanError);
  });
});

describe('Producing to a topic whose replicas are down', { timeout: 480_000 }, () => {
  it('says that they are wanting, and has not written then', async () => {
    const kafka = await startKafka({ brokers: 3, heap: '256m', deadAfterMs: 4_000 });
    const cluster = await Cluster.connect({ bootstrapServers: [kafka.bootstrap] });
    try {
      const topic = 'produce-replicas';
      await createTopicWith(cluster, topic, 1, { 'min.insync.replicas': '2' }, 2);
      const partition = async () => (await cluster.metadata({ topics: [topic] })).topics.get(topic)!.partitions[0]!;
      const { leader, replicas } = await partition();
      const follower = replicas.find((id) => id !== leader)!;
      await kafka.kill(follower);
      await until('the follower is out of sync', async () => (await partition()).inSync.length === 1, 90_000);
      // The leader itself may hear of it later than the broker that was asked; and it must be able to give out producer ids.
      await until(
        'the leader has it so',
        () => new RegExp(`${topic}-0 .* ISR \\[${leader}\\]`).test(kafka.log(leader)),
        90_000,
      );
      await until(
        'the others give out producer ids',
        async () => {
          const request = { transactionalId: null, transactionTimeoutMs: 60_000 };
          const answers = [...(await cluster.toAllBrokers(initProducerId, request)).values()];
          return answers.every((answer) => 'value' in answer && answer.value.errorCode === 0);
        },
        90_000,
      );
      const options = { topic, records: [record('x')], compression: 'none' } as const;
      const [result] = await produceRecords(cluster, { ...options, retryForMs: 500 });
      assert.ok(result!.kind === 'failed');
      assert.match(result!.failure.message, /min\.insync\.replicas.*NOT_ENOUGH_REPLICAS/);

      // Once they are back in time, it is written as if nothing had been.
      const patient = produceRecords(cluster, { ...options, retryForMs: 180_000 });
      await kafka.startNode(follower);
      const [written] = await patient;
      assert.ok(written!.kind === 'written');
      assert.equal(written!.offset, 0n);
    } finally {
      cluster.close();
      await kafka.stop();
    }
  });
});
