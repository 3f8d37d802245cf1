/** Takes the figures of one fresh process for the bench: prints a JSON object. */
import { Cluster } from '../../src/kafka/cluster.ts';
import { ClusterWatch } from '../../src/watch/clusterWatch.ts';
import { collectSnapshot } from '../../src/watch/collect/collectSnapshot.ts';

const bootstrap = process.argv[2];
if (bootstrap !== undefined && process.argv[1]?.endsWith('snapshotProcess.ts')) {
  const heap = (): number => {
    globalThis.gc?.();
    return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
  };
  const before = heap();
  const start = performance.now();
  const cluster = await Cluster.connect({ bootstrapServers: [bootstrap] });
  const watch = new ClusterWatch({ collect: (signal) => collectSnapshot(cluster, signal), intervalMs: () => 0 });
  await watch.refresh();
  const judge = (): void => {
    for (const id of watch.snapshot?.groups.keys() ?? []) watch.status(id);
  };
  judge();
  const coldMs = performance.now() - start;

  const warm: number[] = [];
  for (let run = 0; run < 9; run++) {
    const start = performance.now();
    await watch.refresh();
    judge();
    warm.push(performance.now() - start);
  }
  const heapMb = (heap() - before) / 2 ** 20;
  console.log(JSON.stringify({ coldMs, warmMs: warm.sort((a, b) => a - b)[4], heapMb }));
  watch.dispose();
  cluster.close();
}
