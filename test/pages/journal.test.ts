import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { Journal } from '../../src/changes/journal/entry.ts';
import { importEntries } from '../../src/changes/journal/json.ts';
import { HumanError } from '../../src/shared/errors.ts';
import { exportJournal } from '../../src/ui/panels/journal/exportJournal.ts';
import { JournalFeed } from '../../src/ui/panels/journal/journalFeed.ts';
import type { FromJournalPage, JournalPageState } from '../../src/ui/panels/journal/protocol.ts';
import { pastEntry, resetEntry, temporaryJournal } from '../support/journals.ts';
import { until } from '../support/until.ts';
import { PageHarness, type OpenOptions, type OpenPage } from './harness.ts';
import { themes, type ThemeName } from './themes.ts';

let harness: PageHarness;
let own: Awaited<ReturnType<typeof temporaryJournal>>;
let journal: Journal;
const feeds: JournalFeed[] = [];

before(async () => {
  harness = await PageHarness.start();
});
after(() => harness.stop());

interface Screen extends OpenPage {
  readonly feed: JournalFeed;
  readonly said: FromJournalPage[];
}

/** The page with the feed that VS Code would give it, over a real journal. */
async function open(
  options: Partial<OpenOptions<FromJournalPage>> & { readonly journal?: () => Promise<Journal> } = {},
): Promise<Screen> {
  const { journal: get = () => Promise.resolve(journal), ...more } = options;
  const said: FromJournalPage[] = [];
  const opened = Promise.withResolvers<OpenPage>();
  let last: Promise<unknown> = opened.promise;
  const feed = new JournalFeed({
    file: '/home/someone/changes.sqlite',
    open: get,
    kafkaOf: () => Promise.reject(new HumanError('local is not connected.', 'Connect it.')),
    bootstrapOf: () => 'localhost:9092',
    onChanged: () => {},
    send: (message) => {
      last = last.then(async () => (await opened.promise).send(message)).catch(() => {});
    },
    onError: (error) => assert.fail(error as Error),
  });
  feeds.push(feed);
  const page = await harness.open<FromJournalPage>({
    page: 'journal',
    ...more,
    receive: (message) => {
      said.push(message);
      if (message.type === 'ready') void feed.start();
      else if (message.type === 'details') void feed.details(message.id);
      else if (message.type === 'examine') void feed.examine(message.id);
      else if (message.type === 'retry') void feed.retry();
    },
  });
  opened.resolve(page);
  return { ...page, feed, said };
}

async function lines(screen: Screen): Promise<string[]> {
  const texts = await screen.page.locator('.list .lines > .line').allTextContents();
  return texts.map((text) => text.replace(/\s+/g, ' ').trim());
}

const day = Date.UTC(2026, 2, 1, 12);

function fill(): void {
  const details = { reason: 'stuck', members: [{ id: 'billing-1-uuid', instanceId: 'billing-1' }] };
  journal.add([
    pastEntry('a', day, resetEntry('billing', 3), ['done', 'done', 'done']),
    pastEntry('b', day + 1_000, resetEntry('shipping', 3), ['done', 'refused', 'refused']),
    pastEntry('c', day + 2_000, resetEntry('nightly', 12), []),
    pastEntry('d', day + 3_000, resetEntry('billing', 3, { kind: 'undo', undoes: 'a' }), ['done', 'done', 'done']),
    pastEntry('e', day + 4_000, resetEntry('billing', 0, { kind: 'remove-members', details }), ['done'].slice(1) as []),
  ]);
  journal.begin({
    ...resetEntry('billing', 3, { kind: 'snapshot', name: 'before the release' }),
    positions: resetEntry('billing', 3).positions.map((one) => ({ ...one, after: undefined })),
  });
}

describe('the journal page', () => {
  beforeEach(async () => {
    own = await temporaryJournal();
    journal = own.journal;
  });

  afterEach(async () => {
    for (const feed of feeds.splice(0)) feed.dispose();
    await own.remove();
  });

  for (const theme of Object.keys(themes) as ThemeName[]) {
    it(`runs under its content security policy without a word in the ${theme} theme`, async () => {
      fill();
      const screen = await open({ theme });
      await until('all are listed', async () => (await lines(screen)).length === 6);
      await screen.page.locator('.list .lines > .line', { hasText: 'shipping' }).dblclick();
      await screen.page.locator('.details .lines > .line').first().waitFor();
      const folder = process.env['SHOTS'];
      if (folder !== undefined) await screen.page.screenshot({ path: `${folder}/journal-${theme}.png` });
      assert.deepEqual(screen.problems, []);
      await screen.close();
    });
  }

  it('lists what was changed, newest first, each with how it stands', async () => {
    fill();
    const screen = await open();
    await until('all are listed', async () => (await lines(screen)).length === 6);
    const shown = await lines(screen);
    assert.match(shown[0]!, /Snapshot billing kept before the release local 3$/);
    assert.match(shown[1]!, /Remove members billing interrupted local -$/);
    assert.match(shown[3]!, /Reset nightly interrupted local 12$/);
    assert.match(shown[4]!, /Reset shipping 1 of 3 done local 3$/);
    assert.match(shown[5]!, /Reset billing undone local 3$/);
    assert.match((await screen.page.locator('.verdict').textContent())!, /2 changes were interrupted/);
    assert.match((await screen.page.locator('.status').textContent())!, /changes\.sqlite/);
    await screen.page.keyboard.press('/');
    await screen.page.keyboard.type('shipping');
    await until('the filter holds', async () => (await lines(screen)).length === 1);
    assert.equal(((await screen.state()) as JournalPageState).filter, 'shipping');
    await screen.close();
  });

  it('shows a change with each partition before and after, and what became of it', async () => {
    fill();
    const screen = await open({ width: 1500 });
    await screen.page.locator('.list .lines > .line', { hasText: 'shipping' }).dblclick();
    const details = screen.page.locator('.details');
    await until('partitions are there', async () => (await details.locator('.lines > .line').count()) === 3);
    const rows = (await details.locator('.lines > .line').allTextContents()).map((text) =>
      text.replace(/\s+/g, ' ').trim(),
    );
    assert.match(rows[0]!, /orders-0 100 50 done$/);
    await details.locator('.fact', { hasText: 'refused (2): Group billing has members (again)' }).waitFor();
    assert.match(rows[1]!, /orders-1 no commit 51 refused: Group billing has members/);
    await details.getByText('Undo...').click();
    await until('it is asked for', () => screen.said.at(-1)?.type === 'undo');
    assert.deepEqual(screen.said.at(-1), { type: 'undo', id: 'b' });
    await details.getByText('Copy as command').click();
    await until('it is copied', () => screen.said.at(-1)?.type === 'copyCommand');
    assert.deepEqual(screen.said.at(-1), { type: 'copyCommand', id: 'b' });
    assert.match(
      (await screen.feed.command('b'))!,
      /kafka-consumer-groups --bootstrap-server localhost:9092 --group shipping/,
    );
    await screen.page.keyboard.press('Escape');
    await details.waitFor({ state: 'detached' });
    await screen.close();
  });

  it('says why there is no way back, and leads from a change to the one that took it back', async () => {
    fill();
    const screen = await open({ width: 1500 });
    await screen.page.locator('.list .lines > .line', { hasText: 'Remove members' }).dblclick();
    const details = screen.page.locator('.details');
    await details.getByText('Removed members cannot be brought back').waitFor();
    await details.getByText('Member billing-1').waitFor();
    await details.getByText('Reason: stuck').waitFor();
    assert.equal(await details.getByText('Undo...').count(), 0);
    await screen.page.locator('.list .lines > .line', { hasText: 'undone' }).click();
    await details.getByText('Show').click();
    await details.getByText('Takes back').waitFor();
    assert.equal(((await screen.state()) as JournalPageState).details, 'd');
    await screen.close();
  });

  it('asks the broker what an interrupted change has reached, and says why it cannot', async () => {
    fill();
    const screen = await open({ width: 1500, height: 800 });
    await screen.page.locator('.list .lines > .line', { hasText: 'nightly' }).dblclick();
    await screen.page.getByText('Ask the broker what it reached').click();
    await screen.page.getByText('local is not connected. Connect it.').waitFor();
    await screen.page.getByText('Ask again').waitFor();
    const folder = process.env['SHOTS'];
    if (folder !== undefined) await screen.page.screenshot({ path: `${folder}/journal-interrupted.png` });
    await screen.close();
  });

  it('follows what is written while it is on show, and keeps what is selected', async () => {
    fill();
    const screen = await open();
    await until('all are listed', async () => (await lines(screen)).length === 6);
    await screen.page.locator('.list .lines > .line', { hasText: 'shipping' }).click();
    journal.finish(journal.begin(resetEntry('invoices', 2)), 'done', []);
    await screen.feed.refresh();
    await until('the new one is there', async () => (await lines(screen)).length === 7);
    assert.match((await lines(screen))[0]!, /invoices/);
    assert.equal(await screen.page.locator('.line.selected', { hasText: 'shipping' }).count(), 1);
    await screen.page.keyboard.press('Delete');
    await until('it asks to remove it', () => screen.said.at(-1)?.type === 'remove');
    assert.deepEqual(screen.said.at(-1), { type: 'remove', ids: ['b'] });
    await screen.close();
  });

  it('says what to do where nothing was changed, and what failed where it cannot be read', async () => {
    const empty = await open();
    await empty.page.getByText('Nothing has been changed from here yet').waitFor();
    const folder = process.env['SHOTS'];
    if (folder !== undefined) await empty.page.screenshot({ path: `${folder}/journal-empty.png` });
    await empty.close();
    let isBroken = true;
    const screen = await open({
      journal: () => (isBroken ? Promise.reject(new HumanError('The disk is full.')) : Promise.resolve(journal)),
    });
    await screen.page.getByText('The disk is full.').waitFor();
    isBroken = false;
    fill();
    await screen.page.getByText('Retry').click();
    await until('all are listed', async () => (await lines(screen)).length === 6);
    await screen.close();
  });

  it('fits a narrow editor', async () => {
    fill();
    const screen = await open({ width: 480, height: 700, state: { details: 'b' } });
    await screen.page.locator('.details .lines > .line').first().waitFor();
    const wide = await screen.page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= 480, String(wide));
    const folder = process.env['SHOTS'];
    if (folder !== undefined) await screen.page.screenshot({ path: `${folder}/journal-narrow.png` });
    await screen.close();
  });

  it('exports JSON that comes back the same, and a line of CSV for each partition', async () => {
    fill();
    const screen = await open();
    // Else its feed could begin to look for news after it was told that it is over, which would never end.
    await until('all are listed', async () => (await lines(screen)).length === 6);
    const entries = await screen.feed.entries();
    assert.deepEqual(importEntries(exportJournal(entries, 'json')), entries);
    const csv = exportJournal(await screen.feed.entries(['b']), 'csv').split('\r\n');
    assert.equal(csv.length, 5);
    assert.match(csv[1]!, /^2026-03-01T12:00:01\.000Z,local,id,reset,shipping,failed,,orders,0,100,50,done,50,$/);
    await screen.close();
  });
});
