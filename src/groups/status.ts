import type { Group } from './snapshot.ts';

export type Health = 'healthy' | 'behind' | 'rebalancing' | 'empty' | 'dead' | 'unknown';

/** A verdict with what led to it. */
export interface Status {
  readonly health: Health;
  /** True where somebody should look: the tree sorts by it and the badge counts it. */
  readonly attention: boolean;
  /** What was seen and what it means, one sentence each, worst first. Never empty unless healthy. */
  readonly evidence: readonly string[];
}

export type { Group };
