import type { GroupHistory, Rebalance } from '../../groups/assignmentHistory.ts';
import { causeOfRejoining, isDeparture, type Told } from './logCauses.ts';
import type { LogEvent } from './logEvent.ts';

/** A member's clock may differ from the coordinator's by this much. */
const skewMs = 5_000;
/** After a client has said why, the coordinator acts at once, or when the session time-out is over. */
const afterMs = 120_000;
/** A client asks to join again, and the rebalance begins. */
const rejoinMs = 15_000;

/** What members' own logs tell of a rebalance. `events`: of clients of the group, in order of time. */
export function clientCauses(history: GroupHistory, events: readonly LogEvent[]): Map<Rebalance, Told[]> {
  const told = new Map<Rebalance, Told[]>();
  const add = (rebalance: Rebalance | undefined, one: Told): void => {
    if (rebalance !== undefined) told.set(rebalance, [...(told.get(rebalance) ?? []), one]);
  };
  for (const event of events) {
    const fenced = fencedIn(history, event);
    if (fenced !== undefined) {
      const { rebalance, members } = fenced;
      add(rebalance, { cause: 'static-member-replaced', members, reason: event.reason, event });
      continue;
    }
    const member = memberOf(history, event);
    if (member === undefined) continue;
    const departure = departureOf(event);
    if (departure !== undefined) {
      const left = nearest(history.rebalances, event.at, afterMs, (rebalance) => hasLeft(rebalance, member));
      add(left, { cause: departure, members: [member], reason: event.reason, event });
      continue;
    }
    const cause = event.kind === 'join-requested' ? causeOfRejoining(event.reason) : undefined;
    if (cause === undefined) continue;
    const joined = nearest(history.rebalances, event.at, rejoinMs, (rebalance) => isUnexplained(rebalance));
    add(joined, { cause, members: [member], reason: event.reason, event });
  }
  return told;
}

/** A static member that says it was thrown out by another one: of the records this looks as if it had come back. */
function fencedIn(
  { rebalances, members }: GroupHistory,
  event: LogEvent,
): { readonly rebalance: Rebalance; readonly members: readonly string[] } | undefined {
  if (event.kind !== 'fenced' || !/fenced/i.test(event.reason ?? '')) return undefined;
  const isOf = (old: string | undefined): boolean => {
    if (event.member !== undefined) return event.member === old;
    const life = members.find(({ id }) => id === old);
    if (life === undefined) return false;
    return event.instanceId === undefined ? life.clientId === event.clientId : life.instanceId === event.instanceId;
  };
  const returned = ({ causes }: Rebalance): readonly string[] | undefined =>
    causes.find(({ cause, members: [old] }) => cause === 'static-member-returned' && isOf(old))?.members;
  const rebalance = nearest(rebalances, event.at, 0, (one) => returned(one) !== undefined);
  return rebalance && { rebalance, members: returned(rebalance)! };
}

function departureOf({ kind, reason }: LogEvent): 'poll-timeout' | 'session-timeout' | 'member-left' | undefined {
  if (kind === 'poll-timeout') return 'poll-timeout';
  if (kind === 'session-timeout') return 'session-timeout';
  if (kind !== 'leave-sent') return undefined;
  return reason !== undefined && /poll timeout/.test(reason) ? 'poll-timeout' : 'member-left';
}

/** A line that names no group, as librdkafka's own errors do, is taken to be of the one member that has its client id. */
export function isOfMember(history: GroupHistory, event: LogEvent): boolean {
  if (event.group !== undefined || event.source === 'broker') return false;
  return memberOf(history, event) !== undefined || fencedIn(history, event) !== undefined;
}

/** By its id, else by its client id where only one member has it at the time. */
function memberOf({ members }: GroupHistory, { group, member, clientId, at }: LogEvent): string | undefined {
  if (member !== undefined) return members.some(({ id }) => id === member) || group !== undefined ? member : undefined;
  if (clientId === undefined) return undefined;
  const there = members.filter(
    (life) =>
      life.clientId === clientId && life.from <= at + skewMs && (life.to === undefined || life.to >= at - skewMs),
  );
  return there.length === 1 ? there[0]!.id : undefined;
}

function hasLeft({ causes }: Rebalance, member: string): boolean {
  return causes.some(({ cause, members }) => isDeparture(cause) && members.includes(member));
}

function isUnexplained({ causes }: Rebalance): boolean {
  return causes.every(
    ({ cause, certainty }) => certainty === 'inference' || cause === 'unknown' || cause === 'leader-rejoined',
  );
}

function nearest(
  rebalances: readonly Rebalance[],
  at: number,
  within: number,
  fits: (rebalance: Rebalance) => boolean,
): Rebalance | undefined {
  return rebalances.find((rebalance) => {
    const end = rebalance.ended ?? rebalance.began;
    return end !== undefined && end >= at - skewMs && (rebalance.began ?? end) <= at + within && fits(rebalance);
  });
}
