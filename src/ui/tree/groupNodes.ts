import type { Group, Snapshot } from '../../groups/snapshot.ts';
import type { Status } from '../../groups/status.ts';
import { memberColors } from '../../shared/colors.ts';
import { commands } from '../contributions.ts';
import { t } from '../../shared/l10n.ts';
import { groupCard } from './cards.ts';
import type { SeenCluster } from './clusterView.ts';
import { memberNode, memberPartitions, nameOf, unassignedNode, unassignedPartitions } from './memberNodes.ts';
import { idOf, type TreeNode } from './node.ts';
import { matcherOf, type SortKey, type ViewOptions } from './options.ts';
import { failureNode, note } from './plainNodes.ts';
import { compareLags, compareNames, compareRoughly, summaryOf, totalLag } from './summary.ts';
import { facts, healthIcon, healthWord, labelOf, lagWords, plural } from './words.ts';

export interface ShownGroup {
  readonly group: Group;
  readonly status: Status | undefined;
}

const lastShown = new WeakMap<Snapshot, { readonly options: ViewOptions; readonly shown: readonly ShownGroup[] }>();

/** The groups that the filter leaves, sorted; computed once for a snapshot and options. */
export function shownGroups(cluster: SeenCluster, options: ViewOptions): readonly ShownGroup[] {
  const known = lastShown.get(cluster.snapshot);
  if (known?.options === options) return known.shown;
  const shown = filterAndSort(cluster, options);
  lastShown.set(cluster.snapshot, { options, shown });
  return shown;
}

function filterAndSort(cluster: SeenCluster, options: ViewOptions): ShownGroup[] {
  const matches = matcherOf(options.filter);
  const shown: ShownGroup[] = [];
  for (const group of cluster.snapshot.groups.values()) {
    if (options.hideEmptyGroups && (group.state === 'Empty' || group.state === 'Dead')) continue;
    if (!matches(group.id, ...(options.filter === '' ? [] : group.members.map(({ clientId }) => clientId)))) continue;
    shown.push({ group, status: cluster.watch.status(group.id) });
  }
  const byName = (a: ShownGroup, b: ShownGroup): number => compareNames(a.group.id, b.group.id);
  switch (options.sort) {
    case 'name':
      return shown.sort(byName);
    case 'lag':
      return shown.sort(
        (a, b) =>
          compareLags(summaryOf(a.group, cluster.snapshot).lag, summaryOf(b.group, cluster.snapshot).lag) ||
          byName(a, b),
      );
    case 'state':
      return shown.sort((a, b) => urgency(b) - urgency(a) || byName(a, b));
  }
}

function urgency({ status }: ShownGroup): number {
  if (status === undefined) return 0;
  const rank = { unknown: 5, behind: 4, dead: 3, rebalancing: 2, empty: 1, healthy: 1 }[status.health];
  return status.attention ? 10 + rank : rank === 1 && status.health === 'empty' ? 0 : 1;
}

export function groupsChildren(cluster: SeenCluster, options: ViewOptions): TreeNode[] {
  const shown = shownGroups(cluster, options);
  if (shown.length > 0) return shown.map((one) => groupNode(cluster, one));
  if (cluster.snapshot.groups.size === 0) {
    return [note(cluster.name, 'groups', t('No groups: nothing has joined or committed here yet'))];
  }
  const hidden = plural(
    cluster.snapshot.groups.size,
    '{0} group is hidden by the filter',
    '{0} groups are hidden by the filter',
  );
  const command = { id: commands.clearFilter, title: t('Clear Filter') };
  return [note(cluster.name, 'groups', hidden, { id: 'filter' }, command)];
}

function groupNode(cluster: SeenCluster, { group, status }: ShownGroup): TreeNode {
  const { lag } = summaryOf(group, cluster.snapshot);
  const health = status?.health ?? 'unknown';
  const description = groupFacts(cluster, group, status);
  const label = labelOf(group.id);
  return {
    ref: { kind: 'group', cluster: cluster.name, group: group.id },
    id: idOf('group', cluster.name, group.id),
    label,
    description,
    icon: healthIcon(health, status?.attention ?? false),
    words: ['group', 'named', 'json', 'lag', 'reset', 'configs'],
    children: 'collapsed',
    tooltip: () => groupCard(cluster, group, status, lag),
    spoken: facts(label, healthWord(health), description),
  };
}

/** `lag 12.4k, 2 of 3 members, Stable`; what goes without saying is left out. */
export function groupFacts(cluster: SeenCluster, group: Group, status: Status | undefined): string {
  const { lag, working } = summaryOf(group, cluster.snapshot);
  const count = group.members.length;
  const members =
    count === 0
      ? undefined
      : working < count
        ? t('{0} of {1} members', working, count)
        : plural(count, '{0} member', '{0} members');
  const kind = group.type === 'share' ? t('share group') : group.type === 'streams' ? t('streams group') : undefined;
  const partly = group.failures.length > 0 ? t('partly known') : undefined;
  const reason = status?.reason;
  switch (status?.health) {
    case 'healthy':
      return facts(partly, reason, lagWords(lag), members, kind ?? (group.type === 'consumer' ? 'KIP-848' : undefined));
    case 'behind':
      return facts(partly, reason, lagWords(lag), members, kind ?? group.state);
    case 'empty':
      return facts(partly, group.state, reason, lagWords(lag), kind);
    case 'rebalancing':
    case 'dead':
    case 'unknown':
    case undefined:
      return facts(partly, group.state, lagWords(lag), kind ?? members);
  }
}

export function groupChildren(cluster: SeenCluster, group: Group, sort: SortKey): TreeNode[] {
  const nodes = group.failures.map((failure, index) =>
    failureNode(cluster.name, `group ${group.id} ${index}`, failure.message),
  );
  const colors = memberColors(group.members.map(({ id }) => id));
  const rows = group.members.map((member) => ({ member, partitions: memberPartitions(cluster, group, member) }));
  rows.sort((a, b) => {
    const compare = sort === 'lag' ? compareLags : compareRoughly;
    const byLag = sort === 'name' ? 0 : compare(totalLag(a.partitions), totalLag(b.partitions));
    return byLag || compareNames(nameOf(a.member), nameOf(b.member)) || compareNames(a.member.id, b.member.id);
  });
  const names = new Map<string, number>();
  for (const { member } of rows) names.set(nameOf(member), (names.get(nameOf(member)) ?? 0) + 1);
  nodes.push(
    ...rows.map(({ member, partitions }) =>
      memberNode(cluster, group, member, partitions, colors.get(member.id), names.get(nameOf(member))! > 1),
    ),
  );
  const unassigned = unassignedPartitions(cluster, group);
  if (unassigned.length > 0) nodes.push(unassignedNode(cluster, group, unassigned));
  if (nodes.length > 0) return nodes;
  return [note(cluster.name, `group ${group.id}`, t('Neither members nor commits'))];
}
