import type { Cluster } from '../../kafka/cluster.ts';
import { refuseReadOnly } from './confirm.ts';
import { pickCluster, pickTopic, topicOf, type TopicTarget } from '../commands/pickTopic.ts';
import { refsOf } from '../commands/targets.ts';
import type { Connections } from '../connections/connections.ts';
import { notConnected } from '../connections/notConnected.ts';
import type { ChangeRequest } from '../panels/change/protocol.ts';
import { askOffsets, askPartitionCount } from '../panels/configs/topicSteps.ts';

export interface TopicCommandsOptions {
  readonly connections: Connections;
  readonly open: (request: ChangeRequest) => void;
}

/** Those that are selected in the tree, or the one that was clicked or chosen: all of a cluster on one page. */
export async function deleteTopics(
  { connections, open }: TopicCommandsOptions,
  clicked: unknown,
  selected: unknown,
): Promise<void> {
  const chosen = topicsOf(clicked, selected);
  const asked = chosen.length > 0 ? undefined : await pickOne(connections, clicked);
  const targets = asked === undefined ? chosen : [asked];
  for (const [cluster, same] of Map.groupBy(targets, (target) => target.cluster)) {
    refuseReadOnly(connections, cluster);
    open({ kind: 'delete-topics', cluster, topics: [...new Set(same.map(({ topic }) => topic))] });
  }
}

export async function addPartitions({ connections, open }: TopicCommandsOptions, clicked: unknown): Promise<void> {
  const target = await pickOne(connections, clicked);
  if (target === undefined) return;
  const { cluster, topic } = target;
  const to = await askPartitionCount(topic, (await partitionsOf(connections, target)).length);
  if (to !== undefined) open({ kind: 'add-partitions', cluster, topic, to });
}

export async function deleteRecords({ connections, open }: TopicCommandsOptions, clicked: unknown): Promise<void> {
  const target = await pickOne(connections, clicked);
  if (target === undefined) return;
  const { cluster, topic } = target;
  const offsets = await askOffsets(target, await partitionsOf(connections, target));
  if (offsets === undefined) return;
  const before = [...offsets].map(([partition, offset]) =>
    offset === 'end' ? { partition } : { partition, offset: String(offset) },
  );
  open({ kind: 'delete-records', cluster, topic, before });
}

async function pickOne(connections: Connections, clicked: unknown): Promise<TopicTarget | undefined> {
  const known = topicOf(clicked);
  const cluster = known?.cluster ?? (await pickCluster(connections, clicked));
  if (cluster === undefined) return undefined;
  refuseReadOnly(connections, cluster);
  if (known !== undefined) return known;
  const topic = await pickTopic(connections, cluster);
  return topic === undefined ? undefined : { cluster, topic };
}

/** The topics among the rows that are selected, or the one that was clicked. */
function topicsOf(clicked: unknown, selected: unknown): TopicTarget[] {
  const refs = refsOf(clicked, selected);
  if (refs.length > 0) {
    return refs.flatMap((ref) => (ref.kind === 'topic' ? [{ cluster: ref.cluster, topic: ref.topic }] : []));
  }
  const named = topicOf(clicked);
  return named === undefined ? [] : [named];
}

async function partitionsOf(connections: Connections, { cluster, topic }: TopicTarget): Promise<number[]> {
  const open = connections.cluster(cluster);
  if (open === undefined) throw notConnected(cluster);
  const kafka: Cluster = await open.kafka();
  const { topicNow } = await import('../../changes/topicsPlan.ts');
  return (await topicNow(kafka, topic)).partitions.map(({ partition }) => partition);
}
