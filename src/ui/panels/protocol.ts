/**
 * What the pages and their host say to each other. Messages are JSON: a 64-bit integer travels as a decimal string,
 * and what is not known is left out.
 */
import type { MemberColor } from '../../shared/colors.ts';

/**
 * As in src/groups/status.ts and src/groups/lag.ts, which a page does not import, nor their types: those reach down to
 * sockets and buffers, which a browser has not. The host's types are checked against these as it fills a message.
 */
export type Health = 'healthy' | 'behind' | 'rebalancing' | 'empty' | 'dead' | 'unknown';
export type LagState =
  'ok' | 'no-commit' | 'below-start' | 'beyond-end' | 'topic-deleted' | 'no-leader' | 'denied' | 'unknown';

/** A 64-bit integer, exact. */
export type Int64 = string;

/**
 * Seconds until the lag is gone at the present rates; 0 where there is none. `steady`: it does not shrink, but is no more
 * than what lies between two commits.
 */
export type CatchUp = number | 'never' | 'steady';

/** Names a partition within a group. */
export type PartitionKey = string;

export function partitionKey(partition: { readonly topic: string; readonly partition: number }): PartitionKey {
  return `${partition.topic}/${partition.partition}`;
}

export function partitionOfKey(key: PartitionKey): { readonly topic: string; readonly partition: number } {
  const split = key.lastIndexOf('/');
  return { topic: key.slice(0, split), partition: Number(key.slice(split + 1)) };
}

/** What every page's header and state views show. */
export interface Frame {
  /** Of what, outermost first: cluster, group, ... Empty where nothing is selected. */
  readonly crumbs: readonly string[];
  /** Kafka's word for the state of what is shown, such as Stable. */
  readonly state?: string | undefined;
  readonly health: Health;
  /** What was seen and what it means, a sentence each, worst first. */
  readonly verdict: readonly string[];
  /** When the figures were taken, ms since 1970 by the host's clock. */
  readonly takenAt?: number | undefined;
  /** The host's clock as it sent this: a page's own clock may differ. */
  readonly sentAt: number;
  /** Age in ms from which figures count as stale. */
  readonly staleAfter: number;
  readonly polling: Polling;
  /** Why there are no figures at all; left out where there are some. */
  readonly problem?: Problem | undefined;
  /** What could not be learned, while the rest stands. */
  readonly partial: readonly string[];
}

export type Polling =
  | { readonly kind: 'idle' | 'connecting' | 'ok' }
  | { readonly kind: 'failing'; readonly message: string; readonly nextAt?: number | undefined };

export interface Problem {
  /** `loading`: the first figures are under way. `empty`: the answer is that there is nothing. */
  readonly kind: 'loading' | 'empty' | 'failed';
  readonly title: string;
  /** Why, and what to do. */
  readonly advice: string;
}

export interface MemberInfo {
  readonly id: string;
  /** The instance id of a static member, else the client id; with the end of the id where several have the same. */
  readonly name: string;
  readonly clientId: string;
  readonly instanceId?: string | undefined;
  readonly host: string;
  readonly color: MemberColor;
  readonly assigned: number;
}

/** A partition of a group. */
export interface LagRow {
  readonly topic: string;
  readonly partition: number;
  /** Member id. */
  readonly owner?: string | undefined;
  readonly start?: Int64 | undefined;
  readonly committed?: Int64 | undefined;
  readonly end?: Int64 | undefined;
  readonly lastStable?: Int64 | undefined;
  readonly state: LagState;
  /** Records wait, and the commit has stood still for too long. */
  readonly stuck?: boolean | undefined;
  /** Why a figure is not there. */
  readonly why?: string | undefined;
  readonly lag?: Int64 | undefined;
  readonly stableLag?: Int64 | undefined;
  /** Offsets lost to retention. */
  readonly lost?: Int64 | undefined;
  /** Records a second. */
  readonly consume?: number | undefined;
  readonly produce?: number | undefined;
  readonly catchUp?: CatchUp | undefined;
  /** ms since 1970 by the host's clock. */
  readonly committedAt?: number | undefined;
  /** How old the next record is; left out where nothing waits or it is not read yet. */
  readonly next?: NextRecordTime | undefined;
}

/** When the record at the commit was written. */
export type NextRecordTime =
  /** `at`: ms since 1970, by the clock of its producer or of its broker. */
  | { readonly kind: 'written'; readonly at: number; readonly clock: 'CreateTime' | 'LogAppendTime' }
  /** Only markers and gaps lie there. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'unknown'; readonly why: string };

/** A moment of a line; null is a gap. */
export interface Point {
  /** ms since 1970 by the host's clock. */
  readonly at: number;
  /** In records; of lines of ages in ms. */
  readonly lag: Int64 | null;
}

export interface Series {
  readonly key: PartitionKey;
  /** Oldest first. */
  readonly points: readonly Point[];
}

/** Lag and time lag of a partition. */
export interface LagSeries extends Series {
  /** How old the next record was, ms; 0 where nothing waited. */
  readonly ages: readonly Point[];
}

export interface LagModel {
  readonly frame: Frame;
  readonly members: readonly MemberInfo[];
  /** Sum of the lags that are known and above 0. */
  readonly total?: Int64 | undefined;
  readonly consume?: number | undefined;
  readonly produce?: number | undefined;
  readonly catchUp?: CatchUp | undefined;
}

/** Host to lag page. */
export type ToLagPage =
  /** Replaces all that the page has. */
  | {
      readonly type: 'full';
      readonly model: LagModel;
      readonly rows: readonly LagRow[];
      /** Messages with more rows follow at once. */
      readonly more: boolean;
      readonly totals: readonly Point[];
      /** Of all partitions, how old the oldest next record was. */
      readonly worstAges: readonly Point[];
      readonly series: readonly LagSeries[];
    }
  /** What changed since: whole rows by key, and points to append. */
  | {
      readonly type: 'update';
      readonly model: LagModel;
      readonly rows: readonly LagRow[];
      readonly more: boolean;
      readonly removed: readonly PartitionKey[];
      readonly totals: readonly Point[];
      /** Of all partitions, how old the oldest next record was. */
      readonly worstAges: readonly Point[];
      readonly series: readonly LagSeries[];
    }
  /** More rows of the message before, in portions so that no frame of the page takes long. */
  | { readonly type: 'rows'; readonly rows: readonly LagRow[]; readonly more: boolean }
  /** Whole lines of partitions that the page asked to chart. */
  | { readonly type: 'series'; readonly series: readonly LagSeries[] }
  | { readonly type: 'select'; readonly key: PartitionKey };

export type ExportFormat = 'csv' | 'json';

/** Lag page to host. */
export type FromLagPage =
  | { readonly type: 'ready'; readonly charted: readonly PartitionKey[] }
  | { readonly type: 'chart'; readonly keys: readonly PartitionKey[] }
  | { readonly type: 'pause'; readonly paused: boolean }
  | { readonly type: 'retry' }
  | { readonly type: 'copy'; readonly text: string }
  /** "What is it stuck on?" of a partition. */
  | { readonly type: 'explain'; readonly key: PartitionKey }
  /** A change of offsets: of these partitions, or of all; and of one, by what is typed. */
  | { readonly type: 'reset'; readonly keys: readonly PartitionKey[] }
  | { readonly type: 'seek'; readonly key: PartitionKey }
  /** Its records, from about where the group stands. */
  | { readonly type: 'tail'; readonly key: PartitionKey }
  /** Who owned what when; at a partition, where one is selected. */
  | { readonly type: 'assignments'; readonly key?: PartitionKey | undefined }
  /** What it committed; of one partition, where one is selected. */
  | { readonly type: 'commits'; readonly key?: PartitionKey | undefined }
  /** `keys`: what is shown, in its order; left out for all. */
  | { readonly type: 'export'; readonly format: ExportFormat; readonly keys?: readonly PartitionKey[] | undefined };

/** A line of the docked view's list: a partition, or a group. */
export interface WorstItem {
  readonly label: string;
  readonly detail: string;
  readonly state: LagState;
  readonly lag?: Int64 | undefined;
  readonly lost?: Int64 | undefined;
  readonly color?: MemberColor | undefined;
  readonly group: string;
  readonly key?: PartitionKey | undefined;
}

export interface DockedModel {
  readonly frame: Frame;
  readonly cluster?: string | undefined;
  /** The group that "Open Lag" opens. */
  readonly group?: string | undefined;
  readonly lag?: Int64 | undefined;
  /** Where the selection is a partition. */
  readonly row?: LagRow | undefined;
  /** Why there is no lag. */
  readonly why?: string | undefined;
  readonly consume?: number | undefined;
  readonly produce?: number | undefined;
  readonly catchUp?: CatchUp | undefined;
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  readonly worstTitle: string;
  readonly worst: readonly WorstItem[];
  /** How many more there are than `worst` shows. */
  readonly more: number;
}

export type ToDockedPage =
  | { readonly type: 'full'; readonly model: DockedModel; readonly points: readonly Point[] }
  | { readonly type: 'update'; readonly model: DockedModel; readonly points: readonly Point[] };

export type FromDockedPage =
  | { readonly type: 'ready' }
  | { readonly type: 'retry' }
  | { readonly type: 'copy'; readonly text: string }
  | { readonly type: 'open'; readonly group: string; readonly key?: PartitionKey | undefined };

/** What the lag page keeps in VS Code's state: how it is looked at, never data. */
export interface LagPageState {
  readonly cluster: string;
  readonly group: string;
  readonly columns?: readonly string[];
  readonly widths?: Readonly<Record<string, number>>;
  readonly sort?: { readonly column: string; readonly descending: boolean };
  readonly filter?: string;
  readonly groupBy?: 'none' | 'topic' | 'member';
  /** Minutes; 0 is all. */
  readonly range?: number;
  readonly charts?: boolean;
  /** What the charts show. */
  readonly charted?: 'lag' | 'timeLag';
  readonly selected?: readonly PartitionKey[];
}
