import * as vscode from 'vscode';
import { HumanError, messageOf } from '../../../shared/errors.ts';
import { t } from '../../../shared/l10n.ts';
import type { Connections } from '../../connections/connections.ts';
import { commands, panels } from '../../contributions.ts';
import type { Log } from '../../log.ts';
import type { ExportFormat, Int64 } from '../protocol.ts';
import { showPage } from '../webviewPage.ts';
import { BatchesFeed } from './batchesFeed.ts';
import { batchSource } from './batchSource.ts';
import { exportBatches } from './exportBatches.ts';
import type { BatchesPageState, FromBatchesPage, Position } from './protocol.ts';

export interface BatchesTarget {
  readonly cluster: string;
  readonly topic: string;
  readonly partition: number;
  readonly position: Position;
}

interface OpenPanel {
  readonly panel: vscode.WebviewPanel;
  readonly feed: BatchesFeed;
}

export interface BatchesServices {
  readonly connections: Connections;
  readonly log: Log;
}

/** The editor tabs that show a topic by batch, one a topic. */
export class BatchesPanels implements vscode.WebviewPanelSerializer<Partial<BatchesPageState>>, vscode.Disposable {
  readonly #extensionUri: vscode.Uri;
  readonly #services: BatchesServices;
  readonly #open = new Map<string, OpenPanel>();

  constructor(extensionUri: vscode.Uri, services: BatchesServices) {
    this.#extensionUri = extensionUri;
    this.#services = services;
  }

  open(target: BatchesTarget): void {
    const existing = this.#open.get(idOf(target));
    if (existing !== undefined) {
      existing.panel.reveal();
      void existing.feed.goTo(target.partition, target.position);
      return;
    }
    this.#fill(vscode.window.createWebviewPanel(panels.batches, titleOf(target), vscode.ViewColumn.Active), target);
  }

  /** Called by VS Code after a reload, with what the page kept. */
  async deserializeWebviewPanel(
    panel: vscode.WebviewPanel,
    state: Partial<BatchesPageState> | undefined,
  ): Promise<void> {
    if (typeof state?.cluster !== 'string' || typeof state.topic !== 'string') {
      panel.dispose();
      return;
    }
    const { cluster, topic, partition = 0, position = { at: 'start' } } = state;
    this.#fill(panel, { cluster, topic, partition, position });
  }

  dispose(): void {
    for (const { panel } of [...this.#open.values()]) panel.dispose();
  }

  #fill(panel: vscode.WebviewPanel, target: BatchesTarget): void {
    const { cluster, topic, partition, position } = target;
    const { connections, log } = this.#services;
    panel.title = titleOf(target);
    const feed = new BatchesFeed({
      cluster,
      topic,
      open: async (of) => {
        const open = connections.cluster(cluster);
        if (open === undefined) throw notConnected(cluster);
        return batchSource(await open.kafka(), topic, of);
      },
      send: (message) => void panel.webview.postMessage(message),
      onError: (error) => log.error(error, `batches of ${topic}`),
    });
    const disposables = [
      feed,
      showPage<FromBatchesPage>({
        webview: panel.webview,
        extensionUri: this.#extensionUri,
        page: 'batches',
        title: panel.title,
        target: { cluster, topic, partition: String(partition), position: JSON.stringify(position) },
        receive: (message) => this.#receive(message, feed, target),
      }),
      // A hidden page is thrown away; as it appears again it says that it is ready.
      panel.onDidChangeViewState(() => {
        if (!panel.visible) feed.stop();
      }),
    ];
    const id = idOf(target);
    this.#open.set(id, { panel, feed });
    panel.onDidDispose(() => {
      this.#open.delete(id);
      for (const one of disposables) one.dispose();
    });
  }

  #receive(message: FromBatchesPage, feed: BatchesFeed, { cluster, topic }: BatchesTarget): void {
    switch (message.type) {
      case 'ready':
        void feed.start(message.partition, message.position);
        return;
      case 'seek':
        void feed.seek(message.partition, message.position);
        return;
      case 'more':
        void feed.more();
        return;
      case 'earlier':
        void feed.earlier();
        return;
      case 'cancel':
        feed.cancel();
        return;
      case 'retry':
        void feed.retry();
        return;
      case 'records':
        void feed.records(message.baseOffset, message.from);
        return;
      case 'replay':
      case 'tail': {
        const { type, offset } = message;
        void vscode.commands.executeCommand(type === 'tail' ? commands.tailTopic : commands.replayRecord, {
          cluster,
          topic,
          partition: feed.partition,
          offset,
        });
        return;
      }
      case 'copy':
        void vscode.env.clipboard.writeText(message.text);
        return;
      case 'export':
        this.#export(message.format, feed, { cluster, topic }, message.keys).catch((error: unknown) => {
          this.#services.log.error(error, `export the batches of ${topic}`);
          const text = t('The file was not written: {0}', messageOf(error));
          void vscode.window.showErrorMessage(error instanceof HumanError ? error.message : text);
        });
        return;
    }
  }

  async #export(
    format: ExportFormat,
    feed: BatchesFeed,
    { cluster, topic }: { readonly cluster: string; readonly topic: string },
    keys: readonly Int64[] | undefined,
  ): Promise<void> {
    // What is shown now, not what will be when the dialog closes.
    const rows = feed.shown(keys);
    const { partition } = feed;
    const text = exportBatches({ cluster, topic, partition, rows }, format);
    const name = `${topic.replace(/[^\w.-]+/g, '_')}-${partition}-batches.${format}`;
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    const uri = await vscode.window.showSaveDialog({
      ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, name) }),
      filters: format === 'csv' ? { CSV: ['csv'] } : { JSON: ['json'] },
      title: t('Export batches of {0}', topic),
    });
    if (uri === undefined) return;
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
    const open = t('Open');
    const file = uri.path.slice(uri.path.lastIndexOf('/') + 1);
    const told = t('{0} batches written to {1}.', rows.length, file);
    if ((await vscode.window.showInformationMessage(told, open)) === open) await vscode.window.showTextDocument(uri);
  }
}

export function notConnected(cluster: string): HumanError {
  return new HumanError(t('{0} is not connected.', cluster), t('Connect it in the view Clusters, then retry.'));
}

function idOf({ cluster, topic }: BatchesTarget): string {
  return JSON.stringify([cluster, topic]);
}

function titleOf({ topic }: BatchesTarget): string {
  return t('{0} - Batches', topic);
}
