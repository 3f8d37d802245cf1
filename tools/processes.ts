import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { killTree } from './killTree.ts';

let watchdog: ChildProcess | undefined;

/** One line to the watchdog, which is started with the first one. */
function tell(line: string): void {
  if (watchdog === undefined) {
    watchdog = spawn(process.execPath, [fileURLToPath(new URL('watchdog.ts', import.meta.url))], {
      stdio: ['pipe', 'ignore', 'inherit'],
      // A group of its own: Ctrl-C in a terminal reaches everyone in ours.
      detached: true,
      windowsHide: true,
    });
    watchdog.on('error', () => undefined);
    watchdog.stdin?.on('error', () => undefined);
    watchdog.unref();
    (watchdog.stdin as unknown as { unref(): void }).unref();
  }
  watchdog.stdin?.write(`${line}\n`);
}

/**
 * Starts a process that does not outlive this one, even when this one is killed. It leads a process group of its own, so that
 * {@link endProcess} ends its children too, and Ctrl-C in a terminal does not reach it before we decide what to do.
 */
export function startProcess(command: string, args: readonly string[], options: SpawnOptions = {}): ChildProcess {
  const child = spawn(command, args, { windowsHide: true, ...options, detached: process.platform !== 'win32' });
  const { pid } = child;
  if (pid !== undefined) {
    tell(`+${pid}`);
    child.once('exit', () => tell(`-${pid}`));
  }
  return child;
}

/** Deletes the folder when this process is gone, in case it did not do so itself. */
export function deleteAtExit(folder: string): void {
  tell(`dir ${folder}`);
}

export function isRunning(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

/** Asks the process and its children to end, forces them after `graceMs`, and resolves when the process is gone. */
export async function endProcess(child: ChildProcess, graceMs = 10_000): Promise<void> {
  if (!isRunning(child) || child.pid === undefined) return;
  const pid = child.pid;
  const gone = once(child, 'exit');
  if (graceMs <= 0) {
    killTree(pid, 'SIGKILL');
    await gone;
    return;
  }
  killTree(pid, 'SIGTERM');
  const force = setTimeout(() => killTree(pid, 'SIGKILL'), graceMs);
  await gone;
  clearTimeout(force);
  // Children that ignored the request and outlived their parent.
  if (process.platform !== 'win32') killTree(pid, 'SIGKILL');
}

/** What a finished process printed. */
export interface Output {
  readonly stdout: string;
  readonly stderr: string;
  /** null where a signal ended it. */
  readonly code: number | null;
}

export interface RunOptions extends SpawnOptions {
  /** Written to its standard input, which is then closed. */
  readonly input?: string;
  /** It is ended after this time, and the promise rejects. */
  readonly timeoutMs?: number;
  /** Called with each whole line of either stream as it comes. */
  readonly onLine?: (line: string) => void;
}

/** Runs a process to its end. Rejects where it cannot be started or takes too long, not where it exits with an error. */
export async function runProcess(command: string, args: readonly string[], options: RunOptions = {}): Promise<Output> {
  const { input, timeoutMs, onLine, ...spawnOptions } = options;
  const child = startProcess(command, args, { ...spawnOptions, stdio: 'pipe' });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    let rest = '';
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text;
      if (onLine === undefined) return;
      const lines = (rest + text).split(/\r?\n/);
      rest = lines.pop() ?? '';
      lines.forEach(onLine);
    });
  }
  // A program may end without reading all it was given.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(input ?? '');
  let late = false;
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          late = true;
          void endProcess(child, 0);
        }, timeoutMs);
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    if (late) {
      throw new Error(
        `${command} ${args.join(' ')} did not end within ${(timeoutMs ?? 0) / 1000} s.\n${texts.stdout}${texts.stderr}`,
      );
    }
    return { ...texts, code };
  } finally {
    clearTimeout(timer);
  }
}
