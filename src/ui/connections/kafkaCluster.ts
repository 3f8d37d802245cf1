import type { LogOffsets } from '../../groups/snapshot.ts';
import { Cluster } from '../../kafka/cluster.ts';
import { CancelledError } from '../../shared/errors.ts';
import { ClusterWatch } from '../../watch/clusterWatch.ts';
import { TimeLags } from '../../watch/timeLag.ts';
import { collectSnapshot } from '../../watch/collect/collectSnapshot.ts';
import { fetchLogOffsets } from '../../watch/collect/logOffsets.ts';
import type { ClusterProfile } from './profile.ts';
import type { Log } from '../log.ts';
import type { OpenCluster } from './openCluster.ts';

/** Connects when first asked for something, and again where that failed. */
export function openCluster(profile: ClusterProfile, intervalMs: () => number, log: Log): OpenCluster {
  const lifetime = new AbortController();
  let connected: Promise<Cluster> | undefined;
  const connect = (): Promise<Cluster> => {
    // Whoever asked first may give up; the connection is for all.
    connected ??= Cluster.connect({ bootstrapServers: profile.bootstrapServers, logger: log }, lifetime.signal).catch(
      (error: unknown) => {
        connected = undefined;
        throw error;
      },
    );
    return connected;
  };
  const watch: ClusterWatch = new ClusterWatch({
    collect: async (signal) => collectSnapshot(await connect(), signal, watch.snapshot),
    intervalMs,
    onFailure: (error) => log.error(error, profile.name),
  });
  return {
    watch,
    timeLags: new TimeLags({ kafka: connect }),
    kafka: connect,
    topicOffsets: async (topic, signal) => {
      const partitions = watch.snapshot?.topics.get(topic)?.partitions ?? [];
      const asked = partitions.filter(({ leader }) => leader >= 0).map(({ partition }) => ({ topic, partition }));
      const found = await fetchLogOffsets(await connect(), asked, signal);
      return found.get(topic) ?? new Map<number, LogOffsets>();
    },
    dispose: () => {
      watch.dispose();
      lifetime.abort(new CancelledError());
      connected?.then(
        (cluster) => cluster.close(),
        () => {},
      );
    },
  };
}

/** Connects and leaves again; rejects with what is wrong. */
export async function testConnection(profile: ClusterProfile, signal: AbortSignal): Promise<void> {
  const cluster = await Cluster.connect({ bootstrapServers: profile.bootstrapServers }, signal);
  cluster.close();
}
