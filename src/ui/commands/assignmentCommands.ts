import type * as vscode from 'vscode';
import type { Connections } from '../connections/connections.ts';
import { commands } from '../contributions.ts';
import type { Log } from '../log.ts';
import type { AssignmentsTarget } from '../panels/assignments/index.ts';
import { partitionKey } from '../panels/protocol.ts';
import { registerCommands } from './registerCommands.ts';
import { clusterOf, groupOf } from './targets.ts';
import { pickGroup } from './viewCommands.ts';

export interface AssignmentCommandsOptions {
  readonly connections: Connections;
  readonly openAssignments: (target: AssignmentsTarget) => void;
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
        openAssignments({ cluster, group, key, line: lineOf(clicked) });
      },
    },
    log,
  );
}

/** The line of a log that a link stands on. */
function lineOf(clicked: unknown): AssignmentsTarget['line'] {
  const { line } = (clicked ?? {}) as { readonly line?: { readonly file?: unknown; readonly line?: unknown } };
  if (typeof line?.file !== 'string' || typeof line.line !== 'number') return undefined;
  return { file: line.file, line: line.line };
}
