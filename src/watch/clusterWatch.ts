import type { Disposable, Listener } from '../shared/event.ts';
import type { Snapshot } from '../groups/snapshot.ts';
import type { LagHistory } from '../history/lagHistory.ts';

/** How the polling of one cluster fares. */
export type WatchState =
  /** Nobody looks, or it was disconnected: nothing is asked of the cluster. */
  | { readonly kind: 'idle' }
  /** The first snapshot is under way. */
  | { readonly kind: 'connecting'; readonly since: number }
  | { readonly kind: 'ok' }
  /** The last poll failed as a whole; the snapshot before it stays. `nextAt`: when it is tried again, ms since 1970. */
  | { readonly kind: 'failing'; readonly message: string; readonly since: number; readonly nextAt: number };

/**
 * The one poller of a cluster: collects snapshots for whoever looks, stops when nobody does. Polls never overlap; a
 * failing one backs off and recovers by itself.
 */
export interface ClusterWatch extends Disposable {
  readonly state: WatchState;
  /** The newest snapshot, also while failing (its `takenAt` tells how old it is). */
  readonly snapshot: Snapshot | undefined;
  /** What earlier snapshots said: totals, rates, series. */
  readonly history: LagHistory;
  /** Fires after each poll, good or bad, and when polling starts or stops. */
  readonly onDidChange: (listener: Listener<void>) => Disposable;
  /** Keeps the poller going until disposed. */
  look(): Disposable;
  /** Polls now, whether anybody looks or not; joins a poll under way. Rejects with what made it fail. */
  refresh(signal?: AbortSignal): Promise<void>;
}
