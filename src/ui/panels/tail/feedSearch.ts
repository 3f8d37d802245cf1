import type { Cluster } from '../../../kafka/cluster.ts';
import { parseFilter } from '../../../tail/filter/parseFilter.ts';
import type { FilterContext } from '../../../tail/filter/predicate.ts';
import type { RecordPresenter } from '../../../tail/presenter.ts';
import type { TailSession } from '../../../tail/tailSession.ts';
import { TailView } from '../../../tail/tailView.ts';
import { TopicSearch } from '../../../tail/topicSearch.ts';
import type { StartSpec, StopSpec } from './protocol.ts';
import { startOf, stopOf } from './specs.ts';

/** What a search keeps at most. */
const limits = { maxRecords: 100_000, maxBytes: 128 << 20 };

/** As it was asked for. */
export interface SearchWish {
  readonly text: string;
  readonly from: StartSpec;
  readonly to: StopSpec;
}

export interface FeedSearch extends SearchWish {
  readonly search: TopicSearch;
  readonly view: TailView;
}

export interface FeedSearchOptions {
  readonly session: TailSession;
  readonly presenter: RecordPresenter;
  readonly context: FilterContext;
  readonly cluster: () => Promise<Cluster>;
  /** Something was found, or its state changed. */
  readonly onChange: () => void;
}

/**
 * A search through the topic of a tail, its own partitions and isolation; it does not run yet.
 * @throws {FilterProblem} the text cannot be read.
 * @throws {HumanError} a start or stop cannot be read.
 */
export async function searchOf(wish: SearchWish, options: FeedSearchOptions): Promise<FeedSearch> {
  const { session, presenter, context, onChange } = options;
  const filter = parseFilter(wish.text);
  const now = Date.now();
  const [from, to] = [startOf(wish.from, now), stopOf(wish.to, now)];
  const cluster = await options.cluster();
  const { topics } = await cluster.metadata({ topics: [session.topic] });
  const known = topics.get(session.topic)?.partitions.map(({ partition }) => partition) ?? [];
  const search = new TopicSearch({
    cluster,
    topic: session.topic,
    partitions: session.what.partitions ?? known,
    isolation: session.what.isolation,
    from,
    to: to.at === 'never' ? { at: 'end' } : to,
    filter,
    context,
    trustsBytes: !presenter.hidesText,
    limits,
    onSlice: presenter.take?.bind(presenter),
    onChange: () => {
      view.pump();
      onChange();
    },
  });
  const view = new TailView(search.store, onChange);
  return { ...wish, search, view };
}
