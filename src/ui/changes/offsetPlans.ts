import { executePlan } from '../../changes/execute.ts';
import { isEmpty, type GroupNow } from '../../changes/groupNow.ts';
import type { ChangeKind } from '../../changes/journal/entry.ts';
import { membersText } from '../../changes/preconditions.ts';
import type { RowResult } from '../../changes/results.ts';
import { commandOf } from '../../groups/plan/command.ts';
import { totalsOf, type OffsetPlan, type PlanRow } from '../../groups/plan/plan.ts';
import type { Fact } from '../../kafka/facts.ts';
import { isCancelled, messageOf, throwIfCancelled } from '../../shared/errors.ts';
import { formatCount } from '../../shared/format.ts';
import { t } from '../../shared/l10n.ts';
import { visibleText } from '../../shared/visibleText.ts';
import type { ChangeItem } from '../panels/change/protocol.ts';
import { planSentences } from './planSentences.ts';
import { itemKey, type Executed, type ExecuteContext, type ItemResult, type PlannedChange } from './planned.ts';

/** The plan of one group, and what the journal is told of it. */
export interface GroupPlan {
  readonly plan: OffsetPlan;
  readonly group: Fact<GroupNow>;
  readonly kind: ChangeKind;
  readonly undoes?: string | undefined;
  readonly name?: string | undefined;
}

export interface OffsetsWords {
  readonly question: string;
  readonly action: string;
  /** Said before what the plans come to. */
  readonly lead: readonly string[];
  readonly subject: string;
}

/** Plans of one group or several as one change. */
export function offsetsChange(
  plans: readonly GroupPlan[],
  { cluster, bootstrap, words }: { readonly cluster: string; readonly bootstrap: string; readonly words: OffsetsWords },
): PlannedChange {
  const usable = plans.filter(({ plan }) => plan.refusal === undefined && plan.totals.writes > 0);
  const [only] = plans;
  const commands = usable.map(({ plan }) => commandOf(plan, { bootstrap, execute: true }));
  const blocked = usable.filter((each) => blockingMembers(each) !== undefined);
  const totals = totalsOf(plans.flatMap(({ plan }) => plan.rows));
  const refused = plans.flatMap(({ plan }) => (plan.refusal === undefined ? [] : [plan.refusal]));
  return {
    of: 'offsets',
    isMany: plans.length > 1,
    ...words,
    sentences: [...words.lead, ...planSentences({ totals }), ...(plans.length > 1 ? refused : [])],
    refusal: refusalOf(plans, usable, only),
    members:
      blocked.length === 0
        ? undefined
        : blocked.map((each) => t('{0}: {1}', visibleText(each.plan.group), blockingMembers(each)!)).join('\n'),
    command: commands.includes(undefined) || commands.length === 0 ? undefined : commands.join('\n'),
    items: plans.flatMap(({ plan }) => plan.rows.map((row) => itemOf(plan.group, row))),
    execute: (context) => executeAll(usable, cluster, context),
  };
}

function refusalOf(
  plans: readonly GroupPlan[],
  usable: readonly GroupPlan[],
  only: GroupPlan | undefined,
): string | undefined {
  if (usable.length > 0) return undefined;
  if (plans.length === 1 && only?.plan.refusal !== undefined) return only.plan.refusal;
  const errors = new Set(plans.flatMap(({ plan }) => plan.rows.map(({ error }) => error)));
  // The same reason everywhere says more than that there is one.
  const [same] = errors;
  if (errors.size === 1 && same !== undefined) return same;
  return t('None of it can be done: no partition can be written.');
}

/** Only members may move a group's offsets; what they are not subscribed to can be deleted all the same. */
function blockingMembers({ plan, group }: GroupPlan): string | undefined {
  if ('failure' in group || isEmpty(group.value)) return undefined;
  const onlyDeletes = plan.totals.deletes === plan.totals.writes;
  if (onlyDeletes && plan.type !== 'share') return undefined;
  const { members, state } = group.value;
  return members.length === 0 ? t('the group is {0}', state) : membersText(members);
}

export function itemOf(group: string, row: PlanRow): ChangeItem {
  const { topic, partition, before, after, skipped, again, warning, error } = row;
  return {
    key: itemKey(group, topic, partition),
    group,
    topic,
    partition,
    before: 'failure' in before ? undefined : before.value === undefined ? null : String(before.value.offset),
    after: after === undefined ? undefined : after.kind === 'delete' ? null : String(after.offset),
    skipped: skipped === undefined ? undefined : String(skipped),
    again: again === undefined ? undefined : String(again),
    warning,
    error,
  };
}

export function itemResult({ outcome, isRead, found, message }: RowResult): ItemResult {
  return { outcome, message, found: isRead ? (found === undefined ? null : String(found)) : undefined };
}

/** One group after the other: what one group refuses does not keep the next one from its own. */
async function executeAll(plans: readonly GroupPlan[], cluster: string, context: ExecuteContext): Promise<Executed> {
  throwIfCancelled(context.signal);
  const results = new Map<string, ItemResult>();
  const entries: string[] = [];
  let unrecorded: string | undefined;
  for (const [index, { plan, kind, undoes, name }] of plans.entries()) {
    const { group } = plan;
    if (plans.length > 1) {
      context.onProgress(t('Group {0} of {1}', formatCount(index + 1), formatCount(plans.length)));
    }
    try {
      const done = await executePlan(context.cluster, plan, {
        kind,
        cluster,
        journal: context.journal,
        waitUntilEmpty: context.wait,
        // Members commit until they leave. Where to was agreed to, and does not come from where they stand.
        evenIfMoved: context.wait,
        onWaiting: ({ members, state }) =>
          context.onWaiting(members.length === 0 ? t('Group {0} is {1}.', group, state) : membersText(members)),
        signal: context.signal,
        ...(undoes === undefined ? {} : { undoes }),
        ...(name === undefined ? {} : { name }),
      });
      for (const result of done.results) {
        results.set(itemKey(group, result.topic, result.partition), itemResult(result));
      }
      if (done.id !== undefined) entries.push(done.id);
      unrecorded ??= done.unrecorded;
    } catch (error) {
      if (plans.length === 1) throw error;
      const message = isCancelled(error) ? t('It was cancelled before.') : messageOf(error);
      for (const row of plan.rows.filter(({ after }) => after !== undefined)) {
        results.set(itemKey(group, row.topic, row.partition), { outcome: 'not-sent', message });
      }
    }
  }
  return { results, entries, canUndo: entries.length > 0, unrecorded };
}
