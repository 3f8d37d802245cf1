import type { Fact } from '../kafka/facts.ts';
import { combine, offsetsAtTime, type Offsets, type Place } from './logBounds.ts';

/** Requests at most; each halves what is left to look through. */
const maxSteps = 40;

/**
 * Where the newest `count` records of a topic begin, by time: looks for the time after which as many came. Where
 * that is more than wanted, the partitions with most of them give some up.
 */
export async function lastOfTopic(place: Place, count: bigint, starts: Offsets, ends: Offsets): Promise<Offsets> {
  const tolerance = count / 10n + BigInt(place.partitions.length);
  let best = starts;
  let bestSum = distance(starts, ends);
  /** Since `since` at least as many as wanted came, since `until` too few did. */
  let since: bigint | undefined;
  let until = BigInt(Date.now()) + 1n;
  let back = 1_000n;
  for (let step = 0; step < maxSteps && bestSum > count + tolerance; step++) {
    const time = since === undefined ? until - back : (since + until) / 2n;
    if (time < 0n || (since !== undefined && time <= since)) break;
    const found = combine(combine(await offsetsAtTime(place, time), ends, smaller), starts, larger);
    const sum = distance(found, ends);
    if (sum >= count) {
      since = time;
      best = found;
      bestSum = sum;
    } else {
      until = time;
      if (since === undefined) back *= 4n;
    }
  }
  return trim(best, ends, count);
}

/** Takes away what is more than `count` where most is. */
function trim(offsets: Offsets, ends: Offsets, count: bigint): Offsets {
  const trimmed = new Map<number, Fact<bigint>>(offsets);
  const rooms = Array.from(offsets, ([partition, fact]) => ({ partition, room: roomOf(fact, ends.get(partition)) }));
  let left = count;
  let others = BigInt(rooms.length);
  // From the shortest on, so that what one does not have falls to the longer ones.
  for (const { partition, room } of rooms.sort((a, b) => (a.room < b.room ? -1 : 1))) {
    const kept = smaller(room, (left + others - 1n) / others);
    left -= kept;
    others--;
    const end = ends.get(partition)!;
    if (kept < room && 'value' in end) trimmed.set(partition, { value: end.value - kept });
  }
  return trimmed;
}

function distance(from: Offsets, to: Offsets): bigint {
  let sum = 0n;
  for (const [partition, fact] of from) sum += roomOf(fact, to.get(partition));
  return sum;
}

function roomOf(from: Fact<bigint> | undefined, to: Fact<bigint> | undefined): bigint {
  return from && to && 'value' in from && 'value' in to ? to.value - from.value : 0n;
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
