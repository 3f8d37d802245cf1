import type { Snapshot } from '../../groups/snapshot.ts';
import { groupOf, refsOf } from '../commands/targets.ts';
import type { CommitsOf, MemberName } from '../panels/change/protocol.ts';

/** What a command is about, by cluster. */
export type ByCluster<T> = ReadonlyMap<string, readonly T[]>;

/** The groups that rows stand for or belong to, or that a caller names; each once. */
export function groupsOf(clicked: unknown, selected: unknown): ByCluster<string> {
  const found = new Map<string, string[]>();
  const add = (cluster: string, group: string): void => {
    const same = found.get(cluster);
    if (same === undefined) found.set(cluster, [group]);
    else if (!same.includes(group)) same.push(group);
  };
  for (const ref of refsOf(clicked, selected)) {
    if (ref.kind === 'group' || ref.kind === 'reader') add(ref.cluster, ref.group);
  }
  const named = found.size === 0 ? groupOf(clicked) : undefined;
  if (named !== undefined) add(named.cluster, named.group);
  return found;
}

/** The commits that rows of partitions stand for, or that a caller names; none for rows of groups. */
export function commitsOf(clicked: unknown, selected: unknown): ByCluster<CommitsOf> {
  const found = new Map<string, Map<string, Map<string, Set<number> | undefined>>>();
  const add = (cluster: string, group: string, topic: string, partition: number | undefined): void => {
    const groups = found.get(cluster) ?? new Map<string, Map<string, Set<number> | undefined>>();
    found.set(cluster, groups);
    const topics = groups.get(group) ?? new Map<string, Set<number> | undefined>();
    groups.set(group, topics);
    // The whole topic holds each of its partitions.
    if (partition === undefined || (topics.has(topic) && topics.get(topic) === undefined)) topics.set(topic, undefined);
    else topics.set(topic, (topics.get(topic) ?? new Set<number>()).add(partition));
  };
  for (const ref of refsOf(clicked, selected)) {
    if (ref.kind === 'partition') add(ref.cluster, ref.group, ref.topic, ref.partition);
    if (ref.kind === 'reader') add(ref.cluster, ref.group, ref.topic, undefined);
  }
  const named = found.size === 0 ? groupOf(clicked) : undefined;
  if (named?.topic !== undefined) add(named.cluster, named.group, named.topic, named.partition);
  return new Map(
    [...found].map(([cluster, groups]) => [
      cluster,
      [...groups].map(([group, topics]) => ({
        group,
        topics: [...topics].map(([topic, partitions]) =>
          partitions === undefined ? { topic } : { topic, partitions: [...partitions].sort((a, b) => a - b) },
        ),
      })),
    ]),
  );
}

/** The members that rows stand for, as the newest snapshot knows them. */
export function membersOf(
  clicked: unknown,
  selected: unknown,
  snapshotOf: (cluster: string) => Snapshot | undefined,
): ByCluster<MemberName> {
  const found = new Map<string, MemberName[]>();
  for (const ref of refsOf(clicked, selected)) {
    if (ref.kind !== 'member') continue;
    const member = snapshotOf(ref.cluster)
      ?.groups.get(ref.group)
      ?.members.find(({ id }) => id === ref.member);
    const name = {
      group: ref.group,
      id: ref.member,
      ...(member?.instanceId === undefined ? {} : { instanceId: member.instanceId }),
    };
    found.set(ref.cluster, [...(found.get(ref.cluster) ?? []), name]);
  }
  return found;
}

/** A topic that a group has commits of. */
export interface CommittedTopic {
  readonly topic: string;
  readonly partitions: number;
  /** It is gone, and its commits are left over: Kafka does not delete them one by one. */
  readonly isGhost: boolean;
}

/** The topics that any of the groups has commits of, those that are gone last. */
export function committedTopics(snapshot: Snapshot, groups: readonly string[]): CommittedTopic[] {
  const partitions = new Map<string, Set<number>>();
  for (const group of groups) {
    for (const { topic, partition, commit } of snapshot.groups.get(group)?.partitions ?? []) {
      if ('failure' in commit || commit.value === undefined) continue;
      partitions.set(topic, (partitions.get(topic) ?? new Set<number>()).add(partition));
    }
  }
  return [...partitions]
    .map(([topic, own]) => {
      const about = snapshot.topics.get(topic);
      return { topic, partitions: own.size, isGhost: about === undefined || about.failure?.kind === 'missing' };
    })
    .sort((a, b) => Number(a.isGhost) - Number(b.isGhost) || (a.topic < b.topic ? -1 : 1));
}
