import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { once } from 'node:events';

/** Writes a file as its text comes. What ends before its end leaves no file behind: half a record would be taken for a whole one. */
export async function streamTo(path: string, pieces: AsyncIterable<string>): Promise<void> {
  const file = createWriteStream(path);
  const closed = once(file, 'close');
  // An error ends the stream, and is thrown by what waits for it.
  closed.catch(() => undefined);
  try {
    for await (const piece of pieces) {
      if (!file.write(piece)) await Promise.race([once(file, 'drain'), closed]);
    }
    file.end();
    await closed;
  } catch (error) {
    const wasOpened = !file.pending;
    file.destroy();
    if (wasOpened) await rm(path, { force: true });
    throw error;
  }
}
