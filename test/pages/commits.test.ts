import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { FromCommitsPage } from '../../src/ui/panels/commits/protocol.ts';
import { classicGroup, commitOf } from '../support/offsetsSlices.ts';
import { until } from '../support/until.ts';
import { billing, ScriptedWatch } from '../unit/panelsFixtures.ts';
import { openCommits, ScriptedTopic, type CommitsScreen } from './commitsScreen.ts';
import { PageHarness } from './harness.ts';
import { themes, type ThemeName } from './themes.ts';

let harness: PageHarness;
before(async () => {
  harness = await PageHarness.start();
});
after(() => harness.stop());

const second = 1_000;

function polled(): ScriptedWatch {
  const watch = new ScriptedWatch();
  const now = Date.now();
  for (let poll = 1; poll <= 4; poll++) watch.pollUnseen(billing(poll * 5, now - (4 - poll) * 5_000));
  return watch;
}

/** Ten minutes of three partitions, each committed every 5 s; billing-2-b goes back 300 records each minute. */
function rewinding(): ScriptedTopic {
  const topic = new ScriptedTopic();
  const from = Date.now() - 600 * second;
  const owners = ['billing-1-a', 'billing-2-b', 'billing-3-c'];
  topic.append(
    from,
    classicGroup(
      'billing',
      7,
      owners.map((id, index) => ({ id, assigned: { orders: [index] } })),
      from,
    ),
  );
  const offsets = [10_000, 5_000, 900_000];
  for (let round = 1; round <= 118; round++) {
    const at = from + round * 5 * second;
    for (let partition = 0; partition < 3; partition++) {
      offsets[partition]! += partition === 1 && round % 12 === 0 ? -300 : 40 + ((round * 7 + partition) % 20);
      topic.append(
        at,
        commitOf('billing', 'orders', partition, BigInt(offsets[partition]!), at, {
          metadata: partition === 2 ? '<b>host\u202e-7</b>' : '',
        }),
      );
    }
  }
  return topic;
}

async function picture(screen: CommitsScreen, name: string): Promise<void> {
  const folder = join(import.meta.dirname, '..', '..', 'out', 'screenshots');
  await mkdir(folder, { recursive: true });
  await screen.page.screenshot({ path: join(folder, `${name}.png`) });
}

async function shown(screen: CommitsScreen): Promise<void> {
  await screen.page.locator('.lines > .line').first().waitFor();
}

const status = (screen: CommitsScreen, words: string): Promise<void> =>
  until(`the status line says ${words}`, async () =>
    (await screen.page.locator('.status').textContent())!.includes(words),
  );

/** The last message of that type, once there is one. */
async function saidOf<T extends FromCommitsPage['type']>(
  { said }: CommitsScreen,
  type: T,
): Promise<Extract<FromCommitsPage, { type: T }>> {
  const isOf = (message: FromCommitsPage): message is Extract<FromCommitsPage, { type: T }> => message.type === type;
  await until(`the page says ${type}`, () => said.some(isOf));
  return said.findLast(isOf)!;
}

const cells = (screen: CommitsScreen, column: number): Promise<string[]> =>
  screen.page
    .locator('.lines > .line')
    .evaluateAll(
      (lines, index) => lines.map((line) => line.querySelectorAll('.cell')[index]?.textContent?.trim() ?? ''),
      column,
    );

describe('the commit log page', () => {
  for (const theme of Object.keys(themes) as ThemeName[]) {
    it(`runs under its content security policy without a word in the ${theme} theme`, async () => {
      const screen = await openCommits(harness, polled(), rewinding(), { theme });
      await shown(screen);
      await screen.page.locator('.uplot').first().waitFor();
      await picture(screen, `commits-${theme}`);
      assert.deepEqual(screen.problems, []);
      await screen.close();
    });
  }

  it('says in sentences what stands out, and shows the commits of it', async () => {
    const screen = await openCommits(harness, polled(), rewinding());
    const { page } = screen;
    await shown(screen);
    const finding = page.locator('.finding[data-kind="rewinds"]');
    assert.match(
      (await finding.textContent())!,
      /orders-1 went back 9 times .*2,700 records in all are processed twice/s,
    );
    assert.match((await finding.textContent())!, /billing-2|bil owned the partition before and after, in generation 7/);
    await finding.getByRole('button', { name: 'Show commits' }).click();
    await status(screen, '9 of 354 rows');
    assert.deepEqual([...new Set(await cells(screen, 2))], ['rewind']);
    await picture(screen, 'commits-finding');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const details = page.locator('.details');
    await details.waitFor();
    assert.match((await details.textContent())!, /Processed twice\s*300 records/);
    await picture(screen, 'commits-details');
    await page.keyboard.press('Escape');
    await details.waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await status(screen, '354 rows');
    assert.deepEqual(screen.problems, []);
    await screen.close();
  });

  it('filters as typed, by kind and by partition, and copies and exports what is shown', async () => {
    const screen = await openCommits(harness, polled(), rewinding());
    const { page } = screen;
    await shown(screen);
    await page.getByRole('grid').focus();
    await page.keyboard.press('/');
    await page.keyboard.type('orders-2');
    await status(screen, '118 of 354 rows');
    await page.keyboard.press('Escape');
    await page.getByLabel('Which commits').selectOption('rewind');
    await status(screen, '9 of 354 rows');
    await page.getByRole('grid').focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Control+c');
    const copied = await saidOf(screen, 'copy');
    assert.equal(copied.text.split('\n').length, 10);
    assert.match(copied.text.split('\n')[1]!, /\torders-1\trewind\t\d+\t-300\t5000\t/);
    await page.locator('.lines > .line').first().click();
    await page.getByRole('button', { name: 'Reset to this commit...' }).click();
    await page.getByRole('menuitem', { name: /^All partitions as of / }).click();
    const reset = await saidOf(screen, 'reset');
    assert.deepEqual([reset.what, screen.feed.rows([reset.id])[0]!.kind], ['all', 'rewind']);
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('menuitem', { name: 'CSV, what is shown' }).click();
    const exported = await saidOf(screen, 'export');
    assert.equal(exported.ids?.length, 9);
    assert.equal(
      screen.feed.rows(exported.ids).every(({ kind }) => kind === 'rewind'),
      true,
    );
    await page.getByLabel('Which commits').selectOption('all');
    await page.locator('select[aria-label="Partition"]').selectOption('orders/0');
    await status(screen, '118 of 354 rows');
    assert.equal(((await screen.state()) as { only: string }).only, 'orders/0');
    await screen.close();
  });

  it("shows each partition's figures, and opens one by Enter", async () => {
    const screen = await openCommits(harness, polled(), rewinding());
    const { page } = screen;
    await shown(screen);
    await page.getByLabel('Table', { exact: true }).selectOption('partitions');
    await page.locator('.of-partitions .lines > .line').first().waitFor();
    await picture(screen, 'commits-partitions');
    // Those of the poll that the topic does not tell of are there too.
    assert.ok((await cells(screen, 0)).some((text) => text.startsWith('payments')));
    await page.getByRole('grid').focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await status(screen, '118 of 354 rows');
    await screen.close();
  });

  it('follows live, stands still while paused, and loses nothing of it', async () => {
    const topic = rewinding();
    const screen = await openCommits(harness, polled(), topic);
    const { page } = screen;
    await shown(screen);
    const offset = (await cells(screen, 3))[0];
    const now = Date.now();
    topic.append(now, commitOf('billing', 'orders', 0, 99_001n, now));
    await until('the new commit is there', async () => (await cells(screen, 3))[0] === '99,001');
    assert.notEqual(offset, '99,001');
    await page.getByRole('grid').focus();
    await page.keyboard.press('Space');
    await saidOf(screen, 'pause');
    topic.append(now + 1, commitOf('billing', 'orders', 0, 99_050n, now + 1));
    await until('the host has read it', () => screen.feed.model.count === 356);
    assert.equal((await cells(screen, 3))[0], '99,001');
    await page.keyboard.press('Space');
    await until('the page goes on', async () => (await cells(screen, 3))[0] === '99,050');
    await screen.close();
  });

  it('goes on from what it has when it is shown again, and reads all anew only when told to', async () => {
    const topic = rewinding();
    const screen = await openCommits(harness, polled(), topic);
    await shown(screen);
    await status(screen, 'follows live');
    const before = await cells(screen, 3);
    const read = screen.feed.rows().length;
    screen.feed.stop();
    topic.append(Date.now(), commitOf('billing', 'orders', 0, 77_777n, Date.now()));
    screen.feed.start();
    await until('what came meanwhile is there', async () => (await cells(screen, 3))[0] === '77,777');
    assert.deepEqual((await cells(screen, 3)).slice(1, 6), before.slice(0, 5));
    assert.equal(screen.feed.rows().length, read + 1);
    assert.equal(topic.opened, 1);
    screen.feed.retry();
    await until('all is read again', () => topic.opened === 2 && screen.feed.rows().length === read + 1);
    await screen.close();
  });

  it('shows hostile text and harms nothing by it', async () => {
    const screen = await openCommits(harness, polled(), rewinding(), { width: 1_300 });
    await shown(screen);
    await screen.page.getByRole('button', { name: 'Hide charts' }).click();
    const metadata = (await cells(screen, 9)).find((text) => text !== '');
    assert.match(metadata!, /^<b>host.*-7<\/b>$/);
    assert.doesNotMatch(metadata!, /\u202e/);
    await screen.close();
  });

  it('says what is known where the topic is denied', async () => {
    const topic = new ScriptedTopic();
    topic.failure = {
      failure: {
        kind: 'denied',
        message: 'Topic __consumer_offsets: Topic authorization failed.',
        code: 'TOPIC_AUTHORIZATION_FAILED',
      },
    };
    const screen = await openCommits(harness, polled(), topic);
    await screen.page.locator('.notice.failed').waitFor();
    assert.match(
      (await screen.page.locator('.notice.failed').textContent())!,
      /authorization failed.*Past commits are unknown/s,
    );
    await shown(screen);
    assert.ok((await cells(screen, 1)).includes('18,204'));
    await picture(screen, 'commits-denied');
    topic.failure = undefined;
    await screen.page.locator('.notice.failed').getByRole('button', { name: 'Retry' }).click();
    await until('it is read again', () => topic.opened === 2);
    await screen.page.locator('.notice.failed').waitFor({ state: 'detached' });
    await screen.close();
  });

  it('is of use where it is narrow, and says when nothing is connected', async () => {
    const screen = await openCommits(harness, polled(), rewinding(), { width: 500, height: 700 });
    await shown(screen);
    await picture(screen, 'commits-narrow');
    await screen.close();
    const none = await openCommits(harness, undefined, new ScriptedTopic());
    await none.page.locator('.problem').waitFor();
    await none.close();
  });
});
