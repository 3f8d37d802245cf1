import type { Cause, Source } from '../../groups/assignmentHistory.ts';
import type { GroupType } from '../../groups/snapshot.ts';
import { formatDuration } from '../../shared/format.ts';
import { t } from '../../shared/l10n.ts';
import type { Heard } from './commitTimes.ts';
import { memberLabel } from './memberLabel.ts';
import type { StageMember } from './stages.ts';

export interface DepartureFacts {
  readonly member: StageMember;
  readonly source: Source;
  readonly type: GroupType;
  /** It was surely gone: all others had joined again, or its removal was written. */
  readonly goneAt: number;
  readonly heard: Heard | undefined;
  /** It was there: it took part in the rebalance before, or joined. */
  readonly seenAt: number;
  /** `group.consumer.session.timeout.ms` where the broker decides and it could be read. */
  readonly brokerSessionTimeoutMs: number | undefined;
  /** Since when it was to give partitions up (KIP-848); undefined where it was not. */
  readonly revokingSince: number | undefined;
  /** It said that it goes, as a static member that may come back (KIP-848). */
  readonly wasAway: boolean;
}

export interface Departure {
  readonly cause: Extract<Cause, 'member-left' | 'member-gone' | 'session-timeout' | 'poll-timeout'>;
  readonly text: string;
  readonly evidence: readonly string[];
}

/** Of a broker that does not tell its own. */
const defaultSessionTimeoutMs = 45_000;
/** Members are to be heard at least three times within their session: the last time may be so long before they died. */
const heartbeatShare = 1 / 3;
/** Until the others have joined again, or the coordinator came to it. */
const slackMs = 1_000;
/** So long the others may take to join again, each of which first comes to the end of what it is at. */
const joiningMs = 10_000;

/**
 * How a member went. The topic says only that it is gone: whether it said goodbye follows from when it was heard last, for a
 * classic member's commit counts as a heartbeat.
 */
export function departureOf(facts: DepartureFacts): Departure {
  const { member, goneAt, heard, brokerSessionTimeoutMs, revokingSince, wasAway } = facts;
  const name = memberLabel(member);
  const session = member.sessionTimeoutMs ?? brokerSessionTimeoutMs ?? defaultSessionTimeoutMs;
  const ofSession = t('Its session time-out is {0}.', formatDuration(session));
  const poll = member.rebalanceTimeoutMs;
  if (wasAway) {
    const evidence = [t('It had gone as a static member does, which keeps its place until the session time-out.')];
    return { cause: 'session-timeout', text: t('{0} did not come back within its session time-out.', name), evidence };
  }
  if (revokingSince !== undefined && poll !== undefined && goneAt - revokingSince >= poll) {
    return {
      cause: 'poll-timeout',
      text: t('{0} did not give its partitions up in time.', name),
      evidence: [
        t(
          'It had been asked to {0} before; its rebalance time-out (max.poll.interval.ms) is {1}.',
          formatDuration(goneAt - revokingSince),
          formatDuration(poll),
        ),
      ],
    };
  }
  if (goneAt - facts.seenAt < session) {
    const since = t(
      'It was heard of {0} before it was gone: less than its session time-out of {1}.',
      formatDuration(Math.max(0, goneAt - facts.seenAt)),
      formatDuration(session),
    );
    return { cause: 'member-left', text: t('{0} left, or was removed.', name), evidence: [since] };
  }
  if (heard === undefined) return withoutCommits(facts, name, session);
  const silence = goneAt - heard.at;
  const last = t('Its partitions were last committed {0} before it was gone.', formatDuration(Math.max(0, silence)));
  // Of the consumer protocol a commit is no heartbeat, nor is one in a transaction: the last one came up to an interval, a third of
  // the session at most, before.
  const isRegular = heard.usual !== undefined && heard.usual * 3 < silence;
  const isHeartbeat = facts.type === 'classic' && !heard.transactional;
  const silent = !isHeartbeat && isRegular ? (session * 2) / 3 : session;
  if (silence < silent) {
    const less = t('That is less than its session time-out of {0}.', formatDuration(session));
    return { cause: 'member-left', text: t('{0} left, or was removed.', name), evidence: [last, less] };
  }
  // Whoever dies commits up to then. One that fell silent earlier than that had nothing to commit, and may have gone in any way.
  const usually = heard.usual ?? 0;
  const isJustOver = (limit: number): boolean => silence < limit + 2 * usually + joiningMs;
  if (poll !== undefined && poll > session && silence >= poll && isJustOver(poll)) {
    const evidence = [last, t('Its max.poll.interval.ms is {0}.', formatDuration(poll))];
    return { cause: 'poll-timeout', text: t('{0} had not polled for max.poll.interval.ms.', name), evidence };
  }
  if (heard.usual !== undefined && isRegular && isJustOver(session)) {
    const usual = t('Before that they were committed about every {0}.', formatDuration(heard.usual));
    return {
      cause: 'session-timeout',
      text: t('{0} was not heard of for its session time-out.', name),
      evidence: [last, usual, ofSession],
    };
  }
  return withoutCommits(facts, name, session, last);
}

/** Members that said nothing, or too seldom for their silence to tell. */
function withoutCommits(facts: DepartureFacts, name: string, session: number, last?: string): Departure {
  const { member, type, goneAt, seenAt } = facts;
  const ofSession = t('Its session time-out is {0}.', formatDuration(session));
  if (member.instanceId !== undefined) {
    const evidence = [t('A static member does not say goodbye when it is closed.'), ofSession];
    return { cause: 'session-timeout', text: t('{0} did not come back within its session time-out.', name), evidence };
  }
  const silent =
    type === 'share'
      ? t('Members of a share group commit nothing that would tell when it was heard last.')
      : t('It committed nothing that would tell when it was heard last.');
  const there = goneAt - seenAt;
  if (last === undefined && there < session + session * heartbeatShare + slackMs) {
    const evidence = [
      silent,
      t('It was removed {0} after it was last seen. {1}', formatDuration(there), ofSession),
      t('That is when one is removed that dies right then; one that leaves is removed at once.'),
    ];
    return { cause: 'session-timeout', text: t('{0} is gone: most likely its session timed out.', name), evidence };
  }
  const evidence = [
    last ?? silent,
    t('It was last seen {0} before. {1}', formatDuration(there), ofSession),
    t('One that leaves is removed at once, one that dies after its session time-out. A log of the broker tells which.'),
  ];
  return { cause: 'member-gone', text: t('{0} is gone: it left, or its session timed out.', name), evidence };
}
