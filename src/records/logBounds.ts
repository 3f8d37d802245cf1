import type { Cluster } from '../kafka/cluster.ts';
import type { Fact } from '../kafka/facts.ts';
import { offsetsAt, specialTimestamps, type Isolation } from '../kafka/offsetsAt.ts';

/** Partitions of a topic, and how to ask for their offsets. */
export interface Place {
  readonly cluster: Cluster;
  readonly topic: string;
  readonly partitions: readonly number[];
  readonly isolation: Isolation;
  readonly signal: AbortSignal | undefined;
}

export type Offsets = ReadonlyMap<number, Fact<bigint>>;

/** Log start, or the end that this isolation sees. */
export async function bounds(place: Place, which: 'beginning' | 'end'): Promise<Offsets> {
  const found = await at(place, which === 'end' ? specialTimestamps.latest : specialTimestamps.earliest);
  return new Map(
    Array.from(found, ([partition, fact]) => [partition, 'value' in fact ? { value: fact.value ?? 0n } : fact]),
  );
}

/** The end where no record is that new. */
export async function offsetsAtTime(place: Place, timestamp: bigint): Promise<Offsets> {
  // Negative times have meanings of their own.
  const [found, ends] = await Promise.all([at(place, timestamp < 0n ? 0n : timestamp), bounds(place, 'end')]);
  return combine(found, ends, (offset, end) => offset ?? end);
}

async function at(place: Place, timestamp: bigint): Promise<ReadonlyMap<number, Fact<bigint | undefined>>> {
  const { cluster, topic, partitions, isolation, signal } = place;
  const times = partitions.map((partition) => ({ topic, partition, timestamp }));
  const found = await offsetsAt(cluster, times, isolation, { signal });
  return found.get(topic) ?? new Map<number, Fact<bigint | undefined>>();
}

export function combine<A, B, Result>(
  first: ReadonlyMap<number, Fact<A>>,
  second: ReadonlyMap<number, Fact<B>>,
  merge: (a: A, b: B) => Result,
): Map<number, Fact<Result>> {
  return new Map(
    Array.from(first, ([partition, a]): [number, Fact<Result>] => {
      const b = second.get(partition)!;
      return [partition, 'failure' in a ? a : 'failure' in b ? b : { value: merge(a.value, b.value) }];
    }),
  );
}
