/** A broker that dies while people look: everything that is open says so, and goes on by itself when the broker is back. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Frame, Page } from 'playwright-core';
import { startDemo, type Demo } from '../../demo/run.mjs';
import { startKafka, type Kafka } from '../../tools/kafka.ts';
import { until } from '../support/until.ts';
import { openWorkbench, type Workbench } from './harness.ts';
import {
  dockedView,
  expand,
  openLagFromTree,
  openSideBar,
  reads,
  selectRow,
  shows,
  treeRow,
  treeTexts,
} from './screen.ts';

describe('a broker that dies and comes back', { timeout: 300_000 }, () => {
  let broker: Kafka;
  let demo: Demo | undefined;
  let workbench: Workbench;
  let page: Page;
  let lag: Frame;
  let docked: Frame;
  let asOf: string;

  before(async () => {
    broker = await startKafka({ deadAfterMs: 4_000 });
    demo = await startDemo({ bootstrap: broker.bootstrap, only: ['healthy', 'too-slow'] });
    await demo.ready;
    workbench = await openWorkbench({
      clusters: [{ name: 'local', bootstrapServers: [broker.bootstrap] }],
      settings: { 'kafkaDebugger.refreshIntervalSeconds': 1 },
    });
    page = workbench.page;
    await openSideBar(workbench);
    lag = await openLagFromTree(workbench, 'billing');
    await expand(page, /^billing, /);
    await expand(page, /^member billing-0, /);
    await selectRow(page, /^invoices-1 lag /);
    docked = await dockedView(workbench);
    await docked.locator('.crumbs', { hasText: 'invoices-1' }).waitFor();
  });

  after(async () => {
    await workbench?.close();
    await demo?.stop();
    await broker?.stop();
  });

  it('is said by the tree, with since when, what is wrong and when it is tried again', async () => {
    await broker.kill(1);
    await shows(page, /^local not reachable, as of \d\d:\d\d:\d\d$/);
    await shows(page, /127\.0\.0\.1:\d+.* next try \d\d:\d\d:\d\d, figures as of \d\d:\d\d:\d\d/);
  });

  it('is said by the lag page, which keeps its figures and calls them stale', async () => {
    const notice = lag.getByRole('alert');
    await notice.filter({ hasText: /127\.0\.0\.1:\d+.*Next try at \d\d:\d\d:\d\d\./s }).waitFor();
    await lag.locator('.age', { hasText: /as of \d\d:\d\d:\d\d, .* ago, stale/s }).waitFor();
    assert.equal(await lag.locator('.lines > .line').count(), 3);
    asOf = await takenAt();
  });

  it('is said by the docked view', async () => {
    const notice = docked.getByRole('alert');
    await notice.filter({ hasText: /127\.0\.0\.1:\d+.*Next try at \d\d:\d\d:\d\d\./s }).waitFor();
    await docked.locator('.age', { hasText: 'stale' }).waitFor();
    await workbench.screenshot('broker-gone');
  });

  it('is over for all of them by itself when the broker is back', async () => {
    await broker.startNode(1);
    await shows(page, /^local 1 broker, Kafka /);
    for (const frame of [lag, docked]) {
      await frame.getByRole('alert').waitFor({ state: 'detached' });
      await frame.locator('.age', { hasText: /as of \d\d:\d\d:\d\d, (now|\d s ago)/ }).waitFor();
    }
    assert.notEqual(await takenAt(), asOf);
    // The rows below the cluster come after its own.
    await until('no row tells of a next try', async () => {
      return !(await treeTexts(page)).some((text) => text.includes('next try'));
    });
  });

  it('leaves what was open and selected as it was', async () => {
    await shows(page, /^member billing-0, /);
    await treeRow(page, /^invoices-1 lag /)
      .and(page.locator('[aria-selected="true"]'))
      .waitFor();
    await reads(docked.locator('.crumbs').first(), /invoices-1/);
  });

  it('goes on with figures that move, as the consumers come back', async () => {
    const before = await textOf(lag, '.lines > .line');
    await until('the figures move again', async () => (await textOf(lag, '.lines > .line')) !== before, 120_000);
    await shows(page, /^order-confirmation, healthy, /);
  });

  async function takenAt(): Promise<string> {
    return /\d\d:\d\d:\d\d/.exec(await textOf(lag, '.age'))?.[0] ?? '';
  }
});

async function textOf(frame: Frame, selector: string): Promise<string> {
  return ((await frame.locator(selector).first().textContent()) ?? '').trim();
}
