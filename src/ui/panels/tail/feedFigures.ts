import type { TailModel } from './protocol.ts';

/** What takes longer to make than the rest of a model. */
export type Figures = Pick<TailModel, 'positions' | 'histogram' | 'groups' | 'groupPositions'>;

/** Milliseconds between two makings. */
const everyMs = 500;

/** Figures that are made anew now and then: at once where there are twice as many records as they tell of, as when the first ones come. */
export class FeedFigures {
  #figures: Figures | undefined;
  #madeAt = -Infinity;
  #records = 0;
  #isOld = false;

  /** Something has changed that they tell of. */
  changed(): void {
    this.#isOld = true;
  }

  /** They are of something else from now on. */
  forget(): void {
    this.#figures = undefined;
  }

  /** `later` is told in how many milliseconds it is worth to ask again. */
  get(records: number, make: () => Figures, later: (ms: number) => void): Figures {
    const now = performance.now();
    const wait = everyMs - (now - this.#madeAt);
    if (this.#figures !== undefined && records <= 2 * this.#records && (!this.#isOld || wait > 0)) {
      if (this.#isOld) later(wait);
      return this.#figures;
    }
    this.#madeAt = now;
    this.#records = records;
    this.#figures = make();
    this.#isOld = false;
    return this.#figures;
  }
}
