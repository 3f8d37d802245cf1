import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { Histogram } from '../../src/ui/panels/tail/protocol.ts';
import { PageElement } from '../shared/element.ts';
import { icon } from '../shared/icon.ts';
import { t } from '../shared/l10n.ts';
import { exact, timeOfDay, wholeTime } from '../shared/text.ts';
import { button } from '../shared/toolbar.ts';
import { isMoment, localTime } from '../../src/shared/times.ts';

/** A range of time, ms since 1970; `to` is not in it. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** First and last bucket that are marked, in the order in which it was done. */
interface Brush {
  readonly begin: number;
  readonly end: number;
}

type Colors = Readonly<Record<'all' | 'shown' | 'brush' | 'cursor', string>>;

/** As a person reads a range: the day is said where it is not the same, or not today. */
export function rangeWords({ from, to }: TimeRange): string {
  const [begin, end] = rangeEnds({ from, to });
  return `${begin} – ${end}`;
}

function rangeEnds({ from, to }: TimeRange): readonly [string, string] {
  const dayOf = (at: number): string => new Date(at).toDateString();
  const sameDay = dayOf(from) === dayOf(to - 1);
  const today = sameDay && dayOf(from) === dayOf(Date.now());
  const whole = (at: number): string => (isMoment(at) ? localTime(at).slice(0, 19).replace('T', ' ') : '-');
  return [today ? timeOfDay(from) : whole(from), sameDay ? timeOfDay(to) : whole(to)];
}

/**
 * How many records there are of each time, as bars. Dragging, or Shift with the arrow keys, marks a range; fires `range` with it, or with
 * nothing to take it away. The figures under the pointer or the keyboard are read out; `asTable` shows all of them.
 */
export class TimeHistogram extends PageElement {
  static override properties = {
    histogram: { attribute: false },
    range: { attribute: false },
    asTable: { state: true },
    cursor: { state: true },
    brush: { state: true },
  };
  declare histogram: Histogram;
  /** What the records are filtered by. */
  declare range: TimeRange | undefined;
  declare asTable: boolean;
  declare cursor: number | undefined;
  declare brush: Brush | undefined;

  #byKeyboard = false;
  #sizes: ResizeObserver | undefined;
  #themes: MutationObserver | undefined;
  #colors: Colors | undefined;

  constructor() {
    super();
    this.histogram = { from: 0, step: 1000, counts: [], without: 0 };
    this.asTable = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#sizes = new ResizeObserver(() => this.#draw());
    this.#sizes.observe(this);
    // VS Code changes the theme by the variables on <html> and the class of <body>.
    this.#themes = new MutationObserver(() => {
      this.#colors = undefined;
      this.#draw();
    });
    this.#themes.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
    this.#themes.observe(document.body, { attributes: true, attributeFilter: ['class'] });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sizes?.disconnect();
    this.#themes?.disconnect();
  }

  protected override render(): TemplateResult {
    const { counts, from, step, without } = this.histogram;
    const marked = this.#marked();
    return html`<figure class="histogram" aria-label=${t('Records over time')}>
      <figcaption>
        <span class="title">${t('Records by time')}</span>
        <span class="readout" aria-live=${this.#byKeyboard ? 'polite' : 'off'}>${this.#readout(marked)}</span>
        ${without > 0 ? html`<span class="quiet">${t('{0} without a time', exact(String(without)))}</span>` : nothing}
        ${
          this.range === undefined
            ? nothing
            : html`<button
                class="chip"
                title=${t('Show all times')}
                aria-label=${t('Show all times, not only {0}', rangeWords(this.range))}
                @click=${() => this.#apply(undefined)}
              >
                ${icon('filter')} ${rangeWords(this.range)} ${icon('close')}
              </button>`
        }
        ${button(this.asTable ? 'graph' : 'table', this.asTable ? t('Show as bars') : t('Show as a table'), () => {
          this.asTable = !this.asTable;
        })}
      </figcaption>
      ${this.asTable ? this.#table() : nothing}
      <div class="bars" ?hidden=${this.asTable}>
        <canvas
          tabindex="0"
          role="group"
          aria-roledescription=${t('chart')}
          aria-label=${t('Records by time. Arrow keys read out values, Shift marks a range, Enter shows only that.')}
          @keydown=${this.#onKey}
          @pointerdown=${this.#onDown}
          @pointermove=${this.#onMove}
          @pointerleave=${this.#onLeave}
          @dblclick=${() => this.#apply(undefined)}
        ></canvas>
        <div class="ends quiet" aria-hidden="true">
          ${counts.length === 0 ? nothing : rangeEnds({ from, to: from + step * counts.length }).map((end) => html`<span>${end}</span>`)}
        </div>
      </div>
    </figure>`;
  }

  protected override updated(_changed: PropertyValues): void {
    this.#draw();
  }

  #readout(marked: TimeRange | undefined): TemplateResult | typeof nothing {
    const { counts, shown, from, step } = this.histogram;
    if (marked !== undefined && this.brush !== undefined) {
      const first = Math.min(this.brush.begin, this.brush.end);
      const last = Math.max(this.brush.begin, this.brush.end);
      const sum = counts.slice(first, last + 1).reduce((all, count) => all + count, 0);
      return html`${rangeWords(marked)} <b>${exact(String(sum))}</b>`;
    }
    if (this.cursor === undefined || this.cursor >= counts.length) return nothing;
    const at = from + step * this.cursor;
    const count = exact(String(counts[this.cursor]));
    return html`<span class="at" title=${wholeTime(at)}>${rangeWords({ from: at, to: at + step })}</span>
      <b>${shown === undefined ? count : t('{0} of {1} shown', exact(String(shown[this.cursor] ?? 0)), count)}</b>`;
  }

  /** The same facts, newest first. */
  #table(): TemplateResult {
    const { counts, shown, from, step } = this.histogram;
    const buckets = counts.map((count, nth) => ({ count, nth })).filter(({ count }) => count > 0);
    return html`<div class="chart-table" tabindex="0">
      <table>
        <caption class="hidden-text">
          ${t('Records by time')}
        </caption>
        <thead>
          <tr>
            <th scope="col">${t('From')}</th>
            <th scope="col">${t('Records')}</th>
            ${shown === undefined ? nothing : html`<th scope="col">${t('Shown')}</th>`}
          </tr>
        </thead>
        <tbody>
          ${buckets.reverse().map(
            ({ count, nth }) =>
              html`<tr>
                <th scope="row" title=${wholeTime(from + step * nth)}>${timeOfDay(from + step * nth)}</th>
                <td>${exact(String(count))}</td>
                ${shown === undefined ? nothing : html`<td>${exact(String(shown[nth] ?? 0))}</td>`}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  #marked(): TimeRange | undefined {
    if (this.brush === undefined) return undefined;
    const { from, step } = this.histogram;
    const first = Math.min(this.brush.begin, this.brush.end);
    const last = Math.max(this.brush.begin, this.brush.end);
    return { from: from + step * first, to: from + step * (last + 1) };
  }

  #draw(): void {
    const canvas = this.querySelector('canvas');
    if (canvas === null || canvas.clientWidth === 0) return;
    const scale = window.devicePixelRatio;
    const width = Math.round(canvas.clientWidth * scale);
    const height = Math.round(canvas.clientHeight * scale);
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const context = canvas.getContext('2d')!;
    context.clearRect(0, 0, width, height);
    const { counts, shown, from, step } = this.histogram;
    if (counts.length === 0) return;
    const colors = this.#themeColors();
    const bucket = width / counts.length;
    const most = counts.reduce((max, count) => Math.max(max, count), 1);
    const bars = (values: readonly number[], color: string): void => {
      context.fillStyle = color;
      values.forEach((count, nth) => {
        // A single record among thousands is seen too.
        const bar = count === 0 ? 0 : Math.max(scale, (count / most) * height);
        context.fillRect(nth * bucket, height - bar, Math.max(1, bucket - (bucket > 3 ? scale : 0)), bar);
      });
    };
    bars(counts, shown === undefined ? colors.shown : colors.all);
    if (shown !== undefined) bars(shown, colors.shown);
    const range = this.#marked() ?? this.range;
    if (range !== undefined) {
      const left = ((range.from - from) / step) * bucket;
      const right = ((range.to - from) / step) * bucket;
      context.fillStyle = colors.brush;
      context.globalAlpha = 0.25;
      context.fillRect(left, 0, right - left, height);
      context.globalAlpha = 1;
      context.fillRect(left, 0, scale, height);
      context.fillRect(right - scale, 0, scale, height);
    }
    if (this.cursor !== undefined) {
      context.fillStyle = colors.cursor;
      context.fillRect((this.cursor + 0.5) * bucket - scale / 2, 0, scale, height);
    }
  }

  #themeColors(): Colors {
    if (this.#colors === undefined) {
      const style = getComputedStyle(this);
      const of = (name: string): string => style.getPropertyValue(name).trim() || style.color;
      this.#colors = {
        all: of('--chart-grid-solid'),
        shown: of('--vscode-charts-blue'),
        brush: of('--vscode-focusBorder'),
        cursor: of('--vscode-foreground'),
      };
    }
    return this.#colors;
  }

  #bucketOf(event: PointerEvent): number {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const part = (event.clientX - box.left) / box.width;
    return Math.min(this.histogram.counts.length - 1, Math.max(0, Math.floor(part * this.histogram.counts.length)));
  }

  readonly #onDown = (event: PointerEvent): void => {
    if (event.button !== 0 || this.histogram.counts.length === 0) return;
    const canvas = event.currentTarget as HTMLElement;
    const begin = this.#bucketOf(event);
    // Live bars move on under the pointer: what was marked is a time, which the first bucket and the step keep.
    const { from, step } = this.histogram;
    canvas.setPointerCapture(event.pointerId);
    const done = (): void => {
      canvas.removeEventListener('pointerup', done);
      canvas.removeEventListener('pointercancel', done);
      const { brush } = this;
      this.brush = undefined;
      if (brush === undefined || brush.begin === brush.end) return;
      this.#apply({
        from: from + step * Math.min(brush.begin, brush.end),
        to: from + step * (Math.max(brush.begin, brush.end) + 1),
      });
    };
    canvas.addEventListener('pointerup', done);
    canvas.addEventListener('pointercancel', done);
    this.brush = { begin, end: begin };
  };

  readonly #onMove = (event: PointerEvent): void => {
    if (this.histogram.counts.length === 0) return;
    this.#byKeyboard = false;
    this.cursor = this.#bucketOf(event);
    if (this.brush !== undefined) this.brush = { ...this.brush, end: this.cursor };
  };

  readonly #onLeave = (): void => {
    if (!this.#byKeyboard && this.brush === undefined) this.cursor = undefined;
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    const last = this.histogram.counts.length - 1;
    if (last < 0) return;
    const at = this.cursor ?? (event.key === 'ArrowRight' ? -1 : last + 1);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last }[event.key];
    if (to !== undefined) {
      this.#byKeyboard = true;
      const before = Math.min(last, Math.max(0, at));
      this.cursor = Math.min(last, Math.max(0, to));
      this.brush = event.shiftKey ? { begin: this.brush?.begin ?? before, end: this.cursor } : undefined;
    } else if (event.key === 'Enter' && this.cursor !== undefined) {
      this.brush ??= { begin: this.cursor, end: this.cursor };
      this.#apply(this.#marked());
    } else if (event.key === 'Escape' && (this.brush !== undefined || this.range !== undefined)) {
      this.#apply(undefined);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  #apply(range: TimeRange | undefined): void {
    this.brush = undefined;
    this.dispatchEvent(new CustomEvent('range', { detail: range }));
  }
}

customElements.define('kafka-time-histogram', TimeHistogram);
