import { formatDuration } from '../../shared/format.ts';
import { t } from '../../shared/l10n.ts';

/** What is known around a tombstone of an offset commit. All times are milliseconds since 1970. */
export interface DeletionFacts {
  /** Of the tombstone's record. */
  readonly at: number;
  /** Of the commit that it deletes; undefined where that was compacted away. */
  readonly commitTimestamp?: number | undefined;
  /** That commit's own, of version 1. */
  readonly expireTimestamp?: number | undefined;
  /**
   * Since when the classic group had been empty (`currentStateTimestamp` of its last GroupMetadata); undefined where it
   * was not, or that is unknown.
   */
  readonly emptySince?: number | undefined;
  /** The broker's `offsets.retention.minutes`, in milliseconds; undefined where it could not be read. */
  readonly retention?: number | undefined;
  /** Whether the group itself was deleted in the same batch: coordinators write what one operation does into one batch. */
  readonly groupDeleted: boolean;
  /** How many other groups, themselves not deleted, lost commits of the same topic in that batch. */
  readonly otherGroupsOfTopic: number;
  /** Whether the topic exists now; undefined where unknown. */
  readonly topicExists?: boolean | undefined;
}

export interface Deletion {
  /**
   * `expired`: by offsets.retention.minutes. `group-deleted`: DeleteGroups. `offsets-deleted`: OffsetDelete of some
   * partitions (of coordinators before that of KIP-848, also DeleteGroups of a group that never had members: it left no
   * tombstone of its own). `topic-deleted`: the broker forgot the commits of a deleted topic. `unknown`: more than one fits.
   */
  readonly cause: 'expired' | 'group-deleted' | 'offsets-deleted' | 'topic-deleted' | 'unknown';
  /** `fact` where nothing else can have written it, else `inference`. */
  readonly certainty: 'fact' | 'inference';
  /** What led to it: a sentence. */
  readonly because: string;
}

/**
 * Why a commit was deleted. A commit never expires before its retention is over, counted from when its classic group became
 * empty, else from the commit (OffsetExpirationConditionImpl): before that, it was done by hand or with the topic. After
 * that, expiry is likely, and a deletion by hand in the same moments cannot be told from it.
 */
export function deletionOf(facts: DeletionFacts): Deletion {
  const due = expiryOf(facts);
  if (due === undefined) return withoutExpiry(facts);
  if (facts.at < due) return beforeExpiry(facts, formatDuration(due - facts.at));
  if (facts.otherGroupsOfTopic > 0) return withOthers();
  return inference(
    'expired',
    t('Its retention had been over for {0}; a deletion by hand would look the same.', formatDuration(facts.at - due)),
  );
}

/** The first moment in which it can expire. */
function expiryOf({ commitTimestamp, expireTimestamp, emptySince, retention }: DeletionFacts): number | undefined {
  if (expireTimestamp !== undefined) return expireTimestamp;
  const base = emptySince ?? commitTimestamp;
  return base === undefined || retention === undefined ? undefined : base + retention;
}

function beforeExpiry({ groupDeleted, otherGroupsOfTopic, topicExists }: DeletionFacts, left: string): Deletion {
  if (groupDeleted) {
    const because = t('It was deleted {0} before it could have expired, together with its group.', left);
    return { cause: 'group-deleted', certainty: 'fact', because };
  }
  if (otherGroupsOfTopic > 0) return withOthers();
  if (topicExists === undefined) {
    return inference(
      'unknown',
      t('It was deleted {0} before it could have expired: by hand, or with its topic.', left),
    );
  }
  return topicExists
    ? inference(
        'offsets-deleted',
        t('It was deleted {0} before it could have expired, and its topic is still there.', left),
      )
    : inference('topic-deleted', t('It was deleted {0} before it could have expired, and its topic is gone.', left));
}

function withoutExpiry({ commitTimestamp, emptySince, otherGroupsOfTopic, topicExists }: DeletionFacts): Deletion {
  if (otherGroupsOfTopic > 0) return withOthers();
  if (topicExists === false) return inference('topic-deleted', t('Its topic is gone.'));
  return inference(
    'unknown',
    commitTimestamp === undefined && emptySince === undefined
      ? t('The commit that was deleted is no longer in the topic: expiry and deletion by hand cannot be told apart.')
      : t('The offsets.retention.minutes of the broker is unknown: expiry and deletion by hand cannot be told apart.'),
  );
}

function withOthers(): Deletion {
  return inference('topic-deleted', t('Other groups lost their commits of the same topic in the same moment.'));
}

function inference(cause: Deletion['cause'], because: string): Deletion {
  return { cause, certainty: 'inference', because };
}
