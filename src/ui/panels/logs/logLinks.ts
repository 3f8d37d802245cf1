import * as vscode from 'vscode';
import { t } from '../../../shared/l10n.ts';
import { commands } from '../../contributions.ts';
import { logOf, scheme } from './logLines.ts';
import type { LogStore } from './logStore.ts';

/** Links in one document: more would make the editor slow. */
const mostLinks = 5_000;
/** A link is as long as most times are: whole lines that are underlined are hard to read. */
const linkChars = 25;

/** In the text of a log that was opened as one, each line that says something of a group leads to its moment in the group's history. */
export function registerLogLinks(store: LogStore): vscode.Disposable {
  return vscode.languages.registerDocumentLinkProvider([{ scheme: 'file' }, { scheme }], {
    provideDocumentLinks: (document) => {
      const log = logOf(document.uri);
      if (log === undefined) return [];
      return store
        .linesIn(log.file)
        .flatMap(({ cluster, events }) => events.map((event) => ({ cluster, event })))
        .slice(-mostLinks)
        .flatMap(({ cluster, event: { group, line, text } }) => {
          const at = line - log.from;
          if (group === undefined || at < 0 || at >= document.lineCount) return [];
          // Another text by now: what was read there is no longer there.
          if (!document.lineAt(at).text.startsWith(text.slice(0, 100))) return [];
          const { firstNonWhitespaceCharacterIndex: start } = document.lineAt(at);
          const range = new vscode.Range(at, start, at, start + linkChars);
          const link = new vscode.DocumentLink(
            document.validateRange(range),
            commandUri({ cluster, group, line: { file: log.file, line } }),
          );
          link.tooltip = t('Show in the assignment history of {0}', group);
          return [link];
        });
    },
  });
}

function commandUri(target: object): vscode.Uri {
  return vscode.Uri.parse(`command:${commands.openAssignments}?${encodeURIComponent(JSON.stringify([target]))}`);
}
