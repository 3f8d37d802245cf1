import * as vscode from 'vscode';
import { panels } from '../../contributions.ts';
import type { Log } from '../../log.ts';
import type { RecordDocuments } from '../recordDocuments.ts';
import type { TailPageState, TailTarget } from './protocol.ts';
import type { TailServices } from './services.ts';
import type { TailPanels } from './tailPanels.ts';

export type { TailTarget } from './protocol.ts';
export type { TailServices, TopicFormats } from './services.ts';

export interface TailPanelsApi {
  /** Opens a tab that tails a topic. */
  openTail(target: TailTarget): Promise<void>;
}

/** Makes the tail pages known to VS Code; they end with the extension. What they are made of is loaded with the first. */
export function registerTailPanels(
  context: vscode.ExtensionContext,
  services: TailServices & { readonly log: Log },
  documents: RecordDocuments,
): TailPanelsApi {
  let loaded: Promise<TailPanels> | undefined;
  const load = (): Promise<TailPanels> => {
    loaded ??= import('./tailPanels.ts').then((module) => {
      const made = new module.TailPanels(context.extensionUri, services, documents);
      context.subscriptions.push(made);
      return made;
    });
    return loaded;
  };
  context.subscriptions.push(
    vscode.window.registerWebviewPanelSerializer(panels.tail, {
      deserializeWebviewPanel: async (panel, state: Partial<TailPageState> | undefined) =>
        (await load()).deserializeWebviewPanel(panel, state),
    }),
  );
  return { openTail: async (target) => (await load()).open(target) };
}
