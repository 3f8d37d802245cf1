import { html, nothing, svg, type TemplateResult } from 'lit';
import { formatDuration, formatShort } from '../../src/shared/format.ts';
import type { Point } from '../../src/ui/panels/protocol.ts';
import { t } from './l10n.ts';
import { gapAfter } from './series.ts';

const width = 240;
const height = 40;

/** A line without axes; what it shows is also said in words. Gaps are gaps. */
export function sparkline(points: readonly Point[]): TemplateResult | typeof nothing {
  const known = points.filter((point) => point.lag !== null);
  const [first, last] = [points[0], points.at(-1)];
  if (known.length < 2 || first === undefined || last === undefined || first.at === last.at) return nothing;
  const values = known.map(({ lag }) => Number(lag));
  const most = Math.max(1, ...values);
  const x = (at: number): number => ((at - first.at) / (last.at - first.at)) * width;
  const y = (lag: number): number => height - 2 - (Math.max(0, lag) / most) * (height - 4);
  const words = t(
    'Lag over {0}: from {1} to {2}, at most {3}',
    formatDuration(last.at - first.at),
    formatShort(BigInt(known[0]!.lag!)),
    formatShort(BigInt(known.at(-1)!.lag!)),
    formatShort(most),
  );
  return html`<svg class="sparkline" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img">
    <title>${words}</title>
    ${runs(points).map(
      (run) =>
        svg`<polyline vector-effect="non-scaling-stroke" points=${run
          .map(({ at, lag }) => `${x(at).toFixed(1)},${y(Number(lag)).toFixed(1)}`)
          .join(' ')}></polyline>`,
    )}
  </svg>`;
}

/** The unbroken stretches of a line. */
function runs(points: readonly Point[]): Point[][] {
  const longest = gapAfter(points.map(({ at }) => at));
  const all: Point[][] = [];
  let before: Point | undefined;
  for (const point of points) {
    if (point.lag !== null) {
      if (before === undefined || before.lag === null || point.at - before.at > longest) all.push([]);
      all.at(-1)!.push(point);
    }
    before = point;
  }
  return all;
}
