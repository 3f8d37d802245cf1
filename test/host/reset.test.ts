/** A change of offsets in the real workbench: the poison pill is skipped and the consumer goes on; a mistake is made and undone. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Frame, Page } from 'playwright-core';
import { startDemo, type Demo } from '../../demo/run.mjs';
import { readCommits } from '../../src/changes/gather.ts';
import { Cluster } from '../../src/kafka/cluster.ts';
import { startKafka, type Kafka } from '../../tools/kafka.ts';
import { until } from '../support/until.ts';
import { openWorkbench, type Workbench } from './harness.ts';
import {
  chooseFromMenu,
  commandWithChoice,
  connect,
  expand,
  insist,
  openSideBar,
  pick,
  quickInput,
  selectRow,
  shows,
  takeFocused,
  treeRow,
} from './screen.ts';
import { openDetails } from './tailScreen.ts';

describe('a change of offsets, in the workbench', { timeout: 400_000 }, () => {
  let broker: Kafka;
  let cluster: Cluster;
  let demo: Demo | undefined;
  let workbench: Workbench;
  let page: Page;

  const runDemo = (): Promise<Demo> => startDemo({ bootstrap: broker.bootstrap, only: ['poison-pill'] });

  before(async () => {
    broker = await startKafka();
    demo = await runDemo();
    await demo.ready;
    cluster = await Cluster.connect({ bootstrapServers: [broker.bootstrap] });
    workbench = await openWorkbench({
      clusters: [
        { name: 'local', bootstrapServers: [broker.bootstrap] },
        { name: 'shop', bootstrapServers: [broker.bootstrap], production: true },
        { name: 'archive', bootstrapServers: [broker.bootstrap], readOnly: true },
      ],
      settings: { 'kafkaDebugger.refreshIntervalSeconds': 1, 'window.dialogStyle': 'custom' },
    });
    page = workbench.page;
    await openSideBar(workbench);
    await connect(page, 'local', 'shop', 'archive');
    await shows(page, /^shipping, /);
  });

  after(async () => {
    await workbench?.close();
    await demo?.stop();
    cluster?.close();
    await broker?.stop();
  });

  async function committed(partition: number): Promise<bigint | undefined> {
    const commits = await readCommits(cluster, 'classic', 'shipping');
    assert.ok('value' in commits);
    const fact = commits.value.get('shipments')?.get(partition);
    return fact !== undefined && 'value' in fact ? fact.value.offset : undefined;
  }

  async function says(frame: Frame, text: RegExp, timeout = 60_000): Promise<void> {
    await frame.locator('.plan-pane .action', { hasText: text }).waitFor({ timeout });
  }

  async function confirm(button: string): Promise<void> {
    await page.locator('.monaco-dialog-box').getByRole('button', { name: button, exact: true }).click();
  }

  it('skips the poison pill from the page that shows it: waits until the consumer is stopped', async () => {
    await commandWithChoice(workbench, 'Kafka: What Is It Stuck On?', 'local');
    await pick(page, 'shipping');
    await pick(page, 'shipments-1');
    const stuck = await workbench.webview('kafka-stuck-page .stuck-verdict .skip');
    await stuck.locator('.stuck-verdict .skip').click();
    const reset = await workbench.webview('kafka-reset-page .members');
    await page.locator('.tab.active', { hasText: 'shipping - Skip record' }).waitFor();
    await says(reset, /Sets 1 partition\. 0 offsets will be processed again, 1 skipped\./);
    await reset.locator('.members', { hasText: /3 members are connected.*label-printer-0/s }).waitFor();
    await openDetails(reset.locator('.lines > .line').first(), reset.locator('.peeked', { hasText: 'PAPER JAM' }));
    await workbench.screenshot('reset-skip');
    await reset.locator('.wait').click();
    await confirm('Execute');
    await says(reset, /Waiting for .* until shipping is empty/);
    assert.equal(await committed(1), 400n);
    await demo!.stop();
    // Members that had no time to say goodbye are waited for until their sessions end.
    await says(reset, /Done and read back: 1 partition/, 120_000);
    assert.equal(await committed(1), 401n);
    await workbench.screenshot('reset-skipped');
  });

  it('undoes a mistake', async () => {
    await chooseFromMenu(page, treeRow(page, /^shipping, /), 'Reset Offsets...');
    const reset = await workbench.webview('kafka-reset-page #strategy');
    await reset.locator('#strategy').selectOption('earliest');
    await says(reset, /Sets 3 partitions/);
    await reset.locator('.execute').click();
    await confirm('Execute');
    await says(reset, /Done and read back: 3 partitions/);
    assert.equal(await committed(1), 0n);
    await reset.locator('.undo').click();
    await says(reset, /0 offsets will be processed again/);
    await reset.locator('.execute').click();
    await confirm('Execute');
    await says(reset, /Done and read back: 3 partitions/);
    assert.equal(await committed(1), 401n);
    await workbench.screenshot('reset-undone');
  });

  it('seeks a partition by what is typed, on production only with the name of the group', async () => {
    await commandWithChoice(workbench, 'Kafka: Seek Partition...', 'shop');
    await pick(page, 'shipping');
    await pick(page, 'shipments-1');
    await page.locator('.quick-input-widget').filter({ hasText: 'Seek shipments-1 of shipping' }).waitFor();
    await quickInput(page).fill('-1');
    await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: 'from 401 to 400' }).waitFor();
    await takeFocused(page);
    await page.locator('.quick-input-widget').filter({ hasText: 'Seek shipments-1 of shipping on shop?' }).waitFor();
    await quickInput(page).fill('shippin');
    await quickInput(page).press('Enter');
    assert.equal(await committed(1), 401n);
    await quickInput(page).fill('shipping');
    await quickInput(page).press('Enter');
    const told = page.locator('.notification-list-item', { hasText: 'shipments-1: Done and read back' });
    // What the mouse is over stays.
    await told.hover();
    assert.equal(await committed(1), 400n);
    await told.getByRole('button', { name: 'Undo' }).click();
    // The page that was there before is taken away while the new one comes.
    let undo = await workbench.webview('kafka-reset-page .task');
    await until('the way back is planned', async () => {
      undo = await workbench.webview('kafka-reset-page .task');
      const plan = undo.locator('.plan-pane .action').filter({ hasText: /Sets 1 partition/ });
      return plan.isVisible().catch(() => false);
    });
    await undo.locator('.execute').click();
    await page.locator('.quick-input-widget').filter({ hasText: 'marked as production' }).waitFor();
    await quickInput(page).fill('shipping');
    await quickInput(page).press('Enter');
    await says(undo, /Done and read back: 1 partition/);
    assert.equal(await committed(1), 401n);
  });

  it('refuses on a cluster that is read only, with the reason', async () => {
    await commandWithChoice(workbench, 'Kafka: Reset Offsets...', 'archive');
    await pick(page, 'shipping');
    await page
      .locator('.notification-list-item', { hasText: 'archive is read only by its settings' })
      .first()
      .waitFor();
  });

  it('asks where a partition shall go by two keys from its row', async () => {
    await expand(page, /^shipping, /);
    await expand(page, /^Unassigned/);
    await selectRow(page, /^shipments-1/);
    const question = page.locator('.quick-input-widget').filter({ hasText: 'Seek shipments-1 of shipping' });
    await insist('it is asked', () => page.keyboard.press('Control+g'), question);
    await quickInput(page).fill('4');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'from 401 to 4' }).waitFor();
    await workbench.screenshot('reset-seek');
    await quickInput(page).press('Escape');
    await question.waitFor({ state: 'hidden' });
    assert.equal(await committed(1), 401n);
  });

  it('lets the consumer go on behind the record', async () => {
    demo = await runDemo();
    await demo.ready;
    await until('the partition is read to its end', async () => ((await committed(1)) ?? 0n) > 401n, 60_000);
  });
});
