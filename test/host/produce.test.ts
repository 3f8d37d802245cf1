/** Records are written, as they are and by a schema, looked at in their batch and replayed, in a real VS Code with a real Kafka. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import type { Frame, Page } from 'playwright-core';
import { Cluster } from '../../src/kafka/cluster.ts';
import { startKafka, type Kafka } from '../../tools/kafka.ts';
import { createTopicWith, readAll, recordsOf } from '../support/recordsCalls.ts';
import { until } from '../support/until.ts';
import { openWorkbench, type Workbench } from './harness.ts';
import {
  activeTab,
  chooseFromMenu,
  commandWithChoice,
  connect,
  expand,
  insist,
  openMenu,
  openSideBar,
  pick,
  shows,
  treeRow,
} from './screen.ts';
import { openDetails } from './tailScreen.ts';

describe('producing and batches in VS Code', { timeout: 300_000 }, () => {
  let kafka: Kafka;
  let cluster: Cluster;
  let workbench: Workbench;
  let page: Page;

  /** A registry with one schema. */
  const registry = createServer((from, to) => {
    const answers: Record<string, unknown> = {
      '/subjects': ['payments-value'],
      '/subjects/payments-value/versions': [1],
      '/subjects/payments-value/versions/latest': { subject: 'payments-value', version: 1, id: 5 },
      '/schemas/ids/5': { schema: '{"type":"record","name":"Paid","fields":[{"name":"cents","type":"long"}]}' },
    };
    const found = answers[from.url ?? ''];
    to.writeHead(found === undefined ? 404 : 200).end(JSON.stringify(found ?? {}));
  });

  before(async () => {
    await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
    const schemaRegistry = { url: `http://127.0.0.1:${(registry.address() as AddressInfo).port}` };
    kafka = await startKafka();
    cluster = await Cluster.connect({ bootstrapServers: [kafka.bootstrap] });
    await createTopicWith(cluster, 'orders', 2);
    await createTopicWith(cluster, 'payments', 1);
    workbench = await openWorkbench({
      clusters: [
        { name: 'shop', bootstrapServers: [kafka.bootstrap], production: true, schemaRegistry },
        { name: 'archive', bootstrapServers: [kafka.bootstrap], readOnly: true },
      ],
      settings: { 'window.dialogStyle': 'custom' },
    });
    page = workbench.page;
    await openSideBar(workbench);
    await connect(page, 'shop', 'archive');
  });

  after(async () => {
    await workbench?.close();
    cluster?.close();
    await kafka?.stop();
    registry.close();
    registry.closeAllConnections();
  });

  const values = async (topic = 'orders'): Promise<(string | undefined)[]> => {
    const options = { topic, start: { at: 'beginning' }, stop: { at: 'end' }, isolation: 'both' } as const;
    return recordsOf(await readAll(cluster, options)).map(({ value }) => value);
  };

  let form: Frame;

  it('writes a record from the palette, and asks first on production', async () => {
    await commandWithChoice(workbench, 'Kafka: Produce Record...', 'shop');
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
    await openDetails(form.locator('.lines > .line').first(), activeTab(page, 'orders - Batches'));
    const batches = await workbench.webview('kafka-batches-page .lines > .line');
    const record = batches.locator('.records tbody tr', { hasText: '{"id": 1}' });
    await openDetails(batches.locator('.lines > .line').first(), record);
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
    await commandWithChoice(workbench, 'Kafka: Produce Record...', 'archive');
    await page
      .locator('.notification-list-item', { hasText: 'archive is read only by its settings' })
      .first()
      .waitFor();
    const shop = await menuOfTopic(0);
    assert.ok(shop.includes('Open Batches') && shop.includes('Produce Record...'), shop.join());
    const archive = await menuOfTopic(1);
    assert.ok(archive.includes('Open Batches') && !archive.includes('Produce Record...'), archive.join());
  });

  it('writes by the schema of a topic whose menu it was called from', async () => {
    await expand(page, /^Topics/);
    await shows(page, /^payments/);
    await chooseFromMenu(page, treeRow(page, /^payments/), 'Produce Record...');
    await page.locator('.tab.active', { hasText: 'payments - Produce' }).waitFor();
    // Not the page of the replay, which is there until this one has come.
    const bySchema = await workbench.webview('kafka-produce-page .crumbs[aria-label$=" > Produce Record"]');
    await until('its topic is in it', async () => (await bySchema.locator('#topic').inputValue()) === 'payments');
    await bySchema.getByLabel('Format of Value').selectOption('avro');
    await bySchema.getByRole('button', { name: 'Insert example' }).click();
    await bySchema.locator('.said', { hasText: 'The value is Avro, schema 5 (payments-value, version 1).' }).waitFor();
    await bySchema.getByLabel('Value', { exact: true }).fill('{"cents": "12"}');
    await bySchema.getByText('$.cents: A whole number is wanted, not "12".').waitFor();
    await bySchema.getByLabel('Value', { exact: true }).fill('{"cents": 12}');
    await bySchema.locator('.said', { hasText: 'The value is Avro' }).waitFor();
    await workbench.screenshot('produce-schema');
    await bySchema.locator('.send').click();
    await page.locator('.monaco-dialog-box').getByRole('button', { name: 'Write', exact: true }).click();
    await bySchema.locator('.outcome.good', { hasText: 'at offset 0.' }).waitFor();
    assert.deepEqual(await values('payments'), ['\u0000\u0000\u0000\u0000\u0005\u0018']);
  });

  /** What is offered of the topic in the cluster at that place of the tree. */
  async function menuOfTopic(place: number): Promise<string[]> {
    const twistie = page
      .getByRole('treeitem', { name: /^Topics/ })
      .nth(place)
      .locator('.monaco-tl-twistie');
    const orders = treeRow(page, /^orders/);
    await insist('the topics are open', () => twistie.click({ timeout: 5_000 }), orders);
    const items = (await openMenu(page, orders)).locator('.action-label');
    const texts = await items.allTextContents();
    await until('the menu is closed', async () => {
      await page.keyboard.press('Escape');
      return (await items.count()) === 0;
    });
    await until('the topics are closed', async () => {
      await twistie.click({ timeout: 5_000 }).catch(() => undefined);
      return orders.waitFor({ state: 'detached', timeout: 5_000 }).then(
        () => true,
        () => false,
      );
    });
    return texts.map((text) => text.trim());
  }
});
