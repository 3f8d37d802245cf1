import assert from 'node:assert/strict';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { createDecoder } from '../../src/formats/index.ts';
import { Cluster } from '../../src/kafka/cluster.ts';
import { deleteRecords } from '../../src/kafka/protocol/generated/deleteRecords.ts';
import type { ReadEvent } from '../../src/records/events.ts';
import type { Transaction } from '../../src/records/transactions.ts';
import { explain } from '../../src/stuck/explain.ts';
import type { StuckFacts } from '../../src/stuck/facts.ts';
import { explanationOf, type Explanation, type FindingKind } from '../../src/stuck/findings.ts';
import { runTool, spawnTool, startKafka, type Kafka } from '../../tools/kafka.ts';
import { endProcess } from '../../tools/processes.ts';
import { commitOffsets } from '../support/clusterCalls.ts';
import { firstCommit } from '../support/firstCommit.ts';
import { createTopicWith, deleteTopic, produceBatch, readAll, recordsOf } from '../support/recordsCalls.ts';
import { writeBatch, type WrittenRecord } from '../support/recordsWriter.ts';
import { until } from '../support/until.ts';

/** Each state is made on a real broker, and explained. */
describe('what a group is stuck on', { timeout: 300_000 }, () => {
  let broker: Kafka;
  let cluster: Cluster;
  const decoder = createDecoder(undefined);

  before(async () => {
    broker = await startKafka({
      properties: {
        'log.cleaner.backoff.ms': '200',
        'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
        'allow.everyone.if.no.acl.found': 'true',
      },
    });
    cluster = await Cluster.connect({ bootstrapServers: [broker.bootstrap] });
    await createTopicWith(cluster, 'stuck-first', 1);
    await firstCommit(cluster, 'stuck-first', 'stuck-first', { 0: 0n });
  });

  after(async () => {
    cluster?.close();
    await broker?.stop();
  });

  /** What is found where a group of the topic's name commits that offset. */
  async function at(topic: string, offset: bigint): Promise<Explanation & { readonly facts: StuckFacts }> {
    await commitOffsets(cluster, topic, topic, { 0: offset });
    const facts = await explain(cluster, { group: topic, topic, partition: 0 }, { decoder });
    return { ...explanationOf(facts), facts };
  }

  function kinds({ findings }: Explanation): FindingKind[] {
    return findings.map(({ kind }) => kind);
  }

  /** A batch each, so that they have times of their own. */
  async function produce(topic: string, records: readonly WrittenRecord[], time = Date.now()): Promise<void> {
    for (const record of records) {
      await produceBatch(cluster, topic, 0, writeBatch({ records: [record], baseTimestamp: BigInt(time) }));
    }
  }

  const order = (n: number): WrittenRecord => ({
    key: `C-${n}`,
    value: JSON.stringify({ orderId: `O-${n}`, total: n, address: { city: 'wien' } }),
    headers: { source: 'shop' },
  });

  it('a poison pill, with the reason, its neighbours and how old it is', async () => {
    const topic = 'stuck-poison';
    await createTopicWith(cluster, topic, 1);
    const hourAgo = Date.now() - 3_600_000;
    const orders = Array.from({ length: 30 }, (_, n) => order(n));
    orders[12] = { ...orders[12]!, value: '{"orderId":"O-12","total":' };
    orders[20] = { ...orders[20]!, value: null };
    orders[25] = { ...orders[25]!, value: '{"orderId":"O-25","total":"25 EUR","address":{}}', headers: {} };
    await produce(topic, orders, hourAgo);

    const poison = await at(topic, 12n);
    assert.deepEqual(kinds(poison), ['undecodable']);
    assert.match(poison.verdict, /record 12 does not decode as JSON.*Unexpected end of JSON input/);
    assert.ok(poison.timeLag! >= 3_600_000 && poison.timeLag! < 3_700_000);
    const { before: earlier, after: later, at: here } = poison.facts.around!;
    assert.deepEqual([earlier[0]!.offset, earlier.length, here!.offset, later.length], [2n, 10, 12n, 10]);
    assert.equal(here!.value!.text, '{"orderId":"O-12","total":');

    assert.deepEqual(kinds(await at(topic, 20n)), ['tombstone']);
    const fields = await at(topic, 25n);
    assert.deepEqual(kinds(fields), ['fields', 'headers']);
    assert.match(fields.verdict, /total is string, in all neighbours number/);
    assert.deepEqual(kinds(await at(topic, 3n)), ['like-neighbours']);
  });

  it('records with the id of a schema, of which it is said that a registry is missing', async () => {
    const topic = 'stuck-registry';
    await createTopicWith(cluster, topic, 1);
    const framed = (n: number): WrittenRecord => ({
      ...order(n),
      // As Confluent's serializers write it: 0, the id 7, then Avro.
      value: Buffer.from([0, 0, 0, 0, 7, 6, 0x4f, 0x2d, 0x30 + n, 2 * n]),
    });
    await produce(topic, [0, 1, 2, 3, 4, 5].map(framed));
    const all = await at(topic, 3n);
    assert.deepEqual(kinds(all), ['no-registry']);
    assert.match(all.verdict, /value of record 3 could not be read: .*schema 7 of a Schema Registry, and none is set/);
    assert.deepEqual(all.findings[0]!.evidence, ['5 of 5 neighbours could not be read either.']);
    assert.equal(all.facts.around!.at!.value!.wantsRegistry, true);

    // What no serializer of a registry wrote is found all the same.
    const pill = 'stuck-registry-pill';
    await createTopicWith(cluster, pill, 1);
    await produce(
      pill,
      [0, 1, 2, 3, 4, 5].map((n) => (n === 3 ? { ...framed(n), value: Buffer.from([0xff, 0xfe, 1, 2]) } : framed(n))),
    );
    const found = await at(pill, 3n);
    assert.deepEqual(kinds(found), ['undecodable']);
    assert.match(found.verdict, /value of record 3 does not decode as Schema Registry data, .* It names no schema:/);
    assert.equal(found.findings[0]!.evidence[0], '5 of 5 neighbours are Schema Registry data.');

    const mixed = 'stuck-registry-one';
    await createTopicWith(cluster, mixed, 1);
    await produce(
      mixed,
      [0, 1, 2, 3, 4, 5, 6, 7, 8].map((n) => (n === 4 ? framed(n) : order(n))),
    );
    const one = await at(mixed, 4n);
    assert.deepEqual(kinds(one), ['undecodable']);
    assert.match(one.verdict, /value of record 4 does not decode as JSON/);
    assert.equal(one.facts.around!.at!.value!.wantsRegistry, true);
  });

  it('positions where nothing is: caught up, beyond the end, below the start, no commit, no topic', async () => {
    const topic = 'stuck-positions';
    await createTopicWith(cluster, topic, 1);
    await produce(
      topic,
      Array.from({ length: 10 }, (_, n) => order(n)),
    );
    const none = explanationOf(await explain(cluster, { group: 'stuck-nobody', topic, partition: 0 }, { decoder }));
    assert.deepEqual(kinds(none), ['no-commit']);
    const caughtUp = await at(topic, 10n);
    assert.deepEqual([kinds(caughtUp), caughtUp.timeLag], [['caught-up'], 0]);
    assert.deepEqual(kinds(await at(topic, 17n)), ['beyond-end']);
    const answers = await cluster.toLeaders([{ topic, partition: 0 }], {
      api: deleteRecords,
      request: () => ({
        topics: [{ name: topic, partitions: [{ partitionIndex: 0, offset: 6n }] }],
        timeoutMs: 20_000,
      }),
      read: ({ topics }) => [[topic, 0, { errorCode: topics[0]!.partitions[0]!.errorCode, value: null }]],
    });
    assert.ok('value' in answers.get(topic)!.get(0)!);
    const below = await at(topic, 2n);
    assert.equal(below.findings[0]!.kind, 'below-start');
    assert.match(below.verdict, /offsets 2 to 5 were deleted/);
    assert.equal(below.focus, 6n);
    await deleteTopic(cluster, topic);
    await until('the topic is gone', async () => {
      const facts = await explain(cluster, { group: topic, topic, partition: 0 }, { decoder });
      return kinds(explanationOf(facts)).includes('topic-deleted');
    });
  });

  it('transactions: markers, aborted records, and an open one that its command ends', async () => {
    const topic = 'stuck-transactions';
    await createTopicWith(cluster, topic, 1);
    const program = join(import.meta.dirname, '..', 'support', 'RecordsTransactions.java');
    const java = await spawnTool(program, [broker.bootstrap, topic], { stdio: ['pipe', 'pipe', 'ignore'] });
    try {
      assert.deepEqual(await once(createInterface({ input: java.stdout! }), 'line'), ['open']);
      let events: ReadEvent[] = [];
      const ended = (): Transaction[] => events.flatMap((event) => (event.kind === 'records' ? [...event.ended] : []));
      // A transaction is ended for its producer before its marker is written.
      await until('the six that ended have their markers', async () => {
        events = await readAll(cluster, {
          topic,
          start: { at: 'beginning' },
          stop: { at: 'end' },
          isolation: 'both',
        });
        return ended().length === 6;
      });
      const all = recordsOf(events);
      const committed = ended().find(({ outcome }) => outcome === 'committed')!;
      const offsetOf = (value: string): bigint => all.find((one) => one.value === value)!.offset;

      const marker = await at(topic, committed.markerOffset!);
      assert.ok(kinds(marker).includes('marker'), kinds(marker).join());
      assert.equal(marker.facts.around!.at!.control!.type, 'commit');

      const aborted = await at(topic, offsetOf('aborted a 1'));
      const finding = aborted.findings.find(({ kind }) => kind === 'aborted')!;
      assert.match(finding.text, /2 records of aborted transactions/);
      assert.equal(aborted.focus, offsetOf('plain b 0'));

      const first = offsetOf('open 0');
      const held = await at(topic, first);
      assert.equal(held.findings[0]!.kind, 'held');
      assert.match(held.verdict, /transactional id stuck-transactions-first, open for/);
      const [open] = 'value' in held.facts.transactions! ? held.facts.transactions.value.open : [];
      assert.deepEqual(
        [open!.startOffset, open!.known!.state, open!.known!.timeoutMs, open!.known!.coordinator],
        [first, 'Ongoing', 600_000, 1],
      );

      const ends = held.findings[0]!.commands!.at(-1)!.text.split(' ');
      const { code, stderr } = await runTool('org.apache.kafka.tools.TransactionsCommand', ends.slice(1));
      assert.equal(code, 0, stderr);
      await until('the transaction is aborted', async () => {
        const now = await at(topic, first);
        return !kinds(now).includes('held') && kinds(now).includes('aborted');
      });
    } finally {
      await endProcess(java, 0);
    }
  });

  it('an open transaction of which no coordinator may be heard: says so, and gives the command for the partition', async () => {
    const topic = 'stuck-hanging';
    await createTopicWith(cluster, topic, 1);
    const program = join(import.meta.dirname, '..', 'support', 'RecordsTransactions.java');
    const java = await spawnTool(program, [broker.bootstrap, topic], { stdio: ['pipe', 'pipe', 'ignore'] });
    try {
      assert.deepEqual(await once(createInterface({ input: java.stdout! }), 'line'), ['open']);
      await acl([
        '--deny-principal',
        'User:ANONYMOUS',
        '--operation',
        'Describe',
        '--transactional-id',
        `${topic}-first`,
      ]);
      const all = recordsOf(
        await readAll(cluster, { topic, start: { at: 'beginning' }, stop: { at: 'end' }, isolation: 'both' }),
      );
      const first = all.find((one) => one.value === 'open 0')!.offset;
      let held = await at(topic, first);
      await until('the broker denies', async () => {
        held = await at(topic, first);
        return /no coordinator lists it/.test(held.verdict);
      });
      const [command] = held.findings[0]!.commands!;
      assert.match(command!.text, new RegExp(`abort --topic ${topic} --partition 0 --start-offset ${first}$`));
      const { code, stderr } = await runTool(
        'org.apache.kafka.tools.TransactionsCommand',
        command!.text.split(' ').slice(1),
      );
      assert.equal(code, 0, stderr);
      await until('nothing holds it', async () => !kinds(await at(topic, first)).includes('held'));
    } finally {
      await endProcess(java, 0);
    }
  });

  it('a large record among small ones', async () => {
    const topic = 'stuck-large';
    await createTopicWith(cluster, topic, 1, { 'max.message.bytes': '20000000' });
    const records = Array.from({ length: 9 }, (_, n) => order(n));
    records[4] = {
      ...records[4]!,
      value: JSON.stringify({ orderId: 'O-4', total: 4, address: { city: 'x'.repeat(12_000_000) } }),
    };
    await produce(topic, records);
    const large = await at(topic, 4n);
    assert.deepEqual(kinds(large), ['large']);
    assert.match(large.verdict, /unusually large: 11\.4 MiB/);
    const { value } = large.facts.around!.at!;
    assert.ok(value!.length > 12_000_000 && value!.bytes.length <= 1 << 20 && value!.text.length <= 100_000);
  });

  it('a gap that compaction left', async () => {
    const topic = 'stuck-compacted';
    await createTopicWith(cluster, topic, 1, {
      'cleanup.policy': 'compact',
      'segment.ms': '300',
      'min.cleanable.dirty.ratio': '0.01',
      'min.compaction.lag.ms': '0',
    });
    for (let n = 0; n < 12; n++) await produce(topic, [{ key: `C-${n % 3}`, value: `{"n":${n}}` }]);
    let gap: Awaited<ReturnType<typeof at>>;
    await until(
      'compaction has taken what the commit stands at',
      async () => {
        // A new record rolls the segment, which compaction then may clean.
        await produce(topic, [{ key: 'C-0', value: '{"n":99}' }]);
        gap = await at(topic, 4n);
        return kinds(gap).includes('gap');
      },
      90_000,
    );
    const { offset } = gap!.findings.find(({ kind }) => kind === 'gap')!;
    assert.ok(offset! > 4n && gap!.focus === offset);
  });

  it('says denied where records may not be read, with what is known all the same', async () => {
    const topic = 'stuck-secret';
    await createTopicWith(cluster, topic, 1);
    await produce(topic, [order(1), order(2)]);
    await commitOffsets(cluster, topic, topic, { 0: 1n });
    // What is not allowed is denied as soon as a topic has any such rule.
    await acl(['--allow-principal', 'User:ANONYMOUS', '--operation', 'Describe', '--topic', topic]);
    await until('the broker denies', async () => {
      const facts = await explain(cluster, { group: topic, topic, partition: 0 }, { decoder });
      const { findings } = explanationOf(facts);
      return findings[0]!.kind === 'denied' && 'value' in facts.log && facts.log.value.end === 2n;
    });
    await acl(['--deny-principal', 'User:ANONYMOUS', '--operation', 'Describe', '--topic', topic]);
    await until('the broker denies more', async () => {
      const facts = await explain(cluster, { group: topic, topic, partition: 0 }, { decoder });
      return explanationOf(facts).findings[0]!.kind === 'denied' && 'failure' in facts.log;
    });
  });

  async function acl(args: readonly string[]): Promise<void> {
    const { code, stderr } = await runTool('org.apache.kafka.tools.AclCommand', [
      ...['--bootstrap-server', broker.bootstrap, '--add', '--force', ...args],
    ]);
    assert.equal(code, 0, stderr);
  }
});
