/**
 * Which element shows which line, for `repeat`: lines that stay in view keep theirs, so that a turn of the wheel draws only what
 * came into view. After a jump the elements are filled with other lines: that costs less than to make new ones.
 */
export class LineKeys {
  #keys: ReadonlyMap<number, number> = new Map();
  #made = 0;

  /** A key for each of the lines to be drawn, which are named by where they are among all lines. */
  take(places: readonly number[]): readonly number[] {
    const before = this.#keys;
    const staying = places.filter((place) => before.has(place)).length;
    const old = [...before.values()];
    const keys = places.map((place, nth) => {
      const key = staying * 2 < places.length ? old[nth] : before.get(place);
      return key ?? ++this.#made;
    });
    this.#keys = new Map(places.map((place, nth) => [place, keys[nth]!]));
    return keys;
  }
}
