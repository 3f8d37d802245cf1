/** The real workbench, with the extension as users install it, in a real browser. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after } from 'node:test';
import type { Browser, Frame, Page } from 'playwright-core';
import type { ClusterProfile } from '../../src/ui/connections/profile.ts';
import { startBrowser } from '../../tools/browser.ts';
import { repositoryRoot } from '../../tools/installOnce.ts';
import { calmSettings, startVsCode, type VsCode } from '../../tools/vscode.ts';
import { until } from '../support/until.ts';
import { extensionVsix } from './setUp.ts';

export { kafkaBootstrap } from './setUp.ts';

/** How long something may take to show, on a machine that is busy with others. */
export const PATIENCE_MS = 60_000;

export interface WorkbenchOptions {
  /** As in the setting `kafkaDebugger.clusters`. */
  readonly clusters?: readonly ClusterProfile[];
  /** The demo's folder where left out. */
  readonly folder?: string;
  /** A theme's name as in `workbench.colorTheme`. */
  readonly theme?: string;
  readonly size?: { readonly width: number; readonly height: number };
  /** More user settings. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** A window of VS Code, with a state of its own. */
export interface Workbench {
  readonly page: Page;
  readonly host: VsCode;
  /** Writes `out/screenshots/<name>.png`. */
  screenshot(name: string): Promise<string>;
  /** Runs a command by its title, through the command palette as people do. */
  runCommand(title: string): Promise<void>;
  /** Reloads the window; nothing of what it showed before is there any more. */
  reload(): Promise<void>;
  /** The inside of the webview in which `selector` shows. */
  webview(selector: string): Promise<Frame>;
  close(): Promise<void>;
}

let host: Promise<VsCode> | undefined;
let browser: Promise<Browser> | undefined;

after(async () => {
  await (await browser)?.close();
  await (await host)?.stop();
});

/** Opens a window; the server and the browser are started with the first one of a test file and shared by the others. */
export async function openWorkbench(options: WorkbenchOptions = {}): Promise<Workbench> {
  const folder = options.folder ?? join(repositoryRoot, 'demo');
  host ??= extensionVsix().then((vsix) => startVsCode({ folder, extensionVsix: vsix }));
  browser ??= startBrowser();
  const [vscode, chromium] = await Promise.all([host, browser]);
  const settings = {
    ...calmSettings,
    'kafkaDebugger.clusters': options.clusters ?? [],
    ...(options.theme === undefined ? {} : { 'workbench.colorTheme': options.theme }),
    ...options.settings,
  };
  await writeFile(join(vscode.dataDir, 'data', 'User', 'settings.json'), JSON.stringify(settings));
  const context = await chromium.newContext({ viewport: options.size ?? { width: 1400, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(vscode.url([], folder));
  await page.locator('.monaco-workbench .part.activitybar').waitFor();
  return {
    page,
    host: vscode,
    async screenshot(name) {
      const file = join(repositoryRoot, 'out', 'screenshots', `${name}.png`);
      await mkdir(join(file, '..'), { recursive: true });
      await page.screenshot({ path: file });
      return file;
    },
    runCommand: (title) => runCommand(page, title),
    reload: () => reload(page),
    webview: (selector) => findWebview(page, selector),
    close: () => context.close(),
  };
}

async function runCommand(page: Page, title: string): Promise<void> {
  const input = page.locator('.quick-input-widget .quick-input-box input');
  // The row that is chosen by Enter; the list follows the text a moment later.
  const row = page.locator('.quick-input-list .monaco-list-row.focused', { hasText: title }).first();
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      await page.keyboard.press('F1');
      await input.fill(`>${title}`, { timeout: 10_000 });
      await row.waitFor({ timeout: 10_000 });
      await input.press('Enter', { timeout: 10_000 });
      await row.waitFor({ state: 'hidden', timeout: 10_000 });
      return;
    } catch (error) {
      // A page that gets the focus as it opens closes the palette.
      if (Date.now() > deadline) throw error;
    }
  }
}

async function reload(page: Page): Promise<void> {
  await page.evaluate('window.isOld = true');
  const isNew = `window.isOld === undefined && document.querySelector('.part.activitybar') !== null`;
  await until(
    'the window is there again',
    async () => {
      await runCommand(page, 'Developer: Reload Window');
      // A page that gets the focus takes the last key from the palette: nothing happens then.
      return until('it is another one', () => page.evaluate<boolean>(isNew).catch(() => false)).then(
        () => true,
        () => false,
      );
    },
    2 * PATIENCE_MS,
  );
}

async function findWebview(page: Page, selector: string): Promise<Frame> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    for (const frame of page.frames()) {
      // A frame that is replaced while we ask has nothing to show.
      if (frame.parentFrame() !== null && (await frame.isVisible(selector).catch(() => false))) return frame;
    }
    if (Date.now() > deadline) throw new Error(`No webview shows "${selector}".`);
    await page.waitForTimeout(50);
  }
}
