import type { Disposable } from '../../shared/event.ts';
import { isCancelled } from '../../shared/errors.ts';
import type { Selection } from '../selection.ts';
import { waitingOf, withAge } from './ages.ts';
import { dockedModel, dockedPoints } from './dockedModel.ts';
import type { LagRow, ToDockedPage } from './protocol.ts';
import type { PanelServices, Watch } from './services.ts';

export interface DockedFeedOptions {
  readonly services: Pick<PanelServices, 'watchOf' | 'onDidChangeClusters' | 'selection' | 'timeLagsOf'>;
  readonly send: (message: ToDockedPage) => void;
  readonly onFailure?: (error: unknown) => void;
  readonly now?: () => number;
}

/** What the docked view is told: all when it appears or the selection moves, then what changed. */
export class DockedFeed implements Disposable {
  readonly #options: DockedFeedOptions;
  readonly #always: readonly Disposable[];
  #watch: Watch | undefined;
  #watching: Disposable[] = [];
  #started = false;
  #selection: Selection | undefined;
  #pointsUpTo = -Infinity;
  #reading: AbortController | undefined;

  constructor(options: DockedFeedOptions) {
    this.#options = options;
    this.#always = [
      options.services.onDidChangeClusters(() => this.#attach()),
      options.services.selection.onDidChange(() => this.#attach()),
    ];
  }

  start(): void {
    this.#started = true;
    this.#attach();
  }

  stop(): void {
    this.#started = false;
    this.#detach();
  }

  async retry(): Promise<void> {
    await this.#watch?.refresh();
  }

  dispose(): void {
    this.stop();
    for (const one of this.#always) one.dispose();
  }

  #attach(): void {
    if (!this.#started) return;
    const { services } = this.#options;
    this.#detach();
    this.#selection = services.selection.current;
    this.#watch = this.#selection === undefined ? undefined : services.watchOf(this.#selection.cluster);
    if (this.#watch !== undefined) {
      this.#watching = [this.#watch.onDidChange(() => this.#onPoll()), this.#watch.look()];
    }
    this.#pointsUpTo = -Infinity;
    this.#send('full');
    this.#readAge();
  }

  #onPoll(): void {
    this.#send('update');
    this.#readAge();
  }

  /** How old the next record of a partition is: one record, where the lag page has not read it anyway. */
  #readAge(): void {
    const selection = this.#selection;
    const snapshot = this.#watch?.snapshot;
    if (selection?.kind !== 'partition' || snapshot === undefined || this.#reading !== undefined) return;
    const { cluster, group, topic, partition } = selection;
    const timeLags = this.#options.services.timeLagsOf?.(cluster);
    const found = snapshot.groups.get(group);
    if (timeLags === undefined || found === undefined) return;
    const own = found.partitions.filter((one) => one.topic === topic && one.partition === partition);
    const reading = new AbortController();
    this.#reading = reading;
    timeLags.update(waitingOf({ ...found, partitions: own }, snapshot), reading.signal).then(
      (changed) => {
        if (this.#reading !== reading) return;
        this.#reading = undefined;
        if (changed) this.#send('update');
      },
      (error: unknown) => {
        if (this.#reading === reading) this.#reading = undefined;
        if (!isCancelled(error)) this.#options.onFailure?.(error);
      },
    );
  }

  #detach(): void {
    this.#reading?.abort();
    this.#reading = undefined;
    for (const one of this.#watching) one.dispose();
    this.#watching = [];
    this.#watch = undefined;
  }

  #send(type: 'full' | 'update'): void {
    const points = dockedPoints(this.#selection, this.#watch, this.#pointsUpTo);
    this.#pointsUpTo = points.at(-1)?.at ?? this.#pointsUpTo;
    const now = (this.#options.now ?? Date.now)();
    const cluster = this.#selection?.cluster;
    const timeLags = cluster === undefined ? undefined : this.#options.services.timeLagsOf?.(cluster);
    const withOwnAge = (group: string, row: LagRow): LagRow => withAge(row, timeLags?.next({ group, ...row }));
    this.#options.send({ type, model: dockedModel(this.#selection, this.#watch, now, withOwnAge), points });
  }
}
