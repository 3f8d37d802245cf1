import * as vscode from 'vscode';
import { HumanError, messageOf } from '../../../shared/errors.ts';
import { t } from '../../../shared/l10n.ts';
import { commands, panels } from '../../contributions.ts';
import type { PartitionKey } from '../protocol.ts';
import { showPage } from '../webviewPage.ts';
import { AssignmentFeed } from './assignmentFeed.ts';
import { exportHistory } from './exportHistory.ts';
import type { AssignmentsPageState, FromAssignmentsPage } from './protocol.ts';
import type { AssignmentServices } from './services.ts';

export interface AssignmentsTarget {
  readonly cluster: string;
  readonly group: string;
  /** A partition to go to. */
  readonly key?: PartitionKey | undefined;
}

interface OpenPanel {
  readonly panel: vscode.WebviewPanel;
  readonly feed: AssignmentFeed;
}

type FileFormat = 'json' | 'csv' | 'svg' | 'png';

/** The editor tabs that show who owned which partition of a group when, one a group. */
export class AssignmentPanels
  implements vscode.WebviewPanelSerializer<Partial<AssignmentsPageState>>, vscode.Disposable
{
  readonly #extensionUri: vscode.Uri;
  readonly #services: AssignmentServices;
  readonly #open = new Map<string, OpenPanel>();

  constructor(extensionUri: vscode.Uri, services: AssignmentServices) {
    this.#extensionUri = extensionUri;
    this.#services = services;
  }

  open(target: AssignmentsTarget): void {
    const existing = this.#open.get(idOf(target));
    if (existing !== undefined) {
      existing.panel.reveal();
      if (target.key !== undefined) existing.feed.select(target.key);
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
    for (const { panel } of [...this.#open.values()]) panel.dispose();
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
    const disposables = [
      feed,
      showPage<FromAssignmentsPage>({
        webview: panel.webview,
        extensionUri: this.#extensionUri,
        page: 'assignments',
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
        void vscode.commands.executeCommand(commands.openLag, { cluster, group, ...partitionOf(message.key) });
        return;
      }
      case 'openLine':
        this.#attempt(openLine(message.file, message.line, feed), t('The log could not be opened.'));
        return;
      case 'export':
        this.#attempt(this.#export(message.format, feed, target), t('The file was not written.'));
        return;
      case 'picture': {
        const bytes =
          message.format === 'svg' ? new TextEncoder().encode(message.data) : Buffer.from(message.data, 'base64');
        this.#attempt(save(target, message.format, bytes), t('The file was not written.'));
        return;
      }
    }
  }

  async #export(format: 'json' | 'csv', feed: AssignmentFeed, target: AssignmentsTarget): Promise<void> {
    const { history } = feed;
    if (history === undefined) return;
    await save(target, format, new TextEncoder().encode(exportHistory(target.cluster, history, format)));
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
  const told = [
    ...(history?.rebalances.flatMap(({ causes }) => causes) ?? []),
    ...(history?.members.map(({ left }) => left) ?? []),
  ];
  if (!told.some((one) => one?.line?.file === file && one.line.line === line)) return;
  const position = new vscode.Position(Math.max(0, line - 1), 0);
  await vscode.window.showTextDocument(vscode.Uri.file(file), { selection: new vscode.Range(position, position) });
}

async function save({ group }: AssignmentsTarget, format: FileFormat, bytes: Uint8Array): Promise<void> {
  const name = `${group.replace(/[^\w.-]+/g, '_')}-assignments.${format}`;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const uri = await vscode.window.showSaveDialog({
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, name) }),
    filters: { [format.toUpperCase()]: [format] },
    title: t('Export assignment history of {0}', group),
  });
  if (uri === undefined) return;
  await vscode.workspace.fs.writeFile(uri, bytes);
  const open = t('Open');
  const file = uri.path.slice(uri.path.lastIndexOf('/') + 1);
  if ((await vscode.window.showInformationMessage(t('Written to {0}.', file), open)) === open) {
    await vscode.commands.executeCommand('vscode.open', uri);
  }
}

function partitionOf(key: PartitionKey | undefined): { topic?: string; partition?: number } {
  if (key === undefined) return {};
  const split = key.lastIndexOf('/');
  return { topic: key.slice(0, split), partition: Number(key.slice(split + 1)) };
}

function idOf({ cluster, group }: AssignmentsTarget): string {
  return JSON.stringify([cluster, group]);
}

function titleOf({ group }: AssignmentsTarget): string {
  return t('{0} - Assignment history', group);
}
