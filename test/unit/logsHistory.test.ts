import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { GroupHistory, Rebalance, RebalanceCause } from '../../src/groups/assignmentHistory.ts';
import { readLog } from '../../src/history/logs/readLog.ts';
import type { LogEvent } from '../../src/history/logs/logEvent.ts';
import { withLogEvents } from '../../src/history/logs/withLogEvents.ts';

const t0 = Date.parse('2026-11-21T05:00:00Z');

/** Lines of a file `server.log`: seconds after `t0`, and the coordinator's words. */
async function logOf(...lines: [seconds: number, text: string][]): Promise<LogEvent[]> {
  const text = lines.map(([seconds, words]) => {
    const at = new Date(t0 + seconds * 1000).toISOString().replace('T', ' ').replace('.', ',').replace('Z', '');
    return `[${at}] INFO ${words.startsWith('[') ? words : `[GroupCoordinator 1]: ${words}`}`;
  });
  const pieces = (async function* () {
    yield Buffer.from(text.join('\n'));
  })();
  const options = { file: '/var/log/server.log', zone: 'utc' as const, written: 0 };
  return [...(await readLog(pieces, options)).events];
}

function rebalance(after: number, endedSeconds: number, more: Partial<Rebalance> = {}): Rebalance {
  return {
    id: `r${after}`,
    kind: 'eager',
    began: undefined,
    ended: t0 + endedSeconds * 1000,
    before: after - 1,
    after,
    membersBefore: 1,
    membersAfter: 1,
    causes: [],
    moves: [],
    withoutOwnerMs: undefined,
    recordsMeanwhile: undefined,
    ...more,
  };
}

function cause(of: RebalanceCause['cause'], members: string[], more: Partial<RebalanceCause> = {}): RebalanceCause {
  return { cause: of, members, text: of, certainty: 'inference', source: 'topic', evidence: [`why ${of}`], ...more };
}

function historyOf(rebalances: Rebalance[], more: Partial<GroupHistory> = {}): GroupHistory {
  return {
    group: 'g',
    type: 'classic',
    from: t0,
    to: t0 + 3_600_000,
    sources: ['topic'],
    lacks: [],
    members: [],
    epochs: [],
    spans: [],
    rebalances,
    findings: [],
    ...more,
  };
}

const prepare = (generation: number, reason: string): string =>
  `Preparing to rebalance group g in state PreparingRebalance with old generation ${generation} (reason: ${reason})`;
const received = (generation: number, members = 1): string =>
  `Assignment received from leader c-1 for group g for generation ${generation}. The group has ${members} members, 0 of which are static.`;

const v4 = '[GroupCoordinator id=1 topic=__consumer_offsets partition=2]';

describe('withLogEvents', () => {
  it('puts facts in place of inferences about the same member, and keeps their evidence and all other causes', async () => {
    const before = historyOf([
      rebalance(4, 10, {
        causes: [
          cause('member-left', ['c-2']),
          cause('member-joined', ['c-3'], { certainty: 'fact' }),
          cause('session-timeout', ['c-9']),
        ],
      }),
    ]);
    const events = await logOf(
      [7, 'Member c-2 in group g has failed, removing it from the group.'],
      [7.1, prepare(3, 'removing member c-2 on heartbeat expiration')],
      [10, received(4)],
    );
    const [one] = withLogEvents(before, events).rebalances;
    assert.equal(one?.began, t0 + 7_100);
    assert.deepEqual(
      one?.causes.map(({ cause: of, members, certainty, source }) => [of, members, certainty, source]),
      [
        ['session-timeout', ['c-2'], 'fact', 'log'],
        ['member-joined', ['c-3'], 'fact', 'topic'],
        ['session-timeout', ['c-9'], 'inference', 'topic'],
      ],
    );
    const [fact] = one?.causes ?? [];
    assert.deepEqual([fact?.line?.file, fact?.line?.line], ['/var/log/server.log', 1]);
    assert.ok(fact?.evidence.includes('why member-left'));
    assert.equal(fact?.evidence.filter((text) => text.startsWith('server.log, line ')).length, 2);
  });

  it('gives the reason that a client sent (KIP-800)', async () => {
    const history = historyOf([rebalance(4, 10, { causes: [cause('leader-rejoined', ['c-1'])] })]);
    const reasons: [string, string][] = [
      [
        'leader c-1 re-joining group during Stable; client reason: cached metadata has changed from (version1: {orders=[NoRacks]}) at the beginning of the rebalance to (version2: {orders=[NoRacks, NoRacks]})',
        'partitions-changed',
      ],
      ['leader c-1 re-joining group during Stable; client reason: rebalance enforced by user', 'leader-rejoined'],
      [
        'Updating metadata for member c-1 during Stable; client reason: need to revoke partitions [orders-1] as indicated by the current assignment and re-join',
        'cooperative-second-step',
      ],
      ['Removing member c-2 on LeaveGroup; client reason: consumer poll timeout has expired.', 'poll-timeout'],
    ];
    for (const [reason, expected] of reasons) {
      const events = await logOf([9, prepare(3, reason)], [10, received(4)]);
      const [first] = withLogEvents(history, events).rebalances[0]?.causes ?? [];
      assert.deepEqual([first?.cause, first?.certainty], [expected, 'fact'], reason);
      assert.ok(first?.evidence[0]?.includes(reason.slice(reason.indexOf('client reason: ') + 15).replace(/\.$/, '')));
    }
  });

  it('lays every line on the time line, with the rebalance that it belongs to', async () => {
    const before = historyOf([rebalance(4, 10), rebalance(5, 200, { began: t0 + 190_000 })]);
    const events = await logOf(
      [5, prepare(3, 'removing member c-2 on heartbeat expiration')],
      [10, received(4)],
      [60, '[Consumer clientId=c, groupId=g] Discovered group coordinator 127.0.0.1:9092 (id: 1 rack: null)'],
      [195, '[Consumer clientId=c, groupId=g] Revoke previously assigned partitions orders-0'],
      [203, '[Consumer clientId=c, groupId=g] Adding newly assigned partitions: orders-0'],
      [
        300,
        "[Consumer clientId=c, groupId=g] Successfully joined group with generation Generation{generationId=5, memberId='c-1', protocol='range'}",
      ],
      [
        900,
        "[Consumer clientId=c, groupId=g] Successfully joined group with generation Generation{generationId=5, memberId='c-1', protocol='range'}",
      ],
    );
    const { lines = [] } = withLogEvents(before, events);
    assert.deepEqual(
      lines.map(({ line, rebalance: id, program }) => [line, id, program]),
      [
        [1, 'r4', 'broker'],
        [2, 'r4', 'broker'],
        [3, undefined, 'java'],
        [4, 'r5', 'java'],
        [5, 'r5', 'java'],
        [6, 'r5', 'java'],
        [7, undefined, 'java'],
      ],
    );
    assert.equal(lines[0]?.at, t0 + 5_000);
    assert.equal(lines[2]?.message, 'Discovered group coordinator 127.0.0.1:9092 (id: 1 rack: null)');
  });

  it('adds rebalances that only the log tells, and counts their members', async () => {
    const events = await logOf(
      [-100, prepare(1, 'Adding new member c-2 with group instance id None; client reason: not provided')],
      [-98, 'Stabilized group g generation 2 (__consumer_offsets-5) with 2 members'],
      [-97, received(2, 2)],
      [-50, prepare(2, 'removing member c-2 on heartbeat expiration')],
      [-49, 'Stabilized group g generation 3 (__consumer_offsets-5) with 1 members'],
      [-48, received(3)],
    );
    const history = withLogEvents(historyOf([rebalance(4, 10)]), events);
    assert.deepEqual(
      history.rebalances.map(({ before, after, membersBefore, membersAfter, causes }) => [
        before,
        after,
        membersBefore,
        membersAfter,
        causes[0]?.cause,
      ]),
      [
        [1, 2, 1, 2, 'member-joined'],
        [2, 3, 2, 1, 'session-timeout'],
        [3, 4, 1, 1, undefined],
      ],
    );
    assert.equal(history.from, t0 - 100_000);
    const again = withLogEvents(historyOf([rebalance(4, 10)]), events);
    assert.deepEqual(
      again.rebalances.map(({ id }) => id),
      history.rebalances.map(({ id }) => id),
    );
  });

  it('knows that a rebalance is over that was overtaken by the next one', async () => {
    const events = await logOf(
      [-100, prepare(0, 'Adding new member c-1 with group instance id None')],
      [-99, prepare(1, 'Adding new member c-2 with group instance id None')],
      [-98, received(2, 2)],
    );
    const { rebalances } = withLogEvents(historyOf([rebalance(4, 10)]), events);
    assert.deepEqual(
      rebalances.map(({ after, began, ended }) => [after, began && began - t0, ended! - t0]),
      [
        [1, -100_000, -99_000],
        [2, -99_000, -98_000],
        [4, undefined, 10_000],
      ],
    );
  });

  it('takes no rebalance for another of the same generation at another time', async () => {
    const history = historyOf([rebalance(1, 10), rebalance(2, 20), rebalance(1, 2_000), rebalance(2, 2_010)]);
    const events = await logOf(
      [1_999, prepare(0, 'Adding new member c-1 with group instance id None')],
      [2_000, received(1)],
    );
    const laid = withLogEvents(history, events);
    assert.deepEqual(
      laid.rebalances.map(({ began }) => began),
      [undefined, undefined, t0 + 1_999_000, undefined],
    );
  });

  it('knows from the member itself that it did not poll in time', async () => {
    const life = {
      id: 'c-2',
      instanceId: undefined,
      clientId: 'c',
      host: '',
      from: t0,
      to: t0 + 10_000,
      left: undefined,
    };
    const history = historyOf([rebalance(4, 10, { causes: [cause('member-left', ['c-2'])] })], { members: [life] });
    const events = await logOf(
      [8, '[Consumer clientId=c, groupId=g] consumer poll timeout has expired. This means the time between ...'],
      [8.1, '[Consumer clientId=c, groupId=other] consumer poll timeout has expired.'],
    );
    const laid = withLogEvents(history, events);
    assert.deepEqual(
      laid.rebalances[0]?.causes.map(({ cause: of, line }) => [of, line?.line]),
      [['poll-timeout', 1]],
    );
    assert.deepEqual([laid.members[0]?.left?.certainty, laid.members[0]?.left?.line?.line], ['fact', 1]);
  });

  it('knows from a static member itself that another one threw it out', async () => {
    const lives = ['pod-a', 'pod-b'].map((id) => ({
      ...{ id, instanceId: 'pod-1', clientId: 'c', host: '', from: t0, to: undefined, left: undefined },
    }));
    const returned = cause('static-member-returned', ['pod-a', 'pod-b'], { certainty: 'fact' });
    const history = historyOf([rebalance(4, 10, { causes: [returned] })], { members: lives });
    const words = 'OffsetCommit failed with m: due to group instance id pod-1 fenced';
    const events = await logOf(
      [12, `[Consumer instanceId=pod-2, clientId=c, groupId=g] ${words}`],
      [12, `[Consumer instanceId=pod-1, clientId=c, groupId=g] ${words}`],
    );
    const [one] = withLogEvents(history, events).rebalances;
    assert.deepEqual(
      one?.causes.map(({ cause: of, members, line }) => [of, members, line?.line]),
      [['static-member-replaced', ['pod-a', 'pod-b'], 2]],
    );
  });

  it('keeps that a member had not polled where the broker only knows that it left', async () => {
    const history = historyOf([rebalance(4, 10, { causes: [cause('poll-timeout', ['c-2'])] })]);
    const left = `${v4} [Group g] Member c-2 has left group through explicit \`LeaveGroup\` request; client reason: `;
    const [silent] = withLogEvents(
      history,
      await logOf(
        [9.9, prepare(3, 'explicit `LeaveGroup` request for (c-2) members.')],
        [9.9, `${left}not provided`],
        [10, received(4)],
      ),
    ).rebalances;
    assert.deepEqual(
      silent?.causes.map(({ cause: of, certainty, line }) => [of, certainty, line?.line]),
      [['poll-timeout', 'inference', 1]],
    );
    const [closed] = withLogEvents(
      history,
      await logOf(
        [9.9, `${left}the consumer is being closed`],
        [9.9, prepare(3, 'explicit `LeaveGroup` request for (c-2) members.')],
        [10, received(4)],
      ),
    ).rebalances;
    assert.deepEqual(
      closed?.causes.map(({ cause: of, certainty }) => [of, certainty]),
      [['member-left', 'fact']],
    );
  });

  it('does not take who joins again, as classic members of a consumer group do, for somebody new', async () => {
    const life = {
      id: 'c-2',
      instanceId: undefined,
      clientId: 'c',
      host: '',
      from: t0,
      to: undefined,
      left: undefined,
    };
    const history = historyOf([rebalance(4, 10, { kind: 'epoch', began: t0 + 10_000 })], { members: [life] });
    const events = await logOf(
      [9, `${v4} [GroupId g] Member c-2 joins the consumer group using the classic protocol.`],
      [9.5, `${v4} [GroupId g] Member N joins the consumer group using the consumer protocol.`],
      [10, `${v4} [GroupId g] Bumped group epoch to 4 with metadata hash 1.`],
    );
    const [one] = withLogEvents(history, events).rebalances;
    assert.deepEqual(
      one?.causes.map(({ cause: of, members }) => [of, members.join()]),
      [['member-joined', 'N']],
    );
  });

  it('takes a line that names no group to be of the one member with its client id, as an inference', async () => {
    const lives = ['c-2', 'd-1', 'd-2'].map((id) => ({
      id,
      instanceId: undefined,
      clientId: id.slice(0, 1),
      host: '',
      from: t0,
      to: t0 + 10_000,
      left: undefined,
    }));
    const departures = ['c-2', 'd-1', 'd-2'].map((id) => cause('member-left', [id]));
    const history = historyOf([rebalance(4, 10, { causes: departures })], { members: lives });
    const said = (client: string): string =>
      `%4|${(t0 + 9_000) / 1000}.000|MAXPOLL|${client}#consumer-1| [thrd:main]: Application maximum poll interval (6000ms) exceeded by 118ms`;
    const pieces = (async function* () {
      yield Buffer.from([said('c'), said('d'), said('elsewhere')].join('\n'));
    })();
    const { events } = await readLog(pieces, { file: 'stderr.log', zone: 'utc', written: 0 });
    assert.equal(events.length, 3);
    assert.deepEqual(
      withLogEvents(history, events).rebalances[0]?.causes.map(({ cause: of, members, certainty, source }) => [
        of,
        members.join(),
        certainty,
        source,
      ]),
      [
        ['poll-timeout', 'c-2', 'inference', 'log'],
        ['member-left', 'd-1', 'inference', 'topic'],
        ['member-left', 'd-2', 'inference', 'topic'],
      ],
    );
  });

  it('moves times by whole quarters of an hour where only that fits the history, and says so', async () => {
    const history = historyOf([rebalance(4, 10), rebalance(5, 100)]);
    const events = await logOf([9, prepare(3, 'x')], [10, received(4)], [99, prepare(4, 'y')], [100, received(5)]);
    const late = events.map((event) => ({ ...event, at: event.at + 7_200_000 }));
    const laid = withLogEvents(history, late);
    assert.deepEqual(
      laid.rebalances.map(({ began }) => began),
      [t0 + 9_000, t0 + 99_000],
    );
    assert.match(laid.lacks.join(), /server\.log .*-2 h/);
    // A line with a zone of its own is right.
    const sure = withLogEvents(
      history,
      late.map((event) => ({ ...event, isZoneAssumed: false })),
    );
    assert.deepEqual(sure.lacks, []);
    assert.deepEqual(withLogEvents(history, events).lacks, []);
  });

  it('leaves a history alone of which the log does not speak', async () => {
    const history = historyOf([rebalance(4, 10)]);
    assert.equal(withLogEvents(history, []), history);
    const others = (await logOf([9, prepare(3, 'x')])).map((event) => ({ ...event, group: 'other' }));
    assert.equal(withLogEvents(history, others), history);
  });

  it('tells who went from a group of the new protocols, whose epoch goes on without a line that says so', async () => {
    const epoch = (after: number, seconds: number, causes: RebalanceCause[]): Rebalance =>
      rebalance(after, seconds, { kind: 'epoch', began: t0 + seconds * 1000, causes });
    const history = historyOf([
      epoch(2, 10, [cause('member-joined', ['b'])]),
      epoch(3, 20, [cause('member-gone', ['b'])]),
      epoch(4, 22, [cause('member-joined', ['c'])]),
      epoch(5, 30, [cause('member-gone', ['c'])]),
      epoch(6, 31, [cause('member-joined', ['d'])]),
    ]);
    const events = await logOf(
      [10, '[GroupCoordinator id=1] [GroupId g] Member b joins the share group using consumer protocol.'],
      [10, '[GroupCoordinator id=1] [GroupId g] Bumped group epoch to 2 with metadata hash 1.'],
      [20, '[GroupCoordinator id=1] [GroupId g] Member b fenced from the group because the member session expired.'],
      [
        20.1,
        "[GroupCoordinator id=1] [GroupId g] Computed a new target assignment for epoch 3 with 'simple' assignor in 0ms.",
      ],
      [22, '[GroupCoordinator id=1] [GroupId g] Member c joins the share group using consumer protocol.'],
      [22, '[GroupCoordinator id=1] [GroupId g] Member c updated its subscribed topics to: [orders].'],
      [22, '[GroupCoordinator id=1] [GroupId g] Bumped group epoch to 4 with metadata hash 1.'],
      [30, '[GroupCoordinator id=1] [GroupId g] Member c left the share group.'],
      [31, '[GroupCoordinator id=1] [GroupId g] Member d joins the share group using consumer protocol.'],
      [31, '[GroupCoordinator id=1] [GroupId g] Bumped group epoch to 6 with metadata hash 1.'],
    );
    const told = withLogEvents(history, events).rebalances.map(({ causes }) =>
      causes.map(({ cause: of, members, certainty }) => `${of} ${members.join()} ${certainty}`),
    );
    assert.deepEqual(told, [
      ['member-joined b fact'],
      ['session-timeout b fact'],
      ['member-joined c fact'],
      ['member-left c fact'],
      ['member-joined d fact'],
    ]);
  });
});
