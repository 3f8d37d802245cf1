import { partitionOf } from '../../groups/lag.ts';
import type { Group, LogOffsets, Topic, PartitionMetadata } from '../../groups/snapshot.ts';
import { formatCount } from '../../shared/format.ts';
import { t } from '../../shared/l10n.ts';
import { groupCard, topicCard, topicPartitionCard } from './cards.ts';
import type { SeenCluster } from './clusterView.ts';
import { idOf, type NodeIcon, type TreeNode } from './node.ts';
import { matcherOf, type ViewOptions } from './options.ts';
import { failureNode, note } from './plainNodes.ts';
import { compareNames, readersOf, summaryOf, totalLag } from './summary.ts';
import { facts, healthIcon, icons, labelOf, lagWords, plural } from './words.ts';

/** The topics that the filter leaves, by name: a topic has no lag of its own. */
export function shownTopics({ snapshot }: SeenCluster, options: ViewOptions): Topic[] {
  const matches = matcherOf(options.filter);
  return [...snapshot.topics.values()]
    .filter((topic) => (options.showInternalTopics || !topic.internal) && matches(topic.name))
    .sort((a, b) => compareNames(a.name, b.name));
}

export function topicsChildren(cluster: SeenCluster, options: ViewOptions): TreeNode[] {
  const shown = shownTopics(cluster, options);
  if (shown.length > 0) return shown.map((topic) => topicNode(cluster, topic));
  const text = options.filter === '' ? t('No topics that this connection may see') : t('The filter hides all topics');
  return [note(cluster.name, 'topics', text)];
}

function topicNode(cluster: SeenCluster, topic: Topic): TreeNode {
  const readers = readersOf(cluster.snapshot).get(topic.name)?.length ?? 0;
  const leaderless = topic.partitions.filter(({ leader }) => leader < 0).length;
  const behind = topic.partitions.filter(({ replicas, inSync }) => inSync.length < replicas.length).length;
  return {
    ref: { kind: 'topic', cluster: cluster.name, topic: topic.name },
    id: idOf('topic', cluster.name, topic.name),
    label: labelOf(topic.name),
    description: facts(
      topic.failure === undefined ? undefined : topic.failure.kind === 'denied' ? t('access denied') : t('not known'),
      leaderless === 0 ? undefined : t('{0} without a leader', leaderless),
      behind === 0 ? undefined : t('{0} not fully replicated', behind),
      topic.failure === undefined ? plural(topic.partitions.length, '{0} partition', '{0} partitions') : undefined,
      readers === 0 ? undefined : plural(readers, '{0} group', '{0} groups'),
      topic.internal ? t('internal') : undefined,
    ),
    icon: topicIcon(topic, leaderless, behind),
    words: ['named', 'json', 'batches', 'produce', 'tail', 'tailFirst', 'reset', 'configs', 'topic', 'deleteRecords'],
    children: 'collapsed',
    tooltip: () => topicCard(cluster, topic),
  };
}

function topicIcon(topic: Topic, leaderless: number, behind: number): NodeIcon {
  if (topic.failure !== undefined) return topic.failure.kind === 'denied' ? icons.denied : icons.warning;
  if (leaderless > 0) return icons.error;
  return behind > 0 ? icons.warning : { id: 'list-flat' };
}

export function topicChildren(cluster: SeenCluster, topic: Topic): TreeNode[] {
  const nodes: TreeNode[] = [];
  if (topic.failure !== undefined) nodes.push(failureNode(cluster.name, `topic ${topic.name}`, topic.failure.message));
  const loaded = cluster.topicOffsets(topic.name);
  if (loaded?.kind === 'failed') {
    nodes.push(failureNode(cluster.name, `offsets ${topic.name}`, loaded.message));
  }
  nodes.push(readersNode(cluster, topic));
  nodes.push(...topic.partitions.map((info) => topicPartitionNode(cluster, topic, info)));
  return nodes;
}

/** What the snapshot or, where no group reads the partition, the loader knows. */
export function offsetsOf(cluster: SeenCluster, topic: string, partition: number): LogOffsets | undefined {
  const seen = cluster.snapshot.offsets.get(topic)?.get(partition);
  if (seen !== undefined) return seen;
  const loaded = cluster.topicOffsets(topic);
  return loaded?.kind === 'ok' ? loaded.offsets.get(partition) : undefined;
}

function topicPartitionNode(cluster: SeenCluster, topic: Topic, info: PartitionMetadata): TreeNode {
  const missing = info.replicas.length - info.inSync.length;
  return {
    ref: { kind: 'topicPartition', cluster: cluster.name, topic: topic.name, partition: info.partition },
    id: idOf('topicPartition', cluster.name, topic.name, info.partition),
    label: t('Partition {0}', info.partition),
    description: facts(
      info.leader < 0 ? t('no leader') : undefined,
      missing > 0 ? t('{0} of {1} in sync', info.inSync.length, info.replicas.length) : undefined,
      rangeWords(cluster, topic.name, info),
      info.leader < 0 ? undefined : t('leader {0}', info.leader),
    ),
    icon: info.leader < 0 ? icons.error : missing > 0 ? icons.warning : { id: 'database' },
    words: ['named', 'json', 'batches', 'produce', 'tail', 'tailFirst', 'deleteRecords'],
    children: 'none',
    tooltip: () => topicPartitionCard(cluster, topic.name, info, offsetsOf(cluster, topic.name, info.partition)),
  };
}

function rangeWords(cluster: SeenCluster, topic: string, { partition, leader }: PartitionMetadata): string | undefined {
  const offsets = offsetsOf(cluster, topic, partition);
  if (offsets === undefined) {
    return leader >= 0 && cluster.topicOffsets(topic)?.kind === 'loading' ? t('reading offsets') : undefined;
  }
  const { start, end } = offsets;
  if ('failure' in end) return end.failure.kind === 'denied' ? t('access denied') : t('offsets unknown');
  return 'failure' in start
    ? t('end at {0}', formatCount(end.value))
    : t('offsets {0} to {1}', formatCount(start.value), formatCount(end.value));
}

function readersNode(cluster: SeenCluster, topic: Topic): TreeNode {
  const count = readersOf(cluster.snapshot).get(topic.name)?.length ?? 0;
  return {
    ref: { kind: 'readers', cluster: cluster.name, topic: topic.name },
    id: idOf('readers', cluster.name, topic.name),
    label: t('Read by'),
    description: count === 0 ? t('no group') : plural(count, '{0} group', '{0} groups'),
    icon: { id: 'organization' },
    words: [],
    children: count === 0 ? 'none' : 'collapsed',
    tooltip: () => t('Groups with a commit or a member on this topic.'),
  };
}

export function readersChildren(cluster: SeenCluster, topic: string): TreeNode[] {
  const groups = readersOf(cluster.snapshot).get(topic) ?? [];
  return groups.map((group) => readerNode(cluster, topic, group));
}

function readerNode(cluster: SeenCluster, topic: string, group: Group): TreeNode {
  const status = cluster.watch.status(group.id);
  const { partitions, lag } = summaryOf(group, cluster.snapshot);
  const own = partitions.filter(({ at }) => at.topic === topic);
  return {
    ref: { kind: 'reader', cluster: cluster.name, topic, group: group.id },
    id: idOf('reader', cluster.name, topic, group.id),
    label: labelOf(group.id),
    description: facts(lagWords(totalLag(own)) ?? t('no commit yet'), group.state),
    icon: healthIcon(status?.health ?? 'unknown', status?.attention ?? false),
    words: ['group', 'named', 'json', 'lag', 'configs'],
    children: 'none',
    tooltip: () => groupCard(cluster, group, status, lag),
  };
}

/** undefined where the topic or the partition is gone. */
export function topicPartitionOf(
  cluster: SeenCluster,
  topic: string,
  partition: number,
): PartitionMetadata | undefined {
  const found = cluster.snapshot.topics.get(topic);
  return found && partitionOf(found, partition);
}
