import { setImmediate as breath } from 'node:timers/promises';

/** Bytes that are looked through without giving the event loop its turn. */
const windowBytes = 1 << 18;
const ascii = /^[\u0000-\u007f]*$/;

/** A text to be looked for in bytes, in any case. */
export class Needle {
  readonly #lower: string;
  /** Latin-1 is faster to make than UTF-8, and the same where the needle is ASCII. */
  readonly #encoding: 'latin1' | 'utf8';
  /** So many bytes of a window belong to the next one too. */
  readonly #overlap: number;

  constructor(text: string) {
    this.#lower = text.toLowerCase();
    this.#encoding = ascii.test(this.#lower) ? 'latin1' : 'utf8';
    this.#overlap = 4 * this.#lower.length + 4;
  }

  isIn(text: string): boolean {
    return text.toLowerCase().includes(this.#lower);
  }

  /** A promise where there is so much to look through that the event loop must have its turn. */
  isInBytes(bytes: Buffer | null): boolean | Promise<boolean> {
    if (bytes === null) return false;
    return bytes.length <= windowBytes ? this.#inWindow(bytes, 0, bytes.length) : this.#inWindows(bytes);
  }

  /** Whether it may be there; also true where it lies across fields. Bounded by a window: what is larger may hold it. */
  mayBeIn(bytes: Buffer): boolean {
    return bytes.length > windowBytes || this.#inWindow(bytes, 0, bytes.length);
  }

  #inWindow(bytes: Buffer, from: number, to: number): boolean {
    return bytes.toString(this.#encoding, from, to).toLowerCase().includes(this.#lower);
  }

  async #inWindows(bytes: Buffer): Promise<boolean> {
    for (let from = 0; from < bytes.length; from += windowBytes) {
      if (this.#inWindow(bytes, from, Math.min(bytes.length, from + windowBytes + this.#overlap))) return true;
      await breath();
    }
    return false;
  }
}
