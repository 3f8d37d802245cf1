import * as vscode from 'vscode';
import { partitionKey } from '../protocol.ts';
import { registerCommands } from '../../commands/registerCommands.ts';
import { clusterOf, groupOf } from '../../commands/targets.ts';
import { pickGroup } from '../../commands/viewCommands.ts';
import type { Connections } from '../../connections/connections.ts';
import { commands, panels as panelTypes } from '../../contributions.ts';
import type { Log } from '../../log.ts';
import type { CommitsPanels } from './commitsPanels.ts';
import type { CommitsPageState } from './protocol.ts';

export interface CommitsPageServices {
  readonly connections: Connections;
  readonly log: Log;
}

/** Makes the commit log pages and their command known to VS Code; all end with the extension. */
export function registerCommits(context: vscode.ExtensionContext, { connections, log }: CommitsPageServices): void {
  let pages: Promise<CommitsPanels> | undefined;
  // Loaded when first needed: what reads the topic knows all its types.
  const load = (): Promise<CommitsPanels> =>
    (pages ??= import('./commitsPanels.ts').then(({ CommitsPanels: Panels }) => {
      const made = new Panels(context.extensionUri, {
        watchOf: (name) => connections.watchOf(name),
        onDidChangeClusters: connections.onDidChangeClusters,
        kafkaOf: (name) => connections.cluster(name)?.kafka(),
        log,
      });
      context.subscriptions.push(made);
      return made;
    }));
  const open = async (clicked: unknown): Promise<void> => {
    const known: ReturnType<typeof groupOf> = groupOf(clicked) ?? (await pickGroup(connections, clusterOf(clicked)));
    if (known === undefined) return;
    const { cluster, group, topic, partition } = known;
    const key = topic === undefined || partition === undefined ? undefined : partitionKey({ topic, partition });
    (await load()).open({ cluster, group, key });
  };
  context.subscriptions.push(
    registerCommands({ [commands.openCommitLog]: open }, log),
    vscode.window.registerWebviewPanelSerializer(panelTypes.commits, {
      deserializeWebviewPanel: async (panel, state: Partial<CommitsPageState> | undefined) =>
        (await load()).deserializeWebviewPanel(panel, state),
    }),
  );
}
