import { randomUUID } from 'node:crypto';
import { isFormatChoice } from '../../../formats/formatList.ts';
import { isCancelled, messageOf } from '../../../shared/errors.ts';
import type { Disposable } from '../../../shared/event.ts';
import { DecodedPresenter } from '../../../tail/decodedPresenter.ts';
import type { RecordPresenter } from '../../../tail/presenter.ts';
import type { RecordStore } from '../../../tail/recordStore.ts';
import type { TailSession } from '../../../tail/tailSession.ts';
import type { TailView } from '../../../tail/tailView.ts';
import { coordinatorPresenter } from './coordinatorPresenter.ts';
import { detailsOf } from './details.ts';
import { FeedDecoder } from './feedDecoder.ts';
import { FeedFigures, type Figures } from './feedFigures.ts';
import { FeedJump } from './feedJump.ts';
import { modelOf } from './feedModel.ts';
import { FeedPace } from './feedPace.ts';
import { FeedShown } from './feedShown.ts';
import { readOtherwise, sessionOf } from './feedSession.ts';
import type { FeedMessage, FromTailPage, TailModel, TailTarget, ToTailPage } from './protocol.ts';
import { ModelChanges } from './modelChanges.ts';
import { RowWindow } from './rowWindow.ts';
import type { TailServices, TopicFormats } from './services.ts';
import { settled, startOf, startWords, stopOf } from './specs.ts';
import { groupPositions, histogramOf, positionsOf } from './tailModel.ts';

export interface TailFeedOptions {
  readonly target: TailTarget;
  readonly services: TailServices;
  readonly send: (message: ToTailPage) => void;
}

/** Milliseconds after which rates that may have fallen are told. */
const ratesEveryMs = 500;

/** What one tail page is told: all once it is ready, then what changed, ten times a second at most and only while it is visible. */
export class TailFeed implements Disposable {
  readonly session: TailSession;
  readonly #options: TailFeedOptions;
  readonly #formats: TopicFormats;
  readonly #listening: Disposable[];
  #target: TailTarget;
  readonly #decoder: FeedDecoder;
  readonly #presenter: RecordPresenter;
  readonly #shown: FeedShown;
  #isVisible = false;
  #hasStarted = false;
  #keepRunning = false;
  readonly #sessionId = randomUUID();
  readonly #rows: RowWindow;
  readonly #changes = new ModelChanges();
  readonly #pace = new FeedPace(() => this.#push());
  /** When the page was told the last time. */
  #hadRecords = false;
  readonly #figures = new FeedFigures();
  readonly #jump = new FeedJump();
  #exporting: TailModel['exporting'];
  /** Whose details the page asked for last. */
  #detailsOf: number | undefined;

  constructor(options: TailFeedOptions) {
    const { target, services } = options;
    this.#options = options;
    this.#rows = new RowWindow(options.send);
    this.#target = { ...target, start: settled(target.start, Date.now()) };
    this.#formats = services.formatsOf(target.cluster, target.topic);
    this.#decoder = new FeedDecoder({
      cluster: target.cluster,
      services,
      onAnew: async () => {
        this.#showAnew();
        if (this.#isVisible && this.#detailsOf !== undefined) await this.#details(this.#detailsOf);
      },
    });
    this.#presenter =
      coordinatorPresenter(target, services) ??
      new DecodedPresenter({
        topic: target.topic,
        decoder: this.#decoder,
        format: (part) => this.#formats.get(part),
      });
    this.session = sessionOf(this.#target, {
      limits: services.limits(),
      cluster: () => this.#cluster(),
      onSlice: this.#presenter.take?.bind(this.#presenter),
      onChange: () => {
        this.#shown.tail.pump();
        this.#changed();
      },
    });
    this.#shown = new FeedShown({
      session: this.session,
      presenter: () => this.#presenter,
      partitions: () => this.session.allPartitions.length,
      cluster: () => this.#cluster(),
      onChange: () => this.#changed(),
      onOthers: () => {
        this.#figures.forget();
        this.#rows.renew();
      },
    });
    this.#listening = [
      this.#decoder,
      services.onDidChangeClusters(() => {
        // Its cluster was disconnected, or connected again: reading finds out which.
        const { reading } = this.session;
        if (reading === 'failed' && this.#isVisible) this.session.resume();
      }),
    ];
  }

  /** For a restart to bring back. */
  get target(): TailTarget {
    return this.#target;
  }

  get presenter(): RecordPresenter {
    return this.#presenter;
  }

  get view(): TailView {
    return this.#shown.view;
  }

  get store(): RecordStore {
    return this.#shown.store;
  }

  /** Its page is being made: what that will ask for is read meanwhile. */
  begin(): void {
    if (this.#hasStarted) return;
    this.#hasStarted = true;
    this.session.resume();
  }

  /** The page is gone or hidden. */
  hide(): void {
    this.#isVisible = false;
    this.#rows.want(undefined);
    this.#pace.stop();
    this.#changes.reset();
    if (!this.#keepRunning) this.session.stop('resting');
  }

  dispose(): void {
    this.hide();
    this.#shown.cancelSearch();
    this.session.dispose();
    for (const one of this.#listening) one.dispose();
  }

  /** What the page asks. */
  async receive(message: FeedMessage): Promise<void> {
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
        this.#shown.closeSearch();
        this.session.clear();
        return;
      case 'keepRunning':
        this.#keepRunning = message.keepRunning;
        this.#changed();
        return;
      case 'seek':
        await this.#asked('seek', () => this.#seek(message));
        return;
      case 'read':
        await this.#asked('seek', async () => this.#read(message));
        return;
      case 'filter':
        this.#shown.setFilter(message.text, message.time);
        this.#push();
        return;
      case 'search':
        await this.#asked('search', async () => {
          await this.#shown.startSearch(message);
          this.#push();
        });
        return;
      case 'cancelSearch':
        this.#shown.cancelSearch();
        return;
      case 'closeSearch':
        this.#shown.closeSearch();
        this.#push();
        return;
      case 'order':
        this.#shown.setOrder(message.order);
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
    const [cluster] = await Promise.all([services.kafkaOf(target.cluster), this.#decoder.load()]);
    return cluster;
  }

  /** The same records mean something else from now on. */
  #showAnew(): void {
    this.#rows.renew();
    this.#shown.filterAnew();
    this.#push();
  }

  async #start({
    filter = this.#target.filter ?? '',
    order,
    time,
  }: Extract<FromTailPage, { type: 'ready' }>): Promise<void> {
    this.#isVisible = true;
    if (order !== undefined) this.#shown.tail.setOrder(order);
    this.#shown.keepFilter(filter, time);
    this.begin();
    // Its cluster may be there by now. Whoever stopped it by hand wants it to stay so.
    if (this.session.reading === 'resting' || this.session.reading === 'failed') this.session.resume();
    this.#figures.forget();
    const model = this.#model();
    this.#changes.reset(model);
    this.#options.send({ type: 'full', model });
    await this.#decoder.load();
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

  async #seek({ to, partitions, stop }: Extract<FromTailPage, { type: 'seek' }>): Promise<void> {
    this.#shown.closeSearch();
    const now = Date.now();
    const own = partitions?.length === this.session.allPartitions.length ? undefined : partitions;
    const end = stop && stopOf(stop, now);
    await this.session.seek(startOf(to, now), own, startWords(to), end);
    if (stop !== undefined) this.#target = { ...this.#target, stop: settled(stop, now) };
    if (own === undefined) this.#target = { ...this.#target, start: settled(to, now) };
    // What is jumped to is to be seen.
    this.session.hold(false);
    this.#shown.tail.pause(false);
    // As they arrive, the page waits at the end for them; in the order of time they may come anywhere.
    this.#jump.to(this.#shown.tail.order === 'time' && to.at !== 'end' ? this.session.store.endSeq : undefined);
    this.#push();
  }

  #read(wish: Extract<FromTailPage, { type: 'read' }>): void {
    this.#target = readOtherwise(this.session, this.#target, wish);
    this.#changed();
  }

  async #details(seq: number): Promise<void> {
    this.#detailsOf = seq;
    const record = this.store.at(seq);
    await this.#decoder.load();
    const details = record && (await detailsOf(record, this.session.topic, this.#presenter));
    this.#options.send({ type: 'details', seq, ...(details === undefined ? {} : { details }) });
  }

  #changed(): void {
    this.#figures.changed();
    if (!this.#isVisible) return;
    // Where there was nothing yet, somebody waits for the first ones.
    if (!this.#hadRecords && this.store.records > 0) this.#pace.atOnce();
    else this.#pace.soon();
  }

  #push(): void {
    this.#pace.pushed();
    if (!this.#isVisible) return;
    this.#hadRecords = this.store.records > 0;
    const model = this.#model();
    const news = this.#changes.next(model);
    if (news !== undefined) this.#options.send(news);
    const first = this.#shown.search === undefined ? this.#jump.found(this.session.store, this.view) : undefined;
    if (first !== undefined) this.#options.send({ type: 'reveal', ...first });
    this.#sendRows().catch((error: unknown) => this.#options.services.log.error(error, 'rows of a tail'));
    // Rates fall while nothing comes.
    if (model.recordsPerSecond > 0 || model.search?.state === 'running') this.#pace.within(ratesEveryMs);
  }

  #model(): TailModel {
    const { session, store, view } = this;
    return modelOf({
      id: this.#sessionId,
      target: this.#target,
      session,
      store,
      view,
      search: this.#shown.search,
      filter: this.#shown.filter,
      figures: this.#figures.get(
        store.records,
        () => this.#newFigures(),
        (ms) => this.#pace.within(ms),
      ),
      presenter: this.#presenter,
      formats: this.#formats,
      keepRunning: this.#keepRunning,
      isReadOnly: this.#options.services.isReadOnly?.(this.#target.cluster) === true,
      exporting: this.#exporting,
    });
  }

  #newFigures(): Figures {
    const { services, target } = this.#options;
    const commits = groupPositions(services.watchOf(target.cluster)?.snapshot, target.topic);
    this.session.refineHistogram();
    return {
      positions: positionsOf(this.session),
      histogram: histogramOf(this.#shown.search?.search.histogram ?? this.session.histogram, this.view),
      groups: [...new Set(commits.map(({ group }) => group))].sort(),
      groupPositions: commits,
    };
  }

  async #sendRows(): Promise<void> {
    await this.#decoder.load();
    await this.#rows.update(this.view, this.store, this.#presenter);
  }
}
