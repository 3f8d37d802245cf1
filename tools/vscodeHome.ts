import { readdirSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { HumanError } from '../src/shared/errors.ts';
import { installOnce, repositoryRoot } from './installOnce.ts';
import { runProcess } from './processes.ts';

/** Of the npm package code-server, which carries VS Code 1.139.1. */
const VERSION = '4.139.1';
/** Compiled on this machine: without these two the extension host does not come up; nothing else needs to be. */
const NATIVE_MODULES = ['@vscode/native-watchdog', '@vscode/spdlog'];

/**
 * The folder of a VS Code that runs in a browser, with `out/server-main.js`; fetched from the npm registry the first time
 * (about 570 MB on disk). @throws {HumanError} where it cannot be fetched or built.
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
    progress('compiling two native modules');
    await run(folder, 'npm', ['rebuild', '--ignore-scripts=false', ...NATIVE_MODULES], {
      advice: compilerHint,
      env: { npm_config_nodedir: nodeHeaders(), JOBS: 'max' },
    });
    await rename(folder, join(scratch, 'vscode'));
    await rm(join(scratch, 'package'), { recursive: true });
    await rm(join(scratch, `code-server-${VERSION}.tgz`));
  }).then((folder) => join(folder, 'vscode'));
}

const compilerHint =
  'It takes Python 3, make and a C++ compiler: ' +
  (process.platform === 'darwin' ? 'xcode-select --install' : 'sudo apt install python3 make g++ (or the like)');

/** The headers that come with the project's own Node; otherwise node-gyp downloads them. */
function nodeHeaders(): string | undefined {
  const packages = join(repositoryRoot, 'node_modules', 'node', 'node_modules');
  const name = readdirSync(packages).find((each) => each === `node-${process.platform}-${process.arch}`);
  return name === undefined ? undefined : join(packages, name);
}

async function run(
  cwd: string,
  command: string,
  args: readonly string[],
  { advice, env }: { advice?: string; env?: Record<string, string | undefined> } = {},
): Promise<void> {
  const output = await runProcess(command, args, {
    cwd,
    env: { ...process.env, ...env },
    shell: process.platform === 'win32' && command === 'npm',
  });
  if (output.code === 0) return;
  throw new HumanError(
    `VS Code could not be installed: "${command} ${args[0]}" failed.\n${output.stderr.slice(-2000)}`,
    advice ?? 'Check the network and npm registry settings.',
  );
}
