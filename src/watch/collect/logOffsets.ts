import type { LogOffsets, TopicPartition } from '../../groups/snapshot.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import type { ByPartition, Fact, RoutedFact } from '../../kafka/facts.ts';
import { offsetsAt, specialTimestamps, type Isolation } from '../../kafka/offsetsAt.ts';
import { inPoll } from './inPoll.ts';

/** Log start, log end and last stable offset of the partitions: three requests a leader, all in flight at once. */
export async function fetchLogOffsets(
  cluster: Cluster,
  partitions: readonly TopicPartition[],
  signal?: AbortSignal,
): Promise<ByPartition<LogOffsets>> {
  const ask = (timestamp: bigint, isolation: Isolation): Promise<ByPartition<RoutedFact<bigint | undefined>>> =>
    offsetsAt(
      cluster,
      partitions.map(({ topic, partition }) => ({ topic, partition, timestamp })),
      isolation,
      { signal, ...inPoll },
    );
  const { earliest, latest } = specialTimestamps;
  const [starts, ends, stables] = await Promise.all([
    ask(earliest, 'read_uncommitted'),
    ask(latest, 'read_uncommitted'),
    ask(latest, 'read_committed'),
  ]);
  const all = new Map<string, Map<number, LogOffsets>>();
  for (const { topic, partition } of partitions) {
    let found = all.get(topic);
    if (found === undefined) all.set(topic, (found = new Map<number, LogOffsets>()));
    found.set(partition, {
      start: at(starts, topic, partition),
      end: at(ends, topic, partition),
      lastStable: at(stables, topic, partition),
    });
  }
  return all;
}

function at(found: ByPartition<RoutedFact<bigint | undefined>>, topic: string, partition: number): Fact<bigint> {
  const fact = found.get(topic)?.get(partition);
  if (fact !== undefined && 'failure' in fact) return { failure: fact.failure };
  if (fact?.value === undefined) {
    return { failure: { kind: 'error', message: `${topic}-${partition} was not answered.` } };
  }
  return { value: fact.value };
}
