import { formatCount, formatDuration } from '../shared/format.ts';
import { t } from '../shared/l10n.ts';
import type { Owner } from './commitsOwners.ts';
import type { Recent } from './commitsRecent.ts';

/**
 * Why a commit went back, or forward past records that nobody read.
 *
 * - `reset`: from outside of the group, which had no members: a tool, an admin client.
 * - `sought`: the member that owned the partition before and after went elsewhere (seek), or its commits overtook each other.
 * - `new-owner`: another member took over, and began elsewhere than where the one before it had committed to.
 * - `deleted`: the commit before was deleted or had expired, so the group began anew.
 * - `not-owned`: no member of the group owned the partition.
 * - `unknown`: who owned it is no longer in the topic.
 */
export type MoveCause = 'reset' | 'sought' | 'new-owner' | 'deleted' | 'not-owned' | 'unknown';

export interface MoveFacts {
  readonly group: 'unknown' | 'empty' | 'members';
  readonly generation: number | undefined;
  readonly owner: Owner | undefined;
  /** At the commit before. */
  readonly ownerBefore: Owner | undefined;
  readonly knowsOwners: boolean;
  /** ms since the commit before. */
  readonly interval: number;
  /** The commit before was deleted since; `because` says why. */
  readonly deleted: { readonly because: string } | undefined;
  readonly inTransaction: boolean;
}

export interface MoveReason {
  readonly cause: MoveCause;
  /** `fact`: nothing else can have done it, as Kafka's rules are. */
  readonly certainty: 'fact' | 'inference';
  /** Who did it, or owned the partition then; undefined where nobody is known. */
  readonly by: Owner | undefined;
  /** What led to it: a sentence or two. */
  readonly because: string;
}

/** Commits that follow each other so closely, ms, may have been sent side by side. */
const sideBySideMs = 1_000;

/** Why a commit is not where it would follow from the one before. */
export function moveReason(facts: MoveFacts): MoveReason {
  const { group, owner, ownerBefore, deleted } = facts;
  if (deleted !== undefined) {
    const because = t('The commit before it had been deleted ({0}), so the group began anew.', deleted.because);
    return { cause: 'deleted', certainty: 'inference', by: owner, because };
  }
  if (group === 'empty') {
    const because = t(
      'The group had no members: it came from outside, such as from kafka-consumer-groups --reset-offsets, an admin client, or a consumer without a subscription.',
    );
    return { cause: 'reset', certainty: 'fact', by: undefined, because };
  }
  if (group === 'unknown') {
    const because = t('Who was in the group then is no longer in the topic, or it never had members.');
    return { cause: 'unknown', certainty: 'inference', by: undefined, because };
  }
  if (owner === undefined) return withoutOwner(facts);
  if (ownerBefore !== undefined && ownerBefore.memberId !== owner.memberId) {
    const because = t(
      '{0} had taken the partition over from {1}, and began elsewhere than where that one had committed to.',
      owner.name,
      ownerBefore.name,
    );
    return { cause: 'new-owner', certainty: 'inference', by: owner, because };
  }
  return { cause: 'sought', certainty: 'inference', by: owner, because: soughtWords(facts, owner) };
}

function withoutOwner({ knowsOwners, inTransaction }: MoveFacts): MoveReason {
  if (!knowsOwners) {
    const because = t('The group had members; which of them owned the partition, its records do not tell.');
    return { cause: 'unknown', certainty: 'inference', by: undefined, because };
  }
  const because = inTransaction
    ? t('No member owned the partition: a producer committed it in a transaction.')
    : t('No member owned the partition then; any member of the group may commit any partition.');
  return { cause: 'not-owned', certainty: 'inference', by: undefined, because };
}

function soughtWords({ ownerBefore, generation, interval }: MoveFacts, { name }: Owner): string {
  const owned =
    ownerBefore === undefined
      ? t('{0} owned the partition', name)
      : generation === undefined
        ? t('{0} owned the partition before and after', name)
        : t('{0} owned the partition before and after, in generation {1}', name, generation);
  const how =
    interval < sideBySideMs
      ? t('it sought there, or two of its commits, {0} apart, overtook each other', formatDuration(interval))
      : t('it sought there (seek), or committed an older position');
  return t('{0}: {1}.', owned, how);
}

/** Steps that are looked back at to tell what is usual. */
export const usualSteps = 100;
const leastSteps = 20;
const leastJump = 1_000;
/** So many times the largest step of late is not explained by reading faster. */
const outOfProportion = 20;
/** Records a second of one partition that no consumer reads. */
const mostPerSecond = 5_000_000;

/**
 * Why a step forward can hardly have been read; undefined where it can. `before`: the steps and the intervals of the partition's
 * commits up to it.
 */
export function tooFar(
  step: number,
  interval: number,
  before: { readonly steps: Recent; readonly intervals: Recent },
): string | undefined {
  if (step < leastJump) return undefined;
  // What came between two commits of different brokers' clocks is not taken for less than it may have been.
  if (step > (mostPerSecond * Math.max(interval, 1_000)) / 1_000) {
    return t('{0} records in {1} is more than a consumer can read.', formatCount(step), formatDuration(interval));
  }
  const { steps, intervals } = before;
  if (steps.count < leastSteps) return undefined;
  const largest = Math.max(steps.largest(), 1);
  if (step < outOfProportion * largest || interval > 2 * intervals.median()) return undefined;
  return t(
    'It is {0} times the largest of the {1} steps before it, in no more time ({2}).',
    formatCount(Math.floor(step / largest)),
    steps.count,
    formatDuration(interval),
  );
}
