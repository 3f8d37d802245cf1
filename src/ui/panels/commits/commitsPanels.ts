import * as vscode from 'vscode';
import type { Cluster } from '../../../kafka/cluster.ts';
import { HumanError, messageOf } from '../../../shared/errors.ts';
import { t } from '../../../shared/l10n.ts';
import { commands, panels } from '../../contributions.ts';
import { saveFile } from '../../saveFile.ts';
import { partitionOfKey, type ExportFormat, type PartitionKey } from '../protocol.ts';
import type { PanelServices } from '../services.ts';
import { Tabs } from '../tabs.ts';
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
  readonly #tabs = new Tabs<CommitsFeed>();

  constructor(extensionUri: vscode.Uri, services: CommitsServices) {
    this.#extensionUri = extensionUri;
    this.#services = services;
  }

  open(target: CommitsTarget): void {
    const existing = this.#tabs.get(idOf(target));
    if (existing === undefined) {
      this.show(vscode.window.createWebviewPanel(panels.commits, titleOf(target), vscode.ViewColumn.Active), target);
      return;
    }
    existing.panel.reveal();
    if (target.key !== undefined) {
      const message: ToCommitsPage = { type: 'select', key: target.key };
      void existing.panel.webview.postMessage(message);
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
    this.#tabs.add(idOf(target), {
      panel,
      feed,
      belongings: [
        showPage<FromCommitsPage>({
          webview: panel.webview,
          extensionUri: this.#extensionUri,
          page: 'commits',
          title: panel.title,
          target: { cluster, group, ...(key === undefined ? {} : { key }) },
          receive: (message) => this.#receive(message, feed, target),
        }),
      ],
      onHidden: () => feed.stop(),
    });
  }

  dispose(): void {
    this.#tabs.dispose();
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
        void vscode.commands.executeCommand(commands.explainStuck, { cluster, group, ...partitionOfKey(message.key) });
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
        void vscode.commands.executeCommand(commands.tailTopic, { cluster, group, ...partitionOfKey(key), ...from });
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
    await saveFile({
      name: `${group}-commits`,
      format,
      title: t('Export commits of {0}', group),
      content: text,
      told: (file) => t('{0} commits written to {1}.', rows.length, file),
    });
  }
}

function idOf({ cluster, group }: CommitsTarget): string {
  return JSON.stringify([cluster, group]);
}

export function titleOf({ group }: CommitsTarget): string {
  return t('{0} - Commit log', group);
}
