/** Takes the figures of one fresh process for the bench: prints a JSON object. */
import { lagOf } from '../../src/groups/lag.ts';
import type { Snapshot } from '../../src/groups/snapshot.ts';
import { Cluster } from '../../src/kafka/cluster.ts';
import { ClusterWatch } from '../../src/watch/clusterWatch.ts';
import { collectSnapshot } from '../../src/watch/collect/collectSnapshot.ts';

/** Every partition's lag, which is what the tool prints. */
function lagsOf({ groups, offsets, topics }: Snapshot): number {
  let known = 0;
  for (const { partitions } of groups.values()) {
    for (const { topic, partition, commit } of partitions) {
      const { lag } = lagOf(commit, offsets.get(topic)?.get(partition), topics.get(topic), partition);
      if (lag !== undefined) known++;
    }
  }
  return known;
}

const bootstrap = process.argv[2];
if (bootstrap !== undefined && process.argv[1]?.endsWith('snapshotProcess.ts')) {
  const heap = (): number => {
    globalThis.gc?.();
    return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
  };
  const before = heap();
  const start = performance.now();
  const cluster = await Cluster.connect({ bootstrapServers: [bootstrap] });
  lagsOf(await collectSnapshot(cluster));
  const coldMs = performance.now() - start;

  const warm: number[] = [];
  for (let run = 0; run < 9; run++) {
    const start = performance.now();
    lagsOf(await collectSnapshot(cluster));
    warm.push(performance.now() - start);
  }

  // What stays in memory is the newest snapshot, its verdicts, and what the history keeps of those before.
  const watch = new ClusterWatch({ collect: (signal) => collectSnapshot(cluster, signal), intervalMs: () => 0 });
  for (let poll = 0; poll < 30; poll++) {
    await watch.refresh();
    for (const id of watch.snapshot?.groups.keys() ?? []) watch.status(id);
  }
  const heapMb = (heap() - before) / 2 ** 20;
  console.log(JSON.stringify({ coldMs, warmMs: warm.sort((a, b) => a - b)[4], heapMb }));
  watch.dispose();
  cluster.close();
}
