import { isUtf8 } from 'node:buffer';
import { t } from '../shared/l10n.ts';
import { exactNumber, type Plain, type PlainObject } from './plain.ts';
import { EnoughSignal, hexText, UndecodableError, type Sink, type Walk } from './sink.ts';
import { cut, oneLine } from './textLine.ts';

/** Of large values this many bytes are looked at before they are said to decode, unless all are asked for. */
export const checkedBytes = 8192;

export function decodeUtf8(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new UndecodableError(t('A string is not valid UTF-8.'));
  return bytes.toString('utf8');
}

/** Reads without keeping anything, for as many bytes as `limit` says. @throws {UndecodableError} */
export function check(walk: Walk, limit: number): void {
  const nothing = (): void => undefined;
  const sink: Sink = {
    null: nothing,
    boolean: nothing,
    number: nothing,
    string: nothing,
    bytes: nothing,
    begin: nothing,
    key: nothing,
    end: nothing,
    utf8(bytes) {
      if (bytes.length <= limit && !isUtf8(bytes)) throw new UndecodableError(t('A string is not valid UTF-8.'));
    },
    progress(position) {
      if (position > limit) throw EnoughSignal.instance;
    },
  };
  untilEnough(walk, sink);
}

/** The value as one line of JSON. Where its reader fails half-way, what was read, then "…". */
export function previewOf(walk: Walk, maxChars: number): string {
  const writer = new JsonWriter('', maxChars + 1);
  try {
    untilEnough(walk, writer);
  } catch (error) {
    if (!(error instanceof UndecodableError)) throw error;
    return cut(`${oneLine(writer.text)}…`, maxChars);
  }
  return cut(oneLine(writer.text), maxChars);
}

/** The value as indented JSON. Where its reader fails half-way, what was read and a last line that says why. */
export function prettyOf(walk: Walk): string {
  const writer = new JsonWriter('  ', Number.POSITIVE_INFINITY);
  try {
    walk(writer);
  } catch (error) {
    if (!(error instanceof UndecodableError)) throw error;
    return `${writer.text}\n// ${error.message}`;
  }
  return writer.text;
}

/** The value as data; where its reader fails half-way, what was read. */
export function plainOf(walk: Walk): Plain {
  const builder = new PlainBuilder();
  try {
    walk(builder);
  } catch (error) {
    if (!(error instanceof UndecodableError)) throw error;
  }
  return builder.result;
}

function untilEnough(walk: Walk, sink: Sink): void {
  try {
    walk(sink);
  } catch (error) {
    if (error !== EnoughSignal.instance) throw error;
  }
}

/** Writes JSON. Past `limit` characters it wants no more. */
class JsonWriter implements Sink {
  readonly #indent: string;
  readonly #limit: number;
  readonly #stack: { readonly close: string; count: number }[] = [];
  #parts: string[] = [];
  #length = 0;
  #afterKey = false;

  constructor(indent: string, limit: number) {
    this.#indent = indent;
    this.#limit = limit;
  }

  get text(): string {
    return this.#parts.join('');
  }

  null(): void {
    this.#value('null');
  }

  boolean(value: boolean): void {
    this.#value(String(value));
  }

  number(text: string): void {
    this.#value(text);
  }

  string(value: string): void {
    this.#value(JSON.stringify(value.length > this.#limit ? value.slice(0, this.#limit) : value));
  }

  utf8(bytes: Buffer): void {
    if (bytes.length > this.#limit * 4) this.string(bytes.toString('utf8', 0, this.#limit * 4));
    else this.string(decodeUtf8(bytes));
  }

  bytes(bytes: Buffer): void {
    this.string(hexText(bytes.length > this.#limit ? bytes.subarray(0, this.#limit) : bytes));
  }

  begin(kind: 'object' | 'array'): void {
    this.#value(kind === 'object' ? '{' : '[');
    this.#stack.push({ close: kind === 'object' ? '}' : ']', count: 0 });
  }

  key(name: string): void {
    this.#separate();
    this.#put(`${JSON.stringify(name)}: `);
    this.#afterKey = true;
  }

  end(): void {
    const level = this.#stack.pop()!;
    if (level.count > 0) this.#newLine();
    this.#put(level.close);
  }

  progress(): void {
    return undefined;
  }

  #value(text: string): void {
    if (this.#afterKey) this.#afterKey = false;
    else this.#separate();
    this.#put(text);
  }

  #separate(): void {
    const level = this.#stack.at(-1);
    if (level === undefined) return;
    if (level.count++ > 0) this.#put(this.#indent === '' ? ', ' : ',');
    this.#newLine();
  }

  #newLine(): void {
    if (this.#indent !== '') this.#put(`\n${this.#indent.repeat(this.#stack.length)}`);
  }

  #put(text: string): void {
    this.#parts.push(text);
    this.#length += text.length;
    if (this.#length > this.#limit) throw EnoughSignal.instance;
  }
}

class PlainBuilder implements Sink {
  readonly #stack: (Plain[] | PlainObject)[] = [];
  readonly #keys: string[] = [];
  result: Plain = null;

  null(): void {
    this.#add(null);
  }

  boolean(value: boolean): void {
    this.#add(value);
  }

  number(text: string): void {
    this.#add(exactNumber(text));
  }

  string(value: string): void {
    this.#add(value);
  }

  utf8(bytes: Buffer): void {
    this.#add(decodeUtf8(bytes));
  }

  bytes(bytes: Buffer): void {
    this.#add(hexText(bytes));
  }

  begin(kind: 'object' | 'array'): void {
    const container = kind === 'object' ? (Object.create(null) as PlainObject) : [];
    this.#add(container);
    this.#stack.push(container);
    this.#keys.push('');
  }

  key(name: string): void {
    this.#keys[this.#keys.length - 1] = name;
  }

  end(): void {
    this.#stack.pop();
    this.#keys.pop();
  }

  progress(): void {
    return undefined;
  }

  #add(value: Plain): void {
    const container = this.#stack.at(-1);
    if (container === undefined) this.result = value;
    else if (Array.isArray(container)) container.push(value);
    else container[this.#keys.at(-1)!] = value;
  }
}
