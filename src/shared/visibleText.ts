/** Controls, and the marks that reorder or hide text: in a name from outside they could make it read as another. */
const deceptive = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** A name from outside as it may be shown: what is invisible or reorders text becomes its escape, such as `\u202e`. */
export function visibleText(text: string): string {
  return text.replace(deceptive, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The same for a text of several lines: line ends and tabs are what they are. */
export function visibleLines(text: string): string {
  return text.replace(deceptive, (mark) => (mark === '\n' || mark === '\t' ? mark : visibleText(mark)));
}
