/** What stands in for the two packages of VS Code that take a compiler. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { until } from '../support/until.ts';

interface Spdlog {
  readonly createAsyncRotatingLogger: (
    name: string,
    file: string,
    maxSize: number,
    maxFiles: number,
  ) => Promise<Logger>;
}

interface Logger {
  setLevel(level: number): void;
  setPattern(pattern: string): void;
  clearFormatters(): void;
  info(message: string): void;
  error(message: string): void;
  drop(): void;
}

const folderOf = (name: string): string => join(import.meta.dirname, '..', '..', 'tools', 'vscode', name);
const { createAsyncRotatingLogger } = (await import(folderOf('spdlog.mjs'))) as Spdlog;

describe('the log files of VS Code', () => {
  it('hold what is grave enough, with time and level, or the mere message', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'spdlog-'));
    t.after(() => rm(folder, { recursive: true }));
    const file = join(folder, 'deep', 'a.log');
    const logger = await createAsyncRotatingLogger('a', file, 1_000, 1);
    logger.setPattern('%Y-%m-%d %H:%M:%S.%e [%l] %v');
    logger.setLevel(3);
    logger.info('not this');
    logger.error('this, 100 %v');
    logger.clearFormatters();
    logger.error('mere');
    logger.error('ly');
    logger.drop();
    logger.error('too late');
    assert.match(
      await readFile(file, 'utf8'),
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} \[error\] this, 100 %v\nmerely$/,
    );
  });

  it('are kept up to their number', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'spdlog-'));
    t.after(() => rm(folder, { recursive: true }));
    const logger = await createAsyncRotatingLogger('a', join(folder, 'a.log'), 10, 2);
    logger.setPattern('%v');
    for (const word of ['first', 'second', 'third', 'fourth']) logger.error(word);
    logger.drop();
    assert.deepEqual((await readdir(folder)).sort(), ['a.1.log', 'a.2.log', 'a.log']);
    assert.equal(await readFile(join(folder, 'a.log'), 'utf8'), 'fourth\n');
    assert.equal(await readFile(join(folder, 'a.1.log'), 'utf8'), 'third\n');
  });
});

describe('the watchdog of an extension host', () => {
  it('ends a busy process when its parent is gone', async (t) => {
    const parent = spawn(process.execPath, ['--eval', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    const program = `
      const { start } = await import(${JSON.stringify(folderOf('native-watchdog.mjs'))});
      start(${parent.pid});
      console.log('watched');
      setTimeout(() => { for (;;); }, 500);
    `;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    t.after(() => [parent, child].map((each) => each.kill('SIGKILL')));
    const ended = once(child, 'exit');
    await once(child.stdout, 'data');
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    await until('the process has ended', () => child.signalCode !== null);
    assert.equal((await ended)[1], 'SIGKILL');
  });
});
