import * as vscode from 'vscode';
import { topicsCommand } from '../../../changes/topicsCommand.ts';
import type { TopicPlan } from '../../../changes/topicsPlan.ts';
import type { Cluster } from '../../../kafka/cluster.ts';
import { HumanError } from '../../../shared/errors.ts';
import { t } from '../../../shared/l10n.ts';
import { visibleText } from '../../../shared/visibleText.ts';
import { confirmChange, refuseReadOnly } from '../../changes/confirm.ts';
import type { ChangeJournal } from '../../changes/journalOf.ts';
import { pickCluster, pickTopic, topicOf, type TopicTarget } from '../../commands/pickTopic.ts';
import { showError, type Handler } from '../../commands/registerCommands.ts';
import { refsOf } from '../../commands/targets.ts';
import type { Connections } from '../../connections/connections.ts';
import { commands } from '../../contributions.ts';
import type { Log } from '../../log.ts';
import { askNewTopic, askOffsets, askPartitionCount } from './topicSteps.ts';

type Commands = typeof commands;
type TopicCommandIds = Commands['createTopic' | 'deleteTopic' | 'addPartitions' | 'deleteRecords'];

/** The commands that make, widen, empty and delete topics: each shows what it does to groups before it does it. */
export function topicCommands(
  connections: Connections,
  journal: ChangeJournal,
  log: Log,
): Record<TopicCommandIds, Handler> {
  const one = async (clicked: unknown): Promise<TopicTarget | undefined> => {
    const known = topicOf(clicked);
    const cluster = known?.cluster ?? (await pickCluster(connections, clicked));
    if (cluster === undefined) return undefined;
    refuseReadOnly(connections, cluster);
    if (known !== undefined) return known;
    const topic = await pickTopic(connections, cluster);
    return topic === undefined ? undefined : { cluster, topic };
  };

  const run = (cluster: string, plan: TopicPlan, title: string, action: string): Promise<boolean> =>
    confirmAndExecute(connections, journal, cluster, plan, title, action);

  return {
    [commands.createTopic]: async (clicked) => {
      const cluster = await pickCluster(connections, clicked);
      if (cluster === undefined) return;
      refuseReadOnly(connections, cluster);
      const kafka = await kafkaOf(connections, cluster);
      const plans = await import('../../../changes/topicsCreate.ts');
      const plan = await askNewTopic((topic) => plans.planCreateTopic(kafka, topic, snapshotOf(connections, cluster)));
      if (plan === undefined) return;
      const title = t('Create topic {0} on {1}?', visibleText(plan.topic), cluster);
      await run(cluster, plan, title, t('Create Topic'));
    },

    [commands.deleteTopic]: async (clicked, selected) => {
      const chosen = topicsOf(clicked, selected);
      const targets = chosen.length > 0 ? chosen : [await one(clicked)].filter((target) => target !== undefined);
      const failures: string[] = [];
      for (const { cluster, topic } of targets) {
        refuseReadOnly(connections, cluster);
        const kafka = await kafkaOf(connections, cluster);
        const { planDeleteTopic } = await import('../../../changes/topicsPlan.ts');
        try {
          const plan = await planDeleteTopic(kafka, topic, snapshotOf(connections, cluster));
          const title = t('Delete topic {0} of {1}?', visibleText(topic), cluster);
          if (!(await run(cluster, plan, title, t('Delete Topic')))) break;
        } catch (error) {
          if (targets.length === 1 || !(error instanceof HumanError)) throw error;
          failures.push(error.message);
        }
      }
      if (failures.length > 0) await showError(new HumanError(failures.join(' ')), 'delete topics', log);
    },

    [commands.addPartitions]: async (clicked) => {
      const target = await one(clicked);
      if (target === undefined) return;
      const { cluster, topic } = target;
      const kafka = await kafkaOf(connections, cluster);
      const { planAddPartitions, topicNow } = await import('../../../changes/topicsPlan.ts');
      const now = (await topicNow(kafka, topic)).partitions.length;
      const to = await askPartitionCount(topic, now);
      if (to === undefined) return;
      const plan = await planAddPartitions(kafka, topic, to, snapshotOf(connections, cluster));
      const title = t('Add partitions to {0} on {1}?', visibleText(topic), cluster);
      await run(cluster, plan, title, t('Add Partitions'));
    },

    [commands.deleteRecords]: async (clicked) => {
      const target = await one(clicked);
      if (target === undefined) return;
      const { cluster, topic } = target;
      const kafka = await kafkaOf(connections, cluster);
      const { planDeleteRecords, topicNow } = await import('../../../changes/topicsPlan.ts');
      const partitions = (await topicNow(kafka, topic)).partitions.map(({ partition }) => partition);
      const before = await askOffsets(target, partitions);
      if (before === undefined) return;
      const plan = await planDeleteRecords(kafka, topic, before, snapshotOf(connections, cluster));
      const title = t('Delete records of {0} on {1}?', visibleText(topic), cluster);
      await run(cluster, plan, title, t('Delete Records'));
    },
  };
}

/** The topics among the rows that are selected, or the one that was clicked. */
function topicsOf(clicked: unknown, selected: unknown): TopicTarget[] {
  const refs = refsOf(clicked, selected);
  if (refs.length > 0) {
    return refs.flatMap((ref) => (ref.kind === 'topic' ? [{ cluster: ref.cluster, topic: ref.topic }] : []));
  }
  const named = topicOf(clicked);
  return named === undefined ? [] : [named];
}

async function kafkaOf(connections: Connections, cluster: string): Promise<Cluster> {
  const open = connections.cluster(cluster);
  if (open === undefined) throw new HumanError(t('{0} is not connected.', cluster), t('Connect it in the tree.'));
  const watch = connections.watchOf(cluster);
  // What the plan says of groups is what they do now, where they can be asked.
  await watch?.refresh().catch(() => {});
  return open.kafka();
}

function snapshotOf(
  connections: Connections,
  cluster: string,
): NonNullable<ReturnType<Connections['watchOf']>>['snapshot'] {
  return connections.watchOf(cluster)?.snapshot;
}

/** Whether it was done. @throws {HumanError} it cannot be done, or was not. */
async function confirmAndExecute(
  connections: Connections,
  changeJournal: ChangeJournal,
  cluster: string,
  plan: TopicPlan,
  question: string,
  action: string,
): Promise<boolean> {
  if (plan.problem !== undefined) throw new HumanError(plan.problem);
  const { topic: subject } = plan;
  const bootstrap = connections.entry(cluster)?.profile.bootstrapServers.join(',') ?? '';
  const sentences = [...plan.sentences, t('The same on the command line: {0}', topicsCommand(bootstrap, plan))];
  if (!(await confirmChange(connections, { cluster, subject, question, sentences, action }))) return false;
  const journal = await changeJournal.openOrAsk();
  if (journal === 'cancelled') return false;
  const title = t('{0}: {1}', action, visibleText(subject));
  const { executeTopicPlan } = await import('../../../changes/topicsExecute.ts');
  const kafka = await kafkaOf(connections, cluster);
  const { outcome, message, unrecorded } = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title },
    () => executeTopicPlan(kafka, plan, { cluster, journal }),
  );
  changeJournal.changed();
  await connections
    .watchOf(cluster)
    ?.refresh()
    .catch(() => {});
  if (unrecorded !== undefined) {
    void vscode.window.showWarningMessage(t('The result could not be written down: {0}', unrecorded));
  }
  if (outcome === 'done') {
    void vscode.window.setStatusBarMessage(`$(check) ${title}`, 5_000);
    return true;
  }
  throw new HumanError(message ?? outcome);
}
