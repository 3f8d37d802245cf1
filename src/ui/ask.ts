/**
 * Questions in the quick input. They stay until they are answered or left by Escape: a page that takes the focus a moment later, as the
 * one does from which the palette was opened, would close them unread.
 */
import * as vscode from 'vscode';
import type { Disposable } from '../shared/event.ts';

/** A list that changes while somebody chooses from it. */
export interface Offer<Item> {
  readonly items: () => readonly Item[];
  /** Calls back when the items are others. */
  readonly follow: (onChange: () => void) => Disposable;
}

type Options = vscode.QuickPickOptions;

/** Asks to choose one; undefined where the question is left. */
export async function askOne<Item extends vscode.QuickPickItem>(
  items: readonly Item[] | Offer<Item>,
  options: Options,
): Promise<Item | undefined> {
  if (isOffer(items)) return (await choose(items, options, false))?.[0];
  return vscode.window.showQuickPick(items, { ...options, ignoreFocusOut: true });
}

/** Asks to choose some; undefined where the question is left. */
export async function askSome<Item extends vscode.QuickPickItem>(
  items: readonly Item[] | Offer<Item>,
  options: Options,
): Promise<readonly Item[] | undefined> {
  if (isOffer(items)) return choose(items, options, true);
  return vscode.window.showQuickPick(items, { ...options, canPickMany: true, ignoreFocusOut: true });
}

/** Asks for a text; undefined where the question is left. */
export function askText(options: vscode.InputBoxOptions): Thenable<string | undefined> {
  return vscode.window.showInputBox({ ...options, ignoreFocusOut: true });
}

function isOffer<Item>(items: readonly Item[] | Offer<Item>): items is Offer<Item> {
  return 'follow' in items;
}

/** What is active and checked stays so, by its label, when the list changes. */
function choose<Item extends vscode.QuickPickItem>(
  offer: Offer<Item>,
  { title, placeHolder, matchOnDescription, matchOnDetail }: Options,
  canSelectMany: boolean,
): Promise<readonly Item[] | undefined> {
  const pick = vscode.window.createQuickPick<Item>();
  pick.title = title;
  pick.placeholder = placeHolder;
  pick.matchOnDescription = matchOnDescription ?? false;
  pick.matchOnDetail = matchOnDetail ?? false;
  pick.canSelectMany = canSelectMany;
  pick.ignoreFocusOut = true;
  pick.keepScrollPosition = true;
  pick.items = offer.items();
  const following = offer.follow(() => {
    const items = offer.items();
    if (JSON.stringify(items) === JSON.stringify(pick.items)) return;
    const again = (some: readonly Item[]): Item[] =>
      items.filter(({ label }) => some.some((before) => before.label === label));
    const [active, selected] = [again(pick.activeItems), again(pick.selectedItems)];
    pick.items = items;
    if (active.length > 0) pick.activeItems = active;
    if (canSelectMany) pick.selectedItems = selected;
  });
  return new Promise((resolve) => {
    pick.onDidAccept(() => {
      resolve(pick.selectedItems);
      pick.hide();
    });
    pick.onDidHide(() => {
      following.dispose();
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}
