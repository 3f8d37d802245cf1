import * as vscode from 'vscode';
import type { NewRecord } from '../../../produce/batchBuilder.ts';
import { partitionCount } from '../../../produce/placing.ts';
import { produceRecords } from '../../../produce/producer.ts';
import type { SchemaRegistry } from '../../../formats/index.ts';
import type { Disposable, Listener } from '../../../shared/event.ts';
import { HumanError } from '../../../shared/errors.ts';
import { t } from '../../../shared/l10n.ts';
import { showError } from '../../commands/registerCommands.ts';
import { commands, panels } from '../../contributions.ts';
import type { Connections } from '../../connections/connections.ts';
import type { Log } from '../../log.ts';
import { notConnected } from '../../connections/notConnected.ts';
import { fileNameOf } from '../../saveFile.ts';
import { type Tab, Tabs } from '../tabs.ts';
import { showPage } from '../webviewPage.ts';
import { ProduceFeed, type ProduceTarget } from './produceFeed.ts';
import type { Draft, DraftPlace, FromProducePage, ProducePageState } from './protocol.ts';

export interface ProduceServices {
  readonly connections: Connections;
  /** The Schema Registry of a cluster, where one is set. */
  readonly registryOf: (cluster: string) => SchemaRegistry | undefined;
  /** Fires with the cluster whose Schema Registry changed. */
  readonly onDidChangeRegistries: (listener: Listener<string>) => Disposable;
  readonly log: Log;
}

export interface Replayed {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

/** A larger one does not fit into a request. */
const mostFileBytes = 99_000_000;

/** The editor tabs from which records are written. */
export class ProducePanels implements vscode.WebviewPanelSerializer<Partial<ProducePageState>>, vscode.Disposable {
  readonly #extensionUri: vscode.Uri;
  readonly #services: ProduceServices;
  readonly #tabs = new Tabs<ProduceFeed>();

  constructor(extensionUri: vscode.Uri, services: ProduceServices) {
    this.#extensionUri = extensionUri;
    this.#services = services;
  }

  /** The form for a topic, one tab each; `draft` goes into it. */
  produce(cluster: string, draft: Partial<Draft>): void {
    const topic = draft.topic ?? '';
    const title = topic === '' ? t('Produce Record') : t('{0} - Produce', topic);
    const { panel, feed, isNew } = this.#show(JSON.stringify([cluster, topic]), cluster, title);
    panel.reveal();
    // What somebody is writing there is not to be lost, unless it is replaced by what was selected.
    if (isNew || draft.value !== undefined) feed.fill(draft);
  }

  replay(cluster: string, from: Replayed, record: NewRecord): void {
    const { topic, partition, offset } = from;
    const title = t('{0} - Replay', topic);
    const { panel, feed, isNew } = this.#show(
      JSON.stringify([cluster, topic, partition, String(offset)]),
      cluster,
      title,
    );
    panel.reveal();
    if (isNew) feed.replay(record, from);
  }

  /** Called by VS Code after a reload, with what the page kept. */
  async deserializeWebviewPanel(
    panel: vscode.WebviewPanel,
    state: Partial<ProducePageState> | undefined,
  ): Promise<void> {
    if (typeof state?.cluster !== 'string') {
      panel.dispose();
      return;
    }
    this.#fill(panel, JSON.stringify([state.cluster, state.draft?.topic ?? '', 'restored']), state.cluster);
  }

  dispose(): void {
    this.#tabs.dispose();
  }

  #show(id: string, cluster: string, title: string): Tab<ProduceFeed> & { readonly isNew: boolean } {
    const existing = this.#tabs.get(id);
    if (existing !== undefined) return { ...existing, isNew: false };
    const panel = vscode.window.createWebviewPanel(panels.produce, title, vscode.ViewColumn.Active);
    return { panel, feed: this.#fill(panel, id, cluster), isNew: true };
  }

  #fill(panel: vscode.WebviewPanel, id: string, cluster: string): ProduceFeed {
    const { connections, registryOf, onDidChangeRegistries, log } = this.#services;
    const feed = new ProduceFeed({
      cluster,
      open: () => this.#target(cluster),
      profile: () => {
        const { production = false, readOnly = false } = connections.entry(cluster)?.profile ?? {};
        return { production, readOnly };
      },
      topics: () => topicNames(connections, cluster),
      registry: () => registryOf(cluster),
      confirm: (topic, sentences) => confirmWrite(cluster, topic, sentences),
      send: (message) => void panel.webview.postMessage(message),
      onError: (error) => log.error(error, `produce to ${cluster}`),
    });
    this.#tabs.add(id, {
      panel,
      feed,
      belongings: [
        showPage<FromProducePage>({
          webview: panel.webview,
          extensionUri: this.#extensionUri,
          page: 'produce',
          title: panel.title,
          target: { cluster },
          receive: (message) => {
            this.#receive(message, feed, cluster).catch((error: unknown) => showError(error, 'produce', log));
          },
        }),
        connections.onDidChangeClusters(() => feed.changed()),
        onDidChangeRegistries((changed) => {
          if (changed === cluster) feed.changed();
        }),
      ],
    });
    return feed;
  }

  async #target(cluster: string): Promise<ProduceTarget> {
    const open = this.#services.connections.cluster(cluster);
    if (open === undefined) throw notConnected(cluster);
    const kafka = await open.kafka();
    return {
      partitions: (topic) => partitionCount(kafka, topic),
      produce: (options) => produceRecords(kafka, options),
    };
  }

  async #receive(message: FromProducePage, feed: ProduceFeed, cluster: string): Promise<void> {
    switch (message.type) {
      case 'ready':
        return feed.start(message.draft);
      case 'draft':
        return feed.draft(message.draft);
      case 'send':
        return feed.send(message.draft);
      case 'cancel':
        feed.cancel();
        return;
      case 'retry':
        return feed.retry();
      case 'pickFile':
        return pickFile(feed, message.place);
      case 'editHeld':
        return feed.editHeld(message.place, message.id);
      case 'example':
        return feed.example(message.place, message.draft);
      case 'setRegistry':
        await vscode.commands.executeCommand(commands.setSchemaRegistry, { cluster });
        return;
      case 'pickLines': {
        const file = await openFile({ [t('JSON lines')]: ['jsonl', 'ndjson', 'json'], [t('All files')]: ['*'] });
        return file && feed.setLines(file.name, file.bytes.toString('utf8'));
      }
      case 'dropLines':
        return feed.dropLines();
      case 'openBatches':
      case 'tail': {
        const { type, topic, partition, offset } = message;
        const command = type === 'tail' ? commands.tailTopic : commands.openBatches;
        await vscode.commands.executeCommand(command, { cluster, topic, partition, offset });
        return;
      }
      case 'copy':
        await vscode.env.clipboard.writeText(message.text);
        return;
    }
  }
}

async function pickFile(feed: ProduceFeed, place: DraftPlace): Promise<void> {
  const file = await openFile({});
  if (file !== undefined) feed.setBytes(place, file.name, file.bytes);
}

async function openFile(
  filters: Record<string, string[]>,
): Promise<{ readonly name: string; readonly bytes: Buffer } | undefined> {
  const [uri] = (await vscode.window.showOpenDialog({ filters, openLabel: t('Use') })) ?? [];
  if (uri === undefined) return undefined;
  const name = fileNameOf(uri);
  const { size } = await vscode.workspace.fs.stat(uri);
  if (size > mostFileBytes) {
    throw new HumanError(t('{0} has {1} bytes; a Kafka request holds {2} at most.', name, size, mostFileBytes));
  }
  return { name, bytes: Buffer.from(await vscode.workspace.fs.readFile(uri)) };
}

/** On a cluster marked production. */
async function confirmWrite(cluster: string, topic: string, sentences: readonly string[]): Promise<boolean> {
  const write = t('Write');
  const detail = [...sentences, t('{0} is marked as production. What is written cannot be taken back.', cluster)].join(
    ' ',
  );
  const question = t('Write to {0} on {1}?', topic, cluster);
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, write)) === write;
}

function topicNames(connections: Connections, cluster: string): string[] {
  const topics = [...(connections.watchOf(cluster)?.snapshot?.topics.values() ?? [])];
  return topics.filter(({ internal }) => !internal).map(({ name }) => name);
}
