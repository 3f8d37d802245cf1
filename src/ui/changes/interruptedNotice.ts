import * as vscode from 'vscode';
import { t } from '../../shared/l10n.ts';
import { visibleText } from '../../shared/visibleText.ts';
import type { Log } from '../log.ts';
import type { ChangeJournal } from './journalOf.ts';

/** After the editor has started, milliseconds: nobody is to wait for it. */
const afterMs = 1_500;
const toldKey = 'interruptedChangesTold';

/** Says once of each change that was interrupted that it was. Nothing is opened where nothing was ever changed. */
export function tellInterrupted(
  context: Pick<vscode.ExtensionContext, 'globalState'>,
  journal: ChangeJournal,
  openJournal: (id: string) => void,
  log: Log,
): vscode.Disposable {
  const timer = setTimeout(() => {
    look().catch((error: unknown) => log.error(error, 'looking for interrupted changes'));
  }, afterMs);
  return { dispose: () => clearTimeout(timer) };

  async function look(): Promise<void> {
    const isThere = await vscode.workspace.fs.stat(journal.file).then(
      () => true,
      () => false,
    );
    if (!isThere) return;
    const interrupted = (await journal.open()).list().filter(({ state }) => state === 'interrupted');
    const told = new Set(context.globalState.get<string[]>(toldKey));
    const fresh = interrupted.filter(({ id }) => !told.has(id));
    const [first] = fresh;
    if (first === undefined) return;
    // Closed entries need not be remembered.
    await context.globalState.update(
      toldKey,
      interrupted.map(({ id }) => id),
    );
    const open = t('Open Journal');
    const message =
      fresh.length === 1
        ? t(
            'A change of {0} on {1} was interrupted. What it reached can be looked up, and undone.',
            visibleText(first.subject),
            visibleText(first.cluster),
          )
        : t('{0} changes were interrupted. What they reached can be looked up, and undone.', fresh.length);
    if ((await vscode.window.showWarningMessage(message, open)) === open) openJournal(first.id);
  }
}
