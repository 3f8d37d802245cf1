import * as vscode from 'vscode';
import type { NewRecord } from '../../../produce/batchBuilder.ts';
import { partitionCount } from '../../../produce/placing.ts';
import { produceRecords } from '../../../produce/producer.ts';
import type { SchemaRegistry } from '../../../formats/index.ts';
import type { Disposable, Listener } from '../../../shared/event.ts';
import { HumanError } from '../../../shared/errors.ts';
import { t } from '../../../shared/l10n.ts';
import { commands } from '../../contributions.ts';
import type { Connections } from '../../connections/connections.ts';
import type { Log } from '../../log.ts';
import { notConnected } from '../../connections/notConnected.ts';
import { fileNameOf } from '../../saveFile.ts';
import { PageTabs } from '../pageTabs.ts';
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

interface ProduceTabTarget {
  readonly cluster: string;
  /** Empty where none is chosen yet. */
  readonly topic: string;
  /** Where the record is that is to be written again. */
  readonly from?: Replayed;
  /** What its form holds is the page's to tell. */
  readonly isRestored?: true;
}

/** The editor tabs from which records are written: one a topic, and one a record that is replayed. */
export class ProducePanels extends PageTabs<ProduceTabTarget, ProduceFeed, FromProducePage, ProducePageState> {
  readonly #services: ProduceServices;

  constructor(extensionUri: vscode.Uri, services: ProduceServices) {
    super({ page: 'produce', extensionUri, log: services.log });
    this.#services = services;
  }

  /** The form for a topic; `draft` goes into it. */
  produce(cluster: string, draft: Partial<Draft>): void {
    const { feed, isNew } = this.show({ cluster, topic: draft.topic ?? '' });
    // What somebody is writing there is not to be lost, unless it is replaced by what was selected.
    if (isNew || draft.value !== undefined) feed.fill(draft);
  }

  replay(cluster: string, from: Replayed, record: NewRecord): void {
    const { feed, isNew } = this.show({ cluster, topic: from.topic, from });
    if (isNew) feed.replay(record, from);
  }

  protected override idOf({ cluster, topic, from, isRestored }: ProduceTabTarget): string {
    return JSON.stringify([cluster, topic, from?.partition, from && String(from.offset), isRestored]);
  }

  protected titleOf({ topic, from }: ProduceTabTarget): string {
    if (topic === '') return t('Produce Record');
    return from === undefined ? t('{0} - Produce', topic) : t('{0} - Replay', topic);
  }

  protected restored({ cluster, draft }: Partial<ProducePageState>): ProduceTabTarget | undefined {
    return typeof cluster === 'string' ? { cluster, topic: draft?.topic ?? '', isRestored: true } : undefined;
  }

  protected told({ cluster }: ProduceTabTarget): Record<string, string> {
    return { cluster };
  }

  protected feedOf({ cluster }: ProduceTabTarget, send: (message: object) => void): ProduceFeed {
    const { connections, registryOf, log } = this.#services;
    return new ProduceFeed({
      cluster,
      open: () => this.#target(cluster),
      profile: () => {
        const { production = false, readOnly = false } = connections.entry(cluster)?.profile ?? {};
        return { production, readOnly };
      },
      topics: () => topicNames(connections, cluster),
      registry: () => registryOf(cluster),
      confirm: (topic, sentences) => confirmWrite(cluster, topic, sentences),
      send,
      onError: (error) => log.error(error, `produce to ${cluster}`),
    });
  }

  protected override belongings(feed: ProduceFeed, { cluster }: ProduceTabTarget): readonly Disposable[] {
    const { connections, onDidChangeRegistries } = this.#services;
    return [
      connections.onDidChangeClusters(() => feed.changed()),
      onDidChangeRegistries((changed) => {
        if (changed === cluster) feed.changed();
      }),
    ];
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

  protected async receive(message: FromProducePage, feed: ProduceFeed, { cluster }: ProduceTabTarget): Promise<void> {
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
