import type { RebalanceMessage } from '../../src/ui/panels/assignments/protocol.ts';
import { firstEndingAfter, spanAt, type Lane } from './lanes.ts';
import type { TimeWindow } from './timeWindow.ts';
import { timeOf } from './words.ts';

export interface CursorPlace {
  /** Of the lanes that are shown; -1: the line of the rebalances above them. */
  readonly lane: number;
  readonly at: number;
}

export interface CursorGround {
  readonly lanes: readonly Lane[];
  /** In order. */
  readonly rebalances: readonly RebalanceMessage[];
  readonly window: TimeWindow;
  readonly now: number;
  /** Lanes of a page up or down. */
  readonly page: number;
}

/** Where pointer or keyboard is in the chart, and where the next key takes it. */
export class ChartCursor {
  #place: CursorPlace | undefined;
  #byKeyboard = false;

  get place(): CursorPlace | undefined {
    return this.#place;
  }

  /** What it is at is to be said aloud. */
  get byKeyboard(): boolean {
    return this.#byKeyboard;
  }

  put(place: CursorPlace | undefined, byKeyboard: boolean): void {
    this.#place = place;
    this.#byKeyboard = byKeyboard;
  }

  leave(): void {
    this.put(undefined, false);
  }

  /** Fewer lanes are shown. */
  keepWithin(lanes: number): void {
    if (this.#place !== undefined && this.#place.lane >= lanes) this.leave();
  }

  /** Whether the key meant something here. */
  onKey(key: string, ground: CursorGround): boolean {
    const { lanes, window, now, page } = ground;
    const place = this.#place ?? { lane: -1, at: Math.min(window.to, now) };
    const last = lanes.length - 1;
    const lane = {
      ArrowUp: place.lane - 1,
      ArrowDown: place.lane + 1,
      PageUp: place.lane - page,
      PageDown: place.lane + page,
    }[key];
    if (lane !== undefined) {
      this.put({ lane: Math.max(-1, Math.min(last, lane)), at: place.at }, true);
      return true;
    }
    if (!['ArrowLeft', 'ArrowRight', 'Home', 'End'].includes(key)) return false;
    const at =
      place.lane < 0 ? alongRebalances(key, place.at, ground) : alongSpans(key, place.at, lanes[place.lane], now);
    this.put({ lane: place.lane, at: at ?? place.at }, true);
    return true;
  }
}

function alongRebalances(key: string, at: number, { rebalances }: CursorGround): number | undefined {
  const times = rebalances.map(timeOf).sort((a, b) => a - b);
  switch (key) {
    case 'ArrowLeft':
      return times.findLast((one) => one < at);
    case 'ArrowRight':
      return times.find((one) => one > at);
    case 'Home':
      return times[0];
    default:
      return times.at(-1);
  }
}

function alongSpans(key: string, at: number, lane: Lane | undefined, now: number): number | undefined {
  if (lane === undefined || lane.from.length === 0) return undefined;
  const last = lane.from.length - 1;
  const present = spanAt(lane, at);
  // Where nothing is known, the next span is the first one behind it.
  const next = present >= 0 ? present + 1 : firstEndingAfter(lane, at);
  const before = present >= 0 ? present - 1 : next - 1;
  const to = { ArrowLeft: before, ArrowRight: next, Home: 0 }[key] ?? last;
  const index = Math.max(0, Math.min(last, to));
  // Its middle: the edge belongs to the neighbour as well.
  return (lane.from[index]! + Math.min(lane.to[index]!, Math.max(now, lane.from[index]!))) / 2;
}
