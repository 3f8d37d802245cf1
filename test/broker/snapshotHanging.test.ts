import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lagOf } from '../../src/groups/lag.ts';
import type { Snapshot } from '../../src/groups/snapshot.ts';
import { Cluster } from '../../src/kafka/cluster.ts';
import { createTopics } from '../../src/kafka/protocol/generated/createTopics.ts';
import { collectSnapshot } from '../../src/watch/collect/collectSnapshot.ts';
import { startKafka } from '../../tools/kafka.ts';
import { commitOffsets } from '../support/clusterCalls.ts';
import { until } from '../support/until.ts';

describe('collectSnapshot while a broker accepts and never answers', { timeout: 240_000 }, () => {
  it('comes within seconds with what the others answered, and whole again when the broker goes on', async () => {
    // A session that long keeps the broker in the cluster's metadata, as one is that only we cannot reach.
    const kafka = await startKafka({ brokers: 3, properties: { 'broker.session.timeout.ms': '120000' } });
    const hanging = kafka.nodes[0]!;
    try {
      const cluster = await Cluster.connect({ bootstrapServers: kafka.bootstrap.split(',') });
      try {
        const assignments = [1, 2, 3].map((id, partitionIndex) => ({ partitionIndex, brokerIds: [id] }));
        const topic = { name: 'spread', numPartitions: -1, replicationFactor: -1, assignments, configs: [] };
        const created = await cluster.send('controller', createTopics, { topics: [topic], timeoutMs: 10_000 });
        assert.equal(created.topics[0]?.errorCode, 0);
        const groups = Array.from({ length: 30 }, (_, index) => `group-${index}`);
        for (const group of groups) await commitOffsets(cluster, group, 'spread', { 0: 0n, 1: 0n, 2: 0n });
        const whole = await collectSnapshot(cluster);
        assert.equal(whole.groups.size, 30);
        assert.ok([...whole.groups.values()].some(({ coordinator }) => coordinator === hanging.id));
        const elsewhere = groups.filter((group) => whole.groups.get(group)?.coordinator !== hanging.id);

        process.kill(hanging.pid, 'SIGSTOP');
        const took: number[] = [];
        let before = whole;
        for (let poll = 0; poll < 3; poll++) {
          const startedAt = performance.now();
          const snapshot: Snapshot = await collectSnapshot(cluster, undefined, before);
          before = snapshot;
          took.push(Math.round(performance.now() - startedAt));
          assert.match(snapshot.failures[0]?.message ?? '', /roker 1 .*does not answer/);
          for (const group of elsewhere) assert.equal(statesOf(snapshot, group).join(), 'unknown,ok,ok');
          // Nobody lists its own groups: they are kept, and say why nothing is known of them.
          assert.equal(snapshot.groups.size, groups.length);
          for (const group of groups.filter((each) => !elsewhere.includes(each))) {
            const { state, failures } = snapshot.groups.get(group)!;
            assert.deepEqual([state, failures.length], ['Unknown', 1]);
            assert.match(failures[0]!.message, /Broker 1 at .* does not answer/);
          }
        }
        assert.ok(took[0]! < 10_000, `the first took ${took.join(', ')} ms`);
        assert.ok(took[1]! < 5_000 && took[2]! < 5_000, `the next took ${took.join(', ')} ms`);

        process.kill(hanging.pid, 'SIGCONT');
        await until('all is as before', async () => {
          const snapshot: Snapshot = await collectSnapshot(cluster, undefined, before);
          before = snapshot;
          return (
            snapshot.failures.length === 0 && groups.every((each) => statesOf(snapshot, each).join() === 'ok,ok,ok')
          );
        });
      } finally {
        process.kill(hanging.pid, 'SIGCONT');
        cluster.close();
      }
    } finally {
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
