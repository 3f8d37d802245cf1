/** What a cell tells on hover, which is worded only where the pointer is: to do so for every cell takes longer than to draw them. */
export class CellHover {
  readonly #textOf: (line: number, column: number) => string | undefined;
  #cell: HTMLElement | null = null;

  /** `textOf`: by the line's index and the column's place. */
  constructor(textOf: (line: number, column: number) => string | undefined) {
    this.#textOf = textOf;
  }

  /** Also when the lines move under a pointer that rests, which is no move of the pointer. */
  readonly over = (event: PointerEvent): void => {
    const cell = (event.target as HTMLElement).closest<HTMLElement>('.line > .cell');
    if (cell === this.#cell) return;
    // The line under the cursor has its own, for a screen reader.
    if (this.#cell?.closest('.cursor') === null) this.#cell.removeAttribute('title');
    this.#cell = cell;
    this.tell();
  };

  /** The cell may show another line by now. */
  tell(): void {
    const line = this.#cell?.parentElement;
    if (!this.#cell || !line) return;
    const text = this.#textOf(Number(line.dataset['index']), [...line.children].indexOf(this.#cell));
    if (text === undefined) this.#cell.removeAttribute('title');
    else if (this.#cell.title !== text) this.#cell.title = text;
  }
}
