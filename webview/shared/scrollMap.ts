/** Every line of a table has this height in px, so where a line lies is a product. */
export const lineHeight = 22;

/**
 * The tallest element that lines are laid out in, px. Browsers keep positions as 32 bits of 1/64 of a device pixel: some 33
 * million, of which a display scaled four times leaves 8. A million lines are 22 million.
 */
const tallest = 8_000_000;

/**
 * Where lines lie that are together taller than any element may be. `scrollTop` is what the browser knows; `top` is how far
 * down in all lines the view is. Up to `tallest` the two are one. Beyond, small moves (wheel, keys) move both by the same,
 * while large ones (the scrollbar dragged) are in proportion; `settled` brings the scrollbar to where it belongs.
 */
export class ScrollMap {
  /** Lines in all. */
  count = 0;
  /** Height of what is seen of the lines, px. */
  viewport = 0;
  #top = 0;
  #scrollTop = 0;

  /** Height of the element that the lines are in, px. */
  get height(): number {
    return Math.min(this.#full, tallest);
  }

  get top(): number {
    return this.#top;
  }

  get scrollTop(): number {
    return this.#scrollTop;
  }

  get atEnd(): boolean {
    return this.#top >= this.mostTop - 1;
  }

  get mostTop(): number {
    return Math.max(0, this.#full - this.viewport);
  }

  get #full(): number {
    return this.count * lineHeight;
  }

  get #mostScroll(): number {
    return Math.max(0, this.height - this.viewport);
  }

  /** The lines in view, the last one included; empty where `last` is below `first`. */
  get range(): { readonly first: number; readonly last: number } {
    return {
      first: Math.max(0, Math.floor(this.#top / lineHeight)),
      last: Math.min(this.count - 1, Math.ceil((this.#top + this.viewport) / lineHeight)),
    };
  }

  /** Where in the element line `index` lies, px. */
  yOf(index: number): number {
    return index * lineHeight - this.#top + this.#scrollTop;
  }

  /** The browser scrolled to `scrollTop`. */
  scrolled(scrollTop: number): void {
    const moved = scrollTop - this.#scrollTop;
    this.#scrollTop = scrollTop;
    if (this.#full <= tallest) {
      this.#top = scrollTop;
      return;
    }
    const small = Math.abs(moved) <= this.viewport * 2;
    const top = small ? this.#top + moved : (scrollTop / this.#mostScroll) * this.mostTop;
    this.#top = Math.min(this.mostTop, Math.max(0, top));
    // The scrollbar has come to its end a little before the lines have.
    if (scrollTop <= 0 && this.#top < this.viewport * 2) this.#top = 0;
    else if (scrollTop >= this.#mostScroll - 1 && this.mostTop - this.#top < this.viewport * 2)
      this.#top = this.mostTop;
  }

  /** Moves the view; `scrollTop` is then what the browser is to be told. */
  moveTo(top: number): void {
    this.#top = Math.min(this.mostTop, Math.max(0, top));
    this.settle();
  }

  /** Brings `scrollTop` to where it belongs. */
  settle(): void {
    this.#scrollTop =
      this.#full <= tallest ? this.#top : this.mostTop === 0 ? 0 : (this.#top / this.mostTop) * this.#mostScroll;
  }

  /** The `top` from which line `index` is seen: the nearest one, or with the line in the middle. */
  topFor(index: number, align: 'auto' | 'center'): number {
    const y = index * lineHeight;
    if (align === 'center') return y - (this.viewport - lineHeight) / 2;
    if (y < this.#top) return y;
    return y + lineHeight > this.#top + this.viewport ? y + lineHeight - this.viewport : this.#top;
  }
}
