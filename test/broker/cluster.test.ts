import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { Cluster } from '../../src/kafka/cluster.ts';
import type { ByPartition, Fact } from '../../src/kafka/facts.ts';
import { describeGroups } from '../../src/kafka/protocol/generated/describeGroups.ts';
import { fetch } from '../../src/kafka/protocol/generated/fetch.ts';
import { listGroups } from '../../src/kafka/protocol/generated/listGroups.ts';
import { ConnectionError, RequestTimeoutError } from '../../src/kafka/errors.ts';
import { isCancelled } from '../../src/shared/errors.ts';
import { startKafka, type Kafka } from '../../tools/kafka.ts';
import { commitAll, committed, createTopic, endOffsets, partitionsOf } from '../support/clusterCalls.ts';
import { freeze } from '../support/freeze.ts';
import { until } from '../support/until.ts';

const offsets = new Map(Array.from({ length: 40 }, (_, index) => [`group-${index}`, BigInt(index) + 2n ** 53n]));
const groups = [...offsets.keys()];
const wide = partitionsOf('wide', 12);

function states(found: ByPartition<Fact<bigint>>): string[] {
  return [...found.get('wide')!.values()].map((fact) => ('failure' in fact ? fact.failure.kind : `${fact.value}`));
}

function values<T>(found: ReadonlyMap<string, Fact<T>>): Map<string, T | string> {
  return new Map([...found].map(([key, fact]) => [key, 'value' in fact ? fact.value : fact.failure.message]));
}

describe('Cluster on three brokers', { timeout: 240_000 }, () => {
  let kafka: Kafka;
  let cluster: Cluster;

  before(async () => {
    kafka = await startKafka({
      brokers: 3,
      deadAfterMs: 12_000,
      properties: { 'offsets.topic.num.partitions': '6' },
    });
    cluster = await Cluster.connect({ bootstrapServers: [kafka.bootstrap] });
    await until('all brokers are known', async () => (await cluster.metadata()).brokers.length === 3);
    await createTopic(cluster, 'wide', 12, 1);
    await createTopic(cluster, 'safe', 3, 3);
    await until('commits succeed', async () => {
      const results = await commitAll(cluster, offsets, 'safe');
      return [...results.values()].every((fact) => 'value' in fact);
    });
  });

  after(async () => {
    cluster?.close();
    await kafka?.stop();
  });

  it('knows the cluster', async () => {
    assert.ok(cluster.clusterId);
    assert.ok(cluster.brokers().some(({ id }) => id === cluster.controllerId));
    assert.deepEqual(
      cluster.brokers().map(({ id, host, port }) => ({ id, host, port })),
      kafka.nodes.map(({ id, host, port }) => ({ id, host, port })),
    );
    assert.equal(cluster.kafkaVersion, kafka.version.split('.').slice(0, 2).join('.'));
    const { topics } = await cluster.metadata({ topics: 'all' });
    assert.deepEqual([...topics.keys()], ['__consumer_offsets', 'safe', 'wide']);
    assert.equal(topics.get('__consumer_offsets')!.internal, true);
    assert.equal(topics.get('wide')!.internal, false);
    assert.deepEqual(
      topics.get('wide')!.partitions.map(({ partition }) => partition),
      [...Array(12).keys()],
    );
    assert.match(topics.get('wide')!.id!, /^[\w-]{22}$/);
    assert.equal(topics.get('safe')!.partitions[0]!.replicas.length, 3);
  });

  it('creates no topic by asking for it', async () => {
    const asked = await cluster.metadata({ topics: ['not-there', 'wide'] });
    assert.equal(asked.topics.get('not-there')!.failure?.kind, 'missing');
    assert.equal(asked.topics.get('wide')!.failure, undefined);
    const end = (await endOffsets(cluster, partitionsOf('not-there', 1))).get('not-there')!.get(0)!;
    assert.ok('failure' in end && end.failure.kind === 'missing');
    assert.equal((await cluster.metadata({ topics: 'all' })).topics.has('not-there'), false);
  });

  it('tells a partition that a topic does not have', async () => {
    const end = (await endOffsets(cluster, partitionsOf('wide', 13))).get('wide')!;
    assert.deepEqual(
      [...end.values()].map((fact) => ('failure' in fact ? fact.failure.kind : 'value')),
      [...Array<string>(12).fill('value'), 'missing'],
    );
  });

  it('uses cached metadata where that will do', async () => {
    const first = await cluster.metadata({ topics: 'all' });
    assert.equal((await cluster.metadata({ topics: 'all', maxAgeMs: 60_000 })).takenAt, first.takenAt);
    assert.deepEqual([...(await cluster.metadata({ topics: ['wide'], maxAgeMs: 60_000 })).topics.keys()], ['wide']);
  });

  it('asks all brokers, each for its groups', async () => {
    const answers = await cluster.toAllBrokers(listGroups, {});
    assert.deepEqual([...answers.keys()], [1, 2, 3]);
    const listed = [...answers.values()].map((fact) => ('value' in fact ? fact.value.groups.length : NaN));
    assert.equal(listed[0]! + listed[1]! + listed[2]!, groups.length);
    assert.ok(
      listed.every((count) => count > 0),
      'the groups are spread over the brokers',
    );
  });

  it('asks each leader once for its partitions', async () => {
    const ends = await endOffsets(cluster, wide);
    assert.deepEqual(states(ends), Array(12).fill('0'));
    const leaders = (await cluster.metadata({ topics: ['wide'] })).topics.get('wide')!.partitions;
    assert.deepEqual(
      [...ends.get('wide')!].map(([partition, { node }]) => [partition, node]),
      leaders.map(({ partition, leader }) => [partition, leader]),
    );
  });

  it('asks each coordinator for its groups, exact to the last bit', async () => {
    assert.deepEqual(values(await committed(cluster, groups, 'safe')), offsets);
    const coordinators = await cluster.findCoordinators(groups);
    assert.equal(new Set([...coordinators.values()].map((fact) => ('value' in fact ? fact.value : NaN))).size, 3);
  });

  it('asks elsewhere where what it was told is wrong', async () => {
    cluster.noteCoordinators(groups.map((group) => [group, 1]));
    assert.deepEqual(values(await committed(cluster, groups, 'safe')), offsets);
  });

  it('cancels a long poll while other requests go on', async () => {
    const abort = new AbortController();
    const { partitions } = (await cluster.metadata({ topics: ['wide'] })).topics.get('wide')!;
    const leader = partitions[0]!.leader;
    const poll = cluster.send(
      leader,
      fetch,
      {
        maxWaitMs: 20_000,
        minBytes: 1,
        topics: [{ topic: 'wide', partitions: [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 1_000_000 }] }],
      },
      // Version 13 names topics by id.
      { purpose: 'longPoll', signal: abort.signal, maxVersion: 12 },
    );
    assert.equal((await cluster.send(leader, listGroups, {})).errorCode, 0);
    abort.abort();
    await assert.rejects(poll, isCancelled);
  });

  it('keeps what the others answer when a broker is gone, and recovers with it', async () => {
    const victim = 2;
    const own = (await cluster.metadata({ topics: ['wide'] })).topics
      .get('wide')!
      .partitions.flatMap(({ partition, leader }) => (leader === victim ? [partition] : []));
    assert.ok(own.length > 0);
    await kafka.kill(victim);

    // First, by the brokers that are known: to look for leaders is to learn of those that are left.
    const listed = await cluster.toAllBrokers(listGroups, {});
    const failed = listed.get(victim);
    assert.ok(failed !== undefined && 'failure' in failed);
    assert.equal(failed.failure.kind, 'unreachable');
    assert.match(failed.failure.message, /Broker 2 cannot be reached.*advertised\.listeners/);
    assert.ok('value' in listed.get(1)! && 'value' in listed.get(3)!);
    const atOnce = states(await endOffsets(cluster, wide));
    for (const { partition } of wide) {
      const expected = own.includes(partition) ? /^(unreachable|no-leader)$/ : /^0$/;
      assert.match(atOnce[partition]!, expected, `partition ${partition}`);
    }

    // A new coordinator says "no commit" of what it has only just replicated, until its high watermark has caught up.
    await until(
      'the groups of the broker have moved to others, with all their commits',
      async () => {
        const now = await committed(cluster, groups, 'safe');
        return [...now.values()].every(({ node }) => node !== victim) && isDeepStrictEqual(values(now), offsets);
      },
      90_000,
    );
    await until('its partitions have no leader', async () => {
      const now = states(await endOffsets(cluster, wide, 100));
      return own.every((partition) => now[partition] === 'no-leader');
    });

    await kafka.startNode(victim);
    await until('all partitions are read again', async () =>
      states(await endOffsets(cluster, wide)).every((state) => state === '0'),
    );
    await until('all brokers list again', async () => {
      await cluster.metadata();
      const again = await cluster.toAllBrokers(listGroups, {});
      return again.size === 3 && [...again.values()].every((fact) => 'value' in fact);
    });
  });

  it('describes groups over their coordinators in one version or another', async () => {
    for (const maxVersion of [0, 5, 6]) {
      const described = await cluster.toCoordinators(groups, {
        api: describeGroups,
        maxVersion,
        request: (some) => ({ groups: some }),
        read: (response) =>
          response.groups.map((group) => [group.groupId, { errorCode: group.errorCode, value: group.groupState }]),
      });
      assert.deepEqual(new Set(values(described).values()), new Set(['Empty']), `version ${maxVersion}`);
    }
  });
});

describe('Cluster on one broker', { timeout: 240_000 }, () => {
  it('gives up on a broker that hangs, and serves on when it goes on', async (t) => {
    const kafka = await startKafka({
      // It stands still for long, and would know of no broker, not even itself, when it goes on.
      deadAfterMs: 300_000,
      properties: { 'offsets.topic.num.partitions': '1' },
    });
    t.after(() => kafka.stop());
    const cluster = await Cluster.connect({ bootstrapServers: [kafka.bootstrap], requestTimeoutMs: 1_000 });
    const { pid } = kafka.nodes[0]!;
    try {
      await freeze(pid);
      const slow = cluster.send(1, listGroups, {}, { timeoutMs: 20_000 });
      await assert.rejects(cluster.metadata(), RequestTimeoutError);
      process.kill(pid, 'SIGCONT');
      assert.equal((await slow).errorCode, 0, 'the time-out of one request left the other alone');

      await freeze(pid);
      await until('the connection is given up', () =>
        cluster.metadata().then(
          () => false,
          (error) => error instanceof ConnectionError && error.kind === 'silent',
        ),
      );
      process.kill(pid, 'SIGCONT');
      await until('the same cluster answers', () =>
        cluster.metadata().then(
          () => true,
          () => false,
        ),
      );
    } finally {
      process.kill(pid, 'SIGCONT');
      cluster.close();
    }
  });

  it('serves on after the broker was killed and came back', async (t) => {
    const kafka = await startKafka({ deadAfterMs: 4_000, properties: { 'offsets.topic.num.partitions': '1' } });
    t.after(() => kafka.stop());
    const cluster = await Cluster.connect({ bootstrapServers: [kafka.bootstrap] });
    try {
      await createTopic(cluster, 'wide', 2, 1);
      await kafka.kill(1);
      await assert.rejects(cluster.metadata({ topics: 'all' }), /Nothing listens at/);
      const gone = await endOffsets(cluster, partitionsOf('wide', 2));
      assert.deepEqual(states(gone), ['unreachable', 'unreachable']);
      await kafka.startNode(1);
      await until('the same cluster answers', async () => {
        const ends = states(await endOffsets(cluster, partitionsOf('wide', 2)));
        return ends.join() === '0,0';
      });
      assert.ok((await cluster.metadata({ topics: 'all' })).topics.has('wide'));
    } finally {
      cluster.close();
    }
  });
});
