import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clusterOf, groupOf, refsOf } from '../../src/ui/commands/targets.ts';
import type { ClusterView } from '../../src/ui/tree/clusterView.ts';
import type { NodeRef } from '../../src/ui/tree/node.ts';
import { jsonOf, nameOfRef, plainOf } from '../../src/ui/tree/plainData.ts';
import { selectionOf } from '../../src/ui/tree/selectionOf.ts';
import { aGroup, aMember, aPartition, aSnapshot, aTopic, committed, offsetsOf } from '../support/snapshots.ts';

const largest = 2n ** 63n - 1n;

const snapshot = aSnapshot({
  groups: [
    aGroup('g', {
      members: [aMember('m', { assignment: { value: [{ topic: 't', partition: 0 }] } })],
      partitions: [
        aPartition('t', 0, { owner: 'm', commit: committed(largest - 5n) }),
        aPartition('t', 1, { commit: { failure: { kind: 'denied', message: 'Not allowed.' } } }),
      ],
    }),
  ],
  topics: [aTopic('t', 2)],
  offsets: { t: [offsetsOf(7n, largest)] },
});

const view: ClusterView = {
  entry: { kind: 'profile', name: 'c', scope: 'user', profile: { name: 'c', bootstrapServers: ['h:1'] } },
  watch: { state: { kind: 'ok' }, snapshot, status: () => undefined, history: { trend: () => () => undefined } },
  topicOffsets: () => undefined,
};

const partition = (number: number): NodeRef => ({
  kind: 'partition',
  cluster: 'c',
  group: 'g',
  topic: 't',
  partition: number,
});

describe('copying', () => {
  it('writes 64-bit figures exactly', () => {
    const text = jsonOf(plainOf(partition(0), view));
    assert.match(text, /"committed": 9223372036854775802,/);
    assert.match(text, /"logEnd": 9223372036854775807,/);
    assert.equal((JSON.parse(text) as { lag: number }).lag, 5);
  });

  it('writes null where a figure is not known, and why', () => {
    const copied = JSON.parse(jsonOf(plainOf(partition(1), view))) as Record<string, unknown>;
    assert.equal(copied['committed'], null);
    assert.equal(copied['lag'], null);
    assert.equal(copied['logEnd'], null);
    assert.deepEqual(copied['failure'], { kind: 'denied', message: 'Not allowed.' });
  });

  it('has something for each kind of row, and nothing for what is gone', () => {
    const refs: NodeRef[] = [
      { kind: 'cluster', cluster: 'c' },
      { kind: 'group', cluster: 'c', group: 'g' },
      { kind: 'member', cluster: 'c', group: 'g', member: 'm' },
      { kind: 'unassigned', cluster: 'c', group: 'g' },
      { kind: 'topic', cluster: 'c', topic: 't' },
      { kind: 'topicPartition', cluster: 'c', topic: 't', partition: 1 },
    ];
    for (const ref of refs) assert.ok(jsonOf(plainOf(ref, view)).length > 20, ref.kind);
    assert.equal(plainOf({ kind: 'group', cluster: 'c', group: 'gone' }, view), undefined);
    assert.equal(plainOf({ kind: 'topic', cluster: 'c', topic: 'gone' }, view), undefined);
    assert.deepEqual(refs.map(nameOfRef), ['c', 'g', 'm', undefined, 't', 't-1']);
  });
});

describe('what a command is about', () => {
  const row = (ref: NodeRef): unknown => ({ id: 'x', node: { ref } });
  const [first, second] = [partition(0), partition(1)];

  it('is all that is selected where the clicked row is among it, else the clicked one', () => {
    assert.deepEqual(refsOf(row(first), [row(first), row(second)]), [first, second]);
    assert.deepEqual(refsOf(row(first), [row(second)]), [first]);
    assert.deepEqual(refsOf(row(first), undefined), [first]);
    assert.deepEqual(refsOf(undefined, undefined), []);
  });

  it('is what a link names, and nothing where that makes no sense', () => {
    assert.deepEqual(groupOf({ cluster: 'c', group: 'g' }), { cluster: 'c', group: 'g' });
    assert.deepEqual(groupOf(row(second)), { cluster: 'c', group: 'g', topic: 't', partition: 1 });
    assert.deepEqual(groupOf(row({ kind: 'reader', cluster: 'c', topic: 't', group: 'g' })), {
      cluster: 'c',
      group: 'g',
    });
    for (const wrong of [undefined, 'g', 5, { group: 'g' }, { cluster: 1, group: 'g' }, null]) {
      assert.equal(groupOf(wrong), undefined);
    }
    assert.equal(clusterOf({ cluster: 5 }), undefined);
    assert.equal(clusterOf(row(first)), 'c');
  });

  it('is shown by pages as the nearest thing that they know', () => {
    assert.deepEqual(selectionOf({ kind: 'reader', cluster: 'c', topic: 't', group: 'g' }), {
      kind: 'group',
      cluster: 'c',
      group: 'g',
    });
    assert.deepEqual(selectionOf({ kind: 'groups', cluster: 'c' }), { kind: 'cluster', cluster: 'c' });
    assert.equal(selectionOf({ kind: 'invalid', scope: 'user', index: 0, name: 'x' }), undefined);
  });
});
