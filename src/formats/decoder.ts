import type { Plain } from './plain.ts';

export type Part = 'key' | 'value';

/** What bytes can be read as. `schemaRegistry` is Avro, JSON Schema and Protobuf: the registry tells which. */
export type FormatId =
  | 'json'
  | 'text'
  | 'hex'
  | 'schemaRegistry'
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'float32'
  | 'float64'
  | 'boolean'
  | 'uuid'
  | 'messagePack'
  | 'protobuf';

/** As it is remembered and chosen: `auto` looks at the bytes, the headers and the registry. */
export type FormatChoice = FormatId | 'auto';

/** A record's header; what `src/records` reads has this shape. */
export interface Header {
  readonly key: string;
  readonly value: Buffer | null;
}

export interface DecodeContext {
  readonly topic: string;
  readonly part: Part;
  readonly format: FormatChoice;
  /** Decoded only when a format asks. */
  headers(): readonly Header[];
  /**
   * Looks at every byte before it says that a value decodes. Otherwise only the first 8 KB are looked at, so that a row of
   * 50 MB costs what a small one does; `pretty` and `plain` then say where the rest is damaged.
   */
  readonly whole?: boolean;
}

/** Holds on to the bytes that it was made of: not to be kept for longer than it is looked at. */
export interface DecodedValue {
  readonly kind: 'value';
  readonly format: FormatId;
  /** For people, such as "Avro, schema 12". */
  readonly label: string;
  /** Found by looking at the bytes, not chosen. */
  readonly detected: boolean;
  /** One line of at most `maxChars` characters, the last one "…" where there is more; invisible characters as escapes. Bounded work. */
  preview(maxChars: number): string;
  /** All of it, and the language id of VS Code that fits. As large as the value. */
  pretty(): { readonly text: string; readonly language: string };
  /** All of it as data, every number exact. As large as the value. */
  plain(): Plain;
}

export type Decoded =
  | { readonly kind: 'null' }
  | DecodedValue
  /** `reason` is a sentence; the caller still has the bytes and shows them as hex. */
  | { readonly kind: 'failed'; readonly format: FormatId; readonly reason: string };

export interface Decoder {
  /** Never throws, never rejects. A promise only where a schema must be fetched first; not for long: the registry has a time limit. */
  decode(bytes: Buffer | null, context: DecodeContext): Decoded | Promise<Decoded>;
}
