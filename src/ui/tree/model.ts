import { clusterChildren, clusterNode } from './clusterNodes.ts';
import type { ClusterView, SeenCluster } from './clusterView.ts';
import { groupChildren, groupsChildren } from './groupNodes.ts';
import { memberKey, memberPartitions, unassignedPartitions } from './memberNodes.ts';
import type { NodeRef, TreeNode } from './node.ts';
import type { ViewOptions } from './options.ts';
import { partitionNodes } from './partitionNodes.ts';
import { readersChildren, topicChildren, topicsChildren } from './topicNodes.ts';

/** The rows of the first level. */
export function rootNodes(views: readonly ClusterView[]): TreeNode[] {
  return views.map(clusterNode);
}

/** The rows below one, made anew of the newest facts; none where what it stands for is gone. */
export function childrenOf(ref: NodeRef, view: ClusterView, options: ViewOptions): TreeNode[] {
  const { watch, entry, topicOffsets } = view;
  if (watch === undefined) return [];
  if (ref.kind === 'cluster') return clusterChildren(entry.name, watch, options);
  if (watch.snapshot === undefined) return [];
  const nodes = below(ref, { name: entry.name, watch, snapshot: watch.snapshot, topicOffsets }, options);
  const isReadOnly = entry.kind === 'profile' && entry.profile.readOnly === true;
  return isReadOnly ? nodes : nodes.map((node) => (changeable.has(node.ref.kind) ? writable(node) : node));
}

/** What commands may change where the cluster's settings do not forbid it. */
const changeable: ReadonlySet<NodeRef['kind']> = new Set([
  'group',
  'reader',
  'member',
  'partition',
  'topics',
  'topic',
  'topicPartition',
]);

function writable(node: TreeNode): TreeNode {
  return { ...node, words: [...node.words, 'writable'] };
}

function below(ref: Exclude<NodeRef, { kind: 'cluster' }>, cluster: SeenCluster, options: ViewOptions): TreeNode[] {
  switch (ref.kind) {
    case 'groups':
      return groupsChildren(cluster, options);
    case 'group': {
      const group = cluster.snapshot.groups.get(ref.group);
      return group === undefined ? [] : groupChildren(cluster, group, options.sort);
    }
    case 'member': {
      const group = cluster.snapshot.groups.get(ref.group);
      const member = group?.members.find(({ id }) => id === ref.member);
      if (group === undefined || member === undefined) return [];
      const parent = `member ${memberKey(group, member)}`;
      return partitionNodes(cluster, group, parent, memberPartitions(cluster, group, member), options.sort);
    }
    case 'unassigned': {
      const group = cluster.snapshot.groups.get(ref.group);
      if (group === undefined) return [];
      return partitionNodes(cluster, group, 'unassigned', unassignedPartitions(cluster, group), options.sort);
    }
    case 'topics':
      return topicsChildren(cluster, options);
    case 'topic': {
      const topic = cluster.snapshot.topics.get(ref.topic);
      return topic === undefined ? [] : topicChildren(cluster, topic);
    }
    case 'readers':
      return readersChildren(cluster, ref.topic);
    case 'partition':
    case 'topicPartition':
    case 'reader':
    case 'invalid':
    case 'failure':
    case 'note':
      return [];
  }
}
