import { visibleText } from '../shared/visibleText.ts';

const needsEscape = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

/** Text on one line: line ends as ⏎, tabs as spaces, and what is invisible or reorders text as its escape. */
export function oneLine(text: string): string {
  if (!needsEscape.test(text)) return text;
  return visibleText(text.replace(/\r\n|\n|\r/g, '⏎').replace(/\t/g, ' '));
}

/** At most `maxChars` characters, the last one "…" where there were more; no half of a character is left. */
export function cut(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  let end = Math.max(0, maxChars - 1);
  const last = text.charCodeAt(end - 1);
  if (last >= 0xd800 && last < 0xdc00) end--;
  return `${text.slice(0, end)}…`;
}

/** The first characters of UTF-8, at least `maxChars` where there are so many; a character that is cut off at the end is left out. */
export function startOfUtf8(bytes: Buffer, maxChars: number): string {
  return bytes.toString('utf8', 0, wholeCharacters(bytes, Math.min(bytes.length, maxChars * 4)));
}

/** The place at or before `end` where a UTF-8 character ends. */
export function wholeCharacters(bytes: Buffer, end: number): number {
  if (end >= bytes.length) return bytes.length;
  let at = end;
  // A character has at most three continuation bytes (10xxxxxx); `end` is good where the next byte starts one.
  while (at > 0 && end - at < 4 && (bytes[at]! & 0xc0) === 0x80) at--;
  return at;
}
