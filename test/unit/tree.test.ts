import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Group, LogOffsets, Snapshot } from '../../src/groups/snapshot.ts';
import type { Trend } from '../../src/groups/trend.ts';
import { statusOf } from '../../src/groups/status.ts';
import type { ClusterEntry } from '../../src/ui/connections/profiles.ts';
import type { ClusterView, TopicOffsets, WatchView } from '../../src/ui/tree/clusterView.ts';
import { childrenOf, rootNodes } from '../../src/ui/tree/model.ts';
import type { NodeRef, TreeNode } from '../../src/ui/tree/node.ts';
import { defaultOptions, type ViewOptions } from '../../src/ui/tree/options.ts';
import { outlineOf, type Outline, type OutlineRow } from '../../src/ui/tree/outline.ts';
import type { WatchState } from '../../src/watch/clusterWatch.ts';
import { aGroup, aMember, aPartition, aSnapshot, aTopic, committed, offsetsOf } from '../support/snapshots.ts';

function watchOf(
  snapshot: Snapshot | undefined,
  state: WatchState = { kind: 'ok' },
  trend: Trend = () => undefined,
): WatchView {
  return {
    state,
    snapshot,
    status: (id) => {
      const group = snapshot?.groups.get(id);
      return group && snapshot && statusOf(group, snapshot, trend);
    },
    history: { trend: () => trend },
  };
}

function viewOf(
  watch: WatchView | undefined,
  profile: { production?: boolean; color?: string } = {},
  topicOffsets?: TopicOffsets,
): ClusterView {
  const entry: ClusterEntry = {
    kind: 'profile',
    name: 'local',
    scope: 'user',
    profile: { name: 'local', bootstrapServers: ['localhost:9092'], ...profile },
  };
  return { entry, watch, topicOffsets: () => topicOffsets };
}

/** The whole tree below a row, as if everything were expanded. */
function whole(nodes: readonly TreeNode[], view: ClusterView, options: ViewOptions = defaultOptions): Outline[] {
  const row = (node: TreeNode): OutlineRow => ({
    node,
    children: node.children === 'none' ? [] : childrenOf(node.ref, view, options).map(row),
  });
  return nodes.map((node) => outlineOf(row(node)));
}

function below(ref: NodeRef, snapshot: Snapshot, options: Partial<ViewOptions> = {}): Outline[] {
  const view = viewOf(watchOf(snapshot));
  const all = { ...defaultOptions, ...options };
  return whole(childrenOf(ref, view, all), view, all);
}

const billing = aGroup('billing', {
  members: [
    aMember('billing-1-xyz', {
      clientId: 'billing-1',
      assignment: {
        value: [
          { topic: 'orders', partition: 0 },
          { topic: 'orders', partition: 3 },
        ],
      },
    }),
    aMember('billing-2-abc', { clientId: 'billing-2' }),
  ],
  partitions: [
    aPartition('orders', 0, { commit: committed(300n), owner: 'billing-1-xyz' }),
    aPartition('orders', 1, { commit: committed(212n) }),
    aPartition('orders', 3, { commit: committed(18_204n), owner: 'billing-1-xyz' }),
  ],
});

const orders = aTopic('orders', 4);
const ends = [300n, 300n, 300n, 30_321n].map((end) => offsetsOf(0n, end));
const local = aSnapshot({ groups: [billing], topics: [orders], offsets: { orders: ends } });

describe('the tree', () => {
  it('shows a cluster with its groups, members, partitions, unassigned ones, and topics with their readers', () => {
    const view = viewOf(watchOf(local));
    assert.deepEqual(whole(rootNodes([view]), view), [
      [
        'local: 1 broker, Kafka 4.3',
        [
          'Consumer groups: 1, 1 needs attention',
          [
            'billing: lag 12.2k, 1 of 2 members, Stable',
            [
              'billing-1: lag 12.1k, 2 partitions, 127.0.0.1',
              'orders-3: lag 12.1k, at 18,204 of 30,321',
              'orders-0: lag 0, at 300 of 300',
            ],
            'billing-2: idle, 127.0.0.1',
            ['Unassigned: lag 88, 1 partition', 'orders-1: lag 88, at 212 of 300'],
          ],
        ],
        [
          'Topics: 1',
          [
            'orders: 4 partitions, 1 group',
            ['Read by: 1 group', 'billing: lag 12.2k, Stable'],
            'Partition 0: offsets 0 to 300, leader 1',
            'Partition 1: offsets 0 to 300, leader 1',
            'Partition 2: offsets 0 to 300, leader 1',
            'Partition 3: offsets 0 to 30,321, leader 1',
          ],
        ],
      ],
    ]);
  });

  it('has a word and an icon of its own for each way in which a lag is no number', () => {
    const failure = { kind: 'denied', message: 'Not allowed.' } as const;
    const group = aGroup('g', {
      members: [
        aMember('m', { assignment: { value: [0, 1, 2, 3, 4].map((partition) => ({ topic: 't', partition })) } }),
      ],
      partitions: [
        aPartition('t', 0, { owner: 'm' }),
        aPartition('t', 1, { owner: 'm', commit: committed(5n) }),
        aPartition('t', 2, { owner: 'm', commit: committed(900n) }),
        aPartition('t', 3, { owner: 'm', commit: committed(5n) }),
        aPartition('t', 4, { owner: 'm', commit: { failure } }),
        aPartition('gone', 0, { commit: committed(7n) }),
      ],
    });
    const topic = aTopic('t', 5);
    const partitions = topic.partitions.map((info) => (info.partition === 3 ? { ...info, leader: -1 } : info));
    const snapshot = aSnapshot({
      groups: [group],
      topics: [{ ...topic, partitions }],
      offsets: { t: [0n, 100n, 0n, 0n, 0n].map((start) => offsetsOf(start, 500n)) },
    });
    assert.deepEqual(below({ kind: 'group', cluster: 'local', group: 'g' }, snapshot, { sort: 'name' }), [
      [
        'm: lag 495, 5 partitions, 127.0.0.1',
        't-0: no commit yet, end at 500',
        't-1: 95 lost to retention, lag 495, at 5 of 500',
        't-2: commit beyond the end, at 900 of 500',
        't-3: no leader, at 5 of 500',
        't-4: access denied, end at 500',
      ],
      ['Unassigned: 1 partition', 'gone-0: topic deleted, at 7'],
    ]);
    const view = viewOf(watchOf(snapshot));
    const rows = childrenOf({ kind: 'member', cluster: 'local', group: 'g', member: 'm' }, view, defaultOptions);
    assert.equal(new Set(rows.map(({ icon }) => icon.id)).size, 3);
    assert.ok(rows.every(({ icon }) => icon.id !== 'pass'));
  });

  it('says that an open transaction holds a read_committed reader', () => {
    const group = aGroup('audit', {
      members: [aMember('m', { assignment: { value: [{ topic: 't', partition: 0 }] } })],
      partitions: [aPartition('t', 0, { owner: 'm', commit: committed(40n) })],
    });
    const snapshot = aSnapshot({
      groups: [group],
      topics: [aTopic('t', 1)],
      offsets: { t: [offsetsOf(0n, 45n, 40n)] },
    });
    const view = viewOf(
      watchOf(snapshot, { kind: 'ok' }, () => ({
        watchedFor: 60_000,
        consume: 0,
        produce: 1,
        committedAt: undefined,
        unchangedFor: 20_000,
        waitingFor: 20_000,
        usualWait: 0,
        committedAlone: false,
        arrivedSince: 5n,
        rewound: 0n,
      })),
    );
    const rows = childrenOf({ kind: 'group', cluster: 'local', group: 'audit' }, view, defaultOptions);
    assert.deepEqual(whole(rows, view, defaultOptions), [
      ['m: lag 5, 1 partition, 127.0.0.1', 't-0: lag 5, held by an open transaction, at 40 of 45'],
    ]);
  });

  it('keeps what is known beside what failed, each failure with a way to retry', () => {
    const failures = [{ kind: 'unreachable', message: '2 of 3 brokers answered.' }] as const;
    const group = aGroup('g', { failures: [{ kind: 'denied', message: 'Commits of g may not be read.' }] });
    const snapshot = aSnapshot({ groups: [group], overrides: { failures } });
    const view = viewOf(watchOf(snapshot));
    assert.deepEqual(whole(rootNodes([view]), view), [
      [
        'local: partly known, 1 broker, Kafka 4.3',
        '2 of 3 brokers answered.',
        ['Consumer groups: 1, 1 needs attention', ['g: partly known', 'Commits of g may not be read.']],
        ['Topics: 0', 'No topics that this connection may see'],
      ],
    ]);
    const rows = childrenOf({ kind: 'cluster', cluster: 'local' }, view, defaultOptions);
    assert.deepEqual(rows[0]?.words, ['retry']);
  });

  it('tells a cluster that was never reached from one whose figures are old', () => {
    const at = new Date(2026, 0, 1, 12, 3, 10).getTime();
    const state = {
      kind: 'failing',
      message: 'Nobody listens on localhost:9092.',
      since: at,
      nextAt: at + 8000,
    } as const;
    const never = viewOf(watchOf(undefined, state));
    assert.deepEqual(whole(rootNodes([never]), never), [
      ['local: not reachable', 'Nobody listens on localhost:9092.: next try 12:03:18'],
    ]);
    const old = viewOf(watchOf(aSnapshot({ takenAt: at }), state));
    const [row] = rootNodes([old]);
    assert.equal(row?.description, 'not reachable, as of 12:03:10');
    assert.equal(row?.icon.id, 'warning');
    assert.deepEqual(whole(childrenOf({ kind: 'cluster', cluster: 'local' }, old, defaultOptions), old).slice(0, 1), [
      'Nobody listens on localhost:9092.: next try 12:03:18, figures as of 12:03:10',
    ]);
  });

  it('shows clusters that are not connected, connecting, marked, or wrong in the settings', () => {
    const invalid: ClusterView = {
      entry: { kind: 'invalid', name: 'staging', scope: 'workspace', index: 2, problem: 'It has no port.' },
      watch: undefined,
      topicOffsets: () => undefined,
    };
    const connecting = viewOf(watchOf(undefined, { kind: 'connecting', since: 0 }), { production: true });
    assert.deepEqual(
      rootNodes([viewOf(undefined), connecting, invalid]).map((node) => outlineOf({ node })),
      [
        'local: not connected',
        'local: production, connecting',
        'staging: invalid in the settings: It has no port., workspace',
      ],
    );
    const [colored] = rootNodes([viewOf(watchOf(local), { color: 'purple' })]);
    assert.equal(colored?.icon.color, 'charts.purple');
  });

  it('tells members of one client id apart, and keeps the id of a static member that comes back', () => {
    const group = aGroup('g', {
      members: [aMember('kafkajs-111aaa', { clientId: 'kafkajs' }), aMember('kafkajs-222bbb', { clientId: 'kafkajs' })],
    });
    assert.deepEqual(below({ kind: 'group', cluster: 'local', group: 'g' }, aSnapshot({ groups: [group] })), [
      'kafkajs …111aaa: idle, 127.0.0.1',
      'kafkajs …222bbb: idle, 127.0.0.1',
    ]);
    const idOf = (member: string): string | undefined => {
      const back = aGroup('g', { members: [aMember(member, { instanceId: 'pod-1' })] });
      const view = viewOf(watchOf(aSnapshot({ groups: [back] })));
      return childrenOf({ kind: 'group', cluster: 'local', group: 'g' }, view, defaultOptions)[0]?.id;
    };
    assert.equal(idOf('before'), idOf('after'));
  });

  it('says which members have yet to take or give up partitions', () => {
    const group = aGroup('g', {
      type: 'consumer',
      state: 'Reconciling',
      members: [aMember('m', { target: [{ topic: 't', partition: 0 }] })],
    });
    const snapshot = aSnapshot({ groups: [group] });
    assert.deepEqual(below({ kind: 'groups', cluster: 'local' }, snapshot), [
      ['g: Reconciling, 0 of 1 members', 'm: reconciling, idle, 127.0.0.1'],
    ]);
  });

  it('lets several members of a share group have one partition', () => {
    const assignment = { value: [{ topic: 't', partition: 0 }] };
    const group = aGroup('jobs', {
      type: 'share',
      members: [aMember('a', { assignment }), aMember('b', { assignment })],
      partitions: [aPartition('t', 0, { commit: committed(10n), owner: 'a' })],
    });
    const snapshot = aSnapshot({ groups: [group], topics: [aTopic('t', 1)], offsets: { t: [offsetsOf(0n, 12n)] } });
    const view = viewOf(watchOf(snapshot));
    assert.deepEqual(below({ kind: 'groups', cluster: 'local' }, snapshot), [
      [
        'jobs: lag 2, 2 members, share group',
        ['a: lag 2, 1 partition, 127.0.0.1', 't-0: lag 2, at 10 of 12'],
        ['b: lag 2, 1 partition, 127.0.0.1', 't-0: lag 2, at 10 of 12'],
      ],
    ]);
    const ids = ['a', 'b'].flatMap((member) =>
      childrenOf({ kind: 'member', cluster: 'local', group: 'jobs', member }, view, defaultOptions).map(({ id }) => id),
    );
    assert.equal(new Set(ids).size, 2);
  });

  it('shows offsets of partitions that nobody reads when they have been loaded', () => {
    const snapshot = aSnapshot({ topics: [aTopic('quiet', 1)] });
    const ref = { kind: 'topic', cluster: 'local', topic: 'quiet' } as const;
    const rows = (loaded: TopicOffsets | undefined): Outline[] => {
      const view = viewOf(watchOf(snapshot), {}, loaded);
      return childrenOf(ref, view, defaultOptions).map((node) => outlineOf({ node }));
    };
    const offsets = new Map<number, LogOffsets>([[0, offsetsOf(5n, 1_234_567n)]]);
    assert.deepEqual(rows({ kind: 'loading' }), ['Read by: no group', 'Partition 0: reading offsets, leader 1']);
    assert.deepEqual(rows({ kind: 'ok', offsets }), [
      'Read by: no group',
      'Partition 0: offsets 5 to 1,234,567, leader 1',
    ]);
    assert.deepEqual(rows({ kind: 'failed', message: 'Broker 1 is gone.' }), [
      'Broker 1 is gone.',
      'Read by: no group',
      'Partition 0: leader 1',
    ]);
  });
});

describe('filter and sort', () => {
  const lagging = (id: string, lag: bigint, more: Partial<Group> = {}): Group =>
    aGroup(id, {
      members: [aMember(`${id}-m`, { clientId: `${id}-app`, assignment: { value: [{ topic: 't', partition: 0 }] } })],
      partitions: [aPartition('t', 0, { commit: committed(10_000n - lag), owner: `${id}-m` })],
      ...more,
    });
  const snapshot = aSnapshot({
    groups: [lagging('a-10', 5n), lagging('a-2', 9_000n), lagging('b', 20n), aGroup('empty', { state: 'Empty' })],
    topics: [aTopic('t', 1), aTopic('__consumer_offsets', 50, { internal: true })],
    offsets: { t: [offsetsOf(0n, 10_000n)] },
  });
  const names = (options: Partial<ViewOptions>, kind: 'groups' | 'topics' = 'groups'): string[] =>
    childrenOf({ kind, cluster: 'local' }, viewOf(watchOf(snapshot)), { ...defaultOptions, ...options }).map(
      ({ label }) => label,
    );

  it('sorts by what needs attention, by lag, by name', () => {
    assert.deepEqual(names({}), ['a-2', 'a-10', 'b', 'empty']);
    assert.deepEqual(names({ sort: 'lag' }), ['a-2', 'b', 'a-10', 'empty']);
    assert.deepEqual(names({ sort: 'name' }), ['a-2', 'a-10', 'b', 'empty']);
  });

  it('finds all words of a filter in a name or a client id, in any case', () => {
    assert.deepEqual(names({ filter: 'A 1' }), ['a-10']);
    assert.deepEqual(names({ filter: 'B-APP' }), ['b']);
    assert.deepEqual(names({ hideEmptyGroups: true, sort: 'name' }), ['a-2', 'a-10', 'b']);
  });

  it('says so where the filter hides everything, with a click to undo it', () => {
    const view = viewOf(watchOf(snapshot));
    const rows = childrenOf({ kind: 'groups', cluster: 'local' }, view, { ...defaultOptions, filter: 'nothing' });
    assert.deepEqual(
      rows.map(({ label, command }) => [label, command?.id]),
      [['4 groups are hidden by the filter', 'kafkaDebugger.clearFilter']],
    );
  });

  it('shows internal topics on demand', () => {
    assert.deepEqual(names({}, 'topics'), ['t']);
    assert.deepEqual(names({ showInternalTopics: true }, 'topics'), ['__consumer_offsets', 't']);
  });
});

describe('names from Kafka', () => {
  const hostile = '[x](command:evil) <img onerror=1> **b** |a| \u202eabc\n# h';

  it('stay text in tooltips, and one line in labels', () => {
    const group = aGroup(hostile, {
      members: [aMember(hostile, { clientId: hostile, instanceId: hostile })],
      partitions: [aPartition(hostile, 0, { commit: committed(1n) })],
    });
    const view = viewOf(watchOf(aSnapshot({ groups: [group], topics: [aTopic(hostile, 1)] })));
    const rows = [
      ...childrenOf({ kind: 'groups', cluster: 'local' }, view, defaultOptions),
      ...childrenOf({ kind: 'group', cluster: 'local', group: hostile }, view, defaultOptions),
      ...childrenOf({ kind: 'unassigned', cluster: 'local', group: hostile }, view, defaultOptions),
      ...childrenOf({ kind: 'topics', cluster: 'local' }, view, defaultOptions),
    ];
    assert.equal(rows.length, 5);
    for (const { tooltip, label } of rows) {
      assert.doesNotMatch(label, /[\n\u202e]/);
      const text = tooltip();
      assert.doesNotMatch(text, /(?<!\\)<|\u202e|(?<!\\)\]\(command:evil/);
      const links = [...text.matchAll(/(?<!\\)\]\((.*?)\)/g)].map(([, target]) => target);
      for (const target of links) assert.match(target!, /^command:kafkaDebugger\.[a-zA-Z]+\?[\w%.!~*-]+$/);
    }
  });

  it('are cut in the middle where they are long', () => {
    const long = `${'a'.repeat(120)}${'z'.repeat(129)}`;
    const [row] = childrenOf(
      { kind: 'topics', cluster: 'local' },
      viewOf(watchOf(aSnapshot({ topics: [aTopic(long, 1)] }))),
      defaultOptions,
    );
    assert.match(row!.label, /^a{40}…z{39}$/);
    assert.ok(row!.tooltip().includes(long));
  });

  it('may hold what is no Unicode', () => {
    const group = aGroup('\ud800', {});
    const rows = childrenOf(
      { kind: 'groups', cluster: 'local' },
      viewOf(watchOf(aSnapshot({ groups: [group] }))),
      defaultOptions,
    );
    assert.equal(rows.length, 1);
  });
});
