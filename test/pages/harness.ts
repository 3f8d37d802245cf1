import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { pageHtml } from '../../src/ui/panels/html.ts';
import { startBrowser } from '../../tools/browser.ts';
import { themes, type ThemeName } from './themes.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..', '..');

const types: Record<string, string> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.ttf': 'font/ttf',
  '.html': 'text/html; charset=utf-8',
};

export interface OpenOptions<Out> {
  readonly page:
    | 'lag'
    | 'lagView'
    | 'assignments'
    | 'stuck'
    | 'tail'
    | 'batches'
    | 'produce'
    | 'change'
    | 'journal'
    | 'reset'
    | 'configs'
    | 'commits';
  readonly target?: Record<string, string>;
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
  /** What the page kept before. */
  readonly state?: unknown;
  /** What the page says. */
  readonly receive?: (message: Out, page: OpenPage) => void;
}

/** A page of ours in a real browser, with the document that its host would make. */
export interface OpenPage {
  readonly page: Page;
  /** Everything that went wrong in it: violations of the content security policy, errors, console warnings. */
  readonly problems: string[];
  send(message: unknown): Promise<void>;
  /** What `vscode.setState` was last given. */
  state(): Promise<unknown>;
  close(): Promise<void>;
}

/** Builds the pages as they are shipped, serves them, and opens them in one browser. */
export class PageHarness {
  readonly #folder: string;
  readonly #server: Server;
  readonly #browser: Browser;
  readonly #documents = new Map<string, string>();

  private constructor(folder: string, server: Server, browser: Browser) {
    this.#folder = folder;
    this.#server = server;
    this.#browser = browser;
  }

  static async start(): Promise<PageHarness> {
    const folder = await mkdtemp(join(tmpdir(), 'kafka-debugger-pages-'));
    await run(process.execPath, [join(root, 'esbuild.js'), '--production', `--outdir=${folder}`]);
    const browser = await startBrowser();
    const server = createServer();
    const harness = new PageHarness(folder, server, browser);
    server.on('request', (request, response) => {
      void harness.#answer(new URL(request.url ?? '/', 'http://localhost').pathname).then(({ type, body }) => {
        response.writeHead(body === undefined ? 404 : 200, { 'content-type': type }).end(body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return harness;
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    this.#server.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async open<Out>(options: OpenOptions<Out>): Promise<OpenPage> {
    const { page: name, theme = 'dark', width = 1100, height = 700, state, target = {} } = options;
    const { port } = this.#server.address() as AddressInfo;
    const origin = `http://127.0.0.1:${port}`;
    const id = `/${randomBytes(8).toString('hex')}.html`;
    const parts = {
      page: name,
      title: 'Lag',
      language: 'en',
      cspSource: origin,
      nonce: randomBytes(16).toString('base64'),
      uri: (file: string) => `${origin}/${file}`,
      texts: {},
      target,
    };
    this.#documents.set(id, pageHtml(parts));

    const page = await this.#browser.newPage({ viewport: { width, height } });
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(`error: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') problems.push(`console: ${message.text()}`);
    });
    const open: OpenPage = {
      page,
      problems,
      send: (message) => page.evaluate((text) => window.postMessage(JSON.parse(text)), JSON.stringify(message)),
      state: () => page.evaluate(() => (window as unknown as { keptState: unknown }).keptState),
      close: () => page.close(),
    };
    await page.exposeFunction('toHost', (text: string) => options.receive?.(JSON.parse(text) as Out, open));
    await page.addInitScript(
      ({ variables, className, kept }) => {
        const surroundings = window as unknown as Record<string, unknown>;
        surroundings['keptState'] = kept ?? undefined;
        surroundings['acquireVsCodeApi'] = () => ({
          postMessage: (message: unknown) =>
            void (surroundings['toHost'] as (text: string) => unknown)(JSON.stringify(message)),
          getState: () => surroundings['keptState'],
          setState: (next: unknown) => (surroundings['keptState'] = next),
        });
        document.addEventListener('securitypolicyviolation', (event) => {
          console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample} ${event.sourceFile}`);
        });
        document.addEventListener('DOMContentLoaded', () => {
          for (const [property, value] of Object.entries(variables)) {
            document.documentElement.style.setProperty(property, value);
          }
          document.documentElement.style.setProperty('background', 'var(--vscode-editor-background)');
          document.body.classList.add(className);
        });
      },
      { ...themes[theme], kept: state ?? null },
    );
    await page.goto(`${origin}${id}`);
    // Icons of a font that comes later would move what a test points at.
    await page.evaluate(async () => void (await document.fonts.load('16px codicon')));
    return open;
  }

  async #answer(path: string): Promise<{ type: string; body: string | Buffer | undefined }> {
    const type = types[extname(path)] ?? 'application/octet-stream';
    const document = this.#documents.get(path);
    if (document !== undefined) return { type, body: document };
    try {
      return { type, body: await readFile(join(this.#folder, 'webview', path)) };
    } catch {
      return { type, body: undefined };
    }
  }
}
