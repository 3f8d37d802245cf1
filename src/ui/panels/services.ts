import type { Disposable, Listener } from '../../shared/event.ts';
import type { ClusterWatch } from '../../watch/clusterWatch.ts';
import type { TimeLags } from '../../watch/timeLag.ts';
import type { Selection } from '../selection.ts';

export type Watch = Pick<
  ClusterWatch,
  'state' | 'snapshot' | 'history' | 'onDidChange' | 'look' | 'refresh' | 'status'
>;

/** Where the panels get what they show. */
export interface PanelServices {
  /** undefined where the cluster is not connected, or not known. */
  readonly watchOf: (cluster: string) => Watch | undefined;
  /** A cluster was connected, disconnected, added or removed. */
  readonly onDidChangeClusters: (listener: Listener<void>) => Disposable;
  /** What is selected in the tree. */
  readonly selection: {
    readonly current: Selection | undefined;
    readonly onDidChange: (listener: Listener<Selection | undefined>) => Disposable;
  };
  /** undefined where the cluster is not connected. */
  readonly timeLagsOf?: ((cluster: string) => Pick<TimeLags, 'next' | 'update'> | undefined) | undefined;
  readonly log: { error(error: unknown, doing: string): void };
}
