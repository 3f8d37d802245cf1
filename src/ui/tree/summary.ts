import { lagOf, type PartitionLag } from '../../groups/lag.ts';
import type { Group, GroupPartition, LogOffsets, Snapshot } from '../../groups/snapshot.ts';

/** A partition as a group reads it. */
export interface PartitionSummary {
  readonly at: GroupPartition;
  readonly lag: PartitionLag;
  readonly offsets: LogOffsets | undefined;
}

/** What the tree says of a group beside its status. */
export interface GroupSummary {
  /** Sum of the known lags, those beyond the end left out; undefined where none is known. */
  readonly lag: bigint | undefined;
  /** By topic, then partition. */
  readonly partitions: readonly PartitionSummary[];
  /** Members that own a partition. */
  readonly working: number;
}

const summaries = new WeakMap<Snapshot, Map<string, GroupSummary>>();

/** Computed once a snapshot, and only for groups that are shown. */
export function summaryOf(group: Group, snapshot: Snapshot): GroupSummary {
  let known = summaries.get(snapshot);
  if (known === undefined) summaries.set(snapshot, (known = new Map<string, GroupSummary>()));
  let summary = known.get(group.id);
  if (summary === undefined) known.set(group.id, (summary = summarize(group, snapshot)));
  return summary;
}

function summarize(group: Group, snapshot: Snapshot): GroupSummary {
  let lag: bigint | undefined;
  for (const at of group.partitions) lag = plus(lag, lagAt(at, snapshot).lag);
  let partitions: readonly PartitionSummary[] | undefined;
  return {
    lag,
    working: group.members.filter(({ assignment }) => 'value' in assignment && assignment.value.length > 0).length,
    // Only for groups that are expanded: of thousands on show that is a few.
    get partitions() {
      partitions ??= group.partitions.map((at) => ({
        at,
        offsets: snapshot.offsets.get(at.topic)?.get(at.partition),
        lag: lagAt(at, snapshot),
      }));
      return partitions;
    },
  };
}

function lagAt(at: GroupPartition, snapshot: Snapshot): PartitionLag {
  const offsets = snapshot.offsets.get(at.topic)?.get(at.partition);
  return lagOf(at.commit, offsets, snapshot.topics.get(at.topic), at.partition);
}

export function totalLag(partitions: readonly PartitionSummary[]): bigint | undefined {
  let total: bigint | undefined;
  for (const { lag } of partitions) total = plus(total, lag.lag);
  return total;
}

function plus(total: bigint | undefined, lag: bigint | undefined): bigint | undefined {
  if (lag === undefined) return total;
  return (total ?? 0n) + (lag > 0n ? lag : 0n);
}

/**
 * Far behind before little behind, by powers of two: lags that are nearly the same do not change places at each refresh.
 * Unknown last.
 */
export function compareRoughly(a: bigint | undefined, b: bigint | undefined): number {
  return compareLags(powerOf(a), powerOf(b));
}

function powerOf(lag: bigint | undefined): bigint | undefined {
  if (lag === undefined) return undefined;
  return lag <= 0n ? 0n : BigInt(lag.toString(2).length);
}

const readers = new WeakMap<Snapshot, ReadonlyMap<string, readonly Group[]>>();

/** topic -> the groups that have a commit or an owner there, by name. */
export function readersOf(snapshot: Snapshot): ReadonlyMap<string, readonly Group[]> {
  const known = readers.get(snapshot);
  if (known !== undefined) return known;
  const found = new Map<string, Group[]>();
  for (const group of snapshot.groups.values()) {
    for (const topic of new Set(group.partitions.map((partition) => partition.topic))) {
      const same = found.get(topic);
      if (same === undefined) found.set(topic, [group]);
      else same.push(group);
    }
  }
  for (const groups of found.values()) groups.sort((a, b) => compareNames(a.id, b.id));
  readers.set(snapshot, found);
  return found;
}

/**
 * `orders-2` before `orders-10`, in any case; names that read the same are told apart. By hand: an Intl.Collator takes
 * ten times as long, and 5,000 groups are sorted at each refresh.
 */
export function compareNames(a: string, b: string): number {
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(j);
    if (isDigit(x) && isDigit(y)) {
      const [endA, endB] = [endOfDigits(a, i), endOfDigits(b, j)];
      const difference = Number(a.slice(i, endA)) - Number(b.slice(j, endB));
      if (difference !== 0) return difference;
      i = endA;
      j = endB;
      continue;
    }
    if (x !== y && lower(x) !== lower(y)) return lower(x) - lower(y);
    i++;
    j++;
  }
  return a.length - i - (b.length - j) || (a < b ? -1 : a > b ? 1 : 0);
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function endOfDigits(text: string, from: number): number {
  let end = from;
  while (end < text.length && isDigit(text.charCodeAt(end))) end++;
  return end;
}

function lower(code: number): number {
  return code >= 65 && code <= 90 ? code + 32 : code;
}

/** Larger first; unknown last. */
export function compareLags(a: bigint | undefined, b: bigint | undefined): number {
  if (a === b) return 0;
  if (a === undefined) return 1;
  if (b === undefined) return -1;
  return a > b ? -1 : 1;
}
