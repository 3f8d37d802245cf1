import * as vscode from 'vscode';
import type { Decoder } from '../../../formats/decoder.ts';
import type { Disposable, Listener } from '../../../shared/event.ts';
import type { Cluster } from '../../../kafka/cluster.ts';
import { panels as panelTypes } from '../../contributions.ts';
import type { Log } from '../../log.ts';
import type { RecordDocuments } from '../recordDocuments.ts';
import type { PanelServices } from '../services.ts';
import type { TopicFormats } from '../tail/index.ts';
import { StuckPanels, type StuckPanelTarget } from './stuckPanels.ts';

export type { StuckPanelTarget } from './stuckPanels.ts';

export interface StuckServices extends Pick<PanelServices, 'watchOf' | 'onDidChangeClusters'> {
  /** undefined where the cluster is not connected. @throws {HumanError} it cannot be reached. */
  readonly kafkaOf: (cluster: string) => Promise<Cluster> | undefined;
  /** Made when a record is first looked at: formats are many. */
  readonly decoderOf: (cluster: string) => Decoder | Promise<Decoder>;
  /** Fires with the cluster whose records may decode otherwise from now on. */
  readonly onDidChangeDecoders: (listener: Listener<string>) => Disposable;
  /** As they were chosen for a topic. */
  readonly formatsOf: (cluster: string, topic: string) => TopicFormats;
  readonly log: Log;
}

export interface StuckPanelsApi {
  /** Opens "What is it stuck on?" of a partition of a group, or shows the one that is open. */
  openStuck(target: StuckPanelTarget): void;
}

/** Makes the page known to VS Code; it ends with the extension. */
export function registerStuckPanels(
  context: vscode.ExtensionContext,
  services: StuckServices,
  documents: RecordDocuments,
): StuckPanelsApi {
  const panels = new StuckPanels(context.extensionUri, services, documents);
  context.subscriptions.push(panels, vscode.window.registerWebviewPanelSerializer(panelTypes.stuck, panels));
  return { openStuck: (target) => panels.open(target) };
}
