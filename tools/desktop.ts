import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { HumanError } from '../src/shared/errors.ts';
import { toolsFolder } from './installOnce.ts';
import { startProcess } from './processes.ts';
import { calmSettings, writeSettings } from './vscode.ts';

/**
 * Opens the VS Code of this machine with the extension from its folder, with settings and extensions of its own, apart from the
 * person's. The process ends when the window is closed. @throws {HumanError} where `code` is not on the PATH.
 */
export async function startDesktop(options: {
  readonly extension: string;
  readonly folder: string;
  readonly userSettings: Readonly<Record<string, unknown>>;
}): Promise<ChildProcess> {
  const data = join(toolsFolder, 'vscode-desktop');
  await writeSettings(join(data, 'User'), { ...calmSettings, ...options.userSettings });
  const windows = process.platform === 'win32';
  const child = startProcess(
    'code',
    [
      '--wait',
      '--new-window',
      '--disable-workspace-trust',
      `--extensionDevelopmentPath=${options.extension}`,
      `--user-data-dir=${data}`,
      `--extensions-dir=${join(data, 'extensions')}`,
      options.folder,
    ],
    { stdio: 'inherit', shell: windows },
  );
  try {
    await once(child, 'spawn');
  } catch (error) {
    throw new HumanError(
      'VS Code ("code") was not found on the PATH.',
      'In VS Code run "Shell Command: Install \'code\' command in PATH", or leave --desktop out to use it in the browser.',
      { cause: error },
    );
  }
  return child;
}
