import type { TopicPartition } from '../kafka/facts.ts';
import type { BatchFacts } from '../records/batch.ts';
import { DamagedError } from '../records/damaged.ts';
import { openBatch, type Shell } from '../records/openBatch.ts';

/** When a record was written, by its own timestamp. */
export interface WrittenAt {
  /** ms since 1970; -1 where the record has none. */
  readonly at: number;
  /** Whose clock it is: the producer's, or the broker's as it appended. */
  readonly clock: BatchFacts['timestampType'];
}

export type TimeFound =
  | {
      readonly kind: 'written';
      readonly written: { readonly kind: 'written' } & WrittenAt;
      readonly batchBytes: number;
    }
  /** Markers and emptied batches only. */
  | { readonly kind: 'none' }
  | { readonly kind: 'damaged'; readonly message: string };

/** What a batch may unpack to: it is read for one timestamp only. */
const limit = 64 << 20;

/** The time of the first record at or behind `offset` that is no marker. */
export function timeInBatches(shells: readonly Shell[], offset: bigint, where: TopicPartition): TimeFound {
  for (const shell of shells) {
    if (shell.lastOffset < offset) continue;
    try {
      const batch = openBatch(shell, where, { limit });
      const { isControl, timestampType } = batch.facts;
      const index = batch.indexOf(offset);
      if (isControl || index >= batch.count) continue;
      const written = { kind: 'written', at: Number(batch.timestamp(index)), clock: timestampType } as const;
      return { kind: 'written', written, batchBytes: shell.bytes.length };
    } catch (error) {
      if (!(error instanceof DamagedError)) throw error;
      return { kind: 'damaged', message: error.message };
    }
  }
  return { kind: 'none' };
}
