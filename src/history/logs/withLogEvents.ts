import type { GroupHistory, MemberLife, Rebalance, RebalanceCause } from '../../groups/assignmentHistory.ts';
import { memberLabel } from '../../offsetsTopic/replay/memberLabel.ts';
import { t } from '../../shared/l10n.ts';
import { clientCauses, isOfMember } from './clientCauses.ts';
import { historyLines } from './historyLines.ts';
import { causeOf, isDeparture, logCauses, type LogFact, type Told } from './logCauses.ts';
import type { LogEvent } from './logEvent.ts';
import { evidenceOf, fileName, lineOf } from './logLine.ts';
import { logRebalances, timeOf, type LogRebalance } from './logRebalances.ts';
import { withoutOwner } from './withoutOwner.ts';
import { zoneShift } from './zoneShift.ts';

/** A line and the record about the same thing are written by the same broker, at once. */
const sameMs = 60_000;

/**
 * A history with what logs tell of it: causes as facts with their lines, when rebalances began, and rebalances that nothing else
 * told. `events` may be of several files and other groups, in any order.
 */
export function withLogEvents(history: GroupHistory, events: readonly LogEvent[]): GroupHistory {
  // Files of very many lines that name other clients are passed over quickly.
  const clients = new Set(history.members.map(({ clientId }) => clientId));
  const isOwn = (event: LogEvent): boolean => {
    if (event.group !== undefined) return event.group === history.group;
    return clients.has(event.clientId ?? '') && isOfMember(history, event);
  };
  const { own, lacks } = fitted(history, events.filter(isOwn));
  if (own.length === 0) return history;
  const labels = new Map(history.members.map((life) => [life.id, memberLabel(life)]));
  const label = (id: string): string => labels.get(id) ?? id;
  const told = logRebalances(own.filter(({ source }) => source === 'broker'));
  const replacements = own.filter(({ kind }) => kind === 'member-replaced');
  const coordinated = withCoordinator(history, told, label).map((one) => withReplacements(one, replacements));
  const rebalances = withClients(
    { ...history, rebalances: coordinated },
    own.filter(({ source }) => source !== 'broker'),
    label,
  );
  const first = rebalances[0]?.began ?? rebalances[0]?.ended;
  return {
    ...history,
    from: first === undefined ? history.from : Math.min(first, history.from ?? first),
    sources: history.sources.includes('log') ? history.sources : [...history.sources, 'log'],
    lacks: [...history.lacks, ...lacks],
    members: history.members.map((life) => withDeparture(life, rebalances)),
    rebalances,
    lines: historyLines(rebalances, own),
  };
}

/** In order of time, moved where the assumed time zone was clearly not the file's. */
function fitted(history: GroupHistory, events: readonly LogEvent[]): { own: LogEvent[]; lacks: string[] } {
  const files = new Map<string, LogEvent[]>();
  for (const event of events) files.set(event.file, [...takeOf(files, event.file), event]);
  const lacks: string[] = [];
  const own = Array.from(files, ([file, lines]) => {
    const shift = zoneShift(history, lines);
    if (shift === 0) return lines;
    const hours = `${shift > 0 ? '+' : '-'}${Math.abs(shift) / 3_600_000}`;
    lacks.push(
      t(
        'The lines of {0} do not say their time zone: their times were moved by {1} h, which fits the history.',
        fileName(file),
        hours,
      ),
    );
    return lines.map((event) => (event.isZoneAssumed ? { ...event, at: event.at + shift } : event));
  }).flat();
  // Lines of one file keep their order.
  return { own: own.sort((a, b) => a.at - b.at), lacks };
}

function takeOf(files: ReadonlyMap<string, LogEvent[]>, file: string): LogEvent[] {
  return files.get(file) ?? [];
}

function withCoordinator(
  history: GroupHistory,
  told: readonly LogRebalance[],
  label: (id: string) => string,
): Rebalance[] {
  const matched = new Map<Rebalance, LogRebalance>();
  const added: Rebalance[] = [];
  const numbers = new Map<number | undefined, Rebalance[]>();
  for (const rebalance of history.rebalances)
    numbers.set(rebalance.after, [...(numbers.get(rebalance.after) ?? []), rebalance]);
  for (const one of told) {
    const at = (one.ended ?? one.began)?.at ?? timeOf(one);
    const same = (numbers.get(one.after) ?? [])
      .filter((rebalance) => !matched.has(rebalance) && distance(rebalance, at) <= sameMs)
      .sort((a, b) => distance(a, at) - distance(b, at))[0];
    if (same !== undefined) matched.set(same, one);
    else if (one.began !== undefined) added.push(newRebalance(one, told, label));
  }
  const known = history.rebalances.map((rebalance) => {
    const one = matched.get(rebalance);
    return one === undefined ? rebalance : merged(history, rebalance, one, label);
  });
  return [...known, ...added].sort((a, b) => startOf(a) - startOf(b));
}

/** A static member comes back without a rebalance that the coordinator would log. */
function withReplacements(rebalance: Rebalance, events: readonly LogEvent[]): Rebalance {
  const causes = rebalance.causes.map((cause): RebalanceCause => {
    if (cause.cause !== 'static-member-returned' || cause.line !== undefined) return cause;
    const event = events.find(
      ({ member = '', replaced = '', at }) =>
        distance(rebalance, at) <= sameMs && (cause.members.includes(member) || cause.members.includes(replaced)),
    );
    if (event === undefined) return cause;
    const evidence = [evidenceOf(event), ...cause.evidence];
    return { ...cause, certainty: 'fact', source: 'log', evidence, line: lineOf(event) };
  });
  return { ...rebalance, causes };
}

function merged(
  history: GroupHistory,
  rebalance: Rebalance,
  one: LogRebalance,
  label: (id: string) => string,
): Rebalance {
  const ended = rebalance.ended ?? one.ended?.at;
  const told = one.began?.at;
  const began = told !== undefined && (ended === undefined || told <= ended) ? told : rebalance.began;
  const withTimes: Rebalance = {
    ...rebalance,
    began,
    ended,
    causes: withFacts(
      rebalance.causes,
      logCauses(one.about, label).filter((fact) => !wasThere(history, rebalance, fact)),
    ),
  };
  const lost = withoutOwner(history, withTimes);
  return lost === undefined ? withTimes : { ...withTimes, withoutOwnerMs: lost, withoutOwnerAtLeastMs: undefined };
}

/** In a group of the consumer protocol members that speak the classic one "join" at each rebalance. */
function wasThere({ members }: GroupHistory, rebalance: Rebalance, fact: RebalanceCause): boolean {
  const since = rebalance.began ?? rebalance.joinedAt ?? rebalance.ended ?? 0;
  return (
    fact.cause === 'member-joined' &&
    fact.members.length > 0 &&
    fact.members.every((id) => members.some((life) => life.id === id && life.from < since))
  );
}

/** A rebalance that only a log tells: what moved is not known. */
function newRebalance(one: LogRebalance, all: readonly LogRebalance[], label: (id: string) => string): Rebalance {
  const causes = withFacts([], logCauses(one.about, label));
  const count = (wanted: (cause: RebalanceCause) => boolean): number =>
    causes.filter(wanted).reduce((sum, { members }) => sum + members.length, 0);
  const joined = count(({ cause }) => cause === 'member-joined');
  const left = count(({ cause }) => isDeparture(cause));
  const before = all.findLast((other) => other.after === one.after - 1 && timeOf(other) <= timeOf(one));
  const membersAfter = one.members ?? Math.max(0, (before?.members ?? 0) + joined - left);
  return {
    id: `log ${one.kind} ${one.after} ${timeOf(one)}`,
    kind: one.kind === 'epoch' ? 'epoch' : 'unknown',
    began: one.began?.at,
    ended: one.ended?.at ?? one.overtakenAt,
    before: one.after - 1,
    after: one.after,
    membersBefore: before?.members ?? Math.max(0, membersAfter - joined + left),
    membersAfter,
    causes,
    moves: [],
    withoutOwnerMs: undefined,
    recordsMeanwhile: undefined,
  };
}

function withClients(history: GroupHistory, events: readonly LogEvent[], label: (id: string) => string): Rebalance[] {
  const told = clientCauses(history, events);
  return history.rebalances.map((rebalance) => {
    const own = told.get(rebalance);
    if (own === undefined) return rebalance;
    const byMember = new Map<string, Told[]>();
    for (const one of own) {
      const key = `${isDeparture(one.cause) ? 'departure' : one.cause} ${one.members.join(' ')}`;
      byMember.set(key, [...(byMember.get(key) ?? []), one]);
    }
    const facts = Array.from(byMember.values(), (same) => causeOf(same, label)).filter(
      // That it left says less than what is known of it already.
      (fact) => fact.cause !== 'member-left' || !hasExacter(rebalance.causes, fact),
    );
    return { ...rebalance, causes: withFacts(rebalance.causes, facts) };
  });
}

function hasExacter(causes: readonly RebalanceCause[], { members }: RebalanceCause): boolean {
  return causes.some(
    ({ cause, certainty, members: others }) =>
      certainty === 'fact' &&
      isDeparture(cause) &&
      cause !== 'member-left' &&
      members.every((id) => others.includes(id)),
  );
}

/** Facts in place of what was said of the same before, whose evidence they keep. */
function withFacts(causes: readonly RebalanceCause[], facts: readonly LogFact[]): RebalanceCause[] {
  if (facts.every(({ cause }) => cause === 'unknown') && causes.some(({ cause }) => cause !== 'unknown')) {
    // The line says nothing that is not known, but it is there to be read.
    const line = facts[0]?.line;
    return causes.map((cause) => (line === undefined || cause.line !== undefined ? cause : { ...cause, line }));
  }
  const replaced = new Map<RebalanceCause, RebalanceCause>();
  for (const cause of causes) {
    const fact = facts.find((one) => supersedes(one, cause));
    if (fact !== undefined) replaced.set(cause, fact);
  }
  const rest = causes.filter((cause) => !replaced.has(cause));
  const full = facts.map((fact) => {
    const olds = causes.filter((cause) => replaced.get(cause) === fact);
    // Who has not polled in time leaves, too; not all clients say why.
    const unsaid =
      fact.cause === 'member-left' && !fact.isReasoned ? olds.find(({ cause }) => cause === 'poll-timeout') : undefined;
    const { isReasoned: _, ...told } = fact;
    const evidence = [...fact.evidence, ...olds.flatMap((cause) => cause.evidence)];
    return unsaid === undefined ? { ...told, evidence } : { ...unsaid, evidence, line: fact.line };
  });
  return [...full, ...rest];
}

function supersedes(fact: RebalanceCause, old: RebalanceCause): boolean {
  if (old.cause === 'unknown') return true;
  const isSameMember = old.members.length > 0 && old.members.every((id) => fact.members.includes(id));
  if (isDeparture(fact.cause) && isDeparture(old.cause)) return isSameMember;
  if (fact.cause === 'static-member-replaced' && old.cause === 'static-member-returned') return isSameMember;
  if (fact.cause === old.cause) return isSameMember || old.members.length === 0;
  // Why the leader joined again.
  return old.cause === 'leader-rejoined' && old.certainty === 'inference';
}

/** How a member went, where a log tells. */
function withDeparture(life: MemberLife, rebalances: readonly Rebalance[]): MemberLife {
  if (life.to === undefined) return life;
  for (const { causes } of rebalances) {
    const told = causes.find((one) => one.source === 'log' && isDeparture(one.cause) && one.members.includes(life.id));
    if (told === undefined) continue;
    const { text, certainty, source, evidence, line } = told;
    return { ...life, left: { text, certainty, source, evidence, line } };
  }
  return life;
}

function distance({ began, ended }: Rebalance, at: number): number {
  return Math.min(Math.abs((began ?? Infinity) - at), Math.abs((ended ?? Infinity) - at));
}

function startOf({ began, ended }: Rebalance): number {
  return began ?? ended ?? Infinity;
}
