import type { GroupHistory, Rebalance } from '../../../groups/assignmentHistory.ts';
import { isCancelled, messageOf } from '../../../shared/errors.ts';
import type { Meanwhile } from '../../../watch/recordsMeanwhile.ts';
import type { MeanwhileMessage } from './protocol.ts';
import type { AssignmentServices } from './services.ts';

export interface MeanwhileOptions {
  readonly cluster: string;
  readonly count: AssignmentServices['recordsMeanwhile'];
  readonly send: (counts: readonly MeanwhileMessage[]) => void;
}

/** So many rebalances are asked for at once: more would only make each of them later. */
const atOnce = 4;

/**
 * Counts the records that came during rebalances that somebody looks at. The past does not change: what was found is kept for as long
 * as the page's tab is there.
 */
export class MeanwhileCounts {
  readonly #options: MeanwhileOptions;
  readonly #found = new Map<string, Meanwhile>();
  #wanted = new Map<string, Rebalance>();
  #ending: AbortController | undefined;

  constructor(options: MeanwhileOptions) {
    this.#options = options;
  }

  /** Tells of each, at once or as soon as the cluster has answered; the last ones that are asked for come first. */
  want(rebalances: readonly Rebalance[]): void {
    const known: MeanwhileMessage[] = [];
    for (const rebalance of rebalances) {
      const found = this.#foundFor(rebalance);
      if (found !== undefined) known.push(messageFor(rebalance, found));
      else this.#wanted.set(rebalance.id, rebalance);
    }
    if (known.length > 0) this.#options.send(known);
    if (this.#wanted.size > 0 && this.#ending === undefined) {
      this.#ending = new AbortController();
      void this.#work(this.#ending);
    }
  }

  /** Nobody looks any more. */
  stop(): void {
    this.#ending?.abort();
    this.#ending = undefined;
    this.#wanted.clear();
  }

  /** The history with what was counted, for exports. */
  laidOn(history: GroupHistory): GroupHistory {
    const rebalances = history.rebalances.map((rebalance) => {
      const found = this.#found.get(keyOf(rebalance));
      return found?.records === undefined || found.isLeast
        ? rebalance
        : { ...rebalance, recordsMeanwhile: found.records };
    });
    return { ...history, rebalances };
  }

  #foundFor(rebalance: Rebalance): Meanwhile | undefined {
    const { recordsMeanwhile: records } = rebalance;
    if (records !== undefined) return { records, isLeast: false, why: undefined, isSettled: true };
    return this.#found.get(keyOf(rebalance));
  }

  async #work(ending: AbortController): Promise<void> {
    while (this.#wanted.size > 0 && !ending.signal.aborted) {
      const some = [...this.#wanted.values()].slice(-atOnce);
      for (const { id } of some) this.#wanted.delete(id);
      const counts = await Promise.all(some.map((rebalance) => this.#count(rebalance, ending.signal)));
      if (ending.signal.aborted) return;
      const told = counts.filter((count) => count !== undefined);
      if (told.length > 0) this.#options.send(told);
    }
    if (this.#ending === ending) this.#ending = undefined;
  }

  async #count(rebalance: Rebalance, signal: AbortSignal): Promise<MeanwhileMessage | undefined> {
    try {
      const found = await this.#options.count(this.#options.cluster, rebalance, signal);
      if (found.isSettled) this.#found.set(keyOf(rebalance), found);
      return messageFor(rebalance, found);
    } catch (error) {
      if (isCancelled(error)) return undefined;
      return { rebalance: rebalance.id, why: messageOf(error) };
    }
  }
}

/** What is read later may tell better when a rebalance began. */
function keyOf({ id, began, joinedAt, ended, moves }: Rebalance): string {
  return JSON.stringify([id, began ?? null, joinedAt ?? null, ended ?? null, moves.length]);
}

function messageFor({ id }: Rebalance, { records, isLeast, why }: Meanwhile): MeanwhileMessage {
  return {
    rebalance: id,
    ...(records === undefined ? {} : { records: records.toString() }),
    ...(isLeast ? { isLeast } : {}),
    ...(why === undefined ? {} : { why }),
  };
}
