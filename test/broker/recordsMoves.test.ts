import assert from 'node:assert/strict';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Cluster } from '../../src/kafka/cluster.ts';
import { offsetsAt } from '../../src/kafka/offsetsAt.ts';
import type { ReadEvent } from '../../src/records/events.ts';
import { readTopic } from '../../src/records/reader.ts';
import { listGroups } from '../../src/kafka/protocol/generated/listGroups.ts';
import { metadata } from '../../src/kafka/protocol/generated/metadata.ts';
import { startKafka, type Kafka } from '../../tools/kafka.ts';
import { committed } from '../support/clusterCalls.ts';
import { firstCommit } from '../support/firstCommit.ts';
import { createTopicWith, produceBatch, readAll, recordsOf } from '../support/recordsCalls.ts';
import { writeBatch } from '../support/recordsWriter.ts';
import { until } from '../support/until.ts';

describe('readTopic on brokers of its own', { timeout: 300_000 }, () => {
  let kafka: Kafka;
  let cluster: Cluster;

  before(async () => {
    kafka = await startKafka({
      brokers: 3,
      deadAfterMs: 4_000,
      properties: {
        'offsets.topic.num.partitions': '3',
        'log.cleaner.backoff.ms': '200',
        'log.retention.check.interval.ms': '500',
      },
    });
    cluster = await Cluster.connect({ bootstrapServers: [kafka.bootstrap] });
    await until('all brokers are known', async () => (await cluster.metadata()).brokers.length === 3);
  });

  after(async () => {
    cluster?.close();
    await kafka?.stop();
  });

  const one = (value: string, key: string | null = null): Buffer =>
    writeBatch({ records: [{ key, value }], baseTimestamp: BigInt(Date.now()) });

  it('changes nothing: no group, no commit, no topic', async () => {
    await createTopicWith(cluster, 'watched', 2);
    await produceBatch(cluster, 'watched', 0, one('here'));
    await firstCommit(cluster, 'somebody', 'watched', { 0: 1n });
    await until('all brokers know both topics', async () => {
      const answers = [...(await cluster.toAllBrokers(metadata, { topics: null })).values()];
      return answers.every((answer) => {
        if ('failure' in answer) return false;
        const led = answer.value.topics.filter(({ partitions }) => partitions.every(({ leaderId }) => leaderId >= 0));
        return ['watched', '__consumer_offsets'].every((name) => led.some((topic) => topic.name === name));
      });
    });
    const state = async (): Promise<object> => {
      const { topics } = await cluster.metadata({ topics: 'all' });
      const groups = await cluster.toAllBrokers(listGroups, {});
      const partitions = [...topics.values()].flatMap(({ name, partitions }) =>
        partitions.map(({ partition }) => ({ topic: name, partition, timestamp: -1n })),
      );
      return {
        topics: [...topics.values()].map(({ name, id, partitions }) => [name, id, partitions.length]),
        groups: [...groups.values()].flatMap((fact) => ('value' in fact ? fact.value.groups : [])),
        commits: [...(await committed(cluster, ['somebody'], 'watched')).values()],
        // Those of __consumer_offsets too: not one record was written anywhere.
        ends: [...(await offsetsAt(cluster, partitions, 'read_uncommitted'))],
      };
    };
    const before = await state();
    for (const isolation of ['read_uncommitted', 'read_committed', 'both'] as const) {
      for (const start of [
        { at: 'beginning' },
        { at: 'last', count: 1, of: 'topic' },
        { at: 'group', group: 'somebody', otherwise: 'end' },
        { at: 'group', group: 'nobody', otherwise: 'beginning' },
      ] as const) {
        await readAll(cluster, { topic: 'watched', start, stop: { at: 'end' }, isolation });
      }
    }
    await assert.rejects(
      readAll(cluster, { topic: 'not-there', start: { at: 'beginning' }, stop: { at: 'end' }, isolation: 'both' }),
      /not-there/,
    );
    assert.deepEqual(await state(), before);
  });

  it('passes over what compaction took', async () => {
    await createTopicWith(cluster, 'compacted', 1, {
      'cleanup.policy': 'compact',
      'segment.ms': '300',
      'min.cleanable.dirty.ratio': '0.01',
      'min.compaction.lag.ms': '0',
      'delete.retention.ms': '1',
    });
    for (let round = 0; round < 4; round++) {
      const records = Array.from({ length: 10 }, (_, index) => ({ key: `key ${index}`, value: `${round}` }));
      // Segments are rolled by the times of their records.
      const batch = writeBatch({ records, codec: round % 2 ? 'zstd' : 'none', baseTimestamp: BigInt(Date.now()) });
      await produceBatch(cluster, 'compacted', 0, batch);
    }
    const read = async (): Promise<ReadEvent[]> =>
      readAll(cluster, {
        topic: 'compacted',
        start: { at: 'beginning' },
        stop: { at: 'end' },
        isolation: 'read_uncommitted',
      });
    let events: ReadEvent[] = [];
    let round = 4;
    await until(
      'the values that have successors are gone',
      async () => {
        // A new record rolls the segment, which compaction then may clean.
        await produceBatch(cluster, 'compacted', 0, one(`${round++}`, 'key 0'));
        events = await read();
        // The first of the fourth round goes too, with a later pass where the segment of its successor was not closed yet.
        return recordsOf(events).every(({ offset }) => offset > 30n);
      },
      90_000,
    );
    const found = recordsOf(events);
    assert.deepEqual(
      found.filter(({ offset }) => offset < 40n).map(({ offset, value }) => [offset, value]),
      [31n, 32n, 33n, 34n, 35n, 36n, 37n, 38n, 39n].map((offset) => [offset, '3']),
    );
    const next = events.findLast((event) => event.kind === 'finished')!.next!;
    assert.equal(next, BigInt(40 + round - 4));
  });

  it('goes on at the new leader when the old one is stopped', async () => {
    await createTopicWith(cluster, 'moving', 3, { 'min.insync.replicas': '1' }, 3);
    const leaders = async (): Promise<number[]> =>
      (await cluster.metadata({ topics: ['moving'] })).topics.get('moving')!.partitions.map(({ leader }) => leader);
    for (const partition of [0, 1, 2]) await produceBatch(cluster, 'moving', partition, one('before'));
    const victim = (await leaders())[0]!;
    const events: ReadEvent[] = [];
    const values = (): string[] => recordsOf(events).map(({ partition, value }) => `${partition} ${value}`);
    const reading = (async () => {
      const options = {
        topic: 'moving',
        start: { at: 'beginning' },
        stop: { at: 'never' },
        isolation: 'both',
      } as const;
      for await (const event of readTopic(cluster, options)) {
        events.push(event);
        if (values().filter((value) => value.endsWith('after')).length === 3) break;
      }
    })();
    await until('all partitions were read', () => values().length === 3);
    await kafka.stopNode(victim);
    await until(
      'others lead',
      async () => (await leaders()).every((leader) => leader >= 0 && leader !== victim),
      90_000,
    );
    for (const partition of [0, 1, 2]) await produceBatch(cluster, 'moving', partition, one('after'));
    await reading;
    assert.deepEqual(values().sort(), ['0 after', '0 before', '1 after', '1 before', '2 after', '2 before']);
    const moved = events.filter((event) => event.kind === 'leader-moved');
    assert.ok(moved.some(({ partition, from, to }) => partition === 0 && from === victim && to !== victim));
    await kafka.startNode(victim);
  });
});

describe('readTopic on one broker', { timeout: 300_000 }, () => {
  let kafka: Kafka;
  let cluster: Cluster;

  before(async () => {
    kafka = await startKafka({ deadAfterMs: 4_000 });
    cluster = await Cluster.connect({ bootstrapServers: [kafka.bootstrap] });
  });

  after(async () => {
    cluster?.close();
    await kafka?.stop();
  });

  const batch = (value: string): Buffer => writeBatch({ records: [{ value }, { value }] });

  it("reads on behind a batch that is damaged on the broker's disk", async () => {
    await createTopicWith(cluster, 'damaged', 1);
    for (const value of ['first', 'second', 'third']) await produceBatch(cluster, 'damaged', 0, batch(value));
    const file = await open(join(kafka.nodes[0]!.folder, 'data', 'damaged-0', '00000000000000000000.log'), 'r+');
    try {
      const bytes = await file.readFile();
      await file.write(Buffer.from('X'), 0, 1, bytes.indexOf('second'));
    } finally {
      await file.close();
    }
    for (const isolation of ['read_uncommitted', 'both'] as const) {
      const options = { topic: 'damaged', start: { at: 'beginning' }, stop: { at: 'end' }, isolation } as const;
      const events = await readAll(cluster, options);
      assert.deepEqual(
        recordsOf(events).map(({ offset, value }) => [offset, value]),
        [
          [0n, 'first'],
          [1n, 'first'],
          [4n, 'third'],
          [5n, 'third'],
        ],
      );
      assert.deepEqual(
        events.map(({ kind }) => kind),
        ['records', 'damaged', 'records', 'finished'],
      );
      const [, event] = events;
      assert.ok(event?.kind === 'damaged');
      assert.match(event.error.message, /^damaged-0, offset 2: the batch is damaged: its CRC-32C is /);
      assert.ok(event.bytes.includes('Xecond'));
      assert.equal(event.next, 4n);
    }
  });

  it('waits for a broker that is gone, and says so', async () => {
    await createTopicWith(cluster, 'gone', 1);
    await produceBatch(cluster, 'gone', 0, batch('before'));
    const events: ReadEvent[] = [];
    const reading = (async () => {
      const options = { topic: 'gone', start: { at: 'beginning' }, stop: { at: 'never' }, isolation: 'both' } as const;
      for await (const event of readTopic(cluster, options)) {
        events.push(event);
        if (recordsOf(events).length === 4) break;
      }
    })();
    await until('it was read', () => recordsOf(events).length === 2);
    await kafka.kill(1);
    await until('it is said', () => events.some(({ kind }) => kind === 'unavailable'));
    await kafka.startNode(1);
    await until(
      'it is available',
      async () => {
        try {
          await produceBatch(cluster, 'gone', 0, batch('after'));
          return true;
        } catch {
          return false;
        }
      },
      90_000,
    );
    await reading;
    const kinds = events.map(({ kind }) => kind);
    assert.deepEqual([...new Set(kinds)], ['records', 'unavailable', 'available']);
    assert.ok(kinds.filter((kind) => kind === 'unavailable').length < 10, kinds.join());
    assert.deepEqual(
      recordsOf(events).map(({ value }) => value),
      ['before', 'before', 'after', 'after'],
    );
  });
});
