import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Kafka, logLevel } from 'kafkajs';
import { lagOf } from '../../src/groups/lag.ts';
import type { Snapshot } from '../../src/groups/snapshot.ts';
import { Cluster } from '../../src/kafka/cluster.ts';
import { createTopics } from '../../src/kafka/protocol/generated/createTopics.ts';
import { collectSnapshot } from '../../src/watch/collect/collectSnapshot.ts';
import { runTool, startKafka } from '../../tools/kafka.ts';
import { createTopic } from '../support/clusterCalls.ts';
import { firstCommit } from '../support/firstCommit.ts';
import { until } from '../support/until.ts';

describe('collectSnapshot where not everything can be learned', { timeout: 480_000 }, () => {
  it('keeps what the others answer when a broker is gone, and has all again when it is back', async () => {
    const kafka = await startKafka({ brokers: 3, deadAfterMs: 4_000 });
    try {
      const cluster = await Cluster.connect({ bootstrapServers: kafka.bootstrap.split(',') });
      try {
        // Each partition on one broker only.
        const assignments = [1, 2, 3].map((id, partitionIndex) => ({ partitionIndex, brokerIds: [id] }));
        const topic = { name: 'spread', numPartitions: -1, replicationFactor: -1, assignments, configs: [] };
        const created = await cluster.send('controller', createTopics, { topics: [topic], timeoutMs: 10_000 });
        assert.equal(created.topics[0]?.errorCode, 0);
        const groups = Array.from({ length: 30 }, (_, index) => `group-${index}`);
        for (const group of groups) await firstCommit(cluster, group, 'spread', { 0: 0n, 1: 0n, 2: 0n });

        let whole = await collectSnapshot(cluster);
        // Any broker may be asked, and one may not have heard of the topic yet.
        await until('all is told', async () => {
          whole = await collectSnapshot(cluster);
          return groups.every((group) => statesOf(whole, group).join() === 'ok,ok,ok');
        });
        assert.equal(new Set([...whole.groups.values()].map(({ coordinator }) => coordinator)).size, 3);

        await kafka.kill(2);
        await until(
          'the cluster has noticed, and all groups have a coordinator again',
          async () => {
            const snapshot = await collectSnapshot(cluster);
            return (
              snapshot.brokers.length === 2 &&
              groups.every((group) => statesOf(snapshot, group).join() === 'ok,no-leader,ok')
            );
          },
          90_000,
        );
        await kafka.startNode(2);
        await until(
          'all is as before',
          async () => {
            const snapshot = await collectSnapshot(cluster);
            return (
              snapshot.brokers.length === 3 && groups.every((group) => statesOf(snapshot, group).join() === 'ok,ok,ok')
            );
          },
          90_000,
        );
      } finally {
        cluster.close();
      }
    } finally {
      await kafka.stop();
    }
  });

  it('says denied where the broker denies, and not that the topic is gone', async () => {
    const kafka = await startKafka({
      properties: {
        'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
        'allow.everyone.if.no.acl.found': 'true',
      },
    });
    const client = new Kafka({ brokers: [kafka.bootstrap], logLevel: logLevel.NOTHING });
    const consumer = client.consumer({ groupId: 'reader' });
    try {
      const cluster = await Cluster.connect({ bootstrapServers: [kafka.bootstrap] });
      try {
        for (const topic of ['secret', 'public']) await createTopic(cluster, topic, 1, 1);
        for (const group of ['reader', 'hidden']) await firstCommit(cluster, group, 'public', { 0: 0n });
        await consumer.connect();
        await consumer.subscribe({ topics: ['secret', 'public'], fromBeginning: true });
        await consumer.run({ eachMessage: async () => {} });
        await until(
          'the member owns both',
          async () => {
            const snapshot = await collectSnapshot(cluster);
            return snapshot.groups.get('reader')?.partitions.filter(({ owner }) => owner !== undefined).length === 2;
          },
          90_000,
        );
        const deny = ['--add', '--deny-principal', 'User:ANONYMOUS', '--operation', 'Describe', '--force'];
        for (const resource of [
          ['--topic', 'secret'],
          ['--group', 'hidden'],
        ]) {
          const { code, stderr } = await runTool('org.apache.kafka.tools.AclCommand', [
            ...['--bootstrap-server', kafka.bootstrap, ...deny, ...resource],
          ]);
          assert.equal(code, 0, stderr);
        }
        await until('the broker denies', async () => {
          const { groups, topics } = await collectSnapshot(cluster);
          return groups.get('hidden')?.failures.length === 1 && topics.get('secret')?.failure !== undefined;
        });
        const snapshot = await collectSnapshot(cluster);
        // Who may describe the cluster is told the group's name and state, and no more.
        const hidden = snapshot.groups.get('hidden')!;
        assert.deepEqual(
          hidden.failures.map(({ kind, code }) => [kind, code]),
          [['denied', 'GROUP_AUTHORIZATION_FAILED']],
        );
        assert.deepEqual([hidden.state, hidden.partitions], ['Empty', []]);
        const reader = snapshot.groups.get('reader')!;
        assert.deepEqual(
          reader.partitions.map(({ topic }) => topic),
          ['public', 'secret'],
        );
        assert.deepEqual(statesOf(snapshot, 'reader'), ['ok', 'denied']);
        assert.equal(snapshot.topics.get('secret')?.failure?.code, 'TOPIC_AUTHORIZATION_FAILED');
      } finally {
        cluster.close();
      }
    } finally {
      await consumer.disconnect();
      await kafka.stop();
    }
  });
});

function statesOf(snapshot: Snapshot, group: string): string[] {
  return (snapshot.groups.get(group)?.partitions ?? []).map(
    ({ topic, partition, commit }) =>
      lagOf(commit, snapshot.offsets.get(topic)?.get(partition), snapshot.topics.get(topic), partition).state,
  );
}
