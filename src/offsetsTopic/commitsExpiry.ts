import { t } from '../shared/l10n.ts';

export interface ExpiryFacts {
  /** Of the last commit, ms since 1970. */
  readonly committedAt: number;
  /** Its own, of version 1. */
  readonly expireTimestamp: number | undefined;
  readonly group: 'unknown' | 'empty' | 'members';
  /** Of a classic group: since when it is empty. */
  readonly retainedFrom: number | undefined;
  /** Topics that its members subscribe to; undefined where not known. */
  readonly subscribed: ReadonlySet<string> | undefined;
  readonly topic: string;
  /** `offsets.retention.minutes` of the coordinator, in ms; undefined where it could not be read. */
  readonly retention: number | undefined;
}

export interface Expiry {
  /** When the commit may be deleted, ms since 1970; undefined: not as things are, or not known. */
  readonly at: number | undefined;
  /** What it follows from. */
  readonly because: string;
}

/** When a commit expires, by Kafka's rules since 2.1 (KIP-211, OffsetExpirationConditionImpl). */
export function expiryOf(facts: ExpiryFacts): Expiry {
  const { committedAt, expireTimestamp, group, retainedFrom, subscribed, topic, retention } = facts;
  if (expireTimestamp !== undefined) {
    return { at: expireTimestamp, because: t('The client set a retention of its own.') };
  }
  if (group === 'members' && subscribed?.has(topic) !== false) {
    return {
      at: undefined,
      because:
        subscribed === undefined
          ? t('It does not expire while the group has members that subscribe to the topic.')
          : t('It does not expire: members of the group subscribe to the topic.'),
    };
  }
  if (retention === undefined) {
    return { at: undefined, because: t('The offsets.retention.minutes of the broker is not known.') };
  }
  if (group === 'empty' && retainedFrom !== undefined) {
    return {
      at: retainedFrom + retention,
      because: t('offsets.retention.minutes after the group lost its last member.'),
    };
  }
  return {
    at: committedAt + retention,
    because:
      group === 'members'
        ? t('offsets.retention.minutes after the commit: no member subscribes to the topic.')
        : t('offsets.retention.minutes after the commit.'),
  };
}
