/** What a page's document is made of; all but `nonce` come from the webview. */
export interface PageParts {
  /** File name in dist/webview without its ending. */
  readonly page: string;
  readonly title: string;
  /** BCP 47, such as en. */
  readonly language: string;
  /** `webview.cspSource`. */
  readonly cspSource: string;
  readonly nonce: string;
  /** URI of a file of dist/webview. */
  readonly uri: (file: string) => string;
  /** Translations, English to the display language. */
  readonly texts: Readonly<Record<string, string>>;
  /** Given to the page as it starts, for what it must know before its host speaks. */
  readonly target: Readonly<Record<string, string>>;
}

export function contentSecurityPolicy({ cspSource, nonce }: Pick<PageParts, 'cspSource' | 'nonce'>): string {
  return [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource}`,
    `font-src ${cspSource}`,
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ');
}

/** The whole document. Data goes into attributes only, escaped: nothing inline is run or styled. */
export function pageHtml(parts: PageParts): string {
  const uri = (file: string): string => escapeAttribute(parts.uri(file));
  return `<!DOCTYPE html>
<html lang="${escapeAttribute(parts.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeAttribute(contentSecurityPolicy(parts))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="kafka-debugger-texts" content="${escapeAttribute(JSON.stringify(parts.texts))}">
<meta name="kafka-debugger-target" content="${escapeAttribute(JSON.stringify(parts.target))}">
<title>${escapeAttribute(parts.title)}</title>
<link rel="stylesheet" id="vscode-codicon-stylesheet" href="${uri('codicon.css')}">
<link rel="stylesheet" href="${uri(`${parts.page}.css`)}">
</head>
<body>
<main id="page"></main>
<script type="module" nonce="${escapeAttribute(parts.nonce)}" src="${uri(`${parts.page}.js`)}"></script>
</body>
</html>
`;
}

function escapeAttribute(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
