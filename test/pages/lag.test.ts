import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Snapshot } from '../../src/groups/snapshot.ts';
import type { TimeLags } from '../../src/watch/timeLag.ts';
import type { FromLagPage, LagPageState } from '../../src/ui/panels/protocol.ts';
import { aGroup, aMember, aPartition, aSnapshot, aTopic, committed, offsetsOf } from '../support/snapshots.ts';
import { until } from '../support/until.ts';
import { billing, large, ScriptedWatch } from '../unit/panelsFixtures.ts';
import { PageHarness } from './harness.ts';
import { openLag, type LagScreen } from './lagScreen.ts';
import { themes, type ThemeName } from './themes.ts';

let harness: PageHarness;
before(async () => {
  harness = await PageHarness.start();
});
after(() => harness.stop());

function polled(snapshotAt: (second: number, at: number) => Snapshot = billing, polls = 4): ScriptedWatch {
  const watch = new ScriptedWatch();
  const now = Date.now();
  for (let poll = 1; poll <= polls; poll++) {
    watch.pollUnseen(snapshotAt(poll * 5, now - (polls - poll) * 5_000));
  }
  return watch;
}

/** Cells of the column, in the order of the lines on the screen. */
async function column(screen: LagScreen, title: string): Promise<string[]> {
  return screen.page.evaluate((wanted) => {
    const titles = [...document.querySelectorAll('.line.head .title')].map((one) => one.textContent);
    const index = titles.indexOf(wanted);
    return [...document.querySelectorAll<HTMLElement>('.lines > .line:not(.group)')]
      .sort((a, b) => Number(a.dataset['index']) - Number(b.dataset['index']))
      .map((line) => line.children[index]?.textContent.trim() ?? '');
  }, title);
}

async function shown(screen: LagScreen, lines = 10): Promise<void> {
  await screen.page.waitForFunction((count) => document.querySelectorAll('.lines > .line').length >= count, lines);
}

async function statusIs(screen: LagScreen, text: string): Promise<void> {
  await screen.page.waitForFunction(
    (wanted) => document.querySelector('.status span')?.textContent.trim() === wanted,
    text,
  );
}

function lastSaid<Type extends FromLagPage['type']>(
  screen: LagScreen,
  type: Type,
): Extract<FromLagPage, { type: Type }> | undefined {
  return screen.said.findLast((message) => message.type === type) as Extract<FromLagPage, { type: Type }> | undefined;
}

describe('the lag page', () => {
  for (const theme of Object.keys(themes) as ThemeName[]) {
    it(`runs under its content security policy without a word in the ${theme} theme`, async () => {
      const screen = await openLag(harness, polled(), 'billing', { theme, state: stateOf({ selected: ['orders/0'] }) });
      await shown(screen);
      await screen.page.waitForFunction(() => document.querySelectorAll('.chart canvas').length === 2);
      await screen.page.locator('kafka-toolbar-menu').last().locator('vscode-toolbar-button').click();
      await screen.page.locator('.menu-item').first().waitFor();
      // The icon font is loaded.
      await screen.page.waitForFunction(() => document.fonts.check('14px codicon'));
      assert.deepEqual(screen.problems, []);
      await screen.close();
    });
  }

  it('shows a skeleton before its host has spoken', async () => {
    const open = await harness.open({ page: 'lag', target: { cluster: 'local', group: 'billing' } });
    await open.page.locator('.skeleton .bone').first().waitFor();
    await open.close();
  });

  it('shows every state of a partition with a word, and never as 0', async () => {
    const screen = await openLag(harness, polled(), 'billing');
    await shown(screen);
    const [topics, partitions, lags, states] = await Promise.all([
      column(screen, 'Topic'),
      column(screen, 'Partition'),
      column(screen, 'Lag'),
      column(screen, 'State'),
    ]);
    const rows = Object.fromEntries(topics.map((topic, i) => [`${topic}-${partitions[i]}`, [lags[i], states[i]]]));
    assert.deepEqual(rows['orders-2'], ['1,007', '']);
    assert.deepEqual(rows['payments-0'], ['800', '300 records lost']);
    assert.deepEqual(rows['payments-1'], ['-12', 'beyond end by 12']);
    assert.deepEqual(rows['payments-2'], ['-', 'no commit']);
    assert.deepEqual(rows['payments-3'], ['500', 'open transaction']);
    assert.deepEqual(rows['payments-4'], ['-', 'no leader']);
    assert.deepEqual(rows['payments-5'], ['-', 'denied']);
    assert.deepEqual(rows['returns-0'], ['-', 'topic deleted']);
    await screen.close();
  });

  it('sorts by a click on a header, and keeps that for the next time', async () => {
    const screen = await openLag(harness, polled(), 'billing');
    await shown(screen);
    await screen.page.getByRole('button', { name: 'Topic' }).click();
    await screen.page.locator('[aria-sort="ascending"]').waitFor();
    const topics = await column(screen, 'Topic');
    assert.deepEqual(topics, topics.toSorted());
    const state = (await screen.state()) as LagPageState;
    assert.deepEqual(state.sort, { column: 'topic', descending: false });
    assert.deepEqual([state.cluster, state.group], ['local', 'billing']);
    assert.ok(!JSON.stringify(state).includes('18204'), 'no data in what is kept');
    await screen.close();

    const again = await openLag(harness, polled(), 'billing', { state });
    await shown(again);
    assert.deepEqual(await column(again, 'Topic'), topics);
    await again.close();
  });

  it('is worked by keyboard: filter, move, extend, copy, details, pause, back', async () => {
    const watch = polled();
    const screen = await openLag(harness, watch, 'billing');
    const { page } = screen;
    await shown(screen);

    await page.keyboard.press('/');
    await page.keyboard.type('orders billing-2');
    await statusIs(screen, '1 of 10 rows');
    await page.keyboard.press('Escape');
    await statusIs(screen, '10 rows');

    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    await statusIs(screen, '10 rows, 2 selected');
    await until('the page has told its host', () => lastSaid(screen, 'chart')?.keys.join() === 'orders/0,orders/2');
    const cursor = await page.evaluate(() => {
      const id = document.querySelector('[role=grid]')?.getAttribute('aria-activedescendant') ?? '';
      return document.getElementById(id)?.className;
    });
    assert.match(cursor ?? '', /cursor/);

    await page.keyboard.press('Control+c');
    await until('the page has told its host', () => lastSaid(screen, 'copy') !== undefined);
    const lines = lastSaid(screen, 'copy')!.text.split('\n');
    assert.equal(lines.length, 3);
    assert.match(lines[2] ?? '', /^orders\t2\tbilling-3\t9007199254741393\t/);

    await page.keyboard.press('Control+a');
    await statusIs(screen, '10 rows, 10 selected');

    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    await page.locator('.details h2').waitFor();
    assert.equal((await page.locator('.details h2').textContent())?.trim(), 'orders-0');
    await page.keyboard.press('Escape');
    await page.locator('.details').waitFor({ state: 'detached' });

    await page.keyboard.press('Space');
    await until('the page has told its host', () => lastSaid(screen, 'pause')?.paused === true);
    watch.poll(billing(60, Date.now()));
    await page.keyboard.press('Space');
    await page.waitForFunction(() => document.querySelector('.chart .figure')?.textContent === '15,712');
    assert.deepEqual(screen.problems, []);
    await screen.close();
  });

  it('reads out the chart by keyboard, and shows it as a table', async () => {
    const screen = await openLag(harness, polled(), 'billing');
    const { page } = screen;
    await shown(screen);
    await page.locator('.plot').focus();
    await page.keyboard.press('Home');
    await page.waitForFunction(() => document.querySelector('.readout .figure')?.textContent === '14,612');
    assert.equal(await page.locator('.readout').getAttribute('aria-live'), 'polite');
    await page.keyboard.press('ArrowRight');
    await page.waitForFunction(() => document.querySelector('.readout .figure')?.textContent === '14,712');
    await page.locator('[label="Show charts as tables"]').click();
    await page.locator('.chart-table td').first().waitFor();
    assert.deepEqual(await page.locator('.chart-table td').allTextContents(), ['14,912', '14,812', '14,712', '14,612']);
    await screen.close();
  });

  it('charts how old the next record was, with a table of the same facts, and keeps that choice', async () => {
    const now = Date.now();
    // Of the same moment, so that ages are whole seconds.
    const watch = new ScriptedWatch();
    watch.pollUnseen(billing(5, now));
    const timeLags = agesOf(now, { 'orders/0': 600, 'orders/2': 70 });
    const screen = await openLag(harness, watch, 'billing', { timeLags, state: stateOf({ selected: ['orders/2'] }) });
    const { page } = screen;
    await shown(screen);
    await page.getByLabel('What the charts show').selectOption('timeLag');
    for (const second of [5, 10]) watch.poll(billing(second, now + second * 1_000));
    const [group, partition] = [page.locator('.chart').first(), page.locator('.chart').nth(1)];
    await group.locator('.figure', { hasText: '10 min 10 s' }).waitFor();
    assert.equal((await group.locator('.title').textContent())?.trim(), 'Time lag of the group');
    await partition.locator('.figure', { hasText: '1 min 20 s' }).waitFor();
    await group.locator('.plot').focus();
    await page.keyboard.press('Home');
    await group.locator('.figure', { hasText: /^10 min$/ }).waitFor();
    await page.locator('[label="Show charts as tables"]').click();
    await page.locator('.chart-table td').first().waitFor();
    assert.deepEqual(await group.locator('td').allTextContents(), ['10 min 10 s', '10 min 5 s', '10 min']);
    assert.deepEqual(await partition.locator('td').allTextContents(), ['1 min 20 s', '1 min 15 s', '1 min 10 s']);
    assert.equal(((await screen.state()) as LagPageState).charted, 'timeLag');
    await page.getByLabel('What the charts show').selectOption('lag');
    await group.locator('td', { hasText: '14,612' }).first().waitFor();
    assert.deepEqual(screen.problems, []);
    await screen.close();
  });

  it('groups by topic and by member, and folds a group', async () => {
    const screen = await openLag(harness, polled(), 'billing');
    const { page } = screen;
    await shown(screen);
    await page.getByLabel('Group by').selectOption('topic');
    await shown(screen, 13);
    const labels = await page.locator('.line.group .name').allTextContents();
    assert.deepEqual(labels, ['orders', 'payments', 'returns']);
    await page.locator('.line.group').first().click();
    await page.waitForFunction(() => document.querySelectorAll('.lines > .line').length === 10);
    await page.getByLabel('Group by').selectOption('member');
    await page.waitForFunction(() => document.querySelectorAll('.line.group').length === 4);
    await screen.close();
  });

  it('hides and shows columns, and exports what is shown in its order', async () => {
    const screen = await openLag(harness, polled(), 'billing', { state: stateOf({ filter: 'orders' }) });
    const { page } = screen;
    await shown(screen, 3);
    await page.locator('kafka-toolbar-menu').last().locator('vscode-toolbar-button').click();
    await page.getByRole('menuitemcheckbox', { name: 'Host' }).click();
    await page.getByRole('columnheader', { name: 'Host' }).waitFor();
    assert.deepEqual(await column(screen, 'Host'), ['127.0.0.1', '127.0.0.1', '127.0.0.1']);
    await page.keyboard.press('Escape');
    await page.locator('kafka-toolbar-menu').first().locator('vscode-toolbar-button').click();
    await page.getByRole('menuitem', { name: 'CSV, what is shown' }).click();
    await until('the page has told its host', () => lastSaid(screen, 'export') !== undefined);
    assert.deepEqual(lastSaid(screen, 'export'), {
      type: 'export',
      format: 'csv',
      keys: ['orders/0', 'orders/2', 'orders/1'],
    });
    await screen.close();
  });

  it('takes names from outside for text, whatever they hold', async () => {
    const long = 't'.repeat(249);
    const hostile = '<img src=x onerror=alert(1)>\u202egnp.exe';
    const at = Date.now();
    const watch = new ScriptedWatch();
    watch.pollUnseen(
      aSnapshot({
        takenAt: at,
        topics: [aTopic(long, 1)],
        offsets: { [long]: [offsetsOf(0n, 5n)] },
        groups: [
          aGroup(hostile, {
            members: [aMember('m', { clientId: hostile, host: `/${hostile}` })],
            partitions: [aPartition(long, 0, { commit: committed(1n), owner: 'm' })],
          }),
        ],
      }),
    );
    const screen = await openLag(harness, watch, hostile, { width: 900 });
    await shown(screen, 1);
    assert.equal(await screen.page.locator('img').count(), 0);
    const visible = await screen.page.evaluate(() => document.body.innerText);
    assert.ok(!visible.includes('\u202e'), 'the mark that turns text round is not passed on');
    assert.ok(visible.includes('\\u202e'), 'but shown');
    const name = await screen.page.locator('.lines .name').first().boundingBox();
    assert.ok(name !== null && name.width < 400, 'a long name is cut');
    assert.equal(await screen.page.locator('.lines .name').first().getAttribute('title'), long);
    assert.deepEqual(screen.problems, []);
    await screen.close();
  });

  it('says what failed, offers to try again, and keeps the figures of before', async () => {
    const watch = new ScriptedWatch();
    watch.fail('127.0.0.1:9092 answered, but not as Kafka (HTTP?). Check the port.', Date.now());
    const screen = await openLag(harness, watch, 'billing');
    const { page } = screen;
    await page.getByRole('alert').waitFor();
    assert.match((await page.getByRole('alert').textContent()) ?? '', /not as Kafka \(HTTP\?\)/);
    await page.getByRole('button', { name: 'Retry' }).click();
    await until('the page has told its host', () => watch.refreshed === 1);

    watch.poll(billing(0, Date.now()));
    await shown(screen);
    watch.fail('127.0.0.1:9092 does not answer.', Date.now());
    await page.locator('.notice.failed').waitFor();
    assert.equal(await page.locator('.lines > .line').count(), 10);
    assert.equal(await page.locator('.age.stale').count(), 1);
    watch.poll(billing(5, Date.now()));
    await page.locator('.notice.failed').waitFor({ state: 'detached' });
    await screen.close();
  });

  it('scrolls through 10,000 partitions with some fifty lines in the document, to the last', async () => {
    const screen = await openLag(
      harness,
      polled((second, at) => large(10_000, second, at)),
      'large',
    );
    const { page } = screen;
    await statusIs(screen, '10,000 rows');
    await page.locator('.table').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('End');
    await page.waitForFunction(() => document.querySelector('.line.cursor')?.getAttribute('aria-rowindex') === '10001');
    // The line under the cursor is always in the document, so it may be there before it is in view.
    await page.waitForFunction(() => {
      const line = document.querySelector('.line.cursor')?.getBoundingClientRect();
      const table = document.querySelector('.table')!.getBoundingClientRect();
      return line !== undefined && line.top >= table.top && line.bottom <= table.bottom;
    });
    assert.ok((await page.locator('.lines > .line').count()) < 60);
    assert.deepEqual(screen.problems, []);
    await screen.close();
  });
});

/** Next records that were written so many seconds before `now`. */
function agesOf(now: number, seconds: Readonly<Record<string, number>>): Pick<TimeLags, 'next' | 'update'> {
  return {
    next: ({ topic, partition }) => {
      const age = seconds[`${topic}/${partition}`];
      return age === undefined ? undefined : { kind: 'written', at: now - age * 1_000, clock: 'CreateTime' };
    },
    update: () => Promise.resolve(false),
  };
}

function stateOf(change: Partial<LagPageState>): LagPageState {
  return { cluster: 'local', group: 'billing', ...change };
}
