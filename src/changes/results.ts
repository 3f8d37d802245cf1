import type { TopicPartition } from '../kafka/facts.ts';

/**
 * What became of one partition of a change.
 *
 * - `done`: what was planned is there, as read back from the broker.
 * - `overtaken`: the broker accepted it, and somebody has moved it since.
 * - `refused`: the broker said no; what was there before is there.
 * - `moved`: not tried, because it is no longer where the plan saw it.
 * - `not-sent`: not tried, because the coordinator could not be reached or the change was cancelled.
 * - `unknown`: sent, and neither an answer nor reading back tells what became of it.
 */
export const outcomes = ['done', 'overtaken', 'refused', 'moved', 'not-sent', 'unknown'] as const;

export type Outcome = (typeof outcomes)[number];

export interface RowResult extends TopicPartition {
  readonly outcome: Outcome;
  /** What to say of it where it is not done. */
  readonly message: string | undefined;
  /** Kafka's name of the error code. */
  readonly code: string | undefined;
  /** Whether it was read back, and the offset that was found then; undefined: no commit. */
  readonly isRead: boolean;
  readonly found: bigint | undefined;
}

export function countOf(results: readonly RowResult[], outcome: Outcome): number {
  return results.filter((result) => result.outcome === outcome).length;
}
