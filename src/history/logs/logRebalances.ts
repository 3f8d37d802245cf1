import type { LogEvent, LogEventKind } from './logEvent.ts';

/** A rebalance as a coordinator's log tells it. */
export interface LogRebalance {
  readonly kind: 'classic' | 'epoch';
  /** Generation or epoch that it led to. */
  readonly after: number;
  /** `Preparing to rebalance`, or the epoch's bump; undefined where the log begins later. */
  readonly began: LogEvent | undefined;
  /** Classic: the leader's assignment came, or nobody was left; undefined where not told. */
  readonly ended: LogEvent | undefined;
  /** When the next one began, where it was not told to be done before. */
  readonly overtakenAt: number | undefined;
  /** How many members it has since. */
  readonly members: number | undefined;
  /** What happened to members on the way to it, and its reason. */
  readonly about: readonly LogEvent[];
}

type Open = { -readonly [K in keyof LogRebalance]: LogRebalance[K] } & { about: LogEvent[] };

const aboutMembers: ReadonlySet<LogEventKind> = new Set([
  'member-joined',
  'member-left',
  'member-failed',
  'member-fenced',
  'member-removed',
  'member-changed',
  'leader-failed',
]);
const departures: ReadonlySet<LogEventKind> = new Set(['member-left', 'member-failed', 'member-fenced']);
/** What happened to a member starts a rebalance at once; lines that are further apart are not of one. */
const togetherMs = 10_000;

/** The rebalances of one group. `events`: its coordinator's, in order of time. */
export function logRebalances(events: readonly LogEvent[]): LogRebalance[] {
  const all: Open[] = [];
  let open: Open | undefined;
  let pending: LogEvent[] = [];
  const start = (kind: LogRebalance['kind'], after: number, began: LogEvent | undefined, at: number): Open => {
    const about = pending.filter((one) => at - one.at <= togetherMs);
    pending = [];
    // What was under way when the next one began is done by that one.
    const last = all.at(-1);
    if (last?.ended === undefined && last !== undefined) last.overtakenAt = at;
    const rebalance: Open = { kind, after, began, ended: undefined, overtakenAt: undefined, members: undefined, about };
    all.push(rebalance);
    return rebalance;
  };
  // Who goes from a group of the new protocols bumps its epoch without a line that says so.
  const departed = (upTo: number): void => {
    const last = all.at(-1);
    for (let after = last?.kind === 'epoch' ? last.after + 1 : upTo; after <= upTo; after++) {
      const gone = pending.findIndex(({ kind }) => departures.has(kind));
      if (gone < 0) return;
      const rest = pending.slice(gone + 1);
      pending = pending.slice(0, gone + 1);
      start('epoch', after, undefined, pending[gone]!.at);
      pending = rest;
    }
  };
  for (const event of events) {
    const { kind, generation, at } = event;
    if (aboutMembers.has(kind)) {
      const own = rebalanceOf(event, open, all.at(-1));
      if (own === undefined) pending.push(event);
      else own.about.push(event);
      continue;
    }
    if (generation === undefined) continue;
    if (kind === 'preparing-rebalance') {
      if (open?.after !== generation + 1) open = start('classic', generation + 1, event, at);
      open.about.push(event);
    } else if (kind === 'stabilized') {
      if (open?.after !== generation) open = start('classic', generation, undefined, at);
      open.members = event.members;
    } else if (kind === 'assignment-received' || kind === 'group-empty') {
      if (open?.after === generation) {
        open.ended = event;
        if (kind === 'group-empty') open.members = 0;
      }
      open = undefined;
    } else if (kind === 'target-computed') {
      departed(generation);
    } else if (kind === 'epoch-bumped') {
      if (all.at(-1)?.kind === 'epoch') departed(generation - 1);
      start('epoch', generation, event, at).about.push(event);
    }
  }
  return all;
}

/** When it was, by whichever of its lines is there. */
export function timeOf({ began, ended, about }: LogRebalance): number {
  return (began ?? ended ?? about[0])?.at ?? Number.NaN;
}

/** The rebalance that a member's line belongs to, of those that have begun; undefined where it starts the next one. */
function rebalanceOf(event: LogEvent, open: Open | undefined, last: Open | undefined): Open | undefined {
  // Until all have joined, who comes and goes is part of it.
  if (open !== undefined && open.members === undefined) return open;
  // Up to Kafka 3.9 the line on who left comes behind the rebalance that it started, and even behind its end.
  const isLate = last?.kind === 'classic' && event.at - timeOf(last) <= togetherMs && isAboutLeaving(last, event);
  return isLate ? last : undefined;
}

function isAboutLeaving({ began }: Open, { kind, member }: LogEvent): boolean {
  const reason = began?.reason;
  if (kind !== 'member-left' || member === undefined || reason === undefined) return false;
  return /LeaveGroup/.test(reason) && reason.includes(member);
}
