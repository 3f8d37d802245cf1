import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Cluster } from '../../src/kafka/cluster.ts';
import { createDecoder } from '../../src/formats/createDecoder.ts';
import { DecodedPresenter } from '../../src/tail/decodedPresenter.ts';
import { parseFilter } from '../../src/tail/filter/parseFilter.ts';
import type { FilterContext } from '../../src/tail/filter/predicate.ts';
import type { RecordStore } from '../../src/tail/recordStore.ts';
import { TailSession, type SessionOptions } from '../../src/tail/tailSession.ts';
import { TopicSearch } from '../../src/tail/topicSearch.ts';
import { collectSnapshot } from '../../src/watch/collect/collectSnapshot.ts';
import { startKafka, type Kafka } from '../../tools/kafka.ts';
import { addPartitions } from '../support/clusterCalls.ts';
import { firstCommit } from '../support/firstCommit.ts';
import { createTopicWith, deleteTopic, produceBatch, readAll, recordsOf } from '../support/recordsCalls.ts';
import { writeBatch } from '../support/recordsWriter.ts';
import { until } from '../support/until.ts';

describe('TailSession', { timeout: 300_000 }, () => {
  let own: Kafka | undefined;
  let cluster: Cluster;
  const sessions: TailSession[] = [];

  before(async () => {
    const shared = process.env['KAFKA_BOOTSTRAP'];
    if (shared === undefined) own = await startKafka();
    cluster = await Cluster.connect({ bootstrapServers: [shared ?? own!.bootstrap] });
  });

  after(async () => {
    for (const session of sessions) session.dispose();
    cluster?.close();
    await own?.stop();
  });

  function open(topic: string, options: Partial<SessionOptions> = {}): TailSession {
    const session = new TailSession({
      cluster: () => Promise.resolve(cluster),
      topic,
      partitions: undefined,
      start: { at: 'beginning' },
      stop: { at: 'never' },
      isolation: 'both',
      limits: { maxRecords: 1_000_000, maxBytes: 1 << 30 },
      onChange: () => {},
      ...options,
    });
    sessions.push(session);
    session.resume();
    return session;
  }

  const produce = (topic: string, partition: number, values: readonly string[], baseTimestamp?: bigint) =>
    produceBatch(
      cluster,
      topic,
      partition,
      writeBatch({
        records: values.map((value) => ({ key: value.split(' ')[0]!, value })),
        ...(baseTimestamp === undefined ? {} : { baseTimestamp }),
      }),
    );

  function texts({ store }: { readonly store: RecordStore }): string[] {
    const found: string[] = [];
    for (let seq = store.firstSeq; seq < store.endSeq; seq++) {
      const record = store.at(seq)!;
      found.push(record.notice?.message ?? `${record.partition}/${record.offset} ${record.value?.toString()}`);
    }
    return found;
  }

  it('leaves groups, commits and topics as they are', async () => {
    const topic = 'tail-untouched';
    await createTopicWith(cluster, topic, 3);
    await produce(topic, 0, ['a', 'b']);
    await firstCommit(cluster, 'tail-untouched-group', topic, { 0: 1n });
    const seen = async (): Promise<unknown> => {
      const { groups, topics } = await collectSnapshot(cluster);
      const group = groups.get('tail-untouched-group');
      return {
        groups: [...groups.keys()].filter((name) => name.startsWith('tail-')).sort(),
        topics: [...topics.keys()].filter((name) => name.startsWith('tail-')).sort(),
        commits: group?.partitions.map(({ commit, partition }) => [partition, commit]),
        state: group?.state,
        members: group?.members.length,
      };
    };
    const before = await seen();
    const session = open(topic, { start: { at: 'group', group: 'tail-untouched-group', otherwise: 'end' } });
    await until('the record at the commit is read', () => session.store.records === 1);
    await session.seek({ at: 'beginning' }, undefined, 'the beginning');
    await until('all is read', () => session.store.records === 3);
    assert.deepEqual(texts(session), ['0/1 b', 'Jumped to the beginning.', '0/0 a', '0/1 b']);
    session.dispose();
    const absent = open('tail-that-is-not-there');
    await until('it has failed', () => absent.reading === 'failed');
    assert.match(absent.failure!, /tail-that-is-not-there does not exist/);
    assert.deepEqual(await seen(), before);
  });

  it('loses nothing while its view is held and the ring is full', async () => {
    const topic = 'tail-held';
    await createTopicWith(cluster, topic, 1);
    const values = (from: number, count: number): string[] =>
      Array.from({ length: count }, (_, index) => `${from + index}`);
    await produce(topic, 0, values(0, 60));
    const session = open(topic, { limits: { maxRecords: 100, maxBytes: 1 << 30 } });
    await until('60 are read', () => session.store.records === 60);
    session.hold(true);
    await produce(topic, 0, values(60, 30));
    await until('there was room', () => session.store.records === 90);
    await produce(topic, 0, values(90, 30));
    await until('reading waits', () => session.isWaiting);
    assert.equal(session.store.records, 90);
    assert.equal(session.store.dropped, 0);
    session.hold(false);
    await until('the rest is read', () => session.store.endSeq === 120);
    assert.equal(session.store.dropped, 20);
    assert.deepEqual(
      texts(session),
      values(20, 100).map((value) => `0/${value} ${value}`),
    );
  });

  it('stops, goes on where it was, and rests', async () => {
    const topic = 'tail-stopped';
    await createTopicWith(cluster, topic, 2);
    await produce(topic, 0, ['a', 'b']);
    await produce(topic, 1, ['c']);
    const session = open(topic);
    await until('all is read', () => session.store.records === 3);
    session.stop();
    assert.equal(session.reading, 'stopped');
    await produce(topic, 0, ['d']);
    await produce(topic, 1, ['e']);
    session.resume();
    await until('what came meanwhile is read', () => session.store.records === 5);
    session.stop('resting');
    assert.equal(session.reading, 'resting');
    session.resume();
    await produce(topic, 1, ['f']);
    await until('it goes on', () => session.store.records === 6);
    assert.deepEqual(texts(session).sort(), ['0/0 a', '0/1 b', '0/2 d', '1/0 c', '1/1 e', '1/2 f']);
    assert.equal(session.progress.get(0)!.position, 3n);
  });

  it('jumps as a whole and by partition, and says so between the records', async () => {
    const topic = 'tail-seek';
    await createTopicWith(cluster, topic, 2);
    await produce(topic, 0, ['a', 'b', 'c'], 1_000n);
    await produce(topic, 1, ['d', 'e'], 2_000n);
    const session = open(topic, { start: { at: 'end' } });
    await until('it reads', () => session.reading === 'running');
    await session.seek({ at: 'offset', offset: 1n }, [0], 'offset 1');
    await until('two are read', () => session.store.records === 2);
    assert.deepEqual(texts(session), ['Jumped to offset 1.', '0/1 b', '0/2 c']);
    await session.seek({ at: 'timestamp', timestamp: 1_500n }, undefined, 'a time');
    await until('those since are read', () => session.store.records === 4);
    assert.deepEqual(texts(session).slice(3), ['Jumped to a time.', '1/0 d', '1/1 e']);
    await session.seek({ at: 'last', count: 1, of: 'partition' }, undefined, 'the last');
    await until('one of each is read', () => session.store.records === 6);
    assert.deepEqual(texts(session).slice(-2).sort(), ['0/2 c', '1/1 e']);
    // Beyond the end is said, and it goes on.
    await session.seek({ at: 'offset', offset: 99n }, [1], 'offset 99');
    await until('it is said', () => texts(session).some((text) => /99 is beyond the end 2/.test(text)));
    await produce(topic, 1, ['f']);
    await until('what comes is read', () => texts(session).at(-1) === '1/2 f');
    await session.seek({ at: 'beginning' }, undefined, 'the beginning', { at: 'offset', offset: 1n });
    await until('it ends by itself', () => session.reading === 'finished');
    assert.deepEqual(texts(session).slice(-2).sort(), ['0/0 a', '1/0 d']);
  });

  it('reads partitions that are added, while it reads and while it rests', async () => {
    const topic = 'tail-wider';
    await createTopicWith(cluster, topic, 1);
    const session = open(topic, { start: { at: 'end' } });
    await until('it reads', () => session.reading === 'running');
    await addPartitions(cluster, topic, 2);
    await produce(topic, 1, ['a']);
    await until('the new one is read', () => session.store.records === 1);
    session.stop('resting');
    await addPartitions(cluster, topic, 3);
    await produce(topic, 2, ['b']);
    session.resume();
    await until('the newest is read', () => session.store.records === 2);
    assert.deepEqual(texts(session), [
      'The topic has a partition more, 1. It is read from its beginning.',
      '1/0 a',
      'The topic has a partition more, 2. It is read from its beginning.',
      '2/0 b',
    ]);
    assert.deepEqual(session.allPartitions, [0, 1, 2]);
    // Who chose partitions gets no others.
    const chosen = open(topic, { partitions: [0] });
    await until('it reads', () => chosen.reading === 'running');
    assert.deepEqual([...chosen.progress.keys()], [0]);
  });

  it('reads another topic of its name from the beginning, when it was made while nothing was read', async () => {
    const topic = 'tail-recreated';
    await createTopicWith(cluster, topic, 2);
    await produce(topic, 0, ['a', 'b', 'c']);
    const session = open(topic);
    await until('all is read', () => session.store.records === 3);
    session.stop('resting');
    await deleteTopic(cluster, topic);
    await until('it is created again', () =>
      createTopicWith(cluster, topic, 1).then(
        () => true,
        () => false,
      ),
    );
    await produce(topic, 0, ['new']);
    session.resume();
    await until('the new one is read', () => session.store.records === 4);
    assert.deepEqual(texts(session).slice(3), [
      `Topic ${topic} was deleted and created anew. The new one is read from its beginning.`,
      '0/0 new',
    ]);
    assert.deepEqual([...session.progress.keys()], [0]);
  });

  it('says that its topic was deleted', async () => {
    const topic = 'tail-deleted';
    await createTopicWith(cluster, topic, 1);
    await produce(topic, 0, ['a']);
    const session = open(topic);
    await until('it is read', () => session.store.records === 1);
    await deleteTopic(cluster, topic);
    await until('it has failed', () => session.reading === 'failed', 60_000);
    assert.deepEqual([texts(session)[0], session.progress.get(0)!.state], ['0/0 a', 'deleted']);
    assert.equal(session.store.records, 1);
  });

  it('finds in the topic itself what a look at every record finds, and keeps nothing else', async () => {
    const topic = 'tail-search';
    await createTopicWith(cluster, topic, 3);
    let seed = 7;
    const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
    for (let batch = 0; batch < 30; batch++) {
      const records = Array.from({ length: 200 }, () => ({
        key: `Key-${random(50)}`,
        value: `{"id": ${random(1_000)}, "word": "${['Needle', 'hay', 'straw'][random(40) === 0 ? 0 : 1 + random(2)]}"}`,
        headers: random(30) === 0 ? { 'x-needle': 'yes' } : {},
      }));
      await produceBatch(
        cluster,
        topic,
        batch % 3,
        writeBatch({ records, codec: (['none', 'zstd', 'gzip', 'snappy', 'lz4'] as const)[batch % 5]! }),
      );
    }
    const everything = await readAll(cluster, {
      topic,
      start: { at: 'beginning' },
      stop: { at: 'end' },
      isolation: 'read_uncommitted',
    });
    const all = recordsOf(everything);
    assert.equal(all.length, 6_000);
    const headers = new Set(
      everything.flatMap((event) =>
        event.kind !== 'records'
          ? []
          : event.slices.flatMap(({ batch, from, to }) =>
              Array.from({ length: to - from }, (_, index) => from + index)
                .filter((index) => batch.headers(index).length > 0)
                .map((index) => `${batch.partition}/${batch.offset(index)}`),
            ),
      ),
    );
    const presenter = new DecodedPresenter({ topic, decoder: createDecoder(undefined), format: () => 'auto' });
    const context: FilterContext = {
      partitions: () => 3,
      now: 0,
      plain: (record) => presenter.plain(record),
      shownText: (record, part) => presenter.shownText(record, part),
    };
    const checks: Readonly<Record<string, (value: string, at: string) => boolean>> = {
      needle: (value, at) => /needle/i.test(value) || headers.has(at),
      'value:needle': (value) => /needle/i.test(value),
      '$.id > 990': (value) => (JSON.parse(value) as { id: number }).id > 990,
      'header:x-needle partition:1': (_, at) => headers.has(at) && at.startsWith('1/'),
      '/"id": 4\\d\\d,.*Needle/': (value) => /"id": 4\d\d,.*Needle/.test(value),
    };
    for (const trustsBytes of [true, false]) {
      for (const [text, check] of Object.entries(checks)) {
        const search = new TopicSearch({
          cluster,
          topic,
          partitions: [0, 1, 2],
          isolation: 'both',
          from: { at: 'beginning' },
          to: { at: 'end' },
          filter: parseFilter(text),
          context,
          trustsBytes,
          limits: { maxRecords: 100_000, maxBytes: 1 << 28 },
          onChange: () => {},
        });
        await search.run();
        assert.deepEqual([search.state, search.records, search.done], ['done', 6_000, 1]);
        const expected = all
          .map(({ partition, offset, value }) => ({ at: `${partition}/${offset}`, value: value! }))
          .filter(({ at, value }) => check(value, at))
          .map(({ at, value }) => `${at} ${value}`);
        assert.ok(expected.length > 0, text);
        assert.deepEqual(texts(search).sort(), expected.sort(), text);
      }
    }
  });

  it('ends a search that is cancelled, or that found as much as is kept', async () => {
    const topic = 'tail-search-ends';
    await createTopicWith(cluster, topic, 1);
    await produce(
      topic,
      0,
      Array.from({ length: 500 }, (_, index) => `${index}`),
    );
    const options = {
      cluster,
      topic,
      partitions: [0],
      isolation: 'both',
      from: { at: 'offset', offset: 100n },
      to: { at: 'offset', offset: 400n },
      filter: parseFilter(''),
      context: { partitions: () => 1, now: 0, plain: () => undefined, shownText: () => undefined },
      trustsBytes: true,
      onChange: () => {},
    } as const;
    const full = new TopicSearch({ ...options, limits: { maxRecords: 20, maxBytes: 1 << 28 } });
    await full.run();
    assert.deepEqual([full.state, full.store.records], ['done', 20]);
    assert.match(full.message!, /As many/);
    const ranged = new TopicSearch({ ...options, limits: { maxRecords: 1_000, maxBytes: 1 << 28 } });
    await ranged.run();
    assert.deepEqual([texts(ranged)[0], texts(ranged).at(-1), ranged.store.records], ['0/100 100', '0/399 399', 300]);
    const cancelled = new TopicSearch({
      ...options,
      to: { at: 'never' },
      limits: { maxRecords: 1_000, maxBytes: 1 << 28 },
    });
    const run = cancelled.run();
    await until('it has found some', () => cancelled.store.records === 400);
    cancelled.cancel();
    await run;
    assert.deepEqual([cancelled.state, cancelled.store.records], ['cancelled', 400]);
  });
});
