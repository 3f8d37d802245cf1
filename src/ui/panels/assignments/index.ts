import * as vscode from 'vscode';
import { panels as panelTypes } from '../../contributions.ts';
import type { Log } from '../../log.ts';
import { AssignmentPanels, type AssignmentsTarget } from './assignmentPanels.ts';
import { HistoryFollower, type FollowServices } from './followHistory.ts';
import type { AssignmentServices } from './services.ts';

export type { AssignmentsTarget } from './assignmentPanels.ts';

export interface AssignmentPanelsApi {
  /** Opens the assignment history of a group, or shows the one that is open. */
  openAssignments(target: AssignmentsTarget): void;
}

/** Makes the page known to VS Code; it ends with the extension. */
export function registerAssignments(
  context: vscode.ExtensionContext,
  services: Omit<AssignmentServices, 'followHistory' | 'recordsMeanwhile'> &
    FollowServices & {
      readonly log: Log;
      /** Lays on a history what else is known: logs. */
      readonly laidOver: (follow: AssignmentServices['followHistory']) => AssignmentServices['followHistory'];
    },
): AssignmentPanelsApi {
  const follower = new HistoryFollower(context.globalStorageUri, services);
  const panels = new AssignmentPanels(context.extensionUri, {
    ...services,
    followHistory: services.laidOver(follower.follow),
    recordsMeanwhile: follower.recordsMeanwhile,
  });
  context.subscriptions.push(
    panels,
    follower,
    vscode.window.registerWebviewPanelSerializer(panelTypes.assignments, panels),
  );
  return { openAssignments: (target) => panels.open(target) };
}
