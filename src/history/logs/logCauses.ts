import type { Cause, RebalanceCause } from '../../groups/assignmentHistory.ts';
import { t } from '../../shared/l10n.ts';
import type { LogEvent } from './logEvent.ts';
import { evidenceOf, lineOf } from './logLine.ts';

/** A log says how a member went. */
export type LogCause = Exclude<Cause, 'member-gone' | 'protocol-changed'>;

/** A cause that a line tells. */
export interface Told {
  readonly cause: LogCause;
  readonly members: readonly string[];
  /** As it was given by the client; undefined where it gave none. */
  readonly reason: string | undefined;
  readonly event: LogEvent;
}

/** A cause as a log tells it. */
export interface LogFact extends RebalanceCause {
  /** The client said why. */
  readonly isReasoned: boolean;
}

/** The causes that a coordinator's lines tell; one of each kind and member, from all lines that speak of it. */
export function logCauses(about: readonly LogEvent[], label: (id: string) => string): LogFact[] {
  const byKey = new Map<string, Told[]>();
  const all = about.flatMap(toldBy);
  const joined = new Set(all.flatMap(({ cause, members }) => (cause === 'member-joined' ? members : [])));
  for (const told of all) {
    // Whoever joins subscribes.
    if (told.cause === 'subscription-changed' && told.members.every((id) => joined.has(id))) continue;
    // Departures are told twice, once with the reason: the more exact word stands for both.
    const key = `${isDeparture(told.cause) ? 'departure' : told.cause} ${told.members.join(' ')}`;
    byKey.set(key, [...(byKey.get(key) ?? []), told]);
  }
  return Array.from(byKey.values(), (same) => causeOf(same, label));
}

export function isDeparture(cause: Cause): boolean {
  return ['member-left', 'member-gone', 'session-timeout', 'poll-timeout'].includes(cause);
}

/** One cause of all that tells of it. */
export function causeOf(same: readonly Told[], label: (id: string) => string): LogFact {
  const exact = same.find(({ cause }) => cause === 'poll-timeout') ?? same.find(({ cause }) => cause !== 'member-left');
  const main = exact ?? same[0]!;
  const reason = main.reason ?? same.find((one) => one.reason !== undefined)?.reason;
  return {
    cause: main.cause,
    members: main.members,
    text: textOf(main, label),
    // Of a line that names no group it is not said that it is of this one.
    certainty: main.event.group === undefined ? 'inference' : 'fact',
    source: 'log',
    evidence: [
      ...(reason === undefined ? [] : [t('The reason it gave: {0}', reason)]),
      ...same.map(({ event }) => evidenceOf(event)),
    ],
    line: lineOf(main.event),
    isReasoned: reason !== undefined,
  };
}

function textOf({ cause, members, event }: Told, label: (id: string) => string): string {
  const who = members.map(label).join(', ') || t('A member');
  switch (cause) {
    case 'member-joined':
      return t('{0} joined.', who);
    case 'member-left':
      return t('{0} left.', who);
    case 'session-timeout':
      return t('{0} was not heard of for its session time-out, and was removed.', who);
    case 'poll-timeout':
      return event.kind === 'member-fenced' || event.kind === 'member-removed' || event.kind === 'leader-failed'
        ? t('{0} did not finish the rebalance in time (max.poll.interval.ms), and was removed.', who)
        : t('{0} had not polled for max.poll.interval.ms, and left.', who);
    case 'static-member-returned':
      return t('Static member {0} came back.', who);
    case 'static-member-replaced':
      return t('Static member {0} was replaced by another with the same instance id.', label(members[0] ?? ''));
    case 'subscription-changed':
      return t('{0} joined again with another subscription.', who);
    case 'partitions-changed':
      return t('The partitions of its topics changed.');
    case 'leader-rejoined':
      return t('The leader {0} joined again.', who);
    case 'coordinator-moved':
      return t('The group came to another coordinator.');
    case 'cooperative-second-step':
      return t('{0} gave up partitions, and joined again so that they are handed on.', who);
    case 'unknown':
      return t('{0} joined again.', who);
  }
}

/** Causes that one line tells. */
function toldBy(event: LogEvent): Told[] {
  const { kind, member, reason } = event;
  const one = (cause: LogCause, members: readonly string[], given = reason): Told[] => [
    { cause, members, reason: isGiven(given) ? given : undefined, event },
  ];
  const members = member === undefined ? [] : [member];
  if (kind === 'member-joined') return one('member-joined', members);
  if (kind === 'member-left') return one(causeOfLeaving(reason), members);
  if (kind === 'member-failed') return one('session-timeout', members, undefined);
  if (kind === 'member-fenced') return one(isOutOfTime(reason) ? 'poll-timeout' : 'member-left', members);
  if (kind === 'member-removed') return one('poll-timeout', idsOf(member ?? ''));
  if (kind === 'leader-failed') return one('poll-timeout', members);
  if (kind === 'member-changed') return one('subscription-changed', members);
  return kind === 'preparing-rebalance' ? toldByReason(reason ?? '', event) : [];
}

/** Its rebalance time-out was over, which is a consumer's max.poll.interval.ms. */
function isOutOfTime(reason: string | undefined): boolean {
  return reason !== undefined && /failed to transition|rebalance timeout|sync within/.test(reason);
}

/** `Preparing to rebalance ... (reason: ...)`, with the client's own reason behind it (KIP-800). */
function toldByReason(whole: string, event: LogEvent): Told[] {
  const split = whole.indexOf('; client reason: ');
  const action = split < 0 ? whole : whole.slice(0, split);
  const given = split < 0 ? undefined : whole.slice(split + '; client reason: '.length);
  const reason = isGiven(given) ? given : undefined;
  const one = (cause: LogCause, members: readonly string[]): Told[] => [{ cause, members, reason, event }];
  const adding = /^Adding new member (.+?) with group instance id/.exec(action);
  if (adding !== null) return one('member-joined', [adding[1]!]);
  const expired = /^removing member (.+?) on heartbeat expiration/i.exec(action);
  if (expired !== null) return one('session-timeout', [expired[1]!]);
  const unsynced = /^removing (?:member )?(.+?) on pending sync request expiration/i.exec(action);
  if (unsynced !== null) return one('poll-timeout', idsOf(unsynced[1]!));
  const leaving = /^removing member (.+?) on LeaveGroup/i.exec(action);
  if (leaving !== null) return one(causeOfLeaving(reason), [leaving[1]!]);
  const explicit = /^explicit `LeaveGroup` request for \((.*)\) members/.exec(action);
  if (explicit !== null) return idsOf(explicit[1]!).flatMap((id) => one(causeOfLeaving(reason), [id]));
  const changed =
    /^(?:Updating metadata for (?:static )?member|leader|Leader) (.+?) (?:during|re-joining|with instance id)/.exec(
      action,
    );
  const plain = /^Updating metadata for (?:static )?member (\S+)$/.exec(action);
  const who = changed?.[1] ?? plain?.[1];
  if (who !== undefined)
    return one(causeOfRejoining(reason) ?? (/^leader/i.test(action) ? 'leader-rejoined' : 'unknown'), [who]);
  const replaced = /because static member (.+?) with instance id/.exec(action);
  if (replaced !== null) return one('static-member-replaced', [replaced[1]!]);
  return [{ cause: 'unknown', members: [], reason: whole === '' ? undefined : whole, event }];
}

function causeOfLeaving(reason: string | undefined): LogCause {
  return reason !== undefined && /poll timeout has expired|max\.poll/.test(reason) ? 'poll-timeout' : 'member-left';
}

/** Why a member that is there joins again, in the words of Java's consumer; undefined where it does not say. */
export function causeOfRejoining(reason: string | undefined): LogCause | undefined {
  if (reason === undefined) return undefined;
  if (/cached metadata has changed|assignment metadata has changed|Metadata for subscribed topic/.test(reason))
    return 'partitions-changed';
  if (/subscription has changed|does not match the current subscription/.test(reason)) return 'subscription-changed';
  if (/need to revoke partitions/.test(reason)) return 'cooperative-second-step';
  return undefined;
}

function isGiven(reason: string | undefined): reason is string {
  return reason !== undefined && reason !== '' && reason !== 'not provided';
}

/** Member ids in `a, b`, `Set(a, b)` or `{a=...}`; ids hold neither commas nor brackets but those of client ids. */
function idsOf(text: string): string[] {
  const inner = text.replace(/^(?:\w+\(|\[|\{)/, '').replace(/[)\]}]\.?$/, '');
  return inner
    .split(/, ?/)
    .filter((id) => id !== '')
    .slice(0, 1_000);
}
