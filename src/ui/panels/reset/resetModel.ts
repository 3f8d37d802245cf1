import type { GroupNow } from '../../../changes/groupNow.ts';
import { commandOf } from '../../../groups/plan/command.ts';
import type { OffsetPlan } from '../../../groups/plan/plan.ts';
import type { Member, Snapshot } from '../../../groups/snapshot.ts';
import { visibleText } from '../../../shared/visibleText.ts';
import { planSentences } from '../../changes/planSentences.ts';
import type { ClientLanguage, ConnectedMember, HowTo, PlanSummary } from './protocol.ts';
import { languageNote, languageOf, seekCode } from './seekCode.ts';

const mostMembers = 50;

export function connected(members: readonly Member[]): ConnectedMember[] {
  return members.slice(0, mostMembers).map(({ id, clientId, instanceId, host, assignment }) => ({
    name: visibleText((instanceId ?? clientId) || id),
    clientId: visibleText(clientId),
    host: visibleText(host.replace(/^\//, '')),
    assigned: 'value' in assignment ? assignment.value.length : 0,
  }));
}

export function summaryOf(plan: OffsetPlan, bootstrap: readonly string[] | undefined): PlanSummary {
  const { totals, rows, refusal } = plan;
  return {
    sentences: planSentences(plan),
    refusal,
    rows: rows.length,
    writes: totals.writes,
    clamped: totals.clamped,
    errors: totals.errors,
    onlyDeletes: isOnlyDeletes(plan),
    command:
      refusal !== undefined || totals.writes === 0
        ? undefined
        : commandOf(plan, { bootstrap: (bootstrap ?? ['localhost:9092']).join(','), execute: true }),
  };
}

/** The broker lets an outsider delete commits of topics that no member is subscribed to; not so of share groups. */
export function isOnlyDeletes({ rows, type }: OffsetPlan): boolean {
  return type !== 'share' && rows.every(({ after }) => after === undefined || after.kind === 'delete');
}

/** What works while members run; undefined where nothing would be sought. */
export function howToOf(
  plan: OffsetPlan,
  group: GroupNow | undefined,
  chosen: ClientLanguage | undefined,
): HowTo | undefined {
  // What a share group's member is handed is the broker's to say: it cannot seek.
  if (group === undefined || plan.type === 'share' || plan.refusal !== undefined) return undefined;
  if (!plan.rows.some(({ after }) => after?.kind === 'commit')) return undefined;
  const detected = languageOf(group.members);
  const language = chosen ?? detected ?? 'java';
  return {
    language,
    isDetected: detected === language,
    code: seekCode(plan, language),
    note: languageNote(language),
  };
}

/** Topics that can be chosen: those that the group has to do with first. */
export function topicsOf(snapshot: Snapshot | undefined, group: string): string[] {
  const own = new Set(snapshot?.groups.get(group)?.partitions.map(({ topic }) => topic));
  const others = [...(snapshot?.topics.values() ?? [])].filter(({ name, internal }) => !internal && !own.has(name));
  return [...[...own].sort(), ...others.map(({ name }) => name).sort()];
}

/** Whether somebody has moved what the plan begins with, as a newer look at the group saw. */
export function hasMoved(plan: OffsetPlan, snapshot: Snapshot): boolean {
  const partitions = snapshot.groups.get(plan.group)?.partitions ?? [];
  const seen = new Map(partitions.map((one) => [`${one.partition} ${one.topic}`, one.commit]));
  return plan.rows.some(({ topic, partition, before }) => {
    const now = seen.get(`${partition} ${topic}`);
    if ('failure' in before || now === undefined || 'failure' in now) return false;
    return before.value?.offset !== now.value?.offset;
  });
}

/** Whether two plans of the same request would leave the same behind. */
export function sameTargets(a: OffsetPlan, b: OffsetPlan): boolean {
  if (a.rows.length !== b.rows.length) return false;
  return a.rows.every(({ topic, partition, after }, index) => {
    const other = b.rows[index]!;
    if (other.topic !== topic || other.partition !== partition || other.after?.kind !== after?.kind) return false;
    return after?.kind !== 'commit' || (other.after as typeof after).offset === after.offset;
  });
}
