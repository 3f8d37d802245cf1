/** A cluster's Schema Registry as people set it: by the wizard, with its password in the editor's secret storage. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { freePorts } from '../../tools/ports.ts';
import { until } from '../support/until.ts';
import { openWorkbench, type Workbench } from './harness.ts';
import { openSideBar } from './screen.ts';

const right = `Basic ${Buffer.from('me:right').toString('base64')}`;

describe('the Schema Registry of a cluster', { timeout: 300_000 }, () => {
  const given: (string | undefined)[] = [];
  let server: Server;
  let url: string;
  let workbench: Workbench;
  let page: Page;

  before(async () => {
    server = createServer((request, response) => {
      given.push(request.headers.authorization);
      response.writeHead(request.headers.authorization === right ? 200 : 401).end('[]');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const [port = 0] = await freePorts(1);
    workbench = await openWorkbench({ clusters: [{ name: 'shop', bootstrapServers: [`127.0.0.1:${port}`] }] });
    page = workbench.page;
    await openSideBar(workbench);
  });

  after(async () => {
    await workbench?.close();
    server?.close().closeAllConnections();
  });

  it('is not asked while its address is malformed', async () => {
    await workbench.runCommand('Kafka: Set Schema Registry...');
    await stepIs('1/2');
    await input().fill('registry');
    await input().press('Enter');
    await page.locator('.quick-input-message', { hasText: 'https://registry:8081' }).waitFor();
  });

  it('is tried out, and a refused password can be changed', async () => {
    await input().fill(url);
    await input().press('Enter');
    await stepIs('2/2');
    await input().fill('User name');
    await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: 'User name and password' }).waitFor();
    await input().press('Enter');
    await stepIs('3/4');
    await input().fill('me');
    await input().press('Enter');
    await stepIs('4/4');
    assert.equal(await input().getAttribute('type'), 'password');
    await input().fill('wrong');
    await workbench.screenshot('schema-registry-password');
    await input().press('Enter');
    await page.locator('.monaco-dialog-box', { hasText: /refused the credentials/ }).waitFor();
    await workbench.screenshot('schema-registry-refused');
    await answer('Edit');
    for (const step of ['1/4', '2/4', '3/4']) {
      await stepIs(step);
      await input().press('Enter');
    }
    await stepIs('4/4');
    await input().fill('right');
    await input().press('Enter');
    await until('it is in the settings', async () => (await settings()).includes(url));
    assert.equal(given.at(-1), right);
  });

  it('leaves no password in the settings, and finds it again', async () => {
    const text = await settings();
    assert.doesNotMatch(text, /right|wrong/);
    const [cluster] = (JSON.parse(text) as Record<string, { schemaRegistry: unknown }[]>)['kafkaDebugger.clusters']!;
    assert.deepEqual(cluster!.schemaRegistry, { url, auth: 'basic', username: 'me' });
    const before = given.length;
    await workbench.runCommand('Kafka: Set Schema Registry...');
    for (const step of ['1/4', '2/4', '3/4', '4/4']) {
      await stepIs(step);
      await input().press('Enter');
    }
    await until('it was asked', () => given.length > before);
    assert.equal(given.at(-1), right);
    await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  });

  it('is taken away by an empty address', async () => {
    await workbench.runCommand('Kafka: Set Schema Registry...');
    await stepIs('1/4');
    await input().fill('');
    await input().press('Enter');
    await until('it is out of the settings', async () => !(await settings()).includes('schemaRegistry'));
  });

  function settings(): Promise<string> {
    return readFile(join(workbench.host.dataDir, 'data', 'User', 'settings.json'), 'utf8');
  }

  function input(): Locator {
    return page.locator('.quick-input-widget .quick-input-box input');
  }

  async function stepIs(step: string): Promise<void> {
    await page.locator('.quick-input-widget .quick-input-title', { hasText: `(${step})` }).waitFor();
  }

  async function answer(button: string): Promise<void> {
    await page.locator('.monaco-dialog-box').getByRole('button', { name: button, exact: true }).click();
    await page.locator('.monaco-dialog-box').waitFor({ state: 'detached' });
  }
});
