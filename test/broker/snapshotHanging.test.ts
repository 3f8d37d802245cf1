import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lagOf } from '../../src/groups/lag.ts';
import type { Snapshot } from '../../src/groups/snapshot.ts';
import { Cluster } from '../../src/kafka/cluster.ts';
import { createTopics } from '../../src/kafka/protocol/generated/createTopics.ts';
import { collectSnapshot } from '../../src/watch/collect/collectSnapshot.ts';
import { startKafka } from '../../tools/kafka.ts';
import { firstCommit } from '../support/firstCommit.ts';
import { freeze } from '../support/freeze.ts';
import { until } from '../support/until.ts';

/** What a poll would take that waited for a broker that hangs. */
const requestTimeoutMs = 60_000;

describe('collectSnapshot while a broker accepts and never answers', { timeout: 480_000 }, () => {
  it('comes without it with what the others answered, and whole again when the broker goes on', async () => {
    // A session that long keeps the broker in the cluster's metadata, as one is that only we cannot reach.
    const kafka = await startKafka({ brokers: 3, deadAfterMs: 120_000 });
    const hanging = kafka.nodes[0]!;
    try {
      const cluster = await Cluster.connect({ bootstrapServers: kafka.bootstrap.split(','), requestTimeoutMs });
      try {
        const assignments = [1, 2, 3].map((id, partitionIndex) => ({ partitionIndex, brokerIds: [id] }));
        const topic = { name: 'spread', numPartitions: -1, replicationFactor: -1, assignments, configs: [] };
        const created = await cluster.send('controller', createTopics, { topics: [topic], timeoutMs: 10_000 });
        assert.equal(created.topics[0]?.errorCode, 0);
        const groups = Array.from({ length: 30 }, (_, index) => `group-${index}`);
        for (const group of groups) await firstCommit(cluster, group, 'spread', { 0: 0n, 1: 0n, 2: 0n });
        let before: Snapshot | undefined;
        const poll = async (): Promise<Snapshot> => (before = await collectSnapshot(cluster, undefined, before));
        /** Lag states of a group's partitions, each led by another broker. */
        const isWhole = (snapshot: Snapshot): boolean =>
          snapshot.failures.length === 0 && groups.every((each) => statesOf(snapshot, each).join() === 'ok,ok,ok');
        await until('all groups are told', async () => isWhole(await poll()), 90_000);
        const whole = before!;
        assert.equal(whole.groups.size, groups.length);
        const ofHanging = groups.filter((group) => whole.groups.get(group)?.coordinator === hanging.id);
        const elsewhere = groups.filter((group) => !ofHanging.includes(group));
        assert.ok(ofHanging.length > 0 && elsewhere.length > 0);

        await freeze(hanging.pid);
        // Another broker can be late too, on a machine that is busy.
        let told = 0;
        await until(
          'three polls have told all that the others know',
          async () => {
            const startedAt = performance.now();
            const snapshot = await poll();
            assert.ok(performance.now() - startedAt < requestTimeoutMs, 'waited for the hanging broker to the end');
            assert.match(snapshot.failures[0]?.message ?? '', /^Broker 1 at .* does not answer/);
            // Nobody lists its own groups: they are kept, and say why nothing is known of them.
            assert.equal(snapshot.groups.size, groups.length);
            for (const group of ofHanging) {
              const { state, failures } = snapshot.groups.get(group)!;
              assert.deepEqual([state, failures.length], ['Unknown', 1]);
              assert.match(failures[0]!.message, /^Broker 1 at .* does not answer/);
            }
            for (const group of elsewhere) assert.equal(statesOf(snapshot, group)[0] ?? 'unknown', 'unknown');
            const isAll = elsewhere.every((group) => statesOf(snapshot, group).join() === 'unknown,ok,ok');
            told = isAll ? told + 1 : 0;
            return told === 3;
          },
          120_000,
        );

        process.kill(hanging.pid, 'SIGCONT');
        await until('all is as before', async () => isWhole(await poll()), 90_000);
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
