import { recordCount } from '../shared/counted.ts';
import { t } from '../shared/l10n.ts';
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
  /** The worst of it in two words, such as `open transaction`; undefined where the lag says it all. */
  readonly reason: string | undefined;
}

/** A piece of evidence, with the two words for where a sentence is too long. */
interface Finding {
  readonly text: string;
  readonly words?: string;
}

/** Bounds of the verdicts; what is within is daily life of a consumer that commits every few seconds. */
export const bounds = {
  /** A lag that takes longer than this to catch up with, in seconds, is behind. */
  catchUpSeconds: 60,
  /** Less than this is what lies between two commits, whatever the rates; from here on it is behind until they are known. */
  noteworthyLag: 1_000n,
  /** A lag that was consumed within this many seconds is what lies between two commits too; auto-commit comes each 5 s. */
  betweenCommitsSeconds: 15,
  /** A commit that stands still for longer, in ms, while records wait, is stuck. */
  stuckMs: 30_000,
  /** So many times as long as records usually wait for a commit is too long, where that is more, ... */
  unusual: 2,
  /** ... but not longer than this, in ms: what was stuck for an hour once may be so again. */
  longestStuckMs: 600_000,
  /** A commit that stands at the LSO for longer, in ms: short transactions are open at any moment and hold nobody. */
  heldMs: 10_000,
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
  const seen = group.partitions.map((at): Seen => {
    const { topic, partition, commit } = at;
    const lag = lagOf(commit, snapshot.offsets.get(topic)?.get(partition), snapshot.topics.get(topic), partition);
    return { ...lag, at, trend: trend(at) };
  });
  const total = seen.reduce((sum, { lag }) => (lag !== undefined && lag > 0n ? sum + lag : sum), 0n);
  const odd = [...badPositions(seen), ...rewinds(seen)];
  const left = unsubscribed(group, seen);
  const slow = group.members.length > 0 ? slowness(left.size > 0 ? seen.filter((one) => !left.has(one)) : seen) : [];
  const failures = group.failures.map(({ message }): Finding => ({ text: message }));

  const verdict: Verdict = (health, attention, more = []) => {
    const findings = [...odd, ...more, ...leftBehind(left), ...failures];
    return {
      health,
      attention: attention || odd.length > 0 || failures.length > 0,
      evidence: findings.map(({ text }) => text),
      reason: findings.find(({ words }) => words !== undefined)?.words,
    };
  };

  if (group.state === 'Dead') {
    return verdict('dead', false, [{ text: t('The group is dead: it has neither members nor commits.') }]);
  }
  if (group.state === 'Empty') return emptiness(seen, total, verdict);
  if (rebalancing.has(group.state)) {
    return verdict('rebalancing', true, [{ text: t('The group is rebalancing ({0}).', group.state) }, ...slow]);
  }
  if (group.state === 'NotReady') {
    const text = t('The streams group is not ready: its internal topics are missing or wrong.');
    return verdict('rebalancing', true, [{ text }]);
  }
  if (group.state === 'Unknown') return verdict('unknown', failures.length > 0);
  if (slow.length > 0) return verdict('behind', true, slow);
  return verdict(odd.length > 0 ? 'behind' : 'healthy', false, distribution(group));
}

type Verdict = (health: Health, attention: boolean, more?: readonly Finding[]) => Status;

/** Records wait, yet a `read_committed` consumer has read all that it may. */
function isAtStableEnd({ lag, stableLag }: PartitionLag): boolean {
  return lag !== undefined && lag > 0n && stableLag !== undefined && stableLag <= 0n;
}

/** An open transaction holds back the records that wait, and has for some time. */
export function isHeld(lag: PartitionLag, trend: PartitionTrend | undefined): boolean {
  return isAtStableEnd(lag) && trend !== undefined && trend.waitingFor >= bounds.heldMs;
}

/** For how many ms the commit has stood still while records wait; undefined where that is not long for this consumer. */
export function stuckFor(lag: PartitionLag, trend: PartitionTrend | undefined): number | undefined {
  if (lag.lag === undefined || lag.lag <= 0n || isAtStableEnd(lag) || trend === undefined) return undefined;
  return trend.waitingFor >= Math.max(bounds.stuckMs, unusualWait(trend)) ? trend.waitingFor : undefined;
}

/** Some consumers commit each minute, or after each batch. In ms. */
function unusualWait({ usualWait }: PartitionTrend): number {
  return Math.min(bounds.unusual * usualWait, bounds.longestStuckMs);
}

/** The lag is no more than what such a consumer has between two commits. */
export function isBetweenCommits({ lag }: PartitionLag, trend: PartitionTrend | undefined): boolean {
  if (lag === undefined || lag < bounds.noteworthyLag) return true;
  if (trend?.consume === undefined) return false;
  const seconds = Math.max(bounds.betweenCommitsSeconds, unusualWait(trend) / 1000);
  return Number(lag) <= trend.consume * seconds;
}

function emptiness(seen: readonly Seen[], total: bigint, verdict: Verdict): Status {
  // Commits that move without members: a consumer that uses assign() and never joins.
  if (seen.some(({ trend }) => trend?.committedAlone === true && trend.unchangedFor < bounds.stuckMs)) {
    const text = t(
      'The group has no members, yet its commits move: a consumer with assign(), or somebody resets offsets.',
    );
    return verdict('empty', false, [{ text, words: t('commits move') }]);
  }
  if (total === 0n) return verdict('empty', false, [{ text: t('The group has no members.') }]);
  const arrived = seen.reduce((sum, { trend }) => sum + (trend?.arrivedSince ?? 0n), 0n);
  if (arrived <= 0n)
    return verdict('empty', false, [{ text: t('No members, and {0} not consumed.', recordCount(total)) }]);
  const text = t(
    'No members, and {0} not consumed: {1} more arrived while watched, and nobody reads them.',
    recordCount(total),
    formatCount(arrived),
  );
  return verdict('empty', true, [{ text, words: t('nobody reads') }]);
}

/** Positions at which a consumer cannot simply go on. */
function badPositions(seen: readonly Seen[]): Finding[] {
  const lines: Finding[] = [];
  const lost = seen.filter(({ state }) => state === 'below-start');
  if (lost.length > 0) {
    const sum = lost.reduce((all, one) => all + (one.lost ?? 0n), 0n);
    const text = t('{0} lost to retention: the commit is below the log start on {1}.', recordCount(sum), names(lost));
    lines.push({ text, words: t('records lost') });
  }
  const beyond = seen.filter(({ state }) => state === 'beyond-end');
  if (beyond.length > 0) {
    const text = t('The commit is beyond the end on {0}: the topic was recreated or truncated.', names(beyond));
    lines.push({ text, words: t('commit beyond the end') });
  }
  const deleted = seen.filter(({ state }) => state === 'topic-deleted');
  if (deleted.length > 0) {
    const text = deleted.some(({ at }) => at.owner !== undefined)
      ? t('Still assigned, but the topic or partition does not exist any more: {0}.', names(deleted))
      : t('Still committed, but the topic or partition does not exist any more: {0}.', names(deleted));
    lines.push({ text, words: t('topic deleted') });
  }
  const leaderless = seen.filter(({ state }) => state === 'no-leader');
  if (leaderless.length > 0) {
    lines.push({ text: t('No leader: {0} cannot be read.', names(leaderless)), words: t('no leader') });
  }
  const denied = seen.filter(({ state }) => state === 'denied');
  if (denied.length > 0)
    lines.push({ text: t('Not allowed to look at {0}.', names(denied)), words: t('access denied') });
  const unknown = seen.filter(({ state, failure }) => state === 'unknown' && failure !== undefined);
  if (unknown.length > 0) {
    lines.push({ text: t('The lag of {0} is not known: {1}', names(unknown), unknown[0]?.failure?.message ?? '') });
  }
  return lines;
}

/** Commits on topics that no member subscribes to any more; empty where some member does not tell what it wants. */
function unsubscribed({ members }: Group, seen: readonly Seen[]): ReadonlySet<Seen> {
  const wanted = new Set<string>();
  for (const { subscription, assignment } of members) {
    if ('failure' in subscription || 'failure' in assignment || subscription.value.pattern !== undefined)
      return new Set();
    for (const topic of subscription.value.topics) wanted.add(topic);
  }
  if (wanted.size === 0) return new Set();
  return new Set(seen.filter(({ at }) => at.owner === undefined && !wanted.has(at.topic)));
}

function leftBehind(left: ReadonlySet<Seen>): Finding[] {
  const lagging = [...left].filter(({ lag }) => lag !== undefined && lag > 0n);
  if (lagging.length === 0) return [];
  const text = t('Committed once, but no member subscribes to it any more: {0}.', names(lagging));
  return [{ text, words: t('not subscribed') }];
}

function rewinds(seen: readonly Seen[]): Finding[] {
  const back = seen
    .filter(({ trend }) => trend !== undefined && trend.rewound > 0n)
    .sort((a, b) => compare(b.trend?.rewound ?? 0n, a.trend?.rewound ?? 0n));
  const furthest = back[0];
  if (furthest === undefined) return [];
  const others = back.length > 1 ? ` ${t('(and of {0} more)', formatCount(back.length - 1))}` : '';
  const by = formatCount(furthest.trend?.rewound ?? 0n);
  const text = t('The commit of {0} went back by {1}: records are processed again.', name(furthest.at) + others, by);
  return [{ text, words: t('rewound') }];
}

/** Why the group counts as behind; empty where it does not. */
function slowness(seen: readonly Seen[]): Finding[] {
  const lines: Finding[] = [];
  const waiting = seen.filter(({ lag }) => lag !== undefined && lag > 0n);

  const held = waiting.filter((one) => isHeld(one, one.trend));
  if (held.length > 0) {
    const sum = held.reduce((all, { lag }) => all + (lag ?? 0n), 0n);
    const text = t(
      'An open transaction holds back {0} on {1}: the commit stands at the LSO.',
      recordCount(sum),
      names(held),
    );
    lines.push({ text, words: t('open transaction') });
  }

  const stuck = waiting.filter((one) => stuckFor(one, one.trend) !== undefined);
  const worst = [...stuck].sort((a, b) => compare(b.lag ?? 0n, a.lag ?? 0n))[0];
  if (worst?.trend !== undefined) {
    const { waitingFor, arrivedSince } = worst.trend;
    const others = stuck.length > 1 ? ` ${t('(and {0} more)', formatCount(stuck.length - 1))}` : '';
    const where = name(worst.at) + others;
    const wait = formatCount(worst.lag ?? 0n);
    const still = formatDuration(waitingFor);
    const text =
      arrivedSince > 0n
        ? t(
            'No commit on {0} for {1} while {2} arrived, {3} wait: the consumer is stuck there, or gone.',
            where,
            still,
            recordCount(arrivedSince),
            wait,
          )
        : t('No commit on {0} for {1}, {2} wait: the consumer is stuck there, or gone.', where, still, wait);
    lines.push({ text, words: t('stuck') });
  }

  const never = seen.filter(
    ({ at, state, trend }) =>
      state === 'no-commit' &&
      at.owner !== undefined &&
      trend !== undefined &&
      trend.waitingFor >= bounds.stuckMs &&
      trend.arrivedSince > 0n,
  );
  if (never.length > 0) {
    const arrived = never.reduce((all, { trend }) => all + (trend?.arrivedSince ?? 0n), 0n);
    const text = t('{0} arrived on {1}, which has an owner but never a commit.', recordCount(arrived), names(never));
    lines.push({ text, words: t('never committed') });
  }

  const late = waiting
    // A steady lag of some records is what lies between two commits, however long it stays.
    .filter((one) => !isBetweenCommits(one, one.trend) && !isAtStableEnd(one) && stuckFor(one, one.trend) === undefined)
    .map((one) => ({ ...one, seconds: one.trend && timeToCatchUp(one.lag ?? 0n, one.trend) }))
    .filter(({ seconds }) => seconds === undefined || seconds > bounds.catchUpSeconds)
    .sort((a, b) => compare(b.lag ?? 0n, a.lag ?? 0n));
  const latest = late[0];
  if (latest !== undefined) {
    const others = late.length > 1 ? t(', and {0} more', formatCount(late.length - 1)) : '';
    const outlook =
      latest.seconds === undefined
        ? t('watching, to tell whether it shrinks')
        : latest.seconds === Infinity
          ? t('it does not shrink')
          : t('caught up in {0} at this rate', formatDuration(latest.seconds * 1000));
    const total = waiting.reduce((sum, { lag }) => sum + (lag ?? 0n), 0n);
    const most = formatCount(latest.lag ?? 0n) + others;
    lines.push({ text: t('Lag {0}, most on {1} ({2}): {3}.', formatCount(total), name(latest.at), most, outlook) });
  }
  return lines;
}

/** What is odd about who owns how much; no reason to be alarmed by itself. */
function distribution(group: Group): Finding[] {
  const counts = group.members.flatMap(({ assignment }) => ('value' in assignment ? [assignment.value.length] : []));
  const all = counts.reduce((sum, count) => sum + count, 0);
  const idle = counts.filter((count) => count === 0).length;
  const most = Math.max(0, ...counts);
  const lines: Finding[] = [];
  if (idle > 0 && all > 0) lines.push({ text: t('{0} of {1} members own no partition.', idle, counts.length) });
  const working = counts.length - idle;
  if (working > 1 && most >= 4 && most > 2 * Math.ceil(all / counts.length)) {
    lines.push({
      text: t('One member owns {0} of {1} partitions.', most, all),
      words: t('{0} of {1} on one member', most, all),
    });
  }
  return lines;
}

function name({ topic, partition }: GroupPartition): string {
  return `${topic}-${partition}`;
}

function names(seen: readonly Seen[]): string {
  const shown = seen.slice(0, 3).map(({ at }) => name(at));
  return seen.length > 3 ? t('{0} and {1} more', shown.join(', '), formatCount(seen.length - 3)) : shown.join(', ');
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
