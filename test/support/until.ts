import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for a condition; a test that would wait longer than `deadlineMs` fails with what it waited for. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, deadlineMs = 30_000): Promise<void> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    if (await holds()) return;
    if (performance.now() > deadline) throw new Error(`Waited ${deadlineMs} ms in vain until ${what}.`);
    await sleep(100);
  }
}
