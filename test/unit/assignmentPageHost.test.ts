import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { GroupHistory, OwnerSpan } from '../../src/groups/assignmentHistory.ts';
import { AssignmentFeed } from '../../src/ui/panels/assignments/assignmentFeed.ts';
import { exportHistory } from '../../src/ui/panels/assignments/exportHistory.ts';
import type { ToAssignmentsPage } from '../../src/ui/panels/assignments/protocol.ts';
import type { HistoryNews } from '../../src/ui/panels/assignments/services.ts';
import { CancelledError } from '../../src/shared/errors.ts';
import { billingHistory, largeHistory, minute, t0 } from '../pages/assignmentHistories.ts';
import { until } from '../support/until.ts';
import { aGroup, aMember, aSnapshot } from '../support/snapshots.ts';
import { scriptedClusters, ScriptedWatch } from './panelsFixtures.ts';

interface Feeding {
  readonly feed: AssignmentFeed;
  readonly sent: ToAssignmentsPage[];
  readonly watch: ScriptedWatch;
  readonly clusters: ReturnType<typeof scriptedClusters>;
  readonly watches: Record<string, ScriptedWatch | undefined>;
  readonly tell: (news: HistoryNews) => void;
  readonly following: () => number;
  /** Ids of the rebalances that the cluster was asked about. */
  readonly counted: string[];
}

function feeding(members: readonly string[] = ['alpha-5b1c0c1e', 'gamma-5b1c0c1e']): Feeding {
  const watch = new ScriptedWatch();
  watch.pollUnseen(aSnapshot({ groups: [aGroup('billing', { members: members.map((id) => aMember(id)) })] }));
  const watches: Record<string, ScriptedWatch | undefined> = { local: watch };
  const clusters = scriptedClusters(watches);
  const sent: ToAssignmentsPage[] = [];
  let tell: (news: HistoryNews) => void = () => {};
  let following = 0;
  const counted: string[] = [];
  const feed = new AssignmentFeed({
    cluster: 'local',
    group: 'billing',
    services: {
      ...clusters,
      followHistory: (cluster, _group, listener) => {
        if (watches[cluster] === undefined) return undefined;
        tell = listener;
        following++;
        return { dispose: () => void following-- };
      },
      recordsMeanwhile: async (_cluster, { id }, signal) => {
        counted.push(id);
        await Promise.resolve();
        if (signal.aborted) throw new CancelledError();
        const isSettled = id === 'r2';
        const why = isSettled ? undefined : 'No answer.';
        return { records: isSettled ? 12n : undefined, isLeast: false, why, isSettled };
      },
    },
    send: (message) => void sent.push(JSON.parse(JSON.stringify(message)) as ToAssignmentsPage),
    now: () => t0 + 60 * minute,
  });
  return { feed, sent, watch, clusters, watches, tell: (news) => tell(news), following: () => following, counted };
}

type Full = Extract<ToAssignmentsPage, { type: 'full' }>;
type Update = Extract<ToAssignmentsPage, { type: 'update' }>;

describe('the feed of the assignment page', () => {
  it('reads while the page is still loading, and tells it all once it is there', () => {
    const { feed, sent, tell, following } = feeding();
    feed.prepare();
    tell({ history: billingHistory() });
    assert.deepEqual([sent.length, following()], [0, 1]);
    feed.start();
    assert.deepEqual([sent.length, sent[0]?.type, following()], [1, 'full', 1]);
    assert.equal((sent[0] as Full).lanes.length, 3);
    feed.stop();
    assert.equal(following(), 0);
    feed.start();
    assert.deepEqual([sent.length, following()], [2, 1]);
    feed.dispose();
  });

  it('goes to the line of a log as soon as that is laid on the history, and sends lines once', () => {
    const { feed, sent, tell } = feeding();
    const line = {
      file: '/log',
      line: 7,
      text: 'INFO',
      message: 'x'.repeat(900),
      at: t0 + minute,
      program: 'java' as const,
    };
    const history = { ...billingHistory(), lines: [{ ...line, member: undefined, rebalance: 'r2' }] };
    feed.showLine({ file: '/log', line: 7 });
    feed.start();
    tell({ history: billingHistory() });
    assert.ok(sent.every(({ type }) => type !== 'show'));
    tell({ history });
    const update = sent.at(-2) as Update;
    assert.deepEqual(update.lines, [
      { at: t0 + minute, file: '/log', line: 7, text: 'x'.repeat(500), rebalance: 'r2' },
    ]);
    assert.equal(update.model.lines, 1);
    assert.deepEqual(sent.at(-1), { type: 'show', at: t0 + minute, rebalance: 'r2' });
    tell({ history: { ...history } });
    assert.equal((sent.at(-1) as Update).lines, undefined);
    tell({ history: billingHistory() });
    assert.deepEqual((sent.at(-1) as Update).lines, []);
    feed.dispose();
  });

  it('tells all once, then only what changed, with members at their places', () => {
    const { feed, sent, tell } = feeding();
    feed.start();
    assert.equal(sent[0]?.type, 'full');
    tell({ history: billingHistory() });
    const first = sent.at(-1) as Update;
    assert.deepEqual(
      first.members.map(({ name }) => name),
      ['alpha', 'beta', 'gamma'],
    );
    assert.deepEqual(first.lanes[1], {
      topic: 'orders',
      partition: 1,
      base: t0,
      spans: [0, 10, 0, -1, 10, 30, 1, -1, 30, 31, -1, -1, 31, -1, 0, -1].map((value, index) =>
        index % 4 < 2 && value > 0 ? value * minute : value,
      ),
    });
    assert.equal(first.lanes[2]?.spans[3], 36 * minute);
    assert.equal(first.rebalances.length, 3);

    tell({ history: billingHistory() });
    const same = sent.at(-1) as Update;
    assert.deepEqual([same.lanes, same.rebalances, same.removedLanes], [[], [], []]);

    const changed = billingHistory();
    tell({ history: { ...changed, spans: changed.spans.slice(0, -1), rebalances: changed.rebalances.slice(1) } });
    const next = sent.at(-1) as Update;
    assert.deepEqual(
      next.lanes.map(({ partition }) => partition),
      [2],
    );
    assert.deepEqual(next.removedRebalances, ['r1']);
  });

  it('sends of a lane what comes behind the spans that the page has', () => {
    const { feed, sent, tell } = feeding();
    feed.start();
    const history = billingHistory();
    const last = history.spans.at(-1)!;
    const ended = { ...last, to: history.to };
    const fresh = { ...last, member: undefined, from: history.to, revokingFrom: undefined };
    tell({ history });
    const told = (sent.at(-1) as Update).lanes.find(({ partition }) => partition === last.partition)!;
    tell({ history: { ...history, spans: [...history.spans.slice(0, -1), ended, fresh] } });
    const [change, ...others] = (sent.at(-1) as Update).lanes;
    assert.deepEqual(others, []);
    assert.equal(change?.kept, told.spans.length / 4 - 1);
    assert.equal(change?.spans.length, 8);
    assert.deepEqual(change?.spans.slice(4), [history.to - told.base, -1, -1, -1]);
    feed.stop();
    feed.start();
    tell({ history });
    assert.ok((sent.at(-1) as Update).lanes.every(({ kept }) => kept === undefined));
  });

  it('keeps the places of members when an older part of the past becomes known', () => {
    const { feed, sent, tell } = feeding();
    feed.start();
    const history = billingHistory();
    const late = { ...history, members: history.members.slice(2), spans: history.spans.slice(-1), rebalances: [] };
    tell({ history: late });
    tell({ history });
    const { members, lanes } = sent.at(-1) as Update;
    assert.equal(members[0]?.name, 'gamma');
    for (const { spans } of lanes) for (let at = 2; at < spans.length; at += 4) assert.ok(spans[at]! < members.length);
    const orders2 = lanes.find(({ partition }) => partition === 2)!;
    assert.deepEqual([members[orders2.spans[2]!]?.name, members[orders2.spans[6]!]?.name], ['alpha', 'gamma']);
  });

  it('tells who joined and left by the epochs before and after, exact counts, and moves when asked', () => {
    const { feed, sent, tell } = feeding();
    feed.start();
    tell({ history: billingHistory() });
    const [joined, left] = (sent.at(-1) as Update).rebalances;
    assert.deepEqual([joined?.joined, joined?.left, left?.joined, left?.left], [[1], [], [], [1]]);
    assert.deepEqual([left?.moved, left?.needless, left?.withoutOwnerMs], [1, 0, 60_000]);
    feed.moves('r3');
    assert.deepEqual(sent.at(-1), {
      type: 'moves',
      rebalance: 'r3',
      moves: [{ topic: 'orders', partition: 2, before: 0, after: 2, needless: true }],
    });
  });

  it('lays the owners of a partition that members share side by side, and says what is still to be taken up', () => {
    const { feed, sent, tell } = feeding();
    feed.start();
    const history = billingHistory();
    const [alpha, beta] = history.members.map(({ id }) => id);
    const span = (member: string | undefined, from: number, to?: number): OwnerSpan => ({
      topic: 'orders',
      partition: 0,
      member,
      from: t0 + from,
      to: to === undefined ? undefined : t0 + to,
    });
    const epochs = [{ ...history.epochs.at(-1)!, number: 5 }].map((epoch) => ({
      ...epoch,
      members: [alpha!, beta!].map((id) => ({
        id,
        memberEpoch: 5,
        subscription: ['orders'],
        assigned: [],
        target: [0, 1].map((partition) => ({ topic: 'orders', partition })),
        revoking: [],
      })),
    }));
    const spans = [span(alpha, 0, 20), span(beta, 10, 30), span(undefined, 30, 40), span(beta, 40), span(alpha, 50)];
    tell({ history: { ...history, type: 'share', epochs, spans } });
    const { lanes, model } = sent.at(-1) as Update;
    assert.deepEqual(
      lanes.map(({ nth, base, spans: numbers }) => [nth, base - t0, numbers.join()]),
      [
        [undefined, 0, '0,20,0,-1,30,40,-1,-1,50,-1,0,-1'],
        [1, 10, '0,20,1,-1,30,-1,1,-1'],
      ],
    );
    assert.deepEqual(
      model.pending.map(({ key, member }) => [key, member]),
      [
        ['orders/1', 0],
        ['orders/1', 1],
      ],
    );
    // One of them goes, and its lane with it.
    tell({ history: { ...history, type: 'share', epochs, spans: [span(alpha, 0)] } });
    assert.deepEqual((sent.at(-1) as Update).removedLanes, ['orders/0#1']);
  });

  it('gives those that are there the colours that they have everywhere', () => {
    const { feed, sent, tell } = feeding(['aaa', 'alpha-5b1c0c1e', 'gamma-5b1c0c1e']);
    feed.start();
    tell({ history: billingHistory() });
    const colors = (sent.at(-1) as Update).members.map(({ color }) => color);
    assert.deepEqual(colors, ['green', 'yellow', 'purple']);
  });

  it('sends much in portions', () => {
    const { feed, sent, tell } = feeding();
    feed.start();
    const history = largeHistory(400, 300);
    tell({ history });
    const portions = sent.slice(1);
    assert.ok(portions.length > 2);
    const lanes = portions.flatMap((message) => ('lanes' in message ? message.lanes : []));
    assert.equal(lanes.length, 400);
    assert.equal(
      lanes.reduce((sum, { spans }) => sum + spans.length / 4, 0),
      history.spans.length,
    );
    assert.deepEqual(
      portions.map((message) => 'more' in message && message.more),
      [...Array.from({ length: portions.length - 1 }, () => true), false],
    );
  });

  it('asks nothing of the cluster while it is hidden, and tells all again afterwards', () => {
    const { feed, sent, tell, watch, following } = feeding();
    feed.start();
    tell({ history: billingHistory() });
    feed.lags(['orders/0']);
    feed.stop();
    const count = sent.length;
    assert.deepEqual([watch.looking, following()], [0, 0]);
    tell({ history: billingHistory() });
    assert.equal(sent.length, count);
    feed.start();
    tell({ history: billingHistory() });
    assert.equal((sent.at(-1) as Update).lanes.length, 3);
  });

  it('says that the cluster is not connected, and goes on when it is', () => {
    const { feed, sent, watches, clusters, watch, following } = feeding();
    watches['local'] = undefined;
    feed.start();
    assert.notEqual((sent.at(-1) as Update).model.frame.problem, undefined);
    watches['local'] = watch;
    clusters.changed();
    assert.equal(following(), 1);
    assert.equal((sent.at(-1) as Update).model.frame.problem?.kind, 'loading');
  });

  it('keeps a failure from hiding what is known', () => {
    const { feed, sent, tell } = feeding();
    feed.start();
    tell({ failure: 'No answer.' });
    assert.equal((sent.at(-1) as Update).model.frame.problem?.kind, 'failed');
    tell({ history: billingHistory() });
    tell({ failure: 'No answer.' });
    const { frame } = (sent.at(-1) as Update).model;
    assert.deepEqual([frame.problem, frame.partial], [undefined, ['No answer.']]);
  });
});

describe('records that came meanwhile', () => {
  it('are asked for once where the history does not tell, and again only where they may become known', async () => {
    const { feed, sent, tell, counted } = feeding();
    feed.start();
    tell({ history: billingHistory() });
    feed.meanwhile(['r1', 'r2', 'r3']);
    assert.deepEqual(sent.at(-1), {
      type: 'meanwhile',
      counts: [{ rebalance: 'r1', records: '9007199254740993' }],
    });
    await until('the others are counted', () => sent.filter(({ type }) => type === 'meanwhile').length === 2);
    assert.deepEqual(sent.at(-1), {
      type: 'meanwhile',
      counts: [
        { rebalance: 'r2', records: '12' },
        { rebalance: 'r3', why: 'No answer.' },
      ],
    });
    assert.equal(feed.history?.rebalances[1]?.recordsMeanwhile, 12n);
    feed.meanwhile(['r2', 'r3']);
    assert.deepEqual(sent.at(-1), { type: 'meanwhile', counts: [{ rebalance: 'r2', records: '12' }] });
    await until('it is asked again', () => counted.length === 3);
    assert.deepEqual(counted, ['r2', 'r3', 'r3']);
  });

  it('are asked for no more when the page is hidden', async () => {
    const { feed, sent, tell, counted } = feeding();
    feed.start();
    tell({ history: billingHistory() });
    feed.meanwhile(['r2']);
    feed.stop();
    feed.meanwhile(['r3']);
    await until('the question is done', () => counted.length === 1);
    await Promise.resolve();
    assert.ok(!sent.some(({ type }) => type === 'meanwhile'));
  });
});

describe('the export of assignment history', () => {
  it('writes all as JSON, times as ISO and integers exact', () => {
    const text = exportHistory('local', billingHistory(), 'json');
    assert.ok(text.includes('"recordsMeanwhile": 9007199254740993'));
    const read = JSON.parse(text) as GroupHistory & { cluster: string };
    assert.deepEqual([read.cluster, read.group, read.spans.length, read.rebalances.length], ['local', 'billing', 7, 3]);
    assert.equal(read.spans[2]?.from, '2026-03-02T10:10:00.000Z');
  });

  it('writes a line a span as CSV that no spreadsheet runs', () => {
    const history = billingHistory();
    const [first, ...rest] = history.members;
    const text = exportHistory('local', { ...history, members: [{ ...first!, clientId: '=1+1' }, ...rest] }, 'csv');
    const lines = text.trimEnd().split('\r\n');
    assert.equal(lines.length, 8);
    assert.match(lines[1]!, /^orders,0,alpha-5b1c0c1e,'=1\+1,,/);
    assert.equal(lines[4], 'orders,1,,,,,2026-03-02T10:30:00.000Z,2026-03-02T10:31:00.000Z,60000,');
  });
});
