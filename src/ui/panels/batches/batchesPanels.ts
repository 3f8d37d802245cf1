import * as vscode from 'vscode';
import { HumanError, messageOf } from '../../../shared/errors.ts';
import { t } from '../../../shared/l10n.ts';
import type { Connections } from '../../connections/connections.ts';
import { notConnected } from '../../connections/notConnected.ts';
import { commands, panels } from '../../contributions.ts';
import type { Log } from '../../log.ts';
import { saveFile } from '../../saveFile.ts';
import type { ExportFormat, Int64 } from '../protocol.ts';
import { Tabs } from '../tabs.ts';
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

export interface BatchesServices {
  readonly connections: Connections;
  readonly log: Log;
}

/** The editor tabs that show a topic by batch, one a topic. */
export class BatchesPanels implements vscode.WebviewPanelSerializer<Partial<BatchesPageState>>, vscode.Disposable {
  readonly #extensionUri: vscode.Uri;
  readonly #services: BatchesServices;
  readonly #tabs = new Tabs<BatchesFeed>();

  constructor(extensionUri: vscode.Uri, services: BatchesServices) {
    this.#extensionUri = extensionUri;
    this.#services = services;
  }

  open(target: BatchesTarget): void {
    const existing = this.#tabs.get(idOf(target));
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
    this.#tabs.dispose();
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
    this.#tabs.add(idOf(target), {
      panel,
      feed,
      belongings: [
        showPage<FromBatchesPage>({
          webview: panel.webview,
          extensionUri: this.#extensionUri,
          page: 'batches',
          title: panel.title,
          target: { cluster, topic, partition: String(partition), position: JSON.stringify(position) },
          receive: (message) => this.#receive(message, feed, target),
        }),
      ],
      onHidden: () => feed.stop(),
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
    await saveFile({
      name: `${topic}-${partition}-batches`,
      format,
      title: t('Export batches of {0}', topic),
      content: text,
      told: (file) => t('{0} batches written to {1}.', rows.length, file),
    });
  }
}

function idOf({ cluster, topic }: BatchesTarget): string {
  return JSON.stringify([cluster, topic]);
}

function titleOf({ topic }: BatchesTarget): string {
  return t('{0} - Batches', topic);
}
