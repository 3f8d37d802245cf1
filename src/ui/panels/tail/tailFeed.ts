import { randomUUID } from 'node:crypto';
import type { Decoder } from '../../../formats/decoder.ts';
import { isFormatChoice } from '../../../formats/formatList.ts';
import { isCancelled, messageOf } from '../../../shared/errors.ts';
import type { Disposable } from '../../../shared/event.ts';
import { t } from '../../../shared/l10n.ts';
import { DecodedPresenter } from '../../../tail/decodedPresenter.ts';
import { parseFilter, type Filter } from '../../../tail/filter/parseFilter.ts';
import { all, type FilterContext, type Test } from '../../../tail/filter/predicate.ts';
import { FilterProblem } from '../../../tail/filter/problem.ts';
import type { RecordPresenter } from '../../../tail/presenter.ts';
import type { RecordStore } from '../../../tail/recordStore.ts';
import { TailSession } from '../../../tail/tailSession.ts';
import { TailView } from '../../../tail/tailView.ts';
import { TopicSearch } from '../../../tail/topicSearch.ts';
import { coordinatorPresenter } from './coordinatorPresenter.ts';
import { detailsOf } from './details.ts';
import type {
  FilterState,
  FromTailPage,
  IsolationSpec,
  StartSpec,
  StopSpec,
  TailModel,
  TailTarget,
  ToTailPage,
} from './protocol.ts';
import { ModelChanges } from './modelChanges.ts';
import { RowWindow } from './rowWindow.ts';
import type { TailServices, TopicFormats } from './services.ts';
import { settled, startOf, startWords, stopOf } from './specs.ts';
import { formatChoices, frameOf, groupPositions, histogramOf, positionsOf, searchState } from './tailModel.ts';

export interface TailFeedOptions {
  readonly target: TailTarget;
  readonly services: TailServices;
  readonly send: (message: ToTailPage) => void;
}

/** Milliseconds between two messages of what changed, and between two of the figures that take longer to make. */
const pushEveryMs = 100;
const figuresEveryMs = 500;
/** Records after a jump among which the first one is looked for. */
const mostRevealed = 1_000;
/** What a search keeps at most. */
const searchLimits = { maxRecords: 100_000, maxBytes: 128 << 20 };

/** What takes longer to make. */
type Figures = Pick<TailModel, 'positions' | 'histogram' | 'groups' | 'groupPositions'>;

/** What one tail page is told: all once it is ready, then what changed, ten times a second at most and only while it is visible. */
export class TailFeed implements Disposable {
  readonly session: TailSession;
  readonly #options: TailFeedOptions;
  readonly #formats: TopicFormats;
  readonly #listening: Disposable[];
  #target: TailTarget;
  #decoder: Decoder | undefined;
  #presenter: RecordPresenter;
  readonly #tailView: TailView;
  #search:
    | {
        readonly search: TopicSearch;
        readonly view: TailView;
        readonly text: string;
        readonly from: StartSpec;
        readonly to: StopSpec;
      }
    | undefined;
  #filter: Filter | undefined;
  #filterState: FilterState = { text: '' };
  #isVisible = false;
  #hasStarted = false;
  #keepRunning = false;
  readonly #sessionId = randomUUID();
  readonly #rows: RowWindow;
  readonly #changes = new ModelChanges();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** For what may wait. */
  #slowTimer: ReturnType<typeof setTimeout> | undefined;
  #pushedAt = -Infinity;
  #figuresAt = -Infinity;
  #figures: Figures | undefined;
  #hasNewFigures = false;
  #exporting: TailModel['exporting'];
  /** Whose details the page asked for last. */
  #detailsOf: number | undefined;
  /** Records that the filter did not look at as a whole. */
  readonly #large = new Set<number>();
  /** After a jump: the first record from this number on is to be shown, wherever the order puts it. */
  #revealFrom: number | undefined;

  constructor(options: TailFeedOptions) {
    const { target, services } = options;
    this.#options = options;
    this.#rows = new RowWindow(options.send);
    this.#target = { ...target, start: settled(target.start, Date.now()) };
    this.#formats = services.formatsOf(target.cluster, target.topic);
    this.session = new TailSession({
      topic: target.topic,
      partitions: target.partitions,
      start: startOf(this.#target.start, Date.now()),
      stop: stopOf(target.stop ?? { at: 'never' }, Date.now()),
      isolation: target.isolation ?? 'both',
      limits: services.limits(),
      cluster: () => this.#cluster(),
      onSlice: (slice) => this.#presenter.take?.(slice),
      onChange: () => {
        this.#tailView.pump();
        this.#changed();
      },
    });
    this.#tailView = new TailView(this.session.store, () => this.#changed());
    this.#presenter =
      coordinatorPresenter(target, services) ??
      new DecodedPresenter({
        topic: target.topic,
        decoder: { decode: (bytes, context) => this.#decoder!.decode(bytes, context) },
        format: (part) => this.#formats.get(part),
      });
    this.#listening = [
      services.onDidChangeClusters(() => {
        // Its cluster was disconnected, or connected again: reading finds out which.
        const { reading } = this.session;
        if (reading === 'failed' && this.#isVisible) this.session.resume();
      }),
    ];
    const decoders = services.onDidChangeDecoders?.((cluster) => {
      if (cluster !== target.cluster || this.#decoder === undefined) return;
      this.#decodeAnew().catch((error: unknown) => services.log.error(error, 'decode anew'));
    });
    if (decoders !== undefined) this.#listening.push(decoders);
  }

  /** For a restart to bring back. */
  get target(): TailTarget {
    return this.#target;
  }

  get presenter(): RecordPresenter {
    return this.#presenter;
  }

  get view(): TailView {
    return this.#search?.view ?? this.#tailView;
  }

  get store(): RecordStore {
    return this.#search?.search.store ?? this.session.store;
  }

  /** The page is gone or hidden. */
  hide(): void {
    this.#isVisible = false;
    this.#rows.want(undefined);
    this.#clearTimers();
    this.#changes.reset();
    if (!this.#keepRunning) this.session.stop('resting');
  }

  dispose(): void {
    this.hide();
    this.#search?.search.cancel();
    this.session.dispose();
    for (const one of this.#listening) one.dispose();
  }

  /** Whatever concerns no editor, file or clipboard. */
  async receive(message: FromTailPage): Promise<void> {
    switch (message.type) {
      case 'ready':
        await this.#start(message);
        return;
      case 'window':
        this.#rows.want(message);
        await this.#sendRows();
        return;
      case 'pause':
        this.session.hold(message.paused);
        this.view.pause(message.paused);
        this.#push();
        return;
      case 'stop':
        this.session.stop();
        return;
      case 'resume':
        this.session.resume();
        return;
      case 'clear':
        this.#closeSearch();
        this.session.clear();
        return;
      case 'keepRunning':
        this.#keepRunning = message.keepRunning;
        this.#changed();
        return;
      case 'seek':
        await this.#asked('seek', () => this.#seek(message.to, message.partitions));
        return;
      case 'read':
        await this.#asked('seek', async () => this.#read(message));
        return;
      case 'filter':
        this.#setFilter(message.text, message.time);
        this.#push();
        return;
      case 'search':
        await this.#asked('search', () => this.#startSearch(message.text, message.from, message.to));
        return;
      case 'cancelSearch':
        this.#search?.search.cancel();
        return;
      case 'closeSearch':
        this.#closeSearch();
        this.#push();
        return;
      case 'order':
        this.#tailView.setOrder(message.order);
        this.#search?.view.setOrder(message.order);
        this.#push();
        return;
      case 'details':
        await this.#details(message.seq);
        return;
      case 'where': {
        const position = this.view.positionOf(message.seq);
        if (position !== undefined) this.#options.send({ type: 'reveal', seq: message.seq, position });
        return;
      }
      case 'format':
        if (isFormatChoice(message.id)) this.#formats.set(message.part, message.id);
        this.#showAnew();
        return;
      case 'open':
      case 'compare':
      case 'copy':
      case 'copyRows':
      case 'copyRecords':
      case 'export':
      case 'cancelExport':
      case 'go':
      case 'explain':
      case 'setRegistry':
        return;
    }
  }

  /** Says how far an export is. */
  exporting(progress: TailModel['exporting']): void {
    this.#exporting = progress;
    this.#changed();
  }

  problem(about: 'seek' | 'search' | 'filter' | 'export', message: string): void {
    this.#options.send({ type: 'problem', about, message });
  }

  async #cluster(): ReturnType<TailServices['kafkaOf']> {
    const { services, target } = this.#options;
    const [cluster] = await Promise.all([services.kafkaOf(target.cluster), this.#loadDecoder()]);
    return cluster;
  }

  async #loadDecoder(): Promise<void> {
    this.#decoder ??= await this.#options.services.decoderOf(this.#options.target.cluster);
  }

  /** A registry was set, or another one: what did not decode may do so now. The old decoder serves until the new one is there. */
  async #decodeAnew(): Promise<void> {
    this.#decoder = await this.#options.services.decoderOf(this.#options.target.cluster);
    this.#showAnew();
    if (this.#isVisible && this.#detailsOf !== undefined) await this.#details(this.#detailsOf);
  }

  /** The same records mean something else from now on. */
  #showAnew(): void {
    this.#rows.renew();
    this.#applyFilter();
    this.#push();
  }

  async #start({
    filter = this.#target.filter ?? '',
    order,
    time,
  }: Extract<FromTailPage, { type: 'ready' }>): Promise<void> {
    this.#isVisible = true;
    if (order !== undefined) this.#tailView.setOrder(order);
    if (filter !== this.#filterState.text || JSON.stringify(time) !== JSON.stringify(this.#filterState.time)) {
      this.#setFilter(filter, time);
    }
    // Whoever stopped it by hand wants it to stay so.
    if (this.session.reading === 'resting' || !this.#hasStarted) this.session.resume();
    this.#hasStarted = true;
    this.#figures = undefined;
    const model = this.#model();
    this.#changes.reset(model);
    this.#options.send({ type: 'full', model });
    await this.#loadDecoder();
  }

  async #asked(about: 'seek' | 'search', work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (isCancelled(error)) return;
      this.#options.services.log.error(error, about);
      this.problem(about, messageOf(error));
    }
  }

  async #seek(to: StartSpec, partitions: readonly number[] | undefined): Promise<void> {
    this.#closeSearch();
    const now = Date.now();
    const own = partitions?.length === this.session.allPartitions.length ? undefined : partitions;
    await this.session.seek(startOf(to, now), own, startWords(to));
    if (own === undefined) this.#target = { ...this.#target, start: settled(to, now) };
    // What is jumped to is to be seen.
    this.session.hold(false);
    this.#tailView.pause(false);
    // As they arrive, the page waits at the end for them; in the order of time they may come anywhere.
    this.#revealFrom = this.#tailView.order === 'time' && to.at !== 'end' ? this.session.store.endSeq : undefined;
    this.#push();
  }

  #read({ partitions, isolation, stop }: Extract<FromTailPage, { type: 'read' }>): void {
    const chosen = partitions === 'all' ? undefined : (partitions ?? this.#target.partitions);
    this.session.read({
      partitions: chosen,
      ...(isolation === undefined ? {} : { isolation }),
      ...(stop === undefined ? {} : { stop: stopOf(stop, Date.now()) }),
    });
    this.#target = {
      ...this.#target,
      partitions: chosen,
      ...(isolation === undefined ? {} : { isolation }),
      ...(stop === undefined ? {} : { stop }),
    };
    this.#changed();
  }

  #setFilter(text: string, time: FilterState['time']): void {
    try {
      this.#filter = parseFilter(text);
      this.#filterState = { text, time };
    } catch (error) {
      if (!(error instanceof FilterProblem)) throw error;
      this.#filterState = { text, time, error: { message: error.message, from: error.from, to: error.to } };
    }
    this.#applyFilter();
  }

  #applyFilter(): void {
    const { time } = this.#filterState;
    this.#large.clear();
    const tests: Test[] = [];
    if (time !== undefined) {
      tests.push(({ timestamp }) => timestamp >= time.from && timestamp < time.to);
    }
    if (this.#filter !== undefined && !this.#filter.isEmpty) tests.push(this.#filter.test(this.#context()));
    this.view.setFilter(tests.length === 0 ? undefined : all(tests));
  }

  #context(): FilterContext {
    const presenter = this.#presenter;
    return {
      partitions: () => this.session.allPartitions.length,
      now: Date.now(),
      plain: (record) => presenter.plain(record),
      shownText: (record, part) => presenter.shownText(record, part),
      tooLarge: ({ seq }) => this.#large.add(seq),
    };
  }

  async #startSearch(text: string, from: StartSpec, to: StopSpec): Promise<void> {
    const filter = parseFilter(text);
    const now = Date.now();
    const [start, stop] = [startOf(from, now), stopOf(to, now)];
    const cluster = await this.#cluster();
    const { topics } = await cluster.metadata({ topics: [this.session.topic] });
    const known = topics.get(this.session.topic)?.partitions.map(({ partition }) => partition) ?? [];
    this.#closeSearch();
    const search = new TopicSearch({
      cluster,
      topic: this.session.topic,
      partitions: this.session.what.partitions ?? known,
      isolation: this.session.what.isolation,
      from: start,
      to: stop.at === 'never' ? { at: 'end' } : stop,
      filter,
      context: this.#context(),
      trustsBytes: !this.#presenter.hidesText,
      limits: searchLimits,
      onSlice: (slice) => this.#presenter.take?.(slice),
      onChange: () => {
        this.#search?.view.pump();
        this.#changed();
      },
    });
    const view = new TailView(search.store, () => this.#changed());
    view.setOrder(this.#tailView.order);
    this.#search = { search, view, text, from, to };
    this.#rows.renew();
    // The filter field narrows what is found; what was typed there for the tail stays with the tail.
    this.#filter = undefined;
    this.#filterState = { text: '' };
    this.#figures = undefined;
    this.#push();
    void search.run();
  }

  #closeSearch(): void {
    if (this.#search === undefined) return;
    this.#search.search.cancel();
    this.#search = undefined;
    this.#figures = undefined;
    this.#rows.renew();
    this.#setFilter('', undefined);
  }

  async #details(seq: number): Promise<void> {
    this.#detailsOf = seq;
    const record = this.store.at(seq);
    await this.#loadDecoder();
    const details = record && (await detailsOf(record, this.session.topic, this.#presenter));
    this.#options.send({ type: 'details', seq, ...(details === undefined ? {} : { details }) });
  }

  #changed(): void {
    this.#hasNewFigures = true;
    if (!this.#isVisible || this.#timer !== undefined) return;
    const wait = Math.max(0, pushEveryMs - (performance.now() - this.#pushedAt));
    this.#timer = setTimeout(() => this.#push(), wait);
  }

  #clearTimers(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#slowTimer);
    this.#timer = this.#slowTimer = undefined;
  }

  #push(): void {
    this.#clearTimers();
    if (!this.#isVisible) return;
    this.#pushedAt = performance.now();
    const model = this.#model();
    const news = this.#changes.next(model);
    if (news !== undefined) this.#options.send(news);
    this.#reveal();
    this.#sendRows().catch((error: unknown) => this.#options.services.log.error(error, 'rows of a tail'));
    // Rates fall while nothing comes.
    if (model.recordsPerSecond > 0 || model.search?.state === 'running') {
      this.#slowTimer ??= setTimeout(() => this.#push(), figuresEveryMs);
    }
  }

  #reveal(): void {
    const { store, view } = this;
    const from = this.#revealFrom;
    if (from === undefined || view !== this.#tailView) return;
    let first: { readonly seq: number; readonly position: number } | undefined;
    for (let seq = Math.max(store.firstSeq, from); seq < Math.min(store.endSeq, from + mostRevealed); seq++) {
      if (store.at(seq)?.kind !== 'record') continue;
      // Where it has none, it is not merged yet, or the filter hides it.
      const position = view.positionOf(seq);
      if (position !== undefined && position < (first?.position ?? Infinity)) first = { seq, position };
    }
    if (first !== undefined) this.#options.send({ type: 'reveal', ...first });
    if (first !== undefined || store.endSeq > from + mostRevealed) this.#revealFrom = undefined;
  }

  #model(): TailModel {
    const { session, store, view } = this;
    const target = this.#target;
    const now = Date.now();
    const rate = session.rate.get(performance.now());
    const search = this.#search;
    // Where nothing could be read, what is kept is the notice that says so.
    const hasNothing = store.endSeq === store.firstSeq || (session.reading === 'failed' && store.records === 0);
    const isEmpty = search === undefined && hasNothing;
    const frame = frameOf(target, session, isEmpty, now);
    return {
      // The time of sending is news only with something else.
      frame: { ...frame, sentAt: 0 },
      session: this.#sessionId,
      target,
      cluster: target.cluster,
      topic: target.topic,
      ...(target.partitions === undefined ? {} : { partitions: target.partitions }),
      start: target.start,
      startWords: startWords(target.start),
      stop: target.stop ?? { at: 'never' },
      isolation: session.what.isolation satisfies IsolationSpec,
      reading: session.reading,
      paused: view.isPaused,
      keepRunning: this.#keepRunning,
      kept: {
        records: store.records,
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
      filter: this.#large.size === 0 ? this.#filterState : { ...this.#filterState, large: this.#large.size },
      recordsPerSecond: Math.round(rate.records * 10) / 10,
      bytesPerSecond: Math.round(rate.bytes),
      ...this.#figuresOf(view),
      notices: session.notices.slice(0, 20),
      ...(search === undefined ? {} : { search: searchState(search.search, search.text, search.from, search.to) }),
      formats: { available: formatChoices(), key: this.#formats.get('key'), value: this.#formats.get('value') },
      extraColumns: this.#presenter.columns,
      ...(this.#presenter.labels === undefined ? {} : { labels: this.#presenter.labels }),
      ...(this.#options.services.isReadOnly?.(target.cluster) === true ? { readOnly: true } : {}),
      ...(this.#exporting === undefined ? {} : { exporting: this.#exporting }),
    };
  }

  #figuresOf(view: TailView): Figures {
    const now = performance.now();
    const wait = figuresEveryMs - (now - this.#figuresAt);
    if (this.#figures !== undefined && (!this.#hasNewFigures || wait > 0)) {
      if (this.#hasNewFigures) this.#slowTimer ??= setTimeout(() => this.#push(), wait);
      return this.#figures;
    }
    const { services, target } = this.#options;
    const commits = groupPositions(services.watchOf(target.cluster)?.snapshot, target.topic);
    this.#figuresAt = now;
    this.session.refineHistogram();
    this.#figures = {
      positions: positionsOf(this.session),
      histogram: histogramOf(this.#search?.search.histogram ?? this.session.histogram, view),
      groups: [...new Set(commits.map(({ group }) => group))].sort(),
      groupPositions: commits,
    };
    this.#hasNewFigures = false;
    return this.#figures;
  }

  async #sendRows(): Promise<void> {
    await this.#loadDecoder();
    await this.#rows.update(this.view, this.store, this.#presenter);
  }
}

/** Title of its tab. */
export function tailTitle({ topic, partitions }: TailTarget): string {
  return partitions?.length === 1 ? t('{0}-{1} - Tail', topic, partitions[0]!) : t('{0} - Tail', topic);
}
