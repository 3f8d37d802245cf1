import * as vscode from 'vscode';
import { panels as panelTypes, views } from '../contributions.ts';
import type { Log } from '../log.ts';
import type { GroupTarget } from './groupTabs.ts';
import { LagPanels } from './lagPanels.ts';
import { LagView } from './lagView.ts';
import type { PanelServices } from './services.ts';

export type { PanelServices } from './services.ts';

export interface LagPanelsApi {
  /** Opens the lag page of a group, or shows the one that is open. */
  openLag(target: GroupTarget): void;
}

/** Makes the docked view and the lag pages known to VS Code; both end with the extension. */
export function registerLagPanels(
  context: vscode.ExtensionContext,
  services: PanelServices & { readonly log: Log },
): LagPanelsApi {
  const panels = new LagPanels(context.extensionUri, services);
  const openLag = (target: GroupTarget): void => panels.open(target);
  context.subscriptions.push(
    panels,
    vscode.window.registerWebviewPanelSerializer(panelTypes.lag, panels),
    vscode.window.registerWebviewViewProvider(views.lag, new LagView(context.extensionUri, services, openLag)),
  );
  return { openLag };
}
