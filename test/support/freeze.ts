import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { until } from './until.ts';

/**
 * Stops a process as SIGSTOP does (SIGCONT lets it go on), and resolves when it stands still. The signal alone is not enough: on a busy
 * machine a thread may still answer a request that is sent afterwards.
 */
export async function freeze(pid: number): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  await until(`process ${pid} stands still`, async () => (await threadStates(pid)).every((state) => state === 'T'));
}

/** One letter a thread; of the process as a whole where the system does not tell of threads. */
async function threadStates(pid: number): Promise<string[]> {
  if (process.platform !== 'linux') {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'state=', '-p', String(pid)]);
    return [stdout.trim().charAt(0)];
  }
  const threads = await readdir(`/proc/${pid}/task`);
  const states = threads.map(async (thread) => {
    const stat = await readFile(`/proc/${pid}/task/${thread}/stat`, 'utf8').catch(() => undefined);
    // After the name, which may hold anything. A thread that is gone does nothing any more.
    return stat === undefined ? 'T' : stat.charAt(stat.lastIndexOf(')') + 2);
  });
  return Promise.all(states);
}
