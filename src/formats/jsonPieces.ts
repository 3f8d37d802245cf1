/*
 * JSON that is too large to be parsed at once, piece by piece and as bytes: outside of strings all that matters is ASCII, and in UTF-8 no
 * other character has such a byte.
 */

const quote = 0x22;
const backslash = 0x5c;

/** What may come next. Below `string`, white space may come before it. */
const expects = {
  value: 0,
  valueOrEnd: 1,
  keyOrEnd: 2,
  key: 3,
  colon: 4,
  commaOrEnd: 5,
  string: 6,
  escape: 7,
  hex: 8,
  minus: 9,
  zero: 10,
  whole: 11,
  point: 12,
  fraction: 13,
  exponent: 14,
  exponentSign: 15,
  power: 16,
  word: 17,
} as const;

const numberEnds: ReadonlySet<number> = new Set([expects.zero, expects.whole, expects.fraction, expects.power]);
const words: ReadonlyMap<number, Buffer> = new Map(
  ['true', 'false', 'null'].map((word) => [word.charCodeAt(0), Buffer.from(word)]),
);

/** Whether pieces of bytes, one after the other, are one JSON value (RFC 8259), however deep it is. Whether they are UTF-8 is not looked at. */
export class JsonCheck {
  #expects: number = expects.value;
  /** For each level that is open, whether it is an object. */
  #isObject = new Uint8Array(64);
  #depth = 0;
  #isKey = false;
  #hexLeft = 0;
  #word: Buffer = Buffer.alloc(0);
  #wordAt = 0;

  /** False from the first byte on that does not fit. */
  take(bytes: Uint8Array): boolean {
    for (let at = 0; at < bytes.length; at++) {
      if (this.#expects === expects.string) {
        let code = bytes[at]!;
        // Most of what is large is in strings.
        while (code !== quote && code !== backslash && code >= 0x20) {
          if (++at === bytes.length) return true;
          code = bytes[at]!;
        }
      }
      if (!this.#next(bytes[at]!)) return false;
    }
    return true;
  }

  /** Whether it is whole. */
  end(): boolean {
    if (numberEnds.has(this.#expects)) this.#expects = expects.commaOrEnd;
    return this.#depth === 0 && this.#expects === expects.commaOrEnd;
  }

  #next(code: number): boolean {
    if (this.#expects < expects.string) {
      return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09 || this.#token(code);
    }
    switch (this.#expects) {
      case expects.string:
        if (code === quote) this.#expects = this.#isKey ? expects.colon : expects.commaOrEnd;
        else if (code === backslash) this.#expects = expects.escape;
        else return false;
        return true;
      case expects.escape:
        this.#hexLeft = 4;
        this.#expects = code === 0x75 ? expects.hex : expects.string;
        return code === 0x75 || '"\\/bfnrt'.includes(String.fromCharCode(code));
      case expects.hex:
        if (--this.#hexLeft === 0) this.#expects = expects.string;
        return isDigit(code) || (code >= 0x61 && code <= 0x66) || (code >= 0x41 && code <= 0x46);
      case expects.word:
        if (code !== this.#word[this.#wordAt]) return false;
        if (++this.#wordAt === this.#word.length) this.#expects = expects.commaOrEnd;
        return true;
      default:
        return this.#inNumber(code);
    }
  }

  #token(code: number): boolean {
    const state = this.#expects;
    switch (state) {
      case expects.colon:
        this.#expects = expects.value;
        return code === 0x3a;
      case expects.commaOrEnd: {
        if (this.#depth === 0) return false;
        const isObject = this.#isObject[this.#depth - 1] === 1;
        if (code === (isObject ? 0x7d : 0x5d)) return this.#close();
        this.#expects = isObject ? expects.key : expects.value;
        return code === 0x2c;
      }
      case expects.key:
      case expects.keyOrEnd:
        if (code === 0x7d && state === expects.keyOrEnd) return this.#close();
        this.#isKey = true;
        this.#expects = expects.string;
        return code === quote;
      default:
        return code === 0x5d && state === expects.valueOrEnd ? this.#close() : this.#value(code);
    }
  }

  #value(code: number): boolean {
    this.#isKey = false;
    if (code === quote) this.#expects = expects.string;
    else if (code === 0x7b || code === 0x5b) this.#open(code === 0x7b);
    else if (code === 0x2d) this.#expects = expects.minus;
    else if (code === 0x30) this.#expects = expects.zero;
    else if (isDigit(code)) this.#expects = expects.whole;
    else {
      const word = words.get(code);
      if (word === undefined) return false;
      this.#word = word;
      this.#wordAt = 1;
      this.#expects = expects.word;
    }
    return true;
  }

  #inNumber(code: number): boolean {
    const state = this.#expects;
    const digit = isDigit(code);
    if (digit && state !== expects.zero) {
      if (state === expects.minus) this.#expects = code === 0x30 ? expects.zero : expects.whole;
      else if (state === expects.point) this.#expects = expects.fraction;
      else if (state === expects.exponent || state === expects.exponentSign) this.#expects = expects.power;
      return true;
    }
    if (code === 0x2e && (state === expects.zero || state === expects.whole)) {
      this.#expects = expects.point;
    } else if ((code === 0x65 || code === 0x45) && state !== expects.power && numberEnds.has(state)) {
      this.#expects = expects.exponent;
    } else if ((code === 0x2b || code === 0x2d) && state === expects.exponent) {
      this.#expects = expects.exponentSign;
    } else {
      if (!numberEnds.has(state)) return false;
      // What ends it is the next token's.
      this.#expects = expects.commaOrEnd;
      return this.#next(code);
    }
    return true;
  }

  #open(isObject: boolean): void {
    if (this.#depth === this.#isObject.length) {
      const larger = new Uint8Array(2 * this.#depth);
      larger.set(this.#isObject);
      this.#isObject = larger;
    }
    this.#isObject[this.#depth++] = isObject ? 1 : 0;
    this.#expects = isObject ? expects.keyOrEnd : expects.valueOrEnd;
  }

  #close(): boolean {
    this.#depth--;
    this.#expects = expects.commaOrEnd;
    return true;
  }
}

/** Takes the white space between tokens away from valid JSON that comes in pieces. */
export class JsonOnOneLine {
  #inString = false;
  #isEscaped = false;

  /** The bytes of the piece that stay, in a buffer of their own. */
  take(bytes: Uint8Array): Buffer {
    const kept = Buffer.allocUnsafe(bytes.length);
    let length = 0;
    for (const code of bytes) {
      if (this.#inString) {
        if (this.#isEscaped) this.#isEscaped = false;
        else if (code === backslash) this.#isEscaped = true;
        else if (code === quote) this.#inString = false;
      } else if (code === quote) {
        this.#inString = true;
      } else if (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) {
        continue;
      }
      kept[length++] = code;
    }
    return kept.subarray(0, length);
  }
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
