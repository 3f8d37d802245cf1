import * as vscode from 'vscode';
import type { Decoder } from '../../../formats/decoder.ts';
import { CancelledError, HumanError } from '../../../shared/errors.ts';
import type { Disposable } from '../../../shared/event.ts';
import { t } from '../../../shared/l10n.ts';
import type { RecordView, StuckFacts, StuckTarget } from '../../../stuck/facts.ts';
import { commands } from '../../contributions.ts';
import type { RecordDocuments } from '../recordDocuments.ts';
import { PageTabs } from '../pageTabs.ts';
import type { TopicFormats } from '../tail/index.ts';
import type { StuckServices } from './index.ts';
import type { FromStuckPage, StuckPageState } from './protocol.ts';
import { StuckFeed, type Known } from './stuckFeed.ts';

export interface StuckPanelTarget extends StuckTarget {
  readonly cluster: string;
}

/** The editor tabs "What is it stuck on?", one a partition of a group. */
export class StuckPanels extends PageTabs<StuckPanelTarget, StuckFeed, FromStuckPage, StuckPageState> {
  readonly #services: StuckServices;
  readonly #documents: RecordDocuments;

  constructor(extensionUri: vscode.Uri, services: StuckServices, documents: RecordDocuments) {
    super({ page: 'stuck', extensionUri, log: services.log });
    this.#services = services;
    this.#documents = documents;
  }

  open(target: StuckPanelTarget): void {
    this.show(target);
  }

  protected override idOf({ cluster, group, topic, partition }: StuckPanelTarget): string {
    return JSON.stringify([cluster, group, topic, partition]);
  }

  protected titleOf({ group, topic, partition }: StuckPanelTarget): string {
    return t('{0} - {1}-{2} - What is it stuck on?', group, topic, partition);
  }

  protected restored({ cluster, group, topic, partition }: Partial<StuckPageState>): StuckPanelTarget | undefined {
    const isNamed = typeof cluster === 'string' && typeof group === 'string' && typeof topic === 'string';
    return isNamed && typeof partition === 'number' ? { cluster, group, topic, partition } : undefined;
  }

  protected told({ cluster, group, topic, partition }: StuckPanelTarget): Record<string, string> {
    return { cluster, group, topic, partition: String(partition) };
  }

  protected feedOf(target: StuckPanelTarget, send: (message: object) => void): StuckFeed {
    const { cluster, topic, partition } = target;
    return new StuckFeed({
      cluster,
      target,
      services: this.#services,
      explain: (of, known, signal) => this.#explain(cluster, of, known, signal),
      send,
      onFailure: (error) => this.#services.log.error(error, `look at ${topic}-${partition}`),
    });
  }

  protected override belongings(feed: StuckFeed, { cluster }: StuckPanelTarget): readonly Disposable[] {
    return [
      this.#services.onDidChangeDecoders((changed) => {
        if (changed === cluster) feed.refresh();
      }),
    ];
  }

  protected override hidden(feed: StuckFeed): void {
    feed.stop();
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

  async #showDocument(name: string, { value }: RecordView): Promise<void> {
    const cut = value?.isCut === true ? `\n${t('... its beginning only')}\n` : '';
    await this.#documents.show(name, value === null ? 'null' : `${value.text}${cut}`, value?.language ?? 'plaintext');
  }

  protected receive(message: FromStuckPage, feed: StuckFeed, target: StuckPanelTarget): Promise<void> | void {
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
        return record && this.#showDocument(`${topic}-${partition}@${message.offset}`, record);
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
