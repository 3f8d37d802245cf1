import { formatCount, formatDuration } from '../shared/format.ts';
import { t } from '../shared/l10n.ts';
import type { LoggedCommit, PartitionCommits } from './commit.ts';

export type CommitFindingKind =
  'rewinds' | 'jumps' | 'no-progress' | 'silent' | 'gap' | 'deleted' | 'not-owned' | 'expiry';

export interface CommitFinding {
  readonly kind: CommitFindingKind;
  readonly level: 'warning' | 'info';
  /** What was seen and what it means, a sentence or two. */
  readonly text: string;
  /** What it follows from, a sentence each. */
  readonly evidence: readonly string[];
  readonly advice: string | undefined;
  /** Ids of the commits that show it, newest last; some of them where they are many. */
  readonly commits: readonly number[];
  /** Where it is about one partition. */
  readonly at: { readonly topic: string; readonly partition: number } | undefined;
}

export interface FindingFacts {
  /** Kept, oldest first. */
  readonly entries: readonly LoggedCommit[];
  readonly partitions: readonly PartitionCommits[];
  readonly group: 'unknown' | 'empty' | 'members';
  readonly emptySince: number | undefined;
  /** Records that wait in a partition; undefined where not known. */
  readonly waiting: (topic: string, partition: number) => bigint | undefined;
  /** When a partition's commit expires. */
  readonly expiresAt: (partition: PartitionCommits) => number | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** A moment as people read it. */
  readonly time: (at: number) => string;
}

/** Commits of one operation come within, ms. */
const togetherMs = 5_000;
const mostShown = 50;
/** Repeating an offset for less than that, ms, is no finding. */
const leastRepeatedMs = 60_000;
const leastGapMs = 60_000;
/** So many times the usual interval is a gap. */
const gapFactor = 20;
const mostGaps = 3;
const soonMs = 24 * 3_600_000;

/** What stands out in a group's commits, most telling first. */
export function commitFindings(facts: FindingFacts): CommitFinding[] {
  const found = [
    ...moveFindings(facts, 'rewind'),
    ...moveFindings(facts, 'jump'),
    ...stillFindings(facts),
    ...expiryFindings(facts),
    ...deletedFindings(facts),
    ...notOwnedFindings(facts),
    ...gapFindings(facts),
  ];
  return [...found.filter(({ level }) => level === 'warning'), ...found.filter(({ level }) => level === 'info')];
}

/** Rewinds, or jumps: those of one member are one finding, and those of one moment that came from outside. */
function moveFindings(facts: FindingFacts, kind: 'rewind' | 'jump'): CommitFinding[] {
  const groups = new Map<string, LoggedCommit[]>();
  const moments = new Map<string, { at: number; id: string }>();
  for (const entry of facts.entries) {
    if (entry.kind !== kind || entry.reason === undefined) continue;
    const { cause, by } = entry.reason;
    let id = `${cause} ${by?.memberId ?? ''}`;
    if (by === undefined) {
      const last = moments.get(id);
      const moment = last !== undefined && entry.at - last.at <= togetherMs ? last.id : `${id} ${entry.id}`;
      moments.set(id, { at: entry.at, id: moment });
      id = moment;
    }
    const some = groups.get(id);
    if (some === undefined) groups.set(id, [entry]);
    else some.push(entry);
  }
  return [...groups.values()].map((some) => moveFinding(some, facts)).sort((a, b) => b.last - a.last);
}

function moveFinding(some: readonly LoggedCommit[], facts: FindingFacts): CommitFinding & { last: number } {
  const first = some[0]!;
  const last = some.at(-1)!;
  const records = some.reduce((sum, { step }) => sum + abs(step ?? 0n), 0n);
  const places = new Set(some.map(({ topic, partition }) => `${topic}-${partition}`));
  const one = some.length === 1;
  const back = first.kind === 'rewind';
  const moments = momentsOf(some);
  const where = places.size === 1 ? [...places][0]! : t('{0} partitions of {1}', places.size, topicsOf(some));
  const who = first.reason?.by?.name;
  let text: string;
  if (one && first.offset !== undefined && first.step !== undefined) {
    const from = formatCount(first.offset - first.step);
    const to = formatCount(first.offset);
    const at = facts.time(first.at);
    const moved = back
      ? t('{0} was committed back from {1} to {2} at {3}', where, from, to, at)
      : t('{0} was committed ahead from {1} to {2} at {3}', where, from, to, at);
    text = `${moved}: ${effectWords(back, records)}`;
  } else if (moments.length === 1) {
    text = back
      ? t(
          '{0} were committed back at {1}: {2} records in all are processed twice.',
          where,
          facts.time(first.at),
          formatCount(records),
        )
      : t(
          '{0} were committed ahead at {1}: {2} records in all are skipped.',
          where,
          facts.time(first.at),
          formatCount(records),
        );
  } else {
    const times = { count: moments.length, from: facts.time(first.at), to: facts.time(last.at) };
    text = back
      ? t(
          '{0} went back {1} times from {2} to {3}: {4} records in all are processed twice.',
          where,
          times.count,
          times.from,
          times.to,
          formatCount(records),
        )
      : t(
          '{0} went ahead {1} times from {2} to {3}: {4} records in all are skipped.',
          where,
          times.count,
          times.from,
          times.to,
          formatCount(records),
        );
  }
  const evidence = [first.reason!.because];
  if (who !== undefined && first.reason!.by!.host !== '') {
    evidence.push(t('{0} is {1} on {2}.', who, first.reason!.by!.memberId, first.reason!.by!.host));
  }
  const usual = intervalOf(moments);
  if (usual !== undefined) {
    const largest = some.reduce((most, { step }) => (abs(step ?? 0n) > most ? abs(step ?? 0n) : most), 0n);
    evidence.push(t('About every {0}, by up to {1} records each.', formatDuration(usual), formatCount(largest)));
  }
  if (first.reason!.certainty === 'inference') {
    evidence.push(t('Which member committed is not in the topic: it follows from the assignment then.'));
  }
  return {
    kind: back ? 'rewinds' : 'jumps',
    // What a person did on purpose is told, not warned of.
    level: first.reason!.cause === 'reset' ? 'info' : 'warning',
    text,
    evidence,
    advice: moveAdvice(first),
    commits: some.slice(-mostShown).map(({ id }) => id),
    at: places.size === 1 ? { topic: first.topic, partition: first.partition } : undefined,
    last: last.at,
  };
}

function moveAdvice({ kind, reason }: LoggedCommit): string | undefined {
  switch (reason?.cause) {
    case 'sought':
      return kind === 'rewind'
        ? t('Look for seek() in the consumer, and for commits that are sent asynchronously and tried again.')
        : t('Look for seek() in the consumer, and for what it does with records that it cannot process.');
    case 'new-owner':
      return t(
        'Look for what the consumer does when partitions are assigned: seek(), or offsets that it keeps elsewhere.',
      );
    case 'deleted':
      return t(
        'Where no commit is, auto.offset.reset decides. offsets.retention.minutes says how long commits of a group without members are kept.',
      );
    case 'not-owned':
      return t('Look for members or producers that commit partitions which they were not given.');
    case 'reset':
    case 'unknown':
    case undefined:
      return undefined;
  }
}

/** Commits that repeat one offset while records wait, or that stopped coming. */
function stillFindings({ partitions, waiting, now, time, group }: FindingFacts): CommitFinding[] {
  if (group === 'empty') return [];
  return partitions.flatMap(({ topic, partition, repeated, last, lastAt, movedAt, usualInterval }): CommitFinding[] => {
    const records = waiting(topic, partition);
    if (records === undefined || records <= 0n || last.offset === undefined) return [];
    const at = { topic, partition };
    const place = `${topic}-${partition}`;
    const silentFor = now - lastAt;
    if (repeated >= 3 && lastAt - movedAt >= leastRepeatedMs && silentFor < leastRepeatedMs) {
      return [
        {
          kind: 'no-progress',
          level: 'warning',
          text: t(
            '{0} is committed at {1} again and again, {2} times in {3}, while {4} records wait: its consumer lives, but does not get on.',
            place,
            formatCount(last.offset),
            repeated,
            formatDuration(lastAt - movedAt),
            formatCount(records),
          ),
          evidence: [],
          advice: t('Look at the record that it stands at: "What Is It Stuck On?".'),
          commits: [last.id],
          at,
        },
      ];
    }
    if (usualInterval === undefined || silentFor < Math.max(leastGapMs, gapFactor * usualInterval)) return [];
    return [
      {
        kind: 'silent',
        level: 'warning',
        text: t(
          'No commit of {0} for {1}, since {2}, while {3} records wait.',
          place,
          formatDuration(silentFor),
          time(lastAt),
          formatCount(records),
        ),
        evidence: [t('It used to be committed every {0}.', formatDuration(usualInterval))],
        advice: t('Look at the record that it stands at: "What Is It Stuck On?".'),
        commits: [last.id],
        at,
      },
    ];
  });
}

/** The longest pauses between commits; those of partitions that paused together are one. */
function gapFindings({ partitions, time }: FindingFacts): CommitFinding[] {
  const gaps = partitions
    .flatMap(({ topic, partition, longestGap, usualInterval }) =>
      longestGap !== undefined &&
      usualInterval !== undefined &&
      longestGap.to - longestGap.from >= Math.max(leastGapMs, gapFactor * usualInterval)
        ? [{ topic, partition, ...longestGap, usual: usualInterval }]
        : [],
    )
    .sort((a, b) => b.to - b.from - (a.to - a.from));
  const groups: (typeof gaps)[] = [];
  for (const gap of gaps) {
    const same = groups.find(
      ([first]) => Math.abs(first!.from - gap.from) <= togetherMs * 2 && Math.abs(first!.to - gap.to) <= togetherMs * 2,
    );
    if (same === undefined) groups.push([gap]);
    else same.push(gap);
  }
  return groups.slice(0, mostGaps).map((some): CommitFinding => {
    const { topic, partition, from, to, usual } = some[0]!;
    const where = some.length === 1 ? `${topic}-${partition}` : t('{0} partitions', some.length);
    return {
      kind: 'gap',
      level: 'info',
      text: t('No commit of {0} for {1}, from {2} to {3}.', where, formatDuration(to - from), time(from), time(to)),
      evidence: [
        t('It is usually committed every {0}.', formatDuration(usual)),
        t('A client that has nothing new to commit may not commit: a pause need not be a fault.'),
      ],
      advice: undefined,
      commits: [],
      at: some.length === 1 ? { topic, partition } : undefined,
    };
  });
}

function deletedFindings({ entries, time }: FindingFacts): CommitFinding[] {
  const groups: LoggedCommit[][] = [];
  for (const entry of entries) {
    if (entry.kind !== 'deleted') continue;
    const last = groups.at(-1);
    const [first] = last ?? [];
    const isSame =
      first?.deletion?.cause === entry.deletion?.cause && first?.deletion?.because === entry.deletion?.because;
    if (last !== undefined && first !== undefined && isSame && entry.at - last.at(-1)!.at <= togetherMs)
      last.push(entry);
    else groups.push([entry]);
  }
  return groups.reverse().map((some): CommitFinding => {
    const first = some[0]!;
    const place = `${first.topic}-${first.partition}`;
    return {
      kind: 'deleted',
      level: 'info',
      text:
        some.length === 1
          ? t('The commit of {0} was deleted at {1}.', place, time(first.at))
          : t('{0} commits were deleted at {1}.', some.length, time(first.at)),
      evidence: first.deletion === undefined ? [] : [first.deletion.because],
      advice: undefined,
      commits: some.slice(-mostShown).map(({ id }) => id),
      at: some.length === 1 ? { topic: first.topic, partition: first.partition } : undefined,
    };
  });
}

function effectWords(back: boolean, records: bigint): string {
  if (records === 1n) return back ? t('1 record is processed twice.') : t('1 record is skipped.');
  return back
    ? t('{0} records are processed twice.', formatCount(records))
    : t('{0} records are skipped.', formatCount(records));
}

function notOwnedFindings({ partitions, entries }: FindingFacts): CommitFinding[] {
  return partitions
    .filter(({ notOwned }) => notOwned > 0)
    .map(({ topic, partition, notOwned }): CommitFinding => {
      const some = entries.filter((entry) => entry.notOwned && entry.topic === topic && entry.partition === partition);
      return {
        kind: 'not-owned',
        level: 'info',
        text:
          notOwned === 1
            ? t('{0}-{1} was committed once while no member owned it.', topic, partition)
            : t('{0}-{1} was committed {2} times while no member owned it.', topic, partition, notOwned),
        evidence: [
          t('The group had members, and the assignment of the time gave the partition to none of them.'),
          t('A member may commit any partition; so may a producer in a transaction.'),
        ],
        advice: undefined,
        commits: some.slice(-mostShown).map(({ id }) => id),
        at: { topic, partition },
      };
    });
}

function expiryFindings(facts: FindingFacts): CommitFinding[] {
  const { partitions, expiresAt, now, time, group, emptySince } = facts;
  const due = partitions.flatMap((one) => {
    const at = one.last.offset === undefined ? undefined : expiresAt(one);
    return at === undefined ? [] : [{ one, at }];
  });
  if (due.length === 0) return [];
  const soonest = due.reduce((a, b) => (b.at < a.at ? b : a));
  const left = soonest.at - now;
  return [
    {
      kind: 'expiry',
      level: left < soonMs ? 'warning' : 'info',
      text: left <= 0 ? expiredWords(due.length, time(soonest.at)) : dueWords(due.length, left, time(soonest.at)),
      evidence:
        group === 'empty' && emptySince !== undefined
          ? [t('The group has had no members since {0}.', time(emptySince))]
          : [t('No member subscribes to these topics.')],
      advice: t('After that, a consumer of the group begins where auto.offset.reset says.'),
      commits: due.slice(-mostShown).map(({ one }) => one.last.id),
      at: undefined,
    },
  ];
}

function expiredWords(count: number, since: string): string {
  return count === 1
    ? t('A commit may be deleted at any moment: its retention is over since {0}.', since)
    : t('{0} commits may be deleted at any moment: the retention of the first is over since {1}.', count, since);
}

function dueWords(count: number, left: number, at: string): string {
  return count === 1
    ? t('A commit expires in {0}, at {1}.', formatDuration(left), at)
    : t('{0} commits expire, the first of them in {1}, at {2}.', count, formatDuration(left), at);
}

/** When things happened, those of one moment once. */
function momentsOf(some: readonly LoggedCommit[]): number[] {
  const moments: number[] = [];
  for (const { at } of some) if (moments.length === 0 || at - moments.at(-1)! > togetherMs) moments.push(at);
  return moments;
}

/** Median of what lies between; undefined for less than three moments. */
function intervalOf(moments: readonly number[]): number | undefined {
  if (moments.length < 3) return undefined;
  const intervals = moments.slice(1).map((at, index) => at - moments[index]!);
  return intervals.sort((a, b) => a - b)[intervals.length >> 1];
}

function topicsOf(some: readonly LoggedCommit[]): string {
  const topics = [...new Set(some.map(({ topic }) => topic))];
  return topics.length === 1 ? topics[0]! : t('{0} topics', topics.length);
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}
