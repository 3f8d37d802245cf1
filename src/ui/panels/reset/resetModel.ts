import { isEmpty, type GroupNow } from '../../../changes/groupNow.ts';
import type { RowResult } from '../../../changes/results.ts';
import { commandOf } from '../../../groups/plan/command.ts';
import type { OffsetPlan, PlanRow } from '../../../groups/plan/plan.ts';
import type { Member, Snapshot } from '../../../groups/snapshot.ts';
import { t } from '../../../shared/l10n.ts';
import { visibleText } from '../../../shared/visibleText.ts';
import { planItems } from '../../changes/planItems.ts';
import { planSentences } from '../../changes/planSentences.ts';
import type { Frame } from '../protocol.ts';
import type { Watch } from '../services.ts';
import { groupFrame } from '../viewModel.ts';
import type { ClientLanguage, ConnectedMember, HowTo, PlanSummary, ResetModel, ToResetPage } from './protocol.ts';
import type { ResetFeedOptions } from './resetFeedOptions.ts';
import { seekCode } from './seekCode.ts';
import { languageNote, languageOf } from './seekLanguage.ts';
import type { Wanted } from './wanted.ts';

const mostMembers = 50;
/** Rows a message. */
const portion = 2_000;

export interface ResetStand {
  readonly options: Pick<ResetFeedOptions, 'cluster' | 'group' | 'task' | 'profile'>;
  readonly wanted: Wanted;
  readonly watch: Watch | undefined;
  readonly plan: OffsetPlan | undefined;
  readonly group: GroupNow | undefined;
  readonly language: ClientLanguage | undefined;
  /** ms since 1970. */
  readonly now: number;
  readonly stand: Pick<ResetModel, 'isPlanning' | 'edit' | 'failure' | 'doing' | 'outcome'>;
}

/** All but the rows. */
export function resetModel(all: ResetStand): ResetModel {
  const { options, wanted, watch, plan, group: now, language, stand } = all;
  const { production, readOnly, bootstrapServers } = options.profile();
  const snapshot = watch?.snapshot;
  const members = now?.members ?? [];
  const isInTheWay = now !== undefined && !isEmpty(now) && plan !== undefined && !isOnlyDeletes(plan);
  return {
    frame: frameOf(all, production),
    group: options.group,
    production,
    readOnly,
    ...wanted.model(options.task),
    topics: topicsOf(snapshot, options.group),
    groups: [...(snapshot?.groups.keys() ?? [])].filter((id) => id !== options.group).sort(),
    members: connected(members),
    memberCount: members.length,
    plan: plan && summaryOf(plan, bootstrapServers),
    howTo: isInTheWay ? howToOf(plan, now, language) : undefined,
    ...stand,
  };
}

function frameOf({ options: { cluster, group }, wanted, watch, now }: ResetStand, production: boolean): Frame {
  const frame = groupFrame({ cluster, group }, watch, now);
  const title = wanted.task?.title ?? t('Reset offsets');
  const marked = production ? [t('Marked as production: the name of the group is asked for.')] : [];
  // A group that nobody has seen can have its offsets set all the same: that makes it.
  const problem = watch === undefined ? frame.problem : undefined;
  return { ...frame, crumbs: [cluster, group, title], verdict: marked, problem };
}

/** The plan's rows, with what became of them, in portions. */
export function* rowMessages(rows: readonly PlanRow[], results: readonly RowResult[]): Generator<ToResetPage> {
  const items = planItems(rows, results);
  for (let from = 0; from === 0 || from < items.length; from += portion) {
    const more = from + portion < items.length;
    yield { type: 'rows', rows: items.slice(from, from + portion), isFirst: from === 0, more };
  }
}

function connected(members: readonly Member[]): ConnectedMember[] {
  return members.slice(0, mostMembers).map(({ id, clientId, instanceId, host, assignment }) => ({
    name: visibleText((instanceId ?? clientId) || id),
    clientId: visibleText(clientId),
    host: visibleText(host.replace(/^\//, '')),
    assigned: 'value' in assignment ? assignment.value.length : 0,
  }));
}

function summaryOf(plan: OffsetPlan, bootstrap: readonly string[] | undefined): PlanSummary {
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
function isOnlyDeletes({ rows, type }: OffsetPlan): boolean {
  return type !== 'share' && rows.every(({ after }) => after === undefined || after.kind === 'delete');
}

/** What works while members run; undefined where nothing would be sought. */
function howToOf(plan: OffsetPlan, group: GroupNow | undefined, chosen: ClientLanguage | undefined): HowTo | undefined {
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
function topicsOf(snapshot: Snapshot | undefined, group: string): string[] {
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
