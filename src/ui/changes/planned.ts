import type { Journal } from '../../changes/journal/entry.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import type { ChangeItem, ChangeModel } from '../panels/change/protocol.ts';

/** A change as it was planned, whatever it changes: what people are shown, and how it is made. */
export interface PlannedChange extends Pick<
  ChangeModel,
  'of' | 'isMany' | 'sentences' | 'action' | 'refusal' | 'members' | 'command'
> {
  /** Asked before it is made, such as "Copy the offsets of billing to billing-2 on local?". */
  readonly question: string;
  /** What has to be typed on a cluster marked production. */
  readonly subject: string;
  readonly items: readonly ChangeItem[];
  /**
   * Makes it. Whatever happens after the first request is an outcome of an item.
   *
   * @throws {HumanError} nothing was changed, and why. @throws {CancelledError} nothing was changed.
   */
  readonly execute: (context: ExecuteContext) => Promise<Executed>;
}

export interface ExecuteContext {
  /** As it is now: between plan and execution it can have become another one. */
  readonly cluster: Cluster;
  /** undefined only where the person was told that without one there is no way back. */
  readonly journal: Journal | undefined;
  readonly signal: AbortSignal;
  /** Waits until the members have left, rather than to refuse. */
  readonly wait: boolean;
  readonly onWaiting: (members: string) => void;
  readonly onProgress: (text: string) => void;
}

/** What became of an item. */
export type ItemResult = Pick<ChangeItem, 'outcome' | 'found' | 'message'>;

export interface Executed {
  /** By the item's key. */
  readonly results: ReadonlyMap<string, ItemResult>;
  /** Entries of the journal. */
  readonly entries: readonly string[];
  readonly canUndo: boolean;
  /** Why the results could not be written down. */
  readonly unrecorded: string | undefined;
  /** What became of it, where that is not told by counting the items. */
  readonly said?: { readonly good: boolean; readonly text: string } | undefined;
}

export function itemKey(...parts: readonly (string | number)[]): string {
  return JSON.stringify(parts);
}
