import type { HistoryMember, LineMessage, RebalanceMessage } from '../../src/ui/panels/assignments/protocol.ts';
import type { Point } from '../../src/ui/panels/protocol.ts';
import { partitionCount } from '../shared/counted.ts';
import { formatDuration, formatShort } from '../../src/shared/format.ts';
import { visibleText } from '../../src/shared/visibleText.ts';
import { t } from '../shared/l10n.ts';
import type { ChartTheme } from './chartTheme.ts';
import { firstEndingAfter, nobody, type Lane } from './lanes.ts';
import { cutText, type Sink } from './sink.ts';
import { ticksOf, type TimeWindow } from './timeWindow.ts';
import { iconOf, isTrouble, timeOf } from './words.ts';

export const laneHeight = 22;
/** px, from the top: the whole time with the window in it, the axis, the rebalances. */
export const overviewHeight = 22;
const axisHeight = 20;
const marksHeight = 20;
export const topHeight = overviewHeight + axisHeight + marksHeight;

/** Spans narrower than this share a piece with their neighbours, which shows the longest of them. */
const piece = 4;
/** Marks nearer than this are drawn as one, with their number. */
const markWidth = 18;
/** Of the lines of marks through the lanes: where there are more, one stands for its neighbours. */
const lineDistance = 6;

export interface Scene {
  readonly width: number;
  readonly height: number;
  /** Of the lanes' names, px. */
  readonly gutter: number;
  readonly scrollTop: number;
  readonly lanes: readonly Lane[];
  readonly members: readonly HistoryMember[];
  /** In order. */
  readonly rebalances: readonly RebalanceMessage[];
  /** Of logs, in order. */
  readonly lines: readonly LineMessage[];
  readonly window: TimeWindow;
  /** All there is. */
  readonly bounds: TimeWindow;
  readonly now: number;
  readonly theme: ChartTheme;
  /** A rebalance. */
  readonly selected: string | undefined;
  /** By lane: the member that the partition is to go to. */
  readonly pending: ReadonlyMap<string, number>;
  /** By lane; left out where lag is not shown. */
  readonly lags: ReadonlyMap<string, readonly Point[]> | undefined;
}

/** px, of the lanes' names. */
export function gutterOf(width: number): number {
  return Math.round(Math.min(180, Math.max(84, width * 0.18)));
}

export function xOf({ width, gutter, window }: Pick<Scene, 'width' | 'gutter' | 'window'>, at: number): number {
  return gutter + ((at - window.from) / (window.to - window.from)) * (width - gutter);
}

export function timeAt({ width, gutter, window }: Pick<Scene, 'width' | 'gutter' | 'window'>, x: number): number {
  return window.from + ((x - gutter) / Math.max(1, width - gutter)) * (window.to - window.from);
}

/** Which lanes are in view, the last one excluded. */
export function lanesInView({
  scrollTop,
  height,
  lanes,
}: Pick<Scene, 'scrollTop' | 'height' | 'lanes'>): [number, number] {
  const first = Math.max(0, Math.floor(scrollTop / laneHeight));
  return [first, Math.min(lanes.length, Math.ceil((scrollTop + height - topHeight) / laneHeight))];
}

/** Rebalances that stand too near to each other for marks of their own. */
export interface Mark {
  /** Centre, px. */
  readonly x: number;
  readonly rebalances: readonly RebalanceMessage[];
}

export function marksOf(scene: Pick<Scene, 'width' | 'gutter' | 'window' | 'rebalances'>): Mark[] {
  const marks: { x: number; rebalances: RebalanceMessage[] }[] = [];
  for (const rebalance of scene.rebalances) {
    const at = xOf(scene, timeOf(rebalance));
    if (at < scene.gutter - 1 || at > scene.width + 1) continue;
    // One at an edge is whole, too.
    const x = Math.min(Math.max(at, scene.gutter + markWidth / 2), scene.width - markWidth / 2);
    const last = marks.at(-1);
    if (last !== undefined && x - last.x < markWidth) last.rebalances.push(rebalance);
    else marks.push({ x, rebalances: [rebalance] });
  }
  return marks;
}

export function drawScene(sink: Sink, scene: Scene): void {
  const { width, height, gutter, theme, lanes, scrollTop } = scene;
  sink.rect(0, 0, width, height, theme.background);
  drawOverview(sink, scene);
  const ticks = ticksOf(scene.window, width - gutter);
  sink.clipped(gutter, overviewHeight, width - gutter, height - overviewHeight, () => {
    for (const { at, label } of ticks) {
      const x = Math.round(xOf(scene, at)) + 0.5;
      sink.line(x, overviewHeight + axisHeight - 4, x, height, theme.grid);
      // Whole at the edges too.
      const half = label.length * 3.3;
      const middle = Math.max(gutter + half + 2, Math.min(width - half - 2, x));
      sink.text(label, middle, overviewHeight + axisHeight / 2 - 1, 90, theme.quiet, 'center');
    }
  });
  const [first, last] = lanesInView(scene);
  sink.clipped(0, topHeight, gutter - 4, height - topHeight, () => {
    for (let index = first; index < last; index++) {
      const middle = topHeight + index * laneHeight - scrollTop + laneHeight / 2;
      sink.text(visibleText(lanes[index]!.label), 8, middle, gutter - 14, theme.text);
    }
  });
  sink.clipped(gutter, topHeight, width - gutter, height - topHeight, () => {
    for (let index = first; index < last; index++) {
      const y = topHeight + index * laneHeight - scrollTop;
      drawLane(sink, scene, lanes[index]!, y);
      drawPending(sink, scene, lanes[index]!, y);
      const points = scene.lags?.get(lanes[index]!.key);
      if (points !== undefined) drawLag(sink, scene, points, y, most(scene));
      sink.line(gutter, y + laneHeight - 0.5, width, y + laneHeight - 0.5, theme.grid);
    }
  });
  drawMarks(sink, scene);
  sink.line(gutter - 0.5, overviewHeight, gutter - 0.5, height, theme.line);
  sink.line(0, topHeight - 0.5, width, topHeight - 0.5, theme.line);
}

/** A line of its own above all: the whole time, the rebalances in it, and which part of it is shown. */
function drawOverview(sink: Sink, scene: Scene): void {
  const { width, gutter, theme, bounds, window, rebalances } = scene;
  const whole = { width, gutter, window: bounds };
  sink.text(t('Overview'), 8, overviewHeight / 2, gutter - 14, theme.quiet);
  sink.rect(gutter, 3, width - gutter, overviewHeight - 6, theme.grid);
  let last = -Infinity;
  for (const rebalance of rebalances) {
    const x = Math.round(xOf(whole, timeOf(rebalance)));
    if (x - last < 2) continue;
    last = x;
    sink.rect(x, 5, 1, overviewHeight - 10, isTrouble(rebalance) ? theme.warning : theme.quiet);
  }
  const from = Math.max(gutter, xOf(whole, window.from));
  sink.frame(from, 1, Math.max(4, Math.min(width, xOf(whole, window.to)) - from), overviewHeight - 2, theme.focus);
}

function drawLane(sink: Sink, scene: Scene, lane: Lane, y: number): void {
  const { width, gutter, window, now } = scene;
  const { from, to, owner } = lane;
  const count = from.length;
  const endOf = (index: number): number => Math.min(to[index]!, now);
  // A run of pieces with the same owner is one rectangle.
  let run: { x: number; end: number; index: number } | undefined;
  const flush = (): void => {
    if (run !== undefined) drawSpan(sink, scene, lane, run.index, run.x, run.end, y, true);
    run = undefined;
  };
  let index = firstEndingAfter(lane, window.from);
  while (index < count && from[index]! < window.to) {
    const x = Math.max(gutter - 2, xOf(scene, from[index]!));
    const end = Math.min(width + 2, xOf(scene, endOf(index)));
    if (end - x >= piece) {
      flush();
      drawSpan(sink, scene, lane, index, x, end, y, false);
      index++;
      continue;
    }
    const until = x + piece;
    const start = index;
    let longest = index;
    let covered = end;
    const untilTime = timeAt(scene, until);
    for (; index < count && from[index]! < untilTime; index++) {
      const right = xOf(scene, endOf(index));
      // What goes on behind this piece is drawn as a span of its own.
      if (index > start && right - xOf(scene, from[index]!) >= piece) break;
      if (endOf(index) - from[index]! > endOf(longest) - from[longest]!) longest = index;
      covered = Math.max(covered, right);
    }
    const shownEnd = Math.max(covered, x + 1);
    if (run !== undefined && owner[run.index] === owner[longest] && x - run.end < 1) run.end = shownEnd;
    else {
      flush();
      run = { x, end: shownEnd, index: longest };
    }
  }
  flush();
}

function drawSpan(
  sink: Sink,
  scene: Scene,
  lane: Lane,
  index: number,
  x: number,
  end: number,
  y: number,
  dense: boolean,
): void {
  const { theme, members } = scene;
  const [top, height] = [y + 3, laneHeight - 7];
  const width = end - x;
  const owner = lane.owner[index]!;
  if (owner === nobody) {
    // Too narrow for lines to be seen in it, it differs by its height.
    if (width < piece) sink.rect(x, top + height / 4, width, height / 2, theme.warning);
    else sink.hatch(x, top, width, height, theme.warning);
    if (width >= 40) {
      const label = t('no owner');
      const room = Math.min(width - 4, label.length * 6.2 + 8);
      sink.rect(x + width / 2 - room / 2, top + 1, room, height - 2, theme.background);
      sink.text(label, x + width / 2, top + height / 2, room, theme.warning, 'center');
    }
    return;
  }
  const member = members[owner];
  const { fill, edge } = theme.members[member?.color ?? 'blue'];
  const owned = lane.owned?.[index];
  if (owned === 0) {
    sink.line(x, top + height / 2, end, top + height / 2, edge, true);
    if (width >= 40) sink.text(t('idle'), x + 6, top + 3, width - 8, theme.quiet);
    return;
  }
  sink.rect(x, top, width, height, fill);
  if (dense) return;
  // The begin tells two owners of one colour apart, beside the name.
  sink.rect(x, top, Math.min(2, width / 4), height, edge);
  if (theme.isHighContrast) sink.frame(x, top, width, height, edge);
  const givenUp = lane.givenUpFrom[index]!;
  if (!Number.isNaN(givenUp)) {
    const since = Math.max(x, xOf(scene, givenUp));
    if (end > since) sink.hatch(since, top, end - since, height, edge);
  }
  if (width < 24) return;
  const name = visibleText(member?.name ?? '');
  const text = owned === undefined ? name : ownedText(owned, width);
  // At the left end of what is seen of it, so that a long span has its name wherever one looks.
  const left = Math.max(x, scene.gutter);
  sink.text(text, left + 6, top + height / 2, end - left - 8, theme.text);
}

/** At the end of the lane, where it is now: the colour of the member that it is to go to, hatched. */
function drawPending(sink: Sink, scene: Scene, { key }: Lane, y: number): void {
  const member = scene.members[scene.pending.get(key) ?? nobody];
  const x = xOf(scene, scene.now);
  if (member === undefined || x < scene.gutter + 20 || x > scene.width + 1) return;
  const { edge } = scene.theme.members[member.color];
  const text = t('to {0}', visibleText(member.name));
  const width = Math.min(110, text.length * 6.2 + 24);
  const [left, top, height] = [x - width, y + 3, laneHeight - 7];
  sink.rect(left, top, width, height, scene.theme.background);
  sink.hatch(left, top, 12, height, edge);
  sink.frame(left, top, width, height, edge);
  sink.text(text, left + 16, top + height / 2, width - 18, scene.theme.text);
}

/** Where there is no room for the word, the number alone. */
function ownedText(owned: number, width: number): string {
  const text = partitionCount(owned);
  return cutText(text, width - 8) === text ? text : String(owned);
}

function drawMarks(sink: Sink, scene: Scene): void {
  const { theme, width, height, gutter, now, lanes, scrollTop } = scene;
  const y = overviewHeight + axisHeight + marksHeight / 2;
  const bottom = Math.min(height, topHeight + lanes.length * laneHeight - scrollTop);
  sink.text(t('Rebalances'), 8, y, gutter - 14, theme.quiet);
  sink.clipped(gutter, overviewHeight + axisHeight, width - gutter, height, () => {
    let last = -Infinity;
    for (const rebalance of scene.rebalances) {
      const x = Math.round(xOf(scene, timeOf(rebalance))) + 0.5;
      const isSelected = rebalance.id === scene.selected;
      if (x > width) break;
      const end = xOf(scene, rebalance.ended ?? now);
      if (end < gutter || (x - last < lineDistance && !isSelected)) continue;
      last = x;
      const color = isSelected ? theme.focus : isTrouble(rebalance) ? theme.warning : theme.quiet;
      // Rectangles: dashes by the hundred would cost more than all the lanes.
      const length = Math.max(0, bottom - topHeight);
      if (isSelected) sink.rect(x - 1, topHeight, 2, length, color);
      else sink.rect(x - 0.5, topHeight, 1, length, isTrouble(rebalance) ? theme.warningMark : theme.mark);
      if (rebalance.began !== undefined && end - x >= 2) sink.rect(x, topHeight - 3, end - x, 3, color);
    }
    drawLines(sink, scene);
    const marks = marksOf(scene);
    marks.forEach((mark, index) => drawMark(sink, scene, mark, (marks[index + 1]?.x ?? width) - mark.x, y));
  });
}

/** Lines of logs, ticks at the upper edge of the marks: those of a rebalance stand around its mark. */
function drawLines(sink: Sink, scene: Scene): void {
  const y = overviewHeight + axisHeight;
  let last = -Infinity;
  for (const { at } of scene.lines) {
    const x = Math.round(xOf(scene, at));
    if (x - last < 3) continue;
    last = x;
    sink.rect(x - 1, y, 2, 4, scene.theme.focus);
  }
}

/** `room`: px to the next mark. */
function drawMark(sink: Sink, { theme, selected, now }: Scene, { x, rebalances }: Mark, room: number, y: number): void {
  const [one] = rebalances;
  if (one === undefined) return;
  const color = rebalances.some(isTrouble) ? theme.warning : theme.text;
  const isSelected = rebalances.some(({ id }) => id === selected);
  if (isSelected) sink.frame(x - 9, y - 9, 18, 17, theme.focus);
  if (rebalances.length > 1) {
    sink.text(rebalances.length > 99 ? '99+' : String(rebalances.length), x, y, 30, color, 'center');
    return;
  }
  const { icon, letter } = iconOf(one);
  sink.icon(icon, letter, x, y, color);
  if (one.began !== undefined && room > 70) {
    sink.text(formatDuration((one.ended ?? now) - one.began), x + 11, y, room - 20, theme.quiet);
  }
}

/** The highest lag that is drawn: all lanes share it, so that they can be compared. */
export function most({ lags, window }: Pick<Scene, 'lags' | 'window'>): number {
  let highest = 0;
  for (const points of lags?.values() ?? []) {
    for (const { at, lag } of points) {
      if (lag !== null && at >= window.from && at <= window.to) highest = Math.max(highest, Number(lag));
    }
  }
  return highest;
}

function drawLag(sink: Sink, scene: Scene, points: readonly Point[], y: number, highest: number): void {
  const { theme } = scene;
  const line: number[] = [];
  const flush = (): void => {
    if (line.length >= 4) sink.polyline(line, theme.text);
    line.length = 0;
  };
  for (const { at, lag } of points) {
    if (lag === null) {
      flush();
      continue;
    }
    const share = highest === 0 ? 0 : Math.max(0, Number(lag)) / highest;
    line.push(xOf(scene, at), y + laneHeight - 5 - share * (laneHeight - 9));
  }
  flush();
}

export function lagScaleText(highest: number): string {
  return t('lag lines up to {0}', formatShort(Math.round(highest)));
}
