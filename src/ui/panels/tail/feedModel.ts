import type { RecordPresenter } from '../../../tail/presenter.ts';
import type { RecordStore } from '../../../tail/recordStore.ts';
import type { TailSession } from '../../../tail/tailSession.ts';
import type { TailView } from '../../../tail/tailView.ts';
import type { Figures } from './feedFigures.ts';
import type { FeedSearch } from './feedSearch.ts';
import type { FilterState, IsolationSpec, TailModel, TailTarget } from './protocol.ts';
import type { TopicFormats } from './services.ts';
import { startWords, stopWords } from './specs.ts';
import { formatChoices, frameOf, searchState } from './tailModel.ts';

export interface FeedState {
  /** Names this tail, so that a page knows whether rows are those that it had. */
  readonly id: string;
  readonly target: TailTarget;
  readonly session: TailSession;
  /** Of what is shown: of the search, where there is one. */
  readonly store: RecordStore;
  readonly view: TailView;
  readonly search: FeedSearch | undefined;
  readonly filter: FilterState;
  readonly figures: Figures;
  readonly presenter: RecordPresenter;
  readonly formats: TopicFormats;
  readonly keepRunning: boolean;
  readonly isReadOnly: boolean;
  readonly exporting: TailModel['exporting'];
}

/** All that a tail page is told but its rows. */
export function modelOf(state: FeedState): TailModel {
  const { target, session, store, view, search, presenter, formats, exporting } = state;
  const rate = session.rate.get(performance.now());
  // Where nothing could be read, what is kept is the notice that says so.
  const until = stopWords(target.stop ?? { at: 'never' });
  const hasNothing = store.endSeq === store.firstSeq || (session.reading === 'failed' && store.records === 0);
  const frame = frameOf(target, session, search === undefined && hasNothing, Date.now());
  return {
    // The time of sending is news only with something else.
    frame: { ...frame, sentAt: 0 },
    session: state.id,
    target,
    cluster: target.cluster,
    topic: target.topic,
    ...(target.partitions === undefined ? {} : { partitions: target.partitions }),
    start: target.start,
    startWords: startWords(target.start),
    ...(until === undefined ? {} : { stopWords: until }),
    isolation: session.what.isolation satisfies IsolationSpec,
    reading: session.reading,
    paused: view.isPaused,
    keepRunning: state.keepRunning,
    kept: {
      records: store.records,
      size: store.size,
      bytes: store.bytes,
      maxRecords: store.limits.maxRecords,
      maxBytes: store.limits.maxBytes,
      dropped: store.dropped,
      firstSeq: store.firstSeq,
    },
    view: {
      generation: view.generation,
      first: view.first,
      count: view.count,
      waiting: view.waiting,
      ...(view.evaluating === undefined ? {} : { evaluating: Math.round(view.evaluating * 100) / 100 }),
    },
    order: view.order,
    filter: state.filter,
    recordsPerSecond: Math.round(rate.records * 10) / 10,
    bytesPerSecond: Math.round(rate.bytes),
    ...state.figures,
    notices: session.notices.slice(0, 20),
    ...(search === undefined ? {} : { search: searchState(search.search, search.text, search.from, search.to) }),
    formats: { available: formatChoices(), key: formats.get('key'), value: formats.get('value') },
    extraColumns: presenter.columns,
    ...(presenter.labels === undefined ? {} : { labels: presenter.labels }),
    ...(state.isReadOnly ? { readOnly: true } : {}),
    ...(exporting === undefined ? {} : { exporting }),
  };
}
