import type * as vscode from 'vscode';
import type { Connections } from '../connections/connections.ts';
import { commands } from '../contributions.ts';
import type { Log } from '../log.ts';
import { partitionKey, type PartitionKey } from '../panels/protocol.ts';
import { registerCommands } from './registerCommands.ts';
import { clusterOf, groupOf } from './targets.ts';
import { pickGroup } from './viewCommands.ts';

export interface AssignmentCommandsOptions {
  readonly connections: Connections;
  readonly openAssignments: (target: { cluster: string; group: string; key?: PartitionKey | undefined }) => void;
  readonly log: Log;
}

/** "Open Assignment History", from a row that knows the group, or by asking for it. */
export function registerAssignmentCommands({
  connections,
  openAssignments,
  log,
}: AssignmentCommandsOptions): vscode.Disposable {
  return registerCommands(
    {
      [commands.openAssignments]: async (clicked) => {
        const known: ReturnType<typeof groupOf> =
          groupOf(clicked) ?? (await pickGroup(connections, clusterOf(clicked)));
        if (known === undefined) return;
        const { cluster, group, topic, partition } = known;
        const key = topic === undefined || partition === undefined ? undefined : partitionKey({ topic, partition });
        openAssignments({ cluster, group, key });
      },
    },
    log,
  );
}
