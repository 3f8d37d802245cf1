import type * as vscode from 'vscode';
import type { Connections } from '../connections/connections.ts';
import type { Log } from '../log.ts';
import { ChosenFormats } from './chosenFormats.ts';
import { Decoders } from './decoders.ts';
import { registerRegistryCommand } from './setRegistry.ts';

/** What pages need to show keys and values. */
export interface Formats {
  readonly decoders: Decoders;
  readonly chosen: ChosenFormats;
}

export function registerFormats(context: vscode.ExtensionContext, connections: Connections, log: Log): Formats {
  const decoders = new Decoders({
    registryOf: (cluster) => connections.entry(cluster)?.profile.schemaRegistry,
    secrets: context.secrets,
  });
  const chosen = new ChosenFormats(context.workspaceState);
  context.subscriptions.push(
    decoders,
    chosen,
    connections.onDidChangeClusters(() => decoders.reload()),
    registerRegistryCommand({ connections, decoders, secrets: context.secrets, log }),
  );
  return { decoders, chosen };
}
