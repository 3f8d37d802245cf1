import type { BatchFacts } from '../records/batch.ts';
import type { Transaction } from '../records/transactions.ts';

/** Something that happened between the records. */
export interface Notice {
  readonly severity: 'info' | 'warning' | 'error';
  /** Milliseconds since 1970, by this machine's clock. */
  readonly at: number;
  /** undefined: it is about all. */
  readonly partition: number | undefined;
  /** One sentence or two, for people. */
  readonly message: string;
}

/** What the entries that came together have in common: they refer to one of these, and hold only their own bytes and figures. */
export type Source =
  | {
      readonly kind: 'record';
      readonly partition: number;
      readonly facts: BatchFacts;
      /** Its outcome changes when its end is read. */
      readonly transaction: Transaction | undefined;
    }
  /** A batch whose bytes are none. `size`: of all of it; its first bytes are kept. */
  | { readonly kind: 'damaged'; readonly partition: number; readonly message: string; readonly size: number }
  | { readonly kind: 'notice'; readonly notice: Notice };

/** What a source takes in memory beside the bytes of its entries: measured, with the facts of its batch. */
export const sourceBytes = 500;

/** Entries side by side: a chunk of a store, or a batch that is looked at before it is kept. */
export interface Entries {
  readonly firstSeq: number;
  /** Records as message format 2 encodes them. */
  readonly bytes: Buffer;
  /** Where each entry starts, and behind the last one where that ends. */
  readonly starts: Uint32Array;
  offset(index: number): bigint;
  timestamp(index: number): bigint;
  source(index: number): Source;
}
