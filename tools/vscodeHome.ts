import { cp, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HumanError } from '../src/shared/errors.ts';
import { installOnce, repositoryRoot } from './installOnce.ts';
import { runProcess } from './processes.ts';

/** Of the npm package code-server, which carries VS Code 1.139.1. */
const VERSION = '4.139.1';
/**
 * Its two packages that come without their compiled half, and without which no extension host comes up. Ours take their place
 * (`tools/vscode/`), so that nobody needs a compiler.
 */
const REPLACED = ['native-watchdog', 'spdlog'];

/**
 * The folder of a VS Code that runs in a browser, with `out/server-main.js`; fetched from the npm registry the first time
 * (about 570 MB on disk). @throws {HumanError} where it cannot be fetched.
 */
export function vscodeHome(progress: (text: string) => void = () => undefined): Promise<string> {
  return installOnce(`code-server-${VERSION}`, async (scratch) => {
    progress('downloading');
    await run(scratch, 'npm', ['pack', `code-server@${VERSION}`, '--silent']);
    await run(scratch, 'tar', ['-xzf', `code-server-${VERSION}.tgz`, 'package/lib/vscode']);
    const folder = join(scratch, 'package', 'lib', 'vscode');
    progress('installing its packages');
    await run(folder, 'npm', [
      'install',
      '--omit=dev',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--no-package-lock',
    ]);
    await Promise.all(REPLACED.map((name) => replacePackage(join(folder, 'node_modules', '@vscode', name), name)));
    await rename(folder, join(scratch, 'vscode'));
    await rm(join(scratch, 'package'), { recursive: true });
    await rm(join(scratch, `code-server-${VERSION}.tgz`));
  }).then((folder) => join(folder, 'vscode'));
}

/** An ES module in each: Node lets `require` load those, too. */
async function replacePackage(folder: string, name: string): Promise<void> {
  await rm(folder, { recursive: true });
  await mkdir(folder);
  const manifest = { name: `@vscode/${name}`, version: '0.0.0', type: 'module', main: 'index.js' };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  await cp(join(repositoryRoot, 'tools', 'vscode', `${name}.mjs`), join(folder, 'index.js'));
}

async function run(cwd: string, command: string, args: readonly string[]): Promise<void> {
  const output = await runProcess(command, args, { cwd, shell: process.platform === 'win32' && command === 'npm' });
  if (output.code === 0) return;
  throw new HumanError(
    `VS Code could not be installed: "${command} ${args[0]}" failed.\n${output.stderr.slice(-2000)}`,
    'Check the network and npm registry settings.',
  );
}
