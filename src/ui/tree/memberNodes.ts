import type { Group, Member, TopicPartition } from '../../groups/snapshot.ts';
import { t } from '../../shared/l10n.ts';
import { memberCard, unassignedCard } from './cards.ts';
import type { SeenCluster } from './clusterView.ts';
import { idOf, type TreeNode } from './node.ts';
import { summaryOf, totalLag, type PartitionSummary } from './summary.ts';
import { facts, labelOf, lagWords, plural } from './words.ts';

/** What a member is called by the people who started it; several can have one client id. */
export function nameOf(member: Member): string {
  return member.instanceId ?? member.clientId;
}

/**
 * What a member's rows are known by from one look to the next. A consumer that joins anew gets another member id; its row is
 * to stay the same one, and open, where its instance id or its client id tells that it is the same.
 */
export function memberKey(group: Group, member: Member): string {
  if (member.instanceId !== undefined) return `instance ${member.instanceId}`;
  const alone = group.members.every(({ id, clientId }) => id === member.id || clientId !== member.clientId);
  return alone && member.clientId !== '' ? `client ${member.clientId}` : `id ${member.id}`;
}

/** `ambiguous`: another member of the group has the same name. */
export function memberNode(
  cluster: SeenCluster,
  group: Group,
  member: Member,
  partitions: readonly PartitionSummary[],
  color: string | undefined,
  ambiguous: boolean,
  key = memberKey(group, member),
): TreeNode {
  const label = labelOf(nameOf(member) === '' ? member.id : nameOf(member));
  const unknown = 'failure' in member.assignment;
  const moving = isMoving(member);
  const host = member.host.replace(/^\//, '');
  const description = facts(
    moving ? t('reconciling') : undefined,
    unknown ? t('assignment unknown') : undefined,
    lagWords(totalLag(partitions)),
    unknown
      ? undefined
      : partitions.length === 0
        ? t('idle')
        : plural(partitions.length, '{0} partition', '{0} partitions'),
    member.instanceId === undefined ? host : t('static on {0}', host),
  );
  return {
    ref: { kind: 'member', cluster: cluster.name, group: group.id, member: member.id },
    id: idOf('member', cluster.name, group.id, key),
    label: ambiguous ? `${label} …${labelOf(member.id.slice(-6))}` : label,
    description,
    icon: { id: 'person', ...(color === undefined ? {} : { color: `charts.${color}` }) },
    words: ['named', 'json', 'lag', 'tail', 'member'],
    // While a group rebalances nothing is known of what a member has; its row stays open for what comes.
    children: partitions.length === 0 && !unknown ? 'none' : 'collapsed',
    tooltip: () => memberCard(cluster, group, member, partitions),
    spoken: facts(t('member {0}', label), description),
  };
}

/** Whether it has yet to take or give up partitions (KIP-848). */
function isMoving({ assignment, target }: Member): boolean {
  if (target === undefined || 'failure' in assignment) return false;
  const keys = (partitions: readonly TopicPartition[]): string =>
    partitions
      .map(({ topic, partition }) => `${topic} ${partition}`)
      .sort()
      .join('\n');
  return keys(target) !== keys(assignment.value);
}

/** In share groups several members read one partition, so that the assignment counts, not the owner. */
export function memberPartitions(cluster: SeenCluster, group: Group, member: Member): PartitionSummary[] {
  const { partitions } = summaryOf(group, cluster.snapshot);
  if ('failure' in member.assignment) return partitions.filter(({ at }) => at.owner === member.id);
  const own = new Set(member.assignment.value.map(({ topic, partition }) => `${topic} ${partition}`));
  return partitions.filter(({ at }) => own.has(`${at.topic} ${at.partition}`));
}

export function unassignedPartitions(cluster: SeenCluster, group: Group): PartitionSummary[] {
  return summaryOf(group, cluster.snapshot).partitions.filter(({ at }) => at.owner === undefined);
}

/** Committed partitions that no member owns. */
export function unassignedNode(cluster: SeenCluster, group: Group, partitions: readonly PartitionSummary[]): TreeNode {
  return {
    ref: { kind: 'unassigned', cluster: cluster.name, group: group.id },
    id: idOf('unassigned', cluster.name, group.id),
    label: t('Unassigned'),
    description: facts(lagWords(totalLag(partitions)), plural(partitions.length, '{0} partition', '{0} partitions')),
    icon: { id: 'circle-slash' },
    words: ['json', 'lag'],
    children: 'collapsed',
    tooltip: () => unassignedCard(partitions),
  };
}
