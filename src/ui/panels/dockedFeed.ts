import type { Disposable } from '../../shared/event.ts';
import type { Selection } from '../selection.ts';
import { dockedModel, dockedPoints } from './dockedModel.ts';
import type { ToDockedPage } from './protocol.ts';
import type { PanelServices, Watch } from './services.ts';

export interface DockedFeedOptions {
  readonly services: Pick<PanelServices, 'watchOf' | 'onDidChangeClusters' | 'selection'>;
  readonly send: (message: ToDockedPage) => void;
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
      this.#watching = [this.#watch.onDidChange(() => this.#send('update')), this.#watch.look()];
    }
    this.#pointsUpTo = -Infinity;
    this.#send('full');
  }

  #detach(): void {
    for (const one of this.#watching) one.dispose();
    this.#watching = [];
    this.#watch = undefined;
  }

  #send(type: 'full' | 'update'): void {
    const points = dockedPoints(this.#selection, this.#watch, this.#pointsUpTo);
    this.#pointsUpTo = points.at(-1)?.at ?? this.#pointsUpTo;
    const now = (this.#options.now ?? Date.now)();
    this.#options.send({ type, model: dockedModel(this.#selection, this.#watch, now), points });
  }
}
