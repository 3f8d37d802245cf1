import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const repositoryRoot = fileURLToPath(new URL('..', import.meta.url));

/** Where downloaded tools live; safe to delete. */
export const toolsFolder = join(repositoryRoot, '.tools');

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** True where the lock could be taken; a lock whose holder is gone is removed, to be taken in the next attempt. */
async function tryLock(file: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx');
    await handle.writeFile(String(process.pid));
    await handle.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const holder = Number(await readFile(file, 'utf8').catch(() => ''));
  // Empty: its holder is between creating and writing it.
  if (holder > 0 && !isAlive(holder)) await rm(file, { force: true });
  return false;
}

/** Runs `work` while no other process holds the same lock file. */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(file), { recursive: true });
  while (!(await tryLock(file))) await delay(100);
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

/**
 * The folder `.tools/<name>`, filled by `fill` the first time. It appears whole or not at all: an interrupted download leaves
 * only a scratch folder, and of two processes one waits for the other. `lock` is shared by downloads that must not overlap.
 */
export async function installOnce(
  name: string,
  fill: (folder: string) => Promise<void>,
  lock: string = name,
): Promise<string> {
  const target = join(toolsFolder, name);
  if (existsSync(target)) return target;
  await withLock(join(toolsFolder, `${lock}.lock`), async () => {
    if (existsSync(target)) return;
    const scratch = `${target}.part`;
    await rm(scratch, { recursive: true, force: true });
    await mkdir(scratch, { recursive: true });
    try {
      await fill(scratch);
      await rename(scratch, target);
    } catch (error) {
      await rm(scratch, { recursive: true, force: true });
      throw error;
    }
  });
  return target;
}
