import type { Source } from '../../groups/assignmentHistory.ts';
import type { GroupState, GroupType } from '../../groups/snapshot.ts';
import type { TopicPartition } from '../../kafka/facts.ts';
import type { CommitMark, GenerationEvent, GroupEvent, PollEvent, StepEvent, TopicPartitions } from './groupEvent.ts';

/** A group as it was from one event to the next. */
export interface Stage {
  readonly key: string;
  readonly at: number;
  readonly source: Source;
  readonly type: GroupType;
  readonly protocolType: string;
  /** Generation, or group epoch; undefined where a poll of a classic group does not tell. */
  readonly number: number | undefined;
  readonly state: GroupState;
  readonly assignor: string;
  readonly leader: string | undefined;
  readonly members: ReadonlyMap<string, StageMember>;
  /** Classic: when all had joined, and only the assignment was missing. */
  readonly joinedAt: number | undefined;
  /** Polls: when it was still otherwise. */
  readonly otherwiseAt: number | undefined;
  readonly coordinatorEpoch: number;
  readonly commits: readonly CommitMark[];
  /** Modern groups: this event bumped the epoch. Classic: always. */
  readonly isBump: boolean;
  readonly metadataHash: string | undefined;
  /** Partition counts of subscribed topics changed here. */
  readonly metadataChanged: boolean;
  /** Share: so many partitions are ready to be shared. */
  readonly initialized: number;
  /** Share: more became ready since the epoch before. */
  readonly madeReady: boolean;
  /** Streams: what the program does with which topics changed here. */
  readonly topologyChanged: boolean;
  readonly isDeleted: boolean;
}

export interface StageMember {
  readonly id: string;
  readonly instanceId: string | undefined;
  readonly clientId: string;
  readonly host: string;
  readonly topics: readonly string[];
  readonly pattern: string | undefined;
  /** The server's assignor that it asks for (KIP-848); undefined where it leaves that to the broker, or is classic. */
  readonly assignor?: string | undefined;
  /** What it owns, and need not give up. */
  readonly assigned: readonly TopicPartition[];
  readonly revoking: readonly TopicPartition[];
  readonly target: readonly TopicPartition[] | undefined;
  /** -2: a static member that is away. */
  readonly epoch: number | undefined;
  readonly isStable: boolean;
  /** undefined where the broker decides. */
  readonly sessionTimeoutMs: number | undefined;
  readonly rebalanceTimeoutMs: number | undefined;
}

/** Gives the same object for the same partition, so that partitions are compared by identity and cost no memory each time. */
export class Partitions {
  readonly #topics = new Map<string, Map<number, TopicPartition>>();

  of(topic: string, partition: number): TopicPartition {
    let topics = this.#topics.get(topic);
    if (topics === undefined) this.#topics.set(topic, (topics = new Map<number, TopicPartition>()));
    let found = topics.get(partition);
    if (found === undefined) topics.set(partition, (found = { topic, partition }));
    return found;
  }

  find(topic: string, partition: number): TopicPartition | undefined {
    return this.#topics.get(topic)?.get(partition);
  }
}

const none: readonly TopicPartition[] = [];

/** Makes stages of events, one after the other. */
export class Stages {
  readonly partitions: Partitions;
  readonly #nameOf: (topicId: string) => string | undefined;
  readonly #names = new Map<string, string>();
  #topology: Readonly<Record<string, readonly string[]>> = {};
  #last: Stage | undefined;

  /** @param nameOf what the cluster's metadata says of a topic id. */
  constructor(partitions: Partitions, nameOf: (topicId: string) => string | undefined) {
    this.partitions = partitions;
    this.#nameOf = nameOf;
  }

  next(event: GroupEvent): Stage {
    this.#last = this.#stage(event);
    return this.#last;
  }

  #stage(event: GroupEvent): Stage {
    switch (event.kind) {
      case 'generation':
        return this.#generation(event);
      case 'step':
        return this.#step(event);
      case 'poll':
        return this.#poll(event);
      case 'deleted':
        return {
          ...this.#base(event),
          type: event.type,
          protocolType: '',
          number: undefined,
          state: 'Dead',
          assignor: '',
          leader: undefined,
          members: new Map(),
          isBump: true,
          isDeleted: true,
        };
    }
  }

  #base(event: GroupEvent) {
    return {
      key: event.key,
      at: event.at,
      source: event.kind === 'poll' ? ('poll' as const) : ('topic' as const),
      coordinatorEpoch: event.coordinatorEpoch,
      commits: event.commits,
      joinedAt: undefined,
      otherwiseAt: undefined,
      metadataHash: undefined,
      metadataChanged: false,
      initialized: 0,
      madeReady: false,
      topologyChanged: false,
      isDeleted: false,
    };
  }

  #generation(event: GenerationEvent): Stage {
    const members = event.members.map((member): StageMember => ({
      id: member.id,
      instanceId: member.instanceId ?? undefined,
      clientId: member.clientId,
      host: member.host,
      topics: member.topics,
      pattern: undefined,
      assigned: this.#named(member.assigned),
      revoking: none,
      target: undefined,
      epoch: undefined,
      isStable: true,
      sessionTimeoutMs: member.sessionTimeoutMs,
      rebalanceTimeoutMs: positive(member.rebalanceTimeoutMs),
    }));
    return {
      ...this.#base(event),
      type: 'classic',
      protocolType: event.protocolType,
      number: event.generation,
      state: members.length === 0 ? 'Empty' : 'Stable',
      assignor: event.assignor ?? '',
      leader: event.leader ?? undefined,
      members: new Map(members.map((member) => [member.id, member])),
      joinedAt: this.#last?.number === event.generation ? undefined : stateAtOf(event),
      isBump: true,
    };
  }

  #poll(event: PollEvent): Stage {
    const members = event.members.map((member): StageMember => {
      const before = this.#last?.members.get(member.id);
      const assigned = member.assigned === undefined ? (before?.assigned ?? none) : this.#named(member.assigned);
      const target = member.target === undefined ? undefined : this.#named(member.target);
      const isWhole = target === undefined || sameSet(target, assigned);
      return {
        id: member.id,
        instanceId: member.instanceId ?? undefined,
        clientId: member.clientId,
        host: member.host,
        topics: member.assigned === undefined && before !== undefined ? before.topics : member.topics,
        pattern: undefined,
        assigned,
        revoking: none,
        target,
        epoch: member.epoch,
        isStable: event.type === 'classic' || (isWhole && (event.epoch === undefined || member.epoch === event.epoch)),
        sessionTimeoutMs: undefined,
        rebalanceTimeoutMs: undefined,
      };
    });
    return {
      ...this.#base(event),
      type: event.type,
      protocolType: 'consumer',
      number: event.epoch,
      state: event.state,
      assignor: event.assignor,
      leader: undefined,
      members: new Map(members.map((member) => [member.id, member])),
      otherwiseAt: event.before,
      isBump: event.type === 'classic' || event.epoch !== this.#last?.number,
    };
  }

  #step(event: StepEvent): Stage {
    for (const [id, name] of Object.entries(event.names)) this.#names.set(id, name);
    const topologyBefore = this.#topology;
    if (event.topology !== undefined) this.#topology = event.topology;
    const last = this.#last?.type === event.type && !this.#last.isDeleted ? this.#last : undefined;
    const isStreams = event.type === 'streams';
    const named = (topics: TopicPartitions): readonly TopicPartition[] => {
      return isStreams ? this.#ofTasks(topics) : this.#named(topics);
    };
    const members = new Map(last?.members);
    for (const { id, joined, target, current } of event.members) {
      if (joined === null || (joined === undefined && current === null && target === null)) {
        members.delete(id);
        continue;
      }
      const before = members.get(id) ?? newMember(id);
      members.set(id, {
        ...before,
        ...(joined === undefined
          ? {}
          : {
              instanceId: joined.instanceId ?? undefined,
              clientId: joined.clientId,
              host: joined.host,
              topics: isStreams ? this.#topicsOfTopology() : joined.topics,
              pattern: joined.pattern ?? undefined,
              assignor: joined.assignor ?? undefined,
              sessionTimeoutMs: positive(joined.classicSessionTimeoutMs),
              rebalanceTimeoutMs: positive(joined.rebalanceTimeoutMs),
            }),
        ...(target === undefined ? {} : { target: target === null ? none : named(target) }),
        ...(current === undefined
          ? {}
          : current === null
            ? { assigned: none, revoking: none, epoch: undefined, isStable: false }
            : {
                assigned: named(current.assigned),
                revoking: named(current.revoking),
                epoch: current.epoch,
                isStable: current.isStable,
              }),
      });
    }
    const number = event.epoch ?? last?.number;
    const initialized = event.initialized ?? last?.initialized ?? 0;
    return {
      ...this.#base(event),
      type: event.type,
      protocolType: event.type === 'consumer' ? 'consumer' : event.type,
      number,
      state: stateOf(members, number),
      assignor: preferredAssignor(members),
      leader: undefined,
      members,
      isBump: event.epoch !== undefined && event.epoch !== last?.number,
      metadataHash: event.metadataHash ?? last?.metadataHash,
      initialized,
      madeReady: initialized > (last?.initialized ?? 0) || (last?.madeReady === true && !last.isBump),
      topologyChanged:
        event.topology !== undefined &&
        Object.keys(topologyBefore).length > 0 &&
        JSON.stringify(event.topology) !== JSON.stringify(topologyBefore),
      metadataChanged:
        event.metadataChanged ||
        (event.metadataHash !== undefined &&
          event.metadataHash !== '0' &&
          last?.metadataHash !== undefined &&
          event.metadataHash !== last.metadataHash),
    };
  }

  #topicsOfTopology(): string[] {
    return [...new Set(Object.values(this.#topology).flat())];
  }

  #named(topics: TopicPartitions): readonly TopicPartition[] {
    if (topics.length === 0) return none;
    return topics.flatMap(([topic, partitions]) => {
      const name = this.#names.get(topic) ?? this.#nameOf(topic) ?? topic;
      return partitions.map((partition) => this.partitions.of(name, partition));
    });
  }

  /** Task n of a subtopology reads partition n of each of its topics. */
  #ofTasks(tasks: TopicPartitions): readonly TopicPartition[] {
    return tasks.flatMap(([subtopology, partitions]) =>
      (this.#topology[subtopology] ?? [`subtopology ${subtopology}`]).flatMap((topic) =>
        partitions.map((partition) => this.partitions.of(topic, partition)),
      ),
    );
  }
}

/** What the coordinator says of a state after it wrote the record is the clock's fault. */
function stateAtOf({ stateAt, at }: GenerationEvent): number | undefined {
  return stateAt === undefined || stateAt > at ? undefined : stateAt;
}

/** One whose joining is no longer in the topic, until its record is met. */
function newMember(id: string): StageMember {
  return {
    id,
    instanceId: undefined,
    clientId: '',
    host: '',
    topics: [],
    pattern: undefined,
    assigned: none,
    revoking: none,
    target: undefined,
    epoch: undefined,
    isStable: false,
    sessionTimeoutMs: undefined,
    rebalanceTimeoutMs: undefined,
  };
}

/** The one that most members ask for, as ConsumerGroup takes it; empty where the broker decides, or two are asked for by as many. */
function preferredAssignor(members: ReadonlyMap<string, StageMember>): string {
  const counts = new Map<string, number>();
  for (const { assignor } of members.values()) {
    if (assignor !== undefined) counts.set(assignor, (counts.get(assignor) ?? 0) + 1);
  }
  const [first, second] = [...counts].sort((a, b) => b[1] - a[1]);
  return first === undefined || first[1] === second?.[1] ? '' : first[0];
}

/** As ConsumerGroup derives it: reconciling while a member has not come to the group's epoch. */
function stateOf(members: ReadonlyMap<string, StageMember>, epoch: number | undefined): GroupState {
  if (members.size === 0) return 'Empty';
  const isSettled = Array.from(members.values()).every((member) => isSettledAt(member, epoch));
  return isSettled ? 'Stable' : 'Reconciling';
}

/** Nothing is left to do for this member in this epoch. One that is away is not waited for. */
export function isSettledAt(member: StageMember, epoch: number | undefined): boolean {
  if (member.epoch === -2) return true;
  return member.isStable && (member.epoch === undefined || epoch === undefined || member.epoch >= epoch);
}

function positive(value: number): number | undefined {
  return value > 0 ? value : undefined;
}

export function sameSet(a: readonly TopicPartition[], b: readonly TopicPartition[]): boolean {
  if (a.length !== b.length) return false;
  const all = new Set(a);
  return b.every((each) => all.has(each));
}
