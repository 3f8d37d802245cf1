/** Each case of demo/README.md is found from the tree alone, by somebody who does not know where to look. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { startDemo, type Demo } from '../../demo/run.mjs';
import { startKafka, type Kafka } from '../../tools/kafka.ts';
import { until } from '../support/until.ts';
import { openWorkbench, type Workbench } from './harness.ts';
import { expand, openSideBar, shows, treeTexts } from './screen.ts';

describe('the demo in the tree', { timeout: 300_000 }, () => {
  let broker: Kafka;
  let demo: Demo | undefined;
  let workbench: Workbench;
  let page: Page;

  before(async () => {
    broker = await startKafka();
    demo = await startDemo({ bootstrap: broker.bootstrap });
    workbench = await openWorkbench({
      clusters: [{ name: 'local', bootstrapServers: [broker.bootstrap] }],
      settings: { 'kafkaDebugger.refreshIntervalSeconds': 1 },
      // All rows are on the screen at once.
      size: { width: 1400, height: 2000 },
    });
    page = workbench.page;
    await openSideBar(workbench);
    await demo.ready;
  });

  after(async () => {
    await workbench?.close();
    await demo?.stop();
    await broker?.stop();
  });

  it('has a row for every group, and says how many need a look', async () => {
    await shows(page, /^Consumer groups 13, 8 need attention$/);
    await page.locator('.activitybar .action-label[aria-label*="8 groups need attention"]').waitFor();
  });

  it('healthy: two members, and next to no lag', async () => {
    await shows(page, /^order-confirmation, healthy, lag \d{1,3}, 2 members$/);
  });

  it('too-slow: commits move, and the lag grows all the same', async () => {
    await shows(page, /^billing, behind, lag \d\d\.\dk, 1 member, Stable$/);
    await expand(page, /^billing, /);
    await expand(page, /^member billing-0, lag \d\d\.\dk, 3 partitions/);
    const first = await position(page, /^invoices-\d lag/);
    await until(
      'billing has read more, and is further behind',
      async () => {
        const now = await position(page, /^invoices-\d lag/);
        return now.committed > first.committed && now.end - now.committed > first.end - first.committed;
      },
      60_000,
    );
  });

  it('poison-pill: one partition stands where a member reads it', async () => {
    await shows(page, /^shipping, behind, stuck, lag \d+, 3 members$/);
    await expand(page, /^shipping, /);
    for (const number of [0, 1, 2]) await expand(page, new RegExp(`^member label-printer-${number}, `));
    await shows(page, /^shipments-1 lag \d+, no commit for .*, at 400 of /);
    await shows(page, /^shipments-0 lag \d+, at /);
  });

  it('crashed: nobody is there, and more arrives', async () => {
    await shows(page, /^nightly-report, empty, Empty, nobody reads, lag \d,\d{3}$/);
    await expand(page, /^nightly-report, /);
    await shows(page, /^Unassigned lag \d,\d{3}, \d partitions?/);
  });

  it('idle-members: two of four work', async () => {
    await shows(page, /^search-indexer, healthy, lag \d+, 2 of 4 members$/);
    await expand(page, /^search-indexer, /);
    await until('two members are idle', async () => {
      const members = (await treeTexts(page)).filter((text) => text.startsWith('member indexer-'));
      return members.length === 4 && members.filter((text) => text.includes('idle')).length === 2;
    });
  });

  it('skewed: one member has nearly all', async () => {
    await shows(page, /^warehouse-sync, healthy, 9 of 11 on one member, lag \d+, 3 members$/);
    await expand(page, /^warehouse-sync, /);
    await shows(page, /^member warehouse-sync\S*, lag \d+, 9 partitions/);
  });

  it('static-members: its members say that they are', async () => {
    await shows(page, /^payouts, healthy, lag \d+, 2 members$/);
    await expand(page, /^payouts, /);
    await shows(page, /^member payouts-0, lag \d+, 2 partitions, static on 127\.0\.0\.1$/);
    await shows(page, /^member payouts-1, lag \d+, 2 partitions, static on 127\.0\.0\.1$/);
  });

  it('kip-848: the group says that it is of the new protocol', async () => {
    await shows(page, /^loyalty-points, healthy, lag \d+, 2 members, KIP-848$/);
  });

  it('open-transaction: the partition that it holds back is named', async () => {
    await shows(page, /^bookkeeping, behind, open transaction, lag \d+, 1 member$/);
    await expand(page, /^bookkeeping, /);
    await expand(page, /^member bookkeeping\S*, /);
    await shows(page, /^payments-2 lag \d+, held by an open transaction, at /);
  });

  it('aborted-transaction: the commit stands, though records arrive', async () => {
    await shows(page, /^refund-mails, behind, stuck, lag \d+, 1 member$/);
    await expand(page, /^refund-mails, /);
    await expand(page, /^member refund-mails\S*, /);
    await shows(page, /^refunds-0 lag \d+, no commit for .*, at 300 of /);
  });

  it('deleted-topic: a member owns what is not there', async () => {
    await shows(page, /^crm-sync, behind, topic deleted, lag \d+, 1 member$/);
    await expand(page, /^crm-sync, /);
    await expand(page, /^member crm-sync\S*, /);
    await shows(page, /^crm-contacts-v1-0 topic deleted/);
    await shows(page, /^crm-contacts-0 /);
  });

  it('recreated-topic: the commit is beyond the end', async () => {
    await shows(page, /^mailing, empty, Empty, commit beyond the end, lag 0$/);
    await expand(page, /^mailing, /);
    await expand(page, /^Unassigned lag 0/);
    await shows(page, /^campaigns-0 commit beyond the end, at \d,\d{3} of \d+/);
  });

  it('rewinding: a partition tells how far it went back', async () => {
    await shows(page, /^sales-report, behind, rewound, lag /);
    await expand(page, /^sales-report, /);
    await expand(page, /^member sales-report\S*, /);
    await shows(page, /^orders-\d lag .*went back by \d+/);
    await workbench.screenshot('demo-tree');
  });
});

/** `at 1,200 of 3,400` of the first row that matches. */
async function position(page: Page, row: RegExp): Promise<{ committed: number; end: number }> {
  const text = await shows(page, row);
  const [, committed = '', end = ''] = /at ([\d,]+) of ([\d,]+)/.exec(text) ?? [];
  assert.notEqual(end, '', text);
  return { committed: Number(committed.replaceAll(',', '')), end: Number(end.replaceAll(',', '')) };
}
