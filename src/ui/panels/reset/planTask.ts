import type { GroupNow } from '../../../changes/groupNow.ts';
import type { ChangeKind, Journal } from '../../../changes/journal/entry.ts';
import type { OffsetPlan } from '../../../groups/plan/plan.ts';
import type { Cluster } from '../../../kafka/cluster.ts';
import type { Fact } from '../../../kafka/facts.ts';
import { HumanError } from '../../../shared/errors.ts';
import { t } from '../../../shared/l10n.ts';
import { timeWords } from '../../../shared/times.ts';

/** A plan with who is in its group. */
export interface Planned {
  readonly plan: OffsetPlan;
  readonly group: Fact<GroupNow>;
}

/** A change of a group's offsets that is no form's: the page of plans shows it, and makes it true when told so. */
export interface PlanTask {
  readonly cluster: string;
  readonly group: string;
  /** Of the page, such as "Undo". */
  readonly title: string;
  /** Where it comes from, a sentence. */
  readonly description: string;
  readonly kind: ChangeKind;
  /** Id of the change that it takes back. */
  readonly undoes?: string | undefined;
  readonly name?: string | undefined;
  /** As the cluster stands now; a dry run. @throws {HumanError} @throws {CancelledError} */
  plan(kafka: Cluster, signal: AbortSignal): Promise<Planned>;
}

/** The way back from a change that is in the journal. @throws {HumanError} it is not there. */
export function undoTask(journal: Journal, id: string): PlanTask {
  const entry = journal.get(id);
  if (entry === undefined) throw new HumanError(t('The change is not in the journal any more.'));
  return {
    cluster: entry.cluster,
    group: entry.subject,
    title: t('Undo'),
    description: t(
      'Brings the offsets of {0} back to what they were before the change of {1}.',
      entry.subject,
      timeWords(entry.when),
    ),
    kind: 'undo',
    undoes: id,
    plan: async (kafka, signal) => {
      const { undoFor } = await import('../../../changes/undo.ts');
      return undoFor(kafka, entry, signal);
    },
  };
}
