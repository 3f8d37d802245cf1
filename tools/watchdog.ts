/**
 * Ends what its parent started once the parent is gone, however it went (SIGKILL included): its standard input is a
 * pipe that only the parent holds, and the system closes it. Lines: `+pid`, `-pid` (a process group to end), `dir path` (a
 * folder to delete). Started by tools/processes.ts.
 */
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { killTree } from './killTree.ts';

const pids = new Set<number>();
const folders = new Set<string>();

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

for await (const line of createInterface({ input: process.stdin })) {
  if (line.startsWith('+')) pids.add(Number(line.slice(1)));
  else if (line.startsWith('-')) pids.delete(Number(line.slice(1)));
  else if (line.startsWith('dir ')) folders.add(line.slice(4));
}

for (const pid of pids) killTree(pid, 'SIGKILL');
for (const folder of folders) {
  // A process that was just killed may still be writing.
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}
