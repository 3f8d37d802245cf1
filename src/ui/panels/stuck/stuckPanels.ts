import * as vscode from 'vscode';
import type { Decoder } from '../../../formats/decoder.ts';
import { CancelledError, HumanError } from '../../../shared/errors.ts';
import { t } from '../../../shared/l10n.ts';
import type { RecordView, StuckFacts, StuckTarget } from '../../../stuck/facts.ts';
import { commands, panels } from '../../contributions.ts';
import type { RecordDocuments } from '../recordDocuments.ts';
import { Tabs } from '../tabs.ts';
import { showPage } from '../webviewPage.ts';
import type { TopicFormats } from '../tail/index.ts';
import type { StuckServices } from './index.ts';
import type { FromStuckPage, StuckPageState } from './protocol.ts';
import { StuckFeed, type Known } from './stuckFeed.ts';

export interface StuckPanelTarget extends StuckTarget {
  readonly cluster: string;
}

/** The editor tabs "What is it stuck on?", one a partition of a group. */
export class StuckPanels implements vscode.WebviewPanelSerializer<Partial<StuckPageState>>, vscode.Disposable {
  readonly #extensionUri: vscode.Uri;
  readonly #services: StuckServices;
  readonly #tabs = new Tabs<StuckFeed>();
  readonly #documents: RecordDocuments;

  constructor(extensionUri: vscode.Uri, services: StuckServices, documents: RecordDocuments) {
    this.#extensionUri = extensionUri;
    this.#services = services;
    this.#documents = documents;
  }

  open(target: StuckPanelTarget): void {
    const existing = this.#tabs.get(idOf(target));
    if (existing !== undefined) existing.panel.reveal();
    else this.#fill(vscode.window.createWebviewPanel(panels.stuck, titleOf(target), vscode.ViewColumn.Active), target);
  }

  /** Called by VS Code after a reload, with what the page kept. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: Partial<StuckPageState> | undefined): Promise<void> {
    const { cluster, group, topic, partition } = state ?? {};
    if (
      typeof cluster !== 'string' ||
      typeof group !== 'string' ||
      typeof topic !== 'string' ||
      typeof partition !== 'number'
    ) {
      panel.dispose();
      return;
    }
    this.#fill(panel, { cluster, group, topic, partition });
  }

  dispose(): void {
    this.#tabs.dispose();
  }

  #fill(panel: vscode.WebviewPanel, target: StuckPanelTarget): void {
    const { cluster, group, topic, partition } = target;
    panel.title = titleOf(target);
    const feed = new StuckFeed({
      cluster,
      target,
      services: this.#services,
      explain: (of, known, signal) => this.#explain(cluster, of, known, signal),
      send: (message) => void panel.webview.postMessage(message),
      onFailure: (error) => this.#services.log.error(error, `look at ${topic}-${partition}`),
    });
    this.#tabs.add(idOf(target), {
      panel,
      feed,
      belongings: [
        showPage<FromStuckPage>({
          webview: panel.webview,
          extensionUri: this.#extensionUri,
          page: 'stuck',
          title: panel.title,
          target: { cluster, group, topic, partition: String(partition) },
          receive: (message) => this.#receive(message, feed, target),
        }),
        this.#services.onDidChangeDecoders((changed) => {
          if (changed === cluster) feed.refresh();
        }),
      ],
      onHidden: () => feed.stop(),
    });
  }

  async #explain(cluster: string, target: StuckTarget, known: Known, signal: AbortSignal): Promise<StuckFacts> {
    const kafka = await this.#services.kafkaOf(cluster);
    if (kafka === undefined) throw new HumanError(t('{0} is not connected.', cluster));
    // Loaded when first needed: an extension that starts reads no records.
    const { explain } = await import('../../../stuck/explain.ts');
    const decoder = await this.#services.decoderOf(cluster);
    if (signal.aborted) throw new CancelledError();
    const formats = this.#services.formatsOf(cluster, target.topic);
    return explain(kafka, target, { ...known, decoder: inFormats(decoder, formats), signal });
  }

  async #show(name: string, { value }: RecordView): Promise<void> {
    const cut = value?.isCut === true ? `\n${t('... its beginning only')}\n` : '';
    await this.#documents.show(name, value === null ? 'null' : `${value.text}${cut}`, value?.language ?? 'plaintext');
  }

  #receive(message: FromStuckPage, feed: StuckFeed, target: StuckPanelTarget): void {
    const { cluster, group, topic, partition } = target;
    switch (message.type) {
      case 'ready':
        feed.start();
        return;
      case 'pause':
        feed.pause(message.paused);
        return;
      case 'refresh':
        feed.refresh();
        return;
      case 'copy':
        void vscode.env.clipboard.writeText(message.text);
        return;
      case 'document': {
        const record = feed.record(message.offset);
        if (record !== undefined) {
          this.#show(`${topic}-${partition}@${message.offset}`, record).catch((error: unknown) =>
            this.#services.log.error(error, 'open a value as a document'),
          );
        }
        return;
      }
      case 'tail':
      case 'batches':
      case 'replay':
        void vscode.commands.executeCommand(pages[message.type], {
          cluster,
          topic,
          partition,
          offset: message.offset,
        });
        return;
      case 'skip':
      case 'reset':
        void vscode.commands.executeCommand(message.type === 'skip' ? commands.skipRecord : commands.resetOffsets, {
          cluster,
          group,
          topic,
          partition,
          offset: message.offset,
        });
        return;
      case 'setRegistry':
        void vscode.commands.executeCommand(commands.setSchemaRegistry, { cluster });
        return;
      case 'openLag':
        void vscode.commands.executeCommand(commands.openLag, { cluster, group, topic, partition });
        return;
    }
  }
}

const pages = { tail: commands.tailTopic, batches: commands.openBatches, replay: commands.replayRecord } as const;

/** What somebody chose for the topic stands in the place of what would be detected. */
function inFormats(decoder: Decoder, formats: TopicFormats): Decoder {
  return {
    decode: (bytes, context) =>
      decoder.decode(bytes, context.format === 'auto' ? { ...context, format: formats.get(context.part) } : context),
  };
}

function idOf({ cluster, group, topic, partition }: StuckPanelTarget): string {
  return JSON.stringify([cluster, group, topic, partition]);
}

function titleOf({ group, topic, partition }: StuckPanelTarget): string {
  return t('{0} - {1}-{2} - What is it stuck on?', group, topic, partition);
}
