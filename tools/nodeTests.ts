import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { repositoryRoot } from './installOnce.ts';
import type { Tally } from './tally.ts';

/** Above what the slowest test takes on a machine that is busy with others. */
const TEST_LIMIT_MS = 240_000;
const limit = new URL('testLimit.ts', import.meta.url).href;

/** The test files of `test/<kind>` whose name holds one of `parts`; all where there are none. */
export function testFiles(kind: string, parts: readonly string[] = []): string[] {
  const folder = join(repositoryRoot, 'test', kind);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.test.ts'))
    .filter((name) => parts.length === 0 || parts.some((part) => name.includes(part)))
    .sort()
    .map((name) => join(folder, name));
}

/**
 * Runs test files, each in a process of its own, and prints what they find. Whatever did not run to its end counts as failed: a test that
 * is skipped, cancelled or to do, a file without any.
 */
export async function runTests(files: readonly string[], tally: Tally, concurrency: number): Promise<void> {
  const stream = run({ files, concurrency, timeout: TEST_LIMIT_MS, execArgv: ['--import', limit] });
  let complete = false;
  stream.on('test:summary', ({ file, counts }) => {
    if (file !== undefined) {
      if (counts.tests > 0) return;
      console.log(`${file} holds no test.`);
      tally.add(0, 1);
      return;
    }
    complete = true;
    const left = counts.cancelled + counts.skipped + counts.todo;
    tally.add(counts.passed, counts.tests - counts.passed);
    if (left > 0) console.log(`${left} tests were cancelled, skipped or left to do: they count as failed.`);
  });
  // Not piped: that would end our standard output with the first kind of tests.
  for await (const text of stream.compose(spec)) process.stdout.write(text);
  if (!complete) tally.add(0, 1);
}
