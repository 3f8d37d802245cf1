/** How much code there is to load: the extension's bundle as it starts, without the parts that are loaded when they are needed, and of the pages the largest one, as it is compressed. */
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildExtensionFolder } from '../../tools/vsix.ts';
import type { Line } from './measurement.ts';

const BUNDLE_GOAL_KB = 500;
const PAGE_GOAL_KB = 150;

export const names = ['bundle', 'pages'] as const;

export async function run(wanted: ReadonlySet<string>): Promise<readonly Line[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bundle-'));
  try {
    await buildExtensionFolder(folder);
    const bundle = (await stat(join(folder, 'dist', 'extension.mjs'))).size;
    const pages = await pageSizes(join(folder, 'dist', 'webview'));
    return [line('bundle', bundle, BUNDLE_GOAL_KB), line('pages', Math.max(...pages), PAGE_GOAL_KB)].filter(
      ({ name }) => wanted.has(name),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Bytes of each page's script and style sheet, compressed. */
async function pageSizes(folder: string): Promise<number[]> {
  const pages = (await readdir(folder)).filter((name) => name.endsWith('.js')).map((name) => name.slice(0, -3));
  if (pages.length === 0) throw new Error('No page was built.');
  return Promise.all(
    pages.map(async (page) => {
      const files = await Promise.all([`${page}.js`, `${page}.css`].map((name) => readFile(join(folder, name))));
      return files.reduce((sum, file) => sum + gzipSync(file).length, 0);
    }),
  );
}

function line(name: string, bytes: number, goalKb: number): Line {
  return { name, ours: `${Math.ceil(bytes / 1000)} KB`, goal: `< ${goalKb} KB`, ok: bytes < goalKb * 1000 };
}
