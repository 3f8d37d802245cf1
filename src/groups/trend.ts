import type { TopicPartition } from './snapshot.ts';

/** What earlier looks at a partition of a group add to the present one. */
export interface PartitionTrend {
  /** How long it has been watched, in ms. */
  readonly watchedFor: number;
  /** Records a second over the last minute or so; undefined until two polls are far enough apart to tell. */
  readonly consume: number | undefined;
  readonly produce: number | undefined;
  /** When a poll first saw the present commit, ms since 1970; undefined where it has not changed since watching began. */
  readonly committedAt: number | undefined;
  /** How long the commit has stood still while watched, in ms. */
  readonly unchangedFor: number;
  /**
   * For how long records have waited behind the present commit, in ms; 0 where none do. On a quiet topic much less than
   * `unchangedFor`.
   */
  readonly waitingFor: number;
  /** The longest that records were seen to wait between two of the latest commits, in ms; 0 before the second commit. */
  readonly usualWait: number;
  /** Whether the present commit came while the group had no members. */
  readonly committedAlone: boolean;
  /** How many records arrived meanwhile. */
  readonly arrivedSince: bigint;
  /** How far the commit went back in the last minute or so; 0n where it did not. */
  readonly rewound: bigint;
}

/** undefined where the partition has not been watched. */
export type Trend = (partition: TopicPartition) => PartitionTrend | undefined;

/**
 * Seconds until the lag is gone at these rates (records a second): 0 where there is none, Infinity where it does not
 * shrink, undefined where a rate is not known.
 */
export function timeToCatchUp(
  lag: bigint,
  rates: { consume: number | undefined; produce: number | undefined },
): number | undefined {
  if (lag <= 0n) return 0;
  if (rates.consume === undefined || rates.produce === undefined) return undefined;
  const gain = rates.consume - rates.produce;
  return gain <= 0 ? Infinity : Number(lag) / gain;
}
