import type { Group, GroupPartition } from '../../groups/snapshot.ts';
import { bounds, isHeld, stuckFor } from '../../groups/status.ts';
import { formatCount, formatDuration, formatShort } from '../../shared/format.ts';
import type { Trend } from '../../groups/trend.ts';
import { t } from '../../shared/l10n.ts';
import { partitionCard } from './cards.ts';
import type { SeenCluster } from './clusterView.ts';
import { idOf, type NodeIcon, type TreeNode } from './node.ts';
import type { SortKey } from './options.ts';
import { compareLags, compareNames, compareRoughly, type PartitionSummary } from './summary.ts';
import { facts, icons, labelOf, lagWords } from './words.ts';

/** The rows of partitions below a member, or below Unassigned. */
export function partitionNodes(
  cluster: SeenCluster,
  group: Group,
  parent: string,
  partitions: readonly PartitionSummary[],
  sort: SortKey,
): TreeNode[] {
  const trend = cluster.watch.history.trend(group.id);
  const byName = (a: PartitionSummary, b: PartitionSummary): number =>
    compareNames(a.at.topic, b.at.topic) || a.at.partition - b.at.partition;
  const troubled = (one: PartitionSummary): number => (one.lag.state === 'ok' ? 1 : 0);
  const sorted = [...partitions].sort((a, b) => {
    if (sort === 'name') return byName(a, b);
    const compare = sort === 'lag' ? compareLags : compareRoughly;
    return troubled(a) - troubled(b) || compare(a.lag.lag, b.lag.lag) || byName(a, b);
  });
  return sorted.map((summary) => {
    const { at } = summary;
    const { icon, description, isStuck } = partitionFacts(summary, trend);
    return {
      ref: { kind: 'partition', cluster: cluster.name, group: group.id, topic: at.topic, partition: at.partition },
      id: idOf('partition', cluster.name, group.id, parent, at.topic, at.partition),
      label: labelOf(`${at.topic}-${at.partition}`),
      description,
      icon,
      words: ['named', 'json', 'lag', 'tail', 'batches', 'explain', 'reset', ...(isStuck ? (['stuck'] as const) : [])],
      children: 'none',
      tooltip: () => partitionCard(group, summary, trend(at)),
    };
  });
}

/** How a partition of a group fares, at a glance. */
export function partitionFacts(
  summary: PartitionSummary,
  trend: Trend,
): { readonly icon: NodeIcon; readonly description: string; readonly isStuck?: boolean } {
  const { at, lag, offsets } = summary;
  const position = positionWords(at, offsets && 'value' in offsets.end ? offsets.end.value : undefined);
  switch (lag.state) {
    case 'ok': {
      const held = isHeld(lag, trend(at));
      const still = stuckFor(lag, trend(at));
      const rewound = trend(at)?.rewound ?? 0n;
      const late = held || still !== undefined || rewound > 0n || lag.lag! >= bounds.noteworthyLag;
      return {
        icon: late ? icons.warning : icons.good,
        isStuck: held || still !== undefined,
        description: facts(
          lagWords(lag.lag),
          held ? t('held by an open transaction') : undefined,
          still === undefined ? undefined : t('no commit for {0}', formatDuration(still)),
          rewound === 0n ? undefined : t('went back by {0}', formatShort(rewound)),
          position,
        ),
      };
    }
    case 'no-commit':
      return { icon: { id: 'circle-outline' }, description: facts(t('no commit yet'), position) };
    case 'below-start':
      return {
        icon: icons.error,
        description: facts(t('{0} lost to retention', formatShort(lag.lost ?? 0n)), lagWords(lag.lag), position),
      };
    case 'beyond-end':
      return { icon: icons.error, description: facts(t('commit beyond the end'), position) };
    case 'topic-deleted':
      return { icon: { id: 'trash', color: icons.warning.color }, description: facts(t('topic deleted'), position) };
    case 'no-leader':
      return { icon: icons.error, description: facts(t('no leader'), position) };
    case 'denied':
      return { icon: icons.denied, description: facts(t('access denied'), position) };
    case 'unknown':
      return { icon: icons.unknown, description: facts(t('lag unknown'), position) };
  }
}

function positionWords(at: GroupPartition, end: bigint | undefined): string | undefined {
  const committed = 'value' in at.commit ? at.commit.value?.offset : undefined;
  if (committed === undefined) return end === undefined ? undefined : t('end at {0}', formatCount(end));
  return end === undefined
    ? t('at {0}', formatCount(committed))
    : t('at {0} of {1}', formatCount(committed), formatCount(end));
}
