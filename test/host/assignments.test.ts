/** The assignment history in the real workbench: what a member that joins and one that leaves look like, told by a real topic. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Kafka as Client, logLevel, type Consumer } from 'kafkajs';
import type { Frame, Page } from 'playwright-core';
import { startKafka, type Kafka } from '../../tools/kafka.ts';
import { until } from '../support/until.ts';
import { openWorkbench, type Workbench } from './harness.ts';
import {
  chooseFromMenu,
  closeTab,
  commandWithChoice,
  lagPage,
  openLagFromTree,
  openSideBar,
  shows,
  treeRow,
} from './screen.ts';
import { choose, saveAs } from './tailScreen.ts';

const group = 'assignments-host';

describe('the assignment history in the workbench', { timeout: 300_000 }, () => {
  let broker: Kafka;
  let first: Consumer;
  let folder: string;
  let workbench: Workbench;
  let page: Page;
  let history: Frame;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'assignments-host-'));
    broker = await startKafka();
    const client = new Client({ brokers: [broker.bootstrap], logLevel: logLevel.NOTHING });
    const admin = client.admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: 'parcels', numPartitions: 4 }] });
    await admin.disconnect();
    first = await joined(broker.bootstrap, 'first');
    const second = await joined(broker.bootstrap, 'second');
    // All that is still before the page: it is read from the topic.
    await second.disconnect();
    workbench = await openWorkbench({
      clusters: [{ name: 'local', bootstrapServers: [broker.bootstrap] }],
      settings: { 'kafkaDebugger.refreshIntervalSeconds': 1 },
    });
    page = workbench.page;
    await openSideBar(workbench);
    await shows(page, new RegExp(`^${group}, `));
  });

  after(async () => {
    await workbench?.close();
    await first?.disconnect();
    await broker?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('opens from the palette, and shows who came and went before it was opened', async () => {
    await commandWithChoice(workbench, 'Kafka: Open Assignment History', group);
    history = await assignments();
    await page.locator('.tab.active', { hasText: `${group} - Assignment history` }).waitFor();
    await history.locator('.status', { hasText: /4 lanes, \d+ rebalances/ }).waitFor();
    const list = history.locator('.rebalances .lines');
    await list.locator('.line', { hasText: 'joined' }).first().waitFor();
    await list.locator('.line', { hasText: /left/ }).first().waitFor();
    await workbench.screenshot('assignments');
  });

  it('follows a member that joins now', async () => {
    const before = await rebalances();
    const third = await joined(broker.bootstrap, 'third');
    await until('its rebalance is there', async () => (await rebalances()) > before, 60_000);
    await history.getByRole('combobox', { name: 'A lane for each' }).selectOption('member');
    await history.locator('vscode-textfield.filter input').fill('third');
    await history.locator('.status', { hasText: /1 of \d+ lanes/ }).waitFor();
    await history.locator('vscode-textfield.filter input').fill('');
    await third.disconnect();
  });

  it('exports what it knows through the save dialog', async () => {
    await choose(history, 'Export', 'JSON, the whole history');
    const file = join(folder, 'history.json');
    await saveAs(page, `${group}-assignments.json`, file);
    await page.locator('.notification-toast', { hasText: 'Written to history.json.' }).waitFor();
    const read = JSON.parse(await readFile(file, 'utf8')) as { members: { clientId: string }[]; spans: unknown[] };
    const clients = new Set(read.members.map(({ clientId }) => clientId));
    assert.deepEqual([...clients].sort(), ['first', 'second', 'third']);
    assert.ok(read.spans.length >= 4);
    await page.keyboard.press('Escape');
  });

  it('comes back after a reload of the window, as it was looked at', async () => {
    await workbench.reload();
    history = await assignments();
    assert.equal(await history.getByRole('combobox', { name: 'A lane for each' }).inputValue(), 'member');
    await history.locator('.rebalances .line', { hasText: 'left' }).first().waitFor();
  });

  it('opens from the row of the group and from its lag page', async () => {
    await closeTab(page);
    await chooseFromMenu(page, treeRow(page, new RegExp(`^${group}, `)), 'Open Assignment History');
    await assignments();
    await closeTab(page);
    await openLagFromTree(workbench, group);
    const lag = await lagPage(workbench, group);
    await lag.locator('.lines > .line').first().click();
    await lag.locator('vscode-toolbar-button[label="Open assignment history"]').click();
    history = await assignments();
    await history.locator('.lanes-readout', { hasText: 'parcels-' }).waitFor();
  });

  async function rebalances(): Promise<number> {
    return Number(/(\d+) rebalances/.exec(await history.locator('.status').innerText())?.[1] ?? 0);
  }

  /** The page that is on the screen, once it has something to show. */
  async function assignments(): Promise<Frame> {
    const frame = await workbench.webview(`kafka-assignments-page .crumbs[aria-label$=" > ${group}"]`);
    await frame.locator('.lanes-base').waitFor();
    return frame;
  }
});

/** A member of the group, once it has been given its part. */
async function joined(bootstrap: string, clientId: string): Promise<Consumer> {
  const client = new Client({ brokers: [bootstrap], clientId, logLevel: logLevel.NOTHING });
  const consumer = client.consumer({
    groupId: group,
    // Longer than this process or the broker may stand still: nobody is to be thrown out.
    rebalanceTimeout: 30_000,
    sessionTimeout: 30_000,
    heartbeatInterval: 500,
  });
  await consumer.connect();
  await consumer.subscribe({ topic: 'parcels', fromBeginning: true });
  const given = new Promise<void>((resolve) => {
    consumer.on(consumer.events.GROUP_JOIN, () => resolve());
  });
  await consumer.run({ eachMessage: () => Promise.resolve() });
  await given;
  return consumer;
}
