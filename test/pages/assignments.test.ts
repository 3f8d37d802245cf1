import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { GroupHistory } from '../../src/groups/assignmentHistory.ts';
import type { AssignmentsPageState, FromAssignmentsPage } from '../../src/ui/panels/assignments/protocol.ts';
import { aGroup, aPartition, aSnapshot, aTopic, committed, offsetsOf } from '../support/snapshots.ts';
import { until } from '../support/until.ts';
import { ScriptedWatch } from '../unit/panelsFixtures.ts';
import { billingHistory, largeHistory, minute, t0 } from './assignmentHistories.ts';
import { openAssignments, watchOf, type AssignmentsScreen } from './assignmentsScreen.ts';
import { PageHarness } from './harness.ts';
import { themes, type ThemeName } from './themes.ts';

let harness: PageHarness;
before(async () => {
  harness = await PageHarness.start();
});
after(() => harness.stop());

/** Chart's measures in px, as scene.ts has them. */
const [top, laneHeight] = [62, 22];

async function drawn(screen: AssignmentsScreen): Promise<void> {
  await screen.page.locator('.lanes-base').waitFor();
  await screen.page.waitForFunction(() => (document.querySelector<HTMLCanvasElement>('.lanes-base')?.width ?? 0) > 300);
}

function readout(screen: AssignmentsScreen, begin: string): Promise<unknown> {
  return screen.page.waitForFunction(
    (wanted) => document.querySelector('.lanes-readout')?.textContent.trim().startsWith(wanted) === true,
    begin,
  );
}

async function readoutText(screen: AssignmentsScreen): Promise<string> {
  return (await screen.page.locator('.lanes-readout').innerText()).trim();
}

function statusIs(screen: AssignmentsScreen, text: string): Promise<unknown> {
  return screen.page.waitForFunction(
    (wanted) => document.querySelector('.status span')?.textContent.trim() === wanted,
    text,
  );
}

/** Where in the page a moment of a lane is, with all of the hour of `billingHistory` in view. */
async function placeOf(screen: AssignmentsScreen, lane: number, minutes: number): Promise<{ x: number; y: number }> {
  const box = (await screen.page.locator('.lanes-base').boundingBox())!;
  const gutter = Math.round(Math.min(180, Math.max(84, box.width * 0.18)));
  const x = box.x + gutter + (minutes / 60) * (box.width - gutter);
  return { x, y: box.y + (lane < 0 ? top - 10 : top + lane * laneHeight + laneHeight / 2) };
}

async function kept(screen: AssignmentsScreen): Promise<AssignmentsPageState> {
  return (await screen.state()) as AssignmentsPageState;
}

function lastSaid<Type extends FromAssignmentsPage['type']>(
  screen: AssignmentsScreen,
  type: Type,
): Extract<FromAssignmentsPage, { type: Type }> | undefined {
  return screen.said.findLast((message) => message.type === type) as
    Extract<FromAssignmentsPage, { type: Type }> | undefined;
}

describe('the assignment page', () => {
  for (const theme of Object.keys(themes) as ThemeName[]) {
    it(`runs under its content security policy without a word in the ${theme} theme`, async () => {
      const screen = await openAssignments(harness, { history: billingHistory() }, { theme });
      await drawn(screen);
      await screen.page.locator('.rebalances .lines > .line').first().click();
      await screen.page.locator('.rebalance-details').waitFor();
      await screen.page.locator('.history-finding summary').click();
      await screen.page.getByRole('button', { name: 'Show the lanes as a table' }).click();
      await screen.page.locator('.spans .lines > .line').first().waitFor();
      assert.deepEqual(screen.problems, []);
      await screen.close();
    });
  }

  it('draws each member in its colour, and what nobody owns in another way', async () => {
    const screen = await openAssignments(harness, { history: billingHistory() }, { width: 1400 });
    await drawn(screen);
    const pixel = async (lane: number, minutes: number): Promise<string> => {
      const { x, y } = await placeOf(screen, lane, minutes);
      return screen.page.evaluate(
        ({ left, middle }) => {
          const canvas = document.querySelector<HTMLCanvasElement>('.lanes-base')!;
          const box = canvas.getBoundingClientRect();
          const ratio = canvas.width / box.width;
          const at = [(left - box.x) * ratio, (middle - box.y) * ratio] as const;
          return canvas.getContext('2d')!.getImageData(at[0], at[1], 1, 1).data.join(' ');
        },
        { left: x, middle: y },
      );
    };
    const [alpha, again, beta, gamma] = await Promise.all([pixel(0, 20), pixel(1, 50), pixel(1, 20), pixel(2, 55)]);
    assert.equal(alpha, again);
    assert.equal(new Set([alpha, beta, gamma]).size, 3);
    // The gap of a minute is hatched: not all of it is of one colour.
    const gap = await Promise.all([30.2, 30.3, 30.4, 30.5, 30.6, 30.7, 30.8].map((at) => pixel(1, at)));
    assert.ok(new Set(gap).size > 1, gap.join('; '));
    await screen.close();
  });

  it('reads out what is under the pointer: owner, gap, what is to be given up, rebalance', async () => {
    const screen = await openAssignments(harness, { history: billingHistory() }, { width: 1400 });
    await drawn(screen);
    const hover = async (lane: number, minutes: number): Promise<void> => {
      const { x, y } = await placeOf(screen, lane, minutes);
      await screen.page.mouse.move(x, y);
    };
    await hover(1, 20);
    await readout(screen, 'orders-1: beta (10.0.0.4)');
    assert.match(await readoutText(screen), /, 20 min$/);
    await hover(1, 30.5);
    await readout(screen, 'orders-1: no owner');
    assert.match(await readoutText(screen), /, 1 min$/);
    await hover(2, 38);
    await readout(screen, 'orders-2: alpha');
    assert.match(await readoutText(screen), /to be given up since/);
    await hover(-1, 30);
    await readout(screen, 'Rebalance at');
    assert.match(
      await readoutText(screen),
      /session timed out; took 1 min; members 2 to 1; 1 moved; generation 2 to 3/,
    );
    await screen.close();
  });

  it('shows where a target differs from what is owned now', async () => {
    const history = billingHistory();
    const [alpha, , gamma] = history.members;
    const target = (id: string, partitions: readonly number[]): GroupHistory['epochs'][number]['members'][number] => ({
      id,
      memberEpoch: 4,
      subscription: ['orders'],
      assigned: [],
      target: partitions.map((partition) => ({ topic: 'orders', partition })),
      revoking: [],
    });
    const last = { ...history.epochs[3]!, number: 5, members: [target(alpha!.id, [0]), target(gamma!.id, [1, 2])] };
    const screen = await openAssignments(
      harness,
      { history: { ...history, type: 'consumer', epochs: [...history.epochs, last] } },
      { width: 1400 },
    );
    await drawn(screen);
    for (const [lane, text] of [
      [0, /^orders-0: alpha((?!to go to).)*$/],
      [1, /^orders-1: alpha.*; to go to gamma; at epoch 4, the group is at 5$/],
      [2, /^orders-2: gamma((?!to go to).)*$/],
    ] as const) {
      const { x, y } = await placeOf(screen, lane, 55);
      await screen.page.mouse.move(x, y);
      await readout(screen, `orders-${lane}`);
      assert.match(await readoutText(screen), text);
    }
    await screen.close();
  });

  it('lays the owners that share a partition side by side, and says who took it up and who gave it up', async () => {
    const history = billingHistory();
    const [alpha, beta] = history.members;
    const both = [alpha!, beta!].map(({ id }, index) => ({
      topic: 'orders',
      partition: 0,
      member: id,
      from: t0 + index * 10 * minute,
      to: index === 1 ? t0 + 30 * minute : undefined,
    }));
    const taken = { topic: 'orders', partition: 0, before: undefined, after: beta!.id, needless: false };
    const [first, second] = history.rebalances;
    const rebalances = [
      { ...first!, moves: [taken] },
      { ...second!, moves: [{ ...taken, before: beta!.id, after: undefined }] },
    ];
    const screen = await openAssignments(
      harness,
      { history: { ...history, type: 'share', spans: both, rebalances } },
      { width: 1400 },
    );
    await drawn(screen);
    await statusIs(screen, '2 lanes, 2 rebalances');
    for (const [lane, text] of [
      [0, /^orders-0: alpha/],
      [1, /^orders-0 \(2\): beta/],
    ] as const) {
      const { x, y } = await placeOf(screen, lane, 20);
      await screen.page.mouse.move(x, y);
      await readout(screen, lane === 0 ? 'orders-0:' : 'orders-0 (2):');
      assert.match(await readoutText(screen), text);
    }
    await screen.page.locator('.rebalances .lines > .line', { hasText: 'joined' }).click();
    const moves = screen.page.locator('.moves');
    await moves.waitFor();
    assert.deepEqual(await moves.locator('thead th').allInnerTexts(), ['Partition', 'No longer of', 'Also of']);
    assert.deepEqual(await moves.locator('tbody td').allInnerTexts(), ['', 'beta']);
    await screen.close();
  });

  it('is worked by keyboard: lanes, spans, rebalances, zoom, pan, back', async () => {
    const screen = await openAssignments(harness, { history: billingHistory() }, { width: 1400 });
    const { page } = screen;
    await drawn(screen);
    await page.keyboard.press('Escape');
    await page.keyboard.press('ArrowDown');
    await readout(screen, 'orders-0: alpha');
    await page.keyboard.press('ArrowDown');
    await readout(screen, 'orders-1: alpha');
    await page.keyboard.press('ArrowLeft');
    await readout(screen, 'orders-1: no owner');
    assert.equal(await page.locator('.lanes-readout').getAttribute('aria-live'), 'polite');
    await page.keyboard.press('ArrowLeft');
    await readout(screen, 'orders-1: beta');
    await page.keyboard.press('ArrowRight');
    await readout(screen, 'orders-1: no owner');
    // The rebalance that made the gap.
    await page.keyboard.press('Enter');
    await page.locator('.rebalance-details', { hasText: 'session timed out' }).waitFor();
    await page.keyboard.press('Control+c');
    await until('the read-out is copied', () => lastSaid(screen, 'copy') !== undefined);
    assert.match(lastSaid(screen, 'copy')!.text, /^orders-1: no owner/);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Home');
    await readout(screen, 'Rebalance at');
    assert.match(await readoutText(screen), /joined; took 30 s/);
    await page.keyboard.press('+');
    const zoomed = (await kept(screen)).range!;
    assert.ok(Math.abs(zoomed.to - zoomed.from - 40 * minute) < minute, JSON.stringify(zoomed));
    await page.keyboard.press('Shift+ArrowRight');
    const moved = (await kept(screen)).range!;
    assert.ok(moved.from > zoomed.from && Math.abs(moved.to - moved.from - (zoomed.to - zoomed.from)) < 1);
    await page.keyboard.press('0');
    assert.equal((await kept(screen)).range, undefined);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.locator('.rebalance-details').waitFor({ state: 'detached' });
    await page.keyboard.press('/');
    await page.keyboard.type('gamma');
    await statusIs(screen, '1 of 3 lanes, 3 rebalances');
    await page.keyboard.press('Escape');
    await statusIs(screen, '3 lanes, 3 rebalances');
    await screen.close();
  });

  it('zooms with the wheel around the pointer, pans by dragging, and zooms to a range with Shift', async () => {
    const screen = await openAssignments(harness, { history: billingHistory() }, { width: 1400 });
    const { page } = screen;
    await drawn(screen);
    const { x, y } = await placeOf(screen, 0, 30);
    await page.mouse.move(x, y);
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -200);
    await page.keyboard.up('Control');
    await until('it is zoomed', async () => (await kept(screen)).range !== undefined);
    const zoomed = (await kept(screen)).range!;
    assert.ok(zoomed.from > t0 && zoomed.to < t0 + 60 * minute);
    assert.ok(Math.abs((zoomed.from + zoomed.to) / 2 - (t0 + 30 * minute)) < minute);
    assert.equal((await kept(screen)).follow, false);
    await page.mouse.down();
    await page.mouse.move(x - 60, y, { steps: 4 });
    await page.mouse.up();
    const panned = (await kept(screen)).range!;
    assert.ok(panned.from > zoomed.from);
    await page.keyboard.press('Escape');
    await page.keyboard.press('0');
    const [from, to] = [await placeOf(screen, 0, 20), await placeOf(screen, 0, 40)];
    await page.mouse.move(from.x, from.y);
    await page.keyboard.down('Shift');
    await page.mouse.down();
    await page.mouse.move(to.x, to.y, { steps: 4 });
    await page.mouse.up();
    await page.keyboard.up('Shift');
    const brushed = (await kept(screen)).range!;
    assert.ok(
      Math.abs(brushed.from - (t0 + 20 * minute)) < minute && Math.abs(brushed.to - (t0 + 40 * minute)) < minute,
    );
    await screen.close();
  });

  it('shows why a rebalance was, from the list and from its mark, and what is fact and what is inferred', async () => {
    const screen = await openAssignments(harness, { history: billingHistory() }, { width: 1400 });
    const { page } = screen;
    await drawn(screen);
    const mark = await placeOf(screen, -1, 30);
    await page.mouse.click(mark.x, mark.y);
    const details = page.locator('.rebalance-details');
    await details.locator('.moves tbody tr').first().waitFor();
    const text = await details.innerText();
    for (const part of [
      'session timed out',
      'inference',
      'beta sent no heartbeat for 45 s',
      'session.timeout.ms is 45,000.',
      'server.log, line 812',
      'generation 2 to 3',
      '2 to 1',
    ]) {
      assert.ok(text.includes(part), `${part} in ${text}`);
    }
    assert.match(await details.locator('.moves tbody tr').innerText(), /orders-1\s+beta\s+alpha/);
    assert.equal(await page.locator('.rebalances .line.selected').count(), 1);
    await details.getByRole('button', { name: 'server.log, line 812' }).click();
    await until('the line is asked for', () => lastSaid(screen, 'openLine') !== undefined);
    assert.deepEqual(lastSaid(screen, 'openLine'), { type: 'openLine', file: '/var/log/kafka/server.log', line: 812 });
    // Newest first: the one whose begin nobody told.
    await page.locator('.rebalances .lines > .line').first().click();
    await details.locator('.needless').waitFor();
    assert.match(await details.innerText(), /Duration\s+-/);
    await page.getByRole('button', { name: 'Only what the selected rebalance moved' }).click();
    await statusIs(screen, '1 of 3 lanes, 3 rebalances');
    await page.locator('.rebalances .lines > .line').nth(2).click();
    await details.filter({ hasText: '9,007,199,254,740,993' }).waitFor();
    // Counted for the rows in view, once.
    await page.locator('.rebalances .line', { hasText: '1,204 or more' }).first().waitFor();
    const asked = screen.said.flatMap((said) => (said.type === 'meanwhile' ? said.rebalances : []));
    assert.deepEqual([...asked].sort(), ['r1', 'r2', 'r3']);
    await screen.close();
  });

  it('lays the lines of logs on the time line: ticks, a list, and those of a rebalance', async () => {
    const file = '/var/log/kafka/server.log';
    const line = (number: number, minutes: number, rebalance?: string) => ({
      ...{ file, line: number, text: 'INFO', message: `what line ${number} says`, program: 'broker' as const },
      ...{ at: t0 + minutes * minute, member: undefined, rebalance },
    });
    const history = { ...billingHistory(), lines: [line(3, 20), line(811, 30, 'r2'), line(812, 30.1, 'r2')] };
    const screen = await openAssignments(harness, { history }, { width: 1400 });
    const { page } = screen;
    await drawn(screen);
    const tick = await placeOf(screen, -1, 20);
    await page.mouse.move(tick.x, tick.y);
    await page.locator('.lanes-readout', { hasText: 'line 3' }).waitFor();
    assert.match(await readoutText(screen), /, server\.log, line 3: what line 3 says$/);
    await page.mouse.click(tick.x, tick.y);
    await until('the line is asked for', () => lastSaid(screen, 'openLine') !== undefined);
    assert.deepEqual(lastSaid(screen, 'openLine'), { type: 'openLine', file, line: 3 });
    await page.getByRole('button', { name: 'Lines of logs instead of rebalances' }).click();
    await page.locator('.rebalances .line', { hasText: 'what line 812 says' }).click();
    const details = page.locator('.rebalance-details');
    await details.locator('.log-lines li').nth(1).waitFor();
    assert.match(await details.innerText(), /2 lines of logs[^]*what line 811 says[^]*what line 812 says/);
    await page.keyboard.press('Enter');
    await until('that line is asked for', () => lastSaid(screen, 'openLine')?.line === 812);
    assert.equal((await kept(screen)).lines, true);
    // As a link in the log's text asks for it.
    screen.feed.showLine({ file, line: 3 });
    await details.waitFor({ state: 'detached' });
    await screen.close();
  });

  it('filters to what moved and to what a finding is about, and says when nothing is left', async () => {
    const screen = await openAssignments(harness, { history: billingHistory() }, { width: 1400 });
    const { page } = screen;
    await drawn(screen);
    await page.getByRole('button', { name: 'Only what moved' }).click();
    await statusIs(screen, '2 of 3 lanes, 3 rebalances');
    await page.getByRole('button', { name: 'Show it' }).click();
    await statusIs(screen, '1 of 3 lanes, 3 rebalances');
    const { range } = await kept(screen);
    assert.ok(range!.from < t0 + 10 * minute && range!.to > t0 + 31 * minute && range!.to < t0 + 40 * minute);
    await page.getByRole('button', { name: 'Show all again' }).click();
    await page.keyboard.press('/');
    await page.keyboard.type('no such thing');
    await page.locator('.lanes-none').waitFor();
    await screen.close();
  });

  it('has a lane for each member, with how many partitions it owned', async () => {
    const screen = await openAssignments(harness, { history: billingHistory() }, { width: 1400 });
    const { page } = screen;
    await drawn(screen);
    await page.getByLabel('A lane for each').selectOption('member');
    await statusIs(screen, '3 lanes, 3 rebalances');
    for (const [lane, minutes, text] of [
      [0, 5, 'alpha: 3 partitions'],
      [0, 20, 'alpha: 2 partitions'],
      [1, 20, 'beta: 1 partition;'],
      [1, 40, 'beta at'],
      [2, 50, 'gamma: 1 partition;'],
    ] as const) {
      const { x, y } = await placeOf(screen, lane, minutes);
      await page.mouse.move(x, y);
      await readout(screen, text);
    }
    assert.equal((await kept(screen)).by, 'member');
    await screen.close();
  });

  it('says the same in a table', async () => {
    const screen = await openAssignments(harness, { history: billingHistory() }, { state: { asTable: true } });
    await screen.page.locator('.spans .lines > .line').nth(6).waitFor();
    const lines = await screen.page.locator('.spans .lines > .line').allInnerTexts();
    assert.equal(lines.length, 7);
    assert.ok(lines.some((line) => /orders-1\s+nobody[\s\S]*1 min/.test(line)));
    assert.ok(lines.some((line) => /orders-2\s+alpha[\s\S]*40 min/.test(line)));
    await screen.close();
  });

  it('lays the lag over the lanes that are in view, and asks for nothing else', async () => {
    const history = billingHistory();
    const watch = new ScriptedWatch();
    for (let poll = 0; poll < 10; poll++) {
      watch.pollUnseen(
        aSnapshot({
          takenAt: t0 + (40 + poll) * minute,
          topics: [aTopic('orders', 3)],
          offsets: { orders: [0, 1, 2].map(() => offsetsOf(0n, BigInt(poll * 100))) },
          groups: [
            aGroup('billing', {
              partitions: [0, 1, 2].map((one) => aPartition('orders', one, { commit: committed(0n) })),
            }),
          ],
        }),
      );
    }
    const screen = await openAssignments(harness, { history }, { width: 1400, watch });
    await drawn(screen);
    assert.equal(lastSaid(screen, 'lags'), undefined);
    await screen.page.getByRole('button', { name: 'Lag over the lanes' }).click();
    await screen.page.locator('.status', { hasText: 'lag lines up to 900' }).waitFor();
    assert.deepEqual(lastSaid(screen, 'lags')?.keys, ['orders/0', 'orders/1', 'orders/2']);
    const { x, y } = await placeOf(screen, 0, 45.5);
    await screen.page.mouse.move(x, y);
    await readout(screen, 'orders-0: alpha');
    assert.match(await readoutText(screen), /lag 500 at/);
    await screen.page.getByRole('button', { name: 'Lag over the lanes' }).click();
    await until('it asks for none', () => lastSaid(screen, 'lags')?.keys.length === 0);
    await screen.close();
  });

  it('exports: data by the host, and pictures of what is shown', async () => {
    const hostile = billingHistory();
    const evil = { ...hostile.members[0]!, clientId: '<script>alert("1")</script>&\u0001' };
    const screen = await openAssignments(
      harness,
      { history: { ...hostile, members: [evil, ...hostile.members.slice(1)] } },
      { width: 1400 },
    );
    const { page } = screen;
    await drawn(screen);
    const pick = async (label: string): Promise<void> => {
      await page.locator('kafka-toolbar-menu vscode-toolbar-button').click();
      await page.locator('.menu-item', { hasText: label }).click();
    };
    await pick('JSON');
    await until('JSON is asked for', () => lastSaid(screen, 'export')?.format === 'json');
    await pick('SVG');
    await until('the SVG is there', () => lastSaid(screen, 'picture')?.format === 'svg');
    const svg = lastSaid(screen, 'picture')!.data;
    const parsed = await page.evaluate((text) => {
      const tree = new DOMParser().parseFromString(text, 'image/svg+xml');
      return {
        errors: tree.querySelectorAll('parsererror').length,
        scripts: tree.querySelectorAll('script').length,
        texts: [...tree.querySelectorAll('text')].map((one) => one.textContent),
        hatched: tree.querySelectorAll('rect[fill^="url("]').length,
      };
    }, svg);
    assert.deepEqual([parsed.errors, parsed.scripts], [0, 0]);
    for (const text of ['orders-0', 'orders-1', 'beta', 'gamma', 'Rebalances']) assert.ok(parsed.texts.includes(text));
    assert.ok(parsed.hatched >= 2, 'the gap and what is to be given up');
    await pick('PNG');
    await until('the PNG is there', () => lastSaid(screen, 'picture')?.format === 'png');
    const png = Buffer.from(lastSaid(screen, 'picture')!.data, 'base64');
    assert.equal(png.subarray(1, 4).toString(), 'PNG');
    // Twice the size of what is drawn: the lanes and what is above them.
    assert.equal(png.readUInt32BE(20), 2 * (top + 3 * laneHeight));
    assert.deepEqual(screen.problems, []);
    await screen.close();
  });

  it('follows now, and stands still once somebody looks at the past', async () => {
    const history = billingHistory();
    const screen = await openAssignments(harness, { history }, { width: 1400 });
    await drawn(screen);
    const grown = {
      ...history,
      to: t0 + 90 * minute,
      rebalances: [...history.rebalances, { ...history.rebalances[2]!, id: 'r9', ended: t0 + 80 * minute }],
    };
    screen.tell({ history: grown });
    await statusIs(screen, '3 lanes, 4 rebalances');
    await screen.page.keyboard.press('Escape');
    await screen.page.keyboard.press('ArrowDown');
    await screen.page.keyboard.press('End');
    await screen.page.keyboard.press('+');
    await screen.page.keyboard.press('Shift+ArrowLeft');
    const { range, follow } = await kept(screen);
    assert.equal(follow, false);
    screen.tell({ history: { ...grown, to: t0 + 95 * minute, lacks: ['Another thing is not known.'] } });
    await screen.page.locator('.lacks', { hasText: 'Another thing' }).waitFor();
    assert.deepEqual((await kept(screen)).range, range);
    await screen.page.keyboard.press('n');
    assert.equal((await kept(screen)).follow, true);
    await screen.close();
  });

  it('pauses, and holds nothing once it is hidden', async () => {
    const history = billingHistory();
    const watch = watchOf(history);
    const screen = await openAssignments(harness, { history }, { watch });
    await drawn(screen);
    assert.deepEqual([screen.following(), watch.looking], [1, 1]);
    await screen.page.getByRole('button', { name: 'Pause (Space)' }).click();
    await until('it is paused', () => lastSaid(screen, 'pause')?.paused === true);
    screen.tell({ history: { ...history, lacks: ['Told while paused.'] } });
    await screen.page.getByRole('button', { name: 'Resume (Space)' }).click();
    await screen.page.locator('.lacks', { hasText: 'Told while paused' }).waitFor();
    screen.feed.stop();
    assert.deepEqual([screen.following(), watch.looking], [0, 0]);
    await screen.close();
  });

  it('says what is under way, what is not there, and what failed', async () => {
    const history = billingHistory();
    const loading = await openAssignments(
      harness,
      { progress: { done: 12_000, total: 500_000 } },
      { watch: watchOf(undefined) },
    );
    await loading.page.locator('.problem', { hasText: '12,000 of 500,000 records read.' }).waitFor();
    loading.tell({ history, progress: { done: 100, total: 200 } });
    await loading.page.locator('progress').waitFor();
    await drawn(loading);
    await loading.close();

    const none = { ...history, spans: [], rebalances: [], from: undefined, lacks: ['The topic is compacted.'] };
    const empty = await openAssignments(harness, { history: none });
    await empty.page.locator('.problem', { hasText: 'No assignment is known of billing' }).waitFor();
    assert.match(await empty.page.locator('.problem').innerText(), /The topic is compacted.*Start a consumer/s);
    await empty.close();

    const failed = await openAssignments(harness, { failure: 'The broker hung up.' }, { watch: watchOf(undefined) });
    await failed.page.locator('.problem.failed', { hasText: 'The broker hung up.' }).waitFor();
    await failed.page.getByRole('button', { name: 'Retry' }).click();
    await until('it is tried again', () => lastSaid(failed, 'retry') !== undefined);
    await failed.close();

    const still = await openAssignments(harness, { history, failure: 'The broker hung up.' });
    await drawn(still);
    await still.page.locator('.notice', { hasText: 'The broker hung up.' }).waitFor();
    await still.close();
  });

  it('goes to the partition that it was opened for, among a thousand', async () => {
    const history = largeHistory(1_000, 60);
    const screen = await openAssignments(
      harness,
      { history },
      { target: { cluster: 'local', group: 'billing', key: 'payments/321' } },
    );
    await drawn(screen);
    await readout(screen, 'payments-321: worker-');
    const scrolled = await screen.page.evaluate(() => document.querySelector('.lanes-scroll')!.scrollTop);
    assert.ok(scrolled > 800 * laneHeight - 700, String(scrolled));
    await screen.close();
  });
});
