import { exactNumber, type Plain, type PlainObject } from './plain.ts';

/*
 * JSON as text: printed and read without ever making a number of its digits, so that nothing changes but the white space. It takes
 * what is valid; what is not is printed as it stands.
 */

const space = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;

/** Where the string that begins at `at` with a quote ends, behind its closing quote; the end of the text where it is not closed. */
function endOfString(text: string, at: number): number {
  let from = at + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote < 0) return text.length;
    let slashes = 0;
    while (text.charCodeAt(quote - 1 - slashes) === 0x5c && quote - 1 - slashes > at) slashes++;
    if (slashes % 2 === 0) return quote + 1;
    from = quote + 1;
  }
}

/** The JSON on one line, a space behind each comma and colon; stops when it has more than `maxChars`. */
export function compactJson(text: string, maxChars = Number.POSITIVE_INFINITY): string {
  const parts: string[] = [];
  let length = 0;
  let at = 0;
  while (at < text.length && length <= maxChars) {
    const code = text.charCodeAt(at);
    if (space(code)) {
      at++;
      continue;
    }
    let end = at + 1;
    if (code === 0x22) end = endOfString(text, at);
    else if (!isStructural(code)) while (end < text.length && !endsToken(text.charCodeAt(end))) end++;
    const token = text.slice(at, end) + (code === 0x2c || code === 0x3a ? ' ' : '');
    parts.push(token);
    length += token.length;
    at = end;
  }
  return parts.join('');
}

/** The JSON with two spaces of indentation a level; empty objects and arrays stay on their line. */
export function prettyJson(text: string): string {
  const parts: string[] = [];
  let level = 0;
  let at = 0;
  // Deeper than this is not indented further: 10,000 brackets would else make 100 MB of spaces.
  const newLine = (): string => `\n${'  '.repeat(Math.min(level, 100))}`;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (space(code)) {
      at++;
    } else if (code === 0x7b || code === 0x5b) {
      const next = skipSpace(text, at + 1);
      if (text.charCodeAt(next) === code + 2) {
        parts.push(code === 0x7b ? '{}' : '[]');
        at = next + 1;
      } else {
        level++;
        parts.push(text[at]!, newLine());
        at++;
      }
    } else if (code === 0x7d || code === 0x5d) {
      level = Math.max(0, level - 1);
      parts.push(newLine(), text[at]!);
      at++;
    } else if (code === 0x2c) {
      parts.push(',', newLine());
      at++;
    } else if (code === 0x3a) {
      parts.push(': ');
      at++;
    } else {
      let end = at + 1;
      if (code === 0x22) end = endOfString(text, at);
      else while (end < text.length && !endsToken(text.charCodeAt(end))) end++;
      parts.push(text.slice(at, end));
      at = end;
    }
  }
  return parts.join('');
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && space(text.charCodeAt(at))) at++;
  return at;
}

function isStructural(code: number): boolean {
  return code === 0x7b || code === 0x7d || code === 0x5b || code === 0x5d || code === 0x2c || code === 0x3a;
}

function endsToken(code: number): boolean {
  return space(code) || isStructural(code) || code === 0x22;
}

/** Numbers that a double might not hold: many digits, or an exponent of three. */
const inexact = /\d[\d.eE+-]{14,}|\d[eE][+-]?\d{3}/;

/** JSON as data with every number exact. @throws {SyntaxError} */
export function parseExact(text: string): Plain {
  const parsed = JSON.parse(text) as Plain;
  // It is valid; only its numbers may need to be read again.
  return inexact.test(text) ? new ExactReader(text).read() : parsed;
}

/** Reads JSON that is known to be valid. Not recursive: it may be nested as deep as it likes. */
class ExactReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): Plain {
    const stack: (Plain[] | PlainObject)[] = [];
    let result: Plain = null;
    let key: string | undefined;
    const add = (value: Plain): void => {
      const container = stack.at(-1);
      if (container === undefined) result = value;
      else if (Array.isArray(container)) container.push(value);
      else {
        container[key!] = value;
        key = undefined;
      }
    };
    for (;;) {
      this.#at = skipSpace(this.#text, this.#at);
      if (this.#at >= this.#text.length) return result;
      const code = this.#text.charCodeAt(this.#at);
      if (code === 0x7b || code === 0x5b) {
        const container = code === 0x7b ? (Object.create(null) as PlainObject) : [];
        add(container);
        stack.push(container);
        this.#at++;
      } else if (code === 0x7d || code === 0x5d) {
        stack.pop();
        this.#at++;
      } else if (code === 0x2c || code === 0x3a) {
        this.#at++;
      } else if (code === 0x22) {
        const text = JSON.parse(this.#token(endOfString(this.#text, this.#at))) as string;
        const container = stack.at(-1);
        if (container !== undefined && !Array.isArray(container) && key === undefined) key = text;
        else add(text);
      } else {
        let end = this.#at + 1;
        while (end < this.#text.length && !endsToken(this.#text.charCodeAt(end))) end++;
        add(literal(this.#token(end)));
      }
    }
  }

  #token(end: number): string {
    const token = this.#text.slice(this.#at, end);
    this.#at = end;
    return token;
  }
}

function literal(token: string): Plain {
  if (token === 'true') return true;
  if (token === 'false') return false;
  return token === 'null' ? null : exactNumber(token);
}
