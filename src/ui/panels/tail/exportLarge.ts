import { isUtf8 } from 'node:buffer';
import { StringDecoder } from 'node:string_decoder';
import { setImmediate as breath } from 'node:timers/promises';
import { JsonCheck, JsonOnOneLine } from '../../../formats/jsonPieces.ts';

/** A text, or its pieces where it is too large to be made at once. Pieces can be gone through more than once. */
export type Text = string | Iterable<string>;

/** Bytes from which on a key, a value or a header is exported in pieces: to parse and print as many takes some milliseconds. */
export const largeBytes = 128 << 10;
/** Bytes of a piece; of which base64 leaves none over. */
const pieceBytes = 192 << 10;

export interface ExportedPart {
  readonly json: Text;
  readonly text: Text | undefined;
  readonly encoding: 'base64' | undefined;
}

/** Bytes as they stand. `json`: they look like JSON; where they are not, they are text. What is no UTF-8 is base64. */
export async function largePart(bytes: Buffer, kind: 'json' | 'text'): Promise<ExportedPart> {
  if (!isUtf8(bytes)) return base64Part(bytes);
  if (kind === 'json' && (await isJson(bytes))) {
    const json = again(() => textPieces(bytes, new JsonOnOneLine()));
    return { json, text: json, encoding: undefined };
  }
  return textPart(bytes);
}

/** Of UTF-8. */
export function textPart(bytes: Buffer): ExportedPart {
  const text = again(() => textPieces(bytes));
  return { json: again(() => quoted(text)), text, encoding: undefined };
}

export function base64Part(bytes: Buffer): ExportedPart {
  if (bytes.length <= largeBytes) {
    const text = bytes.toString('base64');
    return { json: `"${text}"`, text, encoding: 'base64' };
  }
  const text = again(function* () {
    for (const piece of piecesOf(bytes)) yield piece.toString('base64');
  });
  return { json: again(() => joined(['"', text, '"'])), text, encoding: 'base64' };
}

/** As a cell of a CSV file: always in quotes. A text that a spreadsheet would take for a formula is given a leading apostrophe. */
export function csvPieces(text: Iterable<string>): Iterable<string> {
  return again(function* () {
    let before = '"';
    for (const piece of text) {
      const apostrophe = before !== '' && /^[=+\-@\t\r]/.test(piece) ? "'" : '';
      yield before + apostrophe + piece.replaceAll('"', '""');
      before = '';
    }
    yield `${before}"`;
  });
}

/** Large or small as one row of pieces, small ones together. */
export function* joined(texts: readonly Text[]): Generator<string> {
  let small = '';
  for (const text of texts) {
    if (typeof text === 'string') {
      small += text;
      continue;
    }
    if (small !== '') yield small;
    small = '';
    yield* text;
  }
  if (small !== '') yield small;
}

async function isJson(bytes: Buffer): Promise<boolean> {
  const check = new JsonCheck();
  for (const piece of piecesOf(bytes)) {
    if (!check.take(piece)) return false;
    await breath();
  }
  return check.end();
}

function again(pieces: () => Iterator<string>): Iterable<string> {
  return { [Symbol.iterator]: pieces };
}

function* piecesOf(bytes: Buffer): Generator<Buffer> {
  for (let from = 0; from < bytes.length; from += pieceBytes) yield bytes.subarray(from, from + pieceBytes);
}

/** Never cut within a character. */
function* textPieces(bytes: Buffer, line?: JsonOnOneLine): Generator<string> {
  const decoder = new StringDecoder('utf8');
  for (const piece of piecesOf(bytes)) {
    const text = decoder.write(line === undefined ? piece : line.take(piece));
    if (text !== '') yield text;
  }
}

/** As a string of JSON. */
function* quoted(text: Iterable<string>): Generator<string> {
  yield '"';
  for (const piece of text) yield JSON.stringify(piece).slice(1, -1);
  yield '"';
}
