import { once } from 'node:events';
import type { Browser } from 'playwright-core';
import type { VsCode } from '../../tools/vscode.ts';

/**
 * Opens a window of a VS Code started with `smokeTest`, whose extension host loads the extension from its folder and calls
 * `run()` of the module at `main`. Returns what it wrote to the console, by lines, when `run` has ended.
 */
export async function runInExtensionHost(
  vscode: VsCode,
  browser: Browser,
  { extension, main, timeoutMs }: { readonly extension: string; readonly main: string; readonly timeoutMs: number },
): Promise<readonly string[]> {
  const page = await browser.newPage();
  const log: string[] = [];
  const ended = new AbortController();
  await page.exposeFunction('codeAutomationLog', (_type: string, args: readonly unknown[]) => {
    log.push(...args.map(String).join(' ').split('\n'));
  });
  await page.exposeFunction('codeAutomationExit', () => ended.abort());
  try {
    await page.goto(
      vscode.url([
        ['extensionDevelopmentPath', vscode.uri(extension)],
        ['extensionTestsPath', vscode.uri(main)],
      ]),
    );
    const late = AbortSignal.timeout(timeoutMs);
    if (!ended.signal.aborted) await once(AbortSignal.any([ended.signal, late]), 'abort');
    if (!ended.signal.aborted) {
      throw new Error(`${main} did not end within ${timeoutMs / 1000} s in the extension host:\n${log.join('\n')}`);
    }
    return log;
  } finally {
    await page.close();
  }
}
