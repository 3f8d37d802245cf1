import * as vscode from 'vscode';
import type { LogZone } from '../../../history/logs/lineTime.ts';
import { throwIfCancelled } from '../../../shared/errors.ts';
import { t } from '../../../shared/l10n.ts';
import { timeWords } from '../../../shared/times.ts';
import { askOne, askText } from '../../ask.ts';
import { registerCommands, showError } from '../../commands/registerCommands.ts';
import { pickName } from '../../commands/steps.ts';
import { clusterOf } from '../../commands/targets.ts';
import type { Connections } from '../../connections/connections.ts';
import { commands } from '../../contributions.ts';
import type { Log } from '../../log.ts';
import type { AssignmentServices } from '../assignments/services.ts';
import { registerLogLines } from './logLines.ts';
import { registerLogLinks } from './logLinks.ts';
import { LogStore, type ReadFile } from './logStore.ts';
import { parseZone, summaryOf, zoneText } from './summary.ts';
import { withLogs } from './withLogs.ts';

export interface LogServices {
  readonly connections: Pick<Connections, 'entries'>;
  readonly openAssignments: (target: { readonly cluster: string; readonly group: string }) => void;
  readonly log: Log;
}

export interface LogsApi {
  /** Lays on followed histories what the opened logs tell. */
  withLogs(follow: AssignmentServices['followHistory']): AssignmentServices['followHistory'];
}

/** `Open Broker or Client Log`. What is read stays for as long as the window is open. */
export function registerLogs(context: vscode.ExtensionContext, services: LogServices): LogsApi {
  const { connections, log } = services;
  const store = new LogStore((error) => log.error(error, 'broker and client logs'));
  context.subscriptions.push(
    store,
    registerLogLines(),
    registerLogLinks(store),
    registerCommands(
      {
        [commands.openLog]: async (clicked) => {
          const names = connections.entries.map(({ name }) => name);
          const cluster =
            clusterOf(clicked) ??
            (await pickName(names, t('Cluster that the log is of'), t('No cluster is known yet.')));
          const files = cluster === undefined ? undefined : await pickFiles();
          if (cluster === undefined || files === undefined) return;
          await openLogs(cluster, files, 'local', store, services);
        },
      },
      log,
    ),
  );
  return { withLogs: (follow) => withLogs(follow, store) };
}

/** The active editor's file where the person wants it, else of a dialog. */
async function pickFiles(): Promise<readonly string[] | undefined> {
  const active = activeFile();
  if (active !== undefined) {
    const choose = t('Choose files...');
    const items = [
      { label: vscode.workspace.asRelativePath(active), description: t('active editor') },
      { label: choose },
    ];
    const picked = await askOne(items, { title: t('Broker or client log') });
    if (picked === undefined) return undefined;
    if (picked.label !== choose) return [active.fsPath];
  }
  const uris = await vscode.window.showOpenDialog({
    canSelectMany: true,
    openLabel: t('Read Log'),
    title: t('Logs of brokers, or of consumers (Java, librdkafka, kafkajs); also packed with gzip or zstd'),
  });
  return uris?.map(({ fsPath }) => fsPath);
}

/** A file that is too large for a text editor has a tab too. */
function activeFile(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const uri = input instanceof vscode.TabInputText ? input.uri : vscode.window.activeTextEditor?.document.uri;
  return uri?.scheme === 'file' ? uri : undefined;
}

async function openLogs(
  cluster: string,
  files: readonly string[],
  zone: LogZone,
  store: LogStore,
  services: LogServices,
): Promise<void> {
  const read = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: t('Reading logs'), cancellable: true },
    (progress, token) => readAll(files, zone, progress, token),
  );
  store.add(cluster, read);
  // Not awaited: the message may stand for as long as it likes.
  void offer(cluster, read, zone, store, services).catch((error: unknown) =>
    showError(error, 'broker and client logs', services.log),
  );
}

/** Says what was found, and what can be done with it. */
async function offer(
  cluster: string,
  read: readonly ReadFile[],
  zone: LogZone,
  store: LogStore,
  services: LogServices,
): Promise<void> {
  const { text, groups, isZoneAssumed } = summaryOf(read, timeWords);
  const show = t('Open Assignment History');
  const otherZone = t('Time Zone...');
  const actions = [...(groups.length > 0 ? [show] : []), ...(isZoneAssumed ? [otherZone] : [])];
  const message = groups.length > 0 ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
  const picked = await message(text, ...actions);
  if (picked === show) {
    const group = await pickName(groups, t('Group'), t('No group is named.'));
    if (group !== undefined) services.openAssignments({ cluster, group });
  } else if (picked === otherZone) {
    const other = await askZone(zone);
    const files = read.map(({ file }) => file);
    if (other !== undefined) await openLogs(cluster, files, other, store, services);
  }
}

async function readAll(
  files: readonly string[],
  zone: LogZone,
  progress: vscode.Progress<{ message?: string; increment?: number }>,
  token: vscode.CancellationToken,
): Promise<ReadFile[]> {
  const cancel = new AbortController();
  const listening = token.onCancellationRequested(() => cancel.abort());
  try {
    const { readLogFile } = await import('../../../history/logs/openLogFile.ts');
    const read: ReadFile[] = [];
    for (const file of files) {
      throwIfCancelled(cancel.signal);
      let shown = 0;
      const reading = await readLogFile(file, {
        zone,
        signal: cancel.signal,
        progress: (done, total) => {
          const percent = total === 0 ? 100 : Math.floor((done / total) * 100);
          if (percent <= shown) return;
          progress.report({
            message: vscode.workspace.asRelativePath(file),
            increment: (percent - shown) / files.length,
          });
          shown = percent;
        },
      });
      read.push({ file, zone, reading });
    }
    return read;
  } finally {
    listening.dispose();
  }
}

async function askZone(current: LogZone): Promise<LogZone | undefined> {
  const other = t('Other offset...');
  const items = [
    { label: t("This machine's time zone"), zone: 'local' as const },
    { label: t('UTC'), zone: 'utc' as const },
    { label: other, zone: undefined },
  ].map((item) => ({ ...item, ...(item.zone === current ? { description: t('current') } : {}) }));
  const picked = await askOne(items, {
    title: t('Time zone in which the log was written'),
    placeHolder: t('Now: {0}', zoneText(current)),
  });
  if (picked === undefined || picked.zone !== undefined) return picked?.zone;
  const typed = await askText({
    title: t('Time zone in which the log was written'),
    prompt: t('Offset from UTC, such as +02:00 or -05:30.'),
    validateInput: (text) => (parseZone(text) === undefined ? t('Not an offset: write it as +02:00.') : undefined),
  });
  return typed === undefined ? undefined : parseZone(typed);
}
