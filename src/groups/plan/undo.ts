import type { TopicPartition } from '../../kafka/facts.ts';
import { formatCount } from '../../shared/format.ts';
import { t } from '../../shared/l10n.ts';
import type { Commit } from '../snapshot.ts';
import { planReset } from './planReset.ts';
import type { OffsetPlan, PlanFacts, PlanRequest, Positions } from './plan.ts';

/** What a change left behind of one partition: what was there, and what it put there. undefined: no commit. */
export interface PastPosition extends TopicPartition {
  readonly before: Commit | undefined;
  readonly after: { readonly offset: bigint } | undefined;
}

export function undoRequest(group: string, past: readonly PastPosition[]): PlanRequest {
  return {
    group,
    scope: { kind: 'given' },
    strategy: { kind: 'positions', positions: positionsOf(past), exact: true },
  };
}

/**
 * The way back to what was before a change, to the letter: metadata, leader epochs, and no commit where there was none. Rows of
 * which somebody has moved the commit since say so.
 */
export function planUndo(group: string, past: readonly PastPosition[], facts: PlanFacts): OffsetPlan {
  const plan = planReset(undoRequest(group, past), facts);
  const byPlace = new Map(past.map((one) => [`${one.partition} ${one.topic}`, one]));
  const rows = plan.rows.map((row) => {
    const one = byPlace.get(`${row.partition} ${row.topic}`);
    if (one === undefined || 'failure' in row.before) return row;
    const now = row.before.value;
    if (one.after?.offset === now?.offset) return row;
    const moved = t('It has moved since: it was left at {0} and is at {1} now.', textOf(one.after), textOf(now));
    return { ...row, warning: row.warning === undefined ? moved : `${moved} ${row.warning}` };
  });
  return { ...plan, rows };
}

export function positionsOf(rows: readonly (TopicPartition & { readonly before: Commit | undefined })[]): Positions {
  const positions = new Map<string, Map<number, Commit | undefined>>();
  for (const { topic, partition, before } of rows) {
    const same = positions.get(topic);
    if (same === undefined) positions.set(topic, new Map([[partition, before]]));
    else same.set(partition, before);
  }
  return positions;
}

function textOf(commit: { readonly offset: bigint } | undefined): string {
  return commit === undefined ? t('no commit') : formatCount(commit.offset);
}
