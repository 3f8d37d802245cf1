import type {
  Commit,
  Group,
  GroupPartition,
  GroupType,
  LogOffsets,
  Member,
  Snapshot,
  Topic,
  TopicPartition,
} from '../../groups/snapshot.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import type { ByPartition, Fact, Failure, RoutedFact } from '../../kafka/facts.ts';
import { partitionOf } from '../../kafka/metadata.ts';
import { HumanError, throwIfCancelled } from '../../shared/errors.ts';
import { fetchCommits, type Commits } from './commits.ts';
import { describe, type Description } from './describeGroups.ts';
import { listAllGroups, type ListedGroup } from './listGroups.ts';
import { fetchLogOffsets } from './logOffsets.ts';

/**
 * All groups of a cluster with their members, commits and lag, in four steps whose requests are each batched by broker:
 * list and metadata; describe and commits; topics that only commits know; log offsets. Joins no group, commits nothing,
 * creates no topic. Rejects where no broker can be heard; else failures stand beside what was learned.
 *
 * @param previous the snapshot before, so that groups whose coordinator hangs, loads or is gone do not vanish meanwhile.
 */
export async function collectSnapshot(cluster: Cluster, signal?: AbortSignal, previous?: Snapshot): Promise<Snapshot> {
  const startedAt = Date.now();
  const asked = new Set(cluster.brokers().map(({ id }) => id));
  const [metadata, first] = await Promise.all([
    cluster.metadata({ topics: 'all', signal }),
    listAllGroups(cluster, signal),
  ]);
  // Groups move to a broker that has just come.
  const listed = metadata.brokers.every(({ id }) => asked.has(id)) ? first : await listAllGroups(cluster, signal);
  if (listed.answered.size === 0 && listed.failures.every(({ kind }) => kind === 'unreachable')) {
    throw new HumanError(listed.failures[0]?.message ?? 'The cluster names no broker.');
  }
  cluster.noteCoordinators(listed.groups.map(({ id, coordinator }) => [id, coordinator]));

  const byType = new Map<GroupType, ListedGroup[]>();
  for (const group of [...listed.groups, ...unlisted(previous, listed)]) {
    const same = byType.get(group.type);
    if (same === undefined) byType.set(group.type, [group]);
    else same.push(group);
  }
  const described = [...byType].map(async ([type, groups]) => {
    const ids = groups.map(({ id }) => id);
    const [descriptions, commits] = await Promise.all([
      describe[type](cluster, ids, signal),
      fetchCommits(cluster, type, ids, signal),
    ]);
    return groups.flatMap((group) => assemble(group, descriptions.get(group.id), commits.get(group.id)));
  });
  const groups = (await Promise.all(described)).flat();
  throwIfCancelled(signal);

  const topics = await withHiddenTopics(cluster, metadata.topics, groups, signal);
  const offsets = await fetchOffsetsOf(cluster, groups, topics, signal);
  throwIfCancelled(signal);
  return {
    startedAt,
    takenAt: Date.now(),
    clusterId: metadata.clusterId,
    controllerId: metadata.controllerId,
    brokers: metadata.brokers,
    kafkaVersion: cluster.kafkaVersion,
    groups: new Map(groups.map((group) => [group.id, group])),
    topics,
    offsets,
    failures: listed.failures,
  };
}

/** Groups that were there before, and that nobody lists because their coordinator did not: they are asked for by name. */
function unlisted(
  previous: Snapshot | undefined,
  { groups, answered }: { readonly groups: readonly ListedGroup[]; readonly answered: ReadonlySet<number> },
): ListedGroup[] {
  if (previous === undefined) return [];
  const found = new Set(groups.map(({ id }) => id));
  return [...previous.groups.values()].flatMap(({ id, type, protocolType, coordinator }): ListedGroup[] =>
    coordinator === undefined || answered.has(coordinator) || found.has(id)
      ? []
      : [{ id, type, protocolType, state: 'Unknown', coordinator }],
  );
}

/** Empty where the group is gone by now. */
function assemble(
  listed: ListedGroup,
  description: RoutedFact<Description> | undefined,
  commits: RoutedFact<Commits> | undefined,
): Group[] {
  const failures: Failure[] = [];
  let described: Description = {
    protocolType: listed.protocolType,
    state: listed.state,
    assignor: '',
    epoch: undefined,
    targetEpoch: undefined,
    members: [],
  };
  if (description !== undefined && 'value' in description) {
    described = description.value;
    // Before DescribeGroups 6 (Kafka 4.0) that is how a group that does not exist is described.
    if (listed.state === 'Unknown' && described.state === 'Dead') return [];
  } else if (description !== undefined) {
    if (description.failure.code === 'GROUP_ID_NOT_FOUND') return [];
    failures.push(description.failure);
  }
  let committed: Commits = new Map();
  let unread: Failure | undefined;
  if (commits !== undefined && 'value' in commits) committed = commits.value;
  else if (commits !== undefined) {
    unread = commits.failure;
    // A denied group is denied twice, in the same words.
    if (!failures.some(({ message }) => message === unread?.message)) failures.push(unread);
  }
  return [
    {
      id: listed.id,
      type: listed.type,
      ...described,
      coordinator: description?.node ?? listed.coordinator,
      partitions: partitionsOf(described.members, committed, unread),
      failures,
    },
  ];
}

/** Committed or owned, by topic, then partition. `unread`: why the commits are not there. */
function partitionsOf(
  members: readonly Member[],
  commits: Commits,
  unread: Failure | undefined,
): readonly GroupPartition[] {
  const owners = new Map<string, Map<number, string>>();
  for (const { id, assignment } of members) {
    if (!('value' in assignment)) continue;
    for (const { topic, partition } of assignment.value) {
      let byPartition = owners.get(topic);
      if (byPartition === undefined) owners.set(topic, (byPartition = new Map<number, string>()));
      byPartition.set(partition, id);
    }
  }
  const none: Fact<Commit | undefined> = unread === undefined ? { value: undefined } : { failure: unread };
  const names = [...new Set([...commits.keys(), ...owners.keys()])].sort(byCodeUnits);
  return names.flatMap((topic) => {
    const found = commits.get(topic);
    const owned = owners.get(topic);
    const numbers = [...new Set([...(found?.keys() ?? []), ...(owned?.keys() ?? [])])].sort((a, b) => a - b);
    return numbers.map((partition) => ({
      topic,
      partition,
      commit: found?.get(partition) ?? none,
      owner: owned?.get(partition),
    }));
  });
}

/**
 * Topics that commits or members name but the list of all topics lacks: either deleted, and then left out, or denied,
 * which only asking by name tells. Or they, or some of their partitions, came after the list.
 */
async function withHiddenTopics(
  cluster: Cluster,
  topics: ReadonlyMap<string, Topic>,
  groups: readonly Group[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, Topic>> {
  const hidden = new Set<string>();
  for (const { partitions } of groups) {
    for (const { topic, partition } of partitions) {
      const known = topics.get(topic);
      if (known === undefined || partitionOf(known, partition) === undefined) hidden.add(topic);
    }
  }
  if (hidden.size === 0) return topics;
  const asked = await cluster.metadata({ topics: [...hidden], signal });
  const seen = new Map(topics);
  for (const [name, topic] of asked.topics) if (topic.failure?.kind !== 'missing') seen.set(name, topic);
  return seen;
}

/** Only partitions that have a leader to ask. */
async function fetchOffsetsOf(
  cluster: Cluster,
  groups: readonly Group[],
  topics: ReadonlyMap<string, Topic>,
  signal: AbortSignal | undefined,
): Promise<ByPartition<LogOffsets>> {
  const wanted = new Map<string, Set<number>>();
  for (const { partitions } of groups) {
    for (const { topic, partition } of partitions) {
      const info = topics.get(topic);
      if (info === undefined || (partitionOf(info, partition)?.leader ?? -1) < 0) continue;
      let numbers = wanted.get(topic);
      if (numbers === undefined) wanted.set(topic, (numbers = new Set<number>()));
      numbers.add(partition);
    }
  }
  const list: TopicPartition[] = [];
  for (const [topic, numbers] of wanted) for (const partition of numbers) list.push({ topic, partition });
  return list.length === 0 ? new Map() : fetchLogOffsets(cluster, list, signal);
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
