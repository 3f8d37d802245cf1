import * as vscode from 'vscode';
import { t } from '../../shared/l10n.ts';
import { DockedFeed } from './dockedFeed.ts';
import type { GroupTarget } from './groupTabs.ts';
import type { FromDockedPage } from './protocol.ts';
import type { PanelServices } from './services.ts';
import { showPage } from './webviewPage.ts';

/** The view under the tree that follows its selection. */
export class LagView implements vscode.WebviewViewProvider {
  readonly #extensionUri: vscode.Uri;
  readonly #services: PanelServices;
  readonly #openLag: (target: GroupTarget) => void;

  constructor(extensionUri: vscode.Uri, services: PanelServices, openLag: (target: GroupTarget) => void) {
    this.#extensionUri = extensionUri;
    this.#services = services;
    this.#openLag = openLag;
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    const feed = new DockedFeed({
      services: this.#services,
      send: (message) => void view.webview.postMessage(message),
      onFailure: (error) => this.#services.log.error(error, 'age of the next record'),
    });
    const disposables = [
      feed,
      showPage<FromDockedPage>({
        webview: view.webview,
        extensionUri: this.#extensionUri,
        page: 'lagView',
        title: t('Lag'),
        receive: (message) => this.#receive(message, feed),
      }),
      view.onDidChangeVisibility(() => {
        if (!view.visible) feed.stop();
      }),
    ];
    view.onDidDispose(() => {
      for (const one of disposables) one.dispose();
    });
  }

  #receive(message: FromDockedPage, feed: DockedFeed): void {
    switch (message.type) {
      case 'ready':
        feed.start();
        return;
      case 'retry':
        feed.retry().catch((error: unknown) => this.#services.log.error(error, 'refresh the selected cluster'));
        return;
      case 'copy':
        void vscode.env.clipboard.writeText(message.text);
        return;
      case 'open': {
        const cluster = this.#services.selection.current?.cluster;
        if (cluster !== undefined) this.#openLag({ cluster, group: message.group, key: message.key });
        return;
      }
    }
  }
}
