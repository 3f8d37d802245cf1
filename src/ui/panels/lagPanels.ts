import * as vscode from 'vscode';
import { commands, panels } from '../contributions.ts';
import { saveFile } from '../saveFile.ts';
import { t } from '../../shared/l10n.ts';
import { HumanError, messageOf } from '../../shared/errors.ts';
import { exportRows } from './exportRows.ts';
import { LagFeed } from './lagFeed.ts';
import {
  partitionOfKey,
  type ExportFormat,
  type FromLagPage,
  type LagPageState,
  type PartitionKey,
} from './protocol.ts';
import type { PanelServices } from './services.ts';
import { Tabs } from './tabs.ts';
import { showPage } from './webviewPage.ts';

export interface LagTarget {
  readonly cluster: string;
  readonly group: string;
  /** A partition to select. */
  readonly key?: PartitionKey | undefined;
}

/** What opens other pages about the group, at a partition where one is selected. */
const pageCommands = { assignments: commands.openAssignments, commits: commands.openCommitLog } as const;

/** The editor tabs that show a group's lag, one a group. */
export class LagPanels implements vscode.WebviewPanelSerializer<Partial<LagPageState>>, vscode.Disposable {
  readonly #extensionUri: vscode.Uri;
  readonly #services: PanelServices;
  readonly #tabs = new Tabs<LagFeed>();

  constructor(extensionUri: vscode.Uri, services: PanelServices) {
    this.#extensionUri = extensionUri;
    this.#services = services;
  }

  open(target: LagTarget): void {
    const existing = this.#tabs.get(idOf(target));
    if (existing !== undefined) {
      existing.panel.reveal();
      if (target.key !== undefined) existing.feed.select(target.key);
      return;
    }
    this.#fill(vscode.window.createWebviewPanel(panels.lag, titleOf(target), vscode.ViewColumn.Active), target);
  }

  /** Called by VS Code after a reload, with what the page kept. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: Partial<LagPageState> | undefined): Promise<void> {
    if (typeof state?.cluster !== 'string' || typeof state.group !== 'string') {
      panel.dispose();
      return;
    }
    this.#fill(panel, { cluster: state.cluster, group: state.group });
  }

  dispose(): void {
    this.#tabs.dispose();
  }

  #fill(panel: vscode.WebviewPanel, target: LagTarget): void {
    const { cluster, group, key } = target;
    panel.title = titleOf(target);
    const feed = new LagFeed({
      cluster,
      group,
      services: this.#services,
      send: (message) => void panel.webview.postMessage(message),
      onFailure: (error) => this.#services.log.error(error, `age of the records of ${group}`),
    });
    this.#tabs.add(idOf(target), {
      panel,
      feed,
      belongings: [
        showPage<FromLagPage>({
          webview: panel.webview,
          extensionUri: this.#extensionUri,
          page: 'lag',
          title: panel.title,
          target: { cluster, group, ...(key === undefined ? {} : { key }) },
          receive: (message) => this.#receive(message, feed, target),
        }),
      ],
      onHidden: () => feed.stop(),
    });
  }

  #receive(message: FromLagPage, feed: LagFeed, target: LagTarget): void {
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
        this.#export(message.format, feed, target, message.keys).catch((error: unknown) => {
          this.#services.log.error(error, `export the lag of ${target.group}`);
          const text =
            error instanceof HumanError ? error.message : t('The file was not written: {0}', messageOf(error));
          void vscode.window.showErrorMessage(text);
        });
        return;
    }
  }

  async #export(
    format: ExportFormat,
    feed: LagFeed,
    { cluster, group }: LagTarget,
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
}

function idOf({ cluster, group }: LagTarget): string {
  return JSON.stringify([cluster, group]);
}

function titleOf({ group }: LagTarget): string {
  return t('{0} - Lag', group);
}
