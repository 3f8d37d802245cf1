/** Topics made, widened, emptied and deleted, as Kafka's own tool sees them. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Journal } from '../../src/changes/journal/entry.ts';
import { openJournal } from '../../src/changes/journal/sqliteJournal.ts';
import { planCreateTopic, type NewTopic } from '../../src/changes/topicsCreate.ts';
import { topicsCommand } from '../../src/changes/topicsCommand.ts';
import { executeTopicPlan } from '../../src/changes/topicsExecute.ts';
import { planAddPartitions, planDeleteRecords, planDeleteTopic, type TopicPlan } from '../../src/changes/topicsPlan.ts';
import type { Snapshot } from '../../src/groups/snapshot.ts';
import { Cluster } from '../../src/kafka/cluster.ts';
import { produceRecords } from '../../src/produce/producer.ts';
import { collectSnapshot } from '../../src/watch/collect/collectSnapshot.ts';
import { runTool, startKafka, type Kafka } from '../../tools/kafka.ts';
import { commitOffsets, createTopic } from '../support/clusterCalls.ts';
import { firstCommit } from '../support/firstCommit.ts';
import { itWhere } from '../support/itWhere.ts';
import { ToolShell } from '../support/offsetsTool.ts';
import { createTopicWith, produceBatch } from '../support/recordsCalls.ts';
import { writeBatch } from '../support/recordsWriter.ts';
import { until } from '../support/until.ts';

for (const version of [undefined, '3.9.2', '2.8.2']) {
  // The KRaft preview has neither idempotent producers, nor CreatePartitions, nor a check that changes nothing.
  const isPreview = version === '2.8.2';
  describe(`topics of Kafka ${version ?? 'of today'}`, { timeout: 240_000 }, () => {
    let folder: string;
    let journal: Journal;
    let kafka: Kafka;
    let cluster: Cluster;
    const options = (): { cluster: string; journal: Journal } => ({ cluster: 'test', journal });
    const snapshot = (): Promise<Snapshot> => collectSnapshot(cluster);

    const tool = async (mainClass: string, ...args: string[]): Promise<string> => {
      const { stdout, stderr } = await runTool(mainClass, ['--bootstrap-server', kafka.bootstrap, ...args]);
      return stdout + stderr;
    };
    const topicCommand = 'org.apache.kafka.tools.TopicCommand';
    const describeTopic = (name: string): Promise<string> => tool(topicCommand, '--describe', '--topic', name);

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'topics-'));
      journal = await openJournal({ file: join(folder, 'journal.sqlite') });
      kafka = await startKafka(version === undefined ? {} : { version });
      cluster = await Cluster.connect({ bootstrapServers: [kafka.bootstrap] });
    });

    after(async () => {
      cluster?.close();
      journal?.close();
      await kafka?.stop();
      await rm(folder, { recursive: true });
    });

    const fill = async (topic: string, partition: number, count: number): Promise<void> => {
      const record = { partition, key: null, value: Buffer.from('x'), headers: [], timestamp: BigInt(Date.now()) };
      const results = await produceRecords(cluster, {
        topic,
        compression: 'none',
        records: new Array<typeof record>(count).fill(record),
      });
      assert.ok(results.every(({ kind }) => kind === 'written'));
    };

    it('are made as planned, and not before', async () => {
      const wanted: NewTopic = {
        name: 'made',
        partitions: 3,
        replicationFactor: 1,
        configs: { 'retention.ms': '3600000' },
      };
      const plan = await planCreateTopic(cluster, wanted, undefined);
      assert.equal(plan.problem, undefined);
      assert.match(
        plan.sentences[0]!,
        isPreview ? /Makes topic made\./ : /Makes topic made with 3 partitions, 1 replica each/,
      );
      assert.equal((await cluster.metadata({ topics: ['made'] })).topics.get('made')?.failure?.kind, 'missing');
      const { outcome, id } = await executeTopicPlan(cluster, plan, options());
      assert.equal(outcome, 'done');
      const told = await describeTopic('made');
      assert.match(told, /PartitionCount: 3\s+ReplicationFactor: 1\s+Configs: .*retention\.ms=3600000/);
      assert.deepEqual([journal.get(id!)!.kind, journal.get(id!)!.state], ['create-topic', 'done']);
      const again = await planCreateTopic(cluster, wanted, undefined);
      assert.match(again.problem!, /made exists already/);
    });

    itWhere(!isPreview)('that cannot be say why', async () => {
      const plan = (topic: Partial<NewTopic>): Promise<{ problem: string | undefined }> =>
        planCreateTopic(
          cluster,
          { name: 'never', partitions: 1, replicationFactor: 1, configs: {}, ...topic },
          undefined,
        );
      assert.match((await plan({ replicationFactor: 5 })).problem!, /[Rr]eplication factor/);
      assert.match((await plan({ configs: { 'retention.ms': 'soon' } })).problem!, /retention\.ms/);
      assert.match((await plan({ name: 'a/b' })).problem!, /a\/b/);
    });

    it('get partitions, and the plan names the groups that rebalance', async () => {
      await createTopic(cluster, 'wide', 2, 1);
      await firstCommit(cluster, 'wide-readers', 'wide', { 0: 0n });
      const fewer = await planAddPartitions(cluster, 'wide', 2, undefined);
      assert.match(fewer.problem!, /take none away/);
      const plan = await planAddPartitions(cluster, 'wide', 5, await snapshot());
      if (isPreview) {
        assert.match(plan.problem!, /does not offer CreatePartitions/);
        return;
      }
      assert.equal(plan.problem, undefined);
      assert.match(plan.sentences.join(' '), /Keys move.*These groups rebalance.*wide-readers/);
      const stale = await planAddPartitions(cluster, 'wide', 4, undefined);
      assert.equal((await executeTopicPlan(cluster, plan, options())).outcome, 'done');
      assert.match(await describeTopic('wide'), /PartitionCount: 5/);
      await assert.rejects(executeTopicPlan(cluster, stale, options()), /has 5 partitions by now/);
    });

    itWhere(!isPreview)('lose the records that were planned, and the plan says who has not read them', async () => {
      await createTopic(cluster, 'full', 2, 1);
      await fill('full', 0, 10);
      await fill('full', 1, 4);
      await commitOffsets(cluster, 'slow', 'full', { 0: 3n, 1: 4n });
      const plan = await planDeleteRecords(
        cluster,
        'full',
        new Map<number, bigint | 'end'>([
          [0, 8n],
          [1, 'end'],
        ]),
        await snapshot(),
      );
      assert.equal(plan.problem, undefined);
      assert.match(plan.sentences.join(' '), /up to 12 records of full.*Group slow has not read 5 of them/);
      const { outcome, results, id } = await executeTopicPlan(cluster, plan, options());
      assert.equal(outcome, 'done');
      assert.deepEqual(
        results.map(({ partition, found }) => [partition, found]),
        [
          [0, 8n],
          [1, 4n],
        ],
      );
      const offsets = await tool('org.apache.kafka.tools.GetOffsetShell', '--topic', 'full', '--time', '-2');
      assert.match(offsets, /full:0:8\s+full:1:4/);
      assert.deepEqual(journal.get(id!)!.details, {
        partitions: [
          { partition: 0, start: '0', to: '8' },
          { partition: 1, start: '0', to: '4' },
        ],
      });
      const nothing = await planDeleteRecords(cluster, 'full', new Map([[0, 2n]]), undefined);
      assert.match(nothing.problem!, /nothing before/);

      await createTopicWith(cluster, 'table', 1, { 'cleanup.policy': 'compact' });
      await produceBatch(cluster, 'table', 0, writeBatch({ records: [{ key: 'k', value: 'v' }] }));
      const compacted = await planDeleteRecords(cluster, 'table', new Map([[0, 'end']]), undefined);
      assert.match(compacted.problem!, /deletes no records of table, since its cleanup\.policy is "compact"/);
    });

    it('are deleted, and the plan names the commits that go with them', async () => {
      await createTopic(cluster, 'doomed', 1, 1);
      await commitOffsets(cluster, 'mourners', 'doomed', { 0: 0n });
      const plan = await planDeleteTopic(cluster, 'doomed', await snapshot());
      assert.match(plan.sentences.join(' '), /cannot be undone.*Commits of groups.*mourners/);
      const { outcome, id } = await executeTopicPlan(cluster, plan, options());
      assert.equal(outcome, 'done');
      await until('the tool has heard of it', async () => /does not exist/.test(await describeTopic('doomed')));
      const entry = journal.get(id!)!;
      assert.deepEqual([entry.kind, entry.subject, entry.state], ['delete-topic', 'doomed', 'done']);
      await assert.rejects(planDeleteTopic(cluster, 'doomed', undefined), /doomed.*does not exist/);
    });

    itWhere(version === undefined)('are changed alike by the commands that are shown', async () => {
      const shell = await ToolShell.open();
      try {
        const run = (plan: TopicPlan): Promise<unknown> => shell.run(topicsCommand(kafka.bootstrap, plan));
        const [name, neighbour] = ['twin.1', 'twin-1'];
        const topic = { name, partitions: 2, replicationFactor: 1, configs: { 'cleanup.policy': 'delete' } };
        await run(await planCreateTopic(cluster, topic, undefined));
        // The tool takes names for patterns, of which a dot is every character.
        await createTopic(cluster, neighbour, 1, 1);
        await fill(name, 1, 3);
        await run(await planAddPartitions(cluster, name, 3, undefined));
        await run(await planDeleteRecords(cluster, name, new Map([[1, 2n]]), undefined));
        assert.match(
          await describeTopic('twin\\.1'),
          /PartitionCount: 3\s+ReplicationFactor: 1\s+Configs: .*cleanup\.policy=delete/,
        );
        const offsets = await tool('org.apache.kafka.tools.GetOffsetShell', '--topic', 'twin\\.1', '--time', '-2');
        assert.match(offsets, /twin\.1:0:0\s+twin\.1:1:2/);
        await run(await planDeleteTopic(cluster, name, undefined));
        await until('it is gone', async () => /does not exist/.test(await describeTopic('twin\\.1')));
        assert.match(await describeTopic(neighbour), /PartitionCount: 1\s/);
      } finally {
        await shell.close();
      }
    });

    it('of Kafka itself are left alone', async () => {
      const plan = await planDeleteTopic(cluster, '__consumer_offsets', undefined);
      await assert.rejects(executeTopicPlan(cluster, plan, options()), /Kafka’s own topics/);
    });
  });
}

it('topics that are denied say so, and nothing is changed', { timeout: 120_000 }, async () => {
  const kafka = await startKafka({
    properties: {
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'allow.everyone.if.no.acl.found': 'true',
    },
  });
  const cluster = await Cluster.connect({ bootstrapServers: [kafka.bootstrap] });
  try {
    await createTopic(cluster, 'guarded', 1, 1);
    const user = 'User:ANONYMOUS';
    // Who may alter the cluster but not delete in it.
    const clusterOperations = [
      'ClusterAction',
      'Alter',
      'AlterConfigs',
      'Create',
      'Describe',
      'DescribeConfigs',
      'IdempotentWrite',
    ];
    for (const acl of [
      ['--allow-principal', user, ...clusterOperations.flatMap((operation) => ['--operation', operation]), '--cluster'],
      ['--allow-principal', user, '--operation', 'Describe', '--topic', 'guarded'],
    ]) {
      const args = ['--bootstrap-server', kafka.bootstrap, '--add', '--force', ...acl];
      const { code, stderr } = await runTool('org.apache.kafka.tools.AclCommand', args);
      assert.equal(code, 0, stderr);
    }
    await until('the ACLs count', async () => {
      const { problem } = await planAddPartitions(cluster, 'guarded', 2, undefined);
      return problem?.includes('not allowed') === true;
    });
    const plan = await planDeleteTopic(cluster, 'guarded', undefined);
    const { outcome, message } = await executeTopicPlan(cluster, plan, { cluster: 'test', journal: undefined });
    assert.equal(outcome, 'refused');
    assert.match(message!, /not allowed to do that to topic guarded \(TOPIC_AUTHORIZATION_FAILED\)/);
    assert.equal((await cluster.metadata({ topics: ['guarded'] })).topics.get('guarded')?.failure, undefined);
  } finally {
    cluster.close();
    await kafka.stop();
  }
});
