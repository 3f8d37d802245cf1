import type { RowResult } from '../../changes/results.ts';
import type { PlanRow } from '../../groups/plan/plan.ts';
import type { PlanItem, PlanMove } from '../panels/plan/protocol.ts';

/** The rows of a plan for a page, with what became of them where something did. */
export function planItems(rows: readonly PlanRow[], results: readonly RowResult[] = []): PlanItem[] {
  const byPlace = new Map(results.map((result) => [`${result.partition} ${result.topic}`, result]));
  return rows.map((row) => planItem(row, byPlace.get(`${row.partition} ${row.topic}`)));
}

function planItem(row: PlanRow, result: RowResult | undefined): PlanItem {
  const { topic, partition, before, after, clamped, start, end, again, skipped, warning, error } = row;
  const commit = 'value' in before ? before.value : undefined;
  return {
    topic,
    partition,
    move: moveOf(row),
    before: digits(commit?.offset),
    beforeWhy: 'failure' in before ? before.failure.message : undefined,
    after: after?.kind === 'commit' ? digits(after.offset) : undefined,
    start: digits(start),
    end: digits(end),
    again: digits(again),
    skipped: digits(skipped),
    clampedFrom: digits(clamped?.from),
    warning,
    error,
    ...(result === undefined
      ? {}
      : {
          result: {
            outcome: result.outcome,
            text: result.message,
            isRead: result.isRead,
            found: digits(result.found),
          },
        }),
  };
}

function moveOf({ before, after }: PlanRow): PlanMove {
  if (after === undefined || 'failure' in before) return 'none';
  if (after.kind === 'delete') return 'delete';
  if (before.value === undefined) return 'new';
  if (after.offset === before.value.offset) return 'same';
  return after.offset < before.value.offset ? 'back' : 'forward';
}

function digits(value: bigint | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}
