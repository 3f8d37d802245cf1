/** Something to be given back: a subscription, a connection, a poller. Disposing twice does nothing. */
export interface Disposable {
  dispose(): void;
}

/** A listener that throws must not keep the others from hearing. */
export type Listener<T> = (value: T) => void;

/** The smallest event source, shaped as VS Code's so that rooms without `vscode` and those with it read alike. */
export class Emitter<T> implements Disposable {
  readonly #listeners = new Set<Listener<T>>();
  readonly #onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void = () => {}) {
    this.#onError = onError;
  }

  readonly event = (listener: Listener<T>): Disposable => {
    // A wrapper of its own, so that the same function subscribed twice is two subscriptions.
    const own: Listener<T> = (value) => listener(value);
    this.#listeners.add(own);
    return { dispose: () => void this.#listeners.delete(own) };
  };

  fire(value: T): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(value);
      } catch (error) {
        this.#onError(error);
      }
    }
  }

  dispose(): void {
    this.#listeners.clear();
  }
}
