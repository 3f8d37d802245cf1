import * as vscode from 'vscode';
import { HumanError, isCancelled } from '../../../shared/errors.ts';
import { t } from '../../../shared/l10n.ts';
import { panels } from '../../contributions.ts';
import type { RecordDocuments } from '../recordDocuments.ts';
import { showPage } from '../webviewPage.ts';
import type { FromTailPage, TailPageState, TailTarget } from './protocol.ts';
import type { TailServices } from './services.ts';
import { isStartSpec } from './specs.ts';
import { TailActions } from './tailActions.ts';
import { TailFeed } from './tailFeed.ts';
import { tailTitle } from './tailModel.ts';

/** The editor tabs that tail topics. One for each tail that was asked for: two of a topic may stand side by side. */
export class TailPanels implements vscode.Disposable {
  readonly #extensionUri: vscode.Uri;
  readonly #services: TailServices;
  readonly #documents: RecordDocuments;
  readonly #open = new Set<vscode.WebviewPanel>();

  constructor(extensionUri: vscode.Uri, services: TailServices, documents: RecordDocuments) {
    this.#extensionUri = extensionUri;
    this.#services = services;
    this.#documents = documents;
  }

  open(target: TailTarget): void {
    this.fill(vscode.window.createWebviewPanel(panels.tail, tailTitle(target), vscode.ViewColumn.Active), target);
  }

  /** Called after a reload, with what the page kept. */
  restore(panel: vscode.WebviewPanel, state: Partial<TailPageState> | undefined): void {
    const target = state?.target;
    if (typeof target?.cluster !== 'string' || typeof target.topic !== 'string' || !isStartSpec(target.start)) {
      panel.dispose();
      return;
    }
    this.fill(panel, target);
  }

  fill(panel: vscode.WebviewPanel, target: TailTarget): void {
    panel.title = tailTitle(target);
    const feed = new TailFeed({
      target,
      services: this.#services,
      send: (message) => void panel.webview.postMessage(message),
    });
    const actions = new TailActions(feed, this.#documents, this.#services);
    const disposables = [
      feed,
      showPage<FromTailPage>({
        webview: panel.webview,
        extensionUri: this.#extensionUri,
        page: 'tail',
        title: panel.title,
        target: { tail: JSON.stringify(target) },
        receive: (message) => {
          this.#receive(message, feed, actions).catch((error: unknown) => this.#failed(error, message.type, feed));
        },
      }),
      // A hidden page is thrown away; as it appears again it says that it is ready.
      panel.onDidChangeViewState(() => {
        if (!panel.visible) feed.hide();
      }),
    ];
    this.#open.add(panel);
    if (panel.visible) feed.begin();
    panel.onDidDispose(() => {
      this.#open.delete(panel);
      for (const one of disposables) one.dispose();
    });
  }

  dispose(): void {
    for (const panel of [...this.#open]) panel.dispose();
  }

  async #receive(message: FromTailPage, feed: TailFeed, actions: TailActions): Promise<void> {
    switch (message.type) {
      case 'open':
        return actions.open(message);
      case 'compare':
        return actions.compare(message);
      case 'copy':
        return vscode.env.clipboard.writeText(message.text);
      case 'copyRows':
        return actions.copyRows(message);
      case 'copyRecords':
        return actions.copy(message);
      case 'export':
        return actions.export(message);
      case 'cancelExport':
        return actions.cancelExport();
      case 'go':
        return actions.go(message);
      case 'explain':
        return actions.explain(message);
      case 'setRegistry':
        return actions.setRegistry();
      case 'ready':
      case 'window':
      case 'pause':
      case 'stop':
      case 'resume':
      case 'clear':
      case 'keepRunning':
      case 'seek':
      case 'read':
      case 'filter':
      case 'search':
      case 'cancelSearch':
      case 'closeSearch':
      case 'order':
      case 'details':
      case 'where':
      case 'format':
        return feed.receive(message);
    }
  }

  #failed(error: unknown, doing: string, feed: TailFeed): void {
    if (isCancelled(error)) return;
    this.#services.log.error(error, `tail ${feed.target.topic}: ${doing}`);
    const text =
      error instanceof HumanError ? error.message : t('Something unexpected went wrong. The log has the details.');
    void vscode.window.showErrorMessage(text);
  }
}
