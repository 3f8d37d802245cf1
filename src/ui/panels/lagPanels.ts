import * as vscode from 'vscode';
import { commands } from '../contributions.ts';
import { saveFile } from '../saveFile.ts';
import { t } from '../../shared/l10n.ts';
import { exportRows } from './exportRows.ts';
import { LagFeed } from './lagFeed.ts';
import { partitionOfKey, type ExportFormat, type FromLagPage, type PartitionKey } from './protocol.ts';
import type { PanelServices } from './services.ts';
import type { Log } from '../log.ts';
import { GroupTabs, type GroupTarget } from './groupTabs.ts';

/** What opens other pages about the group, at a partition where one is selected. */
const pageCommands = { assignments: commands.openAssignments, commits: commands.openCommitLog } as const;

/** The editor tabs that show a group's lag, one a group. */
export class LagPanels extends GroupTabs<LagFeed, FromLagPage> {
  readonly #services: PanelServices;

  constructor(extensionUri: vscode.Uri, services: PanelServices & { readonly log: Log }) {
    super({ page: 'lag', extensionUri, log: services.log });
    this.#services = services;
  }

  open(target: GroupTarget): void {
    const { feed, isNew } = this.show(target);
    if (!isNew && target.key !== undefined) feed.select(target.key);
  }

  protected titleOf({ group }: GroupTarget): string {
    return t('{0} - Lag', group);
  }

  protected feedOf({ cluster, group }: GroupTarget, send: (message: object) => void): LagFeed {
    return new LagFeed({
      cluster,
      group,
      services: this.#services,
      send,
      onFailure: (error) => this.#services.log.error(error, `age of the records of ${group}`),
    });
  }

  protected receive(message: FromLagPage, feed: LagFeed, target: GroupTarget): Promise<void> | void {
    switch (message.type) {
      case 'ready':
        feed.start(message.charted);
        return;
      case 'chart':
        feed.chart(message.keys);
        return;
      case 'pause':
        feed.pause(message.paused);
        return;
      case 'retry':
        // Why it failed is in the state that the page shows.
        feed.retry().catch((error: unknown) => this.#services.log.error(error, `refresh ${target.cluster}`));
        return;
      case 'copy':
        void vscode.env.clipboard.writeText(message.text);
        return;
      case 'explain':
      case 'tail': {
        void vscode.commands.executeCommand(message.type === 'tail' ? commands.tailTopic : commands.explainStuck, {
          cluster: target.cluster,
          group: target.group,
          ...partitionOfKey(message.key),
        });
        return;
      }
      case 'reset': {
        const { cluster, group } = target;
        const partitions = message.keys.map(partitionOfKey);
        const about = partitions.length === 0 ? { cluster, group } : { cluster, group, partitions };
        void vscode.commands.executeCommand(commands.resetOffsets, about);
        return;
      }
      case 'seek': {
        const { cluster, group } = target;
        void vscode.commands.executeCommand(commands.seekPartition, {
          cluster,
          group,
          ...(message.key === undefined ? {} : partitionOfKey(message.key)),
        });
        return;
      }
      case 'assignments':
      case 'commits':
        void vscode.commands.executeCommand(pageCommands[message.type], {
          cluster: target.cluster,
          group: target.group,
          ...(message.key === undefined ? {} : partitionOfKey(message.key)),
        });
        return;
      case 'export':
        return exportLag(message.format, feed, target, message.keys);
    }
  }
}

async function exportLag(
  format: ExportFormat,
  feed: LagFeed,
  { cluster, group }: GroupTarget,
  keys: readonly PartitionKey[] | undefined,
): Promise<void> {
  // What is shown now, not what will be when the dialog closes.
  const { model, rows } = feed.shown(keys);
  const text = exportRows(
    { cluster, group, takenAt: model?.frame.takenAt, members: model?.members ?? [], rows },
    format,
  );
  await saveFile({
    name: `${group}-lag`,
    format,
    title: t('Export lag of {0}', group),
    content: text,
    told: (file) => t('{0} partitions written to {1}.', rows.length, file),
  });
}
