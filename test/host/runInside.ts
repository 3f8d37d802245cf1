import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBrowser } from '../../tools/browser.ts';
import { bundleInsideTests } from '../../tools/insideTests.ts';
import { startVsCode } from '../../tools/vscode.ts';
import { runInExtensionHost } from './extensionHost.ts';
import { extensionFolder, kafkaBootstrap } from './setUp.ts';

export interface InsideResult {
  readonly name: string;
  /** Why it failed; undefined where it passed. */
  readonly failure: string | undefined;
}

/** Runs the tests of `inside/` in the extension host of a VS Code of their own. */
export async function runInside(): Promise<readonly InsideResult[]> {
  const [main, extension, bootstrap] = await Promise.all([bundleInsideTests(), extensionFolder(), kafkaBootstrap()]);
  const folder = await mkdtemp(join(tmpdir(), 'workspace-'));
  const vscode = await startVsCode({ folder, smokeTest: true, env: { KAFKA_BOOTSTRAP: bootstrap } });
  const browser = await startBrowser();
  try {
    return resultsOf(await runInExtensionHost(vscode, browser, { extension, main, timeoutMs: 300_000 }));
  } finally {
    await browser.close();
    await vscode.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function resultsOf(log: readonly string[]): readonly InsideResult[] {
  const results: { name: string; failure: string | undefined }[] = [];
  for (const line of log) {
    const [, verdict, name] = /^(ok|not ok) - (.*)$/.exec(line) ?? [];
    const last = results.at(-1);
    if (name !== undefined) results.push({ name, failure: verdict === 'ok' ? undefined : '' });
    else if (last?.failure !== undefined && line.startsWith('  ')) last.failure += `${line}\n`;
  }
  if (results.length === 0) throw new Error(`No test ran in the extension host:\n${log.join('\n')}`);
  return results;
}
