/** Changes of configurations and topics whose answers never come. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { describeConfigs } from '../../src/changes/configs.ts';
import { executeConfigs } from '../../src/changes/configsExecute.ts';
import { planConfigs } from '../../src/changes/configsPlan.ts';
import { executeTopicPlan } from '../../src/changes/topicsExecute.ts';
import { planCreateTopic } from '../../src/changes/topicsCreate.ts';
import { planDeleteTopic } from '../../src/changes/topicsPlan.ts';
import { Cluster } from '../../src/kafka/cluster.ts';
import { createTopics } from '../../src/kafka/protocol/generated/createTopics.ts';
import { incrementalAlterConfigs } from '../../src/kafka/protocol/generated/incrementalAlterConfigs.ts';
import { startKafka, type Kafka } from '../../tools/kafka.ts';
import { freePorts } from '../../tools/ports.ts';
import { createTopic } from '../support/clusterCalls.ts';
import { AnswerCutter } from '../support/answerCutter.ts';
import { until } from '../support/until.ts';

const options = { cluster: 'test', journal: undefined };

for (const api of [incrementalAlterConfigs, createTopics]) {
  describe(`${api.name} whose answer is cut off`, { timeout: 240_000 }, () => {
    let kafka: Kafka;
    let cutter: AnswerCutter;
    let direct: Cluster;
    let cluster: Cluster;

    before(async () => {
      // The broker gives out the cutter's address: all that the client says goes through it.
      const [port, own] = (await freePorts(2)) as [number, number];
      cutter = await AnswerCutter.open(api.key, () => port);
      kafka = await startKafka({
        ports: [own],
        properties: ({ host, controllerPort }) => ({
          listeners: `PLAINTEXT://${host}:${own},CUT://${host}:${port},CONTROLLER://${host}:${controllerPort}`,
          'advertised.listeners': `PLAINTEXT://${host}:${own},CUT://${host}:${cutter.port}`,
          'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CUT:PLAINTEXT,CONTROLLER:PLAINTEXT',
        }),
      });
      direct = await Cluster.connect({ bootstrapServers: [`127.0.0.1:${own}`] });
      cluster = await Cluster.connect({ bootstrapServers: [`127.0.0.1:${cutter.port}`] });
      await createTopic(direct, 'orders', 1, 1);
    });

    after(async () => {
      cluster?.close();
      direct?.close();
      await kafka?.stop();
      await cutter?.close();
    });

    if (api.key === incrementalAlterConfigs.key) {
      it('is read back, and said to be done only where it is', async () => {
        const resource = { kind: 'topic', name: 'orders' } as const;
        const plan = await planConfigs(cluster, resource, [{ name: 'retention.ms', value: '3600000' }]);
        cutter.cutNext(1);
        const { results } = await executeConfigs(cluster, plan, options);
        assert.equal(cutter.cut, 1);
        assert.deepEqual(
          results.map(({ outcome, found }) => [outcome, found]),
          [['done', '3600000']],
        );
        const [now] = await describeConfigs(direct, resource, { names: ['retention.ms'] });
        assert.equal(now?.value, '3600000');
      });

      it('is not planned where the broker does not answer the check', async () => {
        const resource = { kind: 'topic', name: 'orders' } as const;
        // The check may be asked twice: it changes nothing.
        cutter.cutNext(10);
        const plan = await planConfigs(cluster, resource, [{ name: 'retention.ms', value: '1000' }]);
        cutter.cutNext(0);
        assert.ok(plan.refusal !== undefined);
        await assert.rejects(executeConfigs(cluster, plan, options), { message: plan.refusal });
      });
    } else {
      it('is looked for, and not made twice', async () => {
        const topic = { name: 'fresh', partitions: 1, replicationFactor: 1, configs: {} };
        const plan = await planCreateTopic(cluster, topic, undefined);
        cutter.cutNext(1);
        const { outcome } = await executeTopicPlan(cluster, plan, options);
        assert.equal(cutter.cut, 1);
        assert.equal(outcome, 'done');
      });

      it('of a topic that was made anew is not deleted by the old plan', async () => {
        const plan = await planDeleteTopic(cluster, 'orders', undefined);
        const first = await executeTopicPlan(direct, plan, options);
        assert.equal(first.outcome, 'done');
        await createTopic(direct, 'orders', 1, 1);
        await until('it is to be seen', async () => {
          const { topics } = await cluster.metadata({ topics: ['orders'] });
          return topics.get('orders')?.failure === undefined;
        });
        await assert.rejects(executeTopicPlan(cluster, plan, options), /was made anew since the plan was made/);
      });
    }
  });
}
