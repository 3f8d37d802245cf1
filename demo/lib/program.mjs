import { basename } from 'node:path';

/** One line for an event worth knowing. */
export function log(who, text) {
  process.stdout.write(`${who}: ${text}\n`);
}

/**
 * Runs a program's `start` when its file is the one that node was told to run, and ends it on SIGTERM and SIGINT.
 * `start` returns, in a promise, a function that ends what it started.
 */
export async function main(meta, start) {
  if (process.argv[1] !== meta.filename) return;
  let stop;
  const end = async () => {
    // A broker that does not answer shall not keep the program alive.
    setTimeout(() => process.exit(0), 3_000).unref();
    await stop?.().catch(() => {});
    process.exit(0);
  };
  process.once('SIGTERM', end);
  // Ctrl-C reaches all processes of a terminal; those that run.mjs started are ended by it.
  process.on('SIGINT', process.connected ? () => {} : end);
  // Whoever started this program is gone without a word.
  process.once('disconnect', end);
  if (!process.connected) log(basename(meta.filename), 'runs until Ctrl-C');
  stop = await start();
}
