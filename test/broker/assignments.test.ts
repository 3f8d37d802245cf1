import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, describe, it } from 'node:test';
import { Kafka as KafkaJs, logLevel, type Producer } from 'kafkajs';
import type { GroupHistory } from '../../src/groups/assignmentHistory.ts';
import { Cluster } from '../../src/kafka/cluster.ts';
import { loadGroupHistory } from '../../src/watch/assignments.ts';
import { startKafka, type Kafka } from '../../tools/kafka.ts';
import { freeze } from '../support/freeze.ts';
import { createTopicWith } from '../support/recordsCalls.ts';
import { until } from '../support/until.ts';
import { VerifiableConsumer, type VerifiableOptions } from '../support/verifiableConsumer.ts';

const partitions = 6;
/** Longer than a busy machine stops a member, and, of the new protocol's static members, longer than their restart takes. */
const sessionTimeoutMs = 20_000;

type Scenario = 'range' | 'cooperative' | 'modern';

/** What Kafka 3.9 does otherwise is in the new protocol and where partitions are handed on in steps. */
const versions: readonly { readonly version: string; readonly scenarios: readonly Scenario[] }[] = [
  { version: '4.3.1', scenarios: ['range', 'cooperative', 'modern'] },
  { version: '3.9.2', scenarios: ['cooperative', 'modern'] },
];

for (const { version, scenarios } of versions) {
  describe(`assignment history of real members, Kafka ${version}`, { timeout: 600_000, concurrency: true }, () => {
    let broker: Kafka;
    let cluster: Cluster;
    let producer: Producer;
    let folder: string;
    const everybody: VerifiableConsumer[] = [];
    const ending = new AbortController();

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'assignments-'));
      const preview = version.startsWith('3') ? { 'group.coordinator.rebalance.protocols': 'classic,consumer' } : {};
      broker = await startKafka({
        version,
        properties: {
          'offsets.topic.num.partitions': '5',
          'group.consumer.min.session.timeout.ms': '6000',
          'group.consumer.session.timeout.ms': `${sessionTimeoutMs}`,
          'group.consumer.min.heartbeat.interval.ms': '500',
          'group.consumer.heartbeat.interval.ms': '500',
          ...preview,
        },
      });
      cluster = await Cluster.connect({ bootstrapServers: [broker.bootstrap] });
      for (const topic of scenarios) await createTopicWith(cluster, topic, partitions);
      producer = new KafkaJs({ brokers: [broker.bootstrap], logLevel: logLevel.NOTHING }).producer();
      await producer.connect();
      void produce();
    });
    after(async () => {
      ending.abort();
      await Promise.all(everybody.map((member) => member.kill()));
      await producer?.disconnect();
      cluster?.close();
      await broker?.stop();
      await rm(folder, { recursive: true, force: true });
    });

    /** A commit of each partition several times a second, as a busy topic has. */
    async function produce(): Promise<void> {
      const messages = Array.from({ length: partitions }, (_, partition) => ({ partition, value: 'x' }));
      while (!ending.signal.aborted) {
        for (const topic of scenarios) {
          await producer.send({ topic, messages }).catch(() => undefined);
        }
        await sleep(250, undefined, { signal: ending.signal }).catch(() => undefined);
      }
    }

    async function joinGroup(
      topic: string,
      name: string,
      more: Partial<VerifiableOptions> = {},
    ): Promise<VerifiableConsumer> {
      const options = {
        bootstrap: broker.bootstrap,
        topic,
        group: `g-${topic}`,
        clientId: `${topic}-${name}`,
        folder,
        sessionTimeoutMs,
      };
      const member = await VerifiableConsumer.start({ ...options, ...more });
      everybody.push(member);
      return member;
    }

    /** All partitions are owned, by these and by nobody else, and evenly. */
    async function shared(...by: VerifiableConsumer[]): Promise<void> {
      const each = partitions / by.length;
      const names = by.map(({ clientId }) => clientId).join(', ');
      await until(`${names} own all`, () => by.every(({ owned }) => owned.size === each), 90_000);
    }

    /** It commits often enough for its silence to tell afterwards. */
    async function isHeard({ clientId, events }: VerifiableConsumer): Promise<void> {
      const before = events.length;
      const commits = (): number => events.slice(before).filter(({ name }) => name === 'offsets_committed').length;
      await until(`${clientId} commits`, () => commits() >= 5);
    }

    async function history(topic: string): Promise<GroupHistory> {
      let last: GroupHistory | undefined;
      for await (const portion of loadGroupHistory(cluster, `g-${topic}`, {})) last = portion.history;
      assert.ok(last !== undefined);
      return last;
    }

    /** Restart, scale up and down, crash, pause: what every protocol goes through. All members that were there. */
    async function scenario(topic: Scenario, more: Partial<VerifiableOptions>): Promise<VerifiableConsumer[]> {
      const one = await joinGroup(topic, 'one', more);
      await shared(one);
      const two = await joinGroup(topic, 'two', more);
      await shared(one, two);
      await isHeard(two);
      await two.kill();
      await shared(one);
      const three = await joinGroup(topic, 'three', more);
      await shared(one, three);
      await isHeard(three);
      await three.close();
      await shared(one);
      const four = await joinGroup(topic, 'four', more);
      await shared(one, four);
      await isHeard(four);
      await freeze(four.pid);
      await shared(one);
      process.kill(four.pid, 'SIGCONT');
      await shared(one, four);
      // A busy machine may take long to start it again.
      const keeping = { ...more, instanceId: 'pod-1', sessionTimeoutMs: 45_000 };
      const pod = await joinGroup(topic, 'static', keeping);
      await shared(one, four, pod);
      await pod.close();
      const again = await joinGroup(topic, 'static', keeping);
      await shared(one, four, again);
      return [one, two, three, four, pod, again];
    }

    /** Partition -> client ids in the order in which they say that they were given it. */
    function toldByMembers(members: readonly VerifiableConsumer[]): Map<string, string[]> {
      const all = members.flatMap(({ clientId, events }) => events.map((event) => ({ clientId, ...event })));
      const owners = new Map<string, string[]>();
      for (const { clientId, name, partitions: given = [] } of all.sort((a, b) => a.timestamp - b.timestamp)) {
        if (name !== 'partitions_assigned') continue;
        for (const { topic, partition } of given) push(owners, `${topic}-${partition}`, clientId);
      }
      return owners;
    }

    function toldByHistory({ spans, members: lives }: GroupHistory): Map<string, string[]> {
      const clients = new Map(lives.map(({ id, clientId }) => [id, clientId]));
      const owners = new Map<string, string[]>();
      for (const { topic, partition, member } of spans) {
        if (member !== undefined) push(owners, `${topic}-${partition}`, clients.get(member)!);
      }
      return owners;
    }

    function push(owners: Map<string, string[]>, partition: string, clientId: string): void {
      const own = owners.get(partition) ?? [];
      if (own.at(-1) !== clientId) own.push(clientId);
      owners.set(partition, own);
    }

    /** Each rebalance's causes, with client ids instead of member ids; cooperative second steps and the like left out. */
    function causes({ rebalances, members: lives }: GroupHistory): string[] {
      const clients = new Map(lives.map(({ id, clientId }) => [id, clientId.replace(/^.*-/, '')]));
      return rebalances.flatMap(({ causes }) =>
        causes
          .filter(({ cause }) => cause !== 'cooperative-second-step')
          .map(({ cause, members: ids }) => `${cause} ${[...new Set(ids.map((id) => clients.get(id)))].join()}`),
      );
    }

    const expected = [
      'member-joined one',
      'member-joined two',
      'session-timeout two',
      'member-joined three',
      'member-left three',
      'member-joined four',
      'session-timeout four',
      'member-joined four',
      'member-joined static',
      'static-member-returned static',
    ];

    if (scenarios.includes('range')) {
      it('classic, eager', async () => {
        const assignor = 'org.apache.kafka.clients.consumer.RangeAssignor';
        const members = await scenario('range', { assignor });
        const found = await history('range');
        assert.deepEqual(causes(found), expected);
        assert.deepEqual(toldByHistory(found), toldByMembers(members));
        assert.ok(found.rebalances.every(({ kind }) => kind === 'eager'));
        await Promise.all(members.map((member) => member.kill()));
      });
    }

    it('classic, cooperative', async () => {
      const assignor = 'org.apache.kafka.clients.consumer.CooperativeStickyAssignor';
      const members = await scenario('cooperative', { assignor });
      const found = await history('cooperative');
      assert.deepEqual(causes(found), expected);
      assert.deepEqual(toldByHistory(found), toldByMembers(members));
      assert.ok(found.rebalances.every(({ moves }) => moves.every(({ needless }) => !needless)));
      await Promise.all(members.map((member) => member.kill()));
    });

    it('the consumer protocol (KIP-848)', async () => {
      const members = await scenario('modern', { protocol: 'CONSUMER' });
      const found = await history('modern');
      assert.equal(found.type, 'consumer');
      assert.deepEqual(causes(found), expected);
      assert.deepEqual(toldByHistory(found), toldByMembers(members));
      assert.ok(found.rebalances.every(({ ended }) => ended !== undefined));
      await Promise.all(members.map((member) => member.kill()));
    });
  });
}
