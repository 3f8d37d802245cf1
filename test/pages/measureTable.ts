/**
 * Run as a program: prints the frames of the lag page as JSON, in ms, while 10,000 partitions are scrolled and all of
 * them change at every poll. In a real browser, with the page as it is shipped and the feed that VS Code would give it.
 */
import { large, ScriptedWatch } from '../unit/panelsFixtures.ts';
import { PageHarness } from './harness.ts';
import { openLag } from './lagScreen.ts';

const partitions = 10_000;
const polls = 6;
const pollEveryMs = 1_000;

const harness = await PageHarness.start();
try {
  const watch = new ScriptedWatch();
  const start = Date.now();
  for (let poll = 0; poll < 3; poll++) watch.pollUnseen(large(partitions, poll, start - (3 - poll) * 1_000));
  const screen = await openLag(harness, watch, 'large', { width: 1400, height: 900 });
  const { page } = screen;
  await page.waitForFunction(() => document.querySelector('.status span')?.textContent.trim() === '10,000 rows');

  await page.evaluate(() => {
    const table = document.querySelector('.table')!;
    const frames: number[] = [];
    const tasks: number[] = [];
    let before: number | undefined;
    let scrolling = true;
    const step = (at: number): void => {
      if (before !== undefined) frames.push(at - before);
      before = at;
      // Down and up again through all rows, as fast as a wheel is turned.
      table.scrollTop = (table.scrollTop + 330) % (table.scrollHeight - table.clientHeight);
      if (scrolling) requestAnimationFrame(step);
    };
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
      type: 'longtask',
    });
    requestAnimationFrame(step);
    Object.assign(window, {
      measured: () => {
        scrolling = false;
        return { frames, tasks };
      },
    });
  });
  for (let poll = 1; poll <= polls; poll++) {
    const due = start + (poll + 2) * pollEveryMs;
    await page.waitForFunction((at) => Date.now() >= at, due);
    watch.poll(large(partitions, 3 + poll, Date.now()));
  }
  await page.waitForFunction((at) => Date.now() >= at, start + (polls + 3) * pollEveryMs);
  const measured = await page.evaluate(() =>
    (window as unknown as { measured: () => { frames: number[]; tasks: number[] } }).measured(),
  );
  console.log(JSON.stringify(measured));
  await screen.close();
} finally {
  await harness.stop();
}
