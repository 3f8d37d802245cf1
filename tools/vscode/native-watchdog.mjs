/**
 * In place of `@vscode/native-watchdog` 1.4, which takes a compiler: ends this process some seconds after its parent is gone, even when
 * its event loop is busy for ever, for the look-out is a thread of its own.
 */
import { Worker } from 'node:worker_threads';

const reallyExit = process.exit.bind(process);

/** Runs in the thread. A process that is there but belongs to another user gives EPERM. */
const lookOut = `
  const { setTimeout: delay } = require('node:timers/promises');
  const { workerData: { parent } } = require('node:worker_threads');
  const runs = () => {
    try {
      process.kill(parent, 0);
      return true;
    } catch (error) {
      return error.code === 'EPERM';
    }
  };
  (async () => {
    while (runs()) await delay(1000);
    await delay(5000);
    process.kill(process.pid, 'SIGKILL');
  })();
`;

/** @param {number} parent its process id */
export function start(parent) {
  // No options of the process itself: a --inspect or --import of the extension host is not for this thread.
  new Worker(lookOut, { eval: true, workerData: { parent }, execArgv: [], env: {} }).unref();
}

/** @param {number} [code] */
export function exit(code) {
  reallyExit(code ?? 0);
}
