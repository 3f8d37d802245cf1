import type { LineMessage } from '../../src/ui/panels/assignments/protocol.ts';
import type { ChartCursor } from './chartCursor.ts';
import { spanAt } from './lanes.ts';
import { lineAt, rebalanceAt } from './pick.ts';
import { laneHeight, overviewHeight, timeAt, topHeight, type Scene } from './scene.ts';
import { panned, within, zoomed, type TimeWindow } from './timeWindow.ts';

export type Drag =
  | { readonly kind: 'pan'; readonly x: number; readonly window: TimeWindow; moved: boolean }
  | { readonly kind: 'brush' | 'overview'; readonly x: number; moved: boolean; to: number };

/** The chart, as far as the pointer works on it. */
export interface PointerSurface {
  /** What scrolls, and what the pointer is captured by. */
  readonly scroller: () => HTMLElement;
  /** As it is drawn now. */
  readonly scene: () => Scene;
  readonly setWindow: (window: TimeWindow) => void;
  readonly select: (rebalance: string | undefined) => void;
  readonly open: (lane: string) => void;
  readonly openLine: (line: LineMessage) => void;
  /** The cursor or the drag is elsewhere. */
  readonly moved: () => void;
}

/** px that a pointer may move and still have clicked. */
const clickSlack = 3;

/** What wheel and pointer do: zoom, pan, brush a range, read, choose. */
export class ChartPointer {
  readonly #surface: PointerSurface;
  readonly #cursor: ChartCursor;
  #drag: Drag | undefined;

  constructor(surface: PointerSurface, cursor: ChartCursor) {
    this.#surface = surface;
    this.#cursor = cursor;
  }

  get drag(): Drag | undefined {
    return this.#drag;
  }

  readonly onWheel = (event: WheelEvent): void => {
    const { x, y } = this.#pointOf(event);
    const scene = this.#surface.scene();
    const { window, bounds } = scene;
    const scrolls = scene.lanes.length * laneHeight > scene.height - topHeight && y > topHeight;
    const perPixel = (window.to - window.from) / Math.max(1, scene.width - scene.gutter);
    if (event.ctrlKey || event.metaKey || (!scrolls && !event.shiftKey && event.deltaX === 0)) {
      const factor = Math.exp(-Math.max(-200, Math.min(200, event.deltaY)) / 300);
      this.#surface.setWindow(zoomed(window, factor, timeAt(scene, Math.max(scene.gutter, x)), bounds));
    } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      this.#surface.setWindow(panned(window, (event.deltaX || event.deltaY) * perPixel, bounds));
    } else return;
    event.preventDefault();
  };

  readonly onDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    const { x, y } = this.#pointOf(event);
    const { gutter, width, window } = this.#surface.scene();
    if (x < gutter || x > width) return;
    const kind = y < overviewHeight ? 'overview' : event.shiftKey ? 'brush' : 'pan';
    this.#drag = kind === 'pan' ? { kind, x, window, moved: false } : { kind, x, to: x, moved: false };
    this.#surface.scroller().setPointerCapture(event.pointerId);
  };

  readonly onMove = (event: PointerEvent): void => {
    const { x, y } = this.#pointOf(event);
    const scene = this.#surface.scene();
    const { window, bounds } = scene;
    const drag = this.#drag;
    if (drag !== undefined) {
      if (Math.abs(x - drag.x) > clickSlack) drag.moved = true;
      if (drag.kind === 'pan' && drag.moved) {
        const by = ((drag.x - x) / Math.max(1, scene.width - scene.gutter)) * (window.to - window.from);
        this.#surface.setWindow(panned(drag.window, by, bounds));
        return;
      }
      if (drag.kind !== 'pan') drag.to = x;
    }
    if (x < scene.gutter || x > scene.width || y < overviewHeight) this.#cursor.leave();
    else {
      const lane = y < topHeight ? -1 : Math.floor((y - topHeight + scene.scrollTop) / laneHeight);
      this.#cursor.put(lane < scene.lanes.length ? { lane, at: timeAt(scene, x) } : undefined, false);
    }
    this.#surface.moved();
  };

  readonly onUp = (event: PointerEvent): void => {
    const drag = this.#drag;
    this.#drag = undefined;
    if (drag === undefined) return;
    const scene = this.#surface.scene();
    const { window, bounds } = scene;
    const { x, y } = this.#pointOf(event);
    if (drag.kind === 'pan') {
      if (!drag.moved && y >= overviewHeight && y < topHeight) {
        const at = timeAt(scene, x);
        const rebalance = rebalanceAt(scene, at);
        const line = rebalance === undefined ? lineAt(scene, at) : undefined;
        if (line === undefined) this.#surface.select(rebalance?.id);
        else this.#surface.openLine(line);
      }
      return;
    }
    const whole = { ...scene, window: drag.kind === 'overview' ? bounds : window };
    if (drag.moved) {
      const [from, to] = [timeAt(whole, Math.min(drag.x, x)), timeAt(whole, Math.max(drag.x, x))];
      this.#surface.setWindow(within({ from, to }, bounds));
    } else if (drag.kind === 'overview') {
      const half = (window.to - window.from) / 2;
      const at = timeAt(whole, x);
      this.#surface.setWindow(within({ from: at - half, to: at + half }, bounds));
    }
    this.#surface.moved();
  };

  readonly onLeave = (): void => {
    if (this.#drag !== undefined) return;
    this.#cursor.leave();
    this.#surface.moved();
  };

  readonly onDoubleClick = (event: MouseEvent): void => {
    const { x, y } = this.#pointOf(event);
    const scene = this.#surface.scene();
    if (y < overviewHeight) {
      this.#surface.setWindow(scene.bounds);
      return;
    }
    const lane = scene.lanes[Math.floor((y - topHeight + scene.scrollTop) / laneHeight)];
    if (y < topHeight || lane === undefined) return;
    if (x < scene.gutter) {
      this.#surface.open(lane.of);
      return;
    }
    // To the span, with a little of what is around it.
    const index = spanAt(lane, timeAt(scene, x));
    if (index < 0) return;
    const [from, to] = [lane.from[index]!, Math.min(lane.to[index]!, scene.now)];
    const around = Math.max(50, (to - from) / 4);
    this.#surface.setWindow(within({ from: from - around, to: to + around }, scene.bounds));
  };

  #pointOf(event: MouseEvent): { readonly x: number; readonly y: number } {
    const { left, top } = this.#surface.scroller().getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }
}
