import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { locateLeaders } from '../../src/kafka/leaders.ts';
import { MetadataCache, type ClusterMetadata, type PartitionMetadata } from '../../src/kafka/metadata.ts';

function metadata(takenAt: number, brokerIds: readonly number[], partitions = 0): ClusterMetadata {
  const list = Array.from({ length: partitions }, (_, partition): PartitionMetadata => {
    return { partition, leader: brokerIds[0]!, leaderEpoch: 0, replicas: [], inSync: [], offline: [] };
  });
  return {
    clusterId: 'test',
    controllerId: undefined,
    brokers: brokerIds.map((id) => ({ id, host: `host-${id}`, port: 9092, rack: null })),
    topics: new Map([['wide', { name: 'wide', id: undefined, internal: false, partitions: list }]]),
    takenAt,
  };
}

describe('MetadataCache', () => {
  it('takes over what came last, also when the clock was set back', () => {
    const cache = new MetadataCache();
    cache.add(metadata(7_200_000, [1, 2]), 'all');
    cache.add(metadata(3_600_000, [1, 3]), 'all');
    assert.deepEqual(
      cache.brokers.map(({ id }) => id),
      [1, 3],
    );
  });
});

describe('locateLeaders', () => {
  it('goes straight to each of many partitions', async () => {
    const cache = new MetadataCache();
    const wide = metadata(1, [7], 10_000);
    // A search for each would look at 50 million.
    let looked = 0;
    const partitions = new Proxy(wide.topics.get('wide')!.partitions, {
      get: (list, key) => (looked++, Reflect.get(list, key) as unknown),
    });
    cache.add({ ...wide, topics: new Map([['wide', { ...wide.topics.get('wide')!, partitions }]]) }, 'all');
    const all = Array.from({ length: 10_000 }, (_, partition) => ({ topic: 'wide', partition }));
    const found = await locateLeaders(all, false, cache, () => assert.fail('all is known'));
    assert.ok([...found.values()].every((fact) => 'value' in fact && fact.value === 7));
    assert.ok(looked < 100_000, `looked ${looked} times`);
  });
});
