import type { GroupEvent, PollEvent } from './groupEvent.ts';

/** Moments in which a poll saw a classic group rebalance: what no record tells. */
export interface PollHint {
  /** It was not rebalancing yet; undefined where no poll tells. */
  readonly before: number | undefined;
  readonly at: number;
}

/** In order of time: the first poll of each rebalance that polls saw. */
export function pollHints(events: readonly GroupEvent[]): PollHint[] {
  const polls = pollsOf(events);
  return polls.flatMap((poll, index) => {
    if (!isRebalancing(poll) || (index > 0 && isRebalancing(polls[index - 1]!))) return [];
    return [{ before: poll.before, at: poll.at }];
  });
}

/**
 * The topic says everything that polls see, and to the millisecond: of polls only those are left that tell of what is not, or no
 * longer, in the topic. What rebalances is nothing to show by itself.
 */
export function withoutToldPolls(events: readonly GroupEvent[]): readonly GroupEvent[] {
  const told = events.filter(({ kind }) => kind !== 'poll');
  const first = told[0];
  const polls = pollsOf(events).filter((poll) => !isRebalancing(poll) && (first === undefined || poll.at < first.at));
  return [...polls, ...told];
}

/** A classic group that rebalances as the last poll saw it, where the topic has not told of its end yet. */
export function underWay(
  events: readonly GroupEvent[],
): { readonly first: PollEvent; readonly last: PollEvent } | undefined {
  const polls = pollsOf(events);
  const last = polls.at(-1);
  if (last === undefined || !isRebalancing(last)) return undefined;
  const toldAt = events.findLast(({ kind }) => kind !== 'poll')?.at ?? 0;
  const first = polls[polls.findLastIndex((poll) => !isRebalancing(poll)) + 1]!;
  return first.at > toldAt ? { first, last } : undefined;
}

function pollsOf(events: readonly GroupEvent[]): PollEvent[] {
  return events.filter((event) => event.kind === 'poll').sort((a, b) => a.at - b.at);
}

function isRebalancing({ state }: PollEvent): boolean {
  return state === 'PreparingRebalance' || state === 'CompletingRebalance';
}
