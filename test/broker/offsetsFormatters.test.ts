import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, describe, it } from 'node:test';
import { Cluster } from '../../src/kafka/cluster.ts';
import { offsetCommit } from '../../src/kafka/protocol/generated/offsetCommit.ts';
import { decodeRecord, type CoordinatorRecord } from '../../src/offsetsTopic/decode/decodeRecord.ts';
import { deletionOf } from '../../src/offsetsTopic/decode/deletion.ts';
import { DeletionBatch } from '../../src/offsetsTopic/decode/deletionBatch.ts';
import { recordJson } from '../../src/offsetsTopic/decode/recordJson.ts';
import { kafkaFormatter, type CoordinatorTopic } from '../../src/offsetsTopic/decode/recordTypes.ts';
import { runTool, startKafka, type Kafka } from '../../tools/kafka.ts';
import { startOracle, type Oracle } from '../oracle/oracle.ts';
import { readAll } from '../support/recordsCalls.ts';
import { until } from '../support/until.ts';

interface Written {
  readonly key: Buffer;
  readonly value: Buffer | null;
  readonly batch: bigint;
  readonly record: CoordinatorRecord;
}

/** What JSON escapes, what it need not, and what other writers of it escape otherwise. */
const hostile = 'q " \\ / \u0000\u0001\b\t\n\v\f\r\u001f \u007f\u0085\u00ad\u2028\u2029\ufeff <é漢😀>';

/** A broker of its own: the topics are compared record by record with what Kafka's tools print of them. */
describe('the topics of coordinators, written by groups of every kind', { timeout: 300_000 }, () => {
  let broker: Kafka;
  let cluster: Cluster;
  let oracle: Oracle;
  let folder: string;
  const written = new Map<CoordinatorTopic, Written[]>();

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'offsets-groups-'));
    broker = await startKafka({
      properties: {
        'offsets.topic.num.partitions': '1',
        'share.coordinator.state.topic.num.partitions': '1',
        'transaction.state.log.num.partitions': '1',
        'group.consumer.migration.policy': 'bidirectional',
        // Members hear of their assignments by heartbeats: without these the groups take a minute.
        ...Object.fromEntries(
          ['consumer', 'share', 'streams'].flatMap((kind) => [
            [`group.${kind}.min.heartbeat.interval.ms`, '300'],
            [`group.${kind}.heartbeat.interval.ms`, '300'],
          ]),
        ),
      },
    });
    const groups = fileURLToPath(new URL('../support/OffsetsGroups.java', import.meta.url));
    const { code, stdout, stderr } = await runTool(groups, [broker.bootstrap, folder], { timeoutMs: 150_000 });
    assert.equal(stdout.trim(), 'done', `${code}: ${stderr}`);
    cluster = await Cluster.connect({ bootstrapServers: [broker.bootstrap] });
    await commitWithRetention('expiring', 'for an hour');
    await commitWithRetention(hostile, hostile);
    for (const topic of ['__consumer_offsets', '__share_group_state', '__transaction_state'] as const) {
      written.set(topic, await read(topic));
    }
    // The coordinator hears of a deleted topic when it does.
    await until('the commits of the deleted topic are gone', async () => {
      const isGone = ({ record }: Written): boolean =>
        record.kind === 'tombstone' && record.of === 'offsetCommit' && record.key.topic === 'doomed';
      if (written.get('__consumer_offsets')!.filter(isGone).length === 2) return true;
      written.set('__consumer_offsets', await read('__consumer_offsets'));
      return false;
    });
    oracle = await startOracle();
  });

  after(async () => {
    await oracle?.close();
    cluster?.close();
    await broker?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** As clients of Kafka 2.0 and before did: the value is of version 1. */
  async function commitWithRetention(group: string, metadata: string): Promise<void> {
    const answers = await cluster.toCoordinators([group], {
      api: offsetCommit,
      maxVersion: 4,
      request: () => ({
        groupId: group,
        retentionTimeMs: 3_600_000n,
        topics: [
          {
            name: 'orders',
            partitions: [{ partitionIndex: 0, committedOffset: 3n, committedMetadata: metadata }],
          },
        ],
      }),
      read: ({ topics }) => [[group, { errorCode: topics[0]!.partitions[0]!.errorCode, value: null }]],
    });
    assert.ok('value' in answers.get(group)!);
  }

  async function read(topic: CoordinatorTopic): Promise<Written[]> {
    const events = await readAll(cluster, {
      topic,
      start: { at: 'beginning' },
      stop: { at: 'end' },
      isolation: 'read_uncommitted',
    });
    const records: Written[] = [];
    for (const event of events) {
      if (event.kind !== 'records') continue;
      for (const { batch, from, to } of event.slices) {
        if (batch.facts.isControl) continue;
        for (let index = from; index < to; index++) {
          const [key, value] = [batch.key(index)!, batch.value(index)];
          records.push({ key, value, batch: batch.facts.baseOffset, record: decodeRecord(key, value, topic) });
        }
      }
    }
    return records;
  }

  const offsets = (): CoordinatorRecord[] => written.get('__consumer_offsets')!.map(({ record }) => record);

  it('hold every type that Kafka writes, each decoded', () => {
    const names = new Set<string>();
    for (const records of written.values()) {
      for (const { record } of records) {
        assert.ok(record.kind !== 'unknown' && record.kind !== 'malformed', JSON.stringify(record, String));
        assert.equal(record.leftover, 0);
        names.add(record.kind === 'tombstone' ? `${record.of} deleted` : record.kind);
      }
    }
    const types = [
      'offsetCommit',
      'groupMetadata',
      'consumerGroupMetadata',
      'consumerGroupMemberMetadata',
      'consumerGroupTargetAssignmentMetadata',
      'consumerGroupTargetAssignmentMember',
      'consumerGroupCurrentMemberAssignment',
      'consumerGroupRegularExpression',
      'shareGroupMemberMetadata',
      'shareGroupMetadata',
      'shareGroupTargetAssignmentMetadata',
      'shareGroupTargetAssignmentMember',
      'shareGroupCurrentMemberAssignment',
      'shareGroupStatePartitionMetadata',
      'streamsGroupMetadata',
      'streamsGroupMemberMetadata',
      'streamsGroupTargetAssignmentMetadata',
      'streamsGroupTargetAssignmentMember',
      'streamsGroupCurrentMemberAssignment',
      'streamsGroupTopology',
    ];
    const expected = [
      ...types.flatMap((type) => [type, `${type} deleted`]),
      'shareSnapshot',
      'shareUpdate',
      'transactionLog',
    ];
    const missing = expected.filter((name) => !names.has(name));
    assert.deepEqual(missing, []);
  });

  for (const [topic, formatter] of [
    ['__consumer_offsets', 'OffsetsMessageFormatter'],
    ['__consumer_offsets', 'GroupMetadataMessageFormatter'],
    ['__consumer_offsets', 'ShareGroupMessageFormatter'],
    ['__share_group_state', 'group.share.ShareGroupStateMessageFormatter'],
    ['__transaction_state', 'TransactionLogMessageFormatter'],
  ] as const) {
    it(`${topic} as the console consumer prints it with ${formatter}`, async () => {
      const records = written.get(topic)!;
      const name = `org.apache.kafka.tools.consumer.${formatter}`;
      const mine = records.filter(({ record }) => kafkaFormatter(topic, record.type!) === name);
      const args = ['--bootstrap-server', broker.bootstrap, '--topic', topic, '--from-beginning', '--formatter', name];
      const limits = ['--max-messages', String(records.length), '--timeout-ms', '30000'];
      const { stdout, stderr } = await runTool(
        'org.apache.kafka.tools.consumer.ConsoleConsumer',
        [...args, ...limits],
        {
          timeoutMs: 60_000,
        },
      );
      assert.ok(mine.length > 0, stderr);
      // It ends no line.
      assert.equal(stdout, mine.map(({ key, value }) => recordJson(key, value, topic)).join(''));
    });
  }

  it('print, of the types without a formatter too, what Kafka makes of them', async () => {
    for (const [topic, records] of written) {
      const coordinator = {
        __consumer_offsets: 'group',
        __share_group_state: 'share',
        __transaction_state: 'transaction',
      };
      await Promise.all(
        records.map(async ({ key, value }) => {
          const [keyHex, valueHex] = [key.toString('hex'), value?.toString('hex') ?? '-'];
          const answer = await oracle.ask(`record ${coordinator[topic]} ${keyHex} ${valueHex}`);
          assert.equal(answer, `${keyHex} ${valueHex} ${recordJson(key, value, topic)}`);
        }),
      );
    }
  });

  it('tell when a commit expires that has a retention of its own', () => {
    const commit = offsets().find((record) => record.kind === 'offsetCommit' && record.group === 'expiring');
    assert.ok(commit?.kind === 'offsetCommit');
    assert.deepEqual([commit.version, commit.metadata], [1, 'for an hour']);
    assert.equal(commit.expireTimestamp, commit.commitTimestamp + 3_600_000n);
  });

  it('tell what members asked for, and what they got', () => {
    const groups = offsets().filter((record) => record.kind === 'groupMetadata');
    const members = groups.flatMap(({ group, members: all }) => all.map((member) => ({ group, ...member })));
    for (const { subscription, assignment } of members) {
      assert.ok(subscription.kind === 'subscription' && assignment.kind === 'assignment');
      assert.ok(subscription.topics.includes('orders'));
    }
    const owners = (group: string) => groups.filter((each) => each.group === group && each.members.length > 0);
    // All partitions have an owner in the last generation before members left; with two members, each has some.
    const both = owners('sticky').find(({ members: all }) => all.length === 2)!;
    const parts = both.members.map(({ assignment }) => (assignment.kind === 'assignment' ? assignment.partitions : []));
    assert.deepEqual(
      parts.map((part) => part.length),
      [4, 4],
    );
    assert.equal(new Set(parts.flat().map(({ topic, partition }) => `${topic}-${partition}`)).size, 8);
    const sticky = both.members
      .map(({ subscription }) => subscription)
      .find((each) => {
        return each.kind === 'subscription' && each.userData?.kind === 'sticky' && each.userData.owned.length === 8;
      });
    assert.ok(sticky, JSON.stringify(both, String));
    const cooperative = members.filter(({ group }) => group === 'cooperative').map(({ subscription }) => subscription);
    assert.ok(cooperative.some((each) => each.kind === 'subscription' && each.userData?.kind === 'cooperative-sticky'));
    assert.ok(cooperative.some((each) => each.kind === 'subscription' && each.ownedPartitions.length > 0));
    assert.ok(members.some(({ group, instanceId }) => group === 'static' && instanceId === 'pod-1'));
    assert.ok(
      members.some(({ group, subscription }) => {
        return group === 'range' && subscription.kind === 'subscription' && subscription.rack === 'r1';
      }),
    );
  });

  it('hold classic members of modern groups, and regular expressions', () => {
    const modern = offsets().filter((record) => record.kind === 'consumerGroupMemberMetadata');
    const classic = modern.filter(({ value }) => value.classicMemberMetadata !== null);
    assert.deepEqual([...new Set(classic.map(({ group }) => group))], ['mixed']);
    assert.ok(modern.some(({ value }) => value.subscribedTopicRegex === 'ord.*|pay.*'));
    const resolved = offsets().find((record) => record.kind === 'consumerGroupRegularExpression')!;
    assert.deepEqual([...resolved.value.topics].sort(), ['orders', 'payments']);
  });

  it('show by their batches who deleted commits: a group, some offsets, a topic', async () => {
    const records = written.get('__consumer_offsets')!;
    const config = { retention: 7 * 86_400_000, at: Date.now(), commitTimestamp: Date.now() };
    const topics = (await cluster.metadata({ topics: 'all' })).topics;
    const verdict = (group: string, topic: string, partition: number): string => {
      const deleted = records.filter(({ record }) => {
        if (record.kind !== 'tombstone' || record.of !== 'offsetCommit' || record.group !== group) return false;
        return record.key.topic === topic && record.key.partition === partition;
      });
      assert.equal(deleted.length, 1, `${group} ${topic}-${partition}`);
      const batch = records.filter((each) => each.batch === deleted[0]!.batch).map(({ record }) => record);
      const facts = { ...config, ...new DeletionBatch(batch).factsOf(group, topic), topicExists: topics.has(topic) };
      const { cause, certainty } = deletionOf(facts);
      return `${cause}, ${certainty}`;
    };
    assert.equal(verdict('sticky', 'orders', 0), 'group-deleted, fact');
    assert.equal(verdict('modern', 'orders', 0), 'group-deleted, fact');
    assert.equal(verdict('range', 'orders', 1), 'offsets-deleted, inference');
    assert.equal(verdict('simple', 'doomed', 0), 'topic-deleted, inference');
    assert.equal(verdict('range', 'doomed', 1), 'topic-deleted, inference');
  });
});
