import { spawnSync } from 'node:child_process';

/**
 * Signals a process that was started as leader of its own group, and all in that group. A process that is gone is no
 * error. Windows has no groups: there the tree is ended by force.
 */
export function killTree(pid: number, signal: NodeJS.Signals): void {
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore' });
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
