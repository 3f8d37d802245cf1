import type { Fact, Group, LogOffsets, Member, Snapshot } from '../../groups/snapshot.ts';
import { memberPartitions, unassignedPartitions } from './memberNodes.ts';
import type { ClusterView, SeenCluster } from './clusterView.ts';
import type { NodeRef } from './node.ts';
import { readersOf, summaryOf, totalLag, type PartitionSummary } from './summary.ts';
import { offsetsOf, topicPartitionOf } from './topicNodes.ts';

/** The name of what a row stands for, as Kafka has it; undefined for rows that have none. */
export function nameOfRef(ref: NodeRef): string | undefined {
  switch (ref.kind) {
    case 'cluster':
      return ref.cluster;
    case 'group':
    case 'reader':
      return ref.group;
    case 'member':
      return ref.member;
    case 'topic':
      return ref.topic;
    case 'partition':
    case 'topicPartition':
      return `${ref.topic}-${ref.partition}`;
    case 'failure':
      return ref.message;
    case 'groups':
    case 'topics':
    case 'readers':
    case 'unassigned':
    case 'invalid':
    case 'note':
      return undefined;
  }
}

/** All that is known of what a row stands for, for `jsonOf`; undefined where it is gone, or is no such row. */
export function plainOf(ref: NodeRef, view: ClusterView): unknown {
  const { watch, entry, topicOffsets } = view;
  const snapshot = watch?.snapshot;
  if (watch === undefined || snapshot === undefined) return undefined;
  const cluster: SeenCluster = { name: entry.name, watch, snapshot, topicOffsets };
  const group = 'group' in ref ? snapshot.groups.get(ref.group) : undefined;
  switch (ref.kind) {
    case 'cluster':
      return plainCluster(cluster, view);
    case 'group':
    case 'reader':
      return group && plainGroup(cluster, group);
    case 'member': {
      const member = group?.members.find(({ id }) => id === ref.member);
      return group && member && plainMember(cluster, group, member);
    }
    case 'unassigned':
      return group && unassignedPartitions(cluster, group).map(plainPartition);
    case 'partition': {
      const found = group && summaryOf(group, snapshot).partitions;
      const one = found?.find(({ at }) => at.topic === ref.topic && at.partition === ref.partition);
      return one && { group: ref.group, ...plainPartition(one) };
    }
    case 'topic':
      return plainTopic(cluster, ref.topic);
    case 'topicPartition':
      return plainTopicPartition(cluster, ref.topic, ref.partition);
    case 'groups':
    case 'topics':
    case 'readers':
    case 'invalid':
    case 'failure':
    case 'note':
      return undefined;
  }
}

/** JSON with 64-bit numbers exact, as numbers; facts that are not known are null. */
export function jsonOf(value: unknown): string {
  // Not in TypeScript's library yet; Node has it since 21.
  const { rawJSON } = JSON as unknown as { rawJSON: (text: string) => unknown };
  return JSON.stringify(value, (_key, one: unknown) => (typeof one === 'bigint' ? rawJSON(String(one)) : one), 2);
}

function plainCluster({ name, snapshot }: SeenCluster, { entry }: ClusterView): unknown {
  return {
    name,
    bootstrapServers: entry.kind === 'profile' ? entry.profile.bootstrapServers : undefined,
    clusterId: snapshot.clusterId,
    kafkaVersion: snapshot.kafkaVersion,
    controllerId: snapshot.controllerId,
    brokers: snapshot.brokers,
    groups: [...snapshot.groups.keys()],
    topics: [...snapshot.topics.keys()],
    failures: snapshot.failures,
    takenAt: time(snapshot),
  };
}

function plainGroup(cluster: SeenCluster, group: Group): unknown {
  const { lag, partitions } = summaryOf(group, cluster.snapshot);
  const { id, type, protocolType, state, coordinator, assignor, epoch, targetEpoch, failures } = group;
  return {
    group: id,
    type,
    protocolType,
    state,
    coordinator,
    assignor,
    epoch,
    targetEpoch,
    lag: lag ?? null,
    status: cluster.watch.status(id),
    members: group.members.map((member) => plainMember(cluster, group, member)),
    partitions: partitions.map(plainPartition),
    failures,
    takenAt: time(cluster.snapshot),
  };
}

function plainMember(cluster: SeenCluster, group: Group, member: Member): unknown {
  const partitions = memberPartitions(cluster, group, member);
  return { ...member, lag: totalLag(partitions) ?? null, partitions: partitions.map(plainPartition) };
}

function plainPartition({ at, lag, offsets }: PartitionSummary): Record<string, unknown> {
  const commit = 'value' in at.commit ? at.commit.value : undefined;
  return {
    topic: at.topic,
    partition: at.partition,
    owner: at.owner ?? null,
    committed: commit?.offset ?? null,
    metadata: commit?.metadata,
    ...plainOffsets(offsets),
    lag: lag.lag ?? null,
    stableLag: lag.stableLag ?? null,
    state: lag.state,
    failure: lag.failure,
  };
}

function plainTopic(cluster: SeenCluster, name: string): unknown {
  const topic = cluster.snapshot.topics.get(name);
  if (topic === undefined) return undefined;
  return {
    topic: name,
    id: topic.id,
    internal: topic.internal,
    partitions: topic.partitions.map(({ partition }) => plainTopicPartition(cluster, name, partition)),
    groups: (readersOf(cluster.snapshot).get(name) ?? []).map(({ id }) => id),
    failure: topic.failure,
    takenAt: time(cluster.snapshot),
  };
}

function plainTopicPartition(cluster: SeenCluster, topic: string, partition: number): unknown {
  const info = topicPartitionOf(cluster, topic, partition);
  return info && { topic, ...info, ...plainOffsets(offsetsOf(cluster, topic, partition)) };
}

function plainOffsets(offsets: LogOffsets | undefined): Record<string, bigint | null> {
  const value = (fact: Fact<bigint> | undefined): bigint | null => (fact && 'value' in fact ? fact.value : null);
  return { logStart: value(offsets?.start), lastStable: value(offsets?.lastStable), logEnd: value(offsets?.end) };
}

function time(snapshot: Snapshot): string {
  return new Date(snapshot.takenAt).toISOString();
}
