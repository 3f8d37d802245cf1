import { formatCount, formatDuration } from '../shared/format.ts';
import { lagOf, type PartitionLag } from './lag.ts';
import type { Group, GroupPartition, Snapshot } from './snapshot.ts';
import { timeToCatchUp, type PartitionTrend, type Trend } from './trend.ts';

export type Health = 'healthy' | 'behind' | 'rebalancing' | 'empty' | 'dead' | 'unknown';

/** A verdict with what led to it. */
export interface Status {
  readonly health: Health;
  /** True where somebody should look: the tree sorts by it and the badge counts it. */
  readonly attention: boolean;
  /** What was seen and what it means, a sentence each, worst first. */
  readonly evidence: readonly string[];
}

/** Bounds of the verdicts; what is within is daily life of a consumer that commits every few seconds. */
export const bounds = {
  /** A lag that takes longer than this to catch up with, in seconds, is behind. */
  catchUpSeconds: 60,
  /** Before rates are known, a partition's lag from here on is taken for behind. */
  lagWithoutRates: 1_000n,
  /** A commit that stands still for longer, in ms, while records wait, is stuck; auto-commit comes each 5 s. */
  stuckMs: 30_000,
};

interface Seen extends PartitionLag {
  readonly at: GroupPartition;
  readonly trend: PartitionTrend | undefined;
}

const rebalancing = new Set(['PreparingRebalance', 'CompletingRebalance', 'Assigning', 'Reconciling']);

/**
 * How a group fares, from facts alone: one snapshot, and what earlier ones add (`trend`), without which only the
 * present lag can be judged.
 */
export function statusOf(group: Group, snapshot: Snapshot, trend: Trend = () => undefined): Status {
  const seen: Seen[] = group.partitions.map((at) => ({
    ...lagOf(at.commit, snapshot.offsets.get(at.topic)?.get(at.partition), snapshot.topics.get(at.topic), at.partition),
    at,
    trend: trend(at),
  }));
  const total = seen.reduce((sum, { lag }) => (lag !== undefined && lag > 0n ? sum + lag : sum), 0n);
  const evidence = [...badPositions(seen), ...rewinds(seen)];
  const slow = group.members.length > 0 ? slowness(seen, total) : [];
  const failures = group.failures.map(({ message }) => message);

  const verdict = (health: Health, attention: boolean, more: readonly string[] = []): Status => ({
    health,
    attention: attention || evidence.length > 0 || failures.length > 0,
    evidence: [...more, ...evidence, ...failures],
  });

  if (group.state === 'Dead') return verdict('dead', false, ['The group is dead: it has neither members nor commits.']);
  if (group.state === 'Empty') return emptiness(seen, total, verdict);
  if (rebalancing.has(group.state)) {
    return verdict('rebalancing', true, [`The group is rebalancing (${group.state}).`, ...slow]);
  }
  if (group.state === 'NotReady') {
    return verdict('rebalancing', true, ['The streams group is not ready: its internal topics are missing or wrong.']);
  }
  if (group.state === 'Unknown') return verdict('unknown', failures.length > 0);
  if (slow.length > 0) return verdict('behind', true, slow);
  return verdict(evidence.length > 0 ? 'behind' : 'healthy', false, distribution(group));
}

function emptiness(
  seen: readonly Seen[],
  total: bigint,
  verdict: (health: Health, attention: boolean, more: readonly string[]) => Status,
): Status {
  // Commits that move without members: a consumer that uses assign() and never joins.
  if (seen.some(({ trend }) => trend?.committedAt !== undefined && trend.unchangedFor < bounds.stuckMs)) {
    return verdict('empty', false, [
      'The group has no members, yet its commits move: a consumer with assign(), or somebody resets offsets.',
    ]);
  }
  if (total === 0n) return verdict('empty', false, ['The group has no members.']);
  const arrived = seen.reduce((sum, { trend }) => sum + (trend?.arrivedSince ?? 0n), 0n);
  const left = `No members, and ${records(total)} not consumed`;
  return arrived > 0n
    ? verdict('empty', true, [`${left}: ${formatCount(arrived)} more arrived while watched, and nobody reads them.`])
    : verdict('empty', false, [`${left}.`]);
}

/** Positions at which a consumer cannot simply go on. */
function badPositions(seen: readonly Seen[]): string[] {
  const lines: string[] = [];
  const lost = seen.filter(({ state }) => state === 'below-start');
  if (lost.length > 0) {
    const sum = lost.reduce((all, one) => all + (one.lost ?? 0n), 0n);
    lines.push(`${records(sum)} lost to retention: the commit is below the log start on ${names(lost)}.`);
  }
  const beyond = seen.filter(({ state }) => state === 'beyond-end');
  if (beyond.length > 0) {
    lines.push(`The commit is beyond the end on ${names(beyond)}: the topic was recreated or truncated.`);
  }
  const deleted = seen.filter(({ state }) => state === 'topic-deleted');
  if (deleted.length > 0) {
    const owned = deleted.some(({ at }) => at.owner !== undefined) ? 'assigned' : 'committed';
    lines.push(`Still ${owned}, but the topic or partition does not exist any more: ${names(deleted)}.`);
  }
  const leaderless = seen.filter(({ state }) => state === 'no-leader');
  if (leaderless.length > 0) lines.push(`No leader: ${names(leaderless)} cannot be read.`);
  const denied = seen.filter(({ state }) => state === 'denied');
  if (denied.length > 0) lines.push(`Not allowed to look at ${names(denied)}.`);
  const unknown = seen.filter(({ state, failure }) => state === 'unknown' && failure !== undefined);
  if (unknown.length > 0)
    lines.push(`The lag of ${names(unknown)} is not known: ${unknown[0]?.failure?.message ?? ''}`);
  return lines;
}

function rewinds(seen: readonly Seen[]): string[] {
  const back = seen
    .filter(({ trend }) => trend !== undefined && trend.rewound > 0n)
    .sort((a, b) => compare(b.trend?.rewound ?? 0n, a.trend?.rewound ?? 0n));
  const furthest = back[0];
  if (furthest === undefined) return [];
  const others = back.length > 1 ? ` (and of ${back.length - 1} more)` : '';
  const by = formatCount(furthest.trend?.rewound ?? 0n);
  return [`The commit of ${name(furthest.at)}${others} went back by ${by}: records are processed again.`];
}

/** Why the group counts as behind; empty where it does not. */
function slowness(seen: readonly Seen[], total: bigint): string[] {
  const lines: string[] = [];
  const waiting = seen.filter(({ lag }) => lag !== undefined && lag > 0n);

  // At the LSO with records beyond it: the consumer has done what a read_committed one can.
  const held = waiting.filter(({ stableLag, lag }) => stableLag !== undefined && stableLag <= 0n && lag! > 0n);
  if (held.length > 0) {
    const sum = held.reduce((all, { lag }) => all + (lag ?? 0n), 0n);
    lines.push(`An open transaction holds back ${records(sum)} on ${names(held)}: the commit stands at the LSO.`);
  }

  const stuck = waiting.filter(
    ({ trend, stableLag }) =>
      trend !== undefined && trend.unchangedFor >= bounds.stuckMs && !(stableLag !== undefined && stableLag <= 0n),
  );
  const worst = [...stuck].sort((a, b) => compare(b.lag ?? 0n, a.lag ?? 0n))[0];
  if (worst?.trend !== undefined) {
    const { unchangedFor, arrivedSince } = worst.trend;
    const arrived = arrivedSince > 0n ? ` while ${records(arrivedSince)} arrived` : '';
    const others = stuck.length > 1 ? ` (and ${stuck.length - 1} more)` : '';
    lines.push(
      `No commit on ${name(worst.at)}${others} for ${formatDuration(unchangedFor)}${arrived}, ${formatCount(worst.lag ?? 0n)} wait: the consumer is stuck there, or gone.`,
    );
  }

  const never = seen.filter(
    ({ at, state, trend }) =>
      state === 'no-commit' &&
      at.owner !== undefined &&
      trend !== undefined &&
      trend.watchedFor >= bounds.stuckMs &&
      trend.arrivedSince > 0n,
  );
  if (never.length > 0) {
    const arrived = never.reduce((all, { trend }) => all + (trend?.arrivedSince ?? 0n), 0n);
    lines.push(`${records(arrived)} arrived on ${names(never)}, which has an owner but never a commit.`);
  }

  const moving = waiting.filter((one) => !stuck.includes(one) && !held.includes(one));
  const late = moving
    .map((one) => ({ ...one, seconds: one.trend && timeToCatchUp(one.lag ?? 0n, one.trend) }))
    .filter(({ lag, seconds }) =>
      seconds === undefined ? lag! >= bounds.lagWithoutRates : seconds > bounds.catchUpSeconds && !isNoise(lag!),
    )
    .sort((a, b) => compare(b.lag ?? 0n, a.lag ?? 0n));
  const latest = late[0];
  if (latest !== undefined) {
    const others = late.length > 1 ? `, and ${late.length - 1} more` : '';
    const outlook =
      latest.seconds === undefined
        ? 'watching, to tell whether it shrinks'
        : latest.seconds === Infinity
          ? 'it does not shrink'
          : `caught up in ${formatDuration(latest.seconds * 1000)} at this rate`;
    lines.push(
      `Lag ${formatCount(total)}, most on ${name(latest.at)} (${formatCount(latest.lag ?? 0n)}${others}): ${outlook}.`,
    );
  }
  return lines;
}

/** A steady lag of some records is what lies between two commits, however long it stays. */
function isNoise(lag: bigint): boolean {
  return lag < bounds.lagWithoutRates;
}

/** What is odd about who owns how much; no reason to be alarmed by itself. */
function distribution(group: Group): string[] {
  const counts = group.members.map(({ assignment }) => ('value' in assignment ? assignment.value.length : 0));
  const all = counts.reduce((sum, count) => sum + count, 0);
  const idle = counts.filter((count) => count === 0).length;
  const most = Math.max(0, ...counts);
  const lines: string[] = [];
  if (idle > 0 && all > 0) lines.push(`${idle} of ${counts.length} members own no partition.`);
  const working = counts.length - idle;
  if (working > 1 && most >= 4 && most > 2 * Math.ceil(all / counts.length)) {
    lines.push(`One member owns ${most} of ${all} partitions.`);
  }
  return lines;
}

function records(count: bigint): string {
  return count === 1n ? '1 record' : `${formatCount(count)} records`;
}

function name({ topic, partition }: GroupPartition): string {
  return `${topic}-${partition}`;
}

function names(seen: readonly Seen[]): string {
  const shown = seen.slice(0, 3).map(({ at }) => name(at));
  return seen.length > 3 ? `${shown.join(', ')} and ${seen.length - 3} more` : shown.join(', ');
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
