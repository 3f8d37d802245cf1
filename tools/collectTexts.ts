/**
 * Writes `l10n/bundle.l10n.json`: every text that `t` or `vscode.l10n.t` is called with, for translators. The usual extractor
 * sees only calls of `vscode.l10n.t` itself. Run it with `node tools/collectTexts.ts`.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { repositoryRoot } from './installOnce.ts';

export const bundlePath = join(repositoryRoot, 'l10n', 'bundle.l10n.json');

/** Functions whose text arguments are shown: `plural` hands its last two to `t`. */
const speakers = new Set(['t', 'plural']);

/** The file as it is to be, each text in English as its own key. */
export function bundleText(): string {
  const texts = new Set<string>();
  for (const folder of ['src', 'webview'].map((name) => join(repositoryRoot, name))) {
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (name.endsWith('.ts')) collect(readFileSync(join(folder, name), 'utf8'), texts);
    }
  }
  const sorted = [...texts].sort();
  return `${JSON.stringify(Object.fromEntries(sorted.map((text) => [text, text])), null, 2)}\n`;
}

function collect(source: string, texts: Set<string>): void {
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const { expression } = node;
      const name = ts.isPropertyAccessExpression(expression) ? expression.name.text : expression.getText();
      const shown = speakers.has(name) ? node.arguments.filter(ts.isStringLiteralLike) : [];
      for (const { text } of shown) texts.add(text);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('x.ts', source, ts.ScriptTarget.Latest, true));
}

if (import.meta.main) writeFileSync(bundlePath, bundleText());
