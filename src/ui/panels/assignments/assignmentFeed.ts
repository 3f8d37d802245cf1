import type { GroupHistory, LogLine } from '../../../groups/assignmentHistory.ts';
import type { Disposable } from '../../../shared/event.ts';
import { formatCount } from '../../../shared/format.ts';
import { t } from '../../../shared/l10n.ts';
import { timeWords } from '../../../shared/times.ts';
import { partitionOfKey, type Frame, type PartitionKey, type Problem, type Series } from '../protocol.ts';
import type { Watch } from '../services.ts';
import { groupFrame, partitionPoints } from '../viewModel.ts';
import {
  findingMessages,
  historyMembers,
  laneMessages,
  lineMessages,
  MemberPlaces,
  moveMessages,
  pendingMessages,
  rebalanceMessages,
} from './historyModel.ts';
import { MeanwhileCounts } from './meanwhileCounts.ts';
import {
  laneKey,
  type HistoryChanges,
  type HistoryModel,
  type LaneMessage,
  type LineMessage,
  type PendingMessage,
  type RebalanceMessage,
  type ToAssignmentsPage,
} from './protocol.ts';
import type { AssignmentServices, HistoryNews } from './services.ts';

export interface AssignmentFeedOptions {
  readonly cluster: string;
  readonly group: string;
  readonly services: Pick<AssignmentServices, 'watchOf' | 'onDidChangeClusters' | 'followHistory' | 'recordsMeanwhile'>;
  readonly send: (message: ToAssignmentsPage) => void;
  readonly now?: () => number;
}

/** Which line of which log. */
export type LineRef = Pick<LogLine, 'file' | 'line'>;

/** Numbers of spans a message: more at once would hold up the page's next frame. */
const portion = 40_000;

/** What one assignment page is told. Follows the history and holds the poller only while the page is visible. */
export class AssignmentFeed implements Disposable {
  readonly #options: AssignmentFeedOptions;
  readonly #clusters: Disposable;
  readonly #meanwhile: MeanwhileCounts;
  #watch: Watch | undefined;
  #held: Disposable[] = [];
  #detail: Disposable | undefined;
  #started = false;
  /** It follows already, for a page that is still to come. */
  #isPrepared = false;
  #paused = false;
  #news: HistoryNews = {};
  #lagKeys: readonly PartitionKey[] = [];
  /** As the page has it; places live as long as it has them. */
  #places = new MemberPlaces();
  #lanes = new Map<string, LaneMessage>();
  #rebalances = new Map<string, string>();
  #lines: GroupHistory['lines'];
  #wantedLine: LineRef | undefined;

  constructor(options: AssignmentFeedOptions) {
    this.#options = options;
    this.#meanwhile = new MeanwhileCounts({
      cluster: options.cluster,
      count: options.services.recordsMeanwhile,
      send: (counts) => options.send({ type: 'meanwhile', counts }),
    });
    this.#clusters = options.services.onDidChangeClusters(() => {
      const isWanted = this.#started || this.#isPrepared;
      if (isWanted && options.services.watchOf(options.cluster) !== this.#watch) this.#attach();
    });
  }

  /** What is known by now, for exports. */
  get history(): GroupHistory | undefined {
    const { history } = this.#news;
    return history === undefined ? undefined : this.#meanwhile.laidOn(history);
  }

  /** The page is about to be there: reading goes on while it loads. */
  prepare(): void {
    this.#attach();
    this.#isPrepared = true;
  }

  /** The page is there. */
  start(): void {
    this.#started = true;
    this.#paused = false;
    if (this.#isPrepared) this.#sendFull();
    else this.#attach();
    this.#isPrepared = false;
  }

  /** The page is gone or hidden. */
  stop(): void {
    this.#started = false;
    this.#isPrepared = false;
    this.#detach();
    this.#forget();
    this.#lagKeys = [];
  }

  /** While paused the page keeps what it has; the history goes on. */
  pause(paused: boolean): void {
    this.#paused = paused;
    if (!paused) this.#sendUpdate();
  }

  retry(): void {
    if (this.#started) this.#attach();
  }

  /** Moves the page's cursor to a partition. */
  select(key: PartitionKey): void {
    if (this.#started) this.#options.send({ type: 'select', key });
  }

  /** Goes to the moment of a line of a log, as soon as that is laid on the history. */
  showLine(line: LineRef): void {
    this.#wantedLine = line;
    this.#showWanted();
  }

  moves(id: string): void {
    const rebalance = this.#news.history?.rebalances.find((one) => one.id === id);
    if (rebalance === undefined) return;
    this.#options.send({ type: 'moves', rebalance: id, moves: moveMessages(rebalance, this.#places) });
  }

  /** Counts the records that came during these rebalances, where the history itself does not tell. */
  meanwhile(ids: readonly string[]): void {
    if (!this.#started) return;
    const wanted = new Set(ids);
    this.#meanwhile.want(this.#news.history?.rebalances.filter(({ id }) => wanted.has(id)) ?? []);
  }

  lags(keys: readonly PartitionKey[]): void {
    this.#lagKeys = keys;
    if (keys.length === 0) {
      this.#detail?.dispose();
      this.#detail = undefined;
    } else {
      this.#detail ??= this.#watch?.history.keepDetail(this.#options.group);
    }
    this.#sendLags();
  }

  dispose(): void {
    this.stop();
    this.#clusters.dispose();
  }

  #attach(): void {
    this.#detach();
    const { services, cluster, group } = this.#options;
    this.#news = {};
    this.#watch = services.watchOf(cluster);
    if (this.#watch !== undefined) {
      this.#held.push(
        this.#watch.onDidChange(() => {
          this.#sendUpdate();
          if (!this.#paused) this.#sendLags();
        }),
        this.#watch.look(),
      );
    }
    // It may tell at once, before this is done.
    let attached = false;
    const following = services.followHistory(cluster, group, (news) => {
      this.#news = { ...news, history: news.history ?? this.#news.history };
      if (attached) this.#sendUpdate();
    });
    attached = true;
    if (following !== undefined) this.#held.push(following);
    if (this.#started) this.#sendFull();
  }

  #detach(): void {
    this.#meanwhile.stop();
    for (const one of this.#held) one.dispose();
    this.#held = [];
    this.#detail?.dispose();
    this.#detail = undefined;
    this.#watch = undefined;
  }

  #forget(): void {
    this.#places = new MemberPlaces();
    this.#lanes = new Map();
    this.#rebalances = new Map();
    this.#lines = undefined;
    this.#taken = undefined;
    this.#pending = [];
    this.#changedLanes = [];
    this.#changedRebalances = [];
    this.#removedLanes = [];
    this.#removedRebalances = [];
  }

  #sendFull(): void {
    this.#forget();
    const { changes, rest } = this.#changes();
    this.#options.send({ type: 'full', model: this.#model(), ...changes, more: rest.length > 0 });
    this.#sendPortions(rest);
    this.#showWanted();
  }

  #sendUpdate(): void {
    if (!this.#started || this.#paused) return;
    const { changes, rest, removedLanes, removedRebalances } = this.#changes();
    const model = this.#model();
    this.#options.send({ type: 'update', model, ...changes, removedLanes, removedRebalances, more: rest.length > 0 });
    this.#sendPortions(rest);
    this.#showWanted();
  }

  #showWanted(): void {
    const wanted = this.#wantedLine;
    if (wanted === undefined || !this.#started) return;
    const found = this.#news.history?.lines?.find(({ file, line }) => file === wanted.file && line === wanted.line);
    if (found === undefined) return;
    this.#wantedLine = undefined;
    this.#options.send({ type: 'show', at: found.at, rebalance: found.rebalance });
  }

  #sendPortions(portions: readonly (readonly LaneMessage[])[]): void {
    portions.forEach((lanes, index) => {
      this.#options.send({ type: 'lanes', lanes, more: index < portions.length - 1 });
    });
  }

  /** What the page does not have yet, or has otherwise. */
  #changes(): {
    readonly changes: HistoryChanges;
    readonly rest: readonly (readonly LaneMessage[])[];
    readonly removedLanes: string[];
    readonly removedRebalances: string[];
  } {
    const { history } = this.#news;
    if (history !== undefined && history !== this.#taken) this.#take(history);
    const members = this.#watch?.snapshot?.groups.get(this.#options.group)?.members.map(({ id }) => id);
    const lanes = this.#changedLanes;
    const rebalances = this.#changedRebalances;
    const [removedLanes, removedRebalances] = [this.#removedLanes, this.#removedRebalances];
    this.#changedLanes = [];
    this.#changedRebalances = [];
    this.#removedLanes = [];
    this.#removedRebalances = [];
    const [first = [], ...rest] = portionsOf(lanes);
    const changes = {
      members: historyMembers(this.#places.lives, members, history?.epochs.at(-1)),
      lanes: first,
      rebalances,
      lines: this.#changedLines(),
    };
    return { changes, rest, removedLanes, removedRebalances };
  }

  /** undefined where the page has them. */
  #changedLines(): LineMessage[] | undefined {
    const { history } = this.#news;
    if (history === undefined || sameLines(this.#lines, history.lines)) return undefined;
    this.#lines = history.lines;
    return lineMessages(history);
  }

  /** The history that the fields below were made of. */
  #taken: GroupHistory | undefined;
  #changedLanes: LaneMessage[] = [];
  #changedRebalances: RebalanceMessage[] = [];
  #pending: readonly PendingMessage[] = [];
  #removedLanes: string[] = [];
  #removedRebalances: string[] = [];

  #take(history: GroupHistory): void {
    this.#taken = history;
    this.#places.take(history.members);
    const lanes = laneMessages(history.spans, this.#places);
    this.#pending = pendingMessages(history, this.#places);
    const rebalances = rebalanceMessages(history, this.#places);
    const keys = new Set(lanes.map(laneKey));
    this.#removedLanes = [...this.#lanes.keys()].filter((key) => !keys.has(key));
    for (const key of this.#removedLanes) this.#lanes.delete(key);
    this.#changedLanes = lanes.flatMap((lane) => {
      const key = laneKey(lane);
      const change = laneChange(this.#lanes.get(key), lane);
      this.#lanes.set(key, lane);
      return change ?? [];
    });
    const ids = new Set(rebalances.map(({ id }) => id));
    this.#removedRebalances = [...this.#rebalances.keys()].filter((id) => !ids.has(id));
    for (const id of this.#removedRebalances) this.#rebalances.delete(id);
    this.#changedRebalances = rebalances.filter((rebalance) => {
      const text = JSON.stringify(rebalance);
      if (this.#rebalances.get(rebalance.id) === text) return false;
      this.#rebalances.set(rebalance.id, text);
      return true;
    });
  }

  #sendLags(): void {
    if (!this.#started || this.#lagKeys.length === 0) return;
    this.#options.send({ type: 'lags', series: this.#lagKeys.map((key) => this.#lagOf(key)) });
  }

  #lagOf(key: PartitionKey): Series {
    return {
      key,
      points: partitionPoints(this.#watch?.history.partition(this.#options.group, partitionOfKey(key)) ?? []),
    };
  }

  #model(): HistoryModel {
    const { cluster, group, now } = this.#options;
    const { history, progress } = this.#news;
    const sentAt = (now ?? Date.now)();
    const frame = groupFrame({ cluster, group }, this.#watch, sentAt);
    return {
      frame: { ...frame, problem: this.#problem(frame), partial: this.#partial() },
      groupType: history?.type ?? 'unknown',
      from: history?.from,
      to: Math.max(history?.to ?? sentAt, sentAt),
      sources: history?.sources ?? [],
      lacks: history?.lacks ?? [],
      lines: history?.lines?.length ?? 0,
      pending: this.#pending,
      findings: history === undefined ? [] : findingMessages(history, this.#places),
      progress,
    };
  }

  /** What failed while the rest stands; what a history lacks has its own place. */
  #partial(): string[] {
    const { history, failure } = this.#news;
    return history !== undefined && failure !== undefined ? [failure] : [];
  }

  /** Why there is no history to show. A group that is gone may still have one. */
  #problem(frame: Frame): Problem | undefined {
    const { history, progress, failure } = this.#news;
    const { group } = this.#options;
    if (history !== undefined && (history.spans.length > 0 || history.rebalances.length > 0)) return undefined;
    if (this.#watch === undefined) return frame.problem;
    if (failure !== undefined)
      return { kind: 'failed', title: t('The history of {0} could not be read', group), advice: failure };
    if (progress !== undefined || history === undefined) {
      const { done = 0, total } = progress ?? {};
      const read =
        total === undefined
          ? t('{0} records read.', formatCount(done))
          : t('{0} of {1} records read.', formatCount(done), formatCount(total));
      return { kind: 'loading', title: t('Reading the history of {0}', group), advice: read };
    }
    return emptyProblem(group, history);
  }
}

function emptyProblem(group: string, { from, lacks }: GroupHistory): Problem {
  const title =
    from === undefined
      ? t('No assignment is known of {0}', group)
      : t('No assignment is known of {0} since {1}', group, timeWords(from));
  const todo = t('Start a consumer of the group: its assignments appear here as they are made.');
  const why = lacks.length > 0 ? lacks.join(' ') : t('No member has been given partitions, or the group only commits.');
  return { kind: 'empty', title, advice: `${why} ${todo}` };
}

/** What takes a page from one to the other: a rebalance adds a span to lanes that may have hundreds. undefined where they are the same. */
function laneChange(before: LaneMessage | undefined, lane: LaneMessage): LaneMessage | undefined {
  if (before?.base !== lane.base) return lane;
  const { spans } = lane;
  let same = 0;
  while (same < spans.length && spans[same] === before.spans[same]) same++;
  if (same === spans.length && same === before.spans.length) return undefined;
  const kept = Math.floor(same / 4);
  return { ...lane, ...(kept > 0 && { kept }), spans: spans.slice(kept * 4) };
}

/** Laid on the history anew, lines of the same number may belong to other rebalances. */
function sameLines(a: GroupHistory['lines'] = [], b: GroupHistory['lines'] = []): boolean {
  return (
    a.length === b.length &&
    a.every(({ at, file, line, rebalance }, index) => {
      const other = b[index]!;
      return at === other.at && file === other.file && line === other.line && rebalance === other.rebalance;
    })
  );
}

function portionsOf(lanes: readonly LaneMessage[]): LaneMessage[][] {
  const portions: LaneMessage[][] = [];
  let room = 0;
  for (const lane of lanes) {
    if (room <= 0) {
      portions.push([]);
      room = portion;
    }
    portions.at(-1)!.push(lane);
    room -= lane.spans.length;
  }
  return portions;
}
