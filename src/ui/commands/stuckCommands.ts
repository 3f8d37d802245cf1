import * as vscode from 'vscode';
import { isHeld, stuckFor } from '../../groups/status.ts';
import { t } from '../../shared/l10n.ts';
import { askOne } from '../ask.ts';
import type { ClusterWatch } from '../../watch/clusterWatch.ts';
import type { Connections } from '../connections/connections.ts';
import { commands } from '../contributions.ts';
import type { Log } from '../log.ts';
import { partitionFacts } from '../tree/partitionNodes.ts';
import { summaryOf } from '../tree/summary.ts';
import { registerCommands } from './registerCommands.ts';
import { clusterOf, groupOf } from './targets.ts';
import { pickGroup } from './viewCommands.ts';

/** A partition of a group, as commands and pages name it. */
export interface PartitionTarget {
  readonly cluster: string;
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
}

export interface StuckCommandsOptions {
  readonly connections: Connections;
  readonly openStuck: (target: PartitionTarget) => void;
  readonly log: Log;
}

/** "What is it stuck on?", from a row that knows the partition, or by asking for it. */
export function registerStuckCommands({ connections, openStuck, log }: StuckCommandsOptions): vscode.Disposable {
  return registerCommands(
    {
      [commands.explainStuck]: async (clicked) => {
        const known: ReturnType<typeof groupOf> =
          groupOf(clicked) ?? (await pickGroup(connections, clusterOf(clicked)));
        if (known === undefined) return;
        const { cluster, group, topic, partition } = known;
        if (topic !== undefined && partition !== undefined) {
          openStuck({ cluster, group, topic, partition });
          return;
        }
        const picked = await pickPartition(connections, cluster, group, t('What is {0} stuck on?', group));
        if (picked !== undefined) openStuck({ cluster, group, ...picked });
      },
    },
    log,
  );
}

interface Choice extends vscode.QuickPickItem {
  readonly at: { readonly topic: string; readonly partition: number };
  /** The worst comes first. */
  readonly weight: number;
  readonly lag: bigint;
}

/** Asks for a partition of a group, the worst first. Undefined where the person gave up. */
export async function pickPartition(
  connections: Connections,
  cluster: string,
  group: string,
  title: string,
): Promise<{ readonly topic: string; readonly partition: number } | undefined> {
  const watch = connections.watchOf(cluster);
  if (watch !== undefined && watch.snapshot === undefined) await watch.refresh();
  const choices = watch === undefined ? [] : choicesOf(watch, group);
  if (choices.length === 0) {
    void vscode.window.showInformationMessage(t('{0} has neither commits nor partitions.', group));
    return undefined;
  }
  const [only, ...others] = choices;
  if (only !== undefined && others.length === 0) return only.at;
  const picked = await askOne(choices, {
    title,
    placeHolder: t('Partition, the worst first'),
    matchOnDescription: true,
  });
  return picked?.at;
}

function choicesOf({ snapshot, history }: ClusterWatch, group: string): Choice[] {
  const found = snapshot?.groups.get(group);
  if (found === undefined || snapshot === undefined) return [];
  const trend = history.trend(group);
  return summaryOf(found, snapshot)
    .partitions.map((summary): Choice => {
      const { at, lag } = summary;
      const { topic, partition } = at;
      const { description } = partitionFacts(summary, trend);
      const weight =
        stuckFor(lag, trend(at)) !== undefined ? 0 : isHeld(lag, trend(at)) ? 1 : lag.state === 'ok' ? 3 : 2;
      return { at: { topic, partition }, label: `${topic}-${partition}`, description, weight, lag: lag.lag ?? 0n };
    })
    .sort((a, b) => a.weight - b.weight || (a.lag === b.lag ? 0 : a.lag > b.lag ? -1 : 1));
}
