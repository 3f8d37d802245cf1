import { isUtf8 } from 'node:buffer';
import { wholeCharacters } from './textLine.ts';

/** How much of large bytes is looked at to tell what they are. */
export const sampledBytes = 4096;

/** What bytes look like: text; text with a few control characters in it, which may also be something else; or no text. */
export type TextKind = 'clean' | 'with controls' | 'none';

/** Looks at the first 4 KB for control characters, and at as much as `limit` says for whether it is UTF-8. */
export function textKind(bytes: Buffer, limit: number): TextKind {
  const sample = Math.min(bytes.length, sampledBytes);
  let controls = 0;
  for (let index = 0; index < sample; index++) {
    const byte = bytes[index]!;
    if (byte === 0) return 'none';
    if ((byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) || byte === 0x7f) controls++;
  }
  if (controls * 4 > sample) return 'none';
  const part = bytes.length <= limit ? bytes : bytes.subarray(0, wholeCharacters(bytes, limit));
  if (!isUtf8(part)) return 'none';
  return controls === 0 ? 'clean' : 'with controls';
}

export function isCleanText(bytes: Buffer): boolean {
  return textKind(bytes, sampledBytes) === 'clean';
}
