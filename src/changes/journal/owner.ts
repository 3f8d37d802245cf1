/** Who makes a change: a process on a machine. Several windows share one journal. */
export interface Owner {
  readonly id: string;
  readonly pid: number;
  readonly host: string;
  /** When it last said that it lives, milliseconds since 1970. */
  readonly seen: number;
}

/** How often an owner says that it lives while it makes changes, and how long it may be silent, milliseconds. */
export const heartbeatMs = 5_000;
export const silenceMs = 60_000;

/**
 * Whether an owner has ended. On the same machine its process tells; a process id can be given to another one, which does not
 * say that it lives. From elsewhere only silence tells.
 */
export function isDead(
  owner: Owner | undefined,
  {
    now,
    host,
    isRunning,
  }: { readonly now: number; readonly host: string; readonly isRunning: (pid: number) => boolean },
): boolean {
  if (owner === undefined) return true;
  if (owner.host === host && !isRunning(owner.pid)) return true;
  return now - owner.seen > silenceMs;
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and is somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
