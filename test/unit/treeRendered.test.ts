import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Snapshot } from '../../src/groups/snapshot.ts';
import { statusOf } from '../../src/groups/status.ts';
import type { ClusterView } from '../../src/ui/tree/clusterView.ts';
import { childrenOf, rootNodes } from '../../src/ui/tree/model.ts';
import type { NodeRef, TreeNode } from '../../src/ui/tree/node.ts';
import { defaultOptions } from '../../src/ui/tree/options.ts';
import { RenderedTree, type Element } from '../../src/ui/tree/renderedTree.ts';
import { aGroup, aPartition, aSnapshot, aTopic, committed, offsetsOf } from '../support/snapshots.ts';

/** A tree of plain words: `a` has the rows of `rows.a`. */
type Rows = Record<string, readonly (readonly [name: string, description?: string, tooltip?: string])[]>;

function treeOf(rows: Rows): { tree: RenderedTree; asked: string[] } {
  const asked: string[] = [];
  const compute = (ref: NodeRef | undefined): TreeNode[] => {
    const parent = ref === undefined ? '' : (ref as NodeRef & { kind: 'cluster' }).cluster;
    asked.push(parent);
    return (rows[parent] ?? []).map(([name, description = '', tooltip = '']) => ({
      ref: { kind: 'cluster', cluster: name },
      id: name,
      label: name,
      description,
      icon: { id: 'x' },
      words: [],
      children: rows[name] === undefined ? 'none' : 'collapsed',
      tooltip: () => tooltip,
    }));
  };
  return { tree: new RenderedTree(compute), asked };
}

function expandAll(tree: RenderedTree, parent?: Element): void {
  for (const child of tree.children(parent)) if (child.node.children !== 'none') expandAll(tree, child);
}

function changed(tree: RenderedTree): string[] | 'all' {
  const result = tree.update();
  return result === 'all' ? result : result.map(({ id }) => id);
}

describe('RenderedTree', () => {
  it('computes only what was asked for', () => {
    const { tree, asked } = treeOf({ '': [['a'], ['b']], a: [['a1']], b: [['b1']] });
    assert.deepEqual(tree.update(), []);
    const [a] = tree.children(undefined);
    tree.children(a);
    assert.deepEqual(asked, ['', 'a']);
    asked.length = 0;
    assert.deepEqual(tree.update(), []);
    assert.deepEqual(asked, ['', 'a']);
    tree.forget(a!);
    asked.length = 0;
    tree.update();
    assert.deepEqual(asked, ['']);
  });

  it('tells of the row that changed and of no other, and keeps the objects', () => {
    const rows: Rows = { '': [['a'], ['b']], a: [['a1', 'lag 1'], ['a2']], b: [['b1']] };
    const { tree } = treeOf(rows);
    expandAll(tree);
    const before = tree.find('a1');
    rows['a'] = [['a1', 'lag 2'], ['a2']];
    assert.deepEqual(changed(tree), ['a1']);
    assert.equal(tree.find('a1'), before);
    assert.equal(before?.node.description, 'lag 2');
    assert.deepEqual(changed(tree), []);
  });

  it('tells of the parent where rows came, went or moved, and keeps the objects of those that stay', () => {
    const rows: Rows = { '': [['a']], a: [['a1'], ['a2']], a2: [['deep']] };
    const { tree } = treeOf(rows);
    expandAll(tree);
    const [a2, deep] = [tree.find('a2'), tree.find('deep')];
    rows['a'] = [['a2'], ['new']];
    assert.deepEqual(changed(tree), ['a']);
    assert.equal(tree.find('a2'), a2);
    assert.equal(tree.find('deep'), deep);
    assert.equal(tree.find('a1'), undefined);
    assert.deepEqual(
      tree.find('a')?.children?.map(({ id }) => id),
      ['a2', 'new'],
    );
    rows[''] = [['b'], ['a']];
    assert.equal(changed(tree), 'all');
  });

  it('never tells of a row inside another one that it tells of', () => {
    const rows: Rows = { '': [['a']], a: [['a1']], a1: [['deep']] };
    const { tree } = treeOf(rows);
    expandAll(tree);
    rows[''] = [['a', 'other']];
    rows['a'] = [['a1', 'other']];
    rows['a1'] = [['deep', 'other']];
    assert.deepEqual(changed(tree), ['a']);
    assert.equal(tree.find('deep')?.node.description, 'other');
    assert.deepEqual(changed(tree), []);
  });

  it('tells of the parent once where many rows changed', () => {
    const names = Array.from({ length: 100 }, (_, index) => `g${index}`);
    const rows: Rows = { '': [['groups']], groups: names.map((name) => [name, 'lag 1'] as const) };
    const { tree } = treeOf(rows);
    expandAll(tree);
    rows['groups'] = names.map((name) => [name, 'lag 2'] as const);
    assert.deepEqual(changed(tree), ['groups']);
    assert.equal(tree.find('g99')?.node.description, 'lag 2');
  });

  it('tells of a row whose tooltip was read and is no longer true', () => {
    const rows: Rows = {
      '': [
        ['a', '', 'lag 12,401'],
        ['b', '', 'lag 12,401'],
      ],
    };
    const { tree } = treeOf(rows);
    const [a] = tree.children(undefined);
    a!.tooltip = a!.node.tooltip();
    rows[''] = [
      ['a', '', 'lag 12,402'],
      ['b', '', 'lag 12,402'],
    ];
    assert.deepEqual(changed(tree), ['a']);
    assert.deepEqual(changed(tree), []);
  });

  it('forgets what was below a row that cannot be expanded any more', () => {
    const rows: Rows = { '': [['a']], a: [['a1']] };
    const { tree } = treeOf(rows);
    expandAll(tree);
    delete rows['a'];
    assert.deepEqual(changed(tree), ['a']);
    assert.equal(tree.find('a1'), undefined);
  });
});

describe('a tree of 5,000 groups', () => {
  const groups = (lag: (index: number) => bigint): Snapshot =>
    aSnapshot({
      groups: Array.from({ length: 5000 }, (_, index) =>
        aGroup(`group-${index}`, {
          partitions: [0, 1, 2].map((partition) =>
            aPartition('t', partition, { commit: committed(100_000n - lag(index)) }),
          ),
        }),
      ),
      topics: [aTopic('t', 3)],
      offsets: { t: [0, 1, 2].map(() => offsetsOf(0n, 100_000n)) },
    });
  let snapshot = groups(() => 5n);
  const view: ClusterView = {
    entry: { kind: 'profile', name: 'c', scope: 'user', profile: { name: 'c', bootstrapServers: ['h:1'] } },
    watch: {
      state: { kind: 'ok' },
      get snapshot() {
        return snapshot;
      },
      status: (id) => statusOf(snapshot.groups.get(id)!, snapshot),
      history: { trend: () => () => undefined },
    },
    topicOffsets: () => undefined,
  };

  it('tells of the few groups that changed', () => {
    const tree = new RenderedTree((ref) =>
      ref === undefined ? rootNodes([view]) : childrenOf(ref, view, defaultOptions),
    );
    const [cluster] = tree.children(undefined);
    const [all] = tree.children(cluster);
    assert.equal(tree.children(all).length, 5000);
    snapshot = groups((index) => (index % 1000 === 7 ? 6n : 5n));
    const ids = changed(tree);
    assert.deepEqual(
      ids,
      [7, 1007, 2007, 3007, 4007].map((index) => `group/c/group-${index}`),
    );
  });
});
