import { ScrollMap } from './scrollMap.ts';

/** A table that has not scrolled for this long stands, ms. */
const standsAfter = 150;

/** What a table sees of its lines: joins a `ScrollMap` to the element that scrolls. */
export class RowScroller {
  readonly map = new ScrollMap();
  readonly #headHeight: number;
  readonly #changed: (by: 'person' | 'layout') => void;
  #element: HTMLElement | undefined;
  #sizes: ResizeObserver | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Told to the element once it is tall enough for it: after the next drawing. */
  #due = false;

  /**
   * `headHeight`: px of the header that stays above the lines. `changed`: something else is in view, or the table has come to
   * stand; by whom.
   */
  constructor(headHeight: number, changed: (by: 'person' | 'layout') => void) {
    this.#headHeight = headHeight;
    this.#changed = changed;
  }

  attach(element: HTMLElement): void {
    this.#element = element;
    element.addEventListener('scroll', this.#onScroll, { passive: true });
    this.#sizes = new ResizeObserver(() => {
      this.#measure();
      this.#changed('layout');
    });
    this.#sizes.observe(element);
    this.#measure();
  }

  detach(): void {
    this.#element?.removeEventListener('scroll', this.#onScroll);
    this.#sizes?.disconnect();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#element = undefined;
  }

  get isScrolling(): boolean {
    return this.#timer !== undefined;
  }

  setCount(count: number): void {
    if (count === this.map.count) return;
    this.map.count = count;
    this.#fit();
  }

  scrollToIndex(index: number, align: 'auto' | 'center' = 'auto'): void {
    const top = this.map.topFor(index, align);
    if (top !== this.map.top) this.scrollTo(top);
  }

  /** To a place in all lines, px. */
  scrollTo(top: number): void {
    this.map.moveTo(top);
    this.#due = true;
  }

  /** To be called when the lines' element has its height. */
  drawn(): void {
    const element = this.#element;
    if (element === undefined) return;
    const wanted = this.map.scrollTop;
    if (this.#due && Math.abs(element.scrollTop - wanted) >= 1) element.scrollTop = wanted;
    this.#due = false;
  }

  #measure(): void {
    const height = this.#element?.clientHeight ?? 0;
    this.map.viewport = Math.max(0, height - this.#headHeight);
    this.#fit();
  }

  /** As the browser will by itself, but known beforehand: else that would look like somebody scrolling. */
  #fit(): void {
    if (this.isScrolling && this.map.top <= this.map.mostTop) return;
    this.scrollTo(this.map.top);
  }

  readonly #onScroll = (): void => {
    const { scrollTop } = this.#element!;
    // Our own move, as the browser rounds it, or a move to the side.
    if (Math.abs(scrollTop - this.map.scrollTop) < 1) return;
    this.map.scrolled(scrollTop);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.map.settle();
      this.#due = true;
      this.#changed('layout');
    }, standsAfter);
    this.#changed('person');
  };
}
