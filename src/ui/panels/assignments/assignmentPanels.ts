import * as vscode from 'vscode';
import { t } from '../../../shared/l10n.ts';
import { commands } from '../../contributions.ts';
import type { Log } from '../../log.ts';
import { saveFile, type FileFormat } from '../../saveFile.ts';
import { showLogLine } from '../logs/logLines.ts';
import { GroupTabs, type GroupTarget } from '../groupTabs.ts';
import { partitionOfKey } from '../protocol.ts';
import { AssignmentFeed, type LineRef } from './assignmentFeed.ts';
import { exportHistory } from './exportHistory.ts';
import type { FromAssignmentsPage } from './protocol.ts';
import type { AssignmentServices } from './services.ts';

export interface AssignmentsTarget extends GroupTarget {
  /** A line of a log that was opened, to whose moment to go. */
  readonly line?: LineRef | undefined;
}

/** The editor tabs that show who owned which partition of a group when, one a group. */
export class AssignmentPanels extends GroupTabs<AssignmentFeed, FromAssignmentsPage> {
  readonly #services: AssignmentServices;

  constructor(extensionUri: vscode.Uri, services: AssignmentServices & { readonly log: Log }) {
    super({ page: 'assignments', extensionUri, log: services.log });
    this.#services = services;
  }

  open(target: AssignmentsTarget): void {
    const { panel, feed, isNew } = this.show(target);
    if (!isNew && target.key !== undefined) feed.select(target.key);
    if (target.line !== undefined) feed.showLine(target.line);
    if (isNew && panel.visible) feed.prepare();
  }

  protected titleOf({ group }: GroupTarget): string {
    return t('{0} - Assignment history', group);
  }

  protected feedOf({ cluster, group }: GroupTarget, send: (message: object) => void): AssignmentFeed {
    return new AssignmentFeed({ cluster, group, services: this.#services, send });
  }

  protected receive(message: FromAssignmentsPage, feed: AssignmentFeed, target: GroupTarget): Promise<void> | void {
    switch (message.type) {
      case 'ready':
        feed.start();
        return;
      case 'pause':
        feed.pause(message.paused);
        return;
      case 'retry':
        feed.retry();
        return;
      case 'copy':
        void vscode.env.clipboard.writeText(message.text);
        return;
      case 'moves':
        feed.moves(message.rebalance);
        return;
      case 'meanwhile':
        feed.meanwhile(message.rebalances);
        return;
      case 'lags':
        feed.lags(message.keys);
        return;
      case 'openLag': {
        const { cluster, group } = target;
        void vscode.commands.executeCommand(commands.openLag, {
          cluster,
          group,
          ...(message.key === undefined ? {} : partitionOfKey(message.key)),
        });
        return;
      }
      case 'openLine':
        return openLine(message.file, message.line, feed);
      case 'export':
        return exportAll(message.format, feed, target);
      case 'picture': {
        const picture = message.format === 'svg' ? message.data : Buffer.from(message.data, 'base64');
        return save(target, message.format, picture);
      }
    }
  }
}

async function exportAll(format: 'json' | 'csv', feed: AssignmentFeed, target: GroupTarget): Promise<void> {
  const { history } = feed;
  if (history === undefined) return;
  await save(target, format, exportHistory(target.cluster, history, format));
}

/** Only what the history itself names is opened: a page could be made to ask for any file. */
async function openLine(file: string, line: number, { history }: AssignmentFeed): Promise<void> {
  if (history?.lines?.some((one) => one.file === file && one.line === line) !== true) return;
  await showLogLine(file, line);
}

function save({ group }: GroupTarget, format: FileFormat, content: string | Uint8Array): Promise<void> {
  return saveFile({
    name: `${group}-assignments`,
    format,
    title: t('Export assignment history of {0}', group),
    content,
  });
}
