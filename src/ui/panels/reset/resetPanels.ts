import * as vscode from 'vscode';
import type { Decoder } from '../../../formats/decoder.ts';
import { formatOffsetsCsv, parseOffsetsCsv } from '../../../groups/plan/csv.ts';
import { HumanError } from '../../../shared/errors.ts';
import { t } from '../../../shared/l10n.ts';
import { confirmChange } from '../../changes/confirm.ts';
import type { ChangeJournal } from '../../changes/journalOf.ts';
import type { Connections } from '../../connections/connections.ts';
import { commands } from '../../contributions.ts';
import type { Log } from '../../log.ts';
import { notConnected } from '../../connections/notConnected.ts';
import { fileNameOf, saveFile } from '../../saveFile.ts';
import { PageTabs } from '../pageTabs.ts';
import { targetOf } from './openTarget.ts';
import { undoTask, type PlanTask } from './planTask.ts';
import type { FromResetPage, ResetForm, ResetPageState } from './protocol.ts';
import { ResetFeed } from './resetFeed.ts';
import type { ResetTarget } from './resetFeedOptions.ts';

export interface ResetServices {
  readonly connections: Connections;
  readonly journal: ChangeJournal;
  readonly decoderOf: (cluster: string) => Decoder | Promise<Decoder>;
  readonly log: Log;
}

interface ResetTabTarget {
  readonly cluster: string;
  readonly group: string;
  /** A plan that is no form's. */
  readonly task?: PlanTask;
}

/** The editor tabs in which a change of a group's offsets is planned and made: one a group, and one a task. */
export class ResetPanels extends PageTabs<ResetTabTarget, ResetFeed, FromResetPage, ResetPageState> {
  readonly #services: ResetServices;

  constructor(extensionUri: vscode.Uri, services: ResetServices) {
    super({ page: 'reset', extensionUri, log: services.log });
    this.#services = services;
  }

  /** The form for a group; what `form` holds goes into it. */
  openForm(cluster: string, group: string, form: Partial<ResetForm> | undefined): void {
    const { feed, isNew } = this.show({ cluster, group });
    if (form !== undefined || isNew) feed.fill(form ?? {});
  }

  openTask(task: PlanTask): void {
    const { cluster, group } = task;
    this.show({ cluster, group, task });
  }

  protected override idOf({ cluster, group, task }: ResetTabTarget): string {
    return JSON.stringify([cluster, group, ...(task === undefined ? [] : [task.title, task.description])]);
  }

  protected titleOf({ group, task }: ResetTabTarget): string {
    return task === undefined ? t('{0} - Reset offsets', group) : t('{0} - {1}', group, task.title);
  }

  /** Of a task its group's form. */
  protected restored({ cluster, group }: Partial<ResetPageState>): ResetTabTarget | undefined {
    return typeof cluster === 'string' && typeof group === 'string' ? { cluster, group } : undefined;
  }

  protected told({ cluster, group }: ResetTabTarget): Record<string, string> {
    return { cluster, group };
  }

  protected feedOf({ cluster, group, task }: ResetTabTarget, send: (message: object) => void): ResetFeed {
    const { connections, journal, log } = this.#services;
    return new ResetFeed({
      cluster,
      group,
      task,
      services: {
        watchOf: (name) => connections.watchOf(name),
        onDidChangeClusters: connections.onDidChangeClusters,
      },
      open: () => this.#target(cluster),
      profile: () => {
        const { production = false, readOnly = false, bootstrapServers } = connections.entry(cluster)?.profile ?? {};
        return { production, readOnly, bootstrapServers };
      },
      confirm: (sentences) =>
        confirmChange(connections, {
          cluster,
          subject: group,
          question: t('Change the offsets of {0} on {1}?', group, cluster),
          sentences,
          action: t('Execute'),
        }),
      journal: () => journal.openOrAsk(),
      undoOf: async (change) => undoTask(await journal.open(), change),
      onWritten: () => journal.changed(),
      send,
      onError: (error) => log.error(error, `offsets of ${group}`),
    });
  }

  protected override hidden(feed: ResetFeed): void {
    feed.stop();
  }

  async #target(cluster: string): Promise<ResetTarget> {
    const { connections, decoderOf } = this.#services;
    const open = connections.cluster(cluster);
    if (open === undefined) throw notConnected(cluster);
    return targetOf(await open.kafka(), cluster, () => decoderOf(cluster));
  }

  protected async receive(message: FromResetPage, feed: ResetFeed, { cluster, group }: ResetTabTarget): Promise<void> {
    switch (message.type) {
      case 'ready':
        feed.start(message.form);
        return;
      case 'form':
        return feed.form(message.form, message.edit);
      case 'retry':
        return feed.retry();
      case 'pickFile':
        return pickFile(feed);
      case 'peek':
        return feed.peek(message.key);
      case 'execute':
        return feed.execute(false);
      case 'wait':
        return feed.execute(true);
      case 'cancel':
        feed.cancel();
        return;
      case 'undo':
        return feed.undo();
      case 'form again':
        return feed.formAgain();
      case 'language':
        feed.language(message.language);
        return;
      case 'openJournal':
        await vscode.commands.executeCommand(commands.openJournal, { id: feed.changeId });
        return;
      case 'export':
        return exportPlan(feed, group, message.form === 'with group');
      case 'copy':
        await vscode.env.clipboard.writeText(message.text);
        return;
      case 'openLag':
        await vscode.commands.executeCommand(commands.openLag, { cluster, group });
        return;
    }
  }
}

/** A file of 10,000 groups with 1,000 partitions each is larger; nobody has that. */
const mostFileBytes = 64_000_000;

async function pickFile(feed: ResetFeed): Promise<void> {
  const filters = { [t('Offsets (CSV)')]: ['csv', 'txt'], [t('All files')]: ['*'] };
  const [uri] = (await vscode.window.showOpenDialog({ filters, openLabel: t('Use') })) ?? [];
  if (uri === undefined) return;
  const { size } = await vscode.workspace.fs.stat(uri);
  const name = fileNameOf(uri);
  if (size > mostFileBytes) throw new HumanError(t('{0} is too large to be a file of offsets.', name));
  const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  await feed.file(name, parseOffsetsCsv(text));
}

/** As `--export` of Kafka's tool writes what it planned. */
async function exportPlan(feed: ResetFeed, group: string, withGroup: boolean): Promise<void> {
  const rows = (feed.plan?.rows ?? []).flatMap(({ topic, partition, after }) =>
    after?.kind === 'commit' ? [{ group: withGroup ? group : undefined, topic, partition, offset: after.offset }] : [],
  );
  if (rows.length === 0) throw new HumanError(t('The plan sets no offsets: there is nothing to export.'));
  await saveFile({
    name: `${group}-offsets`,
    format: 'csv',
    title: t('Export the planned offsets of {0}', group),
    content: formatOffsetsCsv(rows),
    told: (file) => t('{0} partitions written to {1}.', rows.length, file),
  });
}
