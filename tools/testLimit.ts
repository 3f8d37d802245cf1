/**
 * Loaded into the process of each test file before the file itself: ends the process where it does not end by itself, be it that
 * something keeps it open or that it is busy for ever. node:test's own time-out reaches neither.
 */
import { Worker } from 'node:worker_threads';

/** More than twice the longest that one test may take: see nodeTests.ts. */
const LIMIT_S = 600;
const message = `${process.argv[1]} did not end within ${LIMIT_S} s.\n`;

// A thread of its own, which runs on while the test is busy.
const inThread = `
  setTimeout(() => {
    require('node:fs').writeSync(2, ${JSON.stringify(message)});
    process.kill(process.pid, 'SIGKILL');
  }, ${LIMIT_S * 1000});
`;
new Worker(inThread, { eval: true, execArgv: [] }).unref();
