import * as vscode from 'vscode';
import { HumanError, messageOf } from '../shared/errors.ts';
import { t } from '../shared/l10n.ts';

export type FileFormat = 'csv' | 'json' | 'jsonl' | 'png' | 'svg' | 'properties';

const filters: Readonly<Record<FileFormat, Record<string, string[]>>> = {
  csv: { CSV: ['csv'] },
  json: { JSON: ['json'] },
  jsonl: { 'JSON Lines': ['jsonl', 'ndjson'] },
  png: { PNG: ['png'] },
  svg: { SVG: ['svg'] },
  properties: { Properties: ['properties'] },
};

export interface FileChoice {
  /** What is offered as its name, without the ending; what no file system likes is replaced. */
  readonly name: string;
  readonly format: FileFormat;
  /** Of the dialog. */
  readonly title?: string;
}

export interface FileToSave extends FileChoice {
  readonly content: string | Uint8Array;
  /** What is said once it is written, given the file's name. */
  readonly told?: (file: string) => string;
}

/** Asks where a file is to be written; undefined where the dialog is left. */
export async function askWhereToSave({ name, format, title }: FileChoice): Promise<vscode.Uri | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const file = `${name.replace(/[^\w.-]+/g, '_')}.${format}`;
  return vscode.window.showSaveDialog({
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, file) }),
    filters: filters[format],
    ...(title === undefined ? {} : { title }),
  });
}

/** Asks where to, writes the file there, and offers to open it. @throws {HumanError} it could not be written. */
export async function saveFile(file: FileToSave): Promise<void> {
  const uri = await askWhereToSave(file);
  if (uri === undefined) return;
  const { content } = file;
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  try {
    await vscode.workspace.fs.writeFile(uri, bytes);
  } catch (error) {
    throw new HumanError(t('The file was not written: {0}', messageOf(error)), undefined, { cause: error });
  }
  await offerToOpen(uri, (file.told ?? ((name) => t('Written to {0}.', name)))(fileNameOf(uri)));
}

/** Says that a file was written, with a button that opens it. */
export async function offerToOpen(uri: vscode.Uri, told: string): Promise<void> {
  const open = t('Open');
  if ((await vscode.window.showInformationMessage(told, open)) === open) {
    await vscode.commands.executeCommand('vscode.open', uri);
  }
}

/** The last part of its path. */
export function fileNameOf(uri: vscode.Uri): string {
  return uri.path.slice(uri.path.lastIndexOf('/') + 1);
}
