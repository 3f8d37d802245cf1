import * as vscode from 'vscode';
import type { Disposable } from '../../shared/event.ts';
import { showError } from '../commands/registerCommands.ts';
import { panels } from '../contributions.ts';
import type { Log } from '../log.ts';
import { showPage } from './webviewPage.ts';

/** What all tabs of a kind have in common. */
export interface PageKind {
  /** Both its type and, in dist/webview, its file's name without the ending. */
  readonly page: keyof typeof panels;
  readonly extensionUri: vscode.Uri;
  readonly log: Log;
}

/** An editor tab, and what feeds its page. */
export interface Tab<Feed> {
  readonly panel: vscode.WebviewPanel;
  readonly feed: Feed;
}

/**
 * The editor tabs of one kind of page, one for each thing that they show. What the page says arrives at `receive`; what goes wrong there is shown to people, and
 * logged. `State` is what the page keeps over a reload of the window.
 */
export abstract class PageTabs<Target, Feed extends Disposable, Message, State>
  implements vscode.WebviewPanelSerializer<Partial<State> | undefined>, vscode.Disposable
{
  readonly #kind: PageKind;
  readonly #open = new Map<unknown, Tab<Feed>>();

  constructor(kind: PageKind) {
    this.#kind = kind;
  }

  /** Tells tabs apart: two targets of the same id are shown by one. Each target has a tab of its own where this is left as it is. */
  protected idOf(target: Target): unknown {
    return target;
  }

  protected abstract titleOf(target: Target): string;

  /** What the page kept, as a target; undefined where that cannot be shown again. */
  protected abstract restored(state: Partial<State>): Target | undefined;

  /** What the page is told of its target before it says that it is ready. */
  protected abstract told(target: Target): Readonly<Record<string, string>>;

  protected abstract feedOf(target: Target, send: (message: object) => void): Feed;

  protected abstract receive(message: Message, feed: Feed, target: Target): Promise<void> | void;

  /** A hidden page is thrown away; as it appears again it says that it is ready. */
  protected hidden(_feed: Feed): void {
    // What goes on while nobody looks has nothing to do here.
  }

  /** What else ends with a tab. */
  protected belongings(_feed: Feed, _target: Target): readonly Disposable[] {
    return [];
  }

  /** Brings the tab to the front, and makes it where there is none. */
  protected show(target: Target): Tab<Feed> & { readonly isNew: boolean } {
    const existing = this.#open.get(this.idOf(target));
    if (existing !== undefined) {
      existing.panel.reveal();
      return { ...existing, isNew: false };
    }
    const type = panels[this.#kind.page];
    const panel = vscode.window.createWebviewPanel(type, this.titleOf(target), vscode.ViewColumn.Active);
    return { ...this.#fill(panel, target), isNew: true };
  }

  /** Called by VS Code after a reload, with what the page kept. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: Partial<State> | undefined): Promise<void> {
    const target = this.restored(state ?? {});
    if (target === undefined || this.#open.has(this.idOf(target))) panel.dispose();
    else this.#fill(panel, target);
  }

  /** Closes them all. */
  dispose(): void {
    for (const { panel } of [...this.#open.values()]) panel.dispose();
  }

  #fill(panel: vscode.WebviewPanel, target: Target): Tab<Feed> {
    const { extensionUri, page, log } = this.#kind;
    const id = this.idOf(target);
    const title = this.titleOf(target);
    panel.title = title;
    const feed = this.feedOf(target, (message) => void panel.webview.postMessage(message));
    const failed = (error: unknown): void => void showError(error, title, log);
    const disposables: readonly Disposable[] = [
      feed,
      showPage<Message>({
        webview: panel.webview,
        extensionUri,
        page,
        title,
        target: this.told(target),
        receive: (message) => {
          // In an asynchronous function, what is thrown at once is caught as well.
          (async () => this.receive(message, feed, target))().catch(failed);
        },
      }),
      panel.onDidChangeViewState(() => {
        if (!panel.visible) this.hidden(feed);
      }),
      ...this.belongings(feed, target),
    ];
    const tab = { panel, feed };
    this.#open.set(id, tab);
    panel.onDidDispose(() => {
      this.#open.delete(id);
      for (const one of disposables) one.dispose();
    });
    return tab;
  }
}
