import * as vscode from 'vscode';
import { t } from '../../../shared/l10n.ts';
import { askOne } from '../../ask.ts';
import { journalOf } from '../../changes/journalOf.ts';
import { pickCluster, pickTopic, topicOf } from '../../commands/pickTopic.ts';
import { registerCommands } from '../../commands/registerCommands.ts';
import { groupOf } from '../../commands/targets.ts';
import { pickGroup } from '../../commands/viewCommands.ts';
import type { Connections } from '../../connections/connections.ts';
import { commands, panels } from '../../contributions.ts';
import { ConfigsPanels, type ConfigsServices } from './configsPanels.ts';
import type { ConfigTarget } from './protocol.ts';
import { topicCommands } from './topicCommands.ts';

export type { ConfigsServices } from './configsPanels.ts';

/** Makes the pages with configurations and the commands that change topics known to VS Code; all end with the extension. */
export function registerConfigs(context: vscode.ExtensionContext, services: ConfigsServices): void {
  const { connections, log } = services;
  const journal = journalOf(context);
  const pages = new ConfigsPanels(context.extensionUri, services, journal);
  const openConfigs = async (clicked: unknown): Promise<void> => {
    const target = targetOf(clicked) ?? (await pickTarget(connections, clicked));
    const { undo } = (clicked ?? {}) as { readonly undo?: unknown };
    if (target !== undefined) pages.open(target, typeof undo === 'string' ? undo : undefined);
  };
  context.subscriptions.push(
    pages,
    vscode.window.registerWebviewPanelSerializer(panels.configs, pages),
    registerCommands({ [commands.openConfigs]: openConfigs, ...topicCommands(connections, journal) }, log),
  );
}

/** What a row of the tree, or a caller, names; a caller also with `undo`, the id of a change in the journal that is to be taken back. */
function targetOf(clicked: unknown): ConfigTarget | undefined {
  const { cluster, kind, name } = (clicked ?? {}) as Partial<ConfigTarget>;
  const isKind = kind === 'topic' || kind === 'group' || kind === 'broker';
  if (isKind && typeof cluster === 'string' && typeof name === 'string') return { cluster, kind, name };
  const group = groupOf(clicked);
  if (group !== undefined) return { cluster: group.cluster, kind: 'group', name: group.group };
  const topic = topicOf(clicked);
  return topic && { cluster: topic.cluster, kind: 'topic', name: topic.topic };
}

async function pickTarget(connections: Connections, clicked: unknown): Promise<ConfigTarget | undefined> {
  const cluster = await pickCluster(connections, clicked);
  if (cluster === undefined) return undefined;
  const watch = connections.watchOf(cluster);
  if (watch !== undefined && watch.snapshot === undefined) await watch.refresh();
  type Item = vscode.QuickPickItem & { readonly target: string };
  const brokers = watch?.snapshot?.brokers ?? [];
  const items: Item[] = [
    { label: t('A topic...'), detail: t('Retention, compaction, sizes, timestamps'), target: 'topic' },
    {
      label: t('A group...'),
      detail: t('Session and heartbeat of KIP-848, share and streams groups'),
      target: 'group',
    },
    { label: t('All brokers'), detail: t('What is set for the whole cluster'), target: 'broker ' },
    ...brokers.map(({ id, host, port }) => ({
      label: t('Broker {0}', id),
      description: `${host}:${port}`,
      target: `broker ${id}`,
    })),
  ];
  const picked = await askOne(items, { title: cluster, placeHolder: t('Configurations of...') });
  if (picked === undefined) return undefined;
  if (picked.target === 'topic') {
    const topic = await pickTopic(connections, cluster);
    return topic === undefined ? undefined : { cluster, kind: 'topic', name: topic };
  }
  if (picked.target === 'group') {
    const group = await pickGroup(connections, cluster);
    return group && { cluster, kind: 'group', name: group.group };
  }
  return { cluster, kind: 'broker', name: picked.target.slice('broker '.length) };
}
