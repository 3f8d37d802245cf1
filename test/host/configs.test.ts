/** Configurations and topics are changed in a real VS Code with a real Kafka. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { describeConfigs } from '../../src/changes/configs.ts';
import { Cluster } from '../../src/kafka/cluster.ts';
import { startKafka, type Kafka } from '../../tools/kafka.ts';
import { commitOffsets, createTopic } from '../support/clusterCalls.ts';
import { until } from '../support/until.ts';
import { openWorkbench, type Workbench } from './harness.ts';
import { chooseFromMenu, commandWithChoice, expand, openSideBar, pick, quickInput, shows, treeRow } from './screen.ts';
import { openDetails } from './tailScreen.ts';

describe('configurations and topics in VS Code', { timeout: 300_000 }, () => {
  let kafka: Kafka;
  let cluster: Cluster;
  let workbench: Workbench;
  let page: Page;

  before(async () => {
    kafka = await startKafka({ properties: { 'log.retention.hours': '168' } });
    cluster = await Cluster.connect({ bootstrapServers: [kafka.bootstrap] });
    await createTopic(cluster, 'orders', 1, 1);
    await commitOffsets(cluster, 'billing', 'orders', { 0: 0n });
    workbench = await openWorkbench({
      clusters: [{ name: 'shop', bootstrapServers: [kafka.bootstrap], production: true }],
      settings: { 'window.dialogStyle': 'custom' },
    });
    page = workbench.page;
    await openSideBar(workbench);
    await shows(page, /^shop .*1 broker/);
  });

  after(async () => {
    await workbench?.close();
    cluster?.close();
    await kafka?.stop();
  });

  /** Answers the question with these words in it. */
  const answer = async (question: string, text: string): Promise<void> => {
    await page.locator('.quick-input-message', { hasText: question }).waitFor();
    await quickInput(page).fill(text);
    await quickInput(page).press('Enter');
  };
  const retention = async (): Promise<string | undefined> => {
    const [config] = await describeConfigs(cluster, { kind: 'topic', name: 'orders' }, { names: ['retention.ms'] });
    return config?.source === 'topic' ? config.value : undefined;
  };
  const isThere = async (topic: string): Promise<boolean> =>
    (await cluster.metadata({ topics: [topic] })).topics.get(topic)?.failure === undefined;

  it('changes a configuration after the name was typed, and takes it back', async () => {
    await commandWithChoice(workbench, 'Kafka: Open Configurations', 'A topic...');
    await pick(page, 'orders');
    const form = await workbench.webview('kafka-configs-page .lines > .line');
    const field = form.locator('.editor .input');
    await openDetails(form.locator('.lines > .line:not(.group)', { hasText: 'Records older than' }), field);
    await field.fill('1 h');
    await form.locator('.stage').click();
    await form.locator('.plan-item', { hasText: 'read or not' }).waitFor();
    await form.locator('.apply:enabled').click();
    await answer('retention.ms: 604800000 becomes 3600000', 'orders');
    await form.locator('.outcome.good', { hasText: 'retention.ms is changed' }).waitFor();
    assert.equal(await retention(), '3600000');
    await workbench.screenshot('configs');
    await form.locator('.undo').click();
    await form.locator('.plan-item', { hasText: 'inherited' }).waitFor();
    await form.locator('.apply:enabled').click();
    await answer('becomes what it inherits (604800000)', 'orders');
    await until('it is inherited again', async () => (await retention()) === undefined);
  });

  it('makes a topic step by step, after what the broker does not take was corrected', async () => {
    await workbench.runCommand('Kafka: Create Topic...');
    await answer('Name of the topic', 'made');
    await answer('Partitions; empty', '2');
    await answer('Replicas of each', '5');
    await answer('Configurations, or nothing', '');
    await answer('The broker says', '1');
    await answer('Configurations, or nothing', '');
    await answer('Makes topic made with 2 partitions, 1 replica each', 'made');
    await until('it is there', () => isThere('made'));
  });

  it('deletes a topic from the tree, and says whose commits go with it', async () => {
    await expand(page, /^Topics/);
    await chooseFromMenu(page, treeRow(page, /^orders/), 'Delete Topic...');
    const plan = await workbench.webview('kafka-change-page .lines > .line');
    await plan.locator('.sentences', { hasText: 'Commits of groups there are deleted with it: billing' }).waitFor();
    await plan.locator('.lines > .line', { hasText: 'billing' }).waitFor();
    assert.equal(await isThere('orders'), true, 'a plan changes nothing');
    await plan.getByRole('button', { name: 'Delete...' }).click();
    await answer('Commits of groups there are deleted with it: billing', 'orders');
    await plan.getByText('Done, and looked at again.').first().waitFor();
    await until('it is gone', async () => !(await isThere('orders')));
  });
});
