import * as vscode from 'vscode';
import { fileName } from '../../../history/logs/logLine.ts';
import { t } from '../../../shared/l10n.ts';

export const scheme = 'kafka-log-lines';
/** Lines before and behind the one that is shown: a packed log may unpack to more than an editor takes. */
const around = 20_000;

/** Where a document's lines are from: its file, and the number of its first line; undefined for documents that are no logs. */
export function logOf(document: vscode.Uri): { readonly file: string; readonly from: number } | undefined {
  if (document.scheme === 'file') return { file: document.fsPath, from: 1 };
  if (document.scheme !== scheme) return undefined;
  const { file, line } = JSON.parse(document.query) as { readonly file: string; readonly line: number };
  return { file, from: Math.max(1, line - around) };
}

/** Shows the text of packed logs, which VS Code itself would show as bytes. */
export function registerLogLines(): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(scheme, {
    provideTextDocumentContent: async ({ query }) => {
      const { linesAround } = await import('../../../history/logs/linesAround.ts');
      const { file, line } = JSON.parse(query) as { readonly file: string; readonly line: number };
      return (await linesAround(file, line, around)).text;
    },
  });
}

/** Opens a log at a line, a packed one as the text in it. @throws {HumanError} it cannot be read. */
export async function showLogLine(file: string, line: number): Promise<void> {
  const { isPacked } = await import('../../../history/logs/openLogFile.ts');
  const packed = await isPacked(file);
  const from = packed ? Math.max(1, line - around) : 1;
  const uri = packed ? linesUri(file, line, from) : vscode.Uri.file(file);
  const position = new vscode.Position(Math.max(0, line - from), 0);
  await vscode.window.showTextDocument(uri, { selection: new vscode.Range(position, position) });
}

function linesUri(file: string, line: number, from: number): vscode.Uri {
  const name = from === 1 ? fileName(file) : t('{0} from line {1}', fileName(file), from);
  return vscode.Uri.from({ scheme, path: `/${name}`, query: JSON.stringify({ file, line }) });
}
