import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { HistoryMember, RebalanceMessage } from '../../src/ui/panels/assignments/protocol.ts';
import type { Point } from '../../src/ui/panels/protocol.ts';
import { cssProperties, PageElement } from '../shared/element.ts';
import { t } from '../shared/l10n.ts';
import { readTheme, type ChartTheme } from './chartTheme.ts';
import { ChartCursor } from './chartCursor.ts';
import { nobody, spanAt, type Lane } from './lanes.ts';
import { momentText, rebalanceText, spanText } from './readout.ts';
import {
  drawScene,
  laneHeight,
  lanesInView,
  marksOf,
  overviewHeight,
  timeAt,
  topHeight,
  xOf,
  type Scene,
} from './scene.ts';
import { CanvasSink, SvgSink } from './sink.ts';
import { panned, within, zoomed, type TimeWindow } from './timeWindow.ts';
import { timeOf } from './words.ts';

/** Fired by the chart; `detail` by name, prefixed with `lanes-`. */
export interface LanesEvents {
  /** The person zoomed or panned. */
  readonly window: TimeWindow;
  /** A rebalance was chosen; undefined: none any more. */
  readonly select: string | undefined;
  /** Enter or a double click on a lane: its key. */
  readonly open: string;
  /** Keys of the lanes in view. */
  readonly view: readonly string[];
  readonly copy: string;
}

/** Lanes in a saved picture: beyond that no viewer opens it. */
const mostInPicture = 400;

type Drag =
  | { readonly kind: 'pan'; readonly x: number; readonly window: TimeWindow; moved: boolean }
  | { readonly kind: 'brush' | 'overview'; readonly x: number; moved: boolean; to: number };

/**
 * Who owned what over time, a lane each. Draws what is in view on a canvas, and what the pointer or the keyboard is at on a second one
 * above it, so that a hover draws no lane anew.
 */
export class LanesChart extends PageElement {
  static override properties = {
    label: { attribute: false },
    lanes: { attribute: false },
    members: { attribute: false },
    rebalances: { attribute: false },
    window: { attribute: false },
    bounds: { attribute: false },
    now: { attribute: false },
    selected: { attribute: false },
    lags: { attribute: false },
    pending: { attribute: false },
  };
  declare label: string;
  declare lanes: readonly Lane[];
  declare members: readonly HistoryMember[];
  declare rebalances: readonly RebalanceMessage[];
  declare window: TimeWindow;
  declare bounds: TimeWindow;
  /** Right end of what is known. */
  declare now: number;
  declare selected: string | undefined;
  declare lags: ReadonlyMap<string, readonly Point[]> | undefined;
  /** By lane: the member that the partition is to go to. */
  declare pending: ReadonlyMap<string, number>;

  #theme: ChartTheme | undefined;
  #sizes: ResizeObserver | undefined;
  #themes: MutationObserver | undefined;
  #drawDue = false;
  #drag: Drag | undefined;
  #view = '';
  /** Where pointer or keyboard is. */
  #cursor = new ChartCursor();
  #size = { width: 0, height: 0 };
  #said = '';

  constructor() {
    super();
    this.label = '';
    this.lanes = [];
    this.members = [];
    this.rebalances = [];
    this.window = { from: 0, to: 1 };
    this.bounds = this.window;
    this.now = 0;
    this.pending = new Map();
  }

  override focus(): void {
    this.querySelector<HTMLElement>('.lanes-scroll')?.focus();
  }

  /** Puts the cursor on a lane, at the right end of what is seen, and brings it into view. */
  goTo(key: string): void {
    const lane = this.lanes.findIndex((one) => one.key === key);
    if (lane < 0) return;
    this.#cursor.put({ lane, at: Math.min(this.window.to, this.now) - 1 }, true);
    this.#reveal();
    this.#moved();
  }

  /** The lanes that pass the filter, from the first in view on, as an SVG. */
  svg(title: string): string {
    const scene = this.#pictureScene();
    const sink = new SvgSink(scene, this.#themeNow.font);
    drawScene(sink, scene);
    return sink.toText(title);
  }

  /** The same as a PNG's bytes in base64, at twice the size so that it stays sharp. */
  async png(): Promise<string> {
    const scene = this.#pictureScene();
    const canvas = document.createElement('canvas');
    canvas.width = scene.width * 2;
    canvas.height = scene.height * 2;
    const context = canvas.getContext('2d')!;
    context.scale(2, 2);
    drawScene(new CanvasSink(context, this.#themeNow.font), scene);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
    if (blob === null) throw new Error('The picture is too large');
    const bytes = new Uint8Array(await blob.arrayBuffer());
    let text = '';
    for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
    return btoa(text);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sizes?.disconnect();
    this.#themes?.disconnect();
  }

  protected override firstUpdated(): void {
    const scroller = this.#scroller;
    // Not passive: Ctrl with the wheel would zoom the whole page.
    scroller.addEventListener('wheel', this.#onWheel, { passive: false });
    scroller.addEventListener('scroll', () => this.#draw(), { passive: true });
    this.#sizes = new ResizeObserver(() => this.#resize());
    this.#sizes.observe(scroller);
    // VS Code changes the theme by the variables on <html> and the class of <body>.
    this.#themes = new MutationObserver(() => {
      this.#theme = undefined;
      this.#draw();
    });
    this.#themes.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
    this.#themes.observe(document.body, { attributes: true, attributeFilter: ['class'] });
    // Marks are letters of the icon font, which may come later than the first drawing.
    void document.fonts.load('14px codicon').then(() => this.#draw());
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('lanes')) this.#cursor.keepWithin(this.lanes.length);
  }

  protected override render(): TemplateResult {
    return html`<div
        class="lanes-scroll"
        tabindex="0"
        role="application"
        aria-roledescription=${t('chart')}
        aria-label=${t('{0}. Arrow keys move by lane and by span, plus and minus zoom, 0 shows all.', this.label)}
        @keydown=${this.#onKey}
        @pointerdown=${this.#onDown}
        @pointermove=${this.#onMove}
        @pointerup=${this.#onUp}
        @pointercancel=${this.#onLeave}
        @pointerleave=${this.#onLeave}
        @dblclick=${this.#onDoubleClick}
      >
        <div class="lanes-sticky"><canvas class="lanes-base"></canvas><canvas class="lanes-over"></canvas></div>
        <div class="lanes-spacer" ${cssProperties({ height: `${topHeight + this.lanes.length * laneHeight}px` })}></div>
      </div>
      <p class="lanes-readout" aria-live=${this.#cursor.byKeyboard ? 'polite' : 'off'}>
        ${this.#said === '' ? html`<span class="quiet">${this.#hint()}</span>` : html`<span title=${this.#said}>${this.#said}</span>`}
      </p>
      ${this.lanes.length === 0 ? html`<p class="lanes-none">${t('No lane passes the filter.')}</p>` : nothing}`;
  }

  protected override updated(changed: PropertyValues): void {
    // Nothing but the read-out is new.
    if (changed.size === 0) return;
    // What is under the cursor may be another thing by now.
    this.#read();
    this.#draw();
  }

  #hint(): string {
    return t(
      '{0} to {1}. Ctrl and wheel zooms, drag moves, Shift and drag zooms to a range.',
      momentText(this.window.from, this.now),
      momentText(this.window.to, this.now),
    );
  }

  get #scroller(): HTMLElement {
    return this.querySelector<HTMLElement>('.lanes-scroll')!;
  }

  get #themeNow(): ChartTheme {
    return (this.#theme ??= readTheme(this));
  }

  get #scene(): Scene {
    const { width, height } = this.#size;
    return {
      width,
      height,
      gutter: gutterOf(width),
      scrollTop: this.#scroller.scrollTop,
      lanes: this.lanes,
      members: this.members,
      rebalances: this.rebalances,
      window: this.window,
      bounds: this.bounds,
      now: this.now,
      theme: this.#themeNow,
      selected: this.selected,
      lags: this.lags,
      pending: this.pending,
    };
  }

  #pictureScene(): Scene {
    const scene = this.#scene;
    const count = Math.min(this.lanes.length, mostInPicture);
    const first = Math.min(lanesInView(scene)[0], this.lanes.length - count);
    return { ...scene, scrollTop: first * laneHeight, height: topHeight + count * laneHeight };
  }

  #resize(): void {
    const { clientWidth: width, clientHeight: height } = this.#scroller;
    const ratio = devicePixelRatio;
    this.#size = { width, height };
    for (const canvas of this.querySelectorAll('canvas')) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      canvas.style.setProperty('width', `${width}px`);
      canvas.style.setProperty('height', `${height}px`);
    }
    this.#drawNow();
  }

  /** Once a frame, however often it is asked for. */
  #draw(): void {
    if (this.#drawDue) return;
    this.#drawDue = true;
    requestAnimationFrame(() => {
      this.#drawDue = false;
      if (this.isConnected) this.#drawNow();
    });
  }

  #drawNow(): void {
    if (this.#size.width === 0 || this.#size.height === 0) return;
    const context = this.#context('.lanes-base');
    const scene = this.#scene;
    drawScene(new CanvasSink(context, scene.theme.font), scene);
    this.#drawOver(scene);
    const [first, last] = lanesInView(scene);
    const view = this.lanes.slice(first, last).map(({ key }) => key);
    if (view.join('\n') !== this.#view) {
      this.#view = view.join('\n');
      this.#announce('view', view);
    }
  }

  #context(canvas: string): CanvasRenderingContext2D {
    const context = this.querySelector<HTMLCanvasElement>(canvas)!.getContext('2d')!;
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    return context;
  }

  /** The crosshair, the span under it, and what is dragged. */
  #drawOver(scene: Scene): void {
    const context = this.#context('.lanes-over');
    const { width, height, gutter, theme } = scene;
    context.clearRect(0, 0, width, height);
    const sink = new CanvasSink(context, theme.font);
    const drag = this.#drag;
    if (drag !== undefined && drag.kind !== 'pan' && drag.moved) {
      const [left, right] = [Math.max(gutter, Math.min(drag.x, drag.to)), Math.max(drag.x, drag.to)];
      const [top, bottom] = drag.kind === 'brush' ? [overviewHeight, height] : [0, overviewHeight];
      sink.hatch(left, top, right - left, bottom - top, theme.focus);
      sink.frame(left, top, right - left, bottom - top, theme.focus);
    }
    const place = this.#cursor.place;
    if (place === undefined) return;
    const x = Math.round(xOf(scene, place.at)) + 0.5;
    sink.clipped(gutter, overviewHeight, width - gutter, height - overviewHeight, () => {
      sink.line(x, overviewHeight, x, height, theme.text);
    });
    const lane = this.lanes[place.lane];
    if (lane === undefined) {
      if (this.#cursor.byKeyboard) sink.frame(gutter, topHeight - 20, width - gutter, 19, theme.focus);
      return;
    }
    const y = topHeight + place.lane * laneHeight - scene.scrollTop;
    sink.clipped(0, topHeight, width, height - topHeight, () => {
      if (this.#cursor.byKeyboard) sink.frame(0, y, gutter - 1, laneHeight - 1, theme.focus);
      const index = spanAt(lane, place.at);
      if (index < 0) return;
      const from = Math.max(gutter, xOf(scene, lane.from[index]!));
      const to = Math.min(width, xOf(scene, Math.min(lane.to[index]!, this.now)));
      sink.frame(
        from,
        y + 2,
        Math.max(2, to - from),
        laneHeight - 5,
        this.#cursor.byKeyboard ? theme.focus : theme.text,
      );
    });
  }

  /** Says what is under the cursor. */
  #read(): void {
    const said = this.#textAtCursor();
    if (said === this.#said) return;
    this.#said = said;
    this.requestUpdate();
  }

  #textAtCursor(): string {
    const place = this.#cursor.place;
    if (place === undefined) return '';
    const lane = this.lanes[place.lane];
    if (lane !== undefined) {
      return spanText(lane, place.at, {
        members: this.members,
        now: this.now,
        lag: this.lags?.get(lane.key),
        pending: this.pending.get(lane.key),
      });
    }
    const rebalance = this.#rebalanceAt(place.at);
    return rebalance === undefined ? momentText(place.at, this.now) : rebalanceText(rebalance, this.now);
  }

  /** The one whose mark is there. */
  #rebalanceAt(at: number): RebalanceMessage | undefined {
    const scene = this.#scene;
    const exactly = this.rebalances.find((one) => timeOf(one) === at);
    if (exactly !== undefined) return exactly;
    const x = xOf(scene, at);
    const near = marksOf(scene).filter((mark) => Math.abs(mark.x - x) < 10);
    const mark = near.sort((a, b) => Math.abs(a.x - x) - Math.abs(b.x - x))[0];
    return mark?.rebalances[0];
  }

  #moved(): void {
    this.#read();
    if (this.#size.width > 0) this.#drawOver(this.#scene);
  }

  #announce<Name extends keyof LanesEvents>(name: Name, detail: LanesEvents[Name]): void {
    this.dispatchEvent(new CustomEvent(`lanes-${name}`, { detail }));
  }

  #setWindow(window: TimeWindow): void {
    this.window = window;
    this.#announce('window', window);
  }

  #pointOf(event: MouseEvent): { readonly x: number; readonly y: number } {
    const { left, top } = this.#scroller.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }

  readonly #onWheel = (event: WheelEvent): void => {
    const { x, y } = this.#pointOf(event);
    const scene = this.#scene;
    const scrolls = this.lanes.length * laneHeight > scene.height - topHeight && y > topHeight;
    const perPixel = (this.window.to - this.window.from) / Math.max(1, scene.width - scene.gutter);
    if (event.ctrlKey || event.metaKey || (!scrolls && !event.shiftKey && event.deltaX === 0)) {
      const factor = Math.exp(-Math.max(-200, Math.min(200, event.deltaY)) / 300);
      this.#setWindow(zoomed(this.window, factor, timeAt(scene, Math.max(scene.gutter, x)), this.bounds));
    } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      this.#setWindow(panned(this.window, (event.deltaX || event.deltaY) * perPixel, this.bounds));
    } else return;
    event.preventDefault();
  };

  readonly #onDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    const { x, y } = this.#pointOf(event);
    const { gutter, width } = this.#scene;
    if (x < gutter || x > width) return;
    const kind = y < overviewHeight ? 'overview' : event.shiftKey ? 'brush' : 'pan';
    this.#drag = kind === 'pan' ? { kind, x, window: this.window, moved: false } : { kind, x, to: x, moved: false };
    this.#scroller.setPointerCapture(event.pointerId);
  };

  readonly #onMove = (event: PointerEvent): void => {
    const { x, y } = this.#pointOf(event);
    const scene = this.#scene;
    const drag = this.#drag;
    if (drag !== undefined) {
      if (Math.abs(x - drag.x) > 3) drag.moved = true;
      if (drag.kind === 'pan' && drag.moved) {
        const by = ((drag.x - x) / Math.max(1, scene.width - scene.gutter)) * (this.window.to - this.window.from);
        this.#setWindow(panned(drag.window, by, this.bounds));
        return;
      }
      if (drag.kind !== 'pan') drag.to = x;
    }
    if (x < scene.gutter || x > scene.width || y < overviewHeight) this.#cursor.leave();
    else {
      const lane = y < topHeight ? -1 : Math.floor((y - topHeight + scene.scrollTop) / laneHeight);
      this.#cursor.put(lane < this.lanes.length ? { lane, at: timeAt(scene, x) } : undefined, false);
    }
    this.#moved();
  };

  readonly #onUp = (event: PointerEvent): void => {
    const drag = this.#drag;
    this.#drag = undefined;
    if (drag === undefined) return;
    const scene = this.#scene;
    const { x, y } = this.#pointOf(event);
    if (drag.kind === 'pan') {
      if (!drag.moved && y >= overviewHeight && y < topHeight) {
        this.#announce('select', this.#rebalanceAt(timeAt(scene, x))?.id);
      }
      return;
    }
    const whole = { ...scene, window: drag.kind === 'overview' ? this.bounds : this.window };
    if (drag.moved) {
      const [from, to] = [timeAt(whole, Math.min(drag.x, x)), timeAt(whole, Math.max(drag.x, x))];
      this.#setWindow(within({ from, to }, this.bounds));
    } else if (drag.kind === 'overview') {
      const half = (this.window.to - this.window.from) / 2;
      const at = timeAt(whole, x);
      this.#setWindow(within({ from: at - half, to: at + half }, this.bounds));
    }
    this.#moved();
  };

  readonly #onLeave = (): void => {
    if (this.#drag !== undefined) return;
    this.#cursor.leave();
    this.#moved();
  };

  readonly #onDoubleClick = (event: MouseEvent): void => {
    const { x, y } = this.#pointOf(event);
    const scene = this.#scene;
    if (y < overviewHeight) {
      this.#setWindow(this.bounds);
      return;
    }
    const lane = this.lanes[Math.floor((y - topHeight + scene.scrollTop) / laneHeight)];
    if (y < topHeight || lane === undefined) return;
    if (x < scene.gutter) {
      this.#announce('open', lane.key);
      return;
    }
    // To the span, with a little of what is around it.
    const index = spanAt(lane, timeAt(scene, x));
    if (index < 0) return;
    const [from, to] = [lane.from[index]!, Math.min(lane.to[index]!, this.now)];
    const around = Math.max(50, (to - from) / 4);
    this.#setWindow(within({ from: from - around, to: to + around }, this.bounds));
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    const { window, bounds } = this;
    const length = window.to - window.from;
    const place = this.#cursor.place;
    const middle = place?.at ?? window.from + length / 2;
    if (event.ctrlKey || event.metaKey) {
      if (event.key !== 'c' || this.#said === '') return;
      this.#announce('copy', this.#said);
    } else if (event.key === '+' || event.key === '=') this.#setWindow(zoomed(window, 1.5, middle, bounds));
    else if (event.key === '-') this.#setWindow(zoomed(window, 1 / 1.5, middle, bounds));
    else if (event.key === '0') this.#setWindow(bounds);
    else if (event.key === 'n') this.#setWindow(within({ from: bounds.to - length, to: bounds.to }, bounds));
    else if (event.shiftKey && event.key === 'ArrowLeft') this.#setWindow(panned(window, -length / 5, bounds));
    else if (event.shiftKey && event.key === 'ArrowRight') this.#setWindow(panned(window, length / 5, bounds));
    else if (event.key === 'Enter') this.#choose();
    else if (event.key === 'Escape' && place !== undefined) this.#cursor.leave();
    else {
      const page = Math.max(1, Math.floor((this.#size.height - topHeight) / laneHeight) - 1);
      const moved = this.#cursor.onKey(event.key, {
        lanes: this.lanes,
        rebalances: this.rebalances,
        window,
        now: this.now,
        page,
      });
      if (!moved) return;
      this.#reveal();
    }
    this.#moved();
    event.preventDefault();
    event.stopPropagation();
  };

  /** Enter: the rebalance under the cursor, or the one that began the span under it. */
  #choose(): void {
    const place = this.#cursor.place;
    if (place === undefined) return;
    const lane = this.lanes[place.lane];
    if (lane === undefined) {
      this.#announce('select', this.#rebalanceAt(place.at)?.id);
      return;
    }
    const index = spanAt(lane, place.at);
    const begun = index < 0 ? place.at : lane.from[index]!;
    // An owner comes when a rebalance is done; its gap begins as the rebalance does.
    const told = (one: RebalanceMessage): number =>
      lane.owner[index] === nobody ? timeOf(one) : (one.ended ?? timeOf(one));
    const near = this.rebalances.reduce<RebalanceMessage | undefined>(
      (best, one) => (best === undefined || Math.abs(told(one) - begun) < Math.abs(told(best) - begun) ? one : best),
      undefined,
    );
    if (near !== undefined) this.#announce('select', near.id);
  }

  /** Brings the cursor into view, by scrolling and by moving the window. */
  #reveal(): void {
    const place = this.#cursor.place;
    if (place === undefined) return;
    const scroller = this.#scroller;
    if (place.lane >= 0) {
      const [top, bottom] = [place.lane * laneHeight, (place.lane + 1) * laneHeight];
      const room = this.#size.height - topHeight;
      if (top < scroller.scrollTop) scroller.scrollTop = top;
      else if (bottom > scroller.scrollTop + room) scroller.scrollTop = bottom - room;
    }
    const { from, to } = this.window;
    if (place.at >= from && place.at <= to) return;
    const half = (to - from) / 2;
    this.#setWindow(within({ from: place.at - half, to: place.at + half }, this.bounds));
  }
}

function gutterOf(width: number): number {
  return Math.round(Math.min(180, Math.max(84, width * 0.18)));
}

customElements.define('kafka-lanes-chart', LanesChart);
