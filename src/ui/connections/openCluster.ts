import type { LogOffsets } from '../../groups/snapshot.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import type { Disposable } from '../../shared/event.ts';
import type { ClusterWatch } from '../../watch/clusterWatch.ts';
import type { TimeLags } from '../../watch/timeLag.ts';
import type { ClusterProfile } from './profile.ts';

/** A connected cluster as the views use it. Nothing is sent before somebody looks. */
export interface OpenCluster extends Disposable {
  readonly watch: ClusterWatch;
  /** How old the records are that groups stand at; read for pages that are looked at. */
  readonly timeLags: TimeLags;
  /**
   * For whatever asks the brokers something of its own; connects when first asked. Not to be closed by whoever asks, nor kept: after an
   * edit of its settings a cluster is another one.
   *
   * @throws {HumanError} it cannot be reached.
   */
  kafka(): Promise<Cluster>;
  /** Of all the topic's partitions; snapshots hold only those that groups read. */
  topicOffsets(topic: string, signal: AbortSignal): Promise<ReadonlyMap<number, LogOffsets>>;
}

export type OpenClusterFor = (profile: ClusterProfile) => OpenCluster;
