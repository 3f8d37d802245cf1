/** Clusters as people add, change and remove them: by the wizard, the tree and its menus. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { startKafka, type Kafka } from '../../tools/kafka.ts';
import { freePorts } from '../../tools/ports.ts';
import { until } from '../support/until.ts';
import { openWorkbench, type Workbench } from './harness.ts';
import { chooseFromMenu, insist, openSideBar, shows, treeRow } from './screen.ts';

describe('connections', { timeout: 300_000 }, () => {
  let kafka: Kafka;
  let bootstrap: string;
  let folder: string;
  let http: HttpServer;
  let silent: Server;
  let closed: string;
  const silentSockets: Socket[] = [];
  let workbench: Workbench;
  let page: Page;

  before(async () => {
    // Its own, whose groups leave the other clusters' rows on the screen.
    kafka = await startKafka();
    bootstrap = kafka.bootstrap;
    const [port = 0] = await freePorts(1);
    closed = `127.0.0.1:${port}`;
    http = createHttpServer((_request, response) => response.end('hello'));
    silent = createServer((socket) => silentSockets.push(socket.on('error', () => undefined)));
    for (const server of [http, silent]) {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    }
    folder = await mkdtemp(join(tmpdir(), 'workspace-'));
    workbench = await openWorkbench({ folder, settings: { 'kafkaDebugger.refreshIntervalSeconds': 1 } });
    page = workbench.page;
    await openSideBar(workbench);
  });

  after(async () => {
    await workbench?.close();
    for (const socket of silentSockets) socket.destroy();
    http?.close();
    silent?.close();
    await kafka?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('begin with a welcome that offers to add one', async () => {
    await page.locator('.welcome-view-content', { hasText: 'No Kafka cluster is known yet.' }).waitFor();
    await workbench.screenshot('welcome');
  });

  it('are not asked further while the address is malformed', async () => {
    await addFromWelcome();
    await input().fill('localhost:99999');
    await input().press('Enter');
    await page.locator('.quick-input-message', { hasText: 'localhost:99999' }).waitFor();
    await stepIs('1/4');
  });

  it('say when nobody listens at the port, and let it be changed', async () => {
    await input().fill(closed);
    await acceptAll();
    await problem(new RegExp(`${closed}`));
    await answer('Edit');
  });

  it('say when it is a web server that answers', async () => {
    await stepIs('1/4');
    await until('what was typed is still there', async () => (await input().inputValue()) === closed);
    await input().fill(addressOf(http));
    await acceptAll();
    await problem(/HTTP/);
    await answer('Edit');
  });

  it('can be given up while they are tested', async () => {
    const toast = page.locator('.notification-toast', { hasText: `Connecting to ${addressOf(silent)}` });
    const given = page.locator('.monaco-dialog-box', { hasText: 'The connection was not tested.' });
    // Who is late finds that it was given up as silent, ten seconds on: then it is tested once more.
    await until(
      'somebody was in time',
      async () => {
        await stepIs('1/4');
        await input().fill(addressOf(silent));
        await acceptAll();
        const cancel = toast.getByRole('button', { name: 'Cancel' });
        await cancel.click({ timeout: 8_000 }).catch(() => undefined);
        await problem(/The connection was not tested\.|did not answer/);
        if (await given.isVisible()) return true;
        await answer('Edit');
        return false;
      },
      120_000,
    );
    await answer('Cancel');
    await page.locator('.welcome-view-content').waitFor();
  });

  it('are connected when they were added', async () => {
    await workbench.runCommand('Kafka: Add Cluster...');
    await stepIs('1/4');
    await input().fill(bootstrap);
    await acceptAll();
    await shows(page, /^local 1 broker, Kafka /);
    await shows(page, /^Consumer groups /);
  });

  it('are added though they cannot be reached, where somebody wants that', async () => {
    await workbench.runCommand('Kafka: Add Cluster...');
    await stepIs('1/4');
    await input().fill(closed);
    await acceptAll();
    await answer('Save Anyway');
    await shows(page, /^local 2 not reachable/);
    await shows(page, new RegExp(`${closed}.* next try `));
  });

  it('stay as they were when the wizard is left', async () => {
    await workbench.runCommand('Kafka: Add Cluster...');
    await stepIs('1/4');
    await input().press('Escape');
    await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
    assert.equal(await page.locator('.pane-body [role="treeitem"][aria-level="1"]').count(), 2);
  });

  it('are changed by their menu', async () => {
    await chooseFromMenu(page, treeRow(page, /^local 2 /), 'Edit Cluster...');
    await stepIs('1/3');
    await until('the address is there', async () => (await input().inputValue()) === closed);
    await input().fill(bootstrap);
    await input().press('Enter');
    await stepIs('2/3');
    await input().fill('staging');
    await input().press('Enter');
    await stepIs('3/3');
    await input().fill('Production');
    await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: 'Production' }).waitFor();
    await input().press('Enter');
    await shows(page, /^staging production, 1 broker, Kafka /);
    assert.equal(await treeRow(page, /^local 2 /).count(), 0);
  });

  it('are disconnected and connected again by their menu', async () => {
    await chooseFromMenu(page, treeRow(page, /^staging /), 'Disconnect');
    await shows(page, /^staging production, not connected/);
    await chooseFromMenu(page, treeRow(page, /^staging /), 'Connect');
    await shows(page, /^staging production, 1 broker/);
  });

  it('are removed after a question, and the last of them leaves the welcome', async () => {
    await chooseFromMenu(page, treeRow(page, /^staging /), 'Remove Cluster...');
    await answer('Cancel');
    await shows(page, /^staging /);
    await chooseFromMenu(page, treeRow(page, /^staging /), 'Remove Cluster...');
    await answer('Remove');
    await treeRow(page, /^staging /).waitFor({ state: 'detached' });
    await chooseFromMenu(page, treeRow(page, /^local 1 broker/), 'Disconnect');
    await shows(page, /^local not connected/);
    await chooseFromMenu(page, treeRow(page, /^local /), 'Remove Cluster...');
    await answer('Remove');
    await page.locator('.welcome-view-content').waitFor();
  });

  it('are kept in the folder for everybody who opens it, where that is chosen', async () => {
    await addFromWelcome();
    await input().fill(bootstrap);
    for (const next of ['2/4', '3/4', '4/4']) {
      await input().press('Enter');
      await stepIs(next);
    }
    await input().fill('Workspace');
    await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: 'Workspace settings' }).waitFor();
    await input().press('Enter');
    await shows(page, /^local 1 broker, Kafka [\d.]+, workspace/);
    const settings = JSON.parse(await readFile(join(folder, '.vscode', 'settings.json'), 'utf8')) as unknown;
    assert.deepEqual(settings, { 'kafkaDebugger.clusters': [{ name: 'local', bootstrapServers: [bootstrap] }] });
    await chooseFromMenu(page, treeRow(page, /^local /), 'Remove Cluster...');
    await answer('Remove');
    await page.locator('.welcome-view-content').waitFor();
  });

  function input(): Locator {
    return page.locator('.quick-input-widget .quick-input-box input');
  }

  async function addFromWelcome(): Promise<void> {
    const button = page.locator('.welcome-view-content').getByRole('button', { name: 'Add Cluster' });
    await insist('the wizard is open', () => button.click({ timeout: 5_000 }), step('1/4'));
  }

  function step(which: string): Locator {
    return page.locator('.quick-input-widget .quick-input-title', { hasText: `(${which})` });
  }

  async function stepIs(which: string): Promise<void> {
    await step(which).waitFor();
  }

  /** Enter for the address that is typed and for what is offered at the other steps. */
  async function acceptAll(): Promise<void> {
    for (const next of ['2/4', '3/4', '4/4']) {
      await input().press('Enter');
      await stepIs(next);
    }
    await input().press('Enter');
  }

  async function problem(text: RegExp): Promise<void> {
    await page.locator('.monaco-dialog-box', { hasText: text }).waitFor();
  }

  async function answer(button: string): Promise<void> {
    await page.locator('.monaco-dialog-box').getByRole('button', { name: button, exact: true }).click();
    await page.locator('.monaco-dialog-box').waitFor({ state: 'detached' });
  }
});

function addressOf(server: Server | HttpServer): string {
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}
