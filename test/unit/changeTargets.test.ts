import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Commit, Fact, Group, Snapshot } from '../../src/groups/snapshot.ts';
import { committedTopics, commitsOf, groupsOf, membersOf } from '../../src/ui/changes/changeTargets.ts';
import type { NodeRef } from '../../src/ui/tree/node.ts';

const row = (ref: NodeRef): { node: { ref: NodeRef } } => ({ node: { ref } });
const group = (cluster: string, name: string): NodeRef => ({ kind: 'group', cluster, group: name });
const partition = (name: string, topic: string, number: number): NodeRef => ({
  kind: 'partition',
  cluster: 'a',
  group: name,
  topic,
  partition: number,
});

describe('what a change is about', () => {
  it('is all selected groups, each once, by cluster', () => {
    const rows = [
      group('a', 'x'),
      group('b', 'x'),
      group('a', 'y'),
      { kind: 'reader', cluster: 'a', topic: 't', group: 'x' } as const,
    ].map(row);
    assert.deepEqual(
      [...groupsOf(rows[0], rows)],
      [
        ['a', ['x', 'y']],
        ['b', ['x']],
      ],
    );
    assert.deepEqual(
      [...groupsOf(row(group('a', 'z')), rows)],
      [['a', ['z']]],
      'a row that is not selected stands alone',
    );
    assert.deepEqual([...groupsOf({ cluster: 'a', group: 'named' }, undefined)], [['a', ['named']]]);
    assert.equal(groupsOf(undefined, undefined).size, 0);
  });

  it('is the partitions of rows, and the whole topic of a reader', () => {
    const rows = [partition('x', 't', 2), partition('x', 't', 0), partition('y', 'u', 1)].map(row);
    assert.deepEqual(commitsOf(rows[0], rows).get('a'), [
      { group: 'x', topics: [{ topic: 't', partitions: [0, 2] }] },
      { group: 'y', topics: [{ topic: 'u', partitions: [1] }] },
    ]);
    const whole = [...rows, row({ kind: 'reader', cluster: 'a', topic: 't', group: 'x' })];
    assert.deepEqual(commitsOf(whole[0], whole).get('a')![0], { group: 'x', topics: [{ topic: 't' }] });
    assert.equal(commitsOf(row(group('a', 'x')), undefined).size, 0, 'of a group it is asked which');
  });

  it('is a member by its instance id where it has one', () => {
    const members = [
      { id: 'm1', instanceId: 'i1' },
      { id: 'm2', instanceId: undefined },
    ];
    const snapshot = { groups: new Map([['x', { members } as unknown as Group]]) } as unknown as Snapshot;
    const rows = ['m1', 'm2'].map((member) => row({ kind: 'member', cluster: 'a', group: 'x', member }));
    assert.deepEqual(membersOf(rows[0], rows, () => snapshot).get('a'), [
      { group: 'x', id: 'm1', instanceId: 'i1' },
      { group: 'x', id: 'm2' },
    ]);
  });

  it('offers the topics that have commits, those that are gone last', () => {
    const commit: Fact<Commit | undefined> = { value: { offset: 1n, leaderEpoch: -1, metadata: '' } };
    const partitions = [
      { topic: 'gone', partition: 0, commit, owner: undefined },
      { topic: 'orders', partition: 0, commit, owner: undefined },
      { topic: 'orders', partition: 1, commit, owner: undefined },
      { topic: 'read', partition: 0, commit: { value: undefined }, owner: 'm' },
    ];
    const snapshot = {
      groups: new Map([['x', { partitions } as unknown as Group]]),
      topics: new Map([['orders', { name: 'orders' }]]),
    } as unknown as Snapshot;
    assert.deepEqual(committedTopics(snapshot, ['x', 'nobody']), [
      { topic: 'orders', partitions: 2, isGhost: false },
      { topic: 'gone', partitions: 1, isGhost: true },
    ]);
  });
});
