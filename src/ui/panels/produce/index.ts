import * as vscode from 'vscode';
import { readForReplay } from '../../../produce/replay.ts';
import { t } from '../../../shared/l10n.ts';
import { askText } from '../../ask.ts';
import { refuseReadOnly } from '../../changes/confirm.ts';
import { registerCommands } from '../../commands/registerCommands.ts';
import { pickCluster, pickPartition, pickTopic, topicOf } from '../../commands/pickTopic.ts';
import { commands, panels } from '../../contributions.ts';
import { notConnected } from '../../connections/notConnected.ts';
import { ProducePanels, type ProduceServices } from './producePanels.ts';
import type { Draft } from './protocol.ts';

export type { ProduceServices } from './producePanels.ts';

/** Makes the pages that write records, and their commands, known to VS Code; all end with the extension. */
export function registerProduce(context: vscode.ExtensionContext, services: ProduceServices): void {
  const { connections, log } = services;
  const pages = new ProducePanels(context.extensionUri, services);

  const produce = async (clicked: unknown): Promise<void> => {
    const known = topicOf(clicked);
    // Where the command was given while somebody looks at the text that is to be written.
    const selected = known === undefined ? selection() : undefined;
    const cluster = known?.cluster ?? (await pickCluster(connections, clicked));
    if (cluster === undefined) return;
    refuseReadOnly(connections, cluster);
    const topic = known?.topic ?? (await pickTopic(connections, cluster));
    if (topic === undefined) return;
    const partition = known?.partition === undefined ? {} : { partition: String(known.partition) };
    pages.produce(cluster, { topic, ...partition, ...selected });
  };

  const replay = async (clicked: unknown): Promise<void> => {
    const known = topicOf(clicked);
    const cluster = known?.cluster ?? (await pickCluster(connections, clicked));
    if (cluster === undefined) return;
    refuseReadOnly(connections, cluster);
    const topic = known?.topic ?? (await pickTopic(connections, cluster));
    if (topic === undefined) return;
    const partition = known?.partition ?? (await pickPartition(connections, { cluster, topic }));
    if (partition === undefined) return;
    const offset = known?.offset ?? (await askOffset(`${topic}-${partition}`));
    if (offset === undefined) return;
    const open = connections.cluster(cluster);
    if (open === undefined) throw notConnected(cluster);
    const title = t('Reading {0}-{1}, offset {2}', topic, partition, String(offset));
    const record = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, async () =>
      readForReplay(await open.kafka(), { topic, partition }, offset),
    );
    pages.replay(cluster, { topic, partition, offset }, record);
  };

  context.subscriptions.push(
    pages,
    vscode.window.registerWebviewPanelSerializer(panels.produce, pages),
    registerCommands({ [commands.produceRecord]: produce, [commands.replayRecord]: replay }, log),
  );
}

/** The text that is selected in the editor, as the value of a record. */
function selection(): Partial<Draft> | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined || editor.selection.isEmpty) return undefined;
  const text = editor.document.getText(editor.selection);
  const isJson = editor.document.languageId.startsWith('json') && isWholeJson(text);
  return { value: { format: isJson ? 'json' : 'text', text } };
}

function isWholeJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

async function askOffset(where: string): Promise<bigint | undefined> {
  const text = await askText({
    title: t('Replay Record'),
    prompt: t('Offset in {0} of the record to write again', where),
    validateInput: (value) =>
      /^\d{0,19}$/.test(value.trim()) ? undefined : t('An offset is a whole number from 0 on.'),
  });
  return text === undefined || text.trim() === '' ? undefined : BigInt(text.trim());
}
