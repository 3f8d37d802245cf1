import * as vscode from 'vscode';
import { formatCount } from '../../shared/format.ts';
import { t } from '../../shared/l10n.ts';
import { askOne } from '../ask.ts';
import type { Connections } from '../connections/connections.ts';
import { pickName } from './steps.ts';
import { clusterOf, refsOf } from './targets.ts';

export interface TopicTarget {
  readonly cluster: string;
  readonly topic: string;
  readonly partition?: number | undefined;
  readonly offset?: bigint | undefined;
}

/** The topic that a row belongs to, or that a caller names, with partition and offset where they are named. */
export function topicOf(clicked: unknown): TopicTarget | undefined {
  const from = (refsOf(clicked, undefined)[0] ?? clicked) as Record<string, unknown> | undefined | null;
  if (typeof from !== 'object' || from === null) return undefined;
  const { cluster, topic, partition, offset } = from;
  if (typeof cluster !== 'string' || typeof topic !== 'string') return undefined;
  return {
    cluster,
    topic,
    ...(Number.isSafeInteger(partition) ? { partition: partition as number } : {}),
    ...(/^\d{1,19}$/.test(String(offset)) ? { offset: BigInt(String(offset)) } : {}),
  };
}

/** A connected cluster: of the row, else the only one, else asked for. */
export async function pickCluster(connections: Connections, clicked: unknown): Promise<string | undefined> {
  const connected = connections.entries
    .map(({ name }) => name)
    .filter((name) => connections.watchOf(name) !== undefined);
  return clusterOf(clicked) ?? (await pickName(connected, t('Cluster'), t('No cluster is connected.')));
}

/** Asks for a topic of a cluster. Undefined where the person gave up. */
export async function pickTopic(connections: Connections, cluster: string): Promise<string | undefined> {
  const watch = connections.watchOf(cluster);
  if (watch === undefined) {
    void vscode.window.showInformationMessage(t('{0} is not connected.', cluster));
    return undefined;
  }
  if (watch.snapshot === undefined) await watch.refresh();
  const topics = [...(watch.snapshot?.topics.values() ?? [])];
  if (topics.length === 0) {
    void vscode.window.showInformationMessage(t('{0} has no topics that this connection may see.', cluster));
    return undefined;
  }
  const items = topics.map(({ name, partitions, internal }) => ({
    label: name,
    description: [t('{0} partitions', formatCount(partitions.length)), ...(internal ? [t('internal')] : [])].join(', '),
  }));
  return (await askOne(items, { placeHolder: t('Topic'), title: cluster }))?.label;
}

/** Asks for a partition of a topic; the only one is not asked for. Undefined where the person gave up. */
export async function pickPartition(
  connections: Connections,
  { cluster, topic }: { readonly cluster: string; readonly topic: string },
): Promise<number | undefined> {
  const partitions = connections.watchOf(cluster)?.snapshot?.topics.get(topic)?.partitions ?? [];
  if (partitions.length <= 1) return 0;
  const items = partitions.map(({ partition }) => ({ label: t('Partition {0}', partition), partition }));
  return (await askOne(items, { placeHolder: t('Partition'), title: topic }))?.partition;
}
