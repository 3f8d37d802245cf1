import { lagOf } from '../groups/lag.ts';
import type { GroupState, GroupType, Snapshot } from '../groups/snapshot.ts';
import { memberCount } from '../shared/counted.ts';
import { formatCount } from '../shared/format.ts';
import { t } from '../shared/l10n.ts';
import { visibleText } from '../shared/visibleText.ts';

/** A group that has a commit or a member on a topic. */
export interface TopicReader {
  readonly group: string;
  readonly type: GroupType;
  readonly state: GroupState;
  /** Members that own a partition of it, or are subscribed to it. */
  readonly members: number;
  /** Partitions of it that the group has committed. */
  readonly commits: number;
  /** Sum of the lags that are known; undefined where none is. */
  readonly lag: bigint | undefined;
}

/** The groups that read a topic, furthest behind first. */
export function readersOfTopic(snapshot: Snapshot, topic: string): TopicReader[] {
  const readers: TopicReader[] = [];
  for (const group of snapshot.groups.values()) {
    const own = group.partitions.filter((one) => one.topic === topic);
    const owners = new Set(own.map(({ owner }) => owner).filter((owner) => owner !== undefined));
    const members = group.members.filter(
      ({ id, subscription }) =>
        owners.has(id) || ('value' in subscription && subscription.value.topics.includes(topic)),
    ).length;
    if (own.length === 0 && members === 0) continue;
    const lags = own
      .map(({ partition, commit }) =>
        lagOf(commit, snapshot.offsets.get(topic)?.get(partition), snapshot.topics.get(topic), partition),
      )
      .flatMap(({ lag }) => (lag !== undefined && lag > 0n ? [lag] : []));
    readers.push({
      group: group.id,
      type: group.type,
      state: group.state,
      members,
      commits: own.filter(({ commit }) => 'value' in commit && commit.value !== undefined).length,
      lag: lags.length === 0 ? undefined : lags.reduce((sum, lag) => sum + lag, 0n),
    });
  }
  return readers.sort((a, b) => Number((b.lag ?? -1n) - (a.lag ?? -1n)) || (a.group < b.group ? -1 : 1));
}

/** As many as a person reads in a dialog. */
const shown = 5;

/** `billing (2 members, 12,408 unread), audit and 3 more` */
export function readersText(readers: readonly TopicReader[]): string {
  const named = readers.slice(0, shown).map(({ group, members, lag }) => {
    const facts = [
      ...(members === 0 ? [] : [memberCount(members)]),
      ...(lag === undefined ? [] : [t('{0} unread', formatCount(lag))]),
    ];
    return facts.length === 0 ? visibleText(group) : `${visibleText(group)} (${facts.join(', ')})`;
  });
  const rest = readers.length - named.length;
  return rest === 0 ? named.join(', ') : t('{0} and {1} more', named.join(', '), formatCount(rest));
}

/** Records of a partition that go, and the groups that have not read them all. */
export interface UnreadLoss {
  readonly group: string;
  readonly records: bigint;
}

/** How many offsets each group loses unread as partitions then start at `offsets`; those that lose none are left out. */
export function unreadLosses(
  snapshot: Snapshot,
  topic: string,
  offsets: ReadonlyMap<number, { readonly start: bigint; readonly to: bigint }>,
): UnreadLoss[] {
  const losses: UnreadLoss[] = [];
  for (const group of snapshot.groups.values()) {
    let records = 0n;
    for (const { topic: own, partition, commit } of group.partitions) {
      const bounds = own === topic ? offsets.get(partition) : undefined;
      if (bounds === undefined || !('value' in commit) || commit.value === undefined) continue;
      const from = commit.value.offset > bounds.start ? commit.value.offset : bounds.start;
      if (from < bounds.to) records += bounds.to - from;
    }
    if (records > 0n) losses.push({ group: group.id, records });
  }
  return losses.sort((a, b) => Number(b.records - a.records));
}
