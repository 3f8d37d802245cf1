import type { GroupHistory, Rebalance } from '../../../groups/assignmentHistory.ts';
import type { Disposable } from '../../../shared/event.ts';
import type { Meanwhile } from '../../../watch/recordsMeanwhile.ts';
import type { PanelServices } from '../services.ts';

/** What a follower of a group's history is told, newest last. */
export interface HistoryNews {
  /** All that is known by now; left out until there is something. */
  readonly history?: GroupHistory | undefined;
  /** Records read, and how many there are; left out when reading is done. */
  readonly progress?: { readonly done: number; readonly total?: number | undefined } | undefined;
  /** Why it goes no further; what was known before stands. */
  readonly failure?: string | undefined;
}

export interface AssignmentServices extends Pick<PanelServices, 'watchOf' | 'onDidChangeClusters' | 'log'> {
  /**
   * Reads a group's history and follows it until disposed; tells of each change. undefined where the cluster is not connected.
   */
  readonly followHistory: (cluster: string, group: string, tell: (news: HistoryNews) => void) => Disposable | undefined;
  /**
   * Asks the cluster how many records came during a rebalance to the partitions that it moved.
   * @throws {HumanError} it is not connected, or cannot be reached. @throws {CancelledError}
   */
  readonly recordsMeanwhile: (cluster: string, rebalance: Rebalance, signal: AbortSignal) => Promise<Meanwhile>;
}
