import * as vscode from 'vscode';
import type { Cluster } from '../../../kafka/cluster.ts';
import { HumanError } from '../../../shared/errors.ts';
import { t } from '../../../shared/l10n.ts';
import { commands } from '../../contributions.ts';
import type { Log } from '../../log.ts';
import { saveFile } from '../../saveFile.ts';
import { GroupTabs, type GroupTarget } from '../groupTabs.ts';
import { partitionOfKey, type ExportFormat } from '../protocol.ts';
import type { PanelServices } from '../services.ts';
import { CommitsFeed } from './commitsFeed.ts';
import { commitsSource } from './commitsSource.ts';
import { exportCommits } from './exportCommits.ts';
import type { FromCommitsPage, ToCommitsPage } from './protocol.ts';

export interface CommitsServices extends Pick<PanelServices, 'watchOf' | 'onDidChangeClusters'> {
  /** undefined where the cluster is not connected. @throws {HumanError} it cannot be reached. */
  readonly kafkaOf: (cluster: string) => Promise<Cluster> | undefined;
  readonly log: Log;
}

/** The editor tabs that show what a group committed, one a group. */
export class CommitsPanels extends GroupTabs<CommitsFeed, FromCommitsPage> {
  readonly #services: CommitsServices;

  constructor(extensionUri: vscode.Uri, services: CommitsServices) {
    super({ page: 'commits', extensionUri, log: services.log });
    this.#services = services;
  }

  open(target: GroupTarget): void {
    const { panel, isNew } = this.show(target);
    if (isNew || target.key === undefined) return;
    const message: ToCommitsPage = { type: 'select', key: target.key };
    void panel.webview.postMessage(message);
  }

  protected titleOf({ group }: GroupTarget): string {
    return t('{0} - Commit log', group);
  }

  protected feedOf({ cluster, group }: GroupTarget, send: (message: object) => void): CommitsFeed {
    return new CommitsFeed({
      cluster,
      group,
      services: this.#services,
      open: async (signal) => {
        const kafka = await this.#services.kafkaOf(cluster);
        if (kafka === undefined) throw new HumanError(t('{0} is not connected.', cluster));
        return commitsSource(kafka, group, signal);
      },
      send,
      onFailure: (error) => this.#services.log.error(error, `read the commits of ${group}`),
    });
  }

  protected receive(message: FromCommitsPage, feed: CommitsFeed, target: GroupTarget): Promise<void> | void {
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
        return exportShown(message.format, feed, target, message.ids);
    }
  }
}

async function exportShown(
  format: ExportFormat,
  feed: CommitsFeed,
  { cluster, group }: GroupTarget,
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
