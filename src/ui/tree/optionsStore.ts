import { Emitter, type Disposable, type Listener } from '../../shared/event.ts';
import type { Memory } from '../connections/connections.ts';
import { readOptions, type ViewOptions } from './options.ts';

const key = 'clustersView';

/** The tree's filter and sort, kept for the workspace. */
export class OptionsStore implements Disposable {
  readonly #memory: Memory;
  readonly #changed = new Emitter<void>();
  #options: ViewOptions;

  constructor(memory: Memory) {
    this.#memory = memory;
    this.#options = readOptions(memory.get(key));
  }

  get current(): ViewOptions {
    return this.#options;
  }

  get onDidChange(): (listener: Listener<void>) => Disposable {
    return this.#changed.event;
  }

  set(change: Partial<ViewOptions>): void {
    this.#options = { ...this.#options, ...change };
    void this.#memory.update(key, this.#options);
    this.#changed.fire();
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
