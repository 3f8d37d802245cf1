import {
  laneKey,
  type HistoryMember,
  type HistoryModel,
  type LaneMessage,
  type LineMessage,
  type MeanwhileMessage,
  type MoveMessage,
  type RebalanceMessage,
  type ToAssignmentsPage,
} from '../../src/ui/panels/assignments/protocol.ts';
import type { PartitionKey, Point } from '../../src/ui/panels/protocol.ts';
import { laneOf, memberLanes, type Lane } from './lanes.ts';
import type { TimeWindow } from './timeWindow.ts';
import { timeOf } from './words.ts';

/** So that a group that has just begun has a chart and not a line. */
const leastRange = 60_000;

/** What the host has told since the page became visible. Lists are the same ones until something changes. */
export class HistoryStore {
  model: HistoryModel | undefined;
  receivedAt = 0;
  members: readonly HistoryMember[] = [];
  rebalances: readonly RebalanceMessage[] = [];
  /** Of logs, in order. */
  lines: readonly LineMessage[] = [];
  lags: ReadonlyMap<PartitionKey, readonly Point[]> = new Map();
  /** By partition: the member that it is to go to. */
  pending: ReadonlyMap<PartitionKey, number> = new Map();
  readonly moves = new Map<string, readonly MoveMessage[]>();
  /** Records that came meanwhile, by rebalance. */
  readonly meanwhile = new Map<string, MeanwhileMessage>();
  #lanes: readonly Lane[] = [];
  #memberLanes: readonly Lane[] | undefined;
  readonly #byKey = new Map<string, Lane>();
  readonly #byId = new Map<string, RebalanceMessage>();

  receive(message: Exclude<ToAssignmentsPage, { type: 'select' | 'show' }>): void {
    switch (message.type) {
      case 'full':
        this.#byKey.clear();
        this.#byId.clear();
        this.moves.clear();
        this.meanwhile.clear();
        this.lines = [];
        this.#take(message);
        return;
      case 'update':
        for (const key of message.removedLanes) this.#byKey.delete(key);
        for (const id of message.removedRebalances) this.#byId.delete(id);
        for (const { id } of message.rebalances) {
          this.moves.delete(id);
          this.meanwhile.delete(id);
        }
        this.#take(message, message.removedLanes.length + message.removedRebalances.length > 0);
        return;
      case 'lanes':
        this.#takeLanes(message.lanes);
        if (!message.more) this.#layLanes();
        return;
      case 'moves':
        this.moves.set(message.rebalance, message.moves);
        return;
      case 'meanwhile':
        for (const count of message.counts) this.meanwhile.set(count.rebalance, count);
        return;
      case 'lags':
        this.lags = new Map(message.series.map(({ key, points }) => [key, points]));
        return;
    }
  }

  /** By topic, then partition. */
  get lanes(): readonly Lane[] {
    return this.#lanes;
  }

  /** In the order of the members' first appearance. */
  get memberLanes(): readonly Lane[] {
    return (this.#memberLanes ??= memberLanes(this.#lanes, this.members));
  }

  rebalance(id: string | undefined): RebalanceMessage | undefined {
    return id === undefined ? undefined : this.#byId.get(id);
  }

  get now(): number {
    return this.model?.to ?? 0;
  }

  /** All that is told, up to now. */
  get bounds(): TimeWindow {
    const to = this.now;
    const first = this.rebalances[0];
    const from = this.#lanes.reduce(
      (least, lane) => Math.min(least, lane.from[0] ?? Infinity),
      Math.min(this.model?.from ?? Infinity, first === undefined ? Infinity : timeOf(first)),
    );
    return { from: Math.min(from, to - leastRange), to };
  }

  #take(message: Extract<ToAssignmentsPage, { type: 'full' | 'update' }>, removed = true): void {
    this.model = message.model;
    this.receivedAt = Date.now();
    this.lines = message.lines ?? this.lines;
    if (message.model.pending.length > 0 || this.pending.size > 0) {
      this.pending = new Map(message.model.pending.map(({ key, member }) => [key, member]));
    }
    if (JSON.stringify(message.members) !== JSON.stringify(this.members)) {
      this.members = message.members;
      this.#memberLanes = undefined;
    }
    this.#takeLanes(message.lanes);
    for (const rebalance of message.rebalances) this.#byId.set(rebalance.id, rebalance);
    if (!message.more && (removed || message.lanes.length > 0)) this.#layLanes();
    if (removed || message.rebalances.length > 0) {
      this.rebalances = [...this.#byId.values()].sort((a, b) => timeOf(a) - timeOf(b));
    }
  }

  #takeLanes(lanes: readonly LaneMessage[]): void {
    for (const lane of lanes) {
      const key = laneKey(lane);
      this.#byKey.set(key, laneOf(lane, this.#byKey.get(key)));
    }
  }

  #layLanes(): void {
    this.#memberLanes = undefined;
    this.#lanes = [...this.#byKey.values()].sort(
      (a, b) => (a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : 0) || a.partition - b.partition || a.nth - b.nth,
    );
  }
}
