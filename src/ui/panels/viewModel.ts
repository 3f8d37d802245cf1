import { lagOf } from '../../groups/lag.ts';
import type { Fact, Group, GroupPartition, Member, Snapshot } from '../../groups/snapshot.ts';
import { isBetweenCommits, isHeld, stuckFor, type Status } from '../../groups/status.ts';
import { timeToCatchUp } from '../../groups/trend.ts';
import type { LagHistory, PartitionSample, TotalSample } from '../../history/lagHistory.ts';
import { memberColors } from '../../shared/colors.ts';
import type { WatchState } from '../../watch/clusterWatch.ts';
import type { CatchUp, Frame, LagModel, LagRow, MemberInfo, Point, Polling, Problem } from './protocol.ts';
import { t } from '../../shared/l10n.ts';
import type { Watch } from './services.ts';

/** The least age, in ms, from which figures count as stale, however often they are polled. */
const leastStaleAfter = 15_000;

/** Every partition of the group, in the snapshot's order. */
export function lagRows(group: Group, snapshot: Snapshot, history: LagHistory): LagRow[] {
  return group.partitions.map((partition) => lagRow(group.id, partition, snapshot, history));
}

export function lagRow(group: string, at: GroupPartition, snapshot: Snapshot, history: LagHistory): LagRow {
  const offsets = snapshot.offsets.get(at.topic)?.get(at.partition);
  const lag = lagOf(at.commit, offsets, snapshot.topics.get(at.topic), at.partition);
  const trend = history.trend(group)(at);
  const rates = { consume: trend?.consume, produce: trend?.produce };
  // Beyond the end there is nothing to catch up with, nor is it caught up.
  const seconds = lag.lag === undefined || lag.lag < 0n ? undefined : timeToCatchUp(lag.lag, rates);
  const stuck = stuckFor(lag, trend) !== undefined;
  const harmless = isBetweenCommits(lag, trend) && !isHeld(lag, trend) && !stuck;
  return {
    topic: at.topic,
    partition: at.partition,
    owner: at.owner,
    start: digits(valueOf(offsets?.start)),
    committed: digits(valueOf(at.commit)?.offset),
    end: digits(valueOf(offsets?.end)),
    lastStable: digits(valueOf(offsets?.lastStable)),
    state: lag.state,
    ...(stuck ? { stuck } : {}),
    why: lag.failure?.message,
    lag: digits(lag.lag),
    stableLag: digits(lag.stableLag),
    lost: digits(lag.lost),
    ...rates,
    catchUp: seconds === Infinity ? (harmless ? 'steady' : 'never') : seconds,
    committedAt: trend?.committedAt,
  };
}

/** When the rows together are caught up with; undefined where that is not known. */
export function sumOfCatchUps(rows: readonly LagRow[]): CatchUp | undefined {
  const lag = sumOfLags(rows);
  if (lag === undefined) return undefined;
  const consume = sumOfKnown(rows.map((row) => row.consume));
  const produce = sumOfKnown(rows.map((row) => row.produce));
  const seconds = timeToCatchUp(BigInt(lag), { consume, produce });
  if (seconds !== Infinity) return seconds;
  return rows.some(({ catchUp }) => catchUp === 'never') ? 'never' : 'steady';
}

/** Sorted by id; colours and names are the tree's: a name that several members have is told apart by the id's end. */
export function memberInfos(group: Group): MemberInfo[] {
  const nameOf = ({ instanceId, clientId, id }: Member): string => (instanceId ?? clientId) || id;
  const bearers = new Map<string, number>();
  for (const member of group.members) bearers.set(nameOf(member), (bearers.get(nameOf(member)) ?? 0) + 1);
  const colors = memberColors(group.members.map(({ id }) => id));
  return [...group.members]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((member) => ({
      id: member.id,
      name: bearers.get(nameOf(member)) === 1 ? nameOf(member) : `${nameOf(member)} …${member.id.slice(-6)}`,
      clientId: member.clientId,
      instanceId: member.instanceId,
      host: member.host.replace(/^\//, ''),
      color: colors.get(member.id) ?? 'blue',
      assigned: 'value' in member.assignment ? member.assignment.value.length : 0,
    }));
}

/** Sum of the lags that are known and above 0; undefined where none is known. */
export function sumOfLags(rows: Iterable<{ readonly lag?: string | undefined }>): string | undefined {
  let total: bigint | undefined;
  for (const { lag } of rows) {
    if (lag === undefined) continue;
    const value = BigInt(lag);
    total = (total ?? 0n) + (value > 0n ? value : 0n);
  }
  return digits(total);
}

/** undefined where none is known. */
export function sumOfKnown(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0);
}

/** The page of one group; `rows` are those of `lagRows`. */
export function lagModel(
  target: { readonly cluster: string; readonly group: string },
  watch: Watch | undefined,
  rows: readonly LagRow[],
  now: number,
): LagModel {
  const group = watch?.snapshot?.groups.get(target.group);
  const frame = groupFrame(target, watch, now);
  if (group === undefined || watch === undefined) return { frame, members: [] };
  return {
    frame: {
      ...frame,
      problem: frame.problem ?? (rows.length === 0 ? noPartitions(group) : undefined),
    },
    members: memberInfos(group),
    total: sumOfLags(rows),
    // As `groupRates` of the history has it, without going through all its polls again.
    consume: sumOfKnown(rows.map(({ consume }) => consume)),
    produce: sumOfKnown(rows.map(({ produce }) => produce)),
    catchUp: sumOfCatchUps(rows),
  };
}

export function groupFrame(
  { cluster, group }: { readonly cluster: string; readonly group: string },
  watch: Watch | undefined,
  now: number,
): Frame {
  const found = watch?.snapshot?.groups.get(group);
  const status: Status | undefined = watch?.status(group);
  const base = clusterFrame(cluster, watch, now);
  return {
    ...base,
    crumbs: [cluster, group],
    state: found?.state,
    health: status?.health ?? 'unknown',
    verdict: status?.evidence ?? [],
    staleAfter: staleAfter(watch?.history.totals(group) ?? []),
    problem: base.problem ?? (found === undefined ? noGroup(group) : undefined),
    // What failed of other groups is not this page's matter; what failed of the whole cluster is.
    partial: [...(found?.failures.map(({ message }) => message) ?? []), ...base.partial],
  };
}

/** The frame of a cluster as a whole, and the ground of all others. */
export function clusterFrame(cluster: string, watch: Watch | undefined, now: number): Frame {
  const snapshot = watch?.snapshot;
  return {
    crumbs: [cluster],
    health: snapshot === undefined ? 'unknown' : 'healthy',
    verdict: [],
    takenAt: snapshot?.takenAt,
    sentAt: now,
    staleAfter: leastStaleAfter,
    polling: watch === undefined ? { kind: 'idle' } : pollingOf(watch.state),
    problem: watch === undefined ? notConnected(cluster) : snapshot === undefined ? noFigures(watch) : undefined,
    partial: snapshot?.failures.map(({ message }) => message) ?? [],
  };
}

export function totalPoints(samples: readonly TotalSample[], after = -Infinity): Point[] {
  return samples.filter(({ at }) => at > after).map(({ at, lag }) => ({ at, lag: digits(lag) ?? null }));
}

/** The lag of a partition over time; a gap where it was not known. */
export function partitionPoints(samples: readonly PartitionSample[], after = -Infinity): Point[] {
  return samples
    .filter(({ at }) => at > after)
    .map(({ at, lag }) => ({ at, lag: lag === undefined ? null : String(lag) }));
}

export function digits(value: bigint | undefined): string | undefined {
  return value?.toString();
}

function valueOf<T>(fact: Fact<T> | undefined): T | undefined {
  return fact !== undefined && 'value' in fact ? fact.value : undefined;
}

function pollingOf(state: WatchState): Polling {
  switch (state.kind) {
    case 'failing':
      return { kind: 'failing', message: state.message, nextAt: state.nextAt };
    case 'idle':
    case 'connecting':
    case 'ok':
      return { kind: state.kind };
  }
}

/** Three times the latest distance between two polls: one poll may be late without a word. */
function staleAfter(totals: readonly TotalSample[]): number {
  const last = totals.at(-1)?.at;
  const before = totals.at(-2)?.at;
  return last === undefined || before === undefined ? leastStaleAfter : Math.max(leastStaleAfter, 3 * (last - before));
}

function notConnected(cluster: string): Problem {
  return {
    kind: 'empty',
    title: t('{0} is not connected', cluster),
    advice: t('Connect it in the tree; this page goes on by itself.'),
  };
}

function noFigures(watch: Watch): Problem {
  if (watch.state.kind === 'failing') {
    return { kind: 'failed', title: t('No figures from the cluster'), advice: watch.state.message };
  }
  return { kind: 'loading', title: t('Asking the cluster'), advice: t('The first figures are under way.') };
}

function noGroup(group: string): Problem {
  return {
    kind: 'empty',
    title: t('There is no group {0}', group),
    advice: t(
      'It was deleted, its commits expired, or this user may not see it. As soon as a consumer joins, it appears here.',
    ),
  };
}

function noPartitions(group: Group): Problem {
  const failure = group.failures[0];
  if (failure !== undefined) {
    return { kind: 'failed', title: t('The partitions of this group are not known'), advice: failure.message };
  }
  return {
    kind: 'empty',
    title: t('No partitions'),
    advice:
      group.members.length > 0
        ? t('The members own nothing and the group has no commits. Do the topics they subscribe to exist?')
        : t('The group has neither members nor commits.'),
  };
}
