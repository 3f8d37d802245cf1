import * as vscode from 'vscode';
import { commands, panels } from '../contributions.ts';
import { t } from '../../shared/l10n.ts';
import { HumanError, messageOf } from '../../shared/errors.ts';
import { exportRows } from './exportRows.ts';
import { LagFeed } from './lagFeed.ts';
import type { ExportFormat, FromLagPage, LagPageState, PartitionKey } from './protocol.ts';
import type { PanelServices } from './services.ts';
import { showPage } from './webviewPage.ts';

export interface LagTarget {
  readonly cluster: string;
  readonly group: string;
  /** A partition to select. */
  readonly key?: PartitionKey | undefined;
}

interface OpenPanel {
  readonly panel: vscode.WebviewPanel;
  readonly feed: LagFeed;
}

/** What opens other pages about the group, at a partition where one is selected. */
const pageCommands = { assignments: commands.openAssignments, commits: commands.openCommitLog } as const;

/** The editor tabs that show a group's lag, one a group. */
export class LagPanels implements vscode.WebviewPanelSerializer<Partial<LagPageState>>, vscode.Disposable {
  readonly #extensionUri: vscode.Uri;
  readonly #services: PanelServices;
  readonly #open = new Map<string, OpenPanel>();

  constructor(extensionUri: vscode.Uri, services: PanelServices) {
    this.#extensionUri = extensionUri;
    this.#services = services;
  }

  open(target: LagTarget): void {
    const existing = this.#open.get(idOf(target));
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
    for (const { panel } of [...this.#open.values()]) panel.dispose();
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
    const disposables = [
      feed,
      showPage<FromLagPage>({
        webview: panel.webview,
        extensionUri: this.#extensionUri,
        page: 'lag',
        title: panel.title,
        target: { cluster, group, ...(key === undefined ? {} : { key }) },
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
        const split = message.key.lastIndexOf('/');
        const at = { topic: message.key.slice(0, split), partition: Number(message.key.slice(split + 1)) };
        void vscode.commands.executeCommand(message.type === 'tail' ? commands.tailTopic : commands.explainStuck, {
          cluster: target.cluster,
          group: target.group,
          ...at,
        });
        return;
      }
      case 'reset': {
        const { cluster, group } = target;
        const partitions = message.keys.map(partitionOf);
        const about = partitions.length === 0 ? { cluster, group } : { cluster, group, partitions };
        void vscode.commands.executeCommand(commands.resetOffsets, about);
        return;
      }
      case 'seek': {
        const { cluster, group } = target;
        void vscode.commands.executeCommand(commands.seekPartition, { cluster, group, ...partitionOf(message.key) });
        return;
      }
      case 'assignments':
      case 'commits':
        void vscode.commands.executeCommand(pageCommands[message.type], {
          cluster: target.cluster,
          group: target.group,
          ...partitionOf(message.key),
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
    const name = `${group.replace(/[^\w.-]+/g, '_')}-lag.${format}`;
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    const uri = await vscode.window.showSaveDialog({
      ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, name) }),
      filters: format === 'csv' ? { CSV: ['csv'] } : { JSON: ['json'] },
      title: t('Export lag of {0}', group),
    });
    if (uri === undefined) return;
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
    const open = t('Open');
    const answer = await vscode.window.showInformationMessage(
      t('{0} partitions written to {1}.', rows.length, uri.path.slice(uri.path.lastIndexOf('/') + 1)),
      open,
    );
    if (answer === open) await vscode.window.showTextDocument(uri);
  }
}

function partitionOf(key: PartitionKey | undefined): { readonly topic?: string; readonly partition?: number } {
  if (key === undefined) return {};
  const split = key.lastIndexOf('/');
  return { topic: key.slice(0, split), partition: Number(key.slice(split + 1)) };
}

function idOf({ cluster, group }: LagTarget): string {
  return JSON.stringify([cluster, group]);
}

function titleOf({ group }: LagTarget): string {
  return t('{0} - Lag', group);
}
