import * as vscode from 'vscode';
import type { Snapshot } from '../../../groups/snapshot.ts';
import type { Cluster } from '../../../kafka/cluster.ts';
import { HumanError, messageOf } from '../../../shared/errors.ts';
import { t } from '../../../shared/l10n.ts';
import { confirmChange } from '../../changes/confirm.ts';
import type { ChangeJournal } from '../../changes/journalOf.ts';
import type { Connections } from '../../connections/connections.ts';
import { panels } from '../../contributions.ts';
import type { Log } from '../../log.ts';
import { saveFile } from '../../saveFile.ts';
import { notConnected } from '../../connections/notConnected.ts';
import { Tabs } from '../tabs.ts';
import { showPage } from '../webviewPage.ts';
import { ChangeFeed, subjectsOf } from './changeFeed.ts';
import { exportChange } from './exportChange.ts';
import type { ChangePageState, ChangeRequest, FromChangePage } from './protocol.ts';
import { tabTitle } from './titles.ts';

export interface ChangeServices {
  readonly connections: Connections;
  readonly journal: ChangeJournal;
  /** Shows an entry of the journal, or all of it. */
  readonly openJournal: (id: string | undefined) => void;
  readonly log: Log;
}

/** The editor tabs that show a change before, while and after it is made. */
export class ChangePanels implements vscode.WebviewPanelSerializer<Partial<ChangePageState>>, vscode.Disposable {
  readonly #extensionUri: vscode.Uri;
  readonly #services: ChangeServices;
  readonly #tabs = new Tabs<ChangeFeed>();

  constructor(extensionUri: vscode.Uri, services: ChangeServices) {
    this.#extensionUri = extensionUri;
    this.#services = services;
  }

  /** Plans the change on a tab of its own; the tab that has it already plans it anew. */
  open(request: ChangeRequest): void {
    const existing = this.#tabs.get(JSON.stringify(request));
    if (existing !== undefined) {
      existing.panel.reveal();
      void existing.feed.plan();
      return;
    }
    const panel = vscode.window.createWebviewPanel(panels.change, tabTitle(request), vscode.ViewColumn.Active);
    this.#fill(panel, request);
  }

  /** Called by VS Code after a reload, with what the page kept: the change is planned anew, whether it was made or not. */
  async deserializeWebviewPanel(
    panel: vscode.WebviewPanel,
    state: Partial<ChangePageState> | undefined,
  ): Promise<void> {
    const request = state?.request;
    if (typeof request?.cluster !== 'string' || typeof request.kind !== 'string') {
      panel.dispose();
      return;
    }
    this.#fill(panel, request);
  }

  dispose(): void {
    this.#tabs.dispose();
  }

  #fill(panel: vscode.WebviewPanel, request: ChangeRequest): void {
    const { connections, journal, log } = this.#services;
    const { cluster } = request;
    panel.title = tabTitle(request);
    const kafka = async (): Promise<Cluster> => {
      const open = connections.cluster(cluster);
      if (open === undefined) throw notConnected(cluster);
      return open.kafka();
    };
    const feed = new ChangeFeed({
      request,
      kafka,
      plan: async (signal) => {
        // Loaded when first needed: an extension that starts has nothing to plan.
        const [now, { planChange }] = await Promise.all([kafka(), import('../../changes/planChange.ts')]);
        const bootstrap = connections.entry(cluster)?.profile.bootstrapServers.join(',') ?? '';
        const snapshot = async (): Promise<Snapshot | undefined> => {
          const watch = connections.watchOf(cluster);
          // What a plan says of groups is what they do now, where they can be asked.
          await watch?.refresh().catch(() => {});
          return watch?.snapshot;
        };
        return planChange(now, request, { journal: () => journal.open(), bootstrap, snapshot, signal });
      },
      isReadOnly: () => connections.entry(cluster)?.profile.readOnly === true,
      journalToWrite: () => journal.openOrAsk(),
      confirm: ({ question, sentences, subject, action }) =>
        confirmChange(connections, { cluster, subject, question, sentences, action }),
      onChanged: () => {
        journal.changed();
        // What stands in the tree and on the pages is not so any more.
        connections
          .watchOf(cluster)
          ?.refresh()
          .catch(() => {});
      },
      send: (message) => void panel.webview.postMessage(message),
      onError: (error) => log.error(error, panel.title),
    });
    this.#tabs.add(JSON.stringify(request), {
      panel,
      feed,
      belongings: [
        showPage<FromChangePage>({
          webview: panel.webview,
          extensionUri: this.#extensionUri,
          page: 'change',
          title: panel.title,
          target: { request: JSON.stringify(request) },
          receive: (message) => this.#receive(message, feed, request),
        }),
      ],
      onHidden: () => feed.hide(),
    });
  }

  #undo({ canUndo, entries }: ChangeFeed, request: ChangeRequest): void {
    if (!canUndo) return;
    const subject = subjectsOf(request).at(-1);
    this.open({ kind: 'undo', cluster: request.cluster, entries, ...(subject === undefined ? {} : { subject }) });
  }

  #receive(message: FromChangePage, feed: ChangeFeed, request: ChangeRequest): void {
    switch (message.type) {
      case 'ready':
        void feed.start();
        return;
      case 'plan':
        void feed.plan();
        return;
      case 'execute':
        void feed.execute(message.wait);
        return;
      case 'cancel':
        feed.cancel();
        return;
      case 'undo':
        this.#undo(feed, request);
        return;
      case 'journal':
        this.#services.openJournal(feed.entries[0]);
        return;
      case 'copy':
        void vscode.env.clipboard.writeText(message.text);
        return;
      case 'copyCommand':
        if (feed.command !== undefined) void vscode.env.clipboard.writeText(feed.command);
        return;
      case 'export': {
        const { format, keys } = message;
        const wanted = keys === undefined ? undefined : new Set(keys);
        const items = feed.items.filter(({ key }) => wanted === undefined || wanted.has(key));
        saveFile({ name: tabTitle(request), format, content: exportChange(items, format) }).catch((error: unknown) => {
          this.#services.log.error(error, 'export a plan');
          const text = t('The file was not written: {0}', messageOf(error));
          void vscode.window.showErrorMessage(error instanceof HumanError ? error.message : text);
        });
        return;
      }
    }
  }
}
