import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { HistoryMember, LineMessage, RebalanceMessage } from '../../src/ui/panels/assignments/protocol.ts';
import type { Point } from '../../src/ui/panels/protocol.ts';
import { cssProperties, PageElement } from '../shared/element.ts';
import { t } from '../shared/l10n.ts';
import { readTheme, type ChartTheme } from './chartTheme.ts';
import { ChartCursor } from './chartCursor.ts';
import { ChartPointer } from './chartPointer.ts';
import type { Lane } from './lanes.ts';
import type { LanesEvents } from './lanesEvents.ts';
import { drawOverlay } from './overlay.ts';
import { lineAt, rebalanceAt, rebalanceOfSpan, textAt } from './pick.ts';
import { pngOf, svgOf } from './pictures.ts';
import { momentText } from './readout.ts';
import { drawScene, gutterOf, laneHeight, lanesInView, topHeight, type Scene } from './scene.ts';
import { CanvasSink } from './sink.ts';
import { showing, windowByKey, type TimeWindow } from './timeWindow.ts';

/** Lanes in a saved picture: beyond that no viewer opens it. */
const mostInPicture = 400;

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
    lines: { attribute: false },
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
  /** Of logs. */
  declare lines: readonly LineMessage[];
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
  #view = '';
  /** Where pointer or keyboard is. */
  readonly #cursor = new ChartCursor();
  readonly #pointer = new ChartPointer(
    {
      scroller: () => this.#scroller,
      scene: () => this.#scene,
      setWindow: (window) => this.#setWindow(window),
      select: (rebalance) => this.#announce('select', rebalance),
      open: (lane) => this.#announce('open', lane),
      openLine: (line) => this.#announce('line', line),
      moved: () => this.#moved(),
    },
    this.#cursor,
  );
  #size = { width: 0, height: 0 };
  #said = '';

  constructor() {
    super();
    this.label = '';
    this.lanes = [];
    this.members = [];
    this.rebalances = [];
    this.lines = [];
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
    return svgOf(this.#pictureScene(), title);
  }

  /** The same as a PNG's bytes in base64, at twice the size so that it stays sharp. */
  png(): Promise<string> {
    return pngOf(this.#pictureScene());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sizes?.disconnect();
    this.#themes?.disconnect();
  }

  protected override firstUpdated(): void {
    const scroller = this.#scroller;
    // Not passive: Ctrl with the wheel would zoom the whole page.
    scroller.addEventListener('wheel', this.#pointer.onWheel, { passive: false });
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
        @pointerdown=${this.#pointer.onDown}
        @pointermove=${this.#pointer.onMove}
        @pointerup=${this.#pointer.onUp}
        @pointercancel=${this.#pointer.onLeave}
        @pointerleave=${this.#pointer.onLeave}
        @dblclick=${this.#pointer.onDoubleClick}
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
      lines: this.lines,
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
    const view = [...new Set(this.lanes.slice(first, last).map(({ of }) => of))];
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
    context.clearRect(0, 0, scene.width, scene.height);
    drawOverlay(new CanvasSink(context, scene.theme.font), scene, this.#cursor, this.#pointer.drag);
  }

  /** Says what is under the cursor. */
  #read(): void {
    const said = textAt(this.#scene, this.#cursor.place);
    if (said === this.#said) return;
    this.#said = said;
    this.requestUpdate();
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

  readonly #onKey = (event: KeyboardEvent): void => {
    const { window, bounds } = this;
    const place = this.#cursor.place;
    const wanted = windowByKey(event, window, bounds, place?.at);
    if (event.ctrlKey || event.metaKey) {
      if (event.key !== 'c' || this.#said === '') return;
      this.#announce('copy', this.#said);
    } else if (wanted !== undefined) this.#setWindow(wanted);
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
      const rebalance = rebalanceAt(this.#scene, place.at);
      const line = rebalance === undefined ? lineAt(this.#scene, place.at) : undefined;
      if (line === undefined) this.#announce('select', rebalance?.id);
      else this.#announce('line', line);
      return;
    }
    const near = rebalanceOfSpan(this.rebalances, lane, place.at);
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
    const shown = showing(this.window, place.at, this.bounds);
    if (shown !== this.window) this.#setWindow(shown);
  }
}

customElements.define('kafka-lanes-chart', LanesChart);
