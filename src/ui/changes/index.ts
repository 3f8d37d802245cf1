import * as vscode from 'vscode';
import { registerCommands } from '../commands/registerCommands.ts';
import type { Connections } from '../connections/connections.ts';
import { commands, panels } from '../contributions.ts';
import type { Log } from '../log.ts';
import { ChangePanels } from '../panels/change/changePanels.ts';
import { JournalPanel } from '../panels/journal/journalPanel.ts';
import { copyOffsets, deleteGroups, deleteOffsets, removeMember } from './changeCommands.ts';
import { tellInterrupted } from './interruptedNotice.ts';
import { restoreOffsets, snapshotOffsets, undoOffsetChange } from './journalCommands.ts';
import { journalOf } from './journalOf.ts';
import { addPartitions, deleteRecords, deleteTopics } from './topicChangeCommands.ts';

export interface ChangesServices {
  readonly connections: Connections;
  readonly log: Log;
}

/** Makes the journal, the page of changes and their commands known to VS Code; all end with the extension. */
export function registerChanges(context: vscode.ExtensionContext, { connections, log }: ChangesServices): void {
  const journal = journalOf(context);
  const journalPanel = new JournalPanel(context.extensionUri, { connections, journal, log });
  const openJournal = (id?: string): void => journalPanel.open(id);
  const pages = new ChangePanels(context.extensionUri, { connections, journal, openJournal, log });
  const options = { connections, journal, openJournal, open: pages.open.bind(pages) };
  context.subscriptions.push(
    journalPanel,
    pages,
    vscode.window.registerWebviewPanelSerializer(panels.journal, journalPanel),
    vscode.window.registerWebviewPanelSerializer(panels.change, pages),
    tellInterrupted(context, journal, openJournal, log),
    registerCommands(
      {
        [commands.copyOffsets]: (clicked) => copyOffsets(options, clicked),
        [commands.deleteOffsets]: (clicked, selected) => deleteOffsets(options, clicked, selected),
        [commands.deleteGroups]: (clicked, selected) => deleteGroups(options, clicked, selected),
        [commands.removeMember]: (clicked, selected) => removeMember(options, clicked, selected),
        [commands.snapshotOffsets]: (clicked, selected) => snapshotOffsets(options, clicked, selected),
        [commands.restoreOffsets]: (clicked) => restoreOffsets(options, clicked),
        [commands.undoOffsetChange]: (clicked) => undoOffsetChange(options, clicked),
        [commands.deleteTopic]: (clicked, selected) => deleteTopics(options, clicked, selected),
        [commands.addPartitions]: (clicked) => addPartitions(options, clicked),
        [commands.deleteRecords]: (clicked) => deleteRecords(options, clicked),
        [commands.openJournal]: (clicked) => openJournal(idOf(clicked)),
      },
      log,
    ),
  );
}

function idOf(clicked: unknown): string | undefined {
  const id = typeof clicked === 'object' && clicked !== null ? (clicked as { id?: unknown }).id : undefined;
  return typeof id === 'string' ? id : undefined;
}
