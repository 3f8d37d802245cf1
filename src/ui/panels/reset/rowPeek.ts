import type { PlanRow } from '../../../groups/plan/plan.ts';
import { isCancelled } from '../../../shared/errors.ts';
import { partitionKey } from '../protocol.ts';
import type { ToResetPage } from './protocol.ts';
import type { ResetTarget } from './resetFeedOptions.ts';

/** Reads the records of the row that is looked at; the one before is of no interest any more. */
export class RowPeek {
  #reading: AbortController | undefined;

  /** undefined where it was given up. `told`: an error in words. */
  async read(
    row: PlanRow,
    open: () => Promise<ResetTarget>,
    told: (error: unknown) => string,
  ): Promise<(ToResetPage & { readonly type: 'peek' }) | undefined> {
    this.stop();
    const reading = (this.#reading = new AbortController());
    const key = partitionKey(row);
    try {
      const { before, after } = await (await open()).peek(row, reading.signal);
      return reading.signal.aborted ? undefined : { type: 'peek', key, before, after };
    } catch (error) {
      if (isCancelled(error) || reading.signal.aborted) return undefined;
      const none = { kind: 'none', why: told(error) } as const;
      return { type: 'peek', key, before: none, after: none };
    }
  }

  stop(): void {
    this.#reading?.abort();
    this.#reading = undefined;
  }
}
