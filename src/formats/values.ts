import { isUtf8 } from 'node:buffer';
import { t } from '../shared/l10n.ts';
import type { Decoded, DecodedValue, FormatId } from './decoder.ts';
import { hexDump, hexLine } from './hexDump.ts';
import { isJsonStart } from './jsonStart.ts';
import { compactJson, parseExact, prettyJson } from './jsonText.ts';
import type { Plain } from './plain.ts';
import { hexText, UndecodableError, type Sink } from './sink.ts';
import { check, checkedBytes, plainOf, prettyOf, previewOf } from './sinks.ts';
import { cut, oneLine, startOfUtf8, wholeCharacters } from './textLine.ts';

/** How a decoded value is called, and whether it was found or chosen. */
export interface Naming {
  readonly format: FormatId;
  readonly label: string;
  readonly detected: boolean;
}

export function failed(format: FormatId, reason: string): Decoded {
  return { kind: 'failed', format, reason };
}

export function textValue(bytes: Buffer, naming: Naming): DecodedValue {
  return {
    kind: 'value',
    ...naming,
    preview: (maxChars) => previewText(bytes, maxChars),
    pretty: () => ({ text: bytes.toString('utf8'), language: 'plaintext' }),
    plain: () => bytes.toString('utf8'),
  };
}

function previewText(bytes: Buffer, maxChars: number): string {
  const start = startOfUtf8(bytes, maxChars + 1);
  const line = oneLine(start);
  // What was left out behind `start` shows as "…" too.
  return cut(
    start.length < bytes.length && wholeCharacters(bytes, (maxChars + 1) * 4) < bytes.length ? `${line}…` : line,
    maxChars,
  );
}

export function hexValue(bytes: Buffer, naming: Naming): DecodedValue {
  return {
    kind: 'value',
    ...naming,
    preview: (maxChars) => cut(hexLine(bytes, Math.ceil((maxChars + 1) / 3)), maxChars),
    pretty: () => ({ text: hexDump(bytes), language: 'plaintext' }),
    plain: () => hexText(bytes),
  };
}

export function scalarValue(text: string, plain: Plain, naming: Naming): DecodedValue {
  return {
    kind: 'value',
    ...naming,
    preview: (maxChars) => cut(text, maxChars),
    pretty: () => ({ text, language: 'plaintext' }),
    plain: () => plain,
  };
}

/** JSON of up to this size is parsed to see whether it is JSON: that is faster than our own look at the start of what is larger. */
const parsedBytes = 32_768;

/** JSON, or undefined where the bytes are none. Of large ones only the start is looked at, unless `whole` asks for all. */
export function jsonValue(bytes: Buffer, whole: boolean, naming: Naming): DecodedValue | undefined {
  if (!isJson(bytes, whole)) return undefined;
  const text = (): string => bytes.toString('utf8');
  return {
    kind: 'value',
    ...naming,
    preview(maxChars) {
      const end = wholeCharacters(bytes, Math.min(bytes.length, Math.max(4096, maxChars * 8)));
      const line = oneLine(compactJson(bytes.toString('utf8', 0, end), maxChars));
      return cut(end < bytes.length ? `${line}…` : line, maxChars);
    },
    pretty: () => ({ text: prettyJson(text()), language: 'json' }),
    plain() {
      try {
        return parseExact(text());
      } catch {
        // Only of large ones: their start was JSON.
        return text();
      }
    },
  };
}

function isJson(bytes: Buffer, whole: boolean): boolean {
  if (!whole && bytes.length > parsedBytes) {
    const part = bytes.subarray(0, wholeCharacters(bytes, checkedBytes));
    return isUtf8(part) && isJsonStart(part.toString('utf8'));
  }
  if (!isUtf8(bytes)) return false;
  try {
    JSON.parse(bytes.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}

/** Reads bytes into a sink; of large ones perhaps only `limit` bytes. @throws {UndecodableError} */
export type Reading = (sink: Sink, limit: number) => void;

/** What a reader of Avro, Protobuf or MessagePack makes of the bytes. @throws {UndecodableError} where it cannot read them. */
export function treeValue(reading: Reading, whole: boolean, naming: Naming): DecodedValue {
  const all = Number.POSITIVE_INFINITY;
  const limit = whole ? all : checkedBytes;
  check((sink) => reading(sink, limit), limit);
  return {
    kind: 'value',
    ...naming,
    preview: (maxChars) => previewOf((sink) => reading(sink, Math.max(4096, maxChars * 8)), maxChars),
    pretty: () => ({ text: prettyOf((sink) => reading(sink, all)), language: 'json' }),
    plain: () => plainOf((sink) => reading(sink, all)),
  };
}

/** What went wrong, for people: an error of a reader, or a defect that must not take the page with it. */
export function reasonOf(error: unknown): string {
  if (error instanceof UndecodableError) return error.message;
  return t('It cannot be read: {0}', error instanceof Error ? error.message : String(error));
}
