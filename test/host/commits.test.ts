/** The commit log in the real workbench: a consumer that rewinds is caught, told why, and looked at from all sides. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Frame, Page } from 'playwright-core';
import { startDemo, type Demo } from '../../demo/run.mjs';
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
  reads,
  shows,
  treeRow,
} from './screen.ts';
import { choose, openDetails, saveAs, status, tailPage } from './tailScreen.ts';

/** Of the demo, case `rewinding`: it seeks back by `window` in each partition. */
const group = 'sales-report';
const window = 300n;

describe('the commit log in the workbench', { timeout: 300_000 }, () => {
  let broker: Kafka;
  let demo: Demo | undefined;
  let folder: string;
  let workbench: Workbench;
  let page: Page;
  let log: Frame;
  const violations: string[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'commits-host-'));
    broker = await startKafka();
    demo = await startDemo({ bootstrap: broker.bootstrap, only: ['rewinding'] });
    workbench = await openWorkbench({
      clusters: [{ name: 'local', bootstrapServers: [broker.bootstrap] }],
      settings: { 'kafkaDebugger.refreshIntervalSeconds': 1 },
    });
    page = workbench.page;
    page.on('console', (message) => {
      if (/content security policy/i.test(message.text()))
        violations.push(`${message.location().url} ${message.text()}`);
    });
    await openSideBar(workbench);
    await demo.ready;
    await shows(page, new RegExp(`^${group}, `));
  });

  after(async () => {
    await workbench?.close();
    await demo?.stop();
    await broker?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('opens from the palette, and tells the rewinds, how far and who owned the partition', async () => {
    await commandWithChoice(workbench, 'Kafka: Open Commit Log', group);
    log = await commitLog();
    await page.locator('.tab.active', { hasText: `${group} - Commit log` }).waitFor();
    const finding = log.locator('.finding.warning[data-kind="rewinds"]').first();
    await finding.waitFor();
    await reads(finding, /records/);
    await reads(finding, /sales-report-0/);
    await workbench.screenshot('commits-host');
  });

  it('follows what is committed now', async () => {
    await status(log, 'follows live');
    const before = await commits();
    await until('it has more commits', async () => (await commits()) > before, 60_000);
  });

  it('shows the commits of a finding alone, each with the cause and what it rests on', async () => {
    await log.locator('.finding[data-kind="rewinds"]').first().getByRole('button', { name: 'Show commits' }).click();
    await log.locator('.notice.focus').waitFor();
    const rows = log.locator('.of-commits .lines > .line');
    await until('only rewinds are listed', async () => {
      const texts = await rows.allInnerTexts();
      return texts.length > 0 && texts.every((text) => text.includes('rewind'));
    });
    const details = log.locator('.details');
    await openDetails(rows.first(), details.locator('.why'), async () => {
      await rows.first().click({ timeout: 5_000 });
      await page.keyboard.press('Enter');
    });
    await reads(details.locator('.why'), /\((fact|inference)\)/);
    await details.locator('dd', { hasText: 'sales-report-0' }).first().waitFor();
    await workbench.screenshot('commits-host-details');
  });

  it('exports all commits, whose steps add up', async () => {
    await choose(log, 'Export', 'JSON, all commits');
    const file = join(folder, 'commits.json');
    await saveAs(page, '.json', file);
    await until('it is written', async () => (await readFile(file, 'utf8').catch(() => '')).endsWith('}\n'), 60_000);
    const { commits: read } = JSON.parse(await readFile(file, 'utf8')) as { commits: Exported[] };
    const last = new Map<number, bigint>();
    let rewinds = 0;
    for (const { partition, offset, step, kind } of read) {
      const before = last.get(partition);
      if (before !== undefined) assert.equal(BigInt(offset) - before, BigInt(step!));
      last.set(partition, BigInt(offset));
      if (kind !== 'rewind') continue;
      rewinds++;
      // The commit that shows it comes after some records were counted again.
      assert.ok(-BigInt(step!) <= window, `a step of ${step}`);
    }
    assert.ok(rewinds > 0);
  });

  it("opens the group's own records of __consumer_offsets", async () => {
    await status(log, /__consumer_offsets-\d+/);
    const place = /__consumer_offsets-(\d+)/.exec((await log.locator('.status').textContent()) ?? '')?.[1];
    await log.locator(`vscode-toolbar-button[label="Open __consumer_offsets, the group's records"]`).click();
    const tail = await tailPage(workbench, `local > __consumer_offsets > partition ${place}`);
    await tail
      .locator('.lines > .line', { hasText: `${group} committed orders-` })
      .first()
      .waitFor();
    await closeTab(page);
  });

  it('comes back after a reload of the window, as it was looked at', async () => {
    log = await commitLog();
    await log.getByRole('combobox', { name: 'Table' }).selectOption('partitions');
    await log.locator('.of-partitions .lines > .line').first().waitFor();
    await workbench.reload();
    log = await commitLog();
    await until(
      'its six partitions are there',
      async () => (await log.locator('.of-partitions .lines > .line').count()) === 6,
    );
    await log.locator('.finding.warning[data-kind="rewinds"]').first().waitFor();
  });

  it('opens from the row of the group, and at the partition that is selected in its lag page', async () => {
    await closeTab(page);
    await chooseFromMenu(page, treeRow(page, new RegExp(`^${group}, `)), 'Open Commit Log');
    await commitLog();
    await closeTab(page);
    await openLagFromTree(workbench, group);
    const lag = await lagPage(workbench, group);
    await lag.locator('.lines > .line').first().click();
    await lag.locator('vscode-toolbar-button[label="Open commit log"]').click();
    log = await commitLog();
    const only = log.getByRole('combobox', { name: 'Partition', exact: true });
    await until('one partition is chosen', async () => (await only.inputValue()).startsWith('orders/'));
  });

  it('did all that without a word against its content security policy', () => {
    assert.deepEqual(violations, []);
  });

  async function commits(): Promise<number> {
    const figure = log.locator('.figures > div', { hasText: 'Commits' }).locator('dd');
    return Number((await figure.innerText()).replaceAll(/\D/g, ''));
  }

  /** The page that is on the screen, once it has something to show. */
  async function commitLog(): Promise<Frame> {
    const frame = await workbench.webview(`kafka-commits-page .crumbs[aria-label$=" > ${group} > Commit log"]`);
    await frame.locator('.figures').waitFor();
    return frame;
  }
});

interface Exported {
  readonly partition: number;
  readonly offset: number;
  readonly step: number | null;
  readonly kind: string;
}
