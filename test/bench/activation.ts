/**
 * What the extension costs a window when it is activated: the time to load its code and to call `activate`, which nothing else in
 * the extension host may overlap. VS Code measures both itself and shows their sum under "Show Running Extensions"
 * (`Activation: N ms`); what the extension does afterwards, without holding up others, is not in it. The median of several
 * windows, each with a new extension host.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { startBrowser } from '../../tools/browser.ts';
import { startVsCode } from '../../tools/vscode.ts';
import { buildExtensionFolder, packVsix } from '../../tools/vsix.ts';
import type { Line } from './measurement.ts';

const WINDOWS = 7;
const GOAL_MS = 50;

export const names = ['activation'];

export async function run(): Promise<readonly Line[]> {
  const folder = await mkdtemp(join(tmpdir(), 'activation-'));
  const extensionVsix = join(folder, 'extension.vsix');
  await buildExtensionFolder(join(folder, 'extension'));
  await packVsix(join(folder, 'extension'), extensionVsix);
  const vscode = await startVsCode({ folder, extensionVsix });
  const browser = await startBrowser();
  try {
    const times: number[] = [];
    for (let window = 0; window < WINDOWS; window += 1) times.push(await activationMs(browser, vscode.url()));
    const median = times.sort((a, b) => a - b)[Math.floor(WINDOWS / 2)] ?? NaN;
    return [{ name: 'activation', ours: `${median} ms`, goal: `< ${GOAL_MS} ms`, ok: median < GOAL_MS }];
  } finally {
    await browser.close();
    await vscode.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Waits until the window has nothing left to do: while it starts it shares the processors with the extension host, and what is
 * measured then is the window.
 */
async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  // As text: the page's own types are not this program's.
  await page.evaluate(`(async () => {
    const idle = () => new Promise((resolve) => requestIdleCallback((deadline) => resolve(deadline.timeRemaining())));
    for (let calm = 0; calm < 20; calm = (await idle()) > 40 ? calm + 1 : 0);
  })()`);
}

/** Opens a window and the extension's view, which activates it, and reads the time off the editor of running extensions. */
async function activationMs(browser: Browser, url: string): Promise<number> {
  // The list is sorted by time and holds only the rows in view: high enough for all of them.
  const context = await browser.newContext({ viewport: { width: 1280, height: 4000 } });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    await page.goto(url);
    const icon = page.locator('.activitybar .action-label[aria-label^="Kafka Consumer Debugger"]');
    await icon.waitFor();
    await settled(page);
    await icon.click();
    // The welcome of an empty tree, which only the activated extension can say is empty.
    await page.locator('.welcome-view-content', { hasText: 'Add Cluster' }).first().waitFor();
    await page.keyboard.press('F1');
    await page.locator('.quick-input-widget .quick-input-box input').fill('>Developer: Show Running Extensions');
    await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: 'Show Running Extensions' }).waitFor();
    await page.keyboard.press('Enter');
    const row = page.locator('.runtime-extensions-editor .monaco-list-row', { hasText: 'Kafka Consumer Debugger' });
    const text = await row.filter({ hasText: /Activation: \d+ms/ }).innerText();
    return Number(/Activation: (\d+)ms/.exec(text)?.[1]);
  } finally {
    await context.close();
  }
}
