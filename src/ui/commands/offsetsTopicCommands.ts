import type * as vscode from 'vscode';
import { HumanError } from '../../shared/errors.ts';
import { t } from '../../shared/l10n.ts';
import type { Connections } from '../connections/connections.ts';
import { commands } from '../contributions.ts';
import type { Log } from '../log.ts';
import type { StartSpec, TailTarget } from '../panels/tail/protocol.ts';
import { pickCluster } from './pickTopic.ts';
import { registerCommands } from './registerCommands.ts';
import { groupOf } from './targets.ts';

export interface OffsetsTopicCommandsOptions {
  readonly connections: Connections;
  readonly openTail: (target: TailTarget) => Promise<void>;
  readonly log: Log;
}

const topic = '__consumer_offsets';
/** Of all partitions, a little of each; of a group's one, enough to find the group in it. */
const ofAll = { at: 'last', count: 100, of: 'partition' } as const satisfies StartSpec;
const ofGroup = { at: 'last', count: 20_000, of: 'partition' } as const satisfies StartSpec;

/** "Open __consumer_offsets": of a cluster, or of a group, whose partition of it alone is then read. */
export function registerOffsetsTopicCommands(options: OffsetsTopicCommandsOptions): vscode.Disposable {
  const { connections, openTail, log } = options;
  return registerCommands(
    {
      [commands.openOffsetsTopic]: async (clicked) => {
        const known = groupOf(clicked);
        const cluster = known?.cluster ?? (await pickCluster(connections, clicked));
        if (cluster === undefined) return;
        if (known === undefined) {
          await openTail({ cluster, topic, start: ofAll });
          return;
        }
        const partition = await partitionOfGroup(connections, cluster, known.group);
        const filter = `$.group == ${JSON.stringify(known.group)}`;
        await openTail({ cluster, topic, partitions: [partition], start: ofGroup, filter });
      },
    },
    log,
  );
}

/** @throws {HumanError} the cluster is not connected, or does not tell. */
async function partitionOfGroup(connections: Connections, cluster: string, group: string): Promise<number> {
  const kafka = await connections.cluster(cluster)?.kafka();
  if (kafka === undefined) {
    throw new HumanError(t('Cluster {0} is not connected.', cluster), t('Connect it in the tree.'));
  }
  const { partitionOf } = await import('../../offsetsTopic/commitsReader.ts');
  const found = await partitionOf(kafka, group);
  if ('failure' in found) throw new HumanError(found.failure.message);
  return found.value;
}
