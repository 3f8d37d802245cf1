import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { Cluster } from '../../src/kafka/cluster.ts';
import type { ReadEvent } from '../../src/records/events.ts';
import { readTopic, type ReadOptions } from '../../src/records/reader.ts';
import { isCancelled } from '../../src/shared/errors.ts';
import { runTool, spawnTool, startKafka, type Kafka } from '../../tools/kafka.ts';
import { endProcess } from '../../tools/processes.ts';
import { firstCommit } from '../support/firstCommit.ts';
import {
  createTopicWith,
  deleteTopic,
  produceBatch,
  readAll,
  recordsOf,
  type ReadRecord,
} from '../support/recordsCalls.ts';
import { writeBatch } from '../support/recordsWriter.ts';
import { until } from '../support/until.ts';

/** The console producer waits 1.5 s for an answer: then it sends again, before Kafka 3 maybe twice, and soon gives records up. */
const patient = ['--request-timeout-ms', '60000'];

describe('readTopic', { timeout: 400_000 }, () => {
  let own: Kafka | undefined;
  let bootstrap: string;
  let cluster: Cluster;

  before(async () => {
    const shared = process.env['KAFKA_BOOTSTRAP'];
    if (shared === undefined) own = await startKafka();
    bootstrap = shared ?? own!.bootstrap;
    cluster = await Cluster.connect({ bootstrapServers: [bootstrap] });
  });

  after(async () => {
    cluster?.close();
    await own?.stop();
  });

  const whole = (topic: string): ReadOptions => ({
    topic,
    start: { at: 'beginning' },
    stop: { at: 'end' },
    isolation: 'read_uncommitted',
  });

  it("reads what Kafka's own producer wrote, in every compression", async () => {
    const lines = Array.from(
      { length: 3000 },
      (_, index) => `line ${index} ${'of a text that repeats itself '.repeat(index % 7)}`,
    );
    for (const codec of ['none', 'gzip', 'snappy', 'lz4', 'zstd']) {
      const topic = `records-codec-${codec}`;
      await createTopicWith(cluster, topic, 1);
      const args = ['--bootstrap-server', bootstrap, '--topic', topic, '--compression-codec', codec, ...patient];
      const { code, stderr } = await runTool('org.apache.kafka.tools.ConsoleProducer', args, {
        input: lines.join('\n'),
      });
      assert.equal(code, 0, stderr);
      const events = await readAll(cluster, whole(topic));
      assert.deepEqual(
        recordsOf(events).map(({ value }) => value),
        lines,
      );
      const batches = events.flatMap((event) => (event.kind === 'records' ? event.slices : []));
      assert.ok(batches.every(({ batch }) => batch.facts.compression === codec));
    }
  });

  it('tells what was committed, aborted and is open, as consumers of both isolation levels see it', async () => {
    const topic = 'records-transactions';
    await createTopicWith(cluster, topic, 1);
    const program = join(import.meta.dirname, '..', 'support', 'RecordsTransactions.java');
    const java = await spawnTool(program, [bootstrap, topic], { stdio: ['pipe', 'pipe', 'inherit'] });
    try {
      const lines = createInterface({ input: java.stdout! });
      assert.deepEqual(await once(lines, 'line'), ['open']);
      // A transaction is ended for its producer before its marker is written.
      await until('the six that ended have their markers', async () => {
        const events = await readAll(cluster, { ...whole(topic), isolation: 'both' });
        return events.flatMap((event) => (event.kind === 'records' ? event.ended : [])).length === 6;
      });

      const uncommitted = recordsOf(await readAll(cluster, whole(topic)));
      assert.deepEqual(
        uncommitted.map(({ value }) => value),
        await consoleConsumer(topic, 'read_uncommitted', 29),
      );
      const committed = recordsOf(await readAll(cluster, { ...whole(topic), isolation: 'read_committed' }));
      assert.deepEqual(
        committed.map(({ value }) => value),
        await consoleConsumer(topic, 'read_committed', 10),
      );
      assert.ok(committed.every(({ value }) => !/abort|open/.test(value!)));

      const both = recordsOf(await readAll(cluster, { ...whole(topic), isolation: 'both' }));
      assert.deepEqual(
        both.map(({ value }) => value),
        uncommitted.map(({ value }) => value),
      );
      const expected = (value: string): string | undefined => /^(committed|aborted|open)/.exec(value)?.[0];
      for (const { value, outcome } of both) assert.equal(outcome, expected(value!), value);

      // What is read up to the middle of an aborted transaction is known to be aborted without its marker.
      const upTo = both.find(({ value }) => value === 'aborted b 2')!.offset;
      const some = recordsOf(
        await readAll(cluster, { ...whole(topic), isolation: 'both', stop: { at: 'offset', offset: upTo } }),
      );
      assert.equal(some.at(-1)!.value, 'aborted b 1');
      assert.equal(some.at(-1)!.outcome, 'aborted');

      // What was open is decided while it is read.
      const events: ReadEvent[] = [];
      const abort = new AbortController();
      const options = { ...whole(topic), isolation: 'both', stop: { at: 'never' }, signal: abort.signal } as const;
      let isEnding = false;
      await assert.rejects(async () => {
        for await (const event of readTopic(cluster, options)) {
          events.push(event);
          if (!isEnding && recordsOf(events).length === both.length) {
            isEnding = true;
            assert.ok(recordsOf(events).some(({ outcome }) => outcome === 'open'));
            java.stdin!.write('abort\n');
          }
          if (event.kind === 'records' && isEnding && event.ended.some(({ outcome }) => outcome === 'aborted')) {
            if (recordsOf(events).every(({ outcome }) => outcome !== 'open')) abort.abort();
          }
        }
      }, isCancelled);
      for (const { value, outcome } of recordsOf(events)) {
        assert.equal(outcome, value!.startsWith('open') ? 'aborted' : expected(value!), value);
      }
    } finally {
      await endProcess(java, 0);
    }
  });

  async function consoleConsumer(topic: string, isolation: string, count: number): Promise<string[]> {
    const args = [
      '--bootstrap-server',
      bootstrap,
      '--topic',
      topic,
      '--from-beginning',
      '--isolation-level',
      isolation,
    ];
    const more = ['--max-messages', `${count}`, '--timeout-ms', '60000'];
    const { stdout } = await runTool('org.apache.kafka.tools.consumer.ConsoleConsumer', [...args, ...more]);
    return stdout.trim().split('\n');
  }

  describe('from and to', () => {
    const topic = 'records-positions';
    const time = 1_700_000_000_000n;

    before(async () => {
      await createTopicWith(cluster, topic, 2);
      // Partition 0: 0 to 9, a second apart; partition 1: 0 to 4, from the fifth second on.
      for (const [partition, count, first] of [
        [0, 10, 0],
        [1, 5, 5],
      ] as const) {
        for (let start = 0; start < count; start += 5) {
          const records = Array.from({ length: 5 }, (_, index) => ({
            value: `${partition}:${start + index}`,
            timestampDelta: (first + start + index) * 1000,
          }));
          await produceBatch(cluster, topic, partition, writeBatch({ records }));
        }
      }
      await firstCommit(cluster, 'records-group', topic, { 0: 7n });
    });

    const cases: [string, ReadOptions['start'], ReadOptions['stop'], string][] = [
      ['beginning, end', { at: 'beginning' }, { at: 'end' }, '0:0-9 1:0-4'],
      ['end, end', { at: 'end' }, { at: 'end' }, ''],
      ['offset, end', { at: 'offset', offset: 3n }, { at: 'end' }, '0:3-9 1:3-4'],
      ['beginning, offset', { at: 'beginning' }, { at: 'offset', offset: 2n }, '0:0-1 1:0-1'],
      ['last of each partition', { at: 'last', count: 3, of: 'partition' }, { at: 'end' }, '0:7-9 1:2-4'],
      ['last of the topic', { at: 'last', count: 6, of: 'topic' }, { at: 'end' }, '0:7-9 1:2-4'],
      ['last of the topic, more than there are', { at: 'last', count: 99, of: 'topic' }, { at: 'end' }, '0:0-9 1:0-4'],
      ['timestamp, end', { at: 'timestamp', timestamp: time + 6_500n }, { at: 'end' }, '0:7-9 1:2-4'],
      ['timestamp behind all', { at: 'timestamp', timestamp: time + 60_000n }, { at: 'end' }, ''],
      ['beginning, timestamp', { at: 'beginning' }, { at: 'timestamp', timestamp: time + 6_000n }, '0:0-5 1:0-0'],
      ['group, end', { at: 'group', group: 'records-group', otherwise: 'end' }, { at: 'end' }, '0:7-9'],
      ['unknown group', { at: 'group', group: 'records-none', otherwise: 'beginning' }, { at: 'end' }, '0:0-9 1:0-4'],
      ['offsets, end', { at: 'offsets', offsets: new Map([[1, 4n]]), otherwise: 'end' }, { at: 'end' }, '1:4-4'],
    ];
    for (const [name, start, stop, expected] of cases) {
      it(name, async () => {
        const events = await readAll(cluster, { topic, start, stop, isolation: 'read_uncommitted' });
        const ranges = [0, 1].flatMap((partition) => {
          const offsets = recordsOf(events)
            .filter((each) => each.partition === partition)
            .map((each) => (assert.equal(each.value, `${partition}:${each.offset}`), each.offset));
          return offsets.length === 0 ? [] : [`${partition}:${offsets[0]}-${offsets.at(-1)}`];
        });
        assert.equal(ranges.join(' '), expected);
        assert.deepEqual(
          events.filter(({ kind }) => kind === 'finished').map((event) => 'cause' in event && event.cause),
          ['stop', 'stop'],
        );
      });
    }

    it('chosen partitions only', async () => {
      const events = await readAll(cluster, { ...whole(topic), partitions: [1] });
      assert.deepEqual(new Set(recordsOf(events).map(({ partition }) => partition)), new Set([1]));
      await assert.rejects(readAll(cluster, { ...whole(topic), partitions: [2] }), /has no partition 2/);
      await assert.rejects(readAll(cluster, whole('records-not-there')), /does not exist/);
    });

    it('a time that is still to come', async () => {
      const soon = BigInt(Date.now() + 1_500);
      const stop = { at: 'timestamp', timestamp: soon } as const;
      const events = await readAll(cluster, { ...whole(topic), partitions: [0], stop });
      assert.equal(recordsOf(events).length, 10);
      assert.ok(BigInt(Date.now()) >= soon);
    });

    it('offsets that are not there', async () => {
      const start = { at: 'offset', offset: 1000n } as const;
      const events = await readAll(cluster, { ...whole(topic), partitions: [0], start });
      // Past the stop: nothing is to be read.
      assert.deepEqual(
        events.map(({ kind }) => kind),
        ['finished'],
      );
      const abort = new AbortController();
      const seen: ReadEvent[] = [];
      await assert.rejects(async () => {
        const options = {
          ...whole(topic),
          partitions: [0],
          start,
          stop: { at: 'never' },
          signal: abort.signal,
        } as const;
        for await (const event of readTopic(cluster, options)) {
          seen.push(event);
          abort.abort();
        }
      }, isCancelled);
      const { kind, cause, asked, start: first, end, next, whileReading } = seen[0] as never as Record<string, unknown>;
      assert.deepEqual(
        { kind, cause, asked, first, end, next, whileReading },
        {
          kind: 'out-of-range',
          cause: 'beyond-end',
          asked: 1000n,
          first: 0n,
          end: 10n,
          next: 10n,
          whileReading: false,
        },
      );
    });
  });

  it('reads records larger than any fetch, among small ones', async () => {
    const topic = 'records-large';
    await createTopicWith(cluster, topic, 2, { 'max.message.bytes': '40000000' });
    const large = Buffer.alloc(12_000_000, 'large ');
    const expected: string[] = [];
    for (const partition of [0, 1]) {
      for (const value of [Buffer.from('small'), large, large, Buffer.from('small again')]) {
        await produceBatch(cluster, topic, partition, writeBatch({ records: [{ value }] }));
        expected.push(`${partition} ${value.length}`);
      }
    }
    const events = await readAll(cluster, whole(topic));
    const found = recordsOf(events).map(({ partition, value }) => `${partition} ${value!.length}`);
    assert.deepEqual(found.sort(), expected.sort());
    assert.ok(events.every(({ kind }) => kind === 'records' || kind === 'finished'));
  });

  it('follows a log that is cut below it, and the end of the topic', async () => {
    const topic = 'records-cut';
    await createTopicWith(cluster, topic, 1);
    const batch = writeBatch({ records: Array.from({ length: 10 }, (_, index) => ({ value: `${index}` })) });
    for (let round = 0; round < 3; round++) await produceBatch(cluster, topic, 0, batch);
    const folder = await mkdtemp(join(tmpdir(), 'records-'));
    try {
      const events: ReadEvent[] = [];
      const start = { at: 'offset', offset: 5n } as const;
      // Not taken until the log was cut: what is under way by then is read all the same.
      const reading = readTopic(cluster, { ...whole(topic), start, stop: { at: 'never' } });
      events.push((await reading.next()).value as ReadEvent);
      assert.equal(recordsOf(events).length, 25);
      const file = join(folder, 'offsets.json');
      await writeFile(file, JSON.stringify({ version: 1, partitions: [{ topic, partition: 0, offset: 28 }] }));
      const args = ['--bootstrap-server', bootstrap, '--offset-json-file', file];
      const { code, stderr } = await runTool('org.apache.kafka.tools.DeleteRecordsCommand', args);
      assert.equal(code, 0, stderr);
      const below = await readAll(cluster, { ...whole(topic), start });
      assert.deepEqual(
        below.map((event) =>
          event.kind === 'out-of-range' ? [event.cause, event.asked, event.next, event.whileReading] : event.kind,
        ),
        [['below-start', 5n, 28n, false], 'records', 'finished'],
      );
      assert.deepEqual(
        recordsOf(below).map(({ offset }) => offset),
        [28n, 29n],
      );

      await deleteTopic(cluster, topic);
      for await (const event of reading) events.push(event);
      const last = events.at(-1)!;
      assert.ok(last.kind === 'finished' && last.cause === 'deleted', JSON.stringify(last.kind));
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('says when the log was cut below what it has not read yet', async () => {
    const topic = 'records-overtaken';
    await createTopicWith(cluster, topic, 1);
    const batch = writeBatch({ records: [{ value: 'x'.repeat(900_000) }] });
    for (let round = 0; round < 7; round++) await produceBatch(cluster, topic, 0, batch);
    const folder = await mkdtemp(join(tmpdir(), 'records-'));
    try {
      const reading = readTopic(cluster, whole(topic));
      // With the first answer taken, the second is under way; the third is not asked for before that was taken.
      const events = [(await reading.next()).value as ReadEvent];
      const file = join(folder, 'offsets.json');
      await writeFile(file, JSON.stringify({ version: 1, partitions: [{ topic, partition: 0, offset: 5 }] }));
      const args = ['--bootstrap-server', bootstrap, '--offset-json-file', file];
      const { code, stderr } = await runTool('org.apache.kafka.tools.DeleteRecordsCommand', args);
      assert.equal(code, 0, stderr);
      for await (const event of reading) events.push(event);
      const overtaken = events.find((event) => event.kind === 'out-of-range');
      const { cause, asked, next, whileReading } = overtaken!;
      assert.deepEqual([cause, asked, next, whileReading], ['below-start', 3n, 5n, true]);
      assert.deepEqual(
        recordsOf(events).map(({ offset }) => offset),
        [0n, 1n, 2n, 5n, 6n],
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('goes on with a topic that was deleted and created again', async () => {
    const topic = 'records-again';
    await createTopicWith(cluster, topic, 1);
    await produceBatch(cluster, topic, 0, writeBatch({ records: [{ value: 'old' }, { value: 'old' }] }));
    const makeAnew = async (): Promise<void> => {
      await deleteTopic(cluster, topic);
      await until('the broker knows that it is gone', async () => {
        const { topics } = await cluster.metadata({ topics: [topic] });
        return topics.get(topic)?.failure?.kind === 'missing';
      });
      await createTopicWith(cluster, topic, 1);
      await produceBatch(cluster, topic, 0, writeBatch({ records: [{ value: 'new' }] }));
    };
    const events: ReadEvent[] = [];
    for await (const event of readTopic(cluster, { ...whole(topic), stop: { at: 'never' } })) {
      events.push(event);
      const { length } = recordsOf(events);
      // Nothing is asked for meanwhile: who finds a topic gone three times takes it for deleted.
      if (length === 2 && event.kind === 'records') await makeAnew();
      if (length > 2) break;
    }
    assert.deepEqual(
      recordsOf(events).map(({ value }) => value),
      ['old', 'old', 'new'],
    );
    assert.ok(events.some(({ kind }) => kind === 'topic-recreated'));
  });

  it('asks for no more than one fetch ahead of who takes it', async () => {
    const topic = 'records-slow';
    await createTopicWith(cluster, topic, 1);
    const batch = writeBatch({ records: [{ value: 'x'.repeat(900_000) }] });
    for (let round = 0; round < 20; round++) await produceBatch(cluster, topic, 0, batch);
    let fetches = 0;
    const counting = new Proxy(cluster, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        if (name === 'send') fetches++;
        return (value as (...args: unknown[]) => unknown).bind(target);
      },
    });
    const reading = readTopic(counting, whole(topic));
    await reading.next();
    const before = fetches;
    // Others are answered meanwhile, and it does not go on by itself.
    for (let round = 0; round < 5; round++) await cluster.metadata({ topics: [topic] });
    assert.equal(fetches, before);
    assert.ok(fetches <= 2, `${fetches} fetches`);
    let rest = 0;
    for await (const event of reading) rest += recordsOf([event]).length;
    assert.ok(rest > 10);
  });

  it('lends memory that it uses again, with the same records in it', async () => {
    const topic = 'records-borrowed';
    const partitions = 3;
    await createTopicWith(cluster, topic, partitions);
    for (let round = 0; round < 20; round++) {
      for (let partition = 0; partition < partitions; partition++) {
        const values = [0, 1, 2].map((index) => `${round} ${partition} ${index} `.repeat(20_000));
        await produceBatch(cluster, topic, partition, writeBatch({ records: values.map((value) => ({ value })) }));
      }
    }
    const kept = recordsOf(await readAll(cluster, whole(topic)));
    const borrowed: ReadRecord[] = [];
    const memory = new Set<ArrayBufferLike>();
    let bytes = 0;
    for await (const event of readTopic(cluster, { ...whole(topic), isBorrowed: true })) {
      borrowed.push(...recordsOf([event]));
      for (const { batch } of event.kind === 'records' ? event.slices : []) {
        if (!memory.has(batch.bytes.buffer)) bytes += batch.bytes.buffer.byteLength;
        memory.add(batch.bytes.buffer);
      }
    }
    const inOrder = (records: readonly ReadRecord[]): ReadRecord[] =>
      records.toSorted((a, b) => a.partition - b.partition || Number(a.offset - b.offset));
    assert.equal(kept.length, 20 * partitions * 3);
    assert.deepEqual(inOrder(borrowed), inOrder(kept));
    const read = kept.reduce((sum, { value }) => sum + value!.length, 0);
    assert.ok(bytes < read, `${read} bytes were read into ${bytes} bytes of memory`);
  });

  it('reads messages of the formats 0 and 1 where a broker still has them', async () => {
    const old = await startKafka({
      version: '2.8.2',
      properties: { 'log.message.format.version': '0.9.0', 'inter.broker.protocol.version': '2.8' },
    });
    const theirs = await Cluster.connect({ bootstrapServers: [old.bootstrap] });
    try {
      for (const [format, version] of [
        [0, '0.9.0'],
        [1, '0.10.2'],
      ] as const) {
        const topic = `records-format-${format}`;
        await createTopicWith(theirs, topic, 1, { 'message.format.version': version });
        const values = ['first', 'second '.repeat(50), 'third'];
        for (const codec of ['none', 'gzip', 'snappy', 'lz4'] as const) {
          const args = ['--bootstrap-server', old.bootstrap, '--topic', topic, '--compression-codec', codec];
          const { code, stderr } = await runTool('kafka.tools.ConsoleProducer', [...args, ...patient], {
            version: '2.8.2',
            input: values.join('\n'),
          });
          assert.equal(code, 0, stderr);
        }
        const events = await readAll(theirs, whole(topic));
        assert.deepEqual(
          recordsOf(events).map(({ value }) => value),
          [...values, ...values, ...values, ...values],
        );
        const magics = events.flatMap((event) =>
          event.kind === 'records' ? event.slices.map(({ batch }) => batch.facts.magic) : [],
        );
        assert.deepEqual(new Set(magics), new Set([format]));
        // In the middle of a compressed wrapper.
        const some = await readAll(theirs, { ...whole(topic), start: { at: 'offset', offset: 4n } });
        assert.deepEqual(
          recordsOf(some).map(({ offset }) => offset),
          Array.from({ length: 8 }, (_, index) => 4n + BigInt(index)),
        );
      }
    } finally {
      theirs.close();
      await old.stop();
    }
  });
});
