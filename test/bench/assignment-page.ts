import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Line } from './measurement.ts';

export const names = ['assignment-page', 'assignment-build'];

/** What the web calls a long task: from here on a stutter is seen. */
const goalMs = 50;
const rounds = 3;

/**
 * The longest frame of the assignment page with 1,000 partitions and 500 rebalances, while it is panned, zoomed, hovered and scrolled. The
 * median of some rounds: one frame in thousands may wait for whatever else the machine does.
 */
export async function run(): Promise<readonly Line[]> {
  const longest: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const program = join(import.meta.dirname, '..', 'pages', 'measureAssignments.ts');
    const { stdout } = await promisify(execFile)(process.execPath, [program], { maxBuffer: 1e8 });
    const { frames, problems } = JSON.parse(stdout) as { frames: Record<string, number[]>; problems: string[] };
    if (problems.length > 0) throw new Error(`The page has problems: ${problems.join('; ')}`);
    longest.push(Math.max(...Object.values(frames).flat()));
  }
  const ours = longest.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? Infinity;
  return [
    { name: 'assignment-page', ours: `${ours.toFixed(0)} ms`, goal: `< ${goalMs} ms`, ok: ours < goalMs },
    await build(),
  ];
}

/** How long the extension host is held up by working out such a history after an event, and by telling the page what is new. */
async function build(): Promise<Line> {
  const program = join(import.meta.dirname, 'assignmentBuildProcess.ts');
  const longest: number[] = [];
  let text = '';
  for (let round = 0; round < rounds; round++) {
    const { stdout } = await promisify(execFile)(process.execPath, [program, '1000', '500']);
    const { built, told } = JSON.parse(stdout) as Record<'built' | 'told', { took: number; longest: number }>;
    longest.push(built.longest);
    text = `of ${built.took.toFixed(0)} ms, then ${told.longest.toFixed(0)} ms to tell`;
  }
  const ours = longest.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? Infinity;
  return { name: 'assignment-build', ours: `${ours.toFixed(0)} ms ${text}`, goal: `< ${goalMs} ms`, ok: ours < goalMs };
}
