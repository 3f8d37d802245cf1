import type { Epoch, GroupHistory, Rebalance } from '../../groups/assignmentHistory.ts';

/**
 * How long partitions were without an owner in an eager rebalance whose begin is now known, summed; undefined where that is
 * known already, or cannot be told.
 */
export function withoutOwner({ epochs }: GroupHistory, rebalance: Rebalance): number | undefined {
  const { kind, began, ended, before, after, withoutOwnerMs } = rebalance;
  if (kind !== 'eager' || withoutOwnerMs !== undefined || began === undefined || ended === undefined) return undefined;
  const is = epochs.findLast(({ number, at }) => number === after && at <= ended);
  const was = is && epochs.findLast(({ number, at }) => number === before && at <= is.at);
  if (was === undefined || is === undefined || was.members.length === 0 || is.members.length === 0) return undefined;
  const owned = partitionsOf(is);
  const stopped = [...partitionsOf(was)].filter((partition) => owned.has(partition)).length;
  return stopped * (ended - began);
}

function partitionsOf({ members }: Epoch): Set<string> {
  return new Set(members.flatMap(({ assigned }) => assigned.map(({ topic, partition }) => `${topic} ${partition}`)));
}
