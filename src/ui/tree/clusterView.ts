import type { LogOffsets, Snapshot } from '../../groups/snapshot.ts';
import type { Status } from '../../groups/status.ts';
import type { Trend } from '../../groups/trend.ts';
import type { WatchState } from '../../watch/clusterWatch.ts';
import type { ClusterEntry } from '../connections/profiles.ts';

/** Offsets of a topic's partitions that no snapshot holds, as far as they are there. */
export type TopicOffsets =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'ok'; readonly offsets: ReadonlyMap<number, LogOffsets> };

/** What the tree needs of a `ClusterWatch`. */
export interface WatchView {
  readonly state: WatchState;
  readonly snapshot: Snapshot | undefined;
  status(group: string): Status | undefined;
  readonly history: { trend(group: string): Trend };
}

/** All that the tree of one cluster is made from. */
export interface ClusterView {
  readonly entry: ClusterEntry;
  /** undefined where it is not connected. */
  readonly watch: WatchView | undefined;
  readonly topicOffsets: (topic: string) => TopicOffsets | undefined;
}

/** A connected cluster of which something is known. */
export interface SeenCluster {
  readonly name: string;
  readonly watch: WatchView;
  readonly snapshot: Snapshot;
  readonly topicOffsets: (topic: string) => TopicOffsets | undefined;
}
