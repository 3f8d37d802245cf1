import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Cluster } from '../../src/kafka/cluster.ts';
import { UnsupportedApiError } from '../../src/kafka/errors.ts';
import { consumerGroupDescribe } from '../../src/kafka/protocol/generated/consumerGroupDescribe.ts';
import { findCoordinator } from '../../src/kafka/protocol/generated/findCoordinator.ts';
import { listGroups } from '../../src/kafka/protocol/generated/listGroups.ts';
import { startKafka } from '../../tools/kafka.ts';
import { commitAll, committed, createTopic, endOffsets, partitionsOf } from '../support/clusterCalls.ts';
import { until } from '../support/until.ts';

describe('Cluster on older brokers', { timeout: 240_000 }, () => {
  for (const [version, release, coordinatorVersion] of [
    ['2.8.2', '2.8', 3],
    ['3.9.2', '3.9', 6],
  ] as const) {
    it(`speaks with ${version}`, async () => {
      const kafka = await startKafka({ version, properties: { 'offsets.topic.num.partitions': '3' } });
      let cluster: Cluster | undefined;
      try {
        cluster = await Cluster.connect({ bootstrapServers: [kafka.bootstrap] });
        assert.equal(cluster.kafkaVersion, release);
        assert.equal(await cluster.versionOf(1, findCoordinator), coordinatorVersion);
        await createTopic(cluster, 'old', 3, 1);
        const offsets = new Map(Array.from({ length: 60 }, (_, index) => [`g${index}`, BigInt(index)]));
        const connected = cluster;
        await until('commits succeed', async () => {
          const results = await commitAll(connected, offsets, 'old');
          return [...results.values()].every((fact) => 'value' in fact);
        });
        const read = await committed(cluster, [...offsets.keys()], 'old');
        assert.deepEqual(
          new Map([...read].map(([group, fact]) => [group, 'value' in fact ? fact.value : fact.failure.message])),
          offsets,
        );
        const ends = await endOffsets(cluster, partitionsOf('old', 3));
        assert.deepEqual([...ends.get('old')!.values()], Array(3).fill({ value: 0n, node: 1 }));
        assert.equal((await cluster.send(1, listGroups, {})).groups.length, 60);
        const topic = (await cluster.metadata({ topics: 'all' })).topics.get('old')!;
        assert.match(topic.id!, /^[\w-]{22}$/);
        if (version === '2.8.2') {
          await assert.rejects(
            cluster.send(1, consumerGroupDescribe, { groupIds: ['g0'], includeAuthorizedOperations: false }),
            (error) =>
              error instanceof UnsupportedApiError && /does not offer ConsumerGroupDescribe/.test(error.message),
          );
        }
      } finally {
        cluster?.close();
        await kafka.stop();
      }
    });
  }
});
