import * as vscode from 'vscode';
import type { OffsetPlan } from '../../../groups/plan/plan.ts';
import { HumanError, isCancelled } from '../../../shared/errors.ts';
import { t } from '../../../shared/l10n.ts';
import { askOne } from '../../ask.ts';
import { confirmChange, refuseReadOnly } from '../../changes/confirm.ts';
import { outcomeSentence, planSentences } from '../../changes/planSentences.ts';
import { offerGroups } from '../../commands/offerGroups.ts';
import { registerCommands } from '../../commands/registerCommands.ts';
import { pickPartition } from '../../commands/stuckCommands.ts';
import { refsOf } from '../../commands/targets.ts';
import { pickGroup } from '../../commands/viewCommands.ts';
import { commands, panels } from '../../contributions.ts';
import { notConnected } from '../../connections/notConnected.ts';
import { targetOf } from './openTarget.ts';
import { undoTask } from './planTask.ts';
import { ResetPanels, type ResetServices } from './resetPanels.ts';
import { formOf, namedTarget, type NamedTarget } from './resetTarget.ts';
import { askSeek, type SeekPlace } from './seek.ts';

export type { ResetServices } from './resetPanels.ts';

export interface ResetCommandServices extends ResetServices {
  /** What is selected in the tree: a keybinding hands nothing over. */
  readonly selected: () => readonly unknown[];
}

/** Makes the page that changes offsets, and its commands, known to VS Code; all end with the extension. */
export function registerReset(context: vscode.ExtensionContext, services: ResetCommandServices): void {
  const { connections, journal, log } = services;
  const pages = new ResetPanels(context.extensionUri, services);

  const target = (clicked: unknown, selected?: unknown): NamedTarget | undefined => {
    const refs: readonly unknown[] = refsOf(clicked, selected);
    return namedTarget(refs.length > 0 ? refs : clicked === undefined ? services.selected() : [clicked]);
  };
  const withGroup = async (
    named: NamedTarget | undefined,
  ): Promise<(NamedTarget & { readonly group: string }) | undefined> => {
    if (named !== undefined) refuseReadOnly(connections, named.cluster);
    if (named?.group !== undefined) return { ...named, group: named.group };
    const picked = await (named === undefined || named.topics.length === 0
      ? pickGroup(connections, named?.cluster)
      : pickReader(named.cluster, named.topics[0]!.topic));
    if (picked === undefined) return undefined;
    refuseReadOnly(connections, picked.cluster);
    return { topics: [], record: undefined, ...named, ...picked };
  };
  /** Those that read a topic come first. */
  const pickReader = async (
    cluster: string,
    topic: string,
  ): Promise<{ cluster: string; group: string } | undefined> => {
    const watch = connections.watchOf(cluster);
    if (watch === undefined) throw notConnected(cluster);
    const groups = await offerGroups(watch, (all) => {
      const reads = new Set(all.filter(({ partitions }) => partitions.some((one) => one.topic === topic)));
      return all
        .toSorted((a, b) => Number(reads.has(b)) - Number(reads.has(a)))
        .map((group) => ({
          label: group.id,
          description: reads.has(group) ? t('{0}, reads {1}', group.state, topic) : group.state,
        }));
    });
    if (groups === undefined) throw new HumanError(t('{0} has no groups.', cluster));
    const picked = await askOne(groups, { title: t('Reset offsets'), placeHolder: t('Group') });
    return picked && { cluster, group: picked.label };
  };
  const place = async (
    clicked: unknown,
    selected?: unknown,
  ): Promise<(SeekPlace & { readonly offset: bigint | undefined }) | undefined> => {
    const found = await withGroup(target(clicked, selected));
    if (found === undefined) return undefined;
    const { cluster, group, topics, record } = found;
    if (record !== undefined) return { cluster, group, ...record };
    const [only] = topics;
    if (only !== undefined && /^\d+$/.test(only.partitions)) {
      return { cluster, group, topic: only.topic, partition: Number(only.partitions), offset: undefined };
    }
    const picked = await pickPartition(connections, cluster, group, t('Partition of {0}', group));
    return picked && { cluster, group, ...picked, offset: undefined };
  };
  const committedAt = ({ cluster, group, topic, partition }: SeekPlace): bigint | undefined => {
    const partitions = connections.watchOf(cluster)?.snapshot?.groups.get(group)?.partitions ?? [];
    const found = partitions.find((one) => one.topic === topic && one.partition === partition);
    return found !== undefined && 'value' in found.commit ? found.commit.value?.offset : undefined;
  };

  const reset = async (clicked: unknown, selected: unknown): Promise<void> => {
    const found = await withGroup(target(clicked, selected));
    if (found !== undefined) pages.openForm(found.cluster, found.group, formOf(found));
  };

  const seek = async (clicked: unknown, selected: unknown): Promise<void> => {
    const at = await place(clicked, selected);
    if (at === undefined) return;
    const open = async (): Promise<ReturnType<typeof targetOf>> => {
      const cluster = connections.cluster(at.cluster);
      if (cluster === undefined) throw notConnected(at.cluster);
      return targetOf(await cluster.kafka(), at.cluster, () => services.decoderOf(at.cluster));
    };
    const choice = await askSeek(at, committedAt(at), open);
    if (choice?.kind === 'page') pages.openForm(at.cluster, at.group, choice.form);
    if (choice?.kind === 'execute') await executeSeek(at, choice.planned.plan, open);
  };

  const executeSeek = async (
    at: SeekPlace,
    plan: OffsetPlan,
    open: () => Promise<ReturnType<typeof targetOf>>,
  ): Promise<void> => {
    const name = `${at.topic}-${at.partition}`;
    const question = t('Seek {0} of {1} on {2}?', name, at.group, at.cluster);
    const wanted = {
      cluster: at.cluster,
      subject: at.group,
      question,
      sentences: planSentences(plan),
      action: t('Seek'),
    };
    if (!(await confirmChange(connections, wanted))) return;
    const written = await journal.openOrAsk();
    if (written === 'cancelled') return;
    const progress = {
      location: vscode.ProgressLocation.Notification,
      title: t('Seeking {0}', name),
      cancellable: true,
    };
    const execution = await vscode.window
      .withProgress(progress, async (_, token) => {
        const cancel = new AbortController();
        token.onCancellationRequested(() => cancel.abort());
        return (await open()).execute(plan, { kind: 'seek', journal: written, signal: cancel.signal });
      })
      .then(undefined, (error: unknown) => {
        if (isCancelled(error)) return undefined;
        throw error;
      });
    if (execution === undefined) return;
    journal.changed();
    const { good, text } = outcomeSentence(execution.results);
    const why = execution.results.find(({ message }) => message !== undefined)?.message;
    const undo = t('Undo');
    const { id } = execution;
    const actions = id === undefined || !good ? [] : [undo];
    const told = `${name}: ${text}${why === undefined ? '' : ` ${why}`}`;
    connections
      .watchOf(at.cluster)
      ?.refresh()
      .catch((error: unknown) => log.error(error, `refresh ${at.cluster}`));
    const answer = await (good ? vscode.window.showInformationMessage : vscode.window.showWarningMessage)(
      told,
      ...actions,
    );
    if (answer === undo && id !== undefined) pages.openTask(undoTask(await journal.open(), id));
  };

  const skip = async (clicked: unknown, selected: unknown): Promise<void> => {
    const at = await place(clicked, selected);
    if (at === undefined) return;
    const { cluster, group, topic, partition } = at;
    const offset = at.offset ?? committedAt(at);
    const name = `${topic}-${partition}`;
    pages.openTask({
      cluster,
      group,
      title: t('Skip record'),
      description:
        offset === undefined
          ? t('Skips the record at the commit of {0}.', name)
          : t('Skips record {0} of {1}: the group goes on with {2}.', String(offset), name, String(offset + 1n)),
      kind: 'skip',
      plan: async (kafka, signal) => {
        const { planFor } = await import('../../../changes/gather.ts');
        const scope = { kind: 'topics', topics: [{ topic, partitions: [partition] }] } as const;
        // To a place, where it is known: a commit that moves meanwhile must not make it skip another record.
        const strategy =
          offset === undefined
            ? ({ kind: 'skip', count: 1n } as const)
            : ({ kind: 'record', topic, partition, offset: offset + 1n } as const);
        return planFor(kafka, { group, scope: offset === undefined ? scope : { kind: 'given' }, strategy }, signal);
      },
    });
  };

  context.subscriptions.push(
    pages,
    vscode.window.registerWebviewPanelSerializer(panels.reset, pages),
    registerCommands(
      { [commands.resetOffsets]: reset, [commands.seekPartition]: seek, [commands.skipRecord]: skip },
      log,
    ),
  );
}
