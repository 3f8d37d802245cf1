import type { TailModel, ToTailPage } from './protocol.ts';

type Key = keyof TailModel;

/** What the page has of the model, and so what is news to it. */
export class ModelChanges {
  readonly #sent = new Map<Key, string>();

  /** The page has nothing, or is given all. */
  reset(model?: TailModel): void {
    this.#sent.clear();
    for (const key of Object.keys(model ?? {}) as Key[]) {
      const value = model![key];
      if (value !== undefined) this.#sent.set(key, JSON.stringify(value));
    }
  }

  /** undefined where nothing is news. */
  next(model: TailModel): Extract<ToTailPage, { type: 'update' }> | undefined {
    const changed: Record<string, unknown> = {};
    const clear: Key[] = [];
    for (const key of new Set([...this.#sent.keys(), ...(Object.keys(model) as Key[])])) {
      const value = model[key];
      const text = JSON.stringify(value);
      if (text === this.#sent.get(key)) continue;
      if (value === undefined) {
        clear.push(key);
        this.#sent.delete(key);
      } else {
        changed[key] = value;
        this.#sent.set(key, text);
      }
    }
    if (clear.length === 0 && Object.keys(changed).length === 0) return undefined;
    return { type: 'update', changed, ...(clear.length === 0 ? {} : { clear }) };
  }
}
