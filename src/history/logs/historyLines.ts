import type { HistoryLine, Rebalance } from '../../groups/assignmentHistory.ts';
import type { LogEvent } from './logEvent.ts';
import { lineOf } from './logLine.ts';

/** What is written of a rebalance is written from shortly before it begins until shortly after it is done. */
const aroundMs = 5_000;
/** A line that names a generation is not about another one of the same number. */
const sameMs = 120_000;

/** The lines of logs on the time line of a history, each with the rebalance that it belongs to. `events` in order of time. */
export function historyLines(rebalances: readonly Rebalance[], events: readonly LogEvent[]): HistoryLine[] {
  const inOrder = rebalances.filter(({ began, ended }) => began !== undefined || ended !== undefined);
  const numbers = new Map<number | undefined, Rebalance[]>();
  for (const one of inOrder) numbers.set(one.after, [...(numbers.get(one.after) ?? []), one]);
  let next = 0;
  return events.map((event) => {
    const { at, source, member, message } = event;
    const after = generationAfter(event);
    const named = (after === undefined ? [] : (numbers.get(after) ?? [])).filter((one) => distance(one, at) <= sameMs);
    // Those that were long done are done for all that follow.
    while (next < inOrder.length && endOf(inOrder[next]!) < at - sameMs) next++;
    const near = named.length > 0 ? named : inOrder.slice(next, next + 50);
    const [own] = near
      .map((one) => ({ one, away: distance(one, at) }))
      .filter(({ away }) => named.length > 0 || away <= aroundMs)
      .sort((a, b) => a.away - b.away);
    return { ...lineOf(event), message, at, program: source, member, rebalance: own?.one.id };
  });
}

/** The generation or epoch that the rebalance led to of which the line speaks; undefined where it names none. */
function generationAfter({ kind, generation }: LogEvent): number | undefined {
  if (generation === undefined) return undefined;
  return kind === 'preparing-rebalance' ? generation + 1 : generation;
}

/** ms between a moment and a rebalance; 0 within it. */
function distance(rebalance: Rebalance, at: number): number {
  return Math.max(0, beginOf(rebalance) - at, at - endOf(rebalance));
}

function beginOf({ began, joinedAt, ended }: Rebalance): number {
  return began ?? joinedAt ?? ended!;
}

function endOf({ began, ended }: Rebalance): number {
  return ended ?? began!;
}
