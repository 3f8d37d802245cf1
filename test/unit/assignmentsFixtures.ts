import type {
  GenerationEvent,
  GenerationMember,
  PollEvent,
  StepEvent,
  StepMember,
} from '../../src/offsetsTopic/replay/groupEvent.ts';

/** When the fixtures' first things happen, milliseconds since 1970. */
export const t0 = 1_700_000_000_000;

/** A classic member that was given these partitions of `orders`. */
export function member(
  id: string,
  partitions: readonly number[],
  more: Partial<GenerationMember> = {},
): GenerationMember {
  return {
    id,
    instanceId: null,
    clientId: id.replace(/-.*/, ''),
    host: '/10.0.0.1',
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 300_000,
    topics: ['orders'],
    assigned: partitions.length === 0 ? [] : [['orders', partitions]],
    ...more,
  };
}

export function generation(
  number: number,
  afterMs: number,
  members: readonly GenerationMember[],
  more: Partial<GenerationEvent> = {},
): GenerationEvent {
  return {
    kind: 'generation',
    key: `t:0:${afterMs}`,
    at: t0 + afterMs,
    position: BigInt(afterMs),
    coordinatorEpoch: 0,
    commits: [],
    generation: number,
    stateAt: t0 + afterMs - 5,
    protocolType: 'consumer',
    assignor: members.length === 0 ? null : 'range',
    leader: members[0]?.id ?? null,
    members,
    ...more,
  };
}

export function step(afterMs: number, members: readonly StepMember[], more: Partial<StepEvent> = {}): StepEvent {
  return {
    kind: 'step',
    key: `t:0:${afterMs}`,
    at: t0 + afterMs,
    position: BigInt(afterMs),
    coordinatorEpoch: 0,
    commits: [],
    type: 'consumer',
    epoch: undefined,
    metadataHash: undefined,
    targetEpoch: undefined,
    members,
    names: {},
    topology: undefined,
    metadataChanged: false,
    ...more,
  };
}

/** What a member of the new protocol says as it joins. */
export function joining(clientId: string, instanceId: string | null = null): NonNullable<StepMember['joined']> {
  return {
    instanceId,
    clientId,
    host: '/10.0.0.1',
    topics: ['orders'],
    pattern: null,
    rebalanceTimeoutMs: 300_000,
    assignor: null,
    classicSessionTimeoutMs: -1,
  };
}

export function current(
  epoch: number,
  assigned: readonly number[],
  revoking: readonly number[] = [],
): NonNullable<StepMember['current']> {
  const of = (partitions: readonly number[]) =>
    partitions.length === 0 ? [] : [['id-of-orders', partitions] as const];
  return { epoch, isStable: revoking.length === 0, assigned: of(assigned), revoking: of(revoking) };
}

export function poll(afterMs: number, more: Partial<PollEvent> = {}): PollEvent {
  return {
    kind: 'poll',
    key: `p:${t0 + afterMs}`,
    at: t0 + afterMs,
    before: t0 + afterMs - 1_000,
    position: undefined,
    coordinatorEpoch: -1,
    commits: [],
    type: 'classic',
    state: 'Stable',
    assignor: 'range',
    epoch: undefined,
    members: [],
    ...more,
  };
}
