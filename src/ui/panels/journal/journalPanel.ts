import * as vscode from 'vscode';
import { importEntries } from '../../../changes/journal/json.ts';
import { t } from '../../../shared/l10n.ts';
import { visibleText } from '../../../shared/visibleText.ts';
import type { ChangeJournal } from '../../changes/journalOf.ts';
import { saveFile } from '../../saveFile.ts';
import { showError } from '../../commands/registerCommands.ts';
import type { Connections } from '../../connections/connections.ts';
import { commands, panels } from '../../contributions.ts';
import type { Log } from '../../log.ts';
import { notConnected } from '../../connections/notConnected.ts';
import { showPage } from '../webviewPage.ts';
import { exportJournal } from './exportJournal.ts';
import { JournalFeed } from './journalFeed.ts';
import type { FromJournalPage, JournalPageState } from './protocol.ts';

export interface JournalServices {
  readonly connections: Connections;
  readonly journal: ChangeJournal;
  readonly log: Log;
}

/** The one editor tab of the journal. */
export class JournalPanel implements vscode.WebviewPanelSerializer<Partial<JournalPageState>>, vscode.Disposable {
  readonly #extensionUri: vscode.Uri;
  readonly #services: JournalServices;
  #open: { readonly panel: vscode.WebviewPanel; readonly feed: JournalFeed } | undefined;
  /** Which entry the page is to show as it appears. */
  #wanted: string | undefined;

  constructor(extensionUri: vscode.Uri, services: JournalServices) {
    this.#extensionUri = extensionUri;
    this.#services = services;
  }

  /** Shows the journal, and an entry of it. */
  open(id?: string): void {
    if (this.#open === undefined) {
      this.#wanted = id;
      this.#fill(vscode.window.createWebviewPanel(panels.journal, t('Journal of changes'), vscode.ViewColumn.Active));
      return;
    }
    const { panel, feed } = this.#open;
    // A page that was hidden says that it is ready first.
    if (panel.visible && id !== undefined) void feed.show(id);
    else this.#wanted = id;
    panel.reveal();
  }

  /** Called by VS Code after a reload. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    if (this.#open !== undefined) panel.dispose();
    else this.#fill(panel);
  }

  dispose(): void {
    this.#open?.panel.dispose();
  }

  #fill(panel: vscode.WebviewPanel): void {
    const { connections, journal, log } = this.#services;
    const feed = new JournalFeed({
      file: journal.file.fsPath,
      open: () => journal.open(),
      kafkaOf: async (cluster) => {
        const open = connections.cluster(cluster);
        if (open === undefined) throw notConnected(cluster);
        return open.kafka();
      },
      bootstrapOf: (cluster) => connections.entry(cluster)?.profile.bootstrapServers.join(',') ?? '',
      onChanged: () => journal.changed(),
      send: (message) => void panel.webview.postMessage(message),
      onError: (error) => log.error(error, 'journal'),
    });
    const disposables = [
      feed,
      journal.onDidChange(() => void feed.refresh()),
      showPage<FromJournalPage>({
        webview: panel.webview,
        extensionUri: this.#extensionUri,
        page: 'journal',
        title: panel.title,
        receive: (message) => {
          this.#receive(message, feed).catch((error: unknown) => void showError(error, 'journal', log));
        },
      }),
      panel.onDidChangeViewState(() => {
        if (!panel.visible) feed.stop();
      }),
    ];
    this.#open = { panel, feed };
    panel.onDidDispose(() => {
      this.#open = undefined;
      for (const one of disposables) one.dispose();
    });
  }

  async #receive(message: FromJournalPage, feed: JournalFeed): Promise<void> {
    switch (message.type) {
      case 'ready': {
        await feed.start();
        const id = this.#wanted;
        this.#wanted = undefined;
        if (id !== undefined) await feed.show(id);
        return;
      }
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
