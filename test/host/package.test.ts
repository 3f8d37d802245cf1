/** The packed extension in a clean VS Code: what is in it, and that it starts where no node_modules are near. */
import assert from 'node:assert/strict';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { repositoryRoot } from '../../tools/installOnce.ts';
import { kafkaBootstrap, openWorkbench } from './harness.ts';
import { openSideBar } from './screen.ts';
import { extensionVsix } from './setUp.ts';

describe('the packed extension', () => {
  it('is small', async () => {
    const { size } = await stat(await extensionVsix());
    assert.ok(size < 1_000_000, `${size} bytes`);
  });

  it('holds what runs, and nothing else', async () => {
    const workbench = await openWorkbench();
    const [folder = '', ...others] = (await readdir(join(workbench.host.dataDir, 'extensions'))).filter((name) =>
      name.startsWith('kafka-consumer-debugger.'),
    );
    assert.deepEqual(others, []);
    const root = join(workbench.host.dataDir, 'extensions', folder);
    const files = (await readdir(root, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) =>
        join(entry.parentPath, entry.name)
          .slice(root.length + 1)
          .replaceAll('\\', '/'),
      );
    const pages = (await readdir(join(repositoryRoot, 'webview'), { recursive: true }))
      .filter((file) => /^[^/\\]+[/\\]main\.ts$/.test(file))
      .map((file) => file.slice(0, -'/main.ts'.length));
    assert.notEqual(pages.length, 0);
    const own = /^(media\/.*\.(svg|png|md)|l10n\/.*\.json|package\.nls.*\.json)$/;
    assert.deepEqual(
      files.filter((file) => !own.test(file) && !/^dist\/parts\/[\w-]+\.mjs$/.test(file)).sort(),
      [
        '.vsixmanifest',
        'LICENSE.txt',
        'NOTICE',
        'changelog.md',
        'dist/extension.mjs',
        'dist/webview/codicon.css',
        'dist/webview/codicon.ttf',
        ...pages.flatMap((name) => [`dist/webview/${name}.css`, `dist/webview/${name}.js`]),
        'package.json',
        'readme.md',
      ].sort(),
    );
    await workbench.close();
  });

  it('starts, and shows a cluster', async () => {
    const workbench = await openWorkbench({
      clusters: [{ name: 'packed', bootstrapServers: [await kafkaBootstrap()] }],
    });
    await openSideBar(workbench);
    await workbench.page.locator('.monaco-list-row', { hasText: 'Consumer groups' }).waitFor();
    await workbench.screenshot('packed');
    await workbench.close();
    assert.deepEqual(await activationErrors(workbench.host.dataDir), []);
  });
});

/** What the extension host logged of extensions that did not start. */
async function activationErrors(dataDir: string): Promise<string[]> {
  const logs = join(dataDir, 'data', 'logs');
  const files = (await readdir(logs, { recursive: true })).filter((file) => file.endsWith('remoteexthost.log'));
  assert.notEqual(files.length, 0);
  const texts = await Promise.all(files.map((file) => readFile(join(logs, file), 'utf8')));
  return texts.flatMap((text) => text.split('\n')).filter((line) => /Activating extension .*kafka.* failed/.test(line));
}
