import type { LineMessage, RebalanceMessage } from '../../src/ui/panels/assignments/protocol.ts';
import { nobody, spanAt, type Lane } from './lanes.ts';
import type { CursorPlace } from './chartCursor.ts';
import { lineText, momentText, rebalanceText, spanText } from './readout.ts';
import { marksOf, xOf, type Scene } from './scene.ts';
import { timeOf } from './words.ts';

/** px around a mark that still mean it. */
const near = 10;
/** px around the tick of a line. */
const nearLine = 4;

/** The rebalance whose mark is there. */
export function rebalanceAt(scene: Scene, at: number): RebalanceMessage | undefined {
  const exactly = scene.rebalances.find((one) => timeOf(one) === at);
  if (exactly !== undefined) return exactly;
  const x = xOf(scene, at);
  const marks = marksOf(scene).filter((mark) => Math.abs(mark.x - x) < near);
  const mark = marks.sort((a, b) => Math.abs(a.x - x) - Math.abs(b.x - x))[0];
  return mark?.rebalances[0];
}

/** The line of a log whose tick is there. */
export function lineAt(scene: Scene, at: number): LineMessage | undefined {
  const x = xOf(scene, at);
  const away = (line: LineMessage): number => Math.abs(xOf(scene, line.at) - x);
  const [first, ...others] = scene.lines.filter((line) => away(line) < nearLine);
  return first && others.reduce((best, line) => (away(line) < away(best) ? line : best), first);
}

/** The rebalance that began the span of `lane` at that moment. */
export function rebalanceOfSpan(
  rebalances: readonly RebalanceMessage[],
  lane: Lane,
  at: number,
): RebalanceMessage | undefined {
  const index = spanAt(lane, at);
  const begun = index < 0 ? at : lane.from[index]!;
  // An owner comes when a rebalance is done; its gap begins as the rebalance does.
  const told = (one: RebalanceMessage): number =>
    lane.owner[index] === nobody ? timeOf(one) : (one.ended ?? timeOf(one));
  return rebalances.reduce<RebalanceMessage | undefined>(
    (best, one) => (best === undefined || Math.abs(told(one) - begun) < Math.abs(told(best) - begun) ? one : best),
    undefined,
  );
}

/** What the cursor is at, in words. */
export function textAt(scene: Scene, place: CursorPlace | undefined): string {
  if (place === undefined) return '';
  const { lanes, members, now, lags, pending } = scene;
  const lane = lanes[place.lane];
  if (lane !== undefined) {
    return spanText(lane, place.at, { members, now, lag: lags?.get(lane.key), pending: pending.get(lane.key) });
  }
  const rebalance = rebalanceAt(scene, place.at);
  if (rebalance !== undefined) return rebalanceText(rebalance, now);
  const line = lineAt(scene, place.at);
  return line === undefined ? momentText(place.at, now) : lineText(line, now);
}
