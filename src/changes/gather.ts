import { needs, partitionsOf } from '../groups/plan/needs.ts';
import type { CommitFacts, PlanFacts, PlanRequest } from '../groups/plan/plan.ts';
import { planReset } from '../groups/plan/planReset.ts';
import type { OffsetPlan } from '../groups/plan/plan.ts';
import type { GroupType } from '../groups/snapshot.ts';
import type { Cluster } from '../kafka/cluster.ts';
import type { ByPartition, Fact, RoutedFact, TopicPartition } from '../kafka/facts.ts';
import type { Lane } from '../kafka/lanes.ts';
import { partitionOf, type TopicMetadata } from '../kafka/metadata.ts';
import { offsetsAt, specialTimestamps } from '../kafka/offsetsAt.ts';
import { fetchCommits } from '../watch/collect/commits.ts';
import { inPoll } from '../watch/collect/inPoll.ts';
import { groupNow, type GroupNow } from './groupNow.ts';

/** From so many on, connections of their own are worth their logins. */
const manyPartitions = 1_000;

/** What was learned for a plan, with who is in the group. */
export interface Gathered {
  readonly facts: PlanFacts;
  readonly group: Fact<GroupNow>;
}

/**
 * Asks the broker what a plan needs, in three rounds of requests that are each batched by broker: the group and its commits;
 * topics; log offsets and times. Writes nothing and creates nothing.
 *
 * @throws {CancelledError} @throws {HumanError} where no broker can be asked at all.
 */
export async function gather(cluster: Cluster, request: PlanRequest, signal?: AbortSignal): Promise<Gathered> {
  const needed = needs(request);
  const [group, consumerCommits, otherGroup, named] = await Promise.all([
    groupNow(cluster, request.group, signal),
    readCommits(cluster, 'consumer', request.group, signal),
    needed.otherGroup === undefined ? undefined : readCommits(cluster, 'consumer', needed.otherGroup, signal),
    needed.topics.length === 0 ? undefined : cluster.metadata({ topics: needed.topics, signal }),
  ]);
  const type = 'value' in group ? group.value.type : undefined;
  const ownCommits = type === 'share' ? await readCommits(cluster, 'share', request.group, signal) : consumerCommits;
  // Who cannot see the group cannot say that it has no commits.
  const commits: Fact<CommitFacts> = 'failure' in group ? group : ownCommits;
  const none = new Map<string, never>();
  const facts = { type, commits, otherGroup, topics: new Map<string, TopicMetadata>(named?.topics) };
  const partitions = partitionsOf(request, {
    type,
    commits: 'value' in commits ? commits.value : none,
    otherGroup: otherGroup !== undefined && 'value' in otherGroup ? otherGroup.value : undefined,
    topics: facts.topics,
  });
  if (!needed.logOffsets || partitions.length === 0) {
    return { group, facts: { ...facts, starts: none, ends: none, atTime: none } };
  }
  const unknown = [...new Set(partitions.map(({ topic }) => topic))].filter((topic) => !facts.topics.has(topic));
  if (unknown.length > 0) {
    for (const [name, topic] of (await cluster.metadata({ topics: unknown, signal })).topics) {
      facts.topics.set(name, topic);
    }
  }
  const present = partitions.filter(({ topic, partition }) => {
    const about = facts.topics.get(topic);
    return about !== undefined && about.failure === undefined && (partitionOf(about, partition)?.leader ?? -1) >= 0;
  });
  // A broker answers one request of a connection after the other, and looks at each partition's log for each of these.
  const lanes = present.length < manyPartitions ? [] : [cluster.takeLane(), cluster.takeLane()];
  const at = (timestamp: bigint, lane?: Lane): Promise<ByPartition<RoutedFact<bigint | undefined>>> =>
    offsetsAt(
      cluster,
      present.map(({ topic, partition }) => ({ topic, partition, timestamp })),
      'read_uncommitted',
      { signal, ...inPoll, purpose: lane?.purpose },
    );
  const [starts, ends, atTime] = await Promise.all([
    at(specialTimestamps.earliest, lanes[0]),
    at(specialTimestamps.latest, lanes[1]),
    needed.timestamp === undefined ? none : at(needed.timestamp < 0n ? 0n : needed.timestamp),
  ]).finally(() => {
    for (const lane of lanes) lane.release();
  });
  return { group, facts: { ...facts, starts: certain(starts, present), ends: certain(ends, present), atTime } };
}

/** The plan as the cluster stands, a dry run: nothing is written. */
export async function planFor(
  cluster: Cluster,
  request: PlanRequest,
  signal?: AbortSignal,
): Promise<{ readonly plan: OffsetPlan; readonly group: Fact<GroupNow> }> {
  const { facts, group } = await gather(cluster, request, signal);
  return { plan: planReset(request, facts), group };
}

/**
 * A group's commits; of a share group its start offsets. A group that does not exist has none.
 *
 * @throws {CancelledError} and nothing else.
 */
export async function readCommits(
  cluster: Cluster,
  type: GroupType | undefined,
  group: string,
  signal?: AbortSignal,
): Promise<Fact<CommitFacts>> {
  const found = (await fetchCommits(cluster, type ?? 'consumer', [group], signal)).get(group);
  if (found === undefined) return { value: new Map() };
  if ('failure' in found && found.failure.code === 'GROUP_ID_NOT_FOUND') return { value: new Map() };
  return found;
}

/** A log has a start and an end: no answer to that is a failure. */
function certain(
  found: ByPartition<RoutedFact<bigint | undefined>>,
  partitions: readonly TopicPartition[],
): ByPartition<Fact<bigint>> {
  const all = new Map<string, Map<number, Fact<bigint>>>();
  for (const { topic, partition } of partitions) {
    const fact = found.get(topic)?.get(partition);
    let same = all.get(topic);
    if (same === undefined) all.set(topic, (same = new Map<number, Fact<bigint>>()));
    if (fact !== undefined && 'failure' in fact) same.set(partition, { failure: fact.failure });
    else if (fact?.value !== undefined) same.set(partition, { value: fact.value });
    else same.set(partition, { failure: { kind: 'error', message: `${topic}-${partition} was not answered.` } });
  }
  return all;
}
