import { t } from '../../shared/l10n.ts';
import { UndecodableError } from '../sink.ts';

/** White space and comments; a string; a name, a number or a symbol. */
const token =
  /(?:\s|\/\/[^\n]*|\/\*[^]*?\*\/)*(?:("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(\.?[A-Za-z_][\w.]*|\d[\w.]*)|([^]))?/y;

/** The words and symbols of a `.proto` file, comments left out. Strings come with their quotes. */
export class ProtoTokens {
  readonly #text: string;
  #at = 0;
  #peeked: string | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** The next one, which stays; empty at the end. */
  peek(): string {
    return (this.#peeked ??= this.#read());
  }

  next(): string {
    const found = this.peek();
    if (found === '') throw this.error(t('it ends too early'));
    this.#peeked = undefined;
    return found;
  }

  /** Takes the next one where it is `wanted`. */
  take(wanted: string): boolean {
    if (this.peek() !== wanted) return false;
    this.#peeked = undefined;
    return true;
  }

  expect(wanted: string): void {
    const found = this.next();
    if (found !== wanted) throw this.error(t('{0} is expected, not {1}', wanted, found));
  }

  name(): string {
    const found = this.next();
    if (!/^[.A-Za-z_]/.test(found)) throw this.error(t('a name is expected, not {0}', found));
    return found;
  }

  /** A whole number: decimal, octal or hexadecimal. */
  integer(): number {
    const sign = this.take('-') ? -1 : 1;
    const found = this.next();
    const number = /^0\d+$/.test(found) ? Number.parseInt(found, 8) : Number(found);
    if (!Number.isInteger(number)) throw this.error(t('a number is expected, not {0}', found));
    return sign * number;
  }

  /** Skips to behind the `;` or the block that ends what began, whatever stands in brackets. */
  skipStatement(): void {
    for (let depth = 0; ;) {
      const found = this.next();
      if (found === '{' || found === '[' || found === '(') depth++;
      else if (found === '}' || found === ']' || found === ')') {
        depth--;
        // `service S { ... }` ends with its block; `option o = { ... };` with the semicolon behind it.
        if (depth === 0 && found === '}') {
          this.take(';');
          return;
        }
      } else if (found === ';' && depth === 0) return;
    }
  }

  error(what: string): UndecodableError {
    const line = this.#text.slice(0, this.#at).split('\n').length;
    return new UndecodableError(t('line {0}: {1}', line, what));
  }

  #read(): string {
    token.lastIndex = this.#at;
    const [all = '', text, word, symbol] = token.exec(this.#text) ?? [];
    this.#at += all.length;
    return text ?? word ?? symbol ?? '';
  }
}
