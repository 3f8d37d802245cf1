/** `__consumer_offsets` in the real workbench: a sentence for each record, its JSON and bytes, filters, and what comes now. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Frame, Page } from 'playwright-core';
import { startDemo, type Demo } from '../../demo/run.mjs';
import { startKafka, type Kafka } from '../../tools/kafka.ts';
import { until } from '../support/until.ts';
import { openWorkbench, type Workbench } from './harness.ts';
import { activeTab, chooseFromMenu, closeTab, insist, openSideBar, reads, shows, treeRow } from './screen.ts';
import { openDetails, pressInTable, tailPage } from './tailScreen.ts';

const topic = '__consumer_offsets';
/** Of the demo: a classic group that commits all the time, and one of KIP-848. */
const [classic, modern] = ['sales-report', 'loyalty-points'];
/** The page of one partition. */
const ofGroup = `kafka-tail-page .crumbs[aria-label^="local > ${topic} > partition "]`;

describe('__consumer_offsets in the workbench', { timeout: 300_000 }, () => {
  let broker: Kafka;
  let demo: Demo | undefined;
  let workbench: Workbench;
  let page: Page;
  let tail: Frame;
  const violations: string[] = [];

  before(async () => {
    broker = await startKafka();
    demo = await startDemo({ bootstrap: broker.bootstrap, only: ['rewinding', 'kip-848'] });
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
    await shows(page, new RegExp(`^${classic}, `));
    await shows(page, new RegExp(`^${modern}, `));
  });

  after(async () => {
    await workbench?.close();
    await demo?.stop();
    await broker?.stop();
  });

  /** Those that have come, of which some can be under way. */
  const rows = () => tail.locator('.lines > .line:not(.pending)');
  const rowsLike = (text: string | RegExp) => tail.locator('.lines > .line', { hasText: text });
  const filter = () => tail.locator('.filter input');

  it('opens from the palette, all partitions of it, with a sentence for each record', async () => {
    await insist('it is open', () => workbench.runCommand('Kafka: Open __consumer_offsets'), activeTab(page, topic));
    tail = await tailPage(workbench, `local > ${topic}`);
    // Both groups: partitions are not those of one.
    await filter().fill('$.type == "OffsetCommit"');
    await rowsLike(new RegExp(`${classic} committed orders-\\d at [\\d,]+`))
      .first()
      .waitFor();
    await workbench.screenshot('offsets-host');
  });

  it('says of a commit how far it went since the one before', async () => {
    await rowsLike(/committed orders-\d at [\d,]+, \+[\d,]+ since .* before/)
      .first()
      .waitFor();
  });

  it("opens from the row of a group, and reads and shows that group's records alone", async () => {
    await openFromRow(modern);
    await rowsLike(`${modern} committed loyalty-events-`).first().waitFor();
    assert.equal(await filter().inputValue(), `$.group == "${modern}"`);
    const texts = await rows().allInnerTexts();
    assert.ok(texts.length > 0 && texts.every((text) => text.includes(modern)), texts.join('\n'));
  });

  it('tells a group of KIP-848 by its own records', async () => {
    await filter().fill(`$.group == "${modern}" -$.type == "OffsetCommit"`);
    await rowsLike(/the group is at epoch \d+/)
      .first()
      .waitFor();
    await rowsLike(/subscribes to loyalty-events/)
      .first()
      .waitFor();
    // By its client id: its member id says nothing to people.
    await rowsLike(/member loyalty-\d is at epoch \d+, owns loyalty-events/)
      .first()
      .waitFor();
    await workbench.screenshot('offsets-host-modern');
  });

  it('follows what a group commits now', async () => {
    await openFromRow(classic);
    await rowsLike(`${classic} committed orders-`).first().waitFor();
    await tail.locator('vscode-toolbar-button[label="Follow the end (F)"]').click();
    const last = () => tail.locator('.lines').innerText();
    const before = await last();
    await until('other records are at the end', async () => (await last()) !== before, 60_000);
    await pressInTable(page, tail, 'Space', tail.locator('.reading.paused'));
  });

  it("shows the decoded record as Kafka's own formatter prints it, and its bytes", async () => {
    await filter().fill(`$.group == "${classic}" $.type == "GroupMetadata"`);
    const generation = rowsLike(/generation \d+: 1 member, leader sales-report-0, /).first();
    const text = tail.locator('.content-text');
    await openDetails(generation, text, async () => {
      await generation.click({ timeout: 5_000 });
      await page.keyboard.press('Enter');
    });
    const json = JSON.parse(await text.innerText()) as {
      key: { type: number; data: { group: string } };
      value: { data: { members: { clientId: string }[] } };
    };
    assert.deepEqual([json.key.type, json.key.data.group], [2, classic]);
    assert.equal(json.value.data.members[0]?.clientId, 'sales-report-0');
    await workbench.screenshot('offsets-host-details');
    await tail.locator('.segment', { hasText: 'Hex' }).click();
    await tail.locator('.content-text.hex', { hasText: /^00000000/ }).waitFor();
    await reads(text, /sales-report-0|sales-re/);
  });

  it('comes back after a reload of the window', async () => {
    await workbench.reload();
    tail = await workbench.webview(ofGroup);
    await rowsLike(/generation \d+: 1 member/)
      .first()
      .waitFor();
  });

  it('did all that without a word against its content security policy', () => {
    assert.deepEqual(violations, []);
  });

  async function openFromRow(group: string): Promise<void> {
    await closeTab(page);
    await chooseFromMenu(page, treeRow(page, new RegExp(`^${group}, `)), 'Open __consumer_offsets');
    tail = await workbench.webview(ofGroup);
  }
});
