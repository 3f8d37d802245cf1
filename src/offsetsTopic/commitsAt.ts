import type { Cluster } from '../kafka/cluster.ts';
import type { Fact } from '../kafka/facts.ts';
import { readTopic } from '../records/reader.ts';
import { t } from '../shared/l10n.ts';
import type { LoggedCommit } from './commit.ts';
import { CommitLog } from './commits.ts';
import { partitionOf } from './commitsReader.ts';
import { TopicNames } from './decode/topicNames.ts';

const topic = '__consumer_offsets';

/** Where a group stood at a moment, as far as its partition of `__consumer_offsets` still tells. */
export interface CommitsThen {
  /** topic -> partition -> offset; undefined: it certainly had no commit then. */
  readonly offsets: ReadonlyMap<string, ReadonlyMap<number, bigint | undefined>>;
  /** Why nothing is known of a partition, or why it had no commit: topic -> partition -> sentence. */
  readonly why: ReadonlyMap<string, ReadonlyMap<number, string>>;
  /** Where it was read, and what that cannot tell, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * Each partition's last commit up to a moment, taken commit by commit in the topic's order.
 *
 * Compaction leaves of a key the newest record of what it has cleaned. So a commit that is still there was in force until
 * the next one that is: what is found is a fact. Where only later ones are left, nothing can be said of before.
 */
export class CommitsAt {
  readonly #at: number;
  readonly #then = new Map<string, Map<number, LoggedCommit>>();
  /** Partitions that have only later ones: the first of these. */
  readonly #later = new Map<string, Map<number, LoggedCommit>>();

  /** @param at milliseconds since 1970, by the coordinators' clocks. */
  constructor(at: number) {
    this.#at = at;
  }

  take(commit: LoggedCommit): void {
    if (commit.at <= this.#at) set(this.#then, commit);
    else if (get(this.#then, commit) === undefined && get(this.#later, commit) === undefined) set(this.#later, commit);
  }

  /** `isWhole`: nothing of the topic's beginning is missing, so that what is not there never was. */
  end(isWhole: boolean, time: (at: number) => string): Pick<CommitsThen, 'offsets' | 'why'> {
    const offsets = new Map<string, Map<number, bigint | undefined>>();
    const why = new Map<string, Map<number, string>>();
    const put = <Value>(into: Map<string, Map<number, Value>>, one: LoggedCommit, value: Value): void => {
      const same = into.get(one.topic);
      if (same === undefined) into.set(one.topic, new Map([[one.partition, value]]));
      else same.set(one.partition, value);
    };
    for (const one of valuesOf(this.#then)) {
      put(offsets, one, one.offset);
      if (one.kind === 'deleted') put(why, one, t('It had no commit then: that was deleted {0}.', time(one.at)));
    }
    for (const one of valuesOf(this.#later)) {
      if (get(this.#then, one) !== undefined) continue;
      if (isWhole) {
        put(offsets, one, undefined);
        put(why, one, t('It had no commit then: the first one is of {0}.', time(one.at)));
      } else {
        const oldest = t(
          'Where it was then is not known: the oldest commit that compaction has left is of {0}.',
          time(one.at),
        );
        put(why, one, oldest);
      }
    }
    return { offsets, why };
  }
}

/**
 * Reads the group's partition of `__consumer_offsets` up to its present end, for where the group stood then.
 *
 * @param time how a time is written for people. @throws {CancelledError}
 */
export async function readCommitsAt(
  cluster: Cluster,
  { group, at, time, signal }: { group: string; at: number; time: (at: number) => string; signal?: AbortSignal },
): Promise<Fact<CommitsThen>> {
  const place = await partitionOf(cluster, group, signal);
  if ('failure' in place) return place;
  const then = new CommitsAt(at);
  const log = new CommitLog({
    group,
    names: new TopicNames(new Map()),
    retention: () => undefined,
    maxCommits: 1,
    onCommit: (commit) => then.take(commit),
  });
  let start: bigint | undefined;
  let damaged = 0;
  const events = readTopic(cluster, {
    topic,
    partitions: [place.value],
    start: { at: 'beginning' },
    stop: { at: 'end' },
    isolation: 'both',
    ...(signal === undefined ? {} : { signal }),
  });
  for await (const event of events) {
    if (event.kind === 'records') {
      start ??= event.log.start;
      for (const slice of event.slices) log.take(slice);
      log.ended(event.ended);
    } else if (event.kind === 'damaged') damaged++;
    else if (event.kind === 'finished' && event.failure !== undefined) return { failure: event.failure };
    // Waiting for a leader is for those who follow: here somebody waits for the answer.
    else if (event.kind === 'unavailable') return { failure: event.failure };
  }
  const isWhole = (start ?? 0n) === 0n && log.compactedUntil === undefined && damaged === 0 && log.unread === 0;
  return {
    value: { ...then.end(isWhole, time), notes: notesOf(log, { partition: place.value, damaged, time }) },
  };
}

function notesOf(
  log: CommitLog,
  { partition, damaged, time }: { partition: number; damaged: number; time: (at: number) => string },
): string[] {
  const from = log.firstAt === undefined ? '-' : time(log.firstAt);
  const notes = [
    t(
      'Read from {0}, whose oldest record is of {1}; by the clocks of the coordinators.',
      `${topic}-${partition}`,
      from,
    ),
  ];
  if (log.compactedUntil !== undefined) {
    notes.push(
      t(
        'Compaction has removed commits up to {0}: of a partition that has committed since, nothing may be left of before.',
        time(log.compactedUntil),
      ),
    );
  }
  if (log.pending > 0) notes.push(t('{0} commits of transactions that have not ended do not count.', log.pending));
  if (log.unsettled > 0) {
    notes.push(t('{0} commits of transactions whose end could not be read are left out.', log.unsettled));
  }
  if (damaged > 0 || log.unread > 0) notes.push(t('{0} records could not be read.', damaged + log.unread));
  return notes;
}

type Places = Map<string, Map<number, LoggedCommit>>;

function get(places: Places, { topic: name, partition }: LoggedCommit): LoggedCommit | undefined {
  return places.get(name)?.get(partition);
}

function set(places: Places, commit: LoggedCommit): void {
  const same = places.get(commit.topic);
  if (same === undefined) places.set(commit.topic, new Map([[commit.partition, commit]]));
  else same.set(commit.partition, commit);
}

function* valuesOf(places: Places): Generator<LoggedCommit> {
  for (const partitions of places.values()) yield* partitions.values();
}
