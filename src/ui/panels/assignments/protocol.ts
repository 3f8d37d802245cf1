/** What the page "Assignment history" and its host say to each other; see ../protocol.ts for how. */
import type { MemberColor } from '../../../shared/colors.ts';
import { partitionKey, type Frame, type Int64, type PartitionKey, type Series } from '../protocol.ts';

/**
 * As in src/groups/assignmentHistory.ts, which a page does not import; the host's types are checked against these as it fills a
 * message. All times are ms since 1970.
 */
export type HistorySource = 'topic' | 'poll' | 'log';

export type RebalanceKind = 'eager' | 'cooperative' | 'epoch' | 'unknown';

export type CauseKind =
  | 'member-joined'
  | 'member-left'
  | 'member-gone'
  | 'session-timeout'
  | 'poll-timeout'
  | 'static-member-returned'
  | 'static-member-replaced'
  | 'subscription-changed'
  | 'partitions-changed'
  | 'leader-rejoined'
  | 'coordinator-moved'
  | 'cooperative-second-step'
  | 'protocol-changed'
  | 'unknown';

/** A member that is there or was. Lanes and moves name it by its place in the list, which never changes while the page is shown. */
export interface HistoryMember {
  readonly id: string;
  /** The instance id of a static member, else the client id; with the end of the id where several have the same. */
  readonly name: string;
  readonly clientId: string;
  readonly instanceId?: string | undefined;
  readonly host: string;
  /** Those that are there have the colour that they have everywhere. */
  readonly color: MemberColor;
  readonly from: number;
  /** Left out: still there. */
  readonly to?: number | undefined;
  /** Other than classic groups: how far it has come, and how far the group is. Only of members that are there. */
  readonly epoch?: { readonly own: number; readonly group: number } | undefined;
  readonly left?: Told | undefined;
}

/** A sentence with where it is from. */
export interface Told {
  readonly text: string;
  readonly certainty: 'fact' | 'inference';
  readonly source: HistorySource;
  readonly evidence: readonly string[];
  readonly line?: { readonly file: string; readonly line: number; readonly text: string } | undefined;
}

/**
 * A partition's owners in the order of time, four numbers each: from, to, member, given up from. Times count from `base`; the
 * member is its place in the list. -1: up to now; nobody; not to be given up. Members of a share group own partitions together: such a
 * partition has several lanes, so that no spans of a lane overlap.
 */
export interface LaneMessage {
  readonly topic: string;
  readonly partition: number;
  /** Left out: the partition's first lane. */
  readonly nth?: number | undefined;
  readonly base: number;
  /** So many of the spans that the page has of it stay, and these come behind them. Left out: none. */
  readonly kept?: number | undefined;
  readonly spans: readonly number[];
}

/** Which lane it is: the partition's key, and for any but its first lane the number behind it. */
export function laneKey(lane: Pick<LaneMessage, 'topic' | 'partition' | 'nth'>): string {
  return lane.nth === undefined ? partitionKey(lane) : `${partitionKey(lane)}#${lane.nth}`;
}

export interface RebalanceCauseMessage extends Told {
  readonly cause: CauseKind;
  /** Places in the list of members. */
  readonly members: readonly number[];
}

export interface RebalanceMessage {
  readonly id: string;
  readonly kind: RebalanceKind;
  /** Left out where only its end was told. */
  readonly began?: number | undefined;
  /** When all members had joined and only their assignment was missing; left out where not told. */
  readonly joinedAt?: number | undefined;
  /** Left out: not done yet. */
  readonly ended?: number | undefined;
  /** Generations, or group epochs. */
  readonly before?: number | undefined;
  readonly after?: number | undefined;
  readonly membersBefore: number;
  readonly membersAfter: number;
  readonly joined: readonly number[];
  readonly left: readonly number[];
  readonly causes: readonly RebalanceCauseMessage[];
  readonly moved: number;
  readonly needless: number;
  readonly withoutOwnerMs?: number | undefined;
  /** The part of it that is known where the whole is not. */
  readonly withoutOwnerAtLeastMs?: number | undefined;
  /** Of the epoch that it led to: chosen assignor, and the member that led it. */
  readonly assignor?: string | undefined;
  readonly leader?: number | undefined;
}

export interface MoveMessage {
  readonly topic: string;
  readonly partition: number;
  /** Place in the list of members; -1: nobody. */
  readonly before: number;
  readonly after: number;
  readonly needless: boolean;
}

/** Records that came during a rebalance to the partitions that it moved. */
export interface MeanwhileMessage {
  readonly rebalance: string;
  /** Left out where nothing is known. */
  readonly records?: Int64 | undefined;
  /** That many or more. */
  readonly isLeast?: boolean | undefined;
  /** Why it is not all there is to know. */
  readonly why?: string | undefined;
}

/** A line of a log. */
export interface LineMessage {
  readonly at: number;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** The program's own words, cut where they are many. */
  readonly text: string;
  /** Id of the rebalance that it belongs to. */
  readonly rebalance?: string | undefined;
}

export interface FindingMessage {
  readonly kind: string;
  readonly text: string;
  readonly evidence: readonly string[];
  readonly members: readonly number[];
  readonly from: number;
  readonly to?: number | undefined;
}

/** A partition that is to go to another member than those that own it now. */
export interface PendingMessage {
  readonly key: PartitionKey;
  /** Place in the list of members. */
  readonly member: number;
}

export interface HistoryModel {
  readonly frame: Frame;
  readonly groupType: string;
  /** From when on it is told; left out where nothing is. */
  readonly from?: number | undefined;
  readonly to: number;
  readonly sources: readonly HistorySource[];
  /** What is missing and why, a sentence each. */
  readonly lacks: readonly string[];
  /** Lines of logs that say something of the group, of which the page may have the newest only. */
  readonly lines: number;
  readonly findings: readonly FindingMessage[];
  /** Other than classic groups: where target and present assignment differ. */
  readonly pending: readonly PendingMessage[];
  /** How far reading has come; left out when it is done. */
  readonly progress?: { readonly done: number; readonly total?: number | undefined } | undefined;
}

/** What of a history changed: lanes from where they do, whole rebalances. */
export interface HistoryChanges {
  readonly members: readonly HistoryMember[];
  readonly lanes: readonly LaneMessage[];
  readonly rebalances: readonly RebalanceMessage[];
  /** The newest lines of logs, in order; left out where they are the same as before. */
  readonly lines?: readonly LineMessage[] | undefined;
}

/** Host to page. */
export type ToAssignmentsPage =
  /** Replaces all that the page has. */
  | ({ readonly type: 'full'; readonly model: HistoryModel; readonly more: boolean } & HistoryChanges)
  | ({
      readonly type: 'update';
      readonly model: HistoryModel;
      readonly more: boolean;
      readonly removedLanes: readonly string[];
      readonly removedRebalances: readonly string[];
    } & HistoryChanges)
  /** More of the message before, in portions so that no frame of the page takes long. */
  | { readonly type: 'lanes'; readonly lanes: readonly LaneMessage[]; readonly more: boolean }
  | { readonly type: 'moves'; readonly rebalance: string; readonly moves: readonly MoveMessage[] }
  /** As they become known, of those that were asked for. */
  | { readonly type: 'meanwhile'; readonly counts: readonly MeanwhileMessage[] }
  /** Lags of the partitions that were asked for: whole lines. */
  | { readonly type: 'lags'; readonly series: readonly Series[] }
  | { readonly type: 'select'; readonly key: PartitionKey }
  /** Goes to a moment, and to the rebalance of that moment where there is one. */
  | { readonly type: 'show'; readonly at: number; readonly rebalance?: string | undefined };

export type HistoryExport = 'json' | 'csv';

/** Page to host. */
export type FromAssignmentsPage =
  | { readonly type: 'ready' }
  | { readonly type: 'pause'; readonly paused: boolean }
  | { readonly type: 'retry' }
  | { readonly type: 'copy'; readonly text: string }
  /** Which partitions a rebalance moved. */
  | { readonly type: 'moves'; readonly rebalance: string }
  /** Rebalances on the screen, of which the records that came meanwhile are to be counted. */
  | { readonly type: 'meanwhile'; readonly rebalances: readonly string[] }
  /** The partitions whose lag is shown; none: no lag. */
  | { readonly type: 'lags'; readonly keys: readonly PartitionKey[] }
  | { readonly type: 'openLine'; readonly file: string; readonly line: number }
  | { readonly type: 'openLag'; readonly key?: PartitionKey | undefined }
  | { readonly type: 'export'; readonly format: HistoryExport }
  /** A picture of what is shown: an SVG's text, or a PNG's bytes in base64. */
  | { readonly type: 'picture'; readonly format: 'png' | 'svg'; readonly data: string };

/** What the page keeps: how it is looked at, never data. */
export interface AssignmentsPageState {
  readonly cluster: string;
  readonly group: string;
  readonly by?: 'partition' | 'member';
  readonly filter?: string;
  readonly movedOnly?: boolean;
  readonly lag?: boolean;
  readonly asTable?: boolean;
  readonly list?: boolean;
  /** The list is of lines of logs, where there are any. */
  readonly lines?: boolean;
  /** ms since 1970; left out: all there is, up to now. */
  readonly range?: { readonly from: number; readonly to: number } | undefined;
  /** The right end stays at now. */
  readonly follow?: boolean;
  readonly sort?: { readonly column: string; readonly descending: boolean };
  readonly widths?: Readonly<Record<string, number>>;
}
