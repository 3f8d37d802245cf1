import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Line } from './measurement.ts';

export const names = ['tail-page'];

/** What the web calls a long task: from here on a stutter is seen. */
const goalMs = 50;
const rounds = 3;

/**
 * The longest frame of the tail page with 20,000 records a second arriving and a million kept, following them and scrolling. The median of
 * some rounds: one frame in thousands may wait for whatever else the machine does.
 */
export async function run(): Promise<readonly Line[]> {
  const longest: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const program = join(import.meta.dirname, '..', 'pages', 'measureTail.ts');
    const { stdout } = await promisify(execFile)(process.execPath, [program], { maxBuffer: 1e8 });
    const { following, scrolling, problems } = JSON.parse(stdout) as Record<'following' | 'scrolling', number[]> & {
      problems: string[];
    };
    if (problems.length > 0) throw new Error(`The page has problems: ${problems.join('; ')}`);
    longest.push(Math.max(...following, ...scrolling));
  }
  const ours = longest.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? Infinity;
  return [{ name: 'tail-page', ours: `${ours.toFixed(0)} ms`, goal: `< ${goalMs} ms`, ok: ours < goalMs }];
}
