import * as vscode from 'vscode';
import type { Cluster } from '../../../kafka/cluster.ts';
import { HumanError } from '../../../shared/errors.ts';
import { t } from '../../../shared/l10n.ts';
import { commands } from '../../contributions.ts';
import type { Log } from '../../log.ts';
import { saveFile } from '../../saveFile.ts';
import { PageTabs } from '../pageTabs.ts';
import { partitionOfKey, type ExportFormat, type PartitionKey } from '../protocol.ts';
import type { PanelServices } from '../services.ts';
import { CommitsFeed } from './commitsFeed.ts';
import { commitsSource } from './commitsSource.ts';
import { exportCommits } from './exportCommits.ts';
import type { CommitsPageState, FromCommitsPage, ToCommitsPage } from './protocol.ts';

export interface CommitsTarget {
  readonly cluster: string;
  readonly group: string;
  /** A partition whose commits are to be shown. */
  readonly key?: PartitionKey | undefined;
}

export interface CommitsServices extends Pick<PanelServices, 'watchOf' | 'onDidChangeClusters'> {
  /** undefined where the cluster is not connected. @throws {HumanError} it cannot be reached. */
  readonly kafkaOf: (cluster: string) => Promise<Cluster> | undefined;
  readonly log: Log;
}

/** The editor tabs that show what a group committed, one a group. */
export class CommitsPanels extends PageTabs<CommitsTarget, CommitsFeed, FromCommitsPage, CommitsPageState> {
  readonly #services: CommitsServices;

  constructor(extensionUri: vscode.Uri, services: CommitsServices) {
    super({ page: 'commits', extensionUri, log: services.log });
    this.#services = services;
  }

  open(target: CommitsTarget): void {
    const { panel, isNew } = this.show(target);
    if (isNew || target.key === undefined) return;
    const message: ToCommitsPage = { type: 'select', key: target.key };
    void panel.webview.postMessage(message);
  }

  protected override idOf({ cluster, group }: CommitsTarget): string {
    return JSON.stringify([cluster, group]);
  }

  protected titleOf({ group }: CommitsTarget): string {
    return t('{0} - Commit log', group);
  }

  protected restored({ cluster, group }: Partial<CommitsPageState>): CommitsTarget | undefined {
    return typeof cluster === 'string' && typeof group === 'string' ? { cluster, group } : undefined;
  }

  protected told({ cluster, group, key }: CommitsTarget): Record<string, string> {
    return { cluster, group, ...(key === undefined ? {} : { key }) };
  }

  protected feedOf({ cluster, group }: CommitsTarget, send: (message: object) => void): CommitsFeed {
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

  protected override hidden(feed: CommitsFeed): void {
    feed.stop();
  }

  protected receive(message: FromCommitsPage, feed: CommitsFeed, target: CommitsTarget): Promise<void> | void {
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
