import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { HumanError } from '../src/shared/errors.ts';
import { repositoryRoot } from './installOnce.ts';
import { runProcess } from './processes.ts';

/** What goes into the extension's folder beside `dist`, where it is there; `.vscodeignore` says the same to vsce. */
const contents =
  /^(package\.json|package\.nls.*\.json|README\.md|CHANGELOG\.md|LICENSE|NOTICE|media|l10n|\.vscodeignore)$/;

/**
 * The extension as it is installed, built for production into a folder of its own: neither `dist` nor a running watch is
 * touched. The folder is emptied first.
 */
export async function buildExtensionFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(repositoryRoot)) {
    if (contents.test(name)) await cp(join(repositoryRoot, name), join(folder, name), { recursive: true });
  }
  const { code, stderr } = await runProcess(
    process.execPath,
    [join(repositoryRoot, 'esbuild.js'), '--production', `--outdir=${join(folder, 'dist')}`],
    { cwd: repositoryRoot },
  );
  if (code !== 0) throw new HumanError(`The extension could not be built.\n${stderr}`);
}

/** Packs such a folder into the file that users install. */
export async function packVsix(folder: string, file: string): Promise<void> {
  const vsce = join(repositoryRoot, 'node_modules', '@vscode', 'vsce', 'vsce');
  const options = [
    '--no-dependencies',
    '--allow-missing-repository',
    '--no-rewrite-relative-links',
    '--skip-license',
    '--out',
    file,
  ];
  const { code, stdout, stderr } = await runProcess(process.execPath, [vsce, 'package', ...options], { cwd: folder });
  if (code !== 0) throw new HumanError(`The extension could not be packed.\n${stdout}${stderr}`);
}
