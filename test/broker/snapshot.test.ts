import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { after, before, describe, it } from 'node:test';
import { Kafka, logLevel, type Consumer } from 'kafkajs';
import { Cluster } from '../../src/kafka/cluster.ts';
import { collectSnapshot } from '../../src/watch/collect/collectSnapshot.ts';
import { lagOf } from '../../src/groups/lag.ts';
import type { Group, Snapshot } from '../../src/groups/snapshot.ts';
import { runTool, spawnTool, startKafka, type Kafka as RealKafka } from '../../tools/kafka.ts';
import { endProcess } from '../../tools/processes.ts';
import { describeAllGroups, parseDescribe, rowsOf, sortRows } from '../support/consumerGroupCommand.ts';
import { commitOffsets, createTopic } from '../support/clusterCalls.ts';
import { firstCommit } from '../support/firstCommit.ts';
import { until } from '../support/until.ts';

/** A broker of its own: the tool describes all groups there are, so no other test may change any meanwhile. */
describe('collectSnapshot on a real Kafka', { timeout: 480_000 }, () => {
  let broker: RealKafka;
  let cluster: Cluster;
  const consumers: Consumer[] = [];
  const processes: ChildProcess[] = [];

  before(async () => {
    broker = await startKafka({ properties: { 'offsets.topic.num.partitions': '5' } });
    const kafka = new Kafka({ brokers: broker.bootstrap.split(','), logLevel: logLevel.NOTHING });
    const admin = kafka.admin();
    await admin.connect();
    await admin.createTopics({
      waitForLeaders: true,
      topics: ['orders', 'payments', 'untouched'].map((topic) => ({ topic, numPartitions: 4 })),
    });
    const producer = kafka.producer();
    await producer.connect();
    for (const topic of ['orders', 'payments']) {
      const messages = Array.from({ length: 400 }, (_, index) => ({ partition: index % 3, value: `${index}` }));
      await producer.send({ topic, messages });
    }
    await producer.disconnect();

    cluster = await Cluster.connect({ bootstrapServers: [broker.bootstrap] });
    await firstCommit(cluster, 'left-behind', 'orders', { 0: 10n, 1: 20n, 2: 30n });
    await commitOffsets(cluster, 'left-behind', 'payments', { 0: 5n });
    await commitOffsets(cluster, 'lost', 'payments', { 1: 3n, 2: 50n });
    await commitOffsets(cluster, 'too-far', 'payments', { 0: 1_000n });
    // Only so does kafkajs know who leads the topic.
    await admin.fetchTopicOffsets('payments');
    await admin.deleteTopicRecords({ topic: 'payments', partitions: [{ partition: 1, offset: '40' }] });

    const join = async (clientId: string): Promise<void> => {
      const client = new Kafka({ clientId, brokers: broker.bootstrap.split(','), logLevel: logLevel.NOTHING });
      const consumer = client.consumer({ groupId: 'classic-members', heartbeatInterval: 500 });
      consumers.push(consumer);
      await consumer.connect();
      await consumer.subscribe({ topic: 'orders', fromBeginning: true });
      await consumer.run({ autoCommitThreshold: 1, eachMessage: async () => {} });
    };
    await Promise.all(['first', 'second', 'third', 'fourth', 'fifth'].map(join));
    const tool = async (name: string, ...args: string[]): Promise<void> => {
      const connect = ['--bootstrap-server', broker.bootstrap, '--topic', 'orders'];
      processes.push(await spawnTool(`org.apache.kafka.tools.${name}`, [...connect, ...args], { stdio: 'ignore' }));
    };
    await tool('VerifiableConsumer', '--group-id', 'new-protocol', '--group-protocol', 'CONSUMER');
    await tool('VerifiableConsumer', '--group-id', 'new-protocol', '--group-protocol', 'CONSUMER');
    await tool(
      'VerifiableConsumer',
      '--group-id',
      'static',
      '--group-instance-id',
      'static-1',
      '--group-protocol',
      'CLASSIC',
    );
    await tool('VerifiableShareConsumer', '--group-id', 'sharing', '--offset-reset-strategy', 'earliest');
    const streams = fileURLToPath(new URL('../support/StreamsApp.java', import.meta.url));
    processes.push(await spawnTool(streams, [broker.bootstrap, 'copier', 'orders'], { stdio: 'ignore' }));
    await admin.disconnect();

    await until(
      'all groups have settled and read everything',
      async () => {
        const { groups } = await collectSnapshot(cluster);
        const members = { 'classic-members': 5, 'new-protocol': 2, static: 1, sharing: 1, copier: 1 };
        return Object.entries(members).every(([id, count]) => {
          const group = groups.get(id);
          return group?.state === 'Stable' && group.members.length === count && hasReadAll(group);
        });
      },
      150_000,
    );
  });

  after(async () => {
    cluster?.close();
    await Promise.all(consumers.map((consumer) => consumer.disconnect()));
    await Promise.all(processes.map((process) => endProcess(process)));
    await broker?.stop();
  });

  it('equals ConsumerGroupCommand, row by row, in all columns', async () => {
    const { stdout, stderr, code } = await describeAllGroups(broker.bootstrap);
    assert.equal(code, 0, stderr);
    const theirs = sortRows(parseDescribe(stdout));
    const ours = sortRows(rowsOf(await collectSnapshot(cluster)));
    assert.ok(theirs.length >= 15, stdout);
    assert.deepEqual(ours, theirs);
  });

  it('leaves no trace: topics, groups and commits are what they were', async () => {
    const look = async (): Promise<unknown[]> => {
      const { groups, topics } = await collectSnapshot(cluster);
      return [
        [...topics.keys()],
        [...groups.values()].map(({ id, state, members, partitions }) => [id, state, members, partitions]),
      ];
    };
    assert.deepEqual(await look(), await look());
    const unknown = await cluster.metadata({ topics: ['never-was'] });
    assert.equal(unknown.topics.get('never-was')?.failure?.kind, 'missing');
    const { stdout } = await runTool('org.apache.kafka.tools.TopicCommand', [
      '--bootstrap-server',
      broker.bootstrap,
      '--list',
    ]);
    assert.ok(!stdout.includes('never-was'), 'asking for a topic does not create it');
  });

  it('names each odd position as what it is', async () => {
    const snapshot = await collectSnapshot(cluster);
    assert.deepEqual(states(snapshot, 'lost'), { 'payments-1': 'below-start', 'payments-2': 'ok' });
    assert.deepEqual(states(snapshot, 'too-far'), { 'payments-0': 'beyond-end' });
    assert.equal(states(snapshot, 'classic-members')['orders-3'], 'no-commit');
    const lost = snapshot.groups.get('lost')!.partitions[0]!;
    assert.equal(
      lagOf(lost.commit, snapshot.offsets.get('payments')?.get(1), snapshot.topics.get('payments'), 1).lost,
      37n,
    );
  });

  it('knows members of both protocols, static ones, and idle ones', async () => {
    const { groups } = await collectSnapshot(cluster);
    const classic = groups.get('classic-members')!;
    assert.deepEqual(
      [classic.type, classic.assignor, classic.protocolType],
      ['classic', 'RoundRobinAssigner', 'consumer'],
    );
    assert.deepEqual(counts(classic).sort(), [0, 1, 1, 1, 1]);
    assert.ok(classic.members.every(({ host, clientId }) => host === '/127.0.0.1' && clientId !== ''));
    assert.deepEqual(topicsOf(classic), ['orders']);

    const fresh = groups.get('new-protocol')!;
    assert.deepEqual([fresh.type, fresh.assignor, fresh.state], ['consumer', 'uniform', 'Stable']);
    assert.deepEqual(counts(fresh), [2, 2]);
    assert.ok(fresh.epoch! > 0 && fresh.targetEpoch === fresh.epoch);
    assert.ok(fresh.members.every(({ epoch, classicProtocol }) => epoch === fresh.epoch && classicProtocol === false));
    assert.deepEqual(
      fresh.members.map(({ target }) => target),
      fresh.members.map(({ assignment }) => 'value' in assignment && assignment.value),
    );

    assert.equal(groups.get('static')?.members[0]?.instanceId, 'static-1');
  });

  it('agrees with ShareGroupCommand on share groups', async () => {
    const { groups, offsets, topics } = await collectSnapshot(cluster);
    const sharing = groups.get('sharing')!;
    assert.deepEqual([sharing.type, sharing.state, sharing.members.length], ['share', 'Stable', 1]);
    const { stdout } = await runTool('org.apache.kafka.tools.consumer.group.ShareGroupCommand', [
      ...['--bootstrap-server', broker.bootstrap, '--describe', '--group', 'sharing'],
    ]);
    const theirs = stdout
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(([group]) => group === 'sharing')
      .map(([, topic, partition, start, lag]) => [topic, partition, start, lag].join(' '))
      .sort();
    const ours = sharing.partitions
      .map(({ topic, partition, commit }) => {
        const { lag } = lagOf(commit, offsets.get(topic)?.get(partition), topics.get(topic), partition);
        const start = 'value' in commit ? commit.value?.offset : undefined;
        return [topic, partition, start ?? '-', lag ?? '-'].join(' ');
      })
      .sort();
    assert.deepEqual(ours, theirs, stdout);
  });

  it('agrees with StreamsGroupCommand on streams groups', async () => {
    const { groups, offsets } = await collectSnapshot(cluster);
    const copier = groups.get('copier')!;
    assert.deepEqual([copier.type, copier.state, counts(copier)], ['streams', 'Stable', [4]]);
    const { stdout } = await runTool('org.apache.kafka.tools.streams.StreamsGroupCommand', [
      ...['--bootstrap-server', broker.bootstrap, '--describe', '--group', 'copier'],
    ]);
    const theirs = stdout
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(([group]) => group === 'copier')
      .map(([, topic, partition, lag]) => [topic, partition, lag].join(' '))
      .sort();
    const ours = copier.partitions
      .map(({ topic, partition, commit }) => {
        const log = offsets.get(topic)!.get(partition)!;
        assert.ok('value' in log.end && 'value' in log.start && 'value' in commit);
        // The tool counts from the log start where there is no commit; we do not invent a commit.
        return [topic, partition, log.end.value - (commit.value?.offset ?? log.start.value)].join(' ');
      })
      .sort();
    assert.deepEqual(ours, theirs, stdout);
  });

  for (const version of ['2.8.2', '3.9.2']) {
    it(`equals the tool of Kafka ${version} on that broker`, async () => {
      const old = await startKafka({ version });
      try {
        const own = await Cluster.connect({ bootstrapServers: [old.bootstrap] });
        const consumer = new Kafka({ brokers: [old.bootstrap], logLevel: logLevel.NOTHING }).consumer({
          groupId: 'live',
        });
        try {
          await createTopic(own, 'orders', 3, 1);
          for (const group of ['a', 'b', 'c']) await firstCommit(own, group, 'orders', { 1: 0n });
          await consumer.connect();
          await consumer.subscribe({ topic: 'orders' });
          await consumer.run({ eachMessage: async () => {} });
          await until(
            'the group is stable',
            async () => (await collectSnapshot(own)).groups.get('live')?.state === 'Stable',
            90_000,
          );
          const snapshot = await collectSnapshot(own);
          const { stdout } = await describeAllGroups(old.bootstrap, version);
          assert.deepEqual(sortRows(rowsOf(snapshot)), sortRows(parseDescribe(stdout)), stdout);
          assert.equal(snapshot.groups.size, 4);
          assert.equal(snapshot.kafkaVersion, version.slice(0, 3));
        } finally {
          await consumer.disconnect();
          own.close();
        }
      } finally {
        await old.stop();
      }
    });
  }
});

/** The 400 records of orders, which went to three of its partitions in turn. A share group's start need not move when all is delivered. */
function hasReadAll({ type, partitions }: Group): boolean {
  return [134n, 133n, 133n].every((end, partition) => {
    const commit = partitions.find((each) => each.partition === partition)?.commit;
    if (commit === undefined || !('value' in commit)) return false;
    return type === 'share' ? commit.value?.undelivered === 0n : commit.value?.offset === end;
  });
}

function states(snapshot: Snapshot, group: string): Record<string, string> {
  return Object.fromEntries(
    snapshot.groups
      .get(group)!
      .partitions.map(({ topic, partition, commit }) => [
        `${topic}-${partition}`,
        lagOf(commit, snapshot.offsets.get(topic)?.get(partition), snapshot.topics.get(topic), partition).state,
      ]),
  );
}

function counts(group: Group): number[] {
  return group.members.map(({ assignment }) => ('value' in assignment ? assignment.value.length : -1));
}

function topicsOf(group: Group): string[] {
  return [
    ...new Set(group.members.flatMap(({ subscription }) => ('value' in subscription ? subscription.value.topics : []))),
  ];
}
