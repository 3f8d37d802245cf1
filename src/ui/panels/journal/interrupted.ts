import type { JournalEntry } from '../../../changes/journal/entry.ts';
import type { RowResult } from '../../../changes/results.ts';
import { examineOther } from '../../../changes/examineOther.ts';
import { checkCluster, examine, type Reached } from '../../../changes/undo.ts';
import type { Cluster } from '../../../kafka/cluster.ts';
import { partitionCount } from '../../../shared/counted.ts';
import { formatCount } from '../../../shared/format.ts';
import { t } from '../../../shared/l10n.ts';
import type { Examined } from './protocol.ts';

export interface Reading {
  readonly examined: Examined & { readonly kind: 'known' };
  /** To close the entry with. */
  readonly results: readonly RowResult[];
  readonly state: 'done' | 'failed';
}

/**
 * What an interrupted change has reached, as the broker says now.
 *
 * @throws {HumanError} it is another cluster, or cannot be asked. @throws {CancelledError}
 */
export async function readInterrupted(cluster: Cluster, entry: JournalEntry, signal?: AbortSignal): Promise<Reading> {
  if (entry.positions.length === 0) return readOther(cluster, entry, signal);
  const found = await examine(cluster, entry, signal);
  const count = (what: Reached): number => [...found.values()].filter((each) => each === what).length;
  const counts = {
    reached: count('reached'),
    asBefore: count('as-before'),
    elsewhere: count('elsewhere'),
    unknown: count('unknown'),
  };
  const results = entry.positions.map((position) => resultOf(position, found.get(position) ?? 'unknown'));
  const isDone = counts.reached === results.length;
  return {
    examined: { kind: 'known', sentence: sentenceOf(counts), ...counts },
    results,
    state: isDone ? 'done' : 'failed',
  };
}

/** Of a change that is not of offsets: what is there to be seen. */
async function readOther(cluster: Cluster, entry: JournalEntry, signal: AbortSignal | undefined): Promise<Reading> {
  checkCluster(cluster, entry);
  const now = await examineOther(cluster, entry, signal);
  const sentence =
    now?.sentence ??
    t('The entry does not say what it was to change: whether it was done must be looked for elsewhere.');
  return {
    examined: { kind: 'known', sentence, reached: 0, asBefore: 0, elsewhere: 0, unknown: 0 },
    results: [],
    state: now?.isDone === true ? 'done' : 'failed',
  };
}

function sentenceOf(counts: {
  readonly reached: number;
  readonly asBefore: number;
  readonly elsewhere: number;
  readonly unknown: number;
}): string {
  const { reached, asBefore, elsewhere, unknown } = counts;
  const all = reached + asBefore + elsewhere + unknown;
  if (reached === all) return t('All of it is there: every partition is where the change was to put it.');
  if (asBefore === all) return t('None of it is there: every partition is where it was before.');
  const parts: [number, string][] = [
    [reached, t('{0} are where the change was to put them', formatCount(reached))],
    [asBefore, t('{0} where they were before', formatCount(asBefore))],
    [elsewhere, t('{0} elsewhere: somebody has moved them since', formatCount(elsewhere))],
    [unknown, t('{0} could not be read', formatCount(unknown))],
  ];
  const told = parts.flatMap(([number, text]) => (number > 0 ? [text] : []));
  return t('Of {0}: {1}.', partitionCount(all), told.join(', '));
}

/** What is where it was needs no undo; what is elsewhere may have been reached before, so that it is not ruled out. */
function resultOf({ topic, partition, before, after }: JournalEntry['positions'][number], reached: Reached): RowResult {
  const at = { topic, partition, code: undefined };
  switch (reached) {
    case 'reached': {
      const found = after?.kind === 'commit' ? after.offset : undefined;
      return { ...at, outcome: 'done', message: undefined, isRead: true, found };
    }
    case 'as-before': {
      const message = t('It was interrupted before this was written.');
      return { ...at, outcome: 'not-sent', message, isRead: true, found: before?.offset };
    }
    case 'elsewhere':
    case 'unknown': {
      const message =
        reached === 'unknown'
          ? t('It was interrupted, and could not be read later.')
          : t('It was interrupted; somebody has moved it since, so that nobody can tell whether it was written.');
      return { ...at, outcome: 'unknown', message, isRead: false, found: undefined };
    }
  }
}
