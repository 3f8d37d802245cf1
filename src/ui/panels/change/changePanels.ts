import * as vscode from 'vscode';
import type { Snapshot } from '../../../groups/snapshot.ts';
import type { Cluster } from '../../../kafka/cluster.ts';
import { confirmChange } from '../../changes/confirm.ts';
import type { ChangeJournal } from '../../changes/journalOf.ts';
import type { Connections } from '../../connections/connections.ts';
import type { Log } from '../../log.ts';
import { saveFile } from '../../saveFile.ts';
import { notConnected } from '../../connections/notConnected.ts';
import { PageTabs } from '../pageTabs.ts';
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
export class ChangePanels extends PageTabs<ChangeRequest, ChangeFeed, FromChangePage, ChangePageState> {
  readonly #services: ChangeServices;

  constructor(extensionUri: vscode.Uri, services: ChangeServices) {
    super({ page: 'change', extensionUri, log: services.log });
    this.#services = services;
  }

  /** Plans the change on a tab of its own; the tab that has it already plans it anew. */
  open(request: ChangeRequest): void {
    const { feed, isNew } = this.show(request);
    if (!isNew) void feed.plan();
  }

  protected override idOf(request: ChangeRequest): string {
    return JSON.stringify(request);
  }

  protected titleOf(request: ChangeRequest): string {
    return tabTitle(request);
  }

  /** The change is planned anew, whether it was made or not. */
  protected restored({ request }: Partial<ChangePageState>): ChangeRequest | undefined {
    return typeof request?.cluster === 'string' && typeof request.kind === 'string' ? request : undefined;
  }

  protected told(request: ChangeRequest): Record<string, string> {
    return { request: JSON.stringify(request) };
  }

  protected feedOf(request: ChangeRequest, send: (message: object) => void): ChangeFeed {
    const { connections, journal, log } = this.#services;
    const { cluster } = request;
    const kafka = async (): Promise<Cluster> => {
      const open = connections.cluster(cluster);
      if (open === undefined) throw notConnected(cluster);
      return open.kafka();
    };
    return new ChangeFeed({
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
      send,
      onError: (error) => log.error(error, tabTitle(request)),
    });
  }

  protected override hidden(feed: ChangeFeed): void {
    feed.hide();
  }

  #undo({ canUndo, entries }: ChangeFeed, request: ChangeRequest): void {
    if (!canUndo) return;
    const subject = subjectsOf(request).at(-1);
    this.open({ kind: 'undo', cluster: request.cluster, entries, ...(subject === undefined ? {} : { subject }) });
  }

  protected receive(message: FromChangePage, feed: ChangeFeed, request: ChangeRequest): Promise<void> | void {
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
        return saveFile({ name: tabTitle(request), format, content: exportChange(items, format) });
      }
    }
  }
}
