import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { HumanError } from '../../src/shared/errors.ts';
import { BatchesFeed } from '../../src/ui/panels/batches/batchesFeed.ts';
import { exportBatches } from '../../src/ui/panels/batches/exportBatches.ts';
import type { BatchesPageState, FromBatchesPage } from '../../src/ui/panels/batches/protocol.ts';
import { ScriptedBatches } from '../support/batchSources.ts';
import { until } from '../support/until.ts';
import { PageHarness, type OpenOptions, type OpenPage } from './harness.ts';
import { themes, type ThemeName } from './themes.ts';

let harness: PageHarness;
before(async () => {
  harness = await PageHarness.start();
});
after(() => harness.stop());

interface Screen extends OpenPage {
  readonly feed: BatchesFeed;
  readonly said: FromBatchesPage[];
}

/** The page with the feed that VS Code would give it, over batches that a test wrote. */
async function open(
  batches: ScriptedBatches,
  options: Partial<OpenOptions<FromBatchesPage>> = {},
  refusal?: HumanError,
): Promise<Screen> {
  const said: FromBatchesPage[] = [];
  const opened = Promise.withResolvers<OpenPage>();
  let last: Promise<unknown> = opened.promise;
  const feed = new BatchesFeed({
    cluster: 'local',
    topic: 'orders',
    open: async () => {
      if (refusal !== undefined) throw refusal;
      return batches.source;
    },
    send: (message) => {
      last = last.then(async () => (await opened.promise).send(message)).catch(() => {});
    },
    onError: (error) => assert.fail(error as Error),
  });
  const page = await harness.open<FromBatchesPage>({
    page: 'batches',
    target: { cluster: 'local', topic: 'orders', partition: '0', position: '{"at":"start"}' },
    ...options,
    receive: (message) => {
      said.push(message);
      if (message.type === 'ready') void feed.start(message.partition, message.position);
      else if (message.type === 'seek') void feed.seek(message.partition, message.position);
      else if (message.type === 'more') void feed.more();
      else if (message.type === 'earlier') void feed.earlier();
      else if (message.type === 'cancel') feed.cancel();
      else if (message.type === 'retry') void feed.retry();
      else if (message.type === 'records') void feed.records(message.baseOffset, message.from);
    },
  });
  opened.resolve(page);
  return { ...page, feed, said };
}

async function status(screen: Screen, pattern: RegExp): Promise<void> {
  await until(`the status says ${pattern}`, async () =>
    pattern.test((await screen.page.locator('.status').textContent())!.replace(/\s+/g, ' ')),
  );
}

async function cells(screen: Screen, title: string): Promise<string[]> {
  return screen.page.evaluate((wanted) => {
    const titles = [...document.querySelectorAll('.line.head .title')].map((one) => one.textContent);
    const index = titles.indexOf(wanted);
    return [...document.querySelectorAll<HTMLElement>('.lines > .line')]
      .sort((a, b) => Number(a.dataset['index']) - Number(b.dataset['index']))
      .map((line) => line.children[index]?.textContent.trim() ?? '');
  }, title);
}

describe('the batches page', () => {
  for (const theme of Object.keys(themes) as ThemeName[]) {
    it(`runs under its content security policy without a word in the ${theme} theme`, async () => {
      const screen = await open(new ScriptedBatches(30), { theme });
      await status(screen, /^ 30 rows/);
      await screen.page.locator('.lines > .line').nth(3).dblclick();
      await screen.page.locator('.records tbody tr').first().waitFor();
      const folder = process.env['SHOTS'];
      if (folder !== undefined) await screen.page.screenshot({ path: `${folder}/batches-${theme}.png` });
      assert.deepEqual(screen.problems, []);
      await screen.close();
    });
  }

  it('shows each kind of batch with a word, unknown figures as -, and what they come to', async () => {
    const screen = await open(new ScriptedBatches(14), { width: 1500 });
    await status(screen, /^ 14 rows/);
    const [states, counts, producers, crcs] = await Promise.all(
      ['State', 'Records', 'Producer id', 'CRC'].map((title) => cells(screen, title)),
    );
    assert.equal(states![3], 'aborted');
    assert.equal(states![4], 'emptied');
    assert.equal(states![10], 'commit marker');
    assert.equal(states![12], 'damaged');
    assert.equal(counts![1], '2');
    assert.equal(producers![0], '4711');
    assert.equal(producers![1], '-');
    assert.match(crcs![0]!, /^0x[\da-f]{8}$/);
    const summary = (await screen.page.locator('.summary').textContent())!.replace(/\s+/g, ' ');
    assert.match(summary, /Records 66 .*Markers 1 Emptied 2 Damaged 1/);
    await screen.close();
  });

  it('reads on as one scrolls, and back from the end', async () => {
    const batches = new ScriptedBatches(1_000);
    const screen = await open(batches);
    await status(screen, /^ 200 rows/);
    await screen.page.locator('.table').evaluate((table) => table.scrollTo(0, table.scrollHeight));
    await status(screen, /^ 400 rows/);
    await screen.page.locator('vscode-toolbar-button[icon="fold-down"]').click();
    await status(screen, /The end of the log/);
    const first = BigInt((await cells(screen, 'Base offset'))[0]!.replaceAll(',', ''));
    assert.ok(first > batches.end - 1_100n);
    await screen.page.getByText('Read earlier', { exact: true }).click();
    await until('earlier ones came', async () => {
      const now = BigInt((await cells(screen, 'Base offset'))[0]!.replaceAll(',', ''));
      return now < first;
    });
    const shown = screen.feed.shown().map(({ baseOffset }) => BigInt(baseOffset));
    assert.deepEqual(
      shown,
      shown.toSorted((a, b) => (a < b ? -1 : 1)),
      'in order',
    );
    assert.equal(new Set(shown).size, shown.length, 'each once');
    await screen.close();
  });

  it('goes to an offset and to a time, keeps where it is, and shows a batch and its records', async () => {
    const batches = new ScriptedBatches(60);
    const screen = await open(batches);
    await status(screen, /^ 60 rows/);
    const box = screen.page.locator('.position input');
    await box.fill('1,100');
    await box.press('Enter');
    await until('it is asked for', () => screen.said.at(-1)?.type === 'seek');
    assert.deepEqual(screen.said.at(-1), { type: 'seek', partition: 0, position: { at: 'offset', offset: '1100' } });
    await status(screen, /^ \d\d rows/);
    assert.deepEqual(((await screen.state()) as BatchesPageState).position, { at: 'offset', offset: '1100' });
    await box.fill('2026-03-01T12:00');
    await box.press('Enter');
    await screen.page.getByText('No batches from here on').waitFor();
    await screen.page.locator('vscode-toolbar-button[icon="fold-up"]').click();
    await status(screen, /^ 60 rows/);

    await screen.page.locator('.table').focus();
    await screen.page.keyboard.press('ArrowDown');
    await screen.page.keyboard.press('ArrowDown');
    await screen.page.keyboard.press('Enter');
    await screen.page.locator('.records tbody tr').nth(1).waitFor();
    const row = (await screen.page.locator('.records tbody tr').nth(1).textContent())!.replace(/\s+/g, ' ');
    assert.match(row, /1,005.*key 1.*"order": 1/);
    await screen.page.locator('.records vscode-toolbar-button').first().click();
    await until('it is asked for', () => screen.said.at(-1)?.type === 'replay');
    assert.deepEqual(screen.said.at(-1), { type: 'replay', offset: '1004' });
    await screen.page.keyboard.press('Escape');
    await screen.page.locator('.details').waitFor({ state: 'detached' });
    await screen.page.keyboard.press('Control+c');
    await until('it is copied', () => screen.said.at(-1)?.type === 'copy');
    const copy = screen.said.findLast((message) => message.type === 'copy');
    assert.match(copy!.text, /^Base offset\tLast offset\tRecords/);
    await screen.close();
  });

  it('says why there is nothing, what failed, and what of it still stands', async () => {
    const empty = await open(new ScriptedBatches(0));
    await empty.page.getByText('The partition holds no batches').waitFor();
    await empty.close();

    const refused = await open(new ScriptedBatches(3), { theme: 'light' }, new HumanError('local is not connected.'));
    await refused.page.getByText('local is not connected.').waitFor();
    const folder = process.env['SHOTS'];
    if (folder !== undefined) await refused.page.screenshot({ path: `${folder}/batches-failed.png` });
    await refused.close();

    const batches = new ScriptedBatches(1_000);
    const partly = await open(batches, { width: 420 });
    await status(partly, /^ 200 rows/);
    batches.failure = new HumanError('Broker 2 cannot be reached.');
    await partly.page.getByText('Read on', { exact: true }).click();
    await status(partly, /Broker 2 cannot be reached/);
    assert.equal(partly.feed.shown().length, 200);
    if (folder !== undefined) await partly.page.screenshot({ path: `${folder}/batches-narrow.png` });
    batches.failure = undefined;
    await partly.page.getByText('Read on', { exact: true }).click();
    await status(partly, /^ 400 rows/);
    await partly.close();
  });

  it('holds nothing while it is hidden, and drops what comes too late', async () => {
    const batches = new ScriptedBatches(10);
    const screen = await open(batches);
    await status(screen, /^ 10 rows/);
    const gate = Promise.withResolvers<void>();
    batches.gate = gate.promise;
    const late = screen.feed.seek(0, { at: 'start' });
    screen.feed.stop();
    gate.resolve();
    await late;
    assert.equal(screen.feed.shown().length, 0);
    await screen.close();
  });

  it('offers by the right button what can be done with a batch, and copies what is shown where the selected is not', async () => {
    const screen = await open(new ScriptedBatches(14));
    const { page, said } = screen;
    await status(screen, /^ 14 rows/);
    const item = (text: string) => page.locator('.context-menu .menu-item', { hasText: text });
    await page.locator('.lines > .line').nth(2).click({ button: 'right' });
    await item('Tail from here').click();
    await until('it is asked for', () => said.some(({ type }) => type === 'tail'));
    const [first, , third] = screen.feed.shown();
    assert.deepEqual(said.at(-1), { type: 'tail', offset: third!.baseOffset });
    await page.keyboard.press('Shift+F10');
    await item('Show details').click();
    await page.locator('.details.batch').waitFor();
    await page.locator('.filter input').fill(first!.baseOffset);
    await status(screen, /1 of 14 rows/);
    await page.locator('vscode-toolbar-button[label="Copy (Ctrl+C)"]').click();
    await until('it is copied', () => said.at(-1)?.type === 'copy');
    const copied = said.at(-1);
    assert.ok(copied?.type === 'copy' && copied.text.split('\n').length === 2, JSON.stringify(copied));
    assert.ok(copied.text.includes(first!.baseOffset));
    await screen.close();
  });

  it('exports every fact', async () => {
    const batches = new ScriptedBatches(14);
    const screen = await open(batches);
    await status(screen, /^ 14 rows/);
    const rows = screen.feed.shown();
    const csv = exportBatches({ cluster: 'local', topic: 'orders', partition: 0, rows }, 'csv').split('\r\n');
    assert.equal(csv.length, 16);
    assert.match(csv[0]!, /^baseOffset,lastOffset,count,size/);
    assert.match(csv[13]!, /false,its CRC-32C/);
    const json = JSON.parse(exportBatches({ cluster: 'local', topic: 'orders', partition: 0, rows }, 'json')) as {
      batches: Record<string, unknown>[];
    };
    assert.equal(json.batches[0]!['baseOffset'], 1000);
    assert.equal(json.batches[1]!['producerId'], null);
    await screen.close();
  });
});
