import type { LogOffsets } from '../../groups/snapshot.ts';
import type { Disposable } from '../../shared/event.ts';
import type { ClusterWatch } from '../../watch/clusterWatch.ts';
import type { ClusterProfile } from '../connections.ts';

/** A connected cluster as the views use it. Nothing is sent before somebody looks. */
export interface OpenCluster extends Disposable {
  readonly watch: ClusterWatch;
  /** Of all the topic's partitions; snapshots hold only those that groups read. */
  topicOffsets(topic: string, signal: AbortSignal): Promise<ReadonlyMap<number, LogOffsets>>;
}

export type OpenClusterFor = (profile: ClusterProfile) => OpenCluster;
