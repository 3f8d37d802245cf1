import type {
  Cause,
  Epoch,
  GroupHistory,
  MemberLife,
  Move,
  OwnerSpan,
  Rebalance,
  RebalanceCause,
} from '../../src/groups/assignmentHistory.ts';

/** 2026-03-02 10:00:00 UTC. */
export const t0 = Date.UTC(2026, 2, 2, 10);
export const minute = 60_000;

export function aMember(name: string, from: number, to?: number, instanceId?: string): MemberLife {
  return {
    id: `${name}-5b1c0c1e`,
    instanceId,
    clientId: name,
    host: `/10.0.0.${name.length}`,
    from,
    to,
    left: undefined,
  };
}

export function aCause(
  cause: Cause,
  text: string,
  members: readonly string[],
  more: Partial<RebalanceCause> = {},
): RebalanceCause {
  return { cause, text, members, certainty: 'fact', source: 'topic', evidence: [], ...more };
}

function epoch(number: number, at: number, members: readonly MemberLife[]): Epoch {
  return {
    number,
    at,
    source: 'topic',
    state: 'Stable',
    assignor: 'range',
    leader: members[0]?.id,
    members: members.map(({ id }) => ({
      id,
      memberEpoch: undefined,
      subscription: ['orders'],
      assigned: [],
      target: undefined,
      revoking: [],
    })),
  };
}

/**
 * `orders` with three partitions: alpha alone; beta joins after 10 min; beta's session times out after 30 min, for 10 s nobody owns
 * orders-1; gamma joins after 40 min and takes orders-2 over, which alpha is to give up.
 */
export function billingHistory(): GroupHistory {
  const [alpha, beta, gamma] = [
    aMember('alpha', t0),
    aMember('beta', t0 + 10 * minute, t0 + 30 * minute),
    aMember('gamma', t0 + 40 * minute),
  ];
  const [a, b, c] = [alpha.id, beta.id, gamma.id];
  const span = (
    partition: number,
    member: string | undefined,
    from: number,
    to?: number,
    revokingFrom?: number,
  ): OwnerSpan => ({
    topic: 'orders',
    partition,
    member,
    from: t0 + from * minute,
    to: to === undefined ? undefined : t0 + to * minute,
    revokingFrom: revokingFrom === undefined ? undefined : t0 + revokingFrom * minute,
  });
  const move = (partition: number, before: string | undefined, after: string | undefined, needless = false): Move => ({
    topic: 'orders',
    partition,
    before,
    after,
    needless,
  });
  const rebalance = (id: number, began: number | undefined, ended: number, more: Partial<Rebalance>): Rebalance => ({
    id: `r${id}`,
    kind: 'eager',
    began: began === undefined ? undefined : t0 + began * minute,
    ended: t0 + ended * minute,
    before: id,
    after: id + 1,
    membersBefore: 1,
    membersAfter: 2,
    causes: [],
    moves: [],
    withoutOwnerMs: undefined,
    recordsMeanwhile: undefined,
    ...more,
  });
  return {
    group: 'billing',
    type: 'classic',
    from: t0,
    to: t0 + 60 * minute,
    sources: ['topic', 'poll'],
    lacks: ['What was before 10:00 is compacted away.'],
    members: [alpha, beta, gamma],
    epochs: [
      epoch(1, t0, [alpha]),
      epoch(2, t0 + 10 * minute, [alpha, beta]),
      epoch(3, t0 + 31 * minute, [alpha]),
      epoch(4, t0 + 40 * minute, [alpha, gamma]),
    ],
    spans: [
      span(0, a, 0),
      span(1, a, 0, 10),
      span(1, b, 10, 30),
      span(1, undefined, 30, 31),
      span(1, a, 31),
      span(2, a, 0, 40, 36),
      span(2, c, 40),
    ],
    rebalances: [
      rebalance(1, 9.5, 10, {
        causes: [aCause('member-joined', 'beta joined', [b])],
        moves: [move(1, a, b)],
        withoutOwnerMs: 0,
        recordsMeanwhile: 9_007_199_254_740_993n,
      }),
      rebalance(2, 30, 31, {
        membersBefore: 2,
        membersAfter: 1,
        causes: [
          aCause('session-timeout', 'beta sent no heartbeat for 45 s', [b], {
            certainty: 'inference',
            evidence: ['Its last commit was at 10:29:15.', 'session.timeout.ms is 45,000.'],
            line: {
              file: '/var/log/kafka/server.log',
              line: 812,
              text: '[GroupCoordinator 1]: Member beta has failed',
            },
          }),
        ],
        moves: [move(1, b, a)],
        withoutOwnerMs: 60_000,
      }),
      rebalance(3, undefined, 40, {
        causes: [aCause('member-joined', 'gamma joined', [c])],
        moves: [move(2, a, c, true)],
      }),
    ],
    findings: [
      {
        kind: 'flapping-member',
        text: 'beta came and went.',
        evidence: ['It joined at 10:10 and was gone at 10:30.'],
        members: [b],
        from: t0 + 10 * minute,
        to: t0 + 31 * minute,
      },
    ],
  };
}

/** As large as they come: at each rebalance every fifth partition goes to the next member, after a gap now and then. */
export function largeHistory(partitions: number, rebalances: number, memberCount = 12): GroupHistory {
  const step = 3 * minute;
  const end = t0 + rebalances * step;
  const members = Array.from({ length: memberCount }, (_, index) => aMember(`worker-${index}`, t0));
  const spans: OwnerSpan[] = [];
  const moves: Move[][] = Array.from({ length: rebalances }, () => []);
  for (let partition = 0; partition < partitions; partition++) {
    const at = {
      topic: partition < partitions / 2 ? 'orders' : 'payments',
      partition: partition % Math.ceil(partitions / 2),
    };
    let owner = partition % memberCount;
    let from = t0;
    for (let nth = 0; nth < rebalances; nth++) {
      const time = t0 + nth * step + ((partition * 7) % 11) * 1_000;
      if ((partition + nth) % 5 !== 0 || time <= from) continue;
      const hasGap = nth % 3 === 0;
      spans.push({ ...at, member: members[owner]!.id, from, to: time });
      if (hasGap) spans.push({ ...at, member: undefined, from: time, to: time + 4_000 });
      const next = (owner + 1 + (nth % 3)) % memberCount;
      moves[nth]!.push({ ...at, before: members[owner]!.id, after: members[next]!.id, needless: nth % 4 === 0 });
      owner = next;
      from = hasGap ? time + 4_000 : time;
    }
    spans.push({ ...at, member: members[owner]!.id, from, to: undefined });
  }
  const causes: readonly Cause[] = ['member-joined', 'member-left', 'session-timeout', 'subscription-changed'];
  return {
    group: 'billing',
    type: 'classic',
    from: t0,
    to: end,
    sources: ['topic'],
    lacks: [],
    members,
    epochs: [],
    spans,
    rebalances: moves.map((own, nth) => ({
      id: `r${nth}`,
      kind: 'cooperative',
      began: t0 + nth * step,
      ended: t0 + nth * step + 12_000,
      before: nth,
      after: nth + 1,
      membersBefore: memberCount,
      membersAfter: memberCount,
      causes: [aCause(causes[nth % causes.length]!, 'a change', [members[nth % memberCount]!.id])],
      moves: own,
      withoutOwnerMs: own.length * 4_000,
      recordsMeanwhile: undefined,
    })),
    findings: [],
  };
}
