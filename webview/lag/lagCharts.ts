import { html, nothing, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import type { PartitionKey } from '../../src/ui/panels/protocol.ts';
import type { ChartLine } from '../shared/chart.ts';
import { t } from '../shared/l10n.ts';
import type { LagData } from './lagData.ts';

/** Partitions that have a line at most. */
export const mostCharted = 6;

export type Measure = 'lag' | 'timeLag';

export interface ChartsLook {
  readonly measure: Measure;
  /** Minutes; 0 is all. */
  readonly range: number;
  readonly asTable: boolean;
  /** How many partitions are selected, of which the first few are charted. */
  readonly selected: number;
}

interface Lines {
  readonly group: readonly ChartLine[];
  readonly partitions: readonly ChartLine[];
}

/** The lines of the group and of partitions, made anew only when they change: a chart is costly to draw. */
export class LagCharts {
  readonly #data: LagData;
  #charted: readonly PartitionKey[] = [];
  #lines: (Lines & { readonly measure: Measure }) | undefined;

  constructor(data: LagData) {
    this.#data = data;
  }

  /** Which partitions have a line. */
  get charted(): readonly PartitionKey[] {
    return this.#charted;
  }

  chart(keys: readonly PartitionKey[]): void {
    this.#charted = keys;
    this.#data.keepSeriesOf(keys);
    this.changed();
  }

  /** The data are others. */
  changed(): void {
    this.#lines = undefined;
  }

  render({ measure, range, asTable, selected }: ChartsLook): TemplateResult {
    if (this.#lines?.measure !== measure) this.#lines = { measure, ...this.#linesOf(measure) };
    const { group, partitions } = this.#lines;
    const { model, totals } = this.#data;
    const now = model?.frame.takenAt ?? totals.at(-1)?.at ?? 0;
    const isAge = measure === 'timeLag';
    const chart = (label: string, lines: readonly ChartLine[]): TemplateResult =>
      html`<kafka-line-chart
        .label=${label}
        .lines=${lines}
        .rangeMs=${range * 60_000}
        .now=${now}
        .asTable=${asTable}
        .unit=${isAge ? 'ms' : 'records'}
      ></kafka-line-chart>`;
    return html`<div class="charts">
      ${chart(isAge ? t('Time lag of the group') : t('Lag of the group'), group)}
      ${
        partitions.length === 0
          ? nothing
          : keyed('partitions', chart(titleOf(measure, partitions.length, selected), partitions))
      }
    </div>`;
  }

  #linesOf(measure: Measure): Lines {
    const { totals, worstAges } = this.#data;
    const color = '--vscode-charts-foreground';
    const group =
      measure === 'lag'
        ? { label: t('Total'), color, nth: 0, points: totals }
        : { label: t('Oldest'), color, nth: 0, points: worstAges };
    return { group: [group], partitions: this.#partitionLines(measure) };
  }

  /** A partition's line has its owner's colour; lines of one owner differ by their dashes. */
  #partitionLines(measure: Measure): ChartLine[] {
    const data = this.#data;
    const used = new Map<string, number>();
    return this.#charted
      .filter((key) => data.rows.has(key))
      .map((key) => {
        const row = data.rows.get(key)!;
        const owner = data.ownerOf(row);
        const color = owner === undefined ? '--vscode-descriptionForeground' : `--vscode-charts-${owner.color}`;
        const nth = used.get(color) ?? 0;
        used.set(color, nth + 1);
        const { points, ages } = data.seriesOf(key);
        return { label: `${row.topic}-${row.partition}`, color, nth, points: measure === 'lag' ? points : ages };
      });
  }
}

function titleOf(measure: Measure, lines: number, selected: number): string {
  if (measure === 'timeLag') {
    return selected > lines
      ? t('Time lag of the first {0} selected partitions', lines)
      : t('Time lag of the selected partitions');
  }
  return selected > lines ? t('Lag of the first {0} selected partitions', lines) : t('Lag of the selected partitions');
}
