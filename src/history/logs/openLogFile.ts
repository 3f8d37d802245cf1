import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { HumanError, isCancelled } from '../../shared/errors.ts';
import { t } from '../../shared/l10n.ts';
import type { LogZone } from './lineTime.ts';
import { readLog, type LogReading } from './readLog.ts';

export interface OpenLogOptions {
  readonly zone: LogZone;
  readonly signal?: AbortSignal | undefined;
  /** Bytes of the file that were read, and its size. */
  readonly progress?: ((done: number, total: number) => void) | undefined;
}

const pieceBytes = 1 << 20;

/**
 * Reads a log file, also one that gzip or zstd has packed (told by its first bytes).
 * @throws {HumanError} where it cannot be read; {CancelledError}
 */
export function readLogFile(file: string, { zone, signal, progress }: OpenLogOptions): Promise<LogReading> {
  return withPieces(file, (pieces, { size, mtimeMs, bytesRead }) => {
    const tell = (): void => progress?.(bytesRead(), size);
    return readLog(pieces, { file, zone, written: mtimeMs, signal, progress: tell });
  });
}

interface Opened {
  readonly size: number;
  readonly mtimeMs: number;
  /** Of the file, packed as it is. */
  readonly bytesRead: () => number;
}

/** Hands on the text of a log file, unpacked. @throws {HumanError} where it cannot be read; {CancelledError} */
export async function withPieces<T>(
  file: string,
  read: (pieces: AsyncIterable<Uint8Array>, opened: Opened) => Promise<T>,
): Promise<T> {
  try {
    const { size, mtimeMs } = await stat(file);
    const stream = createReadStream(file, { highWaterMark: pieceBytes });
    const packing = await packingOf(file);
    const unpack = packing === 'gzip' ? createGunzip() : packing === 'zstd' ? createZstdDecompress() : undefined;
    stream.once('error', (error) => unpack?.destroy(error));
    try {
      const source: AsyncIterable<Uint8Array> = unpack === undefined ? stream : stream.pipe(unpack);
      const pieces = packing === 'utf16' ? asUtf8(source) : source;
      return await read(pieces, { size, mtimeMs, bytesRead: () => stream.bytesRead });
    } finally {
      stream.destroy();
      unpack?.destroy();
    }
  } catch (error) {
    if (isCancelled(error) || error instanceof HumanError) throw error;
    throw new HumanError(
      t('{0} could not be read: {1}.', file, reasonOf(error)),
      t('Check that it is a log file, and whole.'),
      {
        cause: error,
      },
    );
  }
}

/** No editor shows what is in it. */
export async function isPacked(file: string): Promise<boolean> {
  const packing = await packingOf(file);
  return packing === 'gzip' || packing === 'zstd';
}

async function packingOf(file: string): Promise<'gzip' | 'zstd' | 'utf16' | undefined> {
  const handle = await open(file);
  try {
    const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    if (buffer[0] === 0x1f && buffer[1] === 0x8b) return 'gzip';
    if (buffer.readUInt32LE(0) === 0xfd2fb528) return 'zstd';
    // PowerShell's redirection writes so.
    if (buffer[0] === 0xff && buffer[1] === 0xfe) return 'utf16';
    return undefined;
  } finally {
    await handle.close();
  }
}

async function* asUtf8(pieces: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const decoder = new TextDecoder('utf-16le');
  for await (const piece of pieces) yield Buffer.from(decoder.decode(piece, { stream: true }));
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
}
