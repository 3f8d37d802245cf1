import * as vscode from 'vscode';
import type { Cluster } from '../../../kafka/cluster.ts';
import { HumanError, messageOf } from '../../../shared/errors.ts';
import { t } from '../../../shared/l10n.ts';
import { commands, panels } from '../../contributions.ts';
import type { ExportFormat, PartitionKey } from '../protocol.ts';
import type { PanelServices } from '../services.ts';
import { showPage } from '../webviewPage.ts';
import { CommitsFeed } from './commitsFeed.ts';
import { commitsSource } from './commitsSource.ts';
import { exportCommits } from './exportCommits.ts';
import type { FromCommitsPage, ToCommitsPage } from './protocol.ts';

export interface CommitsTarget {
  readonly cluster: string;
  readonly group: string;
  /** A partition whose commits are to be shown. */
  readonly key?: PartitionKey | undefined;
}

export interface CommitsServices extends Pick<PanelServices, 'watchOf' | 'onDidChangeClusters' | 'log'> {
  /** undefined where the cluster is not connected. @throws {HumanError} it cannot be reached. */
  readonly kafkaOf: (cluster: string) => Promise<Cluster> | undefined;
}

/** The editor tabs that show what a group committed, one a group. */
export class CommitsPanels implements vscode.Disposable {
  readonly #extensionUri: vscode.Uri;
  readonly #services: CommitsServices;
  readonly #open = new Map<string, vscode.WebviewPanel>();

  constructor(extensionUri: vscode.Uri, services: CommitsServices) {
    this.#extensionUri = extensionUri;
    this.#services = services;
  }

  open(target: CommitsTarget): void {
    const existing = this.#open.get(idOf(target));
    if (existing === undefined) {
      this.show(vscode.window.createWebviewPanel(panels.commits, titleOf(target), vscode.ViewColumn.Active), target);
      return;
    }
    existing.reveal();
    if (target.key !== undefined) {
      const message: ToCommitsPage = { type: 'select', key: target.key };
      void existing.webview.postMessage(message);
    }
  }

  /** Fills a panel, new or restored. */
  show(panel: vscode.WebviewPanel, target: CommitsTarget): void {
    const { cluster, group, key } = target;
    panel.title = titleOf(target);
    const feed = new CommitsFeed({
      cluster,
      group,
      services: this.#services,
      open: async (signal) => {
        const kafka = await this.#services.kafkaOf(cluster);
        if (kafka === undefined) throw new HumanError(t('{0} is not connected.', cluster));
        return commitsSource(kafka, group, signal);
      },
      send: (message) => void panel.webview.postMessage(message),
      onFailure: (error) => this.#services.log.error(error, `read the commits of ${group}`),
    });
    const disposables = [
      feed,
      showPage<FromCommitsPage>({
        webview: panel.webview,
        extensionUri: this.#extensionUri,
        page: 'commits',
        title: panel.title,
        target: { cluster, group, ...(key === undefined ? {} : { key }) },
        receive: (message) => this.#receive(message, feed, target),
      }),
      // A hidden page is thrown away; as it appears again it says that it is ready.
      panel.onDidChangeViewState(() => {
        if (!panel.visible) feed.stop();
      }),
    ];
    this.#open.set(idOf(target), panel);
    panel.onDidDispose(() => {
      this.#open.delete(idOf(target));
      for (const one of disposables) one.dispose();
    });
  }

  dispose(): void {
    for (const panel of [...this.#open.values()]) panel.dispose();
  }

  #receive(message: FromCommitsPage, feed: CommitsFeed, target: CommitsTarget): void {
    const { cluster, group } = target;
    switch (message.type) {
      case 'ready':
        feed.start();
        return;
      case 'pause':
        feed.pause(message.paused);
        return;
      case 'retry':
        feed.retry();
        return;
      case 'copy':
        void vscode.env.clipboard.writeText(message.text);
        return;
      case 'openLag':
        void vscode.commands.executeCommand(commands.openLag, { cluster, group });
        return;
      case 'openTopic':
        void vscode.commands.executeCommand(commands.openOffsetsTopic, { cluster, group });
        return;
      case 'explain':
        void vscode.commands.executeCommand(commands.explainStuck, { cluster, group, ...placeOf(message.key) });
        return;
      case 'reset': {
        const [row] = feed.rows([message.id]);
        if (row === undefined) return;
        const { topic, partition, offset, at } = row;
        const only = { topic, partition, offset };
        const wanted = message.what === 'all' ? { at } : only;
        void vscode.commands.executeCommand(commands.resetOffsets, { cluster, group, ...wanted });
        return;
      }
      case 'tail': {
        const { key, offset } = message;
        const from = offset === undefined ? {} : { offset };
        void vscode.commands.executeCommand(commands.tailTopic, { cluster, group, ...placeOf(key), ...from });
        return;
      }
      case 'export':
        this.#export(message.format, feed, target, message.ids).catch((error: unknown) => {
          this.#services.log.error(error, `export the commits of ${group}`);
          const text = t('The file was not written: {0}', messageOf(error));
          void vscode.window.showErrorMessage(error instanceof HumanError ? error.message : text);
        });
        return;
    }
  }

  async #export(
    format: ExportFormat,
    feed: CommitsFeed,
    { cluster, group }: CommitsTarget,
    ids: readonly number[] | undefined,
  ): Promise<void> {
    // What is shown now, not what will be when the dialog closes.
    const rows = feed.rows(ids);
    const text = exportCommits({ cluster, group, place: feed.model.place, rows }, format);
    const name = `${group.replace(/[^\w.-]+/g, '_')}-commits.${format}`;
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    const uri = await vscode.window.showSaveDialog({
      ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, name) }),
      filters: format === 'csv' ? { CSV: ['csv'] } : { JSON: ['json'] },
      title: t('Export commits of {0}', group),
    });
    if (uri === undefined) return;
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
    const open = t('Open');
    const file = uri.path.slice(uri.path.lastIndexOf('/') + 1);
    const told = t('{0} commits written to {1}.', rows.length, file);
    if ((await vscode.window.showInformationMessage(told, open)) === open) await vscode.window.showTextDocument(uri);
  }
}

function placeOf(key: PartitionKey): { readonly topic: string; readonly partition: number } {
  const split = key.lastIndexOf('/');
  return { topic: key.slice(0, split), partition: Number(key.slice(split + 1)) };
}

function idOf({ cluster, group }: CommitsTarget): string {
  return JSON.stringify([cluster, group]);
}

export function titleOf({ group }: CommitsTarget): string {
  return t('{0} - Commits', group);
}
