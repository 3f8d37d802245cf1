/** How pages are told of a plan of offsets and of what became of it; see ../protocol.ts for how. */
import type { Int64 } from '../protocol.ts';

/** As in src/changes/results.ts. */
export type PlanOutcome = 'done' | 'overtaken' | 'refused' | 'moved' | 'not-sent' | 'unknown';

/**
 * What happens to a partition: `back`, `forward` and `same` of a commit that is there, `new` where there is none, `delete`, and `none` where
 * nothing can be done.
 */
export type PlanMove = 'back' | 'forward' | 'same' | 'new' | 'delete' | 'none';

export interface PlanResult {
  readonly outcome: PlanOutcome;
  /** What to say of it where it is not done. */
  readonly text?: string | undefined;
  /** Whether it was read back, and what was there; left out: no commit. */
  readonly isRead: boolean;
  readonly found?: Int64 | undefined;
}

/** A partition of a plan. */
export interface PlanItem {
  readonly topic: string;
  readonly partition: number;
  readonly move: PlanMove;
  /** Left out: there is no commit, or `beforeWhy`. */
  readonly before?: Int64 | undefined;
  /** Why the commit is not known. */
  readonly beforeWhy?: string | undefined;
  /** Left out where it is deleted, or has an error. */
  readonly after?: Int64 | undefined;
  readonly start?: Int64 | undefined;
  readonly end?: Int64 | undefined;
  /** Offsets that will be processed again, or skipped; left out where nobody can know. */
  readonly again?: Int64 | undefined;
  readonly skipped?: Int64 | undefined;
  /** What was asked for, where that lies outside the log. */
  readonly clampedFrom?: Int64 | undefined;
  readonly warning?: string | undefined;
  readonly error?: string | undefined;
  readonly result?: PlanResult | undefined;
}
