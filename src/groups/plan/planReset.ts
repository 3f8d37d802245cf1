import type { Fact, TopicPartition } from '../../kafka/facts.ts';
import { partitionOf } from '../../kafka/metadata.ts';
import { formatCount } from '../../shared/format.ts';
import { t } from '../../shared/l10n.ts';
import type { Commit } from '../snapshot.ts';
import { partitionsOf } from './needs.ts';
import { refused, totalsOf, type OffsetPlan, type PlanFacts, type PlanRequest, type PlanRow } from './plan.ts';
import { aimOf, type Aim } from './aim.ts';

/**
 * What a change of offsets would do, partition by partition, with the rules and the clamping of Kafka's own tool
 * (org.apache.kafka.tools.OffsetsUtils); where that tool gives up altogether, here the one partition has an error.
 */
export function planReset(request: PlanRequest, facts: PlanFacts): OffsetPlan {
  const partitions =
    'failure' in facts.commits
      ? []
      : partitionsOf(request, {
          ...facts,
          commits: facts.commits.value,
          otherGroup:
            facts.otherGroup !== undefined && 'value' in facts.otherGroup ? facts.otherGroup.value : undefined,
        });
  const aim = aimOf(request, facts);
  const rows = partitions.map((at) => rowOf(at, request, facts, aim));
  const plan = { ...request, type: facts.type, rows, totals: totalsOf(rows), refusal: undefined };
  const refusal = refusalOf(request, facts) ?? (rows.length === 0 ? emptyReason(request) : undefined);
  return refusal === undefined ? plan : refused(plan, refusal);
}

function refusalOf({ group, strategy }: PlanRequest, facts: PlanFacts): string | undefined {
  if (facts.type === 'streams') {
    return t(
      'Group {0} is a Kafka Streams group: its offsets belong to the state of its tasks, and to move them alone would make both disagree. Stop the application and use kafka-streams-application-reset or kafka-streams-groups --reset-offsets.',
      group,
    );
  }
  if ('failure' in facts.commits) return facts.commits.failure.message;
  if (facts.otherGroup !== undefined && 'failure' in facts.otherGroup) return facts.otherGroup.failure.message;
  if (strategy.kind === 'file' && !strategy.rows.some((row) => (row.group ?? group) === group)) {
    return t('The file has no offsets of group {0}.', group);
  }
  return undefined;
}

function emptyReason({ group, scope, strategy }: PlanRequest): string {
  if (scope.kind === 'committed') return t('Group {0} has no committed offsets. Choose topics instead.', group);
  if (strategy.kind === 'group') return t('Group {0} has no committed offsets.', strategy.group);
  return t('No partition is chosen.');
}

function rowOf(at: TopicPartition, request: PlanRequest, facts: PlanFacts, aim: Aim): PlanRow {
  const { topic, partition } = at;
  const before = commitOf(facts, at);
  const start = known(facts.starts.get(topic)?.get(partition));
  const end = known(facts.ends.get(topic)?.get(partition));
  const row: PlanRow = {
    topic,
    partition,
    before,
    after: undefined,
    clamped: undefined,
    start,
    end,
    skipped: undefined,
    again: undefined,
    warning: undefined,
    error: undefined,
  };
  if ('failure' in before) {
    return { ...row, error: t('{0} Without it there would be no way back.', before.failure.message) };
  }
  const aimed = aim(at, before.value);
  const deletes = request.strategy.kind === 'delete' || ('target' in aimed && aimed.target.kind === 'delete');
  const unreadable = deletes ? undefined : logError(at, facts);
  if (unreadable !== undefined) return { ...row, error: unreadable };
  if ('error' in aimed) return { ...row, error: aimed.error };
  const { target } = aimed;
  // Of a topic that is gone, too.
  if (target.kind === 'delete') return { ...row, after: target, warning: aimed.warning };
  if (start === undefined || end === undefined) return { ...row, error: t('Nothing is known of its log.') };

  const clamped = aimed.clamp ? clampedOf(target.offset, start, end) : undefined;
  const after = { ...target, offset: clamped?.to ?? target.offset };
  const warnings = [aimed.warning, clampWarning(clamped), outsideWarning(after.offset, start, end)];
  return {
    ...row,
    after,
    clamped,
    ...distances(before.value, after.offset, start, end),
    warning: warnings.filter((text) => text !== undefined).join(' ') || undefined,
  };
}

function commitOf(facts: PlanFacts, { topic, partition }: TopicPartition): Fact<Commit | undefined> {
  if ('failure' in facts.commits) return facts.commits;
  return facts.commits.value.get(topic)?.get(partition) ?? { value: undefined };
}

function known(fact: Fact<bigint> | undefined): bigint | undefined {
  return fact !== undefined && 'value' in fact ? fact.value : undefined;
}

/** Kafka's tool demands that a partition exists and has a leader. */
function logError({ topic, partition }: TopicPartition, { topics, starts, ends }: PlanFacts): string | undefined {
  const about = topics.get(topic);
  if (about === undefined) return t('Topic {0} does not exist.', topic);
  if (about.failure !== undefined) return about.failure.message;
  const info = partitionOf(about, partition);
  if (info === undefined) return t('Topic {0} has no partition {1}.', topic, partition);
  if (info.leader < 0) return t('Topic {0}, partition {1}: no leader is elected.', topic, partition);
  for (const fact of [starts.get(topic)?.get(partition), ends.get(topic)?.get(partition)]) {
    if (fact !== undefined && 'failure' in fact) return fact.failure.message;
  }
  return undefined;
}

function clampedOf(from: bigint, start: bigint, end: bigint): PlanRow['clamped'] {
  if (from > end) return { from, to: end, why: 'above-end' };
  if (from < start) return { from, to: start, why: 'below-start' };
  return undefined;
}

function clampWarning(clamped: PlanRow['clamped']): string | undefined {
  if (clamped === undefined) return undefined;
  const { from, to, why } = clamped;
  return why === 'above-end'
    ? t('{0} is above the log end: set to {1}.', formatCount(from), formatCount(to))
    : t('{0} is below the log start: set to {1}.', formatCount(from), formatCount(to));
}

function outsideWarning(offset: bigint, start: bigint, end: bigint): string | undefined {
  if (offset < start) {
    return t('The log starts at {0} by now: a consumer will go where its auto.offset.reset says.', formatCount(start));
  }
  if (offset > end) {
    return t('The log ends at {0}: a consumer will go where its auto.offset.reset says.', formatCount(end));
  }
  return undefined;
}

/** Within the log only: what is below its start is lost already, what is above its end was never there. */
function distances(
  before: Commit | undefined,
  after: bigint,
  start: bigint,
  end: bigint,
): Pick<PlanRow, 'skipped' | 'again'> {
  const into = (offset: bigint): bigint => (offset < start ? start : offset > end ? end : offset);
  // Without a commit, and from outside the log, a consumer goes where its auto.offset.reset says, which no broker knows.
  const isUnknown = before === undefined || before.offset > end || after < start || after > end;
  if (isUnknown) return { skipped: undefined, again: undefined };
  const distance = into(after) - into(before.offset);
  return { skipped: distance > 0n ? distance : 0n, again: distance < 0n ? -distance : 0n };
}
