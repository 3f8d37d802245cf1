import * as vscode from 'vscode';
import { HumanError, messageOf } from '../../../shared/errors.ts';
import { t } from '../../../shared/l10n.ts';
import { commands, panels } from '../../contributions.ts';
import { saveFile, type FileFormat } from '../../saveFile.ts';
import { showLogLine } from '../logs/logLines.ts';
import { partitionOfKey, type PartitionKey } from '../protocol.ts';
import { Tabs } from '../tabs.ts';
import { showPage } from '../webviewPage.ts';
import { AssignmentFeed, type LineRef } from './assignmentFeed.ts';
import { exportHistory } from './exportHistory.ts';
import type { AssignmentsPageState, FromAssignmentsPage } from './protocol.ts';
import type { AssignmentServices } from './services.ts';

export interface AssignmentsTarget {
  readonly cluster: string;
  readonly group: string;
  /** A partition to go to. */
  readonly key?: PartitionKey | undefined;
  /** A line of a log that was opened, to whose moment to go. */
  readonly line?: LineRef | undefined;
}

/** The editor tabs that show who owned which partition of a group when, one a group. */
export class AssignmentPanels
  implements vscode.WebviewPanelSerializer<Partial<AssignmentsPageState>>, vscode.Disposable
{
  readonly #extensionUri: vscode.Uri;
  readonly #services: AssignmentServices;
  readonly #tabs = new Tabs<AssignmentFeed>();

  constructor(extensionUri: vscode.Uri, services: AssignmentServices) {
    this.#extensionUri = extensionUri;
    this.#services = services;
  }

  open(target: AssignmentsTarget): void {
    const existing = this.#tabs.get(idOf(target));
    if (existing !== undefined) {
      existing.panel.reveal();
      if (target.key !== undefined) existing.feed.select(target.key);
      if (target.line !== undefined) existing.feed.showLine(target.line);
      return;
    }
    const panel = vscode.window.createWebviewPanel(panels.assignments, titleOf(target), vscode.ViewColumn.Active);
    this.#fill(panel, target);
  }

  /** Called by VS Code after a reload, with what the page kept. */
  async deserializeWebviewPanel(
    panel: vscode.WebviewPanel,
    state: Partial<AssignmentsPageState> | undefined,
  ): Promise<void> {
    if (typeof state?.cluster !== 'string' || typeof state.group !== 'string') {
      panel.dispose();
      return;
    }
    this.#fill(panel, { cluster: state.cluster, group: state.group });
  }

  dispose(): void {
    this.#tabs.dispose();
  }

  #fill(panel: vscode.WebviewPanel, target: AssignmentsTarget): void {
    const { cluster, group, key } = target;
    panel.title = titleOf(target);
    const feed = new AssignmentFeed({
      cluster,
      group,
      services: this.#services,
      send: (message) => void panel.webview.postMessage(message),
    });
    if (target.line !== undefined) feed.showLine(target.line);
    if (panel.visible) feed.prepare();
    this.#tabs.add(idOf(target), {
      panel,
      feed,
      belongings: [
        showPage<FromAssignmentsPage>({
          webview: panel.webview,
          extensionUri: this.#extensionUri,
          page: 'assignments',
          title: panel.title,
          target: { cluster, group, ...(key === undefined ? {} : { key }) },
          receive: (message) => this.#receive(message, feed, target),
        }),
      ],
      onHidden: () => feed.stop(),
    });
  }

  #receive(message: FromAssignmentsPage, feed: AssignmentFeed, target: AssignmentsTarget): void {
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
      case 'moves':
        feed.moves(message.rebalance);
        return;
      case 'meanwhile':
        feed.meanwhile(message.rebalances);
        return;
      case 'lags':
        feed.lags(message.keys);
        return;
      case 'openLag': {
        const { cluster, group } = target;
        void vscode.commands.executeCommand(commands.openLag, {
          cluster,
          group,
          ...(message.key === undefined ? {} : partitionOfKey(message.key)),
        });
        return;
      }
      case 'openLine':
        this.#attempt(openLine(message.file, message.line, feed), t('The log could not be opened.'));
        return;
      case 'export':
        this.#attempt(this.#export(message.format, feed, target), t('The file was not written.'));
        return;
      case 'picture': {
        const picture = message.format === 'svg' ? message.data : Buffer.from(message.data, 'base64');
        this.#attempt(save(target, message.format, picture), t('The file was not written.'));
        return;
      }
    }
  }

  async #export(format: 'json' | 'csv', feed: AssignmentFeed, target: AssignmentsTarget): Promise<void> {
    const { history } = feed;
    if (history === undefined) return;
    await save(target, format, exportHistory(target.cluster, history, format));
  }

  #attempt(doing: Promise<void>, otherwise: string): void {
    doing.catch((error: unknown) => {
      this.#services.log.error(error, 'assignment history');
      const text = error instanceof HumanError ? error.message : `${otherwise} ${messageOf(error)}`;
      void vscode.window.showErrorMessage(text);
    });
  }
}

/** Only what the history itself names is opened: a page could be made to ask for any file. */
async function openLine(file: string, line: number, { history }: AssignmentFeed): Promise<void> {
  if (history?.lines?.some((one) => one.file === file && one.line === line) !== true) return;
  await showLogLine(file, line);
}

function save({ group }: AssignmentsTarget, format: FileFormat, content: string | Uint8Array): Promise<void> {
  return saveFile({
    name: `${group}-assignments`,
    format,
    title: t('Export assignment history of {0}', group),
    content,
  });
}

function idOf({ cluster, group }: AssignmentsTarget): string {
  return JSON.stringify([cluster, group]);
}

function titleOf({ group }: AssignmentsTarget): string {
  return t('{0} - Assignment history', group);
}
