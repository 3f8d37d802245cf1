import type { ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './ports.ts';
import { deleteAtExit, endProcess, runProcess, startProcess } from './processes.ts';
import { vscodeHome } from './vscodeHome.ts';

/** How long the server may take to listen, on a machine that is busy with others. */
const PATIENCE_MS = 60_000;

export interface VsCodeOptions {
  /** Opened in the workbench. */
  readonly folder: string;
  /** Installed as users do it, before the server starts. */
  readonly extensionVsix?: string;
  /** What a browser must name; anybody on this machine may connect where it is left out. */
  readonly connectionToken?: string;
  /** Added to the settings of {@link calmSettings}. */
  readonly userSettings?: Readonly<Record<string, unknown>>;
  readonly port?: number;
  /** Lets a page load an extension or its tests from a folder, by its URL. */
  readonly smokeTest?: boolean;
  /** Settings, state and extensions; kept. Temporary where left out. */
  readonly dataDir?: string;
  /** Added to the environment of the server and of the extensions. */
  readonly env?: Readonly<Record<string, string>>;
  readonly progress?: (text: string) => void;
}

/** A workbench that shows its work at once: no greeting, tip, question, telemetry or update. */
export const calmSettings: Readonly<Record<string, unknown>> = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'update.showReleaseNotes': false,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'chat.disableAIFeatures': true,
  'git.openRepositoryInParentFolders': 'never',
};

/** A real VS Code that is used in a browser, on 127.0.0.1. It ends with this process at the latest. */
export class VsCode {
  readonly port: number;
  readonly dataDir: string;
  readonly #scratch: string;
  readonly #options: VsCodeOptions;
  readonly #child: ChildProcess;

  constructor(port: number, scratch: string, options: VsCodeOptions, child: ChildProcess) {
    this.port = port;
    this.dataDir = options.dataDir ?? scratch;
    this.#scratch = scratch;
    this.#options = options;
    this.#child = child;
  }

  /** The page to open. `payload`: name and value pairs for the workbench, honoured only with `smokeTest`. */
  url(payload: readonly (readonly [string, string])[] = [], folder: string = this.#options.folder): string {
    const query = new URLSearchParams();
    if (this.#options.connectionToken !== undefined) query.set('tkn', this.#options.connectionToken);
    query.set('folder', folder);
    if (payload.length > 0) query.set('payload', JSON.stringify(payload));
    return `http://127.0.0.1:${this.port}/?${query.toString()}`;
  }

  /** A file of this machine as the workbench names it. */
  uri(path: string): string {
    return `vscode-remote://127.0.0.1:${this.port}${path}`;
  }

  async stop(): Promise<void> {
    await endProcess(this.#child, this.#options.dataDir === undefined ? 0 : 5_000);
    await rm(this.#scratch, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

/** Starts a VS Code, fetching it first where needed; resolves when its page can be opened. */
export async function startVsCode(options: VsCodeOptions): Promise<VsCode> {
  const home = await vscodeHome(options.progress);
  const scratch = await mkdtemp(join(tmpdir(), 'vscode-'));
  deleteAtExit(scratch);
  const dataDir = options.dataDir ?? scratch;
  const main = [join(home, 'out', 'server-main.js'), '--accept-server-license-terms', '--server-data-dir', dataDir];
  await writeSettings(join(dataDir, 'data', 'User'), { ...calmSettings, ...options.userSettings });
  if (options.extensionVsix !== undefined) {
    const { code, stdout, stderr } = await runProcess(
      process.execPath,
      [...main, '--install-extension', options.extensionVsix, '--force'],
      { cwd: home },
    );
    if (code !== 0) throw new Error(`${options.extensionVsix} could not be installed:\n${stdout}${stderr}`);
  }
  const port = options.port ?? (await freePort());
  const { connectionToken } = options;
  const child = startProcess(
    process.execPath,
    [
      ...main,
      ...['--host', '127.0.0.1', '--port', String(port)],
      ...(connectionToken === undefined ? ['--without-connection-token'] : ['--connection-token', connectionToken]),
      ...(options.smokeTest === true ? ['--enable-smoke-test-driver'] : []),
      '--disable-telemetry',
      '--disable-workspace-trust',
    ],
    {
      cwd: home,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...temporaryFiles(scratch), ...options.env },
    },
  );
  await untilListening(child);
  return new VsCode(port, scratch, options, child);
}

/** Where the server's sockets go, of which it leaves many. The path is too long for a socket on macOS. */
function temporaryFiles(folder: string): Record<string, string> {
  return process.platform === 'linux' ? { TMPDIR: folder, XDG_RUNTIME_DIR: folder } : {};
}

/** Settings that a person changed since stay as they are, but for those we need. */
export async function writeSettings(folder: string, settings: Readonly<Record<string, unknown>>): Promise<void> {
  const file = join(folder, 'settings.json');
  await mkdir(folder, { recursive: true });
  const before = await readFile(file, 'utf8').then(
    (text) => JSON.parse(text) as Record<string, unknown>,
    () => ({}),
  );
  await writeFile(file, `${JSON.stringify({ ...before, ...settings }, undefined, 2)}\n`);
}

function untilListening(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = '';
    const fail = (why: string) => {
      void endProcess(child, 0);
      reject(new Error(`VS Code's server ${why}:\n${log}`));
    };
    const timer = setTimeout(() => fail(`did not listen within ${PATIENCE_MS / 1000} s`), PATIENCE_MS);
    for (const stream of [child.stdout, child.stderr]) {
      // Read on to the end: a full pipe would stop the server.
      stream?.setEncoding('utf8').on('data', (text: string) => {
        log = (log + text).slice(-20_000);
        if (!log.includes('Extension host agent listening on')) return;
        clearTimeout(timer);
        resolve();
      });
    }
    child.once('exit', (code) => {
      clearTimeout(timer);
      fail(`ended with code ${code}`);
    });
  });
}
