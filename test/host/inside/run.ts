/**
 * Runs inside VS Code's extension host, which requires this file and calls `run`. The tests are those of the `*.test.ts` beside it,
 * each bundled into a file of its own. Every result is a line of the console: `ok - name` or `not ok - name`, then the reason indented.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { run as runTests } from 'node:test';
import { inspect } from 'node:util';

/** As in `last.ts`; importing it here would register that test too early. */
const LAST_TEST = 'the last test has run';

export function run(): Promise<void> {
  const names = readdirSync(__dirname).filter((name) => name.endsWith('.test.cjs'));
  const files = [...names.sort(), 'last.cjs'].map((name) => join(__dirname, name));
  const stream = runTests({ files, isolation: 'none', concurrency: 1 });
  const path: string[] = [];
  let failed = 0;
  const fail = (name: string, reason: string) => {
    failed += 1;
    console.log(`not ok - ${name}\n  ${reason.replaceAll('\n', '\n  ')}`);
  };
  stream.on('test:start', ({ nesting, name }) => {
    path.length = nesting;
    path[nesting] = name;
  });
  return new Promise((resolve, reject) => {
    stream.on('test:pass', ({ nesting, name, details, skip, todo }) => {
      if (details.type === 'suite') return;
      const full = [...path.slice(0, nesting), name].join(' > ');
      if (skip !== undefined || todo !== undefined) fail(full, 'skipped, or left to do');
      else if (name !== LAST_TEST) console.log(`ok - ${full}`);
      else if (failed > 0) reject(new Error(`${failed} tests failed.`));
      else resolve();
    });
    stream.on('test:fail', ({ nesting, name, details }) => {
      // A suite fails with its tests, but also by itself where a hook throws.
      if (details.type === 'suite' && isOfSubtests(details.error)) return;
      fail([...path.slice(0, nesting), name].join(' > '), inspect(details.error.cause ?? details.error));
    });
    // Results come by the events above; the stream flows only where it is read.
    stream.resume();
  });
}

function isOfSubtests(error: Error): boolean {
  return 'failureType' in error && error.failureType === 'subtestsFailed';
}
