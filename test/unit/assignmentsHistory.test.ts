import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { GroupHistory, OwnerSpan, Rebalance } from '../../src/groups/assignmentHistory.ts';
import { buildHistory } from '../../src/offsetsTopic/replay/buildHistory.ts';
import type { CommitMark, GroupEvent, StepMember } from '../../src/offsetsTopic/replay/groupEvent.ts';
import { current, generation, joining, member, poll, step, t0 } from './assignmentsFixtures.ts';

function build(...events: GroupEvent[]): GroupHistory {
  const nameOf = (id: string): string | undefined => (id === 'id-of-orders' ? 'orders' : undefined);
  return buildHistory(events, {
    group: 'g',
    now: t0 + 1_000_000,
    nameOf,
    sessionTimeouts: { consumer: 45_000, share: 45_000 },
  });
}

/** `0: a 0-100, nobody 100-` */
function spansOf({ spans }: GroupHistory, partition: number): string {
  const time = (at: number | undefined): string => (at === undefined ? '' : String(at - t0));
  const own = spans.filter((span) => span.partition === partition);
  const text = ({ member: id, from, to, revokingFrom }: OwnerSpan): string =>
    `${id ?? 'nobody'} ${time(from)}-${time(to)}${revokingFrom === undefined ? '' : ` revoking ${time(revokingFrom)}`}`;
  return own.map(text).join(', ');
}

function causes({ causes: all }: Rebalance): string[] {
  return all.map(({ cause, members, certainty }) => `${cause} ${members.join()} ${certainty}`.replace('  ', ' '));
}

const every5s = (partition: number, until: number): CommitMark => [
  'orders',
  partition,
  t0 + until,
  Math.floor(until / 5_000),
];

describe('history of a classic group', () => {
  const alone = generation(1, 0, [member('a-1', [0, 1, 2, 3])]);

  it('begins with what is first, says who joined, and that nobody owned anything while all stood still', () => {
    const found = build(alone, generation(2, 20_000, [member('a-1', [0, 1]), member('b-1', [2, 3])]));
    assert.deepEqual(
      found.epochs.map(({ number }) => number),
      [1, 2],
    );
    assert.equal(found.rebalances.length, 2);
    const [first, second] = found.rebalances as [Rebalance, Rebalance];
    assert.deepEqual(causes(first), ['member-joined a-1 fact']);
    assert.deepEqual(causes(second), ['member-joined b-1 fact']);
    assert.equal(second.kind, 'eager');
    assert.equal(second.began, undefined);
    assert.equal(second.joinedAt, t0 + 19_995);
    // Four partitions for 5 ms: the rest of the stop is not written.
    assert.deepEqual([second.withoutOwnerMs, second.withoutOwnerAtLeastMs], [undefined, 20]);
    assert.deepEqual(
      second.moves.map(({ partition, before, after, needless }) => [partition, before, after, needless]),
      [
        [2, 'a-1', 'b-1', false],
        [3, 'a-1', 'b-1', false],
      ],
    );
    assert.equal(spansOf(found, 0), 'a-1 0-');
    assert.equal(spansOf(found, 2), 'a-1 0-19995, nobody 19995-20000, b-1 20000-');
    assert.deepEqual(found.lacks, []);
  });

  it('says that its beginning is gone where it begins later', () => {
    const found = build(generation(7, 0, [member('a-1', [0])]), generation(8, 9_000, [member('a-1', [0])]));
    assert.equal(found.rebalances.length, 1);
    assert.match(found.lacks[0]!, /before 7 are no longer in the topic/);
  });

  it('takes the begin of a rebalance from a poll that saw it', () => {
    const seen = poll(15_000, { state: 'PreparingRebalance' });
    const found = build(alone, generation(2, 20_000, [member('a-1', [0, 1]), member('b-1', [2, 3])]), seen);
    assert.equal(found.rebalances[1]!.began, t0 + 15_000);
    assert.equal(found.rebalances[1]!.withoutOwnerMs, 4 * 5_000);
    assert.equal(spansOf(found, 0), 'a-1 0-15000, nobody 15000-20000, a-1 20000-');
  });

  it('shows a rebalance that is under way, and that it is stuck', () => {
    const found = build(alone, poll(20_000), poll(25_000, { state: 'PreparingRebalance' }));
    const last = found.rebalances.at(-1)!;
    assert.deepEqual([last.began, last.ended], [t0 + 25_000, undefined]);
    assert.ok(found.findings.some(({ kind }) => kind === 'stuck-rebalance'));
  });

  describe('tells by the commits how a member went', () => {
    const both = generation(2, 100_000, [member('a-1', [0, 1]), member('b-1', [2, 3])]);
    const gone = (afterMs: number, commits: readonly CommitMark[]): Rebalance => {
      const last = generation(3, afterMs, [member('a-1', [0, 1, 2, 3])], { commits });
      return build(alone, both, last).rebalances.at(-1)!;
    };

    it('said goodbye: it was heard less than its session time-out before', () => {
      const at = 160_000;
      assert.deepEqual(causes(gone(at, [['orders', 2, t0 + at - 2_000, 12]])), ['member-left b-1 inference']);
    });

    it('timed out: it was silent for as long', () => {
      const at = 160_000;
      const commits: CommitMark[] = [['orders', 2, t0 + at - 12_000, 20]];
      assert.deepEqual(causes(gone(at, commits)), ['session-timeout b-1 inference']);
    });

    it('did not poll: its session went on, but it was silent for max.poll.interval.ms', () => {
      const at = 700_000;
      const commits: CommitMark[] = [['orders', 2, t0 + at - 301_000, 100]];
      assert.deepEqual(causes(gone(at, commits)), ['poll-timeout b-1 inference']);
    });

    it('is open where it never committed, and where it commits seldom', () => {
      const open = /left, or its session timed out/;
      assert.match(gone(160_000, []).causes[0]!.text, open);
      assert.match(gone(160_000, [['orders', 2, t0 + 130_000, 1]]).causes[0]!.text, open);
    });

    it('has most likely died where it goes without a commit, just as the session of one runs out that dies at once', () => {
      const died = gone(111_500, []);
      assert.deepEqual(causes(died), ['session-timeout b-1 inference']);
      assert.match(died.causes[0]!.text, /most likely its session timed out/);
      assert.deepEqual(causes(gone(160_000, [])), ['member-gone b-1 inference']);
    });

    it('timed out though it committed lately in a transaction, which is no heartbeat', () => {
      const at = 160_000;
      assert.deepEqual(causes(gone(at, [['orders', 2, t0 + at - 8_000, 20]])), ['member-left b-1 inference']);
      assert.deepEqual(causes(gone(at, [['orders', 2, t0 + at - 8_000, 20, true]])), ['session-timeout b-1 inference']);
    });

    it('may have gone in any way where it had fallen silent long before: its topic was quiet', () => {
      const open = /left, or its session timed out/;
      assert.match(gone(160_000, [['orders', 2, t0 + 110_000, 5]]).causes[0]!.text, open);
      assert.match(gone(700_000, [['orders', 2, t0 + 150_000, 25]]).causes[0]!.text, open);
    });

    it('cannot have timed out in less than a session time-out', () => {
      assert.deepEqual(causes(gone(105_000, [])), ['member-left b-1 inference']);
      assert.match(gone(105_000, []).causes[0]!.text, /left, or was removed/);
    });

    it('others’ commits tell nothing of it', () => {
      assert.match(gone(160_000, [every5s(0, 159_000)]).causes[0]!.text, /left, or its session timed out/);
    });
  });

  it('says that two programs use one group id, where their members read nothing in common', () => {
    const payments = { topics: ['payments'], assigned: [['payments', [0]] as const] };
    const two = [
      member('a-1', [0, 1]),
      member('b-1', [], payments),
      member('b-2', [], { topics: ['payments', 'refunds'] }),
    ];
    const [found] = build(generation(1, 0, two)).findings.filter(({ kind }) => kind === 'shared-identity');
    assert.equal(found?.text, 'Members of one group read nothing in common: 1 read orders; 2 read payments, refunds.');
    assert.deepEqual(found?.members, ['a-1', 'b-1', 'b-2']);
    const bridge = member('c-1', [], { topics: ['orders', 'payments'] });
    assert.ok(!build(generation(1, 0, [...two, bridge])).findings.some(({ kind }) => kind === 'shared-identity'));
  });

  it('says of a group of no consumers that it has no lanes', () => {
    const worker = member('w-1', [], { topics: [] });
    const { lacks, rebalances } = build(generation(1, 0, [worker], { protocolType: 'connect', assignor: 'sessioned' }));
    assert.match(lacks.join(), /no consumers \(protocol type connect\)/);
    assert.deepEqual(rebalances.map(causes), [['member-joined w-1 fact']]);
  });

  it('tells a static member that came back, which is no rebalance, from one that did not', () => {
    const pod = { instanceId: 'pod-1' };
    const before = generation(1, 0, [member('a-1', [0, 1], pod)]);
    const back = generation(1, 5_000, [member('a-2', [0, 1], pod)], { stateAt: t0 });
    const found = build(before, back, generation(2, 60_000, [], { stateAt: t0 + 60_000 }));
    const [, returned, ended] = found.rebalances as [Rebalance, Rebalance, Rebalance];
    assert.deepEqual(causes(returned), ['static-member-returned a-1,a-2 fact']);
    assert.deepEqual([returned.before, returned.after, returned.moves.length], [1, 1, 0]);
    assert.deepEqual(causes(ended), ['session-timeout a-2 inference']);
    assert.equal(spansOf(found, 0), 'a-1 0-5000, a-2 5000-60000, nobody 60000-');
    assert.deepEqual(
      found.members.map(({ id, from, to }) => [id, from - t0, to! - t0]),
      [
        ['a-1', 0, 5_000],
        ['a-2', 5_000, 60_000],
      ],
    );
  });

  it('changed subscriptions, added partitions, a leader that rejoins, another coordinator', () => {
    const wider = member('a-1', [0, 1, 2, 3], { topics: ['orders', 'payments'] });
    assert.deepEqual(causes(build(alone, generation(2, 9_000, [wider])).rebalances[1]!), [
      'subscription-changed a-1 fact',
    ]);
    assert.deepEqual(causes(build(alone, generation(2, 9_000, [member('a-1', [0, 1, 2, 3, 4, 5])])).rebalances[1]!), [
      'partitions-changed inference',
    ]);
    const same = generation(2, 9_000, [member('a-1', [0, 1, 2, 3])]);
    assert.deepEqual(causes(build(alone, same).rebalances[1]!), ['leader-rejoined a-1 inference']);
    assert.deepEqual(causes(build(alone, { ...same, coordinatorEpoch: 1 }).rebalances[1]!), [
      'coordinator-moved inference',
    ]);
  });

  it('cooperative: only what moves is without an owner, and the second step is no riddle', () => {
    const sticky = { assignor: 'cooperative-sticky' };
    const found = build(
      generation(1, 0, [member('a-1', [0, 1, 2, 3])], sticky),
      generation(2, 10_000, [member('a-1', [0, 1]), member('b-1', [])], sticky),
      generation(3, 13_000, [member('a-1', [0, 1]), member('b-1', [2, 3])], sticky),
    );
    const [, first, second] = found.rebalances as [Rebalance, Rebalance, Rebalance];
    assert.deepEqual(causes(first), ['member-joined b-1 fact']);
    assert.deepEqual(causes(second), ['cooperative-second-step inference']);
    assert.equal(spansOf(found, 0), 'a-1 0-');
    assert.equal(spansOf(found, 3), 'a-1 0-10000, nobody 10000-13000, b-1 13000-');
    assert.equal(second.withoutOwnerMs, 6_000);
    assert.ok(first.moves.every(({ needless }) => !needless));
  });

  it('counts partitions that moved though they need not have', () => {
    const found = build(
      generation(1, 0, [member('a-1', [0, 1]), member('b-1', [2, 3])]),
      generation(2, 9_000, [member('a-1', [2, 3]), member('b-1', [0, 1])]),
    );
    assert.deepEqual(
      found.rebalances[1]!.moves.map(({ needless }) => needless),
      [true, true, true, true],
    );
  });

  it('knows nothing to begin with', () => {
    const found = build();
    assert.deepEqual(
      [found.type, found.from, found.epochs.length, found.findings.length],
      ['unknown', undefined, 0, 0],
    );
  });

  it('takes a roll-out for what it is, and not for a storm', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const grown = names.map((_, index) =>
      generation(
        index + 1,
        index * 4_000,
        names.slice(0, index + 1).map((name, at) => member(`${name}-1`, [at])),
      ),
    );
    const kinds = (events: readonly GroupEvent[]): string[] => build(...events).findings.map(({ kind }) => kind);
    assert.ok(!kinds(grown).includes('rebalance-storm'), 'six members come within 20 s');
    // Hours later each is replaced by another, one after the other.
    const replaced = names.flatMap((_, index) => {
      const rest = names.slice(index + 1).map((name, at) => member(`${name}-1`, [at + index + 1]));
      const fresh = names.slice(0, index).map((name, at) => member(`${name}-2`, [at]));
      const after = 9_000_000 + index * 8_000;
      const next = member(`${names[index]!}-2`, [index]);
      return [
        generation(7 + 2 * index, after, [...fresh, ...rest]),
        generation(8 + 2 * index, after + 4_000, [...fresh, next, ...rest]),
      ];
    });
    const all = [...grown, ...replaced];
    assert.equal(build(...all).rebalances.length, 18);
    assert.ok(!kinds(all).includes('rebalance-storm'), 'each is restarted once');
    const down = names.map((_, index) =>
      generation(
        30 + index,
        19_000_000 + index * 4_000,
        names.slice(index + 1).map((name, at) => member(`${name}-2`, [at])),
      ),
    );
    assert.ok(!kinds([...all, ...down]).includes('rebalance-storm'), 'all are stopped one after the other');
  });

  it('knows a storm by members that time out, and by a leader that joins again and again', () => {
    const two = [member('a-1', [0, 1]), member('b-1', [2, 3])];
    const again = Array.from({ length: 6 }, (_, index) => generation(index + 1, index * 20_000, two));
    const [storm] = build(...again).findings;
    assert.equal(storm?.kind, 'rebalance-storm');
    assert.match(storm.text, /5 rebalances within 1 min 20 s/);
    assert.deepEqual(storm.evidence, ['5 times: Its leader joined again.']);
  });

  it('finds a storm, a member that flaps, idle members and an uneven spread', () => {
    const events = Array.from({ length: 8 }, (_, index) =>
      generation(index + 1, index * 30_000, [
        member('a-1', [0, 1, 2, 3]),
        member('i-1', []),
        ...(index % 2 === 1 ? [member(`b-${index}`, [4])] : []),
      ]),
    );
    const kinds = build(...events).findings.map(({ kind }) => kind);
    assert.deepEqual(kinds.slice(0, 2), ['rebalance-storm', 'flapping-member']);
    assert.ok(kinds.includes('idle-members') && kinds.includes('skew'));
  });
});

describe('history of a group of the consumer protocol', () => {
  const first = step(
    0,
    [{ id: 'A', joined: joining('a'), target: [['id-of-orders', [0, 1]]], current: current(1, [0, 1]) }],
    {
      epoch: 1,
    },
  );
  const second = step(
    10_000,
    [
      { id: 'B', joined: joining('b'), target: [['id-of-orders', [1]]], current: current(2, []) },
      { id: 'A', target: [['id-of-orders', [0]]] },
    ],
    { epoch: 2 },
  );
  const revoking = step(11_000, [{ id: 'A', current: current(1, [0], [1]) }]);
  const revoked = step(12_000, [{ id: 'A', current: current(2, [0]) }]);
  const taken = step(15_000, [{ id: 'B', current: current(2, [1]) }]);

  it('goes from target to current, member by member', () => {
    const waiting = {
      ...second,
      members: [{ ...second.members[0]!, current: { ...current(2, []), isStable: false } }, second.members[1]!],
    };
    const found = build(first, waiting, revoking, revoked, taken);
    assert.deepEqual(
      found.epochs.map(({ number, state }) => [number, state]),
      [
        [1, 'Stable'],
        [2, 'Stable'],
      ],
    );
    const last = found.rebalances.at(-1)!;
    assert.deepEqual(causes(last), ['member-joined B fact']);
    assert.deepEqual([last.kind, last.began! - t0, last.ended! - t0], ['epoch', 10_000, 15_000]);
    assert.equal(spansOf(found, 1), 'A 0-12000 revoking 11000, nobody 12000-15000, B 15000-');
    assert.equal(last.withoutOwnerMs, 3_000);
    assert.deepEqual(
      last.moves.map(({ partition, before, after }) => [partition, before, after]),
      [[1, 'A', 'B']],
    );
  });

  it('a member that went is gone with all it had; one that left within its session was not lost', () => {
    const gone = step(20_000, [{ id: 'B', joined: null, target: null, current: null }], { epoch: 3 });
    const found = build(first, second, revoked, taken, gone);
    assert.deepEqual(causes(found.rebalances.at(-1)!), ['member-left B inference']);
    assert.equal(spansOf(found, 1), 'A 0-12000, nobody 12000-15000, B 15000-20000, nobody 20000-');
    assert.equal(found.rebalances.at(-1)!.ended, undefined);
    const later = { ...gone, at: t0 + 120_000, commits: [['orders', 1, t0 + 70_000, 20]] as const };
    assert.deepEqual(causes(build(first, second, revoked, taken, later).rebalances.at(-1)!), [
      'session-timeout B inference',
    ]);
  });

  it('other partition counts bump the epoch, too', () => {
    const hash = step(20_000, [], { epoch: 2, metadataHash: '22' });
    const found = build({ ...first, metadataHash: '11' }, hash);
    assert.deepEqual(causes(found.rebalances.at(-1)!), ['partitions-changed fact']);
  });

  it('is that of the classic group that it was, whose change of protocol is told with the next rebalance', () => {
    const classic = generation(4, 0, [member('a-1', [0, 1]), member('b-1', [2, 3])]);
    const speaking = (id: string) => ({ ...joining(id), classicSessionTimeoutMs: 10_000 });
    const converted = step(
      5_000,
      [
        { id: 'a-1', joined: speaking('a'), current: current(4, [0, 1]) },
        { id: 'b-1', joined: speaking('b'), current: current(4, [2, 3]) },
      ],
      { epoch: 4 },
    );
    const joined = step(5_000, [{ id: 'N', joined: joining('n'), current: current(5, []) }], {
      epoch: 5,
      key: 't:0:5001',
    });
    const { rebalances, type } = build(classic, converted, joined);
    assert.equal(type, 'consumer');
    assert.deepEqual(rebalances.map(causes), [
      // What the group was before is not told.
      ['protocol-changed fact', 'member-joined N fact'],
    ]);
    assert.match(rebalances[0]!.causes[0]!.text, /from the classic to the consumer \(KIP-848\) protocol/);
  });

  it('names whom a stuck epoch waits for', () => {
    const revoking = step(
      10_000,
      [
        { id: 'B', joined: joining('b'), current: current(3, []) },
        { id: 'A', current: current(2, [0, 1], [2, 3]) },
      ],
      { epoch: 3 },
    );
    const [finding] = build(first, revoking).findings.filter(({ kind }) => kind === 'stuck-rebalance');
    assert.deepEqual(finding?.members, ['A']);
    assert.match(finding?.evidence.at(-1) ?? '', /has not given up 2 partitions yet/);
  });

  it('names a topic that nobody knows by its id', () => {
    const found = buildHistory([first], { group: 'g', now: t0 });
    assert.equal(found.spans[0]!.topic, 'id-of-orders');
    const learned = buildHistory([{ ...first, names: { 'id-of-orders': 'orders' } }], { group: 'g', now: t0 });
    assert.equal(learned.spans[0]!.topic, 'orders');
  });

  it('says that members ask for different assignors', () => {
    const { id, joined, ...rest } = second.members[0]!;
    const both = {
      ...second,
      members: [{ id, joined: { ...joined!, assignor: 'range' }, ...rest }, second.members[1]!],
    };
    const wishing = {
      ...first,
      members: first.members.map((one) => ({ ...one, joined: { ...one.joined!, assignor: 'uniform' } })),
    };
    const [finding] = build(wishing, both).findings.filter(({ kind }) => kind === 'mixed-assignors');
    assert.equal(finding?.text, 'Members ask for different assignors: 1 for uniform, 1 for range.');
  });

  it('says who of the group still speaks the classic protocol', () => {
    const classic = { ...joining('b'), classicSessionTimeoutMs: 10_000 };
    const mixed = { ...second, members: [{ ...second.members[0]!, joined: classic }, second.members[1]!] };
    const [finding, ...others] = build(first, mixed).findings.filter(({ kind }) => kind === 'mixed-assignors');
    assert.deepEqual([finding?.text, finding?.members], ['1 of 2 members speak the classic protocol.', ['B']]);
    assert.deepEqual(others, []);
    assert.ok(!build(first, second).findings.some(({ kind }) => kind === 'mixed-assignors'));
  });

  it('of a share group a partition has several owners', () => {
    const shared = step(
      0,
      [
        { id: 'A', joined: joining('a'), current: current(1, [0]) },
        { id: 'B', joined: joining('b'), current: current(1, [0]) },
      ],
      { epoch: 1, type: 'share' },
    );
    const found = build(shared, step(5_000, [{ id: 'A', joined: null, current: null }], { epoch: 2, type: 'share' }));
    assert.equal(spansOf(found, 0), 'A 0-5000, B 0-');
  });

  it('of a share group each member takes up and gives up for itself, and nobody can say when it was heard', () => {
    const share = { type: 'share' } as const;
    const one = step(0, [{ id: 'A', joined: joining('a'), current: current(1, [0, 1]) }], { ...share, epoch: 1 });
    const two = step(9_000, [{ id: 'B', joined: joining('b'), current: current(2, [0, 1]) }], { ...share, epoch: 2 });
    const gone = step(300_000, [{ id: 'A', joined: null, target: null, current: null }], { ...share, epoch: 3 });
    const settled = step(300_100, [{ id: 'B', current: current(3, [0, 1]) }], share);
    const found = build(one, two, step(9_100, [{ id: 'A', current: current(2, [0, 1]) }], share), gone, settled);
    const moves = found.rebalances.map((rebalance) =>
      rebalance.moves.map(({ partition, before, after }) => `${partition} ${before ?? '-'} ${after ?? '-'}`),
    );
    assert.deepEqual(moves, [
      ['0 - A', '1 - A'],
      ['0 - B', '1 - B'],
      ['0 A -', '1 A -'],
    ]);
    assert.deepEqual(causes(found.rebalances[2]!), ['member-gone A inference']);
    assert.match(found.rebalances[2]!.causes[0]!.evidence.join(' '), /Members of a share group commit nothing/);
    assert.equal(found.rebalances[2]!.withoutOwnerMs, 0);
    assert.deepEqual(found.findings, []);
  });

  it('of a share group partitions are handed out once they are ready to be shared', () => {
    const share = { type: 'share' } as const;
    const found = build(
      step(0, [{ id: 'A', joined: joining('a'), target: [], current: current(2, []) }], {
        ...share,
        epoch: 2,
        initialized: 0,
      }),
      step(1_000, [], { ...share, initialized: 2 }),
      step(1_500, [{ id: 'A', target: [['id-of-orders', [0, 1]]] }], { ...share, epoch: 3 }),
      step(2_000, [{ id: 'A', current: current(3, [0, 1]) }], share),
      step(9_000, [], { ...share, epoch: 4 }),
    );
    assert.deepEqual(found.rebalances.map(causes), [
      ['member-joined A fact'],
      ['partitions-changed inference'],
      ['unknown inference'],
    ]);
  });

  it('of a streams group tasks are partitions of the topics that they read, and another topology is a cause', () => {
    const streams = { type: 'streams' } as const;
    const tasks = (epoch: number, ids: readonly number[]): NonNullable<StepMember['current']> => ({
      ...current(epoch, []),
      assigned: [['0', ids]],
    });
    const found = build(
      step(0, [{ id: 'A', joined: joining('a'), current: tasks(1, [0, 1]) }], {
        ...streams,
        epoch: 1,
        topology: { 0: ['orders', 'prices'] },
      }),
      step(60_000, [{ id: 'A', current: tasks(2, [0]) }], { ...streams, epoch: 2, topology: { 0: ['orders'] } }),
    );
    assert.deepEqual(
      found.spans.map(({ topic, partition, to }) => [topic, partition, to === undefined]),
      [
        ['orders', 0, true],
        ['orders', 1, false],
        ['orders', 1, true],
        ['prices', 0, false],
        ['prices', 0, true],
        ['prices', 1, false],
        ['prices', 1, true],
      ],
    );
    assert.deepEqual(causes(found.rebalances[1]!), ['subscription-changed fact']);
  });
});

describe('history by polls only', () => {
  it('shows what polls saw, and between which two it changed', () => {
    const one = {
      id: 'a-1',
      instanceId: null,
      clientId: 'a',
      host: '/h',
      epoch: undefined,
      topics: ['orders'],
      target: undefined,
    };
    const found = build(
      poll(0, { before: undefined, members: [{ ...one, assigned: [['orders', [0, 1]]] }] }),
      poll(5_000, { state: 'PreparingRebalance', members: [{ ...one, assigned: undefined }] }),
      poll(10_000, {
        members: [
          { ...one, assigned: [['orders', [0]]] },
          { ...one, id: 'b-1', clientId: 'b', assigned: [['orders', [1]]] },
        ],
      }),
    );
    assert.deepEqual(found.sources, ['poll']);
    assert.equal(found.rebalances.length, 1);
    assert.deepEqual(causes(found.rebalances[0]!), ['member-joined b-1 fact']);
    assert.deepEqual([found.rebalances[0]!.began, found.rebalances[0]!.ended], [t0 + 5_000, t0 + 10_000]);
    assert.equal(spansOf(found, 1), 'a-1 0-5000, nobody 5000-10000, b-1 10000-');
  });

  it('takes a member that polls still list for no sign of life', () => {
    const of = (id: string, epoch: number) => ({
      id,
      instanceId: null,
      clientId: id,
      host: '/h',
      epoch,
      topics: ['orders'],
      assigned: [['orders', [0]]] as const,
      target: undefined,
    });
    const seen = (afterMs: number, epoch: number, members: readonly ReturnType<typeof of>[]) =>
      poll(afterMs, { type: 'consumer', epoch, members });
    const found = build(
      seen(0, 1, [of('A', 1), of('B', 1)]),
      seen(200_000, 2, [of('A', 1), of('B', 2), of('C', 2)]),
      seen(210_000, 3, [of('B', 3), of('C', 3)]),
    );
    // It was listed 10 s before, but said nothing for 200 s.
    assert.deepEqual(causes(found.rebalances.at(-1)!), ['member-gone A inference']);
  });
});
