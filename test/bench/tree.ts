/**
 * The tree with 5,000 groups on show, of six partitions each: how long the extension takes to make all rows, and to find what a
 * new snapshot changed where a third of the groups have another lag. The verdicts, which all views share, are a figure of their own.
 */
import type { Snapshot } from '../../src/groups/snapshot.ts';
import { ClusterWatch } from '../../src/watch/clusterWatch.ts';
import type { ClusterView } from '../../src/ui/tree/clusterView.ts';
import { childrenOf, rootNodes } from '../../src/ui/tree/model.ts';
import { defaultOptions } from '../../src/ui/tree/options.ts';
import { RenderedTree } from '../../src/ui/tree/renderedTree.ts';
import { aGroup, aMember, aPartition, aSnapshot, aTopic, committed, offsetsOf } from '../support/snapshots.ts';
import type { Line } from './measurement.ts';

const GROUPS = 5_000;
const TOPICS = 500;
const REFRESHES = 15;
const SHOW_GOAL_MS = 200;
const REFRESH_GOAL_MS = 50;

const partitions = [0, 1, 2, 3, 4, 5];

export const names = ['tree'];

export async function run(): Promise<readonly Line[]> {
  let round = 0;
  const watch = new ClusterWatch({ collect: async () => snapshotOf(round++), intervalMs: () => 0 });
  const view: ClusterView = {
    entry: { kind: 'profile', name: 'c', scope: 'user', profile: { name: 'c', bootstrapServers: ['h:1'] } },
    watch,
    topicOffsets: () => undefined,
  };
  await watch.refresh();
  const tree = new RenderedTree((ref) =>
    ref === undefined ? rootNodes([view]) : childrenOf(ref, view, defaultOptions),
  );
  const show = timed(() => tree.children(tree.children(tree.children(undefined)[0])[0]));
  const verdicts: number[] = [];
  const refreshes: number[] = [];
  for (let index = 0; index < REFRESHES; index++) {
    await watch.refresh();
    verdicts.push(
      timed(() => {
        for (const id of watch.snapshot?.groups.keys() ?? []) watch.status(id);
      }),
    );
    refreshes.push(timed(() => tree.update()));
  }
  watch.dispose();
  const refresh = median(refreshes);
  return [
    {
      name: 'tree',
      ours: `show ${show.toFixed(0)} ms, refresh ${refresh.toFixed(0)} ms (verdicts ${median(verdicts).toFixed(0)} ms)`,
      goal: `< ${SHOW_GOAL_MS} ms, < ${REFRESH_GOAL_MS} ms`,
      ok: show < SHOW_GOAL_MS && refresh < REFRESH_GOAL_MS,
    },
  ];
}

function snapshotOf(round: number): Snapshot {
  return aSnapshot({
    takenAt: 1_700_000_000_000 + round * 5_000,
    groups: Array.from({ length: GROUPS }, (_, index) => {
      const topic = `topic-${index % TOPICS}`;
      const owner = `member-${index}`;
      const lag = index % 3 === round % 3 ? BigInt(round) : 5n;
      return aGroup(`group-${index}`, {
        members: [aMember(owner, { assignment: { value: partitions.map((partition) => ({ topic, partition })) } })],
        partitions: partitions.map((partition) =>
          aPartition(topic, partition, { owner, commit: committed(9_000n - lag) }),
        ),
      });
    }),
    topics: Array.from({ length: TOPICS }, (_, index) => aTopic(`topic-${index}`, partitions.length)),
    offsets: Object.fromEntries(
      Array.from({ length: TOPICS }, (_, index) => [`topic-${index}`, partitions.map(() => offsetsOf(0n, 9_000n))]),
    ),
  });
}

function timed(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
