import type { RowResult } from '../../changes/results.ts';
import type { OffsetPlan } from '../../groups/plan/plan.ts';
import { partitionCount } from '../../shared/counted.ts';
import { formatCount } from '../../shared/format.ts';
import { t } from '../../shared/l10n.ts';

/** What a plan will do, a sentence each, what matters most first. */
export function planSentences(plan: Pick<OffsetPlan, 'totals'>): string[] {
  const { writes, unchanged, deletes, clamped, errors, again, skipped, unknown } = plan.totals;
  const sets = writes - deletes;
  const said: string[] = [];
  if (sets > 0) {
    const still =
      unchanged === 0
        ? ''
        : unchanged === 1
          ? t('; 1 of them stays where it is')
          : t('; {0} of them stay where they are', formatCount(unchanged));
    said.push(`${sets === 1 ? t('Sets 1 partition') : t('Sets {0} partitions', formatCount(sets))}${still}.`);
    if (unknown - deletes < sets) {
      said.push(
        again === 1n
          ? t('1 offset will be processed again, {0} skipped.', formatCount(skipped))
          : t('{0} offsets will be processed again, {1} skipped.', formatCount(again), formatCount(skipped)),
      );
    }
    if (unknown - deletes > 0) {
      said.push(t('Of {0} nobody can know what is skipped or repeated.', partitionCount(unknown - deletes)));
    }
  }
  if (deletes > 0) {
    said.push(
      deletes === 1
        ? t('Deletes 1 commit: its partition begins again where auto.offset.reset says.')
        : t('Deletes {0} commits: their partitions begin again where auto.offset.reset says.', formatCount(deletes)),
    );
  }
  if (clamped > 0) said.push(t('{0} brought into the log (clamped).', partitionCount(clamped)));
  if (errors > 0) said.push(t('{0} cannot be changed and will be left as they are.', partitionCount(errors)));
  return said;
}

export interface Outcome {
  readonly good: boolean;
  readonly text: string;
}

/** What became of a plan, a sentence. */
export function outcomeSentence(results: readonly RowResult[]): Outcome {
  const count = (...outcomes: readonly RowResult['outcome'][]): number =>
    results.filter(({ outcome }) => outcomes.includes(outcome)).length;
  const done = count('done');
  if (done === results.length) {
    return { good: true, text: t('Done and read back: {0}.', partitionCount(done)) };
  }
  const parts = [
    [done, t('{0} done and read back', formatCount(done))],
    [count('overtaken'), t('{0} written, then moved by somebody else', formatCount(count('overtaken')))],
    [count('refused'), t('{0} refused by the broker', formatCount(count('refused')))],
    [count('moved'), t('{0} left alone because they had moved', formatCount(count('moved')))],
    [count('not-sent'), t('{0} not sent', formatCount(count('not-sent')))],
    [count('unknown'), t('{0} not known', formatCount(count('unknown')))],
  ] as const;
  const told = parts.flatMap(([number, text]) => (number > 0 ? [text] : []));
  return { good: false, text: t('Of {0}: {1}.', partitionCount(results.length), told.join(', ')) };
}
