import { formats } from '../../../formats/formatList.ts';
import type { Snapshot } from '../../../groups/snapshot.ts';
import { t } from '../../../shared/l10n.ts';
import type { PartitionProgress } from '../../../tail/progress.ts';
import type { TailSession } from '../../../tail/tailSession.ts';
import type { TailView } from '../../../tail/tailView.ts';
import type { TimeHistogram } from '../../../tail/timeHistogram.ts';
import type { TopicSearch } from '../../../tail/topicSearch.ts';
import type { Frame } from '../protocol.ts';
import type {
  FormatChoice,
  GroupPosition,
  Histogram,
  PartitionState,
  Reading,
  SearchState,
  TailTarget,
} from './protocol.ts';
import type { StartSpec, StopSpec } from './protocol.ts';

/** Figures of a tail do not age: they are as old as the last record. */
const neverStale = 2 ** 31;

export function frameOf(target: TailTarget, session: TailSession, isEmpty: boolean, now: number): Frame {
  const { reading, failure } = session;
  const troubled = [...session.progress.values()].filter(({ state }) => state === 'unavailable').length;
  const verdict = [
    ...(reading === 'failed' && failure !== undefined && !isEmpty ? [failure] : []),
    ...(session.isWaiting ? [t('As many records are kept as fit; reading waits until the view goes on.')] : []),
    ...(troubled > 0 ? [t('{0} of {1} partitions cannot be read now.', troubled, session.progress.size)] : []),
    ...(reading === 'resting' ? [t('Nothing is read while the page is hidden. It goes on where it was.')] : []),
  ];
  return {
    crumbs: [target.cluster, target.topic, ...(partitionWords(target.partitions) ?? [])],
    state: readingWord(reading),
    health: reading === 'failed' ? 'dead' : troubled > 0 ? 'behind' : reading === 'running' ? 'healthy' : 'unknown',
    verdict,
    sentAt: now,
    staleAfter: neverStale,
    polling: { kind: reading === 'starting' ? 'connecting' : reading === 'failed' ? 'idle' : 'ok' },
    ...(isEmpty ? problemOf(session) : {}),
    partial: [...session.progress].flatMap(([partition, { why }]) =>
      // Verdict or problem say it already.
      why === undefined || why === failure ? [] : [t('Partition {0}: {1}', partition, why)],
    ),
  };
}

function problemOf({ reading, failure, topic, progress }: TailSession): Pick<Frame, 'problem'> {
  switch (reading) {
    case 'starting':
      return { problem: { kind: 'loading', title: t('Finding where to begin'), advice: '' } };
    case 'failed':
      return {
        problem: {
          kind: 'failed',
          title: t('{0} cannot be read', topic),
          advice: [
            failure ?? t('The log says why.'),
            ...([...progress.values()].some(({ state }) => state === 'denied')
              ? [t('Reading needs the ACL operation Read on the topic, and none on a group.')]
              : []),
          ].join(' '),
        },
      };
    case 'running':
      return {
        problem: {
          kind: 'empty',
          title: t('No record has come yet'),
          advice: t('Reading waits for new records. To see earlier ones, go to the beginning, an offset or a time.'),
        },
      };
    case 'finished':
      return {
        problem: {
          kind: 'empty',
          title: t('There are no records in this range'),
          advice: t('Go to another offset or time, or to the beginning.'),
        },
      };
    case 'stopped':
    case 'resting':
      return {
        problem: { kind: 'empty', title: t('Nothing was read'), advice: t('Resume to go on reading.') },
      };
  }
}

/** Title of its tab. */
export function tailTitle({ topic, partitions }: TailTarget): string {
  return partitions?.length === 1 ? t('{0}-{1} - Tail', topic, partitions[0]!) : t('{0} - Tail', topic);
}

function partitionWords(partitions: readonly number[] | undefined): [string] | undefined {
  if (partitions === undefined) return undefined;
  return [partitions.length === 1 ? t('partition {0}', partitions[0]!) : t('partitions {0}', partitions.join(', '))];
}

export function readingWord(reading: Reading): string {
  switch (reading) {
    case 'starting':
      return t('Starting');
    case 'running':
      return t('Reading');
    case 'resting':
      return t('Resting');
    case 'stopped':
      return t('Stopped');
    case 'finished':
      return t('Finished');
    case 'failed':
      return t('Failed');
  }
}

export function positionsOf(session: TailSession): PartitionState[] {
  const isCommitted = session.what.isolation === 'read_committed';
  return [...session.progress]
    .sort(([a], [b]) => a - b)
    .map(([partition, progress]) => ({
      partition,
      position: text(progress.position),
      start: text(progress.start),
      end: text(progress.end),
      lastStable: text(progress.lastStable),
      state: stateOf(progress, isCommitted),
      ...(progress.why === undefined ? {} : { why: progress.why }),
    }));
}

function stateOf(
  { state, position, end, lastStable }: PartitionProgress,
  isCommitted: boolean,
): PartitionState['state'] {
  if (state !== 'reading') return state;
  const last = isCommitted ? (lastStable ?? end) : end;
  return position !== undefined && last !== undefined && position >= last ? 'at-end' : state;
}

function text(value: bigint | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}

export function histogramOf(kept: TimeHistogram, view: TailView): Histogram {
  const { from, step, counts, without } = kept.buckets();
  if (!view.isFiltered) return { from, step, counts, without };
  const shown = new Array<number>(counts.length).fill(0);
  view.eachTime((time) => {
    const bucket = Math.floor((time - from) / step);
    if (time >= 0 && bucket >= 0 && bucket < shown.length) shown[bucket]!++;
  });
  return { from, step, counts, shown, without };
}

export function searchState(search: TopicSearch, text: string, from: StartSpec, to: StopSpec): SearchState {
  const { state, records, bytes, elapsed, done, eta, message, store } = search;
  const seconds = Math.max(elapsed / 1000, 0.001);
  return {
    text,
    state,
    from,
    to,
    found: store.records,
    records: String(records),
    bytes,
    ...(done === undefined ? {} : { done }),
    recordsPerSecond: Math.round(records / seconds),
    bytesPerSecond: Math.round(bytes / seconds),
    ...(eta === undefined ? {} : { eta }),
    elapsed: Math.round(elapsed),
    ...(message === undefined ? {} : { message }),
  };
}

export function formatChoices(): FormatChoice[] {
  return [{ id: 'auto', label: t('Detect') }, ...formats().map(({ id, label }) => ({ id, label }))];
}

/** Where groups stand in a topic, as the last snapshot knows; nothing is asked for it. */
export function groupPositions(snapshot: Snapshot | undefined, topic: string): GroupPosition[] {
  if (snapshot === undefined) return [];
  return [...snapshot.groups.values()].flatMap(({ id, partitions }) =>
    partitions.flatMap(({ topic: name, partition, commit }) =>
      name === topic && 'value' in commit && commit.value !== undefined
        ? [{ group: id, partition, offset: String(commit.value.offset) }]
        : [],
    ),
  );
}
