/** Tails in the real workbench: followed, filtered, searched, looked at, exported, and what they cost unseen. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Frame, Page } from 'playwright-core';
import { Cluster } from '../../src/kafka/cluster.ts';
import { startKafka, type Kafka } from '../../tools/kafka.ts';
import { freePorts } from '../../tools/ports.ts';
import { runProcess } from '../../tools/processes.ts';
import { commitOffsets } from '../support/clusterCalls.ts';
import { ToolShell } from '../support/offsetsTool.ts';
import { createTopicWith, produceBatch } from '../support/recordsCalls.ts';
import { writeBatch } from '../support/recordsWriter.ts';
import { until } from '../support/until.ts';
import { openWorkbench, type Workbench } from './harness.ts';
import { Passage } from './passage.ts';
import {
  chooseFromMenu,
  commandWithChoice,
  expand,
  insist,
  openFile,
  openSideBar,
  pick,
  setSideBar,
  shows,
  showTab,
  treeRow,
} from './screen.ts';
import { choose, copied, filterTo, openDetails, pressInTable, saveAs, status, tailPage } from './tailScreen.ts';

const hour = 3_600_000;

describe('a tail in the workbench', { timeout: 400_000 }, () => {
  let broker: Kafka;
  let cluster: Cluster;
  let passage: Passage;
  let folder: string;
  let workbench: Workbench;
  let page: Page;
  let tail: Frame;
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
    cluster = await Cluster.connect({ bootstrapServers: [broker.bootstrap] });
    await createTopicWith(cluster, 'orders', 2);
    await produceOrders(0, 0, 60, Date.now() - hour);
    await produceOrders(1, 100, 40, Date.now() - hour / 2);
    await commitOffsets(cluster, 'billing', 'orders', { 0: 20n, 1: 3n });
    workbench = await openWorkbench({
      clusters: [{ name: 'counted', bootstrapServers: [`127.0.0.1:${passage.port}`] }],
      settings: { 'kafkaDebugger.refreshIntervalSeconds': 1 },
    });
    page = workbench.page;
    page.on('console', (message) => {
      if (/content security policy/i.test(message.text()))
        violations.push(`${message.location().url} ${message.text()}`);
    });
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await openSideBar(workbench);
    await shows(page, /^counted 1 broker/);
  });

  after(async () => {
    await workbench?.close();
    cluster?.close();
    await broker?.stop();
    await passage?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** `count` orders from this number on, a second apart. */
  function produceOrders(partition: number, from: number, count: number, at = Date.now()): Promise<bigint> {
    const records = Array.from({ length: count }, (_, nth) => ({
      key: `order-${from + nth}`,
      value: `{"id":${9_007_199_254_740_993n + BigInt(from + nth)},"total":${(from + nth) * 10},"state":"paid"}`,
      headers: { trace: `t${(from + nth) % 4}` },
      timestampDelta: nth * 1000,
    }));
    return produceBatch(cluster, 'orders', partition, writeBatch({ baseTimestamp: BigInt(at), records }));
  }

  const row = (text: string) => tail.locator('.lines > .line', { hasText: text });

  it('opens from the palette, which asks for the topic and where to start', async () => {
    await commandWithChoice(workbench, 'Kafka: Tail Topic', 'orders');
    await pick(page, 'Beginning');
    tail = await tailPage(workbench, 'counted > orders');
    await page.locator('.tab.active', { hasText: 'orders - Tail' }).waitFor();
    await status(tail, '100 kept');
    await workbench.screenshot('tail');
  });

  it('follows what comes, and stands still while it is paused, without losing any', async () => {
    await tail.locator('vscode-toolbar-button[label="Follow the end (F)"]').click();
    await produceOrders(0, 1000, 1);
    await row('order-1000').waitFor();
    await pressInTable(page, tail, 'Space', tail.locator('.reading.paused'));
    // The page says so at once; what it asks next is answered once the host knows it, too.
    await filterTo(tail, 'order-1000', 1);
    await tail.locator('.filter input').fill('');
    await status(tail, /^\s*101 kept(?!.*shown)/s);
    await produceOrders(0, 1001, 5);
    await tail.locator('.reading.paused', { hasText: 'Paused, 5 new' }).waitFor();
    assert.equal(await row('order-1005').count(), 0);
    await tail.locator('.new-ones', { hasText: '5 new' }).click();
    await row('order-1005').waitFor();
    await status(tail, '106 kept');
  });

  it('filters as it is typed, by each kind of condition', async () => {
    for (const [text, shown] of [
      ['order-3', 11],
      ['/order-(4|5)$/', 2],
      ['key="order-42"', 1],
      ['header:trace=t1', 27],
      ['$.total >= 1000', 46],
      ['$.id == 9007199254741003', 1],
      ['partition:1', 40],
      ['offset:10..19 partition:0', 10],
      ['time:"45 minutes ago"..', 46],
      ['size>10kb', 0],
      ['-partition:1 -offset:5..', 5],
    ] as const) {
      await filterTo(tail, text, shown);
    }
    await tail.locator('.filter input').fill('/order-(/');
    await tail.locator('.field-error', { hasText: 'The filter before it stays in force.' }).waitFor();
    await tail.locator('.filter input').fill('/order-(4|5)$/');
    await status(tail, /\b2 shown/);
    await tail.locator('.filter input').press('Escape');
    await status(tail, /^\s*106 kept(?!.*shown)/s);
  });

  it('searches the topic itself, and goes back to the tail', async () => {
    await tail.locator('vscode-toolbar-button[label="Clear what is kept"]').click();
    await status(tail, '0 kept');
    await tail.locator('vscode-toolbar-button[label="Search the topic itself"]').click();
    await tail.locator('.search-text input').fill('$.total == 420');
    await tail.locator('.search-text input').press('Enter');
    await tail.locator('.progress.done', { hasText: '1 found' }).waitFor();
    await row('order-42').waitFor();
    await tail.locator('.progress button', { hasText: 'Back to the tail' }).click();
    await tail.locator('.progress').waitFor({ state: 'detached' });
    await status(tail, '0 kept');
  });

  it('seeks to an offset, a time and a group, and says what is no offset', async () => {
    await tail.locator('vscode-toolbar-button[label^="Seek"]').click();
    await tail.locator('.place-value input').fill('4x');
    await tail.locator('.place-value input').press('Enter');
    await tail.locator('.field-error', { hasText: 'An offset is a whole number' }).waitFor();
    await tail.locator('kafka-seek-bar select[aria-label="Partitions to move"]').selectOption('0');
    await tail.locator('.place-value input').fill('60');
    await tail.locator('.place-value input').press('Enter');
    await status(tail, '6 kept');
    await tail.locator('kafka-seek-bar select[aria-label="Partitions to move"]').selectOption('');
    await tail.locator('kafka-seek-bar select[aria-label="Where to"]').selectOption('time');
    await tail.locator('.place-value input').fill('45 minutes ago');
    await tail.locator('.place-value input').press('Enter');
    await status(tail, '52 kept');
    await tail.locator('kafka-seek-bar select[aria-label="Where to"]').selectOption('group');
    await tail.locator('kafka-seek-bar select[aria-label="Group"]').selectOption('billing');
    await tail.locator('kafka-seek-bar button', { hasText: 'Seek' }).click();
    await status(tail, '135 kept');
    await tail.locator('kafka-seek-bar select[aria-label="Where to"]').selectOption('beginning');
    await tail.locator('vscode-toolbar-button[label="Clear what is kept"]').click();
    await tail.locator('kafka-seek-bar button', { hasText: 'Seek' }).click();
    await status(tail, '106 kept');
    await page.keyboard.press('Escape');
  });

  it('shows all of a record, with every digit, and remembers the format that was chosen', async () => {
    await filterTo(tail, 'key="order-7"', 1);
    const pane = tail.locator('kafka-record-details');
    await openDetails(row('order-7').first(), pane.locator('pre', { hasText: '"id": 9007199254741000' }));
    await pane.locator('.tab', { hasText: 'Headers (1)' }).click();
    await pane.locator('dd', { hasText: 't3' }).waitFor();
    await pane.locator('.tab', { hasText: 'Record' }).click();
    await pane.locator('dt', { hasText: 'Leader epoch' }).waitFor();
    await workbench.screenshot('tail-details');
    await pane.locator('.tab', { hasText: 'Value' }).click();
    await pane.locator('select[aria-label="Format of values in this topic"]').selectOption('hex');
    await row('7b 22 69 64').or(row('7b226964')).first().waitFor();
    await tail.locator('.filter input').fill('');
  });

  it('opens from a partition of the tree, in the formats that were chosen', async () => {
    await expand(page, /^Topics/);
    await expand(page, /^orders 2 partitions/);
    await chooseFromMenu(page, treeRow(page, /^(Partition 1|orders-1|1)\b/), 'Tail Topic');
    tail = await tailPage(workbench, '> partition 1');
    await page.locator('.tab.active', { hasText: 'orders-1 - Tail' }).waitFor();
    await status(tail, '40 kept');
    await row('7b 22 69 64').or(row('7b226964')).first().waitFor();
    const format = tail.locator('select[aria-label="Format of values in this topic"]');
    await openDetails(row('order-139'), format);
    await format.selectOption('auto');
    await row('"state"').or(row('state')).first().waitFor();
  });

  it('opens a value as a document, and compares two in the diff editor', async () => {
    await tail.locator('vscode-toolbar-button[label="Open the value in an editor"]').click();
    await page.locator('.tab.active', { hasText: 'orders-1@39.json' }).waitFor();
    await page.locator('.editor-container .view-lines', { hasText: '9007199254741132' }).first().waitFor();
    tail = await backToTail();
    const compare = tail.locator('vscode-toolbar-button[label="Compare with the other selected record"]');
    // A page that is there again goes to the record that was looked at, and selects that one alone, a moment later.
    await openDetails(row('order-139'), compare, async () => {
      await row('order-138').click({ timeout: 5_000 });
      await row('order-139').click({ modifiers: ['Control'], timeout: 5_000 });
      await page.keyboard.press('Enter');
    });
    await compare.click();
    await page.locator('.monaco-diff-editor .modified .view-lines', { hasText: '9007199254741132' }).waitFor();
    await page.locator('.monaco-diff-editor .original .view-lines', { hasText: '9007199254741131' }).waitFor();
    tail = await backToTail();
    await status(tail, '40 kept');
  });

  it('exports JSON lines, CSV and raw values', async () => {
    await filterTo(tail, 'order-13', 10);
    await choose(tail, 'Export', 'JSON lines, what is shown');
    await saveAs(page, 'orders.jsonl', join(folder, 'shown.jsonl'));
    await toast('10 records written to shown.jsonl.');
    const lines = (await readFile(join(folder, 'shown.jsonl'), 'utf8')).trimEnd().split('\n');
    assert.match(
      lines[0]!,
      /^\{"topic":"orders","partition":1,"offset":30,.*"key":"order-130","value":\{"id":9007199254741123,/,
    );
    assert.equal(lines.length, 10);
    await choose(tail, 'Export', 'CSV, all that is kept');
    await saveAs(page, 'orders.csv', join(folder, 'all.csv'));
    await until('all of them are written', async () => (await linesOf('all.csv')) === 41);
    await mkdir(join(folder, 'values'));
    await choose(tail, 'Export', 'Raw value files, what is shown');
    await saveAs(page, '/', `${join(folder, 'values')}/`);
    await until('each value is a file', async () => (await readdir(join(folder, 'values'))).length === 10);
    const value = '{"id":9007199254741123,"total":1300,"state":"paid"}';
    await until('the first one is whole', async () => {
      return (await readFile(join(folder, 'values', 'orders-1-30.value'), 'utf8')) === value;
    });
    await tail.locator('.filter input').fill('');
  });

  it('copies commands that read the very records with the real tools', async () => {
    await filterTo(tail, 'offset:10..12', 3);
    await row('order-110').click();
    await pressInTable(page, tail, 'Control+a', tail.locator('.status', { hasText: '3 selected' }));
    await choose(tail, 'Copy', 'kcat command');
    const kcat = await copied(page, (text) => text.startsWith('kcat '));
    const shell = await ToolShell.open();
    try {
      const byKcat = await runProcess('sh', ['-c', kcat], { timeoutMs: 60_000 });
      assert.deepEqual(byKcat.stdout.match(/"total":\d+/g), ['"total":1100', '"total":1110', '"total":1120'], kcat);
      await choose(tail, 'Copy', 'kafka-console-consumer command');
      const console = await copied(page, (text) => text.startsWith('kafka-console-consumer.sh '));
      const byTool = await shell.run(console);
      assert.deepEqual(
        byTool.stdout
          .split('\n')
          .filter((line) => line.startsWith('CreateTime:'))
          .map((line) => /Partition:(\d+)\tOffset:(\d+)\t.*(order-\d+)\t/.exec(line)?.slice(1).join()),
        ['1,10,order-110', '1,11,order-111', '1,12,order-112'],
        `${console}\n${byTool.stdout}`,
      );
    } finally {
      await shell.close();
    }
    await tail.locator('.filter input').fill('');
  });

  it('offers by the right button what can be done with a record, and takes to its batch and to its replay', async () => {
    await until('all rows are shown again', async () => (await row('order-1').count()) > 15);
    // Whoever follows the end is taken to the end again; whoever looks at a record, to the record.
    await pressInTable(page, tail, 'Home', row('order-100').and(tail.locator('.cursor')));
    const item = (text: string) => tail.locator('.context-menu .menu-item', { hasText: text });
    const openMenu = () => row('order-115').click({ button: 'right', timeout: 5_000 });
    await insist('the menu is open', openMenu, item('What is billing stuck on in this partition?'));
    await workbench.screenshot('tail-menu');
    await take('Show its batch', openMenu);
    await page.locator('.tab.active', { hasText: 'orders - Batches' }).waitFor();
    tail = await backToTail();
    // The row that was under the cursor is there again.
    await tail.locator('.line.cursor', { hasText: 'order-115' }).waitFor();
    await pressInTable(page, tail, 'Shift+F10', item('Replay the record...'));
    await take('Replay the record...', () => page.keyboard.press('Shift+F10'));
    const replay = await workbench.webview('kafka-produce-page .held');
    await replay.locator('.said', { hasText: 'As it was read from orders-1, offset 15' }).waitFor();
    tail = await backToTail();
    await tail.locator('.line.cursor', { hasText: 'order-115' }).waitFor();
    await take('Export the record as JSON lines...', openMenu);
    await saveAs(page, 'orders.jsonl', join(folder, 'one.jsonl'));
    await toast('1 record written to one.jsonl.');

    /** Takes an item of the menu, which closes as the page loses the focus: then it is opened once more. */
    async function take(text: string, open: () => Promise<void>): Promise<void> {
      await until(`${text} is taken`, async () => {
        try {
          if (!(await item(text).isVisible())) await open();
          await item(text).click({ timeout: 5_000 });
          return true;
        } catch {
          return false;
        }
      });
    }
  });

  it('asks nothing of the cluster while it is hidden, and goes on where it was', async () => {
    await setSideBar(page, 'hidden');
    await openFile(page, 'README.md');
    await until('nobody asks any more', () => passage.quietFor > 5_000, 60_000);
    await produceOrders(1, 2000, 3);
    tail = await backToTail();
    await status(tail, '43 kept');
    await setSideBar(page, 'visible');
  });

  it('comes back after a reload of the window, as it was looked at', async () => {
    await tail.locator('.filter input').fill('order-13');
    await status(tail, '10 shown');
    await tail.locator('select[aria-label="Order"]').selectOption('time');
    await workbench.reload();
    tail = await tailPage(workbench, '> partition 1');
    await status(tail, '10 shown');
    assert.equal(await tail.locator('select[aria-label="Order"]').inputValue(), 'time');
  });

  it('did all that without a word against its content security policy', () => {
    assert.deepEqual(violations, []);
  });

  /** The page that was hidden, as it is made anew. */
  async function backToTail(): Promise<Frame> {
    await showTab(page, 'orders-1 - Tail');
    return tailPage(workbench, '> partition 1');
  }

  /** 0 as long as there is no such file. */
  async function linesOf(file: string): Promise<number> {
    const text = await readFile(join(folder, file), 'utf8').catch(() => '');
    return text.split('\n').length - 1;
  }

  async function toast(text: string): Promise<void> {
    await page.locator('.notification-toast', { hasText: text }).waitFor();
  }
});
