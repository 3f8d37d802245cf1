import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

// Of this user: nobody else could write into it.
const claims = join(tmpdir(), `kafka-consumer-debugger-ports-${process.getuid?.() ?? userInfo().username}`);
const mine = new Set<string>();

/**
 * A TCP port of 127.0.0.1 that nobody listens on, and that no other process asking here gets while this one runs. It lies below
 * the ports that systems give to outgoing connections, so that a broker can be stopped and started on the same one.
 * `preferred` is taken where it is free.
 */
export async function freePort(preferred?: number): Promise<number> {
  if (preferred !== undefined && claim(preferred) && (await canListen(preferred))) return preferred;
  for (let attempt = 0; attempt < 1000; attempt += 1) {
    const port = 15_000 + Math.floor(Math.random() * 17_000);
    if (claim(port) && (await canListen(port))) return port;
  }
  throw new Error('No free port was found between 15000 and 32000.');
}

export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < count) ports.push(await freePort());
  return ports;
}

/** Holds a port for this process by a file that bears its pid; one whose process is gone is taken over. */
function claim(port: number): boolean {
  mkdirSync(claims, { recursive: true });
  const file = join(claims, String(port));
  if (mine.has(file)) return false;
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
  } catch {
    try {
      process.kill(Number(readFileSync(file, 'utf8')), 0);
      return false;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') return false;
      writeFileSync(file, String(process.pid));
    }
  }
  if (mine.size === 0) {
    process.once('exit', () => {
      for (const claimed of mine) rmSync(claimed, { force: true });
    });
  }
  mine.add(file);
  return true;
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
