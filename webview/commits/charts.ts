import { html, type TemplateResult } from 'lit';
import type { CommitPartition, CommitRow } from '../../src/ui/panels/commits/protocol.ts';
import { partitionKey, type PartitionKey } from '../../src/ui/panels/protocol.ts';
import type { ChartLine } from '../shared/chart.ts';
import { t } from '../shared/l10n.ts';

/** Commits of a partition that a chart shows. */
const mostPoints = 3_000;

export interface CommitLines {
  readonly offsets: readonly ChartLine[];
  readonly steps: readonly ChartLine[];
}

/** The partition that the charts are of: the chosen one, else the one that stands out most. */
export function chartedOf(
  partitions: readonly CommitPartition[],
  chosen: PartitionKey | undefined,
): CommitPartition | undefined {
  const wanted = partitions.find(({ key }) => key === chosen);
  if (wanted !== undefined) return wanted;
  return [...partitions].sort((a, b) => b.rewinds + b.jumps - a.rewinds - a.jumps || b.count - a.count)[0];
}

export function commitLines(all: Iterable<CommitRow>, charted: CommitPartition): CommitLines {
  const rows = [...all].filter((row) => partitionKey(row) === charted.key).slice(-mostPoints);
  const line = (of: (row: CommitRow) => string | undefined): ChartLine => ({
    label: `${charted.topic}-${charted.partition}`,
    color: '--vscode-charts-blue',
    nth: 0,
    points: rows.map((row) => ({ at: row.at, lag: of(row) ?? null })),
  });
  return { offsets: [line(({ offset }) => offset)], steps: [line(({ step }) => step)] };
}

/** @param now the charts' right end, ms since 1970. */
export function chartsView({ offsets, steps }: CommitLines, now: number, asTable: boolean): TemplateResult {
  const chart = (label: string, shape: 'steps' | 'bars', of: readonly ChartLine[]): TemplateResult =>
    html`<kafka-line-chart
      .label=${label}
      .shape=${shape}
      .lines=${of}
      .rangeMs=${0}
      .now=${now}
      .asTable=${asTable}
    ></kafka-line-chart>`;
  return html`<div class="charts">
    ${chart(t('Committed offset'), 'steps', offsets)} ${chart(t('Step of each commit'), 'bars', steps)}
  </div>`;
}
