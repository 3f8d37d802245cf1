import type { LineMessage } from '../../src/ui/panels/assignments/protocol.ts';
import type { TimeWindow } from './timeWindow.ts';

/** Fired by the chart; `detail` by name, prefixed with `lanes-`. */
export interface LanesEvents {
  /** The person zoomed or panned. */
  readonly window: TimeWindow;
  /** A rebalance was chosen; undefined: none any more. */
  readonly select: string | undefined;
  /** Enter or a double click on a lane: its key. */
  readonly open: string;
  /** Keys of the lanes in view. */
  readonly view: readonly string[];
  readonly copy: string;
  /** A line of a log was chosen. */
  readonly line: LineMessage;
}
