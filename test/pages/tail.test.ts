import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { RecordDetails, TailPageState, TailRow } from '../../src/ui/panels/tail/protocol.ts';
import { until } from '../support/until.ts';
import { PageHarness } from './harness.ts';
import { aRecord, noon, openTail, read, ScriptedTail, type TailScreen } from './tailScreen.ts';
import { themes, type ThemeName } from './themes.ts';

let harness: PageHarness;
before(async () => {
  harness = await PageHarness.start();
});
after(() => harness.stop());

const million = 1_000_000;

async function shown(screen: TailScreen): Promise<void> {
  await screen.page.locator('.lines > .line:not(.pending)').first().waitFor();
}

/** aria-rowindex counts from 1, and the header is the first row. */
async function cursorAt(screen: TailScreen, index: number): Promise<void> {
  await screen.page.waitForFunction((wanted) => {
    const line = document.querySelector('.line.cursor:not(.pending)');
    if (line?.getAttribute('aria-rowindex') !== String(wanted)) return false;
    const box = line.getBoundingClientRect();
    const table = document.querySelector('.table')!.getBoundingClientRect();
    return box.top >= table.top + 23 && box.bottom <= table.bottom;
  }, index + 2);
}

/** The text of a column's cells, from the first line in view to the last. */
function column(screen: TailScreen, title: string): Promise<string[]> {
  return screen.page.evaluate((wanted) => {
    const titles = [...document.querySelectorAll('.line.head .title')].map((one) => one.textContent);
    const table = document.querySelector('.table')?.getBoundingClientRect();
    if (table === undefined) return [];
    return [...document.querySelectorAll<HTMLElement>('.lines > .line')]
      .filter((line) => {
        const { top, bottom } = line.getBoundingClientRect();
        return top >= table.top + 20 && bottom <= table.bottom + 4;
      })
      .sort((a, b) => Number(a.dataset['index']) - Number(b.dataset['index']))
      .map((line) => line.children[titles.indexOf(wanted)]?.textContent.trim() ?? '');
  }, title);
}

async function focused(screen: TailScreen, name: string): Promise<void> {
  await screen.page.waitForFunction((wanted) => document.activeElement?.classList.contains(wanted), name);
}

/** Goes on with the key until the focus is on what has that id or begins with that label. */
async function tabTo(screen: TailScreen, key: 'Tab' | 'Shift+Tab', wanted: string): Promise<void> {
  const seen: string[] = [];
  for (let presses = 0; presses < 60; presses++) {
    const at = await screen.page.evaluate(() => {
      const element = document.activeElement;
      return element?.id || element?.getAttribute('label') || element?.getAttribute('aria-label') || '';
    });
    if (at.startsWith(wanted)) return;
    seen.push(at);
    await screen.page.keyboard.press(key);
  }
  assert.fail(`${wanted} is not reached by ${key}: ${seen.join(', ')}`);
}

async function statusHas(screen: TailScreen, text: string): Promise<void> {
  await screen.page.waitForFunction(
    (wanted) => document.querySelector('.status')?.textContent.replace(/\s+/g, ' ').includes(wanted),
    text,
  );
}

async function lastKeyIs(screen: TailScreen, key: string): Promise<void> {
  await until(`${key} is the last line in view`, async () => (await column(screen, 'Key')).at(-1) === key);
}

describe('the tail page', () => {
  for (const theme of Object.keys(themes) as ThemeName[]) {
    it(`runs under its content security policy without a word in the ${theme} theme`, async () => {
      const host = new ScriptedTail(read(500));
      const screen = await openTail(harness, host, { theme, state: { details: true } });
      await shown(screen);
      await screen.page.locator('.lines > .line').nth(4).click();
      await until('details are asked for', () => host.last('details') !== undefined);
      host.send({ type: 'details', seq: host.last('details')!.seq, details: someDetails(host.last('details')!.seq) });
      await screen.page.locator('.content-text').waitFor();
      await screen.page.getByRole('button', { name: 'Search the topic itself' }).click();
      await screen.page.locator('.search-text').waitFor();
      assert.deepEqual(screen.problems, []);
      await screen.close();
    });
  }

  it('shows a skeleton before its host has spoken, and tells it how the page was looked at', async () => {
    const host = new ScriptedTail();
    host.receive = (message) => void host.said.push(message);
    const screen = await openTail(harness, host, {
      state: { filter: 'is:tombstone', order: 'time', time: { from: 1, to: 2 } },
    });
    await screen.page.locator('.skeleton .bone').first().waitFor();
    assert.deepEqual(host.said, [{ type: 'ready', filter: 'is:tombstone', order: 'time', time: { from: 1, to: 2 } }]);
    await screen.close();
  });

  it('goes through a million rows by keyboard, with some forty lines in the document', async () => {
    const host = new ScriptedTail(read(million));
    const screen = await openTail(harness, host);
    const { page } = screen;
    await shown(screen);
    await page.locator('.table').focus();
    await page.keyboard.press('Home');
    await cursorAt(screen, 0);
    assert.equal((await column(screen, 'Key'))[0], 'order-0');
    await page.keyboard.press('End');
    await cursorAt(screen, million - 1);
    await page.keyboard.press('PageUp');
    await until(
      'a page above',
      async () => Number((await page.locator('.line.cursor').getAttribute('aria-rowindex'))!) < million,
    );
    const above = Number(await page.locator('.line.cursor').getAttribute('aria-rowindex')) - 2;
    assert.ok(above > million - 60, String(above));
    await page.keyboard.press('PageDown');
    await cursorAt(screen, million - 1);
    await page.keyboard.press('ArrowUp');
    await cursorAt(screen, million - 2);
    assert.ok((await page.locator('.lines > .line').count()) < 60);
    assert.equal(await page.locator('[role=grid]').getAttribute('aria-rowcount'), String(million + 1));
    assert.deepEqual(screen.problems, []);
    await screen.close();
  });

  it('reaches every row of a million by wheel and by scrollbar, and asks for what comes into view only', async () => {
    const host = new ScriptedTail(read(million));
    const screen = await openTail(harness, host);
    const { page } = screen;
    await shown(screen);
    await page.evaluate(() => (document.querySelector('.table')!.scrollTop = 0));
    await until('the first row', async () => (await column(screen, 'Key'))[0] === 'order-0');
    await page.mouse.move(400, 400);
    for (let turn = 1; turn <= 3; turn++) {
      await page.mouse.wheel(0, 220);
      await until(`turned ${turn}`, async () => (await column(screen, 'Key'))[0] === `order-${turn * 10}`);
    }
    // Half way down the scrollbar is half way down the rows, though both are not as tall.
    await page.evaluate(() => {
      const table = document.querySelector('.table')!;
      table.scrollTop = (table.scrollHeight - table.clientHeight) / 2;
    });
    await until('the middle', async () => {
      const first = Number((await column(screen, 'Key'))[0]?.replace('order-', ''));
      return Math.abs(first - million / 2) < 100;
    });
    await page.evaluate(() => {
      const table = document.querySelector('.table')!;
      table.scrollTop = table.scrollHeight;
    });
    await lastKeyIs(screen, `order-${million - 1}`);
    const most = Math.max(...host.said.flatMap((one) => (one.type === 'window' ? [one.count] : [])));
    assert.ok(most < 200, `${most} rows asked for at once`);
    await screen.close();
  });

  it('follows the end, stands still once it is scrolled up, and counts what came', async () => {
    const host = new ScriptedTail(read(1000));
    const screen = await openTail(harness, host);
    const { page } = screen;
    await lastKeyIs(screen, 'order-999');
    host.arrive(2000);
    await lastKeyIs(screen, 'order-2999');

    await page.mouse.move(400, 400);
    await page.mouse.wheel(0, -440);
    await lastKeyIs(screen, 'order-2979');
    host.arrive(1234);
    await page.getByRole('button', { name: '1,234 new' }).waitFor();
    assert.equal((await column(screen, 'Key')).at(-1), 'order-2979');
    assert.equal(((await screen.state()) as TailPageState).follow, false);

    await page.getByRole('button', { name: '1,234 new' }).click();
    await lastKeyIs(screen, 'order-4233');
    await page.locator('.new-ones').waitFor({ state: 'detached' });
    await page.keyboard.press('f');
    host.arrive(10);
    await page.getByRole('button', { name: '10 new' }).waitFor();
    await screen.close();
  });

  it('keeps what is looked at in place while the oldest rows fall out', async () => {
    const base = read(5000);
    const host = new ScriptedTail({ ...base, kept: { ...base.kept!, maxRecords: 5000 } });
    const screen = await openTail(harness, host, { state: { follow: false } });
    const { page } = screen;
    await shown(screen);
    await page.evaluate(() => (document.querySelector('.table')!.scrollTop = 2000 * 22));
    await until('row 2000', async () => (await column(screen, 'Key'))[0] === 'order-2000');
    await page.locator('.lines > .line', { hasText: 'order-2003' }).click();
    host.arrive(700);
    await statusHas(screen, '700 dropped');
    await until('it stays', async () => (await column(screen, 'Key'))[0] === 'order-2000');
    assert.match((await page.locator('.line.selected').textContent()) ?? '', /order-2003/);
    await screen.close();
  });

  it('draws only what comes into view, and tells of the row that comes under the pointer', async () => {
    const host = new ScriptedTail(read(9000));
    const screen = await openTail(harness, host, { state: { follow: false } });
    const { page } = screen;
    await shown(screen);
    const scrollTo = async (row: number): Promise<void> => {
      await page.evaluate((top) => (document.querySelector('.table')!.scrollTop = top), row * 22);
      await until(`row ${row}`, async () => (await column(screen, 'Key'))[0] === `order-${row}`);
    };
    await scrollTo(1000);
    const pointed = await page.locator('.lines > .line', { hasText: 'order-1005' }).boundingBox();
    await page.mouse.move(pointed!.x + 100, pointed!.y + 10);
    const offset = (row: number): string => (9_007_199_254_740_993n + BigInt(row)).toLocaleString('en-US');
    const offsetHover = (): Promise<string | null> =>
      page.locator('.lines > .line:hover > .cell:nth-child(2)').getAttribute('title');
    await until('its offset', async () => (await offsetHover()) === offset(1005));

    await page.evaluate(() => {
      const changed = new Set<string>();
      const lineOf = (node: Node): Element | null =>
        (node instanceof Element ? node : node.parentElement)?.closest('.line') ?? null;
      new MutationObserver((changes) => {
        for (const { type, target } of changes) {
          const line = type === 'attributes' ? null : lineOf(target);
          if (line !== null) changed.add(line.textContent);
        }
      }).observe(document.querySelector('.lines')!, { childList: true, characterData: true, subtree: true });
      Object.assign(window, { changedLines: () => [...changed] });
    });
    await scrollTo(1003);
    const changed = await page.evaluate(() => (window as unknown as { changedLines(): string[] }).changedLines());
    assert.deepEqual(changed, [], 'lines that stay are not touched');
    // A browser that nobody looks at does not notice by itself what has come under the pointer.
    await page.mouse.move(pointed!.x + 101, pointed!.y + 10);
    await until('the offset that is there now', async () => (await offsetHover()) === offset(1008));
    const lines = await page.locator('.lines > .line').count();
    await scrollTo(5000);
    assert.equal(await page.locator('.lines > .line').count(), lines);
    await until('that of another place', async () => (await offsetHover()) === offset(5005));
    // As they are read out: in their order.
    const order = await page.locator('.lines > .line').evaluateAll((all) => all.map((line) => line.ariaRowIndex));
    assert.deepEqual(
      order,
      [...order].sort((a, b) => Number(a) - Number(b)),
    );
    assert.deepEqual(screen.problems, []);
    await screen.close();
  });

  it('finds the row under the cursor again when a filter gives the rows other positions', async () => {
    const host = new ScriptedTail(read(9000));
    const screen = await openTail(harness, host, { state: { follow: false } });
    const { page } = screen;
    await shown(screen);
    await page.evaluate(() => (document.querySelector('.table')!.scrollTop = 6000 * 22));
    await until('row 6000', async () => (await column(screen, 'Key'))[0] === 'order-6000');
    await page.locator('.lines > .line', { hasText: 'order-6006' }).click();
    const before = await page.locator('.line.cursor').boundingBox();

    // Every third row passes; its position is a third of its seq.
    host.rowAt = (position) => aRecord(position * 3);
    const answer = host.answer.bind(host);
    host.answer = (window) => answer(window, (seq) => seq / 3);
    await page.keyboard.press('/');
    await page.keyboard.type('partition:0');
    await until('the filter is sent', () => host.last('filter')?.text === 'partition:0');
    host.update({
      view: { generation: 2, first: 0, count: 3000, waiting: 0 },
      filter: { text: 'partition:0' },
    });
    await page.waitForFunction(() => document.querySelector('.line.cursor')?.getAttribute('aria-rowindex') === '2004');
    const after = await page.locator('.line.cursor').boundingBox();
    assert.ok(Math.abs(before!.y - after!.y) < 2, `${before!.y} and ${after!.y}`);
    assert.match((await page.locator('.line.selected').textContent()) ?? '', /order-6006/);
    await statusHas(screen, '3,000 shown');
    await screen.close();
  });

  it('pauses by Space without losing, and says how many came meanwhile', async () => {
    const host = new ScriptedTail(read(100));
    const screen = await openTail(harness, host);
    const { page } = screen;
    await shown(screen);
    await page.locator('.table').focus();
    await page.keyboard.press('Space');
    await until('the host knows', () => host.last('pause')?.paused === true);
    host.update({ view: { ...host.model.view, waiting: 42 } });
    await page.getByText('Paused, 42 new').waitFor();
    await page.getByRole('button', { name: '42 new' }).click();
    await until('the host knows', () => host.last('pause')?.paused === false);
    await screen.close();
  });

  it('copies what is selected: rows that are here as text, longer ranges by their positions', async () => {
    const host = new ScriptedTail(read(million));
    const screen = await openTail(harness, host, { state: { columns: ['partition', 'offset', 'key', 'size'] } });
    const { page } = screen;
    await shown(screen);
    await page.locator('.table').focus();
    await page.keyboard.press('Home');
    await cursorAt(screen, 0);
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    await statusHas(screen, '3 selected');
    await page.keyboard.press('Control+c');
    await until('copied', () => host.last('copy') !== undefined);
    assert.deepEqual(host.last('copy')!.text.split('\n'), [
      'Partition\tOffset\tKey\tSize',
      '0\t9007199254740993\torder-0\t90',
      '1\t9007199254740994\torder-1\t91',
      '2\t9007199254740995\torder-2\t92',
    ]);

    await page.keyboard.press('Shift+End');
    await statusHas(screen, '1,000,000 selected');
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Control+c');
    await until('copied', () => host.last('copyRows') !== undefined);
    assert.deepEqual(host.last('copyRows')!.rows, { generation: 1, first: 0, count: million });
    assert.deepEqual(
      host.last('copyRows')!.columns.map(({ id }) => id),
      ['partition', 'offset', 'key', 'size'],
    );
    await screen.close();
  });

  it('is worked by the keys alone, from the filter to the details, the bars and back', async () => {
    const host = new ScriptedTail({ ...read(300), groups: ['billing'] });
    const screen = await openTail(harness, host, { state: { follow: false } });
    const { page } = screen;
    const { keyboard } = page;
    await shown(screen);

    await keyboard.press('/');
    await keyboard.type('order');
    await until('the filter is sent', () => host.last('filter')?.text === 'order');
    await keyboard.press('Escape');
    await until('the filter is cleared', () => host.last('filter')?.text === '');
    await keyboard.press('ArrowDown');
    await focused(screen, 'table');
    await keyboard.press('Home');
    await cursorAt(screen, 0);
    await keyboard.press('ArrowDown');
    await keyboard.press('ArrowDown');
    await cursorAt(screen, 2);

    await keyboard.press('Enter');
    await until('details are asked for', () => host.last('details')?.seq === 2);
    host.send({ type: 'details', seq: 2, details: someDetails(2) });
    await page.getByRole('tab', { name: 'Value' }).waitFor();
    await keyboard.press('ArrowDown');
    await until('the details follow the cursor', () => host.last('details')?.seq === 3);
    host.send({ type: 'details', seq: 3, details: someDetails(3) });
    await page.getByRole('tab', { name: 'Value' }).waitFor();
    await tabTo(screen, 'Tab', 'tab-value');
    for (const tab of ['Key', 'Headers', 'Record']) {
      await keyboard.press('ArrowRight');
      await page.getByRole('tab', { name: tab, selected: true }).waitFor();
    }
    await page.getByRole('tabpanel').getByText('Producer id').waitFor();
    await keyboard.press('Escape');
    await page.locator('kafka-record-details').waitFor({ state: 'detached' });
    await focused(screen, 'table');

    await keyboard.press('Control+a');
    await statusHas(screen, '300 selected');
    await keyboard.press('Control+c');
    await until('all are copied', () => host.last('copyRows')?.rows !== undefined);
    await keyboard.press('Space');
    await until('it pauses', () => host.last('pause')?.paused === true);
    await keyboard.press('Space');
    await until('it goes on', () => host.last('pause')?.paused === false);

    await tabTo(screen, 'Shift+Tab', 'Search the topic itself');
    await keyboard.press('Enter');
    await focused(screen, 'search-text');
    await keyboard.type('declined');
    await keyboard.press('Enter');
    await until('it searches', () => host.last('search')?.text === 'declined');
    await keyboard.press('Escape');
    await focused(screen, 'table');
    await tabTo(screen, 'Shift+Tab', 'Seek: jump to an offset, a time, a group');
    await keyboard.press('Space');
    await focused(screen, 'place-value');
    await keyboard.type('12');
    await keyboard.press('Enter');
    await until('it jumps', () => JSON.stringify(host.last('seek')?.to) === '{"at":"offset","offset":"12"}');
    await keyboard.press('Escape');
    await page.locator('.command-bar').waitFor({ state: 'detached' });
    await focused(screen, 'table');

    await tabTo(screen, 'Shift+Tab', 'Records by time. Arrow keys read out values');
    await keyboard.press('End');
    await keyboard.press('Shift+ArrowLeft');
    await keyboard.press('Enter');
    await until('the marked range is shown', () => host.last('filter')?.time !== undefined);
    assert.deepEqual(host.last('filter')!.time, { from: noon + 118_000, to: noon + 120_000 });
    assert.equal(host.said.filter(({ type }) => type === 'pause').length, 2, 'Space on a button pauses nothing');
    assert.deepEqual(screen.problems, []);
    await screen.close();
  });

  it('keeps the selection by record while rows arrive, and compares two', async () => {
    const host = new ScriptedTail(read(200));
    const screen = await openTail(harness, host);
    const { page } = screen;
    await lastKeyIs(screen, 'order-199');
    await page.locator('.lines > .line', { hasText: 'order-195' }).click();
    await page.locator('.lines > .line', { hasText: 'order-197' }).click({ modifiers: ['Control'] });
    host.arrive(5);
    await statusHas(screen, '2 selected');
    await page.locator('.table').focus();
    await page.keyboard.press('Enter');
    await until('details are asked for', () => host.last('details')?.seq === 197);
    host.send({ type: 'details', seq: 197, details: someDetails(197) });
    await page.getByRole('button', { name: 'Compare with the other selected record' }).click();
    await until('compared', () => host.last('compare') !== undefined);
    assert.deepEqual(host.last('compare')!.seqs, [195, 197]);
    await screen.close();
  });

  it('filters as somebody types, and says beside the field what is wrong', async () => {
    const host = new ScriptedTail(read(300));
    const screen = await openTail(harness, host);
    const { page } = screen;
    await shown(screen);
    await page.keyboard.press('/');
    await page.keyboard.type('ok /(/');
    await until('sent', () => host.last('filter')?.text === 'ok /(/');
    host.update({
      filter: { text: 'ok /(/', error: { message: 'Unterminated group in the pattern.', from: 3, to: 6 } },
    });
    await page.locator('.field-error', { hasText: 'Unterminated group' }).waitFor();
    assert.equal(await page.locator('.field-error code').textContent(), '/(/');
    assert.equal(await page.locator('.filter').getAttribute('aria-invalid'), 'true');
    await page.keyboard.press('Escape');
    await until('cleared', () => host.last('filter')?.text === '');

    await page.getByRole('button', { name: 'Add a condition to the filter' }).click();
    await page.getByRole('menuitem', { name: 'JSON path' }).click();
    await until('sent', () => host.last('filter')?.text === '$.order.total > 100');
    assert.equal(((await screen.state()) as TailPageState).filter, '$.order.total > 100');

    host.update({ view: { generation: 3, first: 0, count: 0, waiting: 0 }, filter: { text: '$.order.total > 100' } });
    await page.getByText('None of the 300 records kept passes the filter').waitFor();
    await page.getByRole('button', { name: 'Clear the filter' }).click();
    await until('cleared', () => host.last('filter')?.text === '');
    await screen.close();
  });

  it('searches the topic: what and where, progress, cancel, and back', async () => {
    const host = new ScriptedTail(read(300));
    const screen = await openTail(harness, host);
    const { page } = screen;
    await shown(screen);
    await page.locator('.lines > .line', { hasText: 'order-290' }).click();
    await page.getByRole('button', { name: 'Search the topic itself' }).click();
    await focused(screen, 'search-text');
    await page.keyboard.type('card declined');
    await page.getByLabel('From', { exact: true }).selectOption('offset');
    await page.locator('.place-value.offset').click();
    await page.keyboard.type('12x');
    await page.keyboard.press('Enter');
    await page.locator('.field-error', { hasText: 'whole number' }).waitFor();
    await page.keyboard.press('Backspace');
    await page.keyboard.press('Enter');
    await until('searched', () => host.last('search') !== undefined);
    assert.deepEqual(host.last('search'), {
      type: 'search',
      text: 'card declined',
      from: { at: 'offset', offset: '12' },
      to: { at: 'end' },
    });

    host.update({
      search: {
        text: 'card declined',
        state: 'running',
        from: { at: 'offset', offset: '12' },
        to: { at: 'end' },
        found: 17,
        records: '9007199254740993',
        bytes: 1_234_567_890,
        done: 0.4213,
        recordsPerSecond: 812_345,
        bytesPerSecond: 98_000_000,
        eta: 95,
        elapsed: 40_000,
      },
    });
    const bar = page.getByRole('progressbar');
    await bar.waitFor();
    assert.equal(await page.locator('.line.selected').count(), 0, 'what was selected is not among what is found');
    assert.equal(await bar.getAttribute('aria-valuenow'), '42.1');
    const words = (await page.locator('.progress-words').textContent())!.replace(/\s+/g, ' ');
    assert.match(words, /42\.1 %.*17 found.*9,007,199,254,740,993 records read.*812,345 records\/s.*1 min 35 s left/);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await until('cancelled', () => host.last('cancelSearch') !== undefined);
    await page.getByRole('button', { name: 'Back to the tail' }).click();
    await until('closed', () => host.last('closeSearch') !== undefined);
    host.update({}, ['search']);
    await page.locator('.search-text').waitFor({ state: 'detached' });
    assert.deepEqual(screen.problems, []);
    await screen.close();
  });

  it('seeks all or one partition, and shows what the host says to it beside the field', async () => {
    const host = new ScriptedTail({ ...read(300), groups: ['billing', 'shipping'] });
    const screen = await openTail(harness, host);
    const { page } = screen;
    await shown(screen);
    await page.getByRole('button', { name: 'Seek: jump' }).click();
    await focused(screen, 'place-value');
    await page.keyboard.type('9223372036854775808');
    await page.keyboard.press('Enter');
    await page.locator('.field-error', { hasText: '9223372036854775807' }).waitFor();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('9,007,199,254,740,993');
    await page.keyboard.press('Enter');
    await until('sought', () => host.last('seek') !== undefined);
    const never = { at: 'never' } as const;
    assert.deepEqual(host.last('seek'), {
      type: 'seek',
      to: { at: 'offset', offset: '9007199254740993' },
      stop: never,
    });

    await page.getByLabel('Where to', { exact: true }).selectOption('time');
    await page.locator('.place-value.time').click();
    await page.keyboard.type('last tuesday-ish');
    await page.getByLabel('Partitions to move').selectOption('2');
    await page.getByRole('button', { name: 'Seek', exact: true }).click();
    await until('sought', () => host.last('seek')?.to.at === 'time');
    assert.deepEqual(host.last('seek'), {
      type: 'seek',
      to: { at: 'time', text: 'last tuesday-ish' },
      stop: never,
      partitions: [2],
    });
    host.send({ type: 'problem', about: 'seek', message: 'last tuesday-ish is not a time.' });
    await page.locator('.field-error', { hasText: 'is not a time' }).waitFor();

    await page.getByLabel('Where to', { exact: true }).selectOption('group');
    await page.locator('.field-error').waitFor({ state: 'detached' });
    await page.getByLabel('Group', { exact: true }).selectOption('shipping');
    await page.getByRole('button', { name: 'Seek', exact: true }).click();
    await until('sought', () => host.last('seek')?.to.at === 'group');
    assert.deepEqual(host.last('seek')?.to, { at: 'group', group: 'shipping' });

    await page.getByLabel('Where to', { exact: true }).selectOption('lastInAll');
    await page.locator('.place-value.lastInAll').click();
    await page.keyboard.type('50');
    await page.getByLabel('Until', { exact: true }).selectOption('offset');
    await page.locator('.place-value.offset').click();
    await page.keyboard.type('-1');
    await page.keyboard.press('Enter');
    await page.locator('.field-error', { hasText: 'An offset is' }).waitFor();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('600');
    await page.keyboard.press('Enter');
    await until('sought', () => host.last('seek')?.to.at === 'last');
    assert.deepEqual(host.last('seek'), {
      type: 'seek',
      to: { at: 'last', count: 50, of: 'topic' },
      stop: { at: 'offset', offset: '600' },
      partitions: [2],
    });
    await page.keyboard.press('Escape');
    await page.locator('.command-bar').waitFor({ state: 'detached' });
    await screen.close();
  });

  it('shows what it jumped to from its first record on, and follows when it jumped to the end', async () => {
    const host = new ScriptedTail(read(400));
    const screen = await openTail(harness, host);
    const { page } = screen;
    await lastKeyIs(screen, 'order-399');
    await page.getByRole('button', { name: 'Seek: jump' }).click();
    await focused(screen, 'place-value');
    await page.keyboard.type('17');
    await page.keyboard.press('Enter');
    await until('sought', () => host.last('seek') !== undefined);
    // At first there are too few to fill the view.
    host.arrive(3);
    await lastKeyIs(screen, 'order-402');
    host.arrive(1000);
    await until('the first of them', async () => (await column(screen, 'Key'))[0] === 'order-400');
    host.arrive(1000);
    await page.getByRole('button', { name: '2,003 new' }).waitFor();
    assert.equal((await column(screen, 'Key'))[0], 'order-400');

    await page.getByLabel('Where to', { exact: true }).selectOption('end');
    await page.getByRole('button', { name: 'Seek', exact: true }).click();
    await lastKeyIs(screen, 'order-2402');
    await screen.close();
  });

  it('begins with the first record where it does not begin at the end', async () => {
    const host = new ScriptedTail({ ...read(5000), start: { at: 'beginning' } });
    const screen = await openTail(harness, host);
    await until('the first', async () => (await column(screen, 'Key'))[0] === 'order-0');
    await screen.close();
  });

  it('chooses partitions', async () => {
    const host = new ScriptedTail(read(50));
    const screen = await openTail(harness, host);
    const { page } = screen;
    await page.getByRole('button', { name: 'Partitions' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Partition 1' }).click();
    await until('chosen', () => host.last('read') !== undefined);
    assert.deepEqual(host.last('read'), { type: 'read', partitions: [0, 2] });
    host.update({ partitions: [0, 2] });
    await page.getByRole('menuitemcheckbox', { name: 'All partitions' }).click();
    await until('all', () => host.last('read')?.partitions === 'all');
    await screen.close();
  });

  it('reads out the histogram by keyboard, and filters by the range that is marked', async () => {
    const host = new ScriptedTail({
      ...read(300),
      histogram: { from: noon, step: 1000, counts: [4, 0, 7, 12], shown: [1, 0, 2, 3], without: 5 },
    });
    const screen = await openTail(harness, host);
    const { page } = screen;
    await shown(screen);
    await page.locator('.bars canvas').focus();
    await page.keyboard.press('End');
    await page.locator('.readout', { hasText: '3 of 12 shown' }).waitFor();
    assert.equal(await page.locator('.histogram .readout').getAttribute('aria-live'), 'polite');
    await page.keyboard.press('Shift+ArrowLeft');
    await page.locator('.readout', { hasText: '19' }).waitFor();
    await page.keyboard.press('Enter');
    await until('filtered', () => host.last('filter') !== undefined);
    assert.deepEqual(host.last('filter'), { type: 'filter', text: '', time: { from: noon + 2000, to: noon + 4000 } });
    await page.getByRole('button', { name: 'Show all times' }).click();
    await until('all again', () => host.last('filter')?.time === undefined);

    const box = (await page.locator('.bars canvas').boundingBox())!;
    await page.mouse.move(box.x + 4, box.y + 10);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, box.y + 10, { steps: 4 });
    await page.mouse.up();
    await until('filtered', () => host.last('filter')?.time !== undefined);
    assert.deepEqual(host.last('filter')?.time, { from: noon, to: noon + 3000 });

    await page.getByRole('button', { name: 'Show as a table' }).click();
    assert.deepEqual(await page.locator('.chart-table td').allTextContents(), ['12', '3', '7', '2', '4', '1']);
    await screen.close();
  });

  it('shows all of a record: formatted, raw and as bytes, with its reasons, headers and facts', async () => {
    const host = new ScriptedTail(read(50));
    const screen = await openTail(harness, host);
    const { page } = screen;
    await lastKeyIs(screen, 'order-49');
    await page.locator('.lines > .line', { hasText: 'order-40' }).dblclick();
    await until('asked', () => host.last('details')?.seq === 40);
    host.send({ type: 'details', seq: 40, details: someDetails(40) });
    await page.locator('.content-text .json-name').first().waitFor();
    assert.equal(await page.locator('.content-text').textContent(), '{\n  "id": 9007199254740993\n}');
    await page.getByRole('button', { name: 'Hex' }).click();
    await page.locator('.content-text.hex', { hasText: '7b 22' }).waitFor();
    await page.getByLabel('Format of values in this topic').selectOption('hex');
    await until('format', () => host.last('format') !== undefined);
    assert.deepEqual(host.last('format'), { type: 'format', part: 'value', id: 'hex' });
    await page.getByRole('button', { name: 'Open the value in an editor' }).click();
    await until('opened', () => host.last('open') !== undefined);
    assert.deepEqual(host.last('open'), { type: 'open', seq: 40, part: 'value' });

    await page.getByRole('tab', { name: 'Value' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.getByText('Does not decode as Avro: magic byte 7 is not 0.').waitFor();
    await page.keyboard.press('ArrowRight');
    assert.match((await page.locator('.tab-panel').textContent()) ?? '', /trace.*a1.*empty/s);
    await page.keyboard.press('ArrowRight');
    await page.getByText('Producer id').waitFor();

    const width = async (): Promise<number> => (await page.locator('.details').boundingBox())!.width;
    const before = await width();
    await page.getByRole('separator').focus();
    await page.keyboard.press('ArrowLeft');
    await until('it is wider', async () => (await width()) === before + 24);
    const sash = (await page.getByRole('separator').boundingBox())!;
    await page.mouse.move(sash.x + 2, sash.y + 50);
    await page.mouse.down();
    await page.mouse.move(sash.x - 58, sash.y + 50, { steps: 3 });
    await page.mouse.up();
    await until('it is wider still', async () => (await width()) === before + 84);

    // What is selected next is what the pane shows.
    await page.locator('.lines > .line', { hasText: 'order-41' }).click();
    await until('asked', () => host.last('details')?.seq === 41);
    host.send({ type: 'details', seq: 41 });
    await page.getByText('The record is not kept any more').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.details').waitFor({ state: 'detached' });
    assert.deepEqual(screen.problems, []);
    await screen.close();
  });

  it('says of each row what is special about it, by word', async () => {
    const host = new ScriptedTail({
      ...read(special.length),
      groupPositions: [{ group: 'billing', partition: 0, offset: '3' }],
    });
    host.rowAt = (position) => special[position]!;
    const screen = await openTail(harness, host);
    await shown(screen);
    assert.deepEqual(await column(screen, 'State'), [
      'committed',
      'aborted',
      'open',
      'unknown',
      'control: abort',
      'tombstone',
      '',
      'damaged',
      'warning',
    ]);
    const values = await column(screen, 'Value');
    assert.equal(values[5], 'null');
    assert.equal(values[6], '\\u0000\\u0001abc');
    assert.equal(values[7], 'The checksum of the batch does not fit its bytes.');
    assert.equal(values[8], 'Offsets 10 to 99 were deleted by retention.');
    const { page } = screen;
    const cells = page.locator('.lines .cell');
    const titles = (): Promise<string[]> => cells.evaluateAll((all) => all.map((cell) => (cell as HTMLElement).title));
    assert.deepEqual([...new Set(await titles())], [''], 'nothing is worded that nobody points at');
    const hovers: string[] = [];
    for (const cell of await cells.all()) {
      await cell.hover();
      hovers.push((await cell.getAttribute('title')) ?? '');
    }
    assert.ok(
      hovers.some((hover) => hover.startsWith('Does not decode: no schema 77')),
      'the reason is there',
    );
    assert.ok(hovers.includes('3: the next record of billing'));
    await page.locator('.table').focus();
    await page.keyboard.press('Home');
    await until('the cursor says as much as the pointer', async () => {
      const line = page.locator('.lines > .line.cursor .cell');
      const said = await line.evaluateAll((all) => all.map((cell) => (cell as HTMLElement).title));
      return said.join() === hovers.slice(0, said.length).join();
    });
    // A producer may claim any time.
    assert.equal((await column(screen, 'Time'))[6], '-');
    host.update({ histogram: { from: 0, step: 4e16, counts: [8, 1], without: 0 } });
    await screen.page.locator('.ends', { hasText: '1970' }).waitFor();
    assert.deepEqual(screen.problems, []);
    await screen.close();
  });

  it('takes what came from Kafka for text, whatever it holds', async () => {
    const hostile = '<img src=x onerror=alert(1)>\u202egnp.exe\u0000\u001b[31m';
    const long = 'x'.repeat(2_000_000);
    const host = new ScriptedTail({
      ...read(3),
      topic: hostile,
      groups: [hostile],
      notices: [{ severity: 'warning', at: noon, message: hostile }],
    });
    host.model = { ...host.model, frame: { ...host.model.frame, crumbs: ['local', hostile] } };
    host.rowAt = (position) =>
      aRecord(position, {
        key: { kind: 'text', text: hostile },
        value: { kind: 'text', text: hostile + long.slice(0, 200), cut: true },
        headers: hostile,
      });
    const screen = await openTail(harness, host);
    const { page } = screen;
    await shown(screen);
    await page.locator('.lines > .line').first().dblclick();
    await until('asked', () => host.last('details') !== undefined);
    const details = someDetails(host.last('details')!.seq);
    host.send({
      type: 'details',
      seq: details.seq,
      details: {
        ...details,
        title: hostile,
        value: {
          ...details.value!,
          formatted: hostile + long,
          raw: hostile + long,
          size: 50_000_000,
          cut: true,
          language: 'plaintext',
        },
        headers: [{ name: hostile, value: hostile, kind: 'text' }],
      },
    });
    await page.locator('.content-text').waitFor();
    await page.getByText('Only the first part of 47.6 MiB is shown.').waitFor();
    await page.getByRole('tab', { name: 'Headers' }).click();
    await page.locator('.header-value').waitFor();
    await page.getByRole('button', { name: 'Seek: jump' }).click();
    await page.getByLabel('Where to', { exact: true }).selectOption('group');
    assert.equal(await page.locator('img').count(), 0);
    const visible = await page.evaluate(() => document.body.innerText);
    for (const mark of ['\u202e', '\u0000', '\u001b']) assert.ok(!visible.includes(mark), 'not passed on');
    for (const mark of ['\\u202e', '\\u0000', '\\u001b']) assert.ok(visible.includes(mark), 'but shown');
    assert.deepEqual(screen.problems, []);
    await screen.close();
  });

  it('says why there is nothing, what failed, and offers what to do', async () => {
    const host = new ScriptedTail();
    const screen = await openTail(harness, host);
    const { page } = screen;
    await page.getByText('No records yet').waitFor();
    await page.getByRole('button', { name: 'Stop reading' }).click();
    await until('stopped', () => host.last('stop') !== undefined);
    host.update({ reading: 'stopped' });
    await page.getByText('Nothing is read').waitFor();
    host.update({
      frame: {
        ...host.model.frame,
        problem: { kind: 'empty', title: 'Nothing was read', advice: 'Resume to go on reading.' },
      },
    });
    await page.getByText('Nothing was read').waitFor();
    await page.locator('.empty-rows').getByRole('button', { name: 'Resume reading' }).click();
    await until('resumed', () => host.last('resume') !== undefined);

    host.update({
      reading: 'failed',
      frame: {
        ...host.model.frame,
        problem: {
          kind: 'failed',
          title: 'orders cannot be read',
          advice: 'This user may not read the topic. It needs READ.',
        },
      },
    });
    await page.getByRole('alert').waitFor();
    await page.getByRole('button', { name: 'Retry' }).click();
    await until('tried again', () => host.said.filter(({ type }) => type === 'resume').length === 2);
    await screen.close();
  });

  it('shows notices calmly until they are dismissed', async () => {
    const host = new ScriptedTail({
      ...read(30),
      notices: [
        { severity: 'warning', at: noon + 5, partition: 2, message: 'Offsets 10 to 99 were deleted by retention.' },
        { severity: 'warning', at: noon, message: 'The leader moved.' },
        { severity: 'info', at: noon + 9, message: 'Jumped to the end.' },
      ],
    });
    const screen = await openTail(harness, host);
    const { page } = screen;
    const notice = page.locator('.notice');
    await notice.waitFor();
    assert.match((await notice.textContent()) ?? '', /partition 2: Offsets 10 to 99.*\(1 more\)/s);
    await notice.getByRole('button', { name: 'Dismiss' }).click();
    await notice.waitFor({ state: 'detached' });
    host.update({
      notices: [{ severity: 'error', at: noon + 20, message: 'The topic was deleted.' }, ...host.model.notices],
    });
    await page.locator('.notice', { hasText: 'The topic was deleted.' }).waitFor();
    await screen.close();
  });

  it('opens a menu about the row by the right button, or about the selection by Shift+F10', async () => {
    const host = new ScriptedTail(
      read(200, { groupPositions: [{ group: 'billing', partition: 1, offset: '5' }], groups: ['billing'] }),
    );
    const screen = await openTail(harness, host, { state: { follow: false } });
    const { page } = screen;
    await shown(screen);
    const labels = async (): Promise<string[]> =>
      (await page.locator('.context-menu .menu-item').allTextContents()).map((text) => text.trim());
    await page.locator('.lines > .line', { hasText: 'order-4' }).first().click({ button: 'right' });
    await until('it is there', async () => (await labels()).includes('What is billing stuck on in this partition?'));
    await focused(screen, 'menu-item');
    await page.locator('.context-menu .menu-item', { hasText: 'billing' }).click();
    await until('it is asked for', () => host.last('explain') !== undefined);
    assert.deepEqual(host.last('explain'), { type: 'explain', group: 'billing', partition: 1 });
    await page.locator('.context-menu').waitFor({ state: 'detached' });
    await focused(screen, 'table');
    await page.keyboard.press('Shift+F10');
    await focused(screen, 'menu-item');
    for (const [item, message] of [
      ['Show its batch', { type: 'go', seq: 4, to: 'batches' }],
      ['Replay the record...', { type: 'go', seq: 4, to: 'replay' }],
      ['Export the record: raw value...', { type: 'export', as: 'files', which: [4] }],
    ] as const) {
      if ((await labels()).length === 0) await page.keyboard.press('Shift+F10');
      await page.locator('.context-menu .menu-item', { hasText: item }).click();
      await until(item, () => JSON.stringify(host.said.at(-1)) === JSON.stringify(message));
    }
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+F10');
    await until('it is about both', async () => (await labels())[0] === 'Compare the two');
    await page.keyboard.press('Escape');
    await focused(screen, 'table');
    host.update({ readOnly: true });
    await page.keyboard.press('ArrowDown');
    await until('nothing is written there', async () => {
      // An open menu stays as it is; what the host says comes a moment later.
      await page.keyboard.press('Escape');
      await focused(screen, 'table');
      await page.keyboard.press('Shift+F10');
      await focused(screen, 'menu-item');
      const now = await labels();
      return now.length > 5 && !now.includes('Replay the record...');
    });
    assert.deepEqual(screen.problems, []);
    await screen.close();
  });

  it('leaves the focus where it was when a button of the toolbar is clicked: Space goes on to pause', async () => {
    const host = new ScriptedTail(read(50));
    const screen = await openTail(harness, host);
    await shown(screen);
    await screen.page.locator('.table').focus();
    await screen.page.locator('vscode-toolbar-button[label="Follow the end (F)"]').click();
    await screen.page.keyboard.press('Space');
    await until('it is paused', () => host.last('pause')?.paused === true);
    await screen.close();
  });

  it('finds the row that was looked at again after it was hidden, unless its numbers mean something else', async () => {
    for (const [session, expected] of [
      ['one', 7],
      ['another', undefined],
    ] as const) {
      const host = new ScriptedTail(read(100));
      const screen = await openTail(harness, host, {
        state: { follow: false, cursor: { session, seq: 7 } },
      });
      await shown(screen);
      assert.equal(host.last('where')?.seq, expected);
      if (expected !== undefined) {
        host.send({ type: 'reveal', seq: expected, position: expected });
        await cursorAt(screen, expected);
      }
      await screen.close();
    }
  });

  it('says of what a filter could not look at as a whole, and offers a registry where one is missing', async () => {
    const host = new ScriptedTail(read(20, { filter: { text: '/x/', large: 3 } }));
    const screen = await openTail(harness, host, { state: { details: true, follow: false } });
    const { page } = screen;
    await page.locator('.notice', { hasText: '3 records hold more than 1 MB' }).waitFor();
    await page.locator('.lines > .line').nth(2).click();
    await until('details are asked for', () => host.last('details') !== undefined);
    const details = someDetails(host.last('details')!.seq);
    const why = 'No Schema Registry is set.';
    host.send({
      type: 'details',
      seq: details.seq,
      details: { ...details, value: { ...details.value!, kind: 'failed', why, wantsRegistry: true } },
    });
    await page.locator('.note', { hasText: why }).getByRole('button', { name: 'Set Schema Registry...' }).click();
    await until('it is asked for', () => host.last('setRegistry') !== undefined);
    await screen.close();
  });

  it('exports and keeps columns as they were chosen, the host’s own among them', async () => {
    const host = new ScriptedTail({ ...read(30), extraColumns: [{ id: 'group', label: 'Group', align: 'start' }] });
    host.rowAt = (position) => aRecord(position, { cells: [`group-${position}`] });
    const screen = await openTail(harness, host);
    const { page } = screen;
    await shown(screen);
    assert.ok((await column(screen, 'Group')).includes('group-29'));
    await page.getByRole('button', { name: 'Columns and reading' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Headers' }).click();
    await page.getByRole('columnheader', { name: 'Headers' }).waitFor({ state: 'detached' });
    await page.getByRole('menuitemcheckbox', { name: 'Keep reading while hidden' }).click();
    await until('said', () => host.last('keepRunning')?.keepRunning === true);
    await page.keyboard.press('Escape');
    assert.ok(!((await screen.state()) as TailPageState).columns?.includes('headers'));

    await page.locator('.lines > .line', { hasText: 'order-29' }).click();
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('menuitem', { name: 'CSV, what is selected' }).click();
    await until('exported', () => host.last('export') !== undefined);
    assert.deepEqual(host.last('export'), { type: 'export', as: 'csv', which: [29] });
    host.update({ exporting: { done: 3, of: 10 } });
    await page.locator('.notice', { hasText: 'Exported 3 of 10' }).getByRole('button', { name: 'Cancel' }).click();
    await until('cancelled', () => host.last('cancelExport') !== undefined);
    await screen.close();
  });
});

function someDetails(seq: number): RecordDetails {
  return {
    seq,
    title: `orders-0, offset ${seq}`,
    row: aRecord(seq, { transaction: 'aborted' }),
    key: {
      part: 'key',
      kind: 'failed',
      size: 5,
      formatted: '',
      language: 'plaintext',
      raw: '\u0007abcd',
      hex: '00000000  07 61 62 63 64                                    |.abcd|',
      format: 'avro',
      formatLabel: 'Avro',
      why: 'magic byte 7 is not 0.',
      facts: [],
      cut: false,
    },
    value: {
      part: 'value',
      kind: 'text',
      size: 24,
      formatted: '{\n  "id": 9007199254740993\n}',
      language: 'json',
      raw: '{"id":9007199254740993}',
      hex: '00000000  7b 22 69 64 22 3a 39 30  30 37 31 39 39 32 35 34  |{"id":9007199254|',
      format: 'json',
      formatLabel: 'JSON',
      facts: [{ label: 'Schema', value: 'orders-value, id 12, version 3' }],
      cut: false,
    },
    headers: [
      { name: 'trace', value: 'a1', kind: 'text' },
      { name: 'nothing', value: '', kind: 'empty' },
    ],
    sections: [
      {
        title: 'Record',
        facts: [
          { label: 'Partition', value: '0' },
          { label: 'Offset', value: '9007199254740993' },
        ],
      },
      {
        title: 'Batch',
        facts: [
          { label: 'Base offset', value: '9007199254740990' },
          { label: 'Producer id', value: '4001', hint: 'Given to the producer by its coordinator.' },
        ],
      },
    ],
  };
}

const special: readonly TailRow[] = [
  aRecord(0, { partition: 0, offset: '3', transaction: 'committed' }),
  aRecord(1, { transaction: 'aborted' }),
  aRecord(2, { transaction: 'open' }),
  aRecord(3, { transaction: 'unknown' }),
  aRecord(4, {
    control: 'abort',
    key: { kind: 'text', text: 'abort' },
    value: { kind: 'text', text: 'coordinator epoch 3' },
  }),
  aRecord(5, { value: { kind: 'null', text: '' } }),
  aRecord(6, {
    timestamp: '9223372036854775807',
    value: { kind: 'failed', text: '\u0000\u0001abc', why: 'no schema 77' },
  }),
  {
    kind: 'damaged',
    seq: 7,
    partition: 1,
    offset: '8',
    size: 400,
    message: 'The checksum of the batch does not fit its bytes.',
  },
  {
    kind: 'notice',
    seq: 8,
    notice: { severity: 'warning', at: noon, partition: 1, message: 'Offsets 10 to 99 were deleted by retention.' },
  },
];
