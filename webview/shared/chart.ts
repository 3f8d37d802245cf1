import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import './language.ts';
import uPlot from 'uplot';
import { formatCount, formatDuration, formatShort } from '../../src/shared/format.ts';
import type { Point } from '../../src/ui/panels/protocol.ts';
import { cssProperties, PageElement } from './element.ts';
import { t } from './l10n.ts';
import { align, alignSteps, niceDuration, niceMax, durationSteps, type Aligned } from './series.ts';
import { exact, nameCell, timeCell, timeOfDay } from './text.ts';

export interface ChartLine {
  readonly label: string;
  /** A theme variable, such as --vscode-charts-blue. */
  readonly color: string;
  /** Which of the lines of that colour this is; tells them apart by dashes. */
  readonly nth: number;
  readonly points: readonly Point[];
}

/** From one line of the grid to the next: there are no half records. */
const wholeSteps = Array.from({ length: 16 }, (_, power) => [1, 2, 5].map((digit) => digit * 10 ** power)).flat();
const dashes: readonly (readonly number[])[] = [[], [8, 4], [2, 3], [10, 3, 2, 3]];
const empty: Aligned = { times: [], values: [], exact: [] };

/**
 * Lines over time. Hover and the arrow keys read out exact values; charts of one page share the cursor. `asTable` shows
 * the same facts as a table.
 */
export class LineChart extends PageElement {
  static override properties = {
    label: { attribute: false },
    lines: { attribute: false },
    rangeMs: { attribute: false },
    now: { attribute: false },
    asTable: { attribute: false },
    shape: { attribute: false },
    unit: { attribute: false },
  };
  declare label: string;
  declare lines: readonly ChartLine[];
  /** 0: all there is. */
  declare rangeMs: number;
  /** Right end of the time axis, ms since 1970. */
  declare now: number;
  declare asTable: boolean;
  /** `steps`: a value holds until the next; the axis begins where they do. `bars`: one for each value, up or down from 0. */
  declare shape: 'line' | 'steps' | 'bars';
  /** What the values are: records (or offsets), or milliseconds. */
  declare unit: 'records' | 'ms';

  #plot: uPlot | undefined;
  /** What the plot was built for; another set of lines needs another plot. */
  #plotKey = '';
  #data: Aligned = empty;
  #cursor: number | undefined;
  #byKeyboard = false;
  #sizes: ResizeObserver | undefined;
  #themes: MutationObserver | undefined;

  constructor() {
    super();
    this.label = '';
    this.lines = [];
    this.rangeMs = 0;
    this.now = 0;
    this.asTable = false;
    this.shape = 'line';
    this.unit = 'records';
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sizes?.disconnect();
    this.#themes?.disconnect();
    this.#destroy();
  }

  protected override firstUpdated(): void {
    this.#sizes = new ResizeObserver(() => this.#resize());
    this.#sizes.observe(this);
    // VS Code changes the theme by the variables on <html> and the class of <body>.
    this.#themes = new MutationObserver(() => {
      this.#destroy();
      this.requestUpdate();
    });
    this.#themes.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
    this.#themes.observe(document.body, { attributes: true, attributeFilter: ['class'] });
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (['lines', 'rangeMs', 'now'].some((name) => changed.has(name))) {
      const points = this.lines.map((line) => line.points);
      const from = this.rangeMs === 0 ? -Infinity : this.now - this.rangeMs;
      this.#data = this.shape === 'steps' ? alignSteps(points, from, this.now) : align(points, from);
    }
  }

  protected override render(): TemplateResult {
    const last = this.#data.times.length - 1;
    const index = this.#cursor !== undefined && this.#cursor <= last ? this.#cursor : undefined;
    return html`<figure class="chart">
      <figcaption>
        <span class="title">${this.label}</span>
        <span class="readout" aria-live=${this.#byKeyboard ? 'polite' : 'off'}>
          ${index === undefined ? nothing : html`<span class="at">${timeOfDay(this.#data.times[index]! * 1000)}</span>`}
          ${this.lines.map((line, nth) => {
            const value = index === undefined ? this.#latest(nth) : this.#data.exact[nth]?.[index];
            return html`<span class="legend"
              ><span
                class="swatch dash-${line.nth % dashes.length}"
                ${cssProperties({ '--swatch': `var(${line.color})` })}
              ></span
              >${nameCell(line.label)} <span class="figure">${this.#figure(value)}</span></span
            >`;
          })}
        </span>
      </figcaption>
      ${this.asTable ? this.#table() : nothing}
      <div
        class="plot"
        ?hidden=${this.asTable}
        tabindex="0"
        role="group"
        aria-roledescription=${t('chart')}
        aria-label=${t('{0}. Arrow keys read out values.', this.label)}
        @keydown=${this.#onKey}
      ></div>
    </figure>`;
  }

  protected override updated(): void {
    if (this.asTable) {
      this.#destroy();
      return;
    }
    const key = JSON.stringify([this.unit, ...this.lines.map(({ label, color, nth }) => [label, color, nth])]);
    if (key !== this.#plotKey) this.#destroy();
    if (this.#plot === undefined) {
      this.#plotKey = key;
      this.#build();
    } else {
      this.#plot.setData(this.#plotData());
    }
  }

  #figure(value: string | null | undefined): string {
    if (value === null || value === undefined) return exact(undefined);
    return this.unit === 'ms' ? formatDuration(Number(value)) : exact(value);
  }

  #latest(line: number): string | null {
    return this.#data.exact[line]?.findLast((value) => value !== null) ?? null;
  }

  #plotData(): uPlot.AlignedData {
    return [this.#data.times, ...this.#data.values];
  }

  /** The same facts, newest first. */
  #table(): TemplateResult {
    const { times, exact: values } = this.#data;
    const polls = times.map((at, index) => ({ at, index })).reverse();
    return html`<div class="chart-table" tabindex="0">
      <table>
        <caption class="hidden-text">
          ${this.label}
        </caption>
        <thead>
          <tr>
            <th scope="col">${t('Time')}</th>
            ${this.lines.map(({ label }) => html`<th scope="col">${nameCell(label)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${polls.map(
            ({ at, index }) =>
              html`<tr>
                <th scope="row">${timeCell(at * 1000)}</th>
                ${values.map((line) => html`<td>${this.#figure(line[index])}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  #build(): void {
    const target = this.querySelector<HTMLElement>('.plot');
    if (target === null || target.clientWidth === 0) return;
    const style = getComputedStyle(this);
    const colorOf = (name: string): string => style.getPropertyValue(name).trim() || style.color;
    const axis = {
      stroke: colorOf('--vscode-descriptionForeground'),
      grid: { stroke: colorOf('--chart-grid'), width: 1 },
      ticks: { show: false },
      font: `11px ${style.fontFamily}`,
    };
    this.#plot = new uPlot(
      {
        width: target.clientWidth,
        height: target.clientHeight,
        padding: [8, 28, 0, 0],
        legend: { show: false },
        cursor: {
          y: false,
          drag: { x: false, y: false, setScale: false },
          sync: { key: 'page', setSeries: false, scales: ['x', null] },
          points: { size: 6 },
        },
        scales: {
          x: { time: true, range: (_plot, first, last) => this.#timeRange(first, last) },
          y: { range: (_plot, least, most) => this.#valueRange(least ?? 0, most ?? 0) },
        },
        axes: [
          { ...axis, size: 24, values: (_plot, ticks) => ticks.map((at) => timeOfDay(at * 1000)), space: 80 },
          {
            ...axis,
            // Offsets are large and differ little.
            size: this.shape === 'steps' ? 84 : this.unit === 'ms' ? 64 : 52,
            values: (_plot, ticks) => ticks.map((value) => this.#tick(value)),
            space: 28,
            incrs: this.unit === 'ms' ? [...durationSteps] : wholeSteps,
          },
        ],
        series: [
          {},
          ...this.lines.map(({ label, color, nth }) => ({
            label,
            stroke: colorOf(color),
            width: 1.5,
            dash: [...dashes[nth % dashes.length]!],
            spanGaps: false,
            ...(this.shape === 'steps' ? { paths: uPlot.paths.stepped!({ align: 1 }) } : {}),
            ...(this.shape === 'bars'
              ? { paths: uPlot.paths.bars!({ size: [0.8, 6, 2], align: 0 }), fill: colorOf(color), width: 0 }
              : {}),
            points: { show: false },
          })),
        ],
        hooks: { setCursor: [(plot) => this.#onCursor(plot.cursor.idx ?? undefined)] },
      },
      this.#plotData(),
      target,
    );
  }

  #tick(value: number): string {
    if (this.unit === 'ms') return value === 0 ? '0' : formatDuration(value);
    return this.shape === 'steps' ? formatCount(value) : formatSigned(value);
  }

  #valueRange(least: number, most: number): [number, number] {
    if (this.shape === 'line') return [0, this.unit === 'ms' ? niceDuration(most) : niceMax(most)];
    if (this.shape === 'bars') return [least < 0 ? -niceMax(-least) : 0, niceMax(most)];
    const room = Math.max(1, (most - least) * 0.05);
    return [Math.max(0, least - room), most + room];
  }

  #timeRange(first: number | null, last: number | null): [number, number] {
    const end = this.now / 1000;
    if (this.rangeMs > 0) return [end - this.rangeMs / 1000, end];
    return [Math.min(first ?? end, end - 60), Math.max(last ?? end, end)];
  }

  #onCursor(index: number | undefined): void {
    if (index === this.#cursor) return;
    this.#cursor = index;
    this.requestUpdate();
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const last = this.#data.times.length - 1;
    if (this.#plot === undefined || last < 0) return;
    const at = this.#cursor ?? last + 1;
    const step = event.shiftKey ? 10 : 1;
    const to = { ArrowLeft: at - step, ArrowRight: at + step, Home: 0, End: last }[event.key];
    if (event.key === 'Escape' && this.#cursor !== undefined) {
      this.#byKeyboard = false;
      this.#plot.setCursor({ left: -10, top: -10 });
    } else if (to === undefined) {
      return;
    } else {
      const time = this.#data.times[Math.min(last, Math.max(0, to))]!;
      this.#byKeyboard = true;
      this.#plot.setCursor({ left: this.#plot.valToPos(time, 'x'), top: 10 });
    }
    event.preventDefault();
    event.stopPropagation();
  };

  #resize(): void {
    const target = this.querySelector<HTMLElement>('.plot');
    if (target === null || target.clientWidth === 0) return;
    if (this.#plot === undefined) this.requestUpdate();
    else this.#plot.setSize({ width: target.clientWidth, height: target.clientHeight });
  }

  #destroy(): void {
    this.#plot?.destroy();
    this.#plot = undefined;
    this.#plotKey = '';
  }
}

function formatSigned(value: number): string {
  return value < 0 ? `-${formatShort(-value)}` : formatShort(value);
}

customElements.define('kafka-line-chart', LineChart);
