import type { Fact, Failure } from '../kafka/facts.ts';
import { fetchCommitted } from './committed.ts';
import { lastOfTopic } from './lastOfTopic.ts';
import { bounds, combine, offsetsAtTime, type Offsets, type Place } from './logBounds.ts';

/**
 * Where reading begins.
 *
 * - `last`: that many offsets before the end, of each partition or of the topic as a whole (the newest by time). Compaction and control
 *   records leave gaps, so that fewer records may be there.
 * - `offsets`: one for each partition. `group`: what the group committed; `otherwise` where there is no such offset.
 * - `timestamp`: the first record at or after it, milliseconds since 1970; the end where there is none.
 */
export type Start =
  | { readonly at: 'beginning' | 'end' }
  | { readonly at: 'last'; readonly count: number; readonly of: 'partition' | 'topic' }
  | { readonly at: 'offset'; readonly offset: bigint }
  | {
      readonly at: 'offsets';
      readonly offsets: ReadonlyMap<number, bigint>;
      readonly otherwise: 'beginning' | 'end';
    }
  | { readonly at: 'timestamp'; readonly timestamp: bigint }
  | { readonly at: 'group'; readonly group: string; readonly otherwise: 'beginning' | 'end' };

/**
 * Where reading stops; what is named is not read any more.
 *
 * - `end`: as it is when reading begins.
 * - `timestamp`: the first record at or after it, milliseconds since 1970; where there is none by then, the end at that time.
 */
export type Stop =
  | { readonly at: 'never' | 'end' }
  | { readonly at: 'offset'; readonly offset: bigint }
  | { readonly at: 'timestamp'; readonly timestamp: bigint };

/** @throws {CancelledError} and nothing else. */
export async function startOffsets(place: Place, start: Start): Promise<Offsets> {
  switch (start.at) {
    case 'beginning':
    case 'end':
      return bounds(place, start.at);
    case 'offset':
      return new Map(place.partitions.map((partition) => [partition, { value: start.offset }]));
    case 'timestamp':
      return offsetsAtTime(place, start.timestamp);
    case 'last': {
      const [starts, ends] = await Promise.all([bounds(place, 'beginning'), bounds(place, 'end')]);
      return start.of === 'topic'
        ? lastOfTopic(place, BigInt(start.count), starts, ends)
        : combine(starts, ends, (first, end) => max(first, end - BigInt(start.count)));
    }
    case 'offsets':
      return withDefaults(place, start.offsets, start.otherwise);
    case 'group': {
      const committed = await fetchCommitted(place, start.group);
      if ('failure' in committed) return failed(place, committed.failure);
      return withDefaults(place, committed.value, start.otherwise);
    }
  }
}

/** The offsets not to be read any more; undefined where none is known yet. @throws {CancelledError} and nothing else. */
export async function stopOffsets(place: Place, stop: Stop): Promise<ReadonlyMap<number, Fact<bigint | undefined>>> {
  switch (stop.at) {
    case 'never':
      return new Map(place.partitions.map((partition) => [partition, { value: undefined }]));
    case 'end':
      return bounds(place, 'end');
    case 'offset':
      return new Map(place.partitions.map((partition) => [partition, { value: stop.offset }]));
    case 'timestamp': {
      // What is still to come is stopped at when it comes.
      if (stop.timestamp > BigInt(Date.now())) return stopOffsets(place, { at: 'never' });
      return offsetsAtTime(place, stop.timestamp);
    }
  }
}

async function withDefaults(
  place: Place,
  offsets: ReadonlyMap<number, bigint>,
  otherwise: 'beginning' | 'end',
): Promise<Offsets> {
  const without = place.partitions.filter((partition) => !offsets.has(partition));
  const rest =
    without.length === 0 ? new Map<number, Fact<bigint>>() : await bounds({ ...place, partitions: without }, otherwise);
  return new Map(
    place.partitions.map((partition) => {
      const own = offsets.get(partition);
      return [partition, own === undefined ? rest.get(partition)! : { value: own }];
    }),
  );
}

function failed({ partitions }: Place, failure: Failure): Offsets {
  return new Map(partitions.map((partition) => [partition, { failure }]));
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
