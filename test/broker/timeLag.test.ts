import assert from 'node:assert/strict';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { Cluster } from '../../src/kafka/cluster.ts';
import { fetch } from '../../src/kafka/protocol/generated/fetch.ts';
import { TimeLags, type Waiting } from '../../src/watch/timeLag.ts';
import { spawnTool, startKafka, type Kafka } from '../../tools/kafka.ts';
import { endProcess } from '../../tools/processes.ts';
import { createTopicWith, produceBatch, readAll } from '../support/recordsCalls.ts';
import { writeBatch } from '../support/recordsWriter.ts';
import { until } from '../support/until.ts';

describe('the age of the records that groups stand at', { timeout: 180_000 }, () => {
  let own: Kafka | undefined;
  let bootstrap: string;
  let cluster: Cluster;
  /** What was asked of the broker. */
  let fetches = 0;
  let answered = 0;

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

  /** The same cluster, with its fetches counted. */
  function counted(): Cluster {
    fetches = 0;
    answered = 0;
    const toLeaders = cluster.toLeaders.bind(cluster);
    return new Proxy(cluster, {
      get: (target, name) => {
        if (name !== 'toLeaders') return Reflect.get(target, name) as unknown;
        const counting: Cluster['toLeaders'] = (partitions, call) => {
          assert.equal(call.api.key, fetch.key);
          return toLeaders(partitions, {
            ...call,
            request: (some, version) => (fetches++, call.request(some, version)),
            read: (response, some, version) => {
              const { responses } = response as { responses: { partitions: { records: Uint8Array | null }[] }[] };
              for (const one of responses.flatMap((each) => each.partitions)) answered += one.records?.length ?? 0;
              return call.read(response, some, version);
            },
          });
        };
        return counting;
      },
    });
  }

  const signal = new AbortController().signal;
  const base = 1_700_000_000_000;

  it('is right for each partition, in few requests, and costs nothing while commits stand', async () => {
    const topic = 'time-lag';
    const partitions = 60;
    await createTopicWith(cluster, topic, partitions);
    const waiting: Waiting[] = [];
    for (let partition = 0; partition < partitions; partition++) {
      const codec = (['none', 'zstd', 'gzip', 'lz4', 'snappy'] as const)[partition % 5]!;
      // Twenty batches of ten, a second apart; every seventh partition has batches larger than what is asked for first.
      const value = 'x'.repeat(partition % 7 === 0 ? 3_000 : 40);
      for (let batch = 0; batch < 20; batch++) {
        const records = Array.from({ length: 10 }, (_, index) => ({ value, timestampDelta: index * 1_000 }));
        const baseTimestamp = BigInt(base + batch * 10_000);
        await produceBatch(cluster, topic, partition, writeBatch({ records, codec, baseTimestamp }));
      }
      waiting.push({ group: 'g', topic, partition, committed: BigInt(partition * 2), end: 200n });
    }
    const client = counted();
    const lags = new TimeLags({ kafka: async () => client, refreshMs: 0 });
    assert.equal(await lags.update(waiting, signal), true);
    for (const one of waiting) {
      const expected = { kind: 'written', at: base + Number(one.committed) * 1_000, clock: 'CreateTime' };
      assert.deepEqual(lags.next(one), expected, `partition ${one.partition}`);
    }
    assert.ok(fetches <= 4, `${fetches} requests`);
    assert.ok(answered < 1_500_000, `${answered} bytes`);

    fetches = 0;
    assert.equal(await lags.update(waiting, signal), false);
    assert.equal(fetches, 0, 'what stands is not read again');

    // Two of them have moved: only those are read, with the size that their batches have.
    answered = 0;
    const moved = waiting.map((one) => (one.partition < 2 ? { ...one, committed: one.committed + 15n } : one));
    assert.equal(await lags.update(moved, signal), true);
    assert.ok(fetches <= 2, `${fetches} requests`);
    assert.deepEqual(lags.next(moved[0]!), { kind: 'written', at: base + 15_000, clock: 'CreateTime' });

    const patient = new TimeLags({ kafka: async () => client, refreshMs: 3_600_000 });
    await patient.update(waiting.slice(0, 1), signal);
    assert.equal(await patient.update(moved.slice(0, 1), signal), false, 'one that moves is not followed at each poll');
  });

  it('passes over markers, and knows where nothing but markers is left', async () => {
    const topic = 'time-lag-transactions';
    await createTopicWith(cluster, topic, 1);
    const program = join(import.meta.dirname, '..', 'support', 'RecordsTransactions.java');
    const java = await spawnTool(program, [bootstrap, topic], { stdio: ['pipe', 'pipe', 'ignore'] });
    try {
      const lines = createInterface({ input: java.stdout! });
      assert.deepEqual(await once(lines, 'line'), ['open']);
      java.stdin!.write('commit\n');
      await once(lines, 'line');
      // The coordinator writes markers a moment after it has answered.
      let markers: bigint[] = [];
      await until('all markers are there', async () => {
        const events = await readAll(cluster, {
          topic,
          start: { at: 'beginning' },
          stop: { at: 'end' },
          isolation: 'both',
        });
        const ended = events.flatMap((event) => (event.kind === 'records' ? event.ended : []));
        markers = ended.map(({ markerOffset }) => markerOffset!).sort((a, b) => (a < b ? -1 : 1));
        return markers.length === 7;
      });
      const last = markers.at(-1)!;
      const lags = new TimeLags({ kafka: async () => cluster });
      const at = (group: string, committed: bigint): Waiting => ({
        group,
        topic,
        partition: 0,
        committed,
        end: last + 1n,
      });
      // Two groups in one partition.
      const [behindOne, atLast] = [at('marker', markers[0]!), at('last', last)];
      await lags.update([behindOne, atLast], signal);
      assert.equal(lags.next(behindOne)!.kind, 'written');
      assert.deepEqual(lags.next(atLast), { kind: 'nothing' });
    } finally {
      await endProcess(java, 0);
    }
  });

  it('says whose clock it is, and why it cannot tell', async () => {
    const topic = 'time-lag-append';
    await createTopicWith(cluster, topic, 1, { 'message.timestamp.type': 'LogAppendTime' });
    const before = Date.now();
    await produceBatch(cluster, topic, 0, writeBatch({ records: [{ value: 'a' }] }));
    const lags = new TimeLags({ kafka: async () => cluster });
    const here: Waiting = { group: 'g', topic, partition: 0, committed: 0n, end: 1n };
    const gone: Waiting = { ...here, topic: 'time-lag-not-there' };
    const beyond: Waiting = { ...here, group: 'beyond', committed: 9n, end: 10n };
    await lags.update([here, gone, beyond], signal);
    const next = lags.next(here)!;
    assert.ok(next.kind === 'written' && next.clock === 'LogAppendTime' && next.at >= before - 1_000);
    assert.equal(lags.next(gone)!.kind, 'unknown');
    const out = lags.next(beyond)!;
    assert.ok(out.kind === 'unknown' && out.failure.code === 'OFFSET_OUT_OF_RANGE');
  });
});
