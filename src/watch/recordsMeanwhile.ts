import type { Rebalance } from '../groups/assignmentHistory.ts';
import type { Cluster } from '../kafka/cluster.ts';
import type { ByPartition, RoutedFact, TopicPartition } from '../kafka/facts.ts';
import { offsetsAt, specialTimestamps } from '../kafka/offsetsAt.ts';
import { t } from '../shared/l10n.ts';

/** How many records came, during a rebalance, to the partitions that it moved. */
export interface Meanwhile {
  /** undefined where nothing can be said. */
  readonly records: bigint | undefined;
  /** `records` is of a part of the time, or of the partitions, only. */
  readonly isLeast: boolean;
  /** Why it is not all there is to know, a sentence; undefined where it is. */
  readonly why: string | undefined;
  /** It will be the same whenever it is asked for again. */
  readonly isSettled: boolean;
}

/** What is needed of a rebalance. */
export type Moved = Pick<Rebalance, 'began' | 'joinedAt' | 'ended' | 'moves'>;

type Offsets = ByPartition<RoutedFact<bigint | undefined>>;

/**
 * Asks the leaders for the offsets at begin and end of a rebalance (ListOffsets by time) and counts what lies between. It goes by the records' own
 * timestamps; what compaction has removed, and markers of transactions, count as records. A topic that was made anew since tells of itself only.
 *
 * @throws {CancelledError} and nothing else.
 */
export async function recordsMeanwhile(cluster: Cluster, moved: Moved, signal?: AbortSignal): Promise<Meanwhile> {
  const { began, joinedAt, ended, moves } = moved;
  if (ended === undefined) return nothing(t('The rebalance is not done yet.'), false);
  if (moves.length === 0) return { records: 0n, isLeast: false, why: undefined, isSettled: true };
  const from = began ?? joinedAt;
  // A poll or a log may tell of it later.
  if (from === undefined) return nothing(t('When it began is not known.'), true);
  // Of a share group a partition may have moved from and to several members.
  const partitions = [...new Map(moves.map((move) => [`${move.topic} ${move.partition}`, move])).values()];
  const at = (timestamp: bigint): Promise<Offsets> => {
    const times = partitions.map(({ topic, partition }) => ({ topic, partition, timestamp }));
    return offsetsAt(cluster, times, 'read_uncommitted', { signal });
  };
  // The end is asked for last: records go on coming.
  const [starts, first, after] = await Promise.all([
    at(specialTimestamps.earliest),
    at(BigInt(Math.floor(from))),
    at(BigInt(Math.ceil(Math.max(from, ended)))),
  ]);
  const isOpen = partitions.some((move) => valueOf(after, move) === undefined || valueOf(first, move) === undefined);
  const ends = isOpen ? await at(specialTimestamps.latest) : undefined;
  const counted = countOf(partitions, { starts, first, after, ends });
  if (began !== undefined || counted.records === undefined) return counted;
  return {
    ...counted,
    isLeast: true,
    why: counted.why ?? t('Since all members had joined; when it began is not known.'),
  };
}

interface Answers {
  /** Where the logs begin. */
  readonly starts: Offsets;
  /** Of the first record since the rebalance began, and since it was done; no value where none has come since. */
  readonly first: Offsets;
  readonly after: Offsets;
  readonly ends: Offsets | undefined;
}

function countOf(partitions: readonly TopicPartition[], { starts, first, after, ends }: Answers): Meanwhile {
  let records = 0n;
  let known = 0;
  let why: string | undefined;
  let isSettled = true;
  for (const at of partitions) {
    const facts = [starts, first, after, ...(ends === undefined ? [] : [ends])].map((one) => factOf(one, at));
    const failure = facts
      .map((fact) => (fact !== undefined && 'failure' in fact ? fact.failure : undefined))
      .find(Boolean);
    if (failure !== undefined || facts.includes(undefined)) {
      why ??= failure?.message ?? t('Topic {0}, partition {1} gave no answer.', at.topic, at.partition);
      isSettled &&= failure?.kind === 'missing';
      continue;
    }
    const start = valueOf(starts, at) ?? 0n;
    const end = ends === undefined ? undefined : valueOf(ends, at);
    const from = valueOf(first, at) ?? end ?? start;
    const to = valueOf(after, at) ?? end ?? from;
    // What came before the first record that is left is unknown, unless it is the first that ever was.
    if (from <= start && start > 0n) {
      why ??= t('Records of that time have been deleted from {0}-{1}.', at.topic, at.partition);
      continue;
    }
    known++;
    if (to > from) records += to - from;
  }
  if (known === 0) return nothing(why ?? '', isSettled);
  return { records, isLeast: known < partitions.length, why, isSettled };
}

function nothing(why: string, isSettled: boolean): Meanwhile {
  return { records: undefined, isLeast: false, why, isSettled };
}

function factOf(offsets: Offsets, { topic, partition }: TopicPartition): RoutedFact<bigint | undefined> | undefined {
  return offsets.get(topic)?.get(partition);
}

function valueOf(offsets: Offsets, at: TopicPartition): bigint | undefined {
  const fact = factOf(offsets, at);
  return fact !== undefined && 'value' in fact ? fact.value : undefined;
}
