import * as vscode from 'vscode';
import { t } from '../../../shared/l10n.ts';
import type { Connections } from '../../connections/connections.ts';
import { notConnected } from '../../connections/notConnected.ts';
import { commands } from '../../contributions.ts';
import type { Log } from '../../log.ts';
import { saveFile } from '../../saveFile.ts';
import { PageTabs } from '../pageTabs.ts';
import type { ExportFormat, Int64 } from '../protocol.ts';
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
export class BatchesPanels extends PageTabs<BatchesTarget, BatchesFeed, FromBatchesPage, BatchesPageState> {
  readonly #services: BatchesServices;

  constructor(extensionUri: vscode.Uri, services: BatchesServices) {
    super({ page: 'batches', extensionUri, log: services.log });
    this.#services = services;
  }

  open(target: BatchesTarget): void {
    const { feed, isNew } = this.show(target);
    if (!isNew) void feed.goTo(target.partition, target.position);
  }

  protected override idOf({ cluster, topic }: BatchesTarget): string {
    return JSON.stringify([cluster, topic]);
  }

  protected titleOf({ topic }: BatchesTarget): string {
    return t('{0} - Batches', topic);
  }

  protected restored(state: Partial<BatchesPageState>): BatchesTarget | undefined {
    const { cluster, topic, partition = 0, position = { at: 'start' } } = state;
    const isNamed = typeof cluster === 'string' && typeof topic === 'string';
    return isNamed ? { cluster, topic, partition, position } : undefined;
  }

  protected told({ cluster, topic, partition, position }: BatchesTarget): Record<string, string> {
    return { cluster, topic, partition: String(partition), position: JSON.stringify(position) };
  }

  protected feedOf({ cluster, topic }: BatchesTarget, send: (message: object) => void): BatchesFeed {
    const { connections, log } = this.#services;
    return new BatchesFeed({
      cluster,
      topic,
      open: async (of) => {
        const open = connections.cluster(cluster);
        if (open === undefined) throw notConnected(cluster);
        return batchSource(await open.kafka(), topic, of);
      },
      send,
      onError: (error) => log.error(error, `batches of ${topic}`),
    });
  }

  protected override hidden(feed: BatchesFeed): void {
    feed.stop();
  }

  protected receive(
    message: FromBatchesPage,
    feed: BatchesFeed,
    { cluster, topic }: BatchesTarget,
  ): Promise<void> | void {
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
        return exportShown(message.format, feed, { cluster, topic }, message.keys);
    }
  }
}

async function exportShown(
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
