import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Line } from './measurement.ts';

export const names = ['lag-table'];

/** What the web calls a long task: from here on a stutter is seen. */
const goalMs = 50;
const rounds = 3;

/**
 * The longest frame of the lag page while 10,000 partitions are scrolled and all change once a second. The median of
 * some rounds: one frame in thousands may wait for whatever else the machine does.
 */
export async function run(): Promise<readonly Line[]> {
  const longest: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const program = join(import.meta.dirname, '..', 'pages', 'measureTable.ts');
    const { stdout } = await promisify(execFile)(process.execPath, [program], { maxBuffer: 1e8 });
    const { frames } = JSON.parse(stdout) as { frames: number[] };
    longest.push(Math.max(...frames));
  }
  const ours = longest.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? Infinity;
  return [{ name: 'lag-table', ours: `${ours.toFixed(0)} ms`, goal: `< ${goalMs} ms`, ok: ours < goalMs }];
}
