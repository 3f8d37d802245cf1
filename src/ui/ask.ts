/**
 * Questions in the quick input. They stay until they are answered or left by Escape: a page that takes the focus a moment later, as the
 * one does from which the palette was opened, would close them unread.
 */
import * as vscode from 'vscode';

/** Asks to choose one; undefined where the question is left. */
export function askOne<Item extends vscode.QuickPickItem>(
  items: readonly Item[],
  options: vscode.QuickPickOptions,
): Thenable<Item | undefined> {
  return vscode.window.showQuickPick(items, { ...options, ignoreFocusOut: true });
}

/** Asks to choose some; undefined where the question is left. */
export function askSome<Item extends vscode.QuickPickItem>(
  items: readonly Item[],
  options: vscode.QuickPickOptions,
): Thenable<Item[] | undefined> {
  return vscode.window.showQuickPick(items, { ...options, canPickMany: true, ignoreFocusOut: true });
}

/** Asks for a text; undefined where the question is left. */
export function askText(options: vscode.InputBoxOptions): Thenable<string | undefined> {
  return vscode.window.showInputBox({ ...options, ignoreFocusOut: true });
}
