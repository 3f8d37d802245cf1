import { html, type TemplateResult } from 'lit';

const token = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** Beyond this many characters colours cost more than they tell. */
const mostColored = 20_000;

/** JSON as it is laid out, with names, strings and numbers told apart as the debugger does. */
export function jsonTokens(text: string): (string | TemplateResult)[] {
  const parts: (string | TemplateResult)[] = [];
  const colored = text.slice(0, mostColored);
  let end = 0;
  for (const match of colored.matchAll(token)) {
    const [whole, quoted, colon, word] = match;
    parts.push(colored.slice(end, match.index));
    end = match.index + whole.length;
    const kind =
      quoted === undefined ? (word === undefined ? 'number' : 'word') : colon === undefined ? 'string' : 'name';
    parts.push(html`<span class="json-${kind}">${quoted ?? whole}</span>`, colon ?? '');
  }
  parts.push(text.slice(end));
  return parts;
}
