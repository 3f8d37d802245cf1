import * as vscode from 'vscode';
import { t } from '../../shared/l10n.ts';

/** Asks where to, and writes the text there. `name`: what is offered, with its ending. */
export async function saveExport(name: string, text: string, format: 'csv' | 'json'): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const safe = name.replace(/[^\w.-]+/g, '_');
  const uri = await vscode.window.showSaveDialog({
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, safe) }),
    filters: format === 'csv' ? { CSV: ['csv'] } : { JSON: ['json'] },
  });
  if (uri === undefined) return;
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  const open = t('Open');
  const file = uri.path.slice(uri.path.lastIndexOf('/') + 1);
  if ((await vscode.window.showInformationMessage(t('Written to {0}.', file), open)) === open) {
    await vscode.window.showTextDocument(uri);
  }
}
