/**
 * Run as a program: prints the frames of the assignment page as JSON, in ms, with 1,000 partitions and 500 rebalances, while the chart is
 * panned, zoomed, hovered and scrolled. In a real browser, with the page as it is shipped.
 */
import { largeHistory } from './assignmentHistories.ts';
import { openAssignments } from './assignmentsScreen.ts';
import { PageHarness } from './harness.ts';

const phases = ['pan', 'zoom', 'hover', 'scroll'] as const;
const phaseMs = 2_000;

const harness = await PageHarness.start();
try {
  const history = largeHistory(1_000, 500);
  const screen = await openAssignments(harness, { history }, { width: 1400, height: 900 });
  const { page } = screen;
  await page.locator('.status', { hasText: '1,000 lanes, 500 rebalances' }).waitFor();
  const frames: Record<string, number[]> = {};
  for (const phase of phases) frames[phase] = await page.evaluate(measure, { phase, forMs: phaseMs });
  const spans = history.spans.length;
  console.log(JSON.stringify({ frames, spans, problems: screen.problems }));
  await screen.close();
} finally {
  await harness.stop();
}

/** Runs in the page: as a hand on mouse and wheel, an event or two a frame. */
function measure({ phase, forMs }: { phase: string; forMs: number }): Promise<number[]> {
  const chart = document.querySelector<HTMLElement>('.lanes-scroll')!;
  const box = chart.getBoundingClientRect();
  const at = (x: number, y: number): MouseEventInit => ({
    clientX: box.x + x,
    clientY: box.y + y,
    bubbles: true,
    button: 0,
  });
  const wheel = (x: number, deltaY: number, more: WheelEventInit): void => {
    chart.dispatchEvent(new WheelEvent('wheel', { ...at(x, 300), deltaY, cancelable: true, ...more }));
  };
  // A pan needs something to pan to: a tenth of all there is.
  if (phase === 'pan') for (let turn = 0; turn < 4; turn++) wheel(500, -180, { ctrlKey: true });
  return new Promise((resolve) => {
    const frames: number[] = [];
    let before: number | undefined;
    const start = performance.now();
    const frame = (now: number): void => {
      if (before !== undefined) frames.push(now - before);
      before = now;
      const turn = frames.length;
      if (phase === 'pan') wheel(500, turn % 80 < 40 ? 30 : -30, { shiftKey: true });
      else if (phase === 'zoom') wheel(300 + (turn % 200), turn % 40 < 20 ? 60 : -60, { ctrlKey: true });
      else if (phase === 'hover') {
        const x = 200 + ((turn * 13) % 600);
        chart.dispatchEvent(new PointerEvent('pointermove', at(x, 80 + ((turn * 7) % 600))));
      } else chart.scrollTop = (turn * 110) % (chart.scrollHeight - chart.clientHeight);
      if (now - start < forMs) requestAnimationFrame(frame);
      else resolve(frames);
    };
    requestAnimationFrame(frame);
  });
}
