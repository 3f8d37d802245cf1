import * as vscode from 'vscode';
import { registerCommands } from '../../commands/registerCommands.ts';
import { pickCluster, pickPartition, pickTopic, topicOf } from '../../commands/pickTopic.ts';
import { commands, panels } from '../../contributions.ts';
import { BatchesPanels, type BatchesServices } from './batchesPanels.ts';

export type { BatchesServices } from './batchesPanels.ts';

/** Makes the batches pages and their command known to VS Code; all end with the extension. */
export function registerBatches(context: vscode.ExtensionContext, services: BatchesServices): void {
  const { connections, log } = services;
  const pages = new BatchesPanels(context.extensionUri, services);
  const open = async (clicked: unknown): Promise<void> => {
    const known = topicOf(clicked);
    const cluster = known?.cluster ?? (await pickCluster(connections, clicked));
    if (cluster === undefined) return;
    const topic = known?.topic ?? (await pickTopic(connections, cluster));
    if (topic === undefined) return;
    const partition = known?.partition ?? (await pickPartition(connections, { cluster, topic }));
    if (partition === undefined) return;
    const offset = known?.offset;
    pages.open({
      cluster,
      topic,
      partition,
      position: offset === undefined ? { at: 'start' } : { at: 'offset', offset: String(offset) },
    });
  };
  context.subscriptions.push(
    pages,
    vscode.window.registerWebviewPanelSerializer(panels.batches, pages),
    registerCommands({ [commands.openBatches]: open }, log),
  );
}
