import type { AssignmentsPageState } from '../../src/ui/panels/assignments/protocol.ts';
import { within, type TimeWindow } from './timeWindow.ts';

/** Which time is shown: what was kept of it, moved up to now where it follows. */
export function windowOf({ range, follow }: AssignmentsPageState, bounds: TimeWindow): TimeWindow {
  if (range === undefined) return bounds;
  const length = range.to - range.from;
  return within(follow === false ? range : { from: bounds.to - length, to: bounds.to }, bounds);
}

/** What is kept of a window, so that `windowOf` gives it again. */
export function keptOf(window: TimeWindow, bounds: TimeWindow): Pick<AssignmentsPageState, 'range' | 'follow'> {
  const isAll = window.from <= bounds.from && window.to >= bounds.to;
  // What ends at now goes on with it.
  const follow = window.to >= bounds.to - 1;
  return { range: isAll ? undefined : { from: window.from, to: window.to }, follow };
}
