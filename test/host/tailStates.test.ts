/** Tails opened from wherever a topic is shown, and what they say when the broker, the topic or the right to read it goes. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Frame, Page } from 'playwright-core';
import { Cluster } from '../../src/kafka/cluster.ts';
import { runTool, startKafka, type Kafka } from '../../tools/kafka.ts';
import { commitOffsets } from '../support/clusterCalls.ts';
import { createTopicWith, deleteTopic, produceBatch } from '../support/recordsCalls.ts';
import { writeBatch } from '../support/recordsWriter.ts';
import { until } from '../support/until.ts';
import { VerifiableConsumer } from '../support/verifiableConsumer.ts';
import { openWorkbench, type Workbench } from './harness.ts';
import {
  activeTab,
  chooseFromMenu,
  closeTab,
  commandWithChoice,
  expand,
  openLagFromTree,
  openSideBar,
  pick,
  pressInRow,
  shows,
  treeRow,
} from './screen.ts';
import { status, tailPage } from './tailScreen.ts';

describe('a tail in the workbench, from everywhere and in bad times', { timeout: 400_000 }, () => {
  let broker: Kafka;
  let cluster: Cluster;
  let consumer: VerifiableConsumer | undefined;
  let folder: string;
  let workbench: Workbench;
  let page: Page;
  let tail: Frame;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'members-'));
    broker = await startKafka({
      deadAfterMs: 4_000,
      properties: {
        'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
        'allow.everyone.if.no.acl.found': 'true',
        // A member that comes back after the broker was away is not waited for.
        'group.initial.rebalance.delay.ms': '0',
      },
    });
    cluster = await Cluster.connect({ bootstrapServers: [broker.bootstrap] });
    for (const [topic, partitions] of [
      ['orders', 2],
      ['payments', 2],
      ['short-lived', 1],
      ['secret', 1],
    ] as const) {
      await createTopicWith(cluster, topic, partitions);
    }
    await produce('orders', 0, 20);
    await produce('orders', 1, 5, 100);
    await produce('payments', 0, 7);
    await produce('payments', 1, 6, 100);
    await produce('short-lived', 0, 1);
    await commitOffsets(cluster, 'shipping', 'orders', { 0: 12n });
    for (const acl of [
      ['--allow-principal', 'User:ANONYMOUS', '--operation', 'Describe'],
      ['--deny-principal', 'User:ANONYMOUS', '--operation', 'Read'],
    ]) {
      const args = ['--bootstrap-server', broker.bootstrap, '--add', '--force', '--topic', 'secret', ...acl];
      const { code, stderr } = await runTool('org.apache.kafka.tools.AclCommand', args);
      assert.equal(code, 0, stderr);
    }
    consumer = await VerifiableConsumer.start({
      bootstrap: broker.bootstrap,
      topic: 'orders',
      group: 'billing',
      clientId: 'billing-1',
      folder,
    });
    const member = consumer;
    await until('the member has its partitions', () => member.owned.size === 2, 60_000);
    workbench = await openWorkbench({
      clusters: [{ name: 'local', bootstrapServers: [broker.bootstrap] }],
      settings: { 'kafkaDebugger.refreshIntervalSeconds': 1 },
    });
    page = workbench.page;
    await openSideBar(workbench);
    await shows(page, /^local 1 broker/);
  });

  after(async () => {
    await workbench?.close();
    await consumer?.kill();
    cluster?.close();
    await broker?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** `count` records with the keys `<topic>-<from>` and on. */
  function produce(topic: string, partition: number, count: number, from = 0): Promise<bigint> {
    const records = Array.from({ length: count }, (_, nth) => ({ key: `${topic}-${from + nth}`, value: `no ${nth}` }));
    return produceBatch(cluster, topic, partition, writeBatch({ baseTimestamp: BigInt(Date.now()), records }));
  }

  const row = (text: string) => tail.locator('.lines > .line', { hasText: text });

  it('opens from the row of a member, with the partitions that it owns', async () => {
    await expand(page, /^billing, /);
    await chooseFromMenu(page, treeRow(page, /^member billing-1/), 'Tail Topic');
    tail = await tailPage(workbench, 'local > orders > partitions 0, 1');
    await status(tail, '25 kept');
    await row('orders-104').waitFor();
  });

  it('opens from a lag page, a little before what the group committed', async () => {
    const lag = await openLagFromTree(workbench, 'shipping');
    await lag.locator('.lines > .line').first().click();
    await lag.locator('vscode-toolbar-button[label="Tail the records of the selected partition"]').click();
    tail = await tailPage(workbench, '> partition 0');
    await row('orders-7').waitFor();
    assert.equal(await row('orders-6').count(), 0);
    await tail.locator('.lines .stands').first().waitFor();
  });

  it('opens from the row of a topic, by its button and by its menu, with its last records', async () => {
    await expand(page, /^Topics/);
    const payments = treeRow(page, /^payments 2 partitions/);
    await chooseFromMenu(page, payments, 'Tail Topic');
    tail = await tailPage(workbench, 'local > payments');
    await status(tail, '13 kept');
    await closeTab(page);
    await page.locator('.tab', { hasText: 'payments - Tail' }).waitFor({ state: 'detached' });
    await pressInRow(page, /^payments 2 partitions/, 'Tail Topic', activeTab(page, 'payments - Tail'));
    tail = await tailPage(workbench, 'local > payments');
    await status(tail, '13 kept');
    await row('payments-105').waitFor();
  });

  it('says that the broker is gone, keeps what was read, and goes on by itself when it is back', async () => {
    await broker.kill(1);
    await tail.locator('.notice', { hasText: /Partition [01]: .*127\.0\.0\.1:\d+/ }).waitFor();
    await row('It is tried again.').first().waitFor();
    await tail.locator('.status', { hasText: '2 of 2 partitions not read' }).waitFor();
    assert.equal(await row('payments-105').count(), 1);
    await workbench.screenshot('tail-broker-gone');
    await broker.startNode(1);
    await tail.locator('.status', { hasText: 'at the end' }).waitFor();
    await until('nothing is amiss any more', async () => (await tail.locator('.notice').count()) === 0, 60_000);
    await until(
      'the broker takes records again',
      () =>
        produce('payments', 1, 1, 500).then(
          () => true,
          () => false,
        ),
      90_000,
    );
    // A try that seemed to be in vain may have come to pass all the same.
    await row('payments-500').first().waitFor();
    assert.equal(await row('payments-105').count(), 1);
    await tail.locator('.line.notice, .lines > .line', { hasText: 'It can be read again.' }).first().waitFor();
  });

  it('says that a topic is gone, and keeps what was read', async () => {
    await commandWithChoice(workbench, 'Kafka: Tail Topic', 'short-lived');
    await pick(page, 'Beginning');
    tail = await tailPage(workbench, 'local > short-lived');
    await row('short-lived-0').waitFor();
    await deleteTopic(cluster, 'short-lived');
    await tail
      .locator('.notice, .verdict, .status', { hasText: /deleted|does not exist|is gone/ })
      .first()
      .waitFor();
    assert.equal(await row('short-lived-0').count(), 1);
    await workbench.screenshot('tail-deleted');
  });

  it('says that a topic may not be read', async () => {
    await commandWithChoice(workbench, 'Kafka: Tail Topic', 'secret');
    await pick(page, 'End');
    tail = await tailPage(workbench, 'local > secret');
    await tail.getByText(/not allowed.*Reading needs the ACL operation Read on the topic/).waitFor();
    await workbench.screenshot('tail-denied');
  });
});
