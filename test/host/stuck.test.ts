/** "What is it stuck on?" in the real workbench: from the tree to the bad record. */
import { after, before, describe, it } from 'node:test';
import type { Frame, Page } from 'playwright-core';
import { startDemo, type Demo } from '../../demo/run.mjs';
import { startKafka, type Kafka } from '../../tools/kafka.ts';
import { until } from '../support/until.ts';
import { openWorkbench, type Workbench } from './harness.ts';
import {
  activeTab,
  commandWithChoice,
  expand,
  openLagFromTree,
  openSideBar,
  pressInRow,
  reads,
  shows,
  showTab,
  takeFocused,
} from './screen.ts';
import { copied } from './tailScreen.ts';

describe('what a group is stuck on, in the workbench', { timeout: 300_000 }, () => {
  let broker: Kafka;
  let demo: Demo | undefined;
  let workbench: Workbench;
  let page: Page;

  before(async () => {
    broker = await startKafka();
    demo = await startDemo({
      bootstrap: broker.bootstrap,
      only: ['poison-pill', 'open-transaction', 'aborted-transaction'],
    });
    await demo.ready;
    workbench = await openWorkbench({
      clusters: [{ name: 'local', bootstrapServers: [broker.bootstrap] }],
      settings: { 'kafkaDebugger.refreshIntervalSeconds': 1 },
      // All rows are on the screen at once.
      size: { width: 1400, height: 1400 },
    });
    page = workbench.page;
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await openSideBar(workbench);
    await shows(page, /^shipping, behind, stuck, /);
    for (const group of ['shipping', 'bookkeeping', 'refund-mails']) await expand(page, new RegExp(`^${group}, `));
  });

  after(async () => {
    await workbench?.close();
    await demo?.stop();
    await broker?.stop();
  });

  /** The page of a partition that is on the screen, once it has an answer. */
  async function stuckPage(crumb: string): Promise<Frame> {
    const frame = await workbench.webview(`kafka-stuck-page .crumbs[aria-label$=" > ${crumb}"]`);
    await frame.locator('.stuck-verdict').waitFor();
    return frame;
  }

  async function explainFromRow(row: RegExp, title: string): Promise<void> {
    await pressInRow(page, row, 'What Is It Stuck On?', activeTab(page, `${title} - What is it stuck on?`));
  }

  it('poison pill: two clicks lead from the group to the record that is no JSON', async () => {
    for (const number of [0, 1, 2]) await expand(page, new RegExp(`^member label-printer-${number}, `));
    await shows(page, /^shipments-1 lag \d+, no commit for /);
    await explainFromRow(/^shipments-1 /, 'shipping - shipments-1');
    const stuck = await stuckPage('shipments-1');
    await reads(
      stuck.locator('.stuck-verdict strong'),
      /^The value of record 400 does not decode as JSON, which its neighbours are: Bad control character/,
    );
    await reads(stuck.locator('.record pre[aria-label="Value"]'), /ham\\u0000\\u0007PAPER JAM$/);
    await until('its neighbours are there', async () => (await stuck.locator('.lines > .line').count()) > 5);
    await workbench.screenshot('stuck-poison-pill');
  });

  it('opens the value in an editor, and copies the record', async () => {
    const stuck = await stuckPage('shipments-1');
    await stuck.locator('vscode-toolbar-button[label="Copy record (Ctrl+C)"]').click();
    await copied(page, (text) => text.startsWith('offset: 400'));
    await stuck.locator('vscode-toolbar-button[label="Open Value in an editor"]').click();
    await page.locator('.editor-container .view-lines', { hasText: 'PAPER JAM' }).first().waitFor();
    await showTab(page, 'shipments-1 - What is it stuck on?');
    // The page was thrown away while it was hidden, and is there again.
    await stuckPage('shipments-1');
  });

  it('open transaction: says whose it is, and how to end it', async () => {
    await expand(page, /^member bookkeeping\S*, /);
    await shows(page, /^payments-2 lag \d+, held by an open transaction/);
    await explainFromRow(/^payments-2 /, 'bookkeeping - payments-2');
    const stuck = await stuckPage('payments-2');
    await reads(
      stuck.locator('.stuck-verdict strong'),
      /An open transaction holds the group back.*transactional id settlement-batch-\d, open for/,
    );
    await reads(stuck.locator('.findings'), /forceTerminateTransaction --transactionalId settlement-batch-\d/);
    await workbench.screenshot('stuck-open-transaction');
  });

  it('aborted transactions: says that there is nothing to do', async () => {
    await expand(page, /^member refund-mails\S*, /);
    await shows(page, /^refunds-0 lag \d+, no commit for /);
    await explainFromRow(/^refunds-0 /, 'refund-mails - refunds-0');
    const stuck = await stuckPage('refunds-0');
    await reads(
      stuck.locator('.stuck-verdict strong'),
      /^From 300 on stand \d+ records of aborted transactions, and no committed one behind them/,
    );
    await workbench.screenshot('stuck-aborted-transaction');
  });

  it('opens from the palette, which offers the worst partition first', async () => {
    await commandWithChoice(workbench, 'Kafka: What Is It Stuck On?', 'shipping');
    await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: 'shipments-1' }).waitFor();
    await takeFocused(page);
    await page.locator('.tab.active', { hasText: 'shipping - shipments-1' }).waitFor();
    await stuckPage('shipments-1');
  });

  it('opens from the lag page, which shows how old the next record is', async () => {
    const lag = await openLagFromTree(workbench, 'shipping');
    const line = lag.locator('.lines > .line', { hasText: 'stuck' });
    await line.waitFor();
    await until('the age of the record is there', async () => / min| h/.test(await line.innerText()), 90_000);
    await line.click();
    await lag.locator('vscode-toolbar-button[label="What is the selected partition stuck on?"]').click();
    await page.locator('.tab.active', { hasText: 'shipping - shipments-1' }).waitFor();
    await openLagFromTree(workbench, 'shipping');
    await workbench.screenshot('lag-time-lag');
  });
});
