import type { Snapshot } from '../../groups/snapshot.ts';
import { formatShort } from '../../shared/format.ts';
import { commands } from '../contributions.ts';
import { t } from '../../shared/l10n.ts';
import { clusterCard, invalidCard } from './cards.ts';
import type { ClusterView, SeenCluster, WatchView } from './clusterView.ts';
import { shownGroups } from './groupNodes.ts';
import { idOf, type NodeIcon, type TreeNode } from './node.ts';
import type { ViewOptions } from './options.ts';
import { failureNode, note } from './plainNodes.ts';
import { shownTopics } from './topicNodes.ts';
import { clock, facts, icons, labelOf, plural } from './words.ts';

/** A row for a cluster, or for an entry of the settings that is none. */
export function clusterNode(view: ClusterView): TreeNode {
  const { entry, watch } = view;
  const scope = entry.scope === 'workspace' ? t('workspace') : undefined;
  if (entry.kind === 'invalid') {
    return {
      ref: { kind: 'invalid', scope: entry.scope, index: entry.index, name: entry.name },
      id: idOf('invalid', entry.scope, entry.index),
      label: labelOf(entry.name),
      description: facts(t('invalid in the settings: {0}', entry.problem), scope),
      icon: icons.error,
      words: ['invalid'],
      children: 'none',
      tooltip: () => invalidCard(entry),
      command: { id: commands.openSettings, title: t('Open Settings') },
    };
  }
  const { profile } = entry;
  const { icon, text } = stateOf(watch);
  // The colour that somebody chose tells clusters apart; what is wrong keeps its own.
  const colored = profile.color !== undefined && icon.color !== icons.error.color && icon.color !== icons.warning.color;
  return {
    ref: { kind: 'cluster', cluster: entry.name },
    // Another row when it is connected: VS Code leaves one that had nothing below it closed, and a closed one is not polled.
    id: watch === undefined ? idOf('cluster', entry.name, 'disconnected') : idOf('cluster', entry.name),
    label: labelOf(entry.name),
    description: facts(profile.production ? t('production') : undefined, ...text, scope),
    icon: colored ? { id: icon.id, color: `charts.${profile.color}` } : icon,
    words: [
      'cluster',
      'named',
      watch === undefined ? 'disconnected' : 'connected',
      ...(watch ? (['json', 'configs'] as const) : []),
    ],
    children: watch === undefined ? 'none' : 'expanded',
    tooltip: () => clusterCard(view),
  };
}

function stateOf(watch: WatchView | undefined): { icon: NodeIcon; text: readonly (string | undefined)[] } {
  if (watch === undefined) return { icon: { id: 'debug-disconnect' }, text: [t('not connected')] };
  const { state, snapshot } = watch;
  if (state.kind === 'failing') {
    return snapshot === undefined
      ? { icon: icons.error, text: [t('not reachable')] }
      : { icon: icons.warning, text: [t('not reachable'), t('as of {0}', clock(snapshot.takenAt))] };
  }
  if (snapshot === undefined) {
    return state.kind === 'connecting'
      ? { icon: icons.loading, text: [t('connecting')] }
      : { icon: { id: 'plug' }, text: [t('connected')] };
  }
  const partial = snapshot.failures.length > 0;
  return {
    icon: partial ? icons.warning : { id: 'pulse', color: 'charts.green' },
    text: [
      partial ? t('partly known') : undefined,
      plural(snapshot.brokers.length, '{0} broker', '{0} brokers'),
      snapshot.kafkaVersion === undefined ? undefined : `Kafka ${snapshot.kafkaVersion}`,
    ],
  };
}

/** What is below a connected cluster: what failed, then what is known. */
export function clusterChildren(name: string, watch: WatchView, options: ViewOptions): TreeNode[] {
  const { state, snapshot } = watch;
  const nodes: TreeNode[] = [];
  if (state.kind === 'failing') nodes.push(failingNode(name, state, snapshot));
  if (snapshot === undefined) {
    if (state.kind !== 'failing') nodes.push(note(name, 'loading', t('Asking the cluster'), icons.loading));
    return nodes;
  }
  nodes.push(...snapshot.failures.map((failure, index) => failureNode(name, `snapshot ${index}`, failure.message)));
  const cluster: SeenCluster = { name, watch, snapshot, topicOffsets: () => undefined };
  nodes.push(groupsNode(cluster, options), topicsNode(cluster, options));
  return nodes;
}

function groupsNode(cluster: SeenCluster, options: ViewOptions): TreeNode {
  const shown = shownGroups(cluster, options);
  const all = cluster.snapshot.groups.size;
  const attention = shown.filter(({ status }) => status?.attention).length;
  return {
    ref: { kind: 'groups', cluster: cluster.name },
    id: idOf('groups', cluster.name),
    label: t('Consumer groups'),
    description: facts(
      countOf(shown.length, all),
      attention === 0 ? undefined : plural(attention, '{0} needs attention', '{0} need attention'),
    ),
    icon: { id: 'organization' },
    words: [],
    children: 'expanded',
    tooltip: () => t('Groups of all kinds that the brokers know: consumer, share and streams groups.'),
  };
}

function topicsNode(cluster: SeenCluster, options: ViewOptions): TreeNode {
  const shown = shownTopics(cluster, options);
  const all = [...cluster.snapshot.topics.values()].filter(({ internal }) => options.showInternalTopics || !internal);
  return {
    ref: { kind: 'topics', cluster: cluster.name },
    id: idOf('topics', cluster.name),
    label: t('Topics'),
    description: countOf(shown.length, all.length),
    icon: { id: 'list-tree' },
    words: ['topicList'],
    children: 'collapsed',
    tooltip: () => t('Topics that may be seen with this connection.'),
  };
}

function countOf(shown: number, all: number): string {
  return shown === all ? formatShort(all) : t('{0} of {1}', formatShort(shown), formatShort(all));
}

function failingNode(
  cluster: string,
  state: { readonly message: string; readonly nextAt: number | undefined },
  snapshot: Snapshot | undefined,
): TreeNode {
  const next = state.nextAt === undefined ? undefined : t('next try {0}', clock(state.nextAt));
  const old = snapshot === undefined ? undefined : t('figures as of {0}', clock(snapshot.takenAt));
  return { ...failureNode(cluster, 'poll', state.message), description: facts(next, old), icon: icons.error };
}
