/**
 * What the readers of Avro, Protobuf and MessagePack tell of a value, in its order. One walk over the bytes serves everything that is
 * made of them: a line, a page, data, or only the answer whether they can be read.
 */
export interface Sink {
  null(): void;
  boolean(value: boolean): void;
  /** As JSON writes numbers, every digit. */
  number(text: string): void;
  string(value: string): void;
  /** UTF-8 that may be very long: a sink decodes what it needs. @throws {UndecodableError} where a sink finds it is none. */
  utf8(bytes: Buffer): void;
  /** Bytes that are no text; written as `0x…`. */
  bytes(bytes: Buffer): void;
  begin(kind: 'object' | 'array'): void;
  key(name: string): void;
  end(): void;
  /** Asked between the parts of a value, with how far in the bytes the reader is. @throws {EnoughSignal} */
  progress(position: number): void;
}

/** The bytes are not what they are read as. `message` is a sentence for people. */
export class UndecodableError extends Error {}

/** Thrown by a sink that needs no more; no failure. */
export class EnoughSignal extends Error {
  static readonly instance = new EnoughSignal('enough');
}

/** How deep values may be nested: deeper ones are an attack or not what they are read as. */
export const maxDepth = 200;

export type Walk = (sink: Sink) => void;

/** A float's or a double's number: what is no JSON number (NaN, Infinity) becomes a string. */
export function putFloat(sink: Sink, value: number, bits: 32 | 64): void {
  const text = floatText(value, bits);
  if (Number.isFinite(value)) sink.number(text);
  else sink.string(text);
}

/** The shortest decimal that reads back as the same float or double. */
export function floatText(value: number, bits: 32 | 64): string {
  if (Object.is(value, -0)) return '-0';
  if (bits === 64 || !Number.isFinite(value)) return String(value);
  for (let digits = 6; digits < 9; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return String(Number(text));
  }
  return String(Number(value.toPrecision(9)));
}

export function hexText(bytes: Buffer): string {
  return `0x${bytes.toString('hex')}`;
}
