import * as vscode from 'vscode';
import { HumanError, isCancelled } from '../../shared/errors.ts';
import type { CommandId } from '../contributions.ts';
import { t } from '../../shared/l10n.ts';
import type { Log } from '../log.ts';

/** What VS Code hands over: the row that was clicked and all that are selected, or whatever a link or a keybinding says. */
export type Handler = (clicked?: unknown, selected?: unknown) => unknown;

/** Registers commands; what they throw is shown to people, and logged. */
export function registerCommands(handlers: Partial<Record<CommandId, Handler>>, log: Log): vscode.Disposable {
  const registered = Object.entries(handlers).map(([id, handler]) =>
    vscode.commands.registerCommand(id, async (clicked?: unknown, selected?: unknown) => {
      try {
        await handler(clicked, selected);
      } catch (error) {
        void showError(error, id, log);
      }
    }),
  );
  return vscode.Disposable.from(...registered);
}

/** A `HumanError` as it is; anything else is a surprise, whose details are in the log. */
export async function showError(error: unknown, doing: string, log: Log): Promise<void> {
  if (isCancelled(error)) return;
  log.error(error, doing);
  const message =
    error instanceof HumanError ? error.message : t('Something unexpected went wrong. The log has the details.');
  const showLog = t('Show Log');
  if ((await vscode.window.showErrorMessage(message, showLog)) === showLog) log.show();
}
