/** Groups are copied, deleted and brought back as a person would, in a real VS Code with a real Kafka. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Frame, Page } from 'playwright-core';
import { readCommits } from '../../src/changes/gather.ts';
import { Cluster } from '../../src/kafka/cluster.ts';
import { startKafka, type Kafka } from '../../tools/kafka.ts';
import { commitOffsets } from '../support/clusterCalls.ts';
import { createTopicWith, produceBatch } from '../support/recordsCalls.ts';
import { writeBatch } from '../support/recordsWriter.ts';
import { until } from '../support/until.ts';
import { openWorkbench, type Workbench } from './harness.ts';
import {
  chooseFromMenu,
  commandWithChoice,
  connect,
  insist,
  openSideBar,
  pick,
  quickInput,
  shows,
  takeFocused,
  treeRow,
} from './screen.ts';

describe('changes of groups in VS Code', { timeout: 300_000 }, () => {
  let kafka: Kafka;
  let cluster: Cluster;
  let workbench: Workbench;
  let page: Page;

  before(async () => {
    kafka = await startKafka();
    cluster = await Cluster.connect({ bootstrapServers: [kafka.bootstrap] });
    await createTopicWith(cluster, 'orders', 2);
    const records = Array.from({ length: 10 }, (_, index) => ({ value: `${index}` }));
    for (const partition of [0, 1])
      await produceBatch(cluster, 'orders', partition, writeBatch({ records, baseTimestamp: BigInt(Date.now()) }));
    await commitOffsets(cluster, 'billing', 'orders', { 0: 3n, 1: 4n });
    await commitOffsets(cluster, 'nightly', 'orders', { 0: 7n });
    workbench = await openWorkbench({
      clusters: [
        { name: 'shop', bootstrapServers: [kafka.bootstrap] },
        { name: 'live', bootstrapServers: [kafka.bootstrap], production: true },
        { name: 'archive', bootstrapServers: [kafka.bootstrap], readOnly: true },
      ],
      settings: { 'window.dialogStyle': 'custom' },
    });
    page = workbench.page;
    await openSideBar(workbench);
    await connect(page, 'shop', 'live', 'archive');
  });

  after(async () => {
    await workbench?.close();
    cluster?.close();
    await kafka?.stop();
  });

  async function offsets(group: string): Promise<Record<string, bigint>> {
    const commits = await readCommits(cluster, 'consumer', group);
    assert.ok('value' in commits);
    return Object.fromEntries(
      [...commits.value].flatMap(([topic, partitions]) =>
        [...partitions].map(([partition, fact]) => [
          `${topic}-${partition}`,
          'value' in fact ? fact.value.offset : -1n,
        ]),
      ),
    );
  }

  /** Checks the one row in a list of many, and goes on once it counts. */
  const choose = async (label: string): Promise<void> => {
    const row = page.locator('.quick-input-list .monaco-list-row', { hasText: label }).first();
    const counted = page.locator('.quick-input-widget .quick-input-count', { hasText: '1 Selected' });
    await insist(`${label} is checked`, () => row.click({ timeout: 5_000 }), counted);
    await takeFocused(page);
  };
  const press = async (frame: Frame, name: string): Promise<void> => {
    await frame.getByRole('button', { name, exact: true }).click();
  };
  const confirm = async (name: string): Promise<void> => {
    await page.locator('.monaco-dialog-box').getByRole('button', { name, exact: true }).click();
  };
  /** The page of a change that is on the screen, once it has a plan. */
  const changePage = (action: string): Promise<Frame> =>
    workbench.webview(`kafka-change-page .actions .primary:text-is("${action}...")`);

  it('copies offsets to a new group, as planned', async () => {
    await commandWithChoice(workbench, 'Kafka: Copy Offsets to Another Group...', 'shop');
    await pick(page, 'billing');
    await page.locator('.quick-input-widget', { hasText: 'Copy the offsets of billing to' }).waitFor();
    await quickInput(page).fill('billing-2');
    await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: 'New group billing-2' }).waitFor();
    await takeFocused(page);
    const frame = await changePage('Copy');
    await page.locator('.tab.active', { hasText: 'billing - Copy offsets' }).waitFor();
    await frame.getByText('Makes group billing-2 with the offsets of billing.').waitFor();
    const rows = frame.locator('.lines > .line');
    // The table is drawn a moment after the words above it.
    await until('both partitions are there', async () => (await rows.count()) === 2);
    assert.deepEqual(
      (await rows.allTextContents()).map((text) => text.replace(/\s+/g, ' ').trim()),
      ['orders 0 no commit 3 - -', 'orders 1 no commit 4 - -'],
    );
    assert.deepEqual(await offsets('billing-2'), {});
    await press(frame, 'Copy...');
    await page
      .locator('.monaco-dialog-box', { hasText: 'Copy the offsets of billing to billing-2 on shop?' })
      .waitFor();
    await confirm('Copy');
    await frame.getByText('Done and read back: 2 of 2.').first().waitFor();
    assert.deepEqual(await offsets('billing-2'), { 'orders-0': 3n, 'orders-1': 4n });
    await workbench.screenshot('changes-copy');
  });

  it('deletes the groups that are selected in the tree, and brings them back from the journal', async () => {
    await shows(page, /^billing, /);
    const selected = page.locator('.pane-body [role="treeitem"][aria-selected="true"]');
    const both = [treeRow(page, /^billing, /), treeRow(page, /^nightly, /)] as const;
    await until('both are selected', async () => {
      await both[0].click({ timeout: 5_000 }).catch(() => undefined);
      await both[1].click({ modifiers: ['Control'], timeout: 5_000 }).catch(() => undefined);
      const are = await Promise.all(both.map((row) => row.and(selected).isVisible()));
      return !are.includes(false) && (await selected.count()) === 2;
    });
    await chooseFromMenu(page, treeRow(page, /^nightly, /), 'Delete Groups...');
    const frame = await changePage('Delete');
    await frame.getByText('Deletes 2 groups with 3 commits.').waitFor();
    await press(frame, 'Delete...');
    await page.locator('.monaco-dialog-box', { hasText: 'Delete 2 groups on shop?' }).waitFor();
    await confirm('Delete');
    await frame.getByText('Done and read back: 3 of 3.').first().waitFor();
    await treeRow(page, /^nightly, /).waitFor({ state: 'detached' });
    assert.deepEqual([await offsets('billing'), await offsets('nightly')], [{}, {}]);

    await press(frame, 'Open journal');
    const journal = await workbench.webview('kafka-journal-page .list .lines > .line');
    await journal.locator('.list .lines > .line', { hasText: 'nightly' }).dblclick();
    await journal.locator('.details', { hasText: 'orders-0' }).waitFor();
    await workbench.screenshot('changes-journal');
    await press(journal, 'Undo...');
    const undo = await changePage('Undo');
    await press(undo, 'Undo...');
    await confirm('Undo');
    await undo.getByText('Done and read back: 1 of 1.').first().waitFor();
    assert.deepEqual(await offsets('nightly'), { 'orders-0': 7n });
    await shows(page, /^nightly, /);
  });

  it('keeps a snapshot under a name, and restores it', async () => {
    await commandWithChoice(workbench, 'Kafka: Snapshot Offsets...', 'shop');
    await choose('nightly');
    await page.locator('.quick-input-widget', { hasText: 'What the snapshot of nightly is to be called' }).waitFor();
    await quickInput(page).fill('before the release');
    await quickInput(page).press('Enter');
    await page.locator('.notification-list-item', { hasText: 'The offsets of 1 group are kept.' }).waitFor();
    await commitOffsets(cluster, 'nightly', 'orders', { 0: 1n });
    await commandWithChoice(workbench, 'Kafka: Restore Offsets...', 'before the release');
    const frame = await changePage('Restore');
    await press(frame, 'Restore...');
    await confirm('Restore');
    await frame.getByText('Done and read back: 1 of 1.').first().waitFor();
    assert.deepEqual(await offsets('nightly'), { 'orders-0': 7n });
  });

  it('wants the name typed on production, and refuses where the cluster is read only', async () => {
    await commandWithChoice(workbench, 'Kafka: Delete Offsets...', 'live');
    await choose('nightly');
    await page.locator('.quick-input-widget', { hasText: 'Delete the offsets of nightly' }).waitFor();
    await choose('orders');
    const frame = await changePage('Delete');
    await press(frame, 'Delete...');
    await page.locator('.quick-input-widget', { hasText: 'live is marked as production' }).waitFor();
    await quickInput(page).fill('night');
    await quickInput(page).press('Enter');
    await page.locator('.quick-input-widget', { hasText: 'Type nightly, or press Escape.' }).waitFor();
    assert.deepEqual(await offsets('nightly'), { 'orders-0': 7n });
    await quickInput(page).fill('nightly');
    await quickInput(page).press('Enter');
    await frame.getByText('Done and read back: 1 of 1.').first().waitFor();
    assert.deepEqual(await offsets('nightly'), {});

    await commandWithChoice(workbench, 'Kafka: Delete Groups...', 'archive');
    await page
      .locator('.notification-list-item', { hasText: 'archive is read only by its settings' })
      .first()
      .waitFor();
    assert.deepEqual(Object.keys(await offsets('billing-2')).length, 2);
  });

  it('tells at the start of a change that was interrupted, looks what it reached, and takes it back', async () => {
    const was = await offsets('billing-2');
    const files: string[] = [];
    for await (const name of glob('**/changes.sqlite', { cwd: workbench.host.dataDir })) files.push(name);
    assert.equal(files.length, 1);
    // Another window dies as it writes the second of two partitions.
    const program = `
      import { openJournal } from ${JSON.stringify(new URL('../../src/changes/journal/sqliteJournal.ts', import.meta.url))};
      const journal = await openJournal({ file: process.argv[1] });
      const at = (offset) => ({ offset: BigInt(offset), leaderEpoch: -1, metadata: '' });
      const positions = JSON.parse(process.argv[2]).map(([partition, offset]) => ({
        topic: 'orders', partition, before: at(offset), after: { kind: 'commit', ...at(0) },
      }));
      journal.begin({ cluster: 'shop', kind: 'reset', subject: 'billing-2', groupType: 'classic', positions });
      process.kill(process.pid, 'SIGKILL');`;
    const before = JSON.stringify([0, 1].map((partition) => [partition, String(was[`orders-${partition}`])]));
    const args = ['--input-type=module', '--eval', program, join(workbench.host.dataDir, files[0]!), before];
    assert.equal(spawnSync(process.execPath, args).signal, 'SIGKILL');
    await commitOffsets(cluster, 'billing-2', 'orders', { 0: 0n });

    await workbench.reload();
    const told = page.locator('.notification-list-item', { hasText: 'A change of billing-2 on shop was interrupted.' });
    await told.getByRole('button', { name: 'Open Journal' }).click();
    const journal = await workbench.webview('kafka-journal-page .details .examined');
    await workbench.screenshot('changes-interrupted');
    await shows(page, /^shop .*1 broker/);
    await press(journal, 'Ask the broker what it reached');
    const reached = 'Of 2 partitions: 1 are where the change was to put them, 1 where they were before.';
    await journal.getByText(reached).first().waitFor();
    await press(journal, 'Write this down');
    await press(journal, 'Undo...');
    const undo = await changePage('Undo');
    await press(undo, 'Undo...');
    await confirm('Undo');
    await undo.getByText('Done and read back: 1 of 1.').first().waitFor();
    assert.deepEqual(await offsets('billing-2'), was);
  });
});
