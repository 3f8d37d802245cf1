import type { ChartCursor } from './chartCursor.ts';
import type { Drag } from './chartPointer.ts';
import { spanAt } from './lanes.ts';
import { laneHeight, overviewHeight, topHeight, xOf, type Scene } from './scene.ts';
import type { Sink } from './sink.ts';

/** What is drawn above the lanes: what is dragged, the crosshair, and the span under it. */
export function drawOverlay(sink: Sink, scene: Scene, cursor: ChartCursor, drag: Drag | undefined): void {
  if (drag !== undefined && drag.kind !== 'pan' && drag.moved) drawDrag(sink, scene, drag);
  const { width, height, gutter, theme, lanes, now } = scene;
  const { place, byKeyboard } = cursor;
  if (place === undefined) return;
  const x = Math.round(xOf(scene, place.at)) + 0.5;
  sink.clipped(gutter, overviewHeight, width - gutter, height - overviewHeight, () => {
    sink.line(x, overviewHeight, x, height, theme.text);
  });
  const lane = lanes[place.lane];
  if (lane === undefined) {
    if (byKeyboard) sink.frame(gutter, topHeight - 20, width - gutter, 19, theme.focus);
    return;
  }
  const y = topHeight + place.lane * laneHeight - scene.scrollTop;
  sink.clipped(0, topHeight, width, height - topHeight, () => {
    if (byKeyboard) sink.frame(0, y, gutter - 1, laneHeight - 1, theme.focus);
    const index = spanAt(lane, place.at);
    if (index < 0) return;
    const from = Math.max(gutter, xOf(scene, lane.from[index]!));
    const to = Math.min(width, xOf(scene, Math.min(lane.to[index]!, now)));
    sink.frame(from, y + 2, Math.max(2, to - from), laneHeight - 5, byKeyboard ? theme.focus : theme.text);
  });
}

function drawDrag(sink: Sink, { gutter, height, theme }: Scene, drag: Exclude<Drag, { kind: 'pan' }>): void {
  const [left, right] = [Math.max(gutter, Math.min(drag.x, drag.to)), Math.max(drag.x, drag.to)];
  const [top, bottom] = drag.kind === 'brush' ? [overviewHeight, height] : [0, overviewHeight];
  sink.hatch(left, top, right - left, bottom - top, theme.focus);
  sink.frame(left, top, right - left, bottom - top, theme.focus);
}
