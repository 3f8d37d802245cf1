/** A record is written, looked at in its batch and replayed, in a real VS Code with a real Kafka. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Frame, Page } from 'playwright-core';
import { Cluster } from '../../src/kafka/cluster.ts';
import { startKafka, type Kafka } from '../../tools/kafka.ts';
import { createTopicWith, readAll, recordsOf } from '../support/recordsCalls.ts';
import { until } from '../support/until.ts';
import { openWorkbench, type Workbench } from './harness.ts';
import { openMenu, openSideBar, pick, pressInRow, shows, treeRow } from './screen.ts';

describe('producing and batches in VS Code', { timeout: 300_000 }, () => {
  let kafka: Kafka;
  let cluster: Cluster;
  let workbench: Workbench;
  let page: Page;

  before(async () => {
    kafka = await startKafka();
    cluster = await Cluster.connect({ bootstrapServers: [kafka.bootstrap] });
    await createTopicWith(cluster, 'orders', 2);
    workbench = await openWorkbench({
      clusters: [
        { name: 'shop', bootstrapServers: [kafka.bootstrap], production: true },
        { name: 'archive', bootstrapServers: [kafka.bootstrap], readOnly: true },
      ],
      settings: { 'window.dialogStyle': 'custom' },
    });
    page = workbench.page;
    await openSideBar(workbench);
    for (const name of ['shop', 'archive']) {
      await pressInRow(page, new RegExp(`^${name} `), 'Connect');
      await shows(page, new RegExp(`^${name} .*1 broker`));
    }
  });

  after(async () => {
    await workbench?.close();
    cluster?.close();
    await kafka?.stop();
  });

  const values = async (): Promise<(string | undefined)[]> => {
    const options = { topic: 'orders', start: { at: 'beginning' }, stop: { at: 'end' }, isolation: 'both' } as const;
    return recordsOf(await readAll(cluster, options)).map(({ value }) => value);
  };

  let form: Frame;

  it('writes a record from the palette, and asks first on production', async () => {
    await workbench.runCommand('Kafka: Produce Record...');
    await pick(page, 'shop');
    await pick(page, 'orders');
    form = await workbench.webview('kafka-produce-page .send');
    await form.getByLabel('Value', { exact: true }).fill('{"id": 1}');
    await form.locator('#partition').fill('1');
    await form.locator('.action .said', { hasText: 'Writes 1 record of 9 bytes to orders, partition 1.' }).waitFor();
    await form.locator('.send').click();
    const dialog = page.locator('.monaco-dialog-box');
    await dialog.locator('.dialog-message-detail', { hasText: 'shop is marked as production' }).waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'detached' });
    assert.deepEqual(await values(), []);
    await form.locator('.send').click();
    await dialog.getByRole('button', { name: 'Write', exact: true }).click();
    await form.locator('.outcome.good', { hasText: 'Written to orders-1 at offset 0.' }).waitFor();
    assert.deepEqual(await values(), ['{"id": 1}']);
    await workbench.screenshot('produce');
  });

  it('shows its batch, and replays it from there', async () => {
    await form.locator('.lines > .line').first().dblclick();
    const batches = await workbench.webview('kafka-batches-page .lines > .line');
    await page.locator('.tab.active', { hasText: 'orders - Batches' }).waitFor();
    await batches.locator('.lines > .line').first().dblclick();
    await batches.locator('.records tbody tr', { hasText: '{"id": 1}' }).waitFor();
    await workbench.screenshot('batches');
    await batches.locator('.records vscode-toolbar-button').first().click();
    await page.locator('.tab.active', { hasText: 'orders - Replay' }).waitFor();
    const replay = await workbench.webview('kafka-produce-page .held');
    await replay.locator('.said', { hasText: 'As it was read from orders-1, offset 0' }).waitFor();
    await replay.locator('.send').click();
    await page.locator('.monaco-dialog-box').getByRole('button', { name: 'Write', exact: true }).click();
    await replay.locator('.outcome.good', { hasText: 'at offset 1.' }).waitFor();
    assert.deepEqual(await values(), ['{"id": 1}', '{"id": 1}']);
  });

  it('offers batches but no change on a cluster that is read only, and says why it refuses', async () => {
    await workbench.runCommand('Kafka: Produce Record...');
    await pick(page, 'archive');
    await page
      .locator('.notification-list-item', { hasText: 'archive is read only by its settings' })
      .first()
      .waitFor();
    const shop = await menuOfTopic(0);
    assert.ok(shop.includes('Open Batches') && shop.includes('Produce Record...'), shop.join());
    const archive = await menuOfTopic(1);
    assert.ok(archive.includes('Open Batches') && !archive.includes('Produce Record...'), archive.join());
  });

  /** What is offered of the topic in the cluster at that place of the tree. */
  async function menuOfTopic(place: number): Promise<string[]> {
    const twistie = page
      .getByRole('treeitem', { name: /^Topics/ })
      .nth(place)
      .locator('.monaco-tl-twistie');
    await twistie.click();
    const items = (await openMenu(page, treeRow(page, /^orders/))).locator('.action-label');
    const texts = await items.allTextContents();
    await until('the menu is closed', async () => {
      await page.keyboard.press('Escape');
      return (await items.count()) === 0;
    });
    await twistie.click();
    await treeRow(page, /^orders/).waitFor({ state: 'detached' });
    return texts.map((text) => text.trim());
  }
});
