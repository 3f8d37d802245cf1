import * as vscode from 'vscode';
import { importEntries } from '../../../changes/journal/json.ts';
import { t } from '../../../shared/l10n.ts';
import { visibleText } from '../../../shared/visibleText.ts';
import type { ChangeJournal } from '../../changes/journalOf.ts';
import { saveFile } from '../../saveFile.ts';
import type { Connections } from '../../connections/connections.ts';
import { commands } from '../../contributions.ts';
import type { Log } from '../../log.ts';
import { notConnected } from '../../connections/notConnected.ts';
import { PageTabs } from '../pageTabs.ts';
import { exportJournal } from './exportJournal.ts';
import { JournalFeed } from './journalFeed.ts';
import type { FromJournalPage, JournalPageState } from './protocol.ts';

export interface JournalServices {
  readonly connections: Connections;
  readonly journal: ChangeJournal;
  readonly log: Log;
}

/** The one editor tab of the journal. */
export class JournalPanel extends PageTabs<'journal', JournalFeed, FromJournalPage, JournalPageState> {
  readonly #services: JournalServices;
  /** Which entry the page is to show as it appears. */
  #wanted: string | undefined;

  constructor(extensionUri: vscode.Uri, services: JournalServices) {
    super({ page: 'journal', extensionUri, log: services.log });
    this.#services = services;
  }

  /** Shows the journal, and an entry of it. */
  open(id?: string): void {
    this.#wanted = id;
    const { panel, feed, isNew } = this.show('journal');
    // A page that was hidden says that it is ready first.
    if (!isNew && panel.visible) void this.#showWanted(feed);
  }

  protected titleOf(): string {
    return t('Journal of changes');
  }

  protected restored(): 'journal' {
    return 'journal';
  }

  protected told(): Record<string, string> {
    return {};
  }

  protected feedOf(_target: 'journal', send: (message: object) => void): JournalFeed {
    const { connections, journal, log } = this.#services;
    return new JournalFeed({
      file: journal.file.fsPath,
      open: () => journal.open(),
      kafkaOf: async (cluster) => {
        const open = connections.cluster(cluster);
        if (open === undefined) throw notConnected(cluster);
        return open.kafka();
      },
      bootstrapOf: (cluster) => connections.entry(cluster)?.profile.bootstrapServers.join(',') ?? '',
      onChanged: () => journal.changed(),
      send,
      onError: (error) => log.error(error, 'journal'),
    });
  }

  protected override belongings(feed: JournalFeed): readonly vscode.Disposable[] {
    return [this.#services.journal.onDidChange(() => void feed.refresh())];
  }

  protected override hidden(feed: JournalFeed): void {
    feed.stop();
  }

  async #showWanted(feed: JournalFeed): Promise<void> {
    const id = this.#wanted;
    this.#wanted = undefined;
    if (id !== undefined) await feed.show(id);
  }

  protected async receive(message: FromJournalPage, feed: JournalFeed): Promise<void> {
    switch (message.type) {
      case 'ready':
        await feed.start();
        return this.#showWanted(feed);
      case 'retry':
        return feed.retry();
      case 'details':
        return feed.details(message.id);
      case 'examine':
        return feed.examine(message.id);
      case 'closeEntry':
        return feed.close(message.id);
      case 'undo':
        await vscode.commands.executeCommand(commands.undoOffsetChange, { id: message.id });
        return;
      case 'restore':
        await vscode.commands.executeCommand(commands.restoreOffsets, { id: message.id });
        return;
      case 'remove':
        return this.#remove(message.ids, feed);
      case 'copy':
        await vscode.env.clipboard.writeText(message.text);
        return;
      case 'copyCommand': {
        const command = await feed.command(message.id);
        if (command !== undefined) await vscode.env.clipboard.writeText(command);
        return;
      }
      case 'showFile':
        await vscode.commands.executeCommand('revealFileInOS', this.#services.journal.file);
        return;
      case 'import':
        await importFile(this.#services.journal);
        return feed.refresh();
      case 'export': {
        const entries = await feed.entries(message.ids);
        return saveFile({
          name: 'changes',
          format: message.format,
          content: exportJournal(entries, message.format),
        });
      }
    }
  }

  async #remove(ids: readonly string[], feed: JournalFeed): Promise<void> {
    const entries = (await feed.entries(ids)).filter(({ state }) => state !== 'executing');
    const [first] = entries;
    if (first === undefined) return;
    const question =
      entries.length === 1
        ? t('Remove the entry of {0} from the journal?', visibleText(first.subject))
        : t('Remove {0} entries from the journal?', entries.length);
    const detail = t('Nothing changes in Kafka, but what these changes did cannot be undone from here any more.');
    const action = t('Remove');
    if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, action)) !== action) return;
    const journal = await this.#services.journal.open();
    for (const { id } of entries) journal.remove(id);
    this.#services.journal.changed();
  }
}

/** Asks for a file, and takes its entries into the journal. Whether something was taken. @throws {HumanError} */
export async function importFile(journal: ChangeJournal): Promise<boolean> {
  const picked = await vscode.window.showOpenDialog({
    filters: { JSON: ['json'] },
    title: t('Import journal entries'),
  });
  if (picked?.[0] === undefined) return false;
  const bytes = await vscode.workspace.fs.readFile(picked[0]);
  const entries = importEntries(new TextDecoder().decode(bytes));
  const taken = (await journal.open()).add(entries);
  journal.changed();
  void vscode.window.showInformationMessage(
    t('{0} of {1} entries were taken over; the others were there already.', taken, entries.length),
  );
  return taken > 0;
}
