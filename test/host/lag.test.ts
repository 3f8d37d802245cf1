/** The lag page in the real workbench: how it is opened, worked with, kept, and what it costs when nobody looks. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Frame, Page } from 'playwright-core';
import { startDemo, type Demo } from '../../demo/run.mjs';
import { startKafka, type Kafka } from '../../tools/kafka.ts';
import { freePorts } from '../../tools/ports.ts';
import { until } from '../support/until.ts';
import { openWorkbench, type Workbench } from './harness.ts';
import { Passage } from './passage.ts';
import {
  commandWithChoice,
  connect,
  lagPage,
  openFile,
  openLagFromTree,
  openSideBar,
  pick,
  reads,
  setSideBar,
  showTab,
} from './screen.ts';
import { choose, copied, pressInTable, saveAs } from './tailScreen.ts';

describe('the lag page in the workbench', { timeout: 300_000 }, () => {
  let broker: Kafka;
  let demo: Demo | undefined;
  let passage: Passage;
  let folder: string;
  let workbench: Workbench;
  let page: Page;
  let lag: Frame;
  const violations: string[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'exports-'));
    const [counted = 0] = await freePorts(1);
    passage = await Passage.open(() => counted);
    // A listener of its own, so that what goes through the passage is the extension's alone.
    broker = await startKafka({
      properties: ({ host, port, controllerPort }) => ({
        listeners: `PLAINTEXT://${host}:${port},COUNTED://${host}:${counted},CONTROLLER://${host}:${controllerPort}`,
        'advertised.listeners': `PLAINTEXT://${host}:${port},COUNTED://${host}:${passage.port}`,
        'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,COUNTED:PLAINTEXT',
        'inter.broker.listener.name': 'PLAINTEXT',
      }),
    });
    demo = await startDemo({ bootstrap: broker.bootstrap, only: ['too-slow', 'poison-pill', 'skewed'] });
    await demo.ready;
    workbench = await openWorkbench({
      clusters: [
        { name: 'counted', bootstrapServers: [`127.0.0.1:${passage.port}`] },
        { name: 'other', bootstrapServers: [broker.bootstrap] },
      ],
      settings: { 'kafkaDebugger.refreshIntervalSeconds': 1 },
    });
    page = workbench.page;
    page.on('console', (message) => {
      if (/content security policy/i.test(message.text()))
        violations.push(`${message.location().url} ${message.text()}`);
    });
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await openSideBar(workbench);
    // Of several clusters none is connected before somebody wants it.
    await connect(page, 'counted', 'other');
  });

  after(async () => {
    await workbench?.close();
    await demo?.stop();
    await broker?.stop();
    await passage?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('opens from the palette, which asks for the cluster and then for the group', async () => {
    await commandWithChoice(workbench, 'Kafka: Open Lag', 'counted');
    await pick(page, 'shipping');
    lag = await lagPage(workbench, 'shipping');
    await page.locator('.tab.active', { hasText: 'shipping - Lag' }).waitFor();
    assert.equal(await lag.locator('.crumbs').getAttribute('aria-label'), 'counted > shipping');
  });

  it('opens from the row of a group, in a tab of its own', async () => {
    lag = await openLagFromTree(workbench, 'warehouse-sync');
    await page.locator('.tab.active', { hasText: 'warehouse-sync - Lag' }).waitFor();
    for (const group of ['shipping', 'warehouse-sync']) {
      assert.equal(await page.locator('.tab', { hasText: `${group} - Lag` }).count(), 1, group);
    }
    await until('all partitions are there', async () => (await lag.locator('.lines > .line').count()) === 11, 60_000);
  });

  it('sorts by a column, and the other way round', async () => {
    const header = lag.getByRole('columnheader', { name: 'Topic' });
    const first = () => lag.locator('.lines > .line[data-index="0"] .cell').first().textContent();
    await header.getByRole('button').click();
    await lag.locator('[role="columnheader"][aria-sort="ascending"]', { hasText: 'Topic' }).waitFor();
    const topics = await topicsInOrder();
    assert.deepEqual(topics, [...topics].sort());
    await header.getByRole('button').click();
    await until('the last topic is the first', async () => (await first())?.trim() === topics.at(-1));
  });

  it('filters with /, and Escape takes the filter away', async () => {
    await pressInTable(page, lag, '/', lag.locator('.filter:focus-within'));
    await page.keyboard.type('transfers');
    await lag.locator('.status', { hasText: '3 of 11' }).waitFor();
    await page.keyboard.press('Escape');
    await lag.locator('.status', { hasText: /^\s*11 rows/ }).waitFor();
  });

  it('copies the selected row with Ctrl+C, under the titles of its columns', async () => {
    await lag.locator('.lines > .line').first().click();
    const topic = ((await lag.locator('.lines > .line.selected .cell').first().textContent()) ?? '').trim();
    const text = await copied(
      page,
      (now) => now.includes(topic),
      () => page.keyboard.press('Control+c'),
    );
    const [titles, row, ...more] = text.trimEnd().split('\n');
    assert.match(titles ?? '', /^Topic\tPartition\tOwner/);
    assert.deepEqual((row ?? '').split('\t').slice(0, 1), [topic]);
    assert.deepEqual(more, []);
  });

  it('stands still while paused with Space, and goes on', async () => {
    lag = await openLagFromTree(workbench, 'billing');
    const offsets = async () => (await lag.locator('.lines').innerText()).replaceAll(/\s+/g, ' ');
    const running = await offsets();
    await until('the figures move', async () => (await offsets()) !== running, 60_000);
    await pressInTable(page, lag, 'Space', lag.locator('.age', { hasText: 'paused' }));
    const paused = await offsets();
    // The tree shows that polls go on meanwhile.
    const asked = passage.asked;
    await until('the cluster was asked again', () => passage.asked > asked + 20, 60_000);
    assert.equal(await offsets(), paused);
    await pressInTable(page, lag, 'Space', lag.locator('.age:not(:has-text("paused"))'));
    await until('the figures move again', async () => (await offsets()) !== paused, 60_000);
  });

  it('exports CSV and JSON through the save dialog', async () => {
    for (const [item, file] of [
      ['CSV, what is shown', 'billing.csv'],
      ['JSON, all partitions', 'billing.json'],
    ] as const) {
      await choose(lag, 'Export', item);
      await saveAs(page, `billing-lag${extname(file)}`, join(folder, file));
      await page.locator('.notification-toast', { hasText: `3 partitions written to ${file}.` }).waitFor();
    }
    const [titles, ...rows] = (await readFile(join(folder, 'billing.csv'), 'utf8')).trimEnd().split('\r\n');
    assert.match(titles ?? '', /^topic,partition,state,/);
    assert.deepEqual(rows.map((row) => row.split(',').slice(0, 3).join()).sort(), [
      'invoices,0,ok',
      'invoices,1,ok',
      'invoices,2,ok',
    ]);
    const json = JSON.parse(await readFile(join(folder, 'billing.json'), 'utf8')) as Exported;
    assert.deepEqual([json.cluster, json.group, json.partitions.length], ['counted', 'billing', 3]);
    for (const { endOffset, committedOffset, lag: behind } of json.partitions) {
      assert.equal(endOffset - committedOffset, behind);
    }
  });

  it('comes back after a reload of the window, as it was looked at', async () => {
    await lag.getByRole('combobox', { name: 'Group by' }).selectOption('member');
    await lag.locator('.line.group', { hasText: 'billing-0' }).waitFor();
    await workbench.reload();
    lag = await workbench.webview('kafka-lag-page .line.group');
    await page.locator('.tab.active', { hasText: 'billing - Lag' }).waitFor();
    await reads(lag.locator('.line.group').first(), /billing-0.*3 partitions/s);
  });

  it('costs nothing while it is hidden and nothing else looks at the cluster', async () => {
    const before = passage.asked;
    await until('the visible page has the cluster asked', () => passage.asked > before + 20, 60_000);
    await setSideBar(page, 'hidden');
    const alone = passage.asked;
    await until('the page alone has the cluster asked', () => passage.asked > alone + 20, 60_000);
    await openFile(page, 'README.md');
    // At a poll a second it is never quiet for so long.
    await until('nobody asks any more', () => passage.quietFor > 5_000, 60_000);
    const hidden = passage.asked;
    await showTab(page, 'billing - Lag');
    await until('the page asks again', () => passage.asked > hidden + 5, 60_000);
    lag = await lagPage(workbench, 'billing');
    await lag.locator('.age', { hasText: /as of .*(now|\d s ago)/s }).waitFor();
  });

  it('did all that without a word against its content security policy', () => {
    assert.deepEqual(violations, []);
  });

  async function topicsInOrder(): Promise<string[]> {
    const lines = await lag.locator('.lines > .line').all();
    const cells = await Promise.all(
      lines.map(async (line) => ({
        index: Number(await line.getAttribute('data-index')),
        topic: ((await line.locator('.cell').first().textContent()) ?? '').trim(),
      })),
    );
    return cells.sort((a, b) => a.index - b.index).map(({ topic }) => topic);
  }
});

interface Exported {
  readonly cluster: string;
  readonly group: string;
  readonly partitions: readonly {
    readonly endOffset: number;
    readonly committedOffset: number;
    readonly lag: number;
  }[];
}
