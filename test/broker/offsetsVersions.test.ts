import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { Kafka, logLevel, type Consumer } from 'kafkajs';
import { Cluster } from '../../src/kafka/cluster.ts';
import { decodeRecord } from '../../src/offsetsTopic/decode/decodeRecord.ts';
import { partitionOfGroup } from '../../src/offsetsTopic/decode/partitionOf.ts';
import { recordJson } from '../../src/offsetsTopic/decode/recordJson.ts';
import { spawnTool, startKafka } from '../../tools/kafka.ts';
import { endProcess } from '../../tools/processes.ts';
import { startOracle, type Oracle } from '../oracle/oracle.ts';
import { firstCommit } from '../support/firstCommit.ts';
import { createTopicWith, readAll } from '../support/recordsCalls.ts';
import { until } from '../support/until.ts';

describe('__consumer_offsets of older brokers', { timeout: 240_000 }, () => {
  let oracle: Oracle;
  before(async () => {
    oracle = await startOracle();
  });
  after(() => oracle.close());

  for (const version of ['2.8.2', '3.9.2']) {
    it(`of ${version}: members, commits and tombstones`, async () => {
      // In 3.9 the new protocol was a preview.
      const preview = version === '3.9.2' ? { 'group.coordinator.rebalance.protocols': 'classic,consumer' } : {};
      const broker = await startKafka({ version, properties: { 'offsets.topic.num.partitions': '7', ...preview } });
      let modern: ChildProcess | undefined;
      let cluster: Cluster | undefined;
      let consumer: Consumer | undefined;
      try {
        cluster = await Cluster.connect({ bootstrapServers: [broker.bootstrap] });
        await createTopicWith(cluster, 'orders', 2);
        const client = new Kafka({ clientId: 'c-1', brokers: [broker.bootstrap], logLevel: logLevel.NOTHING });
        const admin = client.admin();
        await admin.connect();
        for (const group of ['first', 'second', 'grüße']) await firstCommit(cluster, group, 'orders', { 1: 5n });
        await admin.deleteGroups(['second']);
        consumer = client.consumer({ groupId: 'members' });
        await consumer.connect();
        await consumer.subscribe({ topic: 'orders' });
        await consumer.run({ eachMessage: async () => {} });
        const connected = cluster;
        const seen = new Set<string>();
        await until(
          'the group is stable in the topic',
          async () => {
            await readOffsets(connected, seen);
            return seen.has('groupMetadata of members with 1');
          },
          90_000,
        );
        await admin.disconnect();
        if (version === '3.9.2') {
          const args = ['--bootstrap-server', broker.bootstrap, '--topic', 'orders', '--group-id', 'modern'];
          const verifiable = 'org.apache.kafka.tools.VerifiableConsumer';
          modern = await spawnTool(verifiable, [...args, '--group-protocol', 'CONSUMER'], { stdio: 'ignore' });
          await until(
            'the members of the new protocol are in the topic, and type 4',
            async () => {
              await readOffsets(connected, seen);
              const types = ['consumerGroupPartitionMetadata', 'consumerGroupCurrentMemberAssignment'];
              return types.every((type) => seen.has(`${type} of modern`));
            },
            90_000,
          );
        }
        const wanted = ['offsetCommit of first', 'offsetCommit of grüße', 'offsetCommit of second deleted'];
        for (const each of wanted) assert.ok(seen.has(each), each);
        // The coordinator before that of KIP-848 lets a group that never had members go without a tombstone of its own.
        assert.equal(seen.has('groupMetadata of second deleted'), version !== '2.8.2');
      } finally {
        await consumer?.disconnect();
        if (modern !== undefined) await endProcess(modern);
        cluster?.close();
        await broker.stop();
      }
    });
  }

  /** Reads all that there is, and checks each record against Kafka's own classes. */
  async function readOffsets(cluster: Cluster, seen: Set<string>): Promise<void> {
    const topic = '__consumer_offsets';
    const events = await readAll(cluster, {
      topic,
      start: { at: 'beginning' },
      stop: { at: 'end' },
      isolation: 'read_uncommitted',
    });
    for (const event of events) {
      if (event.kind !== 'records') continue;
      for (const { batch, from, to } of event.slices) {
        for (let index = from; index < to; index++) {
          const [key, value] = [batch.key(index)!, batch.value(index)];
          const record = decodeRecord(key, value, topic);
          assert.ok(record.kind !== 'unknown' && record.kind !== 'malformed', recordJson(key, value, topic));
          assert.equal(partitionOfGroup(record.group, 7), batch.partition);
          const [keyHex, valueHex] = [key.toString('hex'), value?.toString('hex') ?? '-'];
          const theirs = await oracle.ask(`record group ${keyHex} ${valueHex}`);
          assert.equal(theirs, `${keyHex} ${valueHex} ${recordJson(key, value, topic)}`);
          if (record.kind === 'tombstone') seen.add(`${record.of} of ${record.group} deleted`);
          else seen.add(`${record.kind} of ${record.group}`);
          if (record.kind !== 'groupMetadata' || record.members.length === 0) continue;
          const [member] = record.members;
          assert.ok(member?.subscription.kind === 'subscription' && member.assignment.kind === 'assignment');
          assert.deepEqual(member.subscription.topics, ['orders']);
          assert.equal(member.assignment.partitions.length, 2);
          seen.add(`groupMetadata of ${record.group} with ${record.members.length}`);
        }
      }
    }
  }
});
