/**
 * Run as a program: prints the frames of the tail page as JSON, in ms, while 20,000 records a second arrive on a full ring of a
 * million: first it follows them, then all rows are scrolled through. In a real browser, with the page as it is shipped, and a host
 * that speaks the protocol as often as ours does.
 */
import { PageHarness } from './harness.ts';
import { openTail, read, ScriptedTail } from './tailScreen.ts';

const perSecond = 20_000;
const pushesPerSecond = 10;
const followFor = 3_000;
const scrollFor = 3_000;

const harness = await PageHarness.start();
try {
  const host = new ScriptedTail(read(1_000_000));
  const screen = await openTail(harness, host, { width: 1400, height: 900 });
  const { page } = screen;
  await page.locator('.lines > .line:not(.pending)').first().waitFor();

  let bucket = 0;
  const arrive = (): void => {
    host.arrive(perSecond / pushesPerSecond);
    const { histogram } = host.model;
    bucket++;
    host.update({
      histogram: { ...histogram, counts: [...histogram.counts.slice(1), 300 + (bucket % 100)] },
      recordsPerSecond: perSecond + (bucket % 7),
    });
  };
  const pushing = setInterval(arrive, 1_000 / pushesPerSecond);

  const phase = async (scrolling: boolean, forMs: number): Promise<number[]> => {
    await page.evaluate((scroll) => {
      const table = document.querySelector('.table')!;
      const frames: number[] = [];
      let before: number | undefined;
      let going = true;
      let step = -330;
      const frame = (at: number): void => {
        if (before !== undefined) frames.push(at - before);
        before = at;
        if (scroll) {
          // As a wheel is turned, and now and then the scrollbar is dragged elsewhere.
          if (table.scrollTop < 700) step = 330;
          else if (frames.length % 40 === 0) table.scrollTop = Math.random() * table.scrollHeight;
          table.scrollTop += step;
        }
        if (going) requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
      Object.assign(window, {
        measured: () => {
          going = false;
          return frames;
        },
      });
    }, scrolling);
    const until = Date.now() + forMs;
    await page.waitForFunction((at) => Date.now() >= at, until);
    return page.evaluate(() => (window as unknown as { measured: () => number[] }).measured());
  };
  const following = await phase(false, followFor);
  const atEnd = await page.locator('.lines').innerText();
  const scrolling = await phase(true, scrollFor);
  clearInterval(pushing);
  console.log(JSON.stringify({ following, scrolling, rows: atEnd.split('\n').length, problems: screen.problems }));
  await screen.close();
} finally {
  await harness.stop();
}
