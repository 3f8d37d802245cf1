import * as vscode from 'vscode';
import { topicsCommand } from '../../../changes/topicsCommand.ts';
import type { TopicPlan } from '../../../changes/topicsPlan.ts';
import type { Cluster } from '../../../kafka/cluster.ts';
import { HumanError } from '../../../shared/errors.ts';
import { t } from '../../../shared/l10n.ts';
import { visibleText } from '../../../shared/visibleText.ts';
import { confirmChange, refuseReadOnly } from '../../changes/confirm.ts';
import type { ChangeJournal } from '../../changes/journalOf.ts';
import { pickCluster } from '../../commands/pickTopic.ts';
import type { Handler } from '../../commands/registerCommands.ts';
import type { Connections } from '../../connections/connections.ts';
import { commands } from '../../contributions.ts';
import { askNewTopic } from './topicSteps.ts';

/** The command that makes a topic: it shows what it does to groups before it does it. */
export function topicCommands(
  connections: Connections,
  journal: ChangeJournal,
): Record<(typeof commands)['createTopic'], Handler> {
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
      await confirmAndExecute(connections, journal, cluster, plan, title, t('Create Topic'));
    },
  };
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

/** @throws {HumanError} it cannot be done, or was not. */
async function confirmAndExecute(
  connections: Connections,
  changeJournal: ChangeJournal,
  cluster: string,
  plan: TopicPlan,
  question: string,
  action: string,
): Promise<void> {
  if (plan.problem !== undefined) throw new HumanError(plan.problem);
  const { topic: subject } = plan;
  const bootstrap = connections.entry(cluster)?.profile.bootstrapServers.join(',') ?? '';
  const sentences = [...plan.sentences, t('The same on the command line: {0}', topicsCommand(bootstrap, plan))];
  if (!(await confirmChange(connections, { cluster, subject, question, sentences, action }))) return;
  const journal = await changeJournal.openOrAsk();
  if (journal === 'cancelled') return;
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
  if (outcome !== 'done') throw new HumanError(message ?? outcome);
  void vscode.window.setStatusBarMessage(`$(check) ${title}`, 5_000);
}
