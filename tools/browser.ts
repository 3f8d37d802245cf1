import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { chmod, readdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import { chromium, type Browser } from 'playwright-core';
import { HumanError } from '../src/shared/errors.ts';
import { installOnce } from './installOnce.ts';
import { runProcess } from './processes.ts';

/** A browser that can be started, and what its process needs in its environment. */
interface Executable {
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * A headless browser: Chrome or Chromium of this machine (`CHROME_PATH` names another), else the one that the npm package
 * `@sparticuz/chromium` carries for Linux. @throws {HumanError} where there is neither.
 */
export async function startBrowser(): Promise<Browser> {
  const { path, env } = await findBrowser();
  return chromium.launch({
    executablePath: path,
    // Longer than a busy machine takes.
    timeout: 120_000,
    env: { ...process.env, ...env },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

async function findBrowser(): Promise<Executable> {
  const installed = installedBrowser();
  if (installed !== undefined) return { path: installed, env: {} };
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new HumanError(
      'Neither Chrome nor Chromium was found, in which the tests drive VS Code.',
      'Install one, or name its program in the environment variable CHROME_PATH.',
    );
  }
  return packagedBrowser();
}

function installedBrowser(): string | undefined {
  const named = process.env['CHROME_PATH'];
  if (named) return named;
  if (process.platform === 'darwin') {
    return ['Google Chrome', 'Chromium']
      .map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`)
      .find((path) => existsSync(path));
  }
  if (process.platform === 'win32') {
    return ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA']
      .map((name) => join(process.env[name] ?? '', 'Google', 'Chrome', 'Application', 'chrome.exe'))
      .find((path) => existsSync(path));
  }
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser']
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((path) => existsSync(path));
}

/** Unpacks the browser of `@sparticuz/chromium` as a whole, which its own `executablePath()` does not when two ask at once. */
async function packagedBrowser(): Promise<Executable> {
  const main = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  const packed = join(dirname(main), '..', '..', 'bin');
  const { version } = createRequire(import.meta.url)(join(packed, '..', 'package.json')) as { version: string };
  const folder = await installOnce(`chromium-${version}`, async (scratch) => {
    for (const file of await readdir(packed)) {
      const target = join(scratch, file.replace(/\.br$/, ''));
      await pipeline(createReadStream(join(packed, file)), createBrotliDecompress(), createWriteStream(target));
      if (!target.endsWith('.tar')) continue;
      const { code, stderr } = await runProcess('tar', ['-xf', target, '-C', scratch]);
      if (code !== 0) throw new Error(`tar: ${stderr}`);
      await rm(target);
    }
    await chmod(join(scratch, 'chromium'), 0o755);
  });
  const path = join(folder, 'chromium');
  const env: Record<string, string> = {};
  if (!existsSync('/etc/fonts/fonts.conf')) env['FONTCONFIG_PATH'] = join(folder, 'fonts');
  const { code } = await runProcess(path, ['--version']);
  // For systems without NSS and its like the package brings them along.
  if (code !== 0) env['LD_LIBRARY_PATH'] = join(folder, 'lib');
  return { path, env };
}
