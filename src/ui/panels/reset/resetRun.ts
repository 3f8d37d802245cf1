import type { Execution } from '../../../changes/execute.ts';
import { isEmpty, type GroupNow } from '../../../changes/groupNow.ts';
import type { RowResult } from '../../../changes/results.ts';
import type { OffsetPlan } from '../../../groups/plan/plan.ts';
import { delay } from '../../../kafka/race.ts';
import { HumanError } from '../../../shared/errors.ts';
import { t } from '../../../shared/l10n.ts';
import { partitionCount } from '../../../shared/counted.ts';
import { outcomeSentence } from '../../changes/planSentences.ts';
import type { ResetOutcome } from './protocol.ts';
import type { ResetTarget } from './resetFeedOptions.ts';

const waitPollMs = 1_000;

/**
 * Waits until a group has no members. `seen`: each time that it is looked at.
 *
 * @throws {HumanError} whether it has members cannot be known. @throws {CancelledError}
 */
export async function untilEmpty(
  target: Pick<ResetTarget, 'groupNow'>,
  group: string,
  seen: (group: GroupNow) => void,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const now = await target.groupNow(group, signal);
    if ('failure' in now)
      throw new HumanError(now.failure.message, t('Whether it has members is not known: nothing was changed.'));
    seen(now.value);
    if (isEmpty(now.value)) return;
    await delay(waitPollMs, signal);
  }
}

/** What is said of a change that was made, or of which a part was. */
export function outcomeOf({ id, results, unrecorded }: Execution): ResetOutcome {
  const { good, text } = outcomeSentence(results);
  const lost = unrecorded === undefined ? '' : ` ${t('The results could not be written down: {0}', unrecorded)}`;
  const reasons = [
    ...reasonsOf(results),
    ...(results.some(({ outcome }) => outcome === 'moved') ? [fromOutside()] : []),
  ];
  return { good, text: `${text}${lost}`, reasons, id, canUndo: id !== undefined && hasChanged(results) };
}

/** What is written has no members: only who is none can have moved it. */
function fromOutside(): string {
  return t(
    'The group has no members, so somebody commits from outside, such as a consumer that assigns its partitions itself: stop it first.',
  );
}

/** More than a few are in the table. */
const mostReasons = 3;

function reasonsOf(results: readonly RowResult[]): string[] {
  const counts = new Map<string, number>();
  for (const { outcome, message } of results) {
    if (outcome !== 'done' && message !== undefined) counts.set(message, (counts.get(message) ?? 0) + 1);
  }
  return [...counts].slice(0, mostReasons).map(([message, count]) => t('{0}: {1}', partitionCount(count), message));
}

/** Its targets follow from the commits: what was agreed to of some commits is not agreed to of others. */
export function isByCommit({ strategy }: OffsetPlan): boolean {
  return strategy.kind === 'skip' || strategy.kind === 'shift-by';
}

/** Whether anything is, or may be, another than before. */
function hasChanged(results: readonly RowResult[]): boolean {
  return results.some(({ outcome }) => outcome === 'done' || outcome === 'overtaken' || outcome === 'unknown');
}
