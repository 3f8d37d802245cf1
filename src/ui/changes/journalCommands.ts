import * as vscode from 'vscode';
import type { Journal, JournalLine } from '../../changes/journal/entry.ts';
import { HumanError, messageOf } from '../../shared/errors.ts';
import { t } from '../../shared/l10n.ts';
import { visibleText } from '../../shared/visibleText.ts';
import { timeWords } from '../../shared/times.ts';
import { askOne, askText } from '../ask.ts';
import { pickCluster } from '../commands/pickTopic.ts';
import { notConnected } from '../connections/notConnected.ts';
import { importFile } from '../panels/journal/journalPanel.ts';
import { kindWord } from '../panels/journal/kindWords.ts';
import { groupsFor, type ChangeCommandsOptions } from './changeCommands.ts';
import { groupsOf } from './changeTargets.ts';
import { refuseReadOnly } from './confirm.ts';
import type { ChangeJournal } from './journalOf.ts';
import { partitionCount } from '../../shared/counted.ts';

export interface JournalCommandsOptions extends ChangeCommandsOptions {
  readonly journal: ChangeJournal;
  readonly openJournal: (id?: string) => void;
}

/** Keeps the offsets of groups under a name. Writes nothing to Kafka. */
export async function snapshotOffsets(
  { connections, journal, openJournal }: JournalCommandsOptions,
  clicked: unknown,
  selected: unknown,
): Promise<void> {
  const groups = await groupsFor(connections, clicked, selected, false);
  if (groups.size === 0) return;
  const all = [...groups.values()].flat();
  const name = await askText({
    title: t('Snapshot Offsets'),
    prompt: t('What the snapshot of {0} is to be called', all.map(visibleText).join(', ')),
    value: new Date().toLocaleString(),
    validateInput: (value) => (value.trim() === '' ? t('It needs a name.') : undefined),
  });
  if (name === undefined || name.trim() === '') return;
  const [into, undo] = await Promise.all([journal.open(), import('../../changes/undo.ts')]);
  const failed: string[] = [];
  let last: string | undefined;
  let kept = 0;
  for (const [cluster, names] of groups) {
    const open = connections.cluster(cluster);
    if (open === undefined) throw notConnected(cluster);
    const kafka = await open.kafka();
    for (const group of names) {
      try {
        last = await undo.snapshotOffsets(kafka, group, { cluster, name: name.trim(), journal: into });
        kept++;
      } catch (error) {
        failed.push(t('{0}: {1}', visibleText(group), messageOf(error)));
      }
    }
  }
  journal.changed();
  if (kept === 0) throw new HumanError(failed.join(' '));
  const told = kept === 1 ? t('The offsets of 1 group are kept.') : t('The offsets of {0} groups are kept.', kept);
  const show = t('Open Journal');
  const answer =
    failed.length === 0
      ? await vscode.window.showInformationMessage(told, show)
      : await vscode.window.showWarningMessage(`${told} ${failed.join(' ')}`, show);
  if (answer === show) openJournal(last);
}

/** Back to a snapshot: the one that a caller names, else one that is asked for. */
export async function restoreOffsets(options: JournalCommandsOptions, clicked: unknown): Promise<void> {
  const { connections, open, journal } = options;
  const [known] = groupsOf(clicked, undefined);
  if (known !== undefined) refuseReadOnly(connections, known[0]);
  const line = named(await journal.open(), clicked) ?? (await pickSnapshot(journal, known?.[1][0]));
  if (line === undefined) return;
  const isHere = connections.entry(line.cluster) !== undefined;
  const cluster = known?.[0] ?? (isHere ? line.cluster : await pickCluster(connections, undefined));
  if (cluster === undefined) return;
  refuseReadOnly(connections, cluster);
  open({ kind: 'restore', cluster, entry: line.id, group: known?.[1][0] ?? line.subject });
}

/** Takes a change back: the one that a caller names, else one of those of the group, or of all, that is asked for. */
export async function undoOffsetChange(options: JournalCommandsOptions, clicked: unknown): Promise<void> {
  const { connections, open, journal } = options;
  const from = await journal.open();
  let line: Named | undefined = named(from, clicked);
  if (line === undefined) {
    const [known] = groupsOf(clicked, undefined);
    const cluster = known?.[0];
    const group = known?.[1][0];
    const undone = new Set(from.list().flatMap(({ undoes, state }) => (state === 'done' && undoes ? [undoes] : [])));
    const lines = from
      .list()
      .filter((each) => undoable.has(each.kind) && each.state !== 'executing' && !undone.has(each.id))
      .filter((each) => group === undefined || (each.subject === group && each.cluster === cluster));
    if (lines.length === 0) {
      const text =
        group === undefined
          ? t('No change was made from here that could be undone.')
          : t('No change of {0} was made from here that could be undone.', visibleText(group));
      void vscode.window.showInformationMessage(text);
      return;
    }
    const title = group === undefined ? t('Undo which change?') : t('Undo which change of {0}?', visibleText(group));
    line = (await askOne(lines.map(itemOf), { title, matchOnDescription: true }))?.line;
  }
  if (line === undefined) return;
  refuseReadOnly(connections, line.cluster);
  const { id, cluster, subject } = line;
  open({ kind: 'undo', cluster, entries: [id], ...(subject === '' ? {} : { subject }) });
}

const undoable: ReadonlySet<JournalLine['kind']> = new Set([
  'reset',
  'seek',
  'skip',
  'copy',
  'undo',
  'restore',
  'delete-offsets',
  'delete-group',
  'alter-configs',
] as const);

type Named = Pick<JournalLine, 'id' | 'cluster' | 'subject'>;

/** The entry whose id a caller gives. */
function named(journal: Journal, clicked: unknown): Named | undefined {
  const id = typeof clicked === 'object' && clicked !== null ? (clicked as { id?: unknown }).id : undefined;
  return typeof id === 'string' ? journal.get(id) : undefined;
}

async function pickSnapshot(journal: ChangeJournal, group: string | undefined): Promise<JournalLine | undefined> {
  for (;;) {
    const snapshots = (await journal.open()).list().filter(({ kind }) => kind === 'snapshot');
    // Those of the group itself first.
    const sorted = snapshots.toSorted((a, b) => Number(b.subject === group) - Number(a.subject === group));
    type Item = vscode.QuickPickItem & { readonly line: JournalLine | undefined };
    const file: Item = { label: t('From a file...'), iconPath: new vscode.ThemeIcon('folder-opened'), line: undefined };
    const picked = await askOne<Item>([...sorted.map(itemOf), file], {
      title: group === undefined ? t('Restore offsets') : t('Restore the offsets of {0}', visibleText(group)),
      placeHolder: snapshots.length === 0 ? t('There is no snapshot yet. Snapshot Offsets makes one.') : t('Snapshot'),
      matchOnDescription: true,
    });
    if (picked === undefined) return undefined;
    if (picked.line !== undefined) return picked.line;
    if (!(await importFile(journal))) return undefined;
  }
}

function itemOf(line: JournalLine): vscode.QuickPickItem & { readonly line: JournalLine } {
  const { kind, name, subject, cluster, when, partitions } = line;
  return {
    label: kind === 'snapshot' && name !== undefined ? visibleText(name) : kindWord(kind),
    description: `${visibleText(subject)}, ${partitionCount(partitions)}`,
    detail: `${timeWords(when)}, ${visibleText(cluster)}`,
    line,
  };
}
