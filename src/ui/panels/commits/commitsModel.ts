import { lagOf } from '../../../groups/lag.ts';
import type { LoggedCommit, PartitionCommits } from '../../../offsetsTopic/commit.ts';
import type { CommitLog } from '../../../offsetsTopic/commits.ts';
import { lacksOf } from '../../../offsetsTopic/commitsLacks.ts';
import { expiryOf, type Expiry } from '../../../offsetsTopic/commitsExpiry.ts';
import { commitFindings } from '../../../offsetsTopic/commitsFindings.ts';
import type { ReadingProgress } from '../../../offsetsTopic/commitsReader.ts';
import { t } from '../../../shared/l10n.ts';
import { timeWords } from '../../../shared/times.ts';
import { partitionKey, type Frame } from '../protocol.ts';
import type { Watch } from '../services.ts';
import { groupFrame, memberInfos } from '../viewModel.ts';
import type { CommitPartition, CommitRow, CommitsModel } from './protocol.ts';

export interface CommitsFacts {
  readonly cluster: string;
  readonly group: string;
  readonly watch: Watch | undefined;
  /** undefined until reading began. */
  readonly log: CommitLog | undefined;
  readonly progress: ReadingProgress | undefined;
  /** All that was there when reading began has been read. */
  readonly isCaughtUp: boolean;
  /** `offsets.retention.minutes`, ms. */
  readonly retention: number | undefined;
  readonly failure: string | undefined;
  readonly trouble: readonly string[];
  readonly now: number;
}

interface Now {
  readonly lag: bigint | undefined;
  readonly owner: string | undefined;
  readonly committed: bigint | undefined;
}

export function commitsModel(facts: CommitsFacts): CommitsModel {
  const { log, group, watch, progress, isCaughtUp, retention, failure, now } = facts;
  const present = presentOf(watch, group);
  const read = log?.partitions() ?? [];
  const expiries = new Map(read.map((one) => [one, expiry(one, log!, retention)]));
  const known = new Set(read.map(partitionKey));
  const partitions = [
    ...read.map((one) => partitionView(one, expiries.get(one)!, present.get(partitionKey(one)))),
    // What the cluster knows and the topic did not tell, or not yet.
    ...(isCaughtUp || failure !== undefined
      ? [...present].filter(([key, { committed }]) => !known.has(key) && committed !== undefined).map(presentOnly)
      : []),
  ];
  const findings =
    log === undefined || !isCaughtUp
      ? []
      : commitFindings({
          entries: log.entries,
          partitions: read,
          group: log.owners.state,
          emptySince: log.owners.emptySince,
          waiting: (topic, partition) => present.get(partitionKey({ topic, partition }))?.lag,
          expiresAt: (one) => expiries.get(one)?.at,
          now,
          time: timeWords,
        });
  return {
    frame: commitsFrame(facts),
    partitions,
    findings: findings.map(({ kind, level, text, evidence, advice, commits, at }) => ({
      kind,
      level,
      text,
      evidence,
      advice,
      commits,
      key: at && partitionKey(at),
    })),
    lacks:
      log === undefined
        ? []
        : [...nothingRead(facts, partitions.length), ...lacksOf(log, log.entries.length, timeWords)],
    progress: isCaughtUp || failure !== undefined ? undefined : done(progress),
    count: log?.count ?? 0,
    kept: log?.entries.length ?? 0,
    pending: log?.pending ?? 0,
    place: progress && `__consumer_offsets-${progress.partition}`,
    retention,
    failure,
  };
}

/** The cluster knows commits of which the topic tells nothing. */
function nothingRead({ log, isCaughtUp, failure }: CommitsFacts, partitions: number): string[] {
  if (!isCaughtUp || failure !== undefined || log?.count !== 0 || partitions === 0) return [];
  return [t('The topic holds no commit of this group; where it stands is by the last poll.')];
}

function commitsFrame({ cluster, group, watch, now, log, failure, trouble, isCaughtUp }: CommitsFacts): Frame {
  const frame = groupFrame({ cluster, group }, watch, now);
  const isShare = watch?.snapshot?.groups.get(group)?.type === 'share';
  // A group that is no more has its commits in the topic still.
  const isGone = watch?.snapshot !== undefined && !watch.snapshot.groups.has(group);
  let problem = isGone ? undefined : frame.problem;
  if (problem === undefined && isShare) {
    const advice = t('Share groups acknowledge records one by one; where they stand is in __share_group_state.');
    problem = { kind: 'empty', title: t('A share group commits no offsets'), advice };
  }
  if (problem === undefined && log === undefined && failure === undefined) {
    problem = {
      kind: 'loading',
      title: t('Reading __consumer_offsets'),
      advice: t("Only the group's partition of it."),
    };
  }
  if (problem === undefined && isCaughtUp && log?.count === 0 && isGone) {
    const advice = t('Neither the cluster nor __consumer_offsets knows it (any more).');
    problem = { kind: 'empty', title: t('There is no group {0}', group), advice };
  }
  return {
    ...frame,
    crumbs: [cluster, group, t('Commit log')],
    verdict: [],
    problem,
    partial: [...frame.partial, ...trouble],
  };
}

function done(progress: ReadingProgress | undefined): number {
  if (progress === undefined) return 0;
  const { start, next, end } = progress;
  return end <= start ? 1 : Math.min(1, Number(((next - start) * 1_000n) / (end - start)) / 1_000);
}

function expiry({ last, topic }: PartitionCommits, { owners }: CommitLog, retention: number | undefined): Expiry {
  const { state: group, retainedFrom, subscribed } = owners;
  const { at: committedAt, expireTimestamp } = last;
  return expiryOf({ committedAt, expireTimestamp, group, retainedFrom, subscribed, topic, retention });
}

/** As the last poll saw it. */
function presentOf(
  watch: Watch | undefined,
  group: string,
): ReadonlyMap<string, Now & { topic: string; partition: number }> {
  const snapshot = watch?.snapshot;
  const found = snapshot?.groups.get(group);
  if (snapshot === undefined || found === undefined) return new Map();
  const names = new Map(memberInfos(found).map(({ id, name }) => [id, name]));
  return new Map(
    found.partitions.map(({ topic, partition, commit, owner }) => {
      const offsets = snapshot.offsets.get(topic)?.get(partition);
      const { lag } = lagOf(commit, offsets, snapshot.topics.get(topic), partition);
      const committed = 'value' in commit ? commit.value?.offset : undefined;
      const name = owner === undefined ? undefined : (names.get(owner) ?? owner);
      return [partitionKey({ topic, partition }), { topic, partition, lag, owner: name, committed }];
    }),
  );
}

function partitionView(one: PartitionCommits, { at, because }: Expiry, present: Now | undefined): CommitPartition {
  const { topic, partition, count, lastAt, last, usualInterval, longestGap, same, rewinds, jumps, deleted, notOwned } =
    one;
  const isDeleted = last.kind === 'deleted';
  return {
    key: partitionKey(one),
    topic,
    partition,
    count,
    lastAt,
    offset: last.offset?.toString(),
    isDeleted,
    usualInterval,
    longestGap,
    same,
    rewinds,
    again: String(one.again),
    jumps,
    skipped: String(one.skipped),
    deleted,
    notOwned,
    ...(isDeleted ? {} : { expires: at, expiryWhy: because }),
    lag: present?.lag?.toString(),
    owner: present?.owner,
  };
}

function presentOnly([key, one]: readonly [string, Now & { topic: string; partition: number }]): CommitPartition {
  return {
    key,
    topic: one.topic,
    partition: one.partition,
    count: 0,
    offset: one.committed?.toString(),
    isDeleted: false,
    same: 0,
    rewinds: 0,
    again: '0',
    jumps: 0,
    skipped: '0',
    deleted: 0,
    notOwned: 0,
    lag: one.lag?.toString(),
    owner: one.owner,
  };
}

export function commitRow(entry: LoggedCommit): CommitRow {
  const { id, topic, partition, at, kind, offset, step, interval, metadata, leaderEpoch, group, generation } = entry;
  const why = entry.reason ?? entry.deletion;
  return {
    id,
    topic,
    partition,
    at,
    kind,
    offset: offset?.toString(),
    step: step?.toString(),
    interval,
    metadata: metadata === '' ? undefined : metadata,
    leaderEpoch: leaderEpoch < 0 ? undefined : leaderEpoch,
    expires: entry.expireTimestamp,
    ...(entry.inTransaction ? { inTransaction: true } : {}),
    group,
    generation,
    owner: entry.owner,
    ...(entry.notOwned ? { notOwned: true } : {}),
    why: why && { certainty: why.certainty, because: why.because },
    position: String(entry.position),
  };
}
