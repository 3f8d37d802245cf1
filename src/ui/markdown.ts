import { visibleText } from '../shared/visibleText.ts';

/**
 * Text from Kafka for a Markdown tooltip, shown as it is: every ASCII punctuation mark is escaped, so that no name
 * makes a link, an image, HTML or a table cell.
 */
export function escapeMarkdown(text: string): string {
  return visibleText(text).replace(/[!-/:-@[-`{-~]/g, '\\$&');
}

/** A link that runs a command; the arguments are encoded, whatever they hold. */
export function commandLink(label: string, command: string, ...args: readonly unknown[]): string {
  // encodeURIComponent leaves parentheses, which end a Markdown link.
  const query = encodeURIComponent(JSON.stringify(args)).replace(
    /[()']/g,
    (char) => `%${char.charCodeAt(0).toString(16)}`,
  );
  return `[${escapeMarkdown(label)}](command:${command}?${query})`;
}

/** A card: bold title, what was seen, rows of name and value, links. All but title and names is Markdown, escaped by the caller. */
export function card(
  title: string,
  seen: readonly string[],
  rows: readonly (readonly [name: string, value: string | undefined])[],
  links: readonly string[] = [],
): string {
  const filled = rows.filter((row): row is readonly [string, string] => row[1] !== undefined && row[1] !== '');
  const table = ['| | |', '|:--|:--|', ...filled.map(([name, value]) => `| ${escapeMarkdown(name)} | ${value} |`)];
  const parts = [`**${escapeMarkdown(title)}**`, ...seen];
  if (filled.length > 0) parts.push(table.join('\n'));
  if (links.length > 0) parts.push(links.join(' \\| '));
  return parts.join('\n\n');
}
