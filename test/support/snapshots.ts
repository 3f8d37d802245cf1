import type {
  Commit,
  Fact,
  Group,
  GroupPartition,
  LogOffsets,
  Member,
  Snapshot,
  Topic,
} from '../../src/groups/snapshot.ts';

/** Snapshot literals with only what a test is about; all else is unremarkable. */
export function aTopic(name: string, partitions: number, overrides: Partial<Topic> = {}): Topic {
  return {
    name,
    id: undefined,
    internal: false,
    partitions: Array.from({ length: partitions }, (_, partition) => ({
      partition,
      leader: 1,
      leaderEpoch: 0,
      replicas: [1],
      inSync: [1],
      offline: [],
    })),
    ...overrides,
  };
}

export function offsetsOf(start: bigint, end: bigint, lastStable = end): LogOffsets {
  return { start: { value: start }, end: { value: end }, lastStable: { value: lastStable } };
}

export function committed(offset: bigint): Fact<Commit> {
  return { value: { offset, leaderEpoch: -1, metadata: '' } };
}

export function aMember(id: string, overrides: Partial<Member> = {}): Member {
  return {
    id,
    instanceId: undefined,
    clientId: id,
    host: '/127.0.0.1',
    rack: undefined,
    epoch: undefined,
    subscription: { value: { topics: [] } },
    assignment: { value: [] },
    target: undefined,
    ...overrides,
  };
}

export function aPartition(topic: string, partition: number, overrides: Partial<GroupPartition> = {}): GroupPartition {
  return { topic, partition, commit: { value: undefined }, owner: undefined, ...overrides };
}

export function aGroup(id: string, overrides: Partial<Group> = {}): Group {
  return {
    id,
    type: 'classic',
    protocolType: 'consumer',
    state: 'Stable',
    coordinator: 1,
    assignor: 'range',
    epoch: undefined,
    targetEpoch: undefined,
    members: [],
    partitions: [],
    failures: [],
    ...overrides,
  };
}

export function aSnapshot(options: {
  readonly takenAt?: number;
  readonly groups?: readonly Group[];
  readonly topics?: readonly Topic[];
  readonly offsets?: Record<string, readonly LogOffsets[]>;
  readonly overrides?: Partial<Snapshot>;
}): Snapshot {
  const takenAt = options.takenAt ?? 1_700_000_000_000;
  return {
    startedAt: takenAt - 10,
    takenAt,
    clusterId: 'test',
    controllerId: 1,
    brokers: [{ id: 1, host: '127.0.0.1', port: 9092, rack: null }],
    kafkaVersion: '4.3',
    groups: new Map((options.groups ?? []).map((group) => [group.id, group])),
    topics: new Map((options.topics ?? []).map((topic) => [topic.name, topic])),
    offsets: new Map(
      Object.entries(options.offsets ?? {}).map(([topic, list]) => [
        topic,
        new Map(list.map((offsets, index) => [index, offsets])),
      ]),
    ),
    failures: [],
    ...options.overrides,
  };
}
